//! What a sending round costs, counted in steps of SQLite's machine: as much after thousands of settled
//! messages as after a few.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alloy_primitives::{Address, B256};
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::delivery::Stop;
use parley_core::verification::Verification;

use crate::{ChainChange, Kind, NewMessage, NewVariant, ScannedBlock, Seen, Store, test_folder};

fn message(parent: Option<MessageId>) -> NewMessage {
    NewMessage {
        wire: vec![7; 63],
        parent,
        at: 1,
        urgent: false,
        undo_until: None,
        insists: true,
        repairs: None,
    }
}

fn signed(nonce: u64) -> NewVariant {
    NewVariant {
        kind: Kind::Message,
        revision: 0,
        nonce,
        hash: B256::left_padding_from(&(1 + nonce).to_be_bytes()),
        raw: vec![2],
        wire: vec![7; 63],
        refers: Some(B256::ZERO),
        max_fee: 2,
        priority_fee: 1,
        gas_limit: 3,
        at: 1,
    }
}

/// The next block, with these transactions in it.
fn block(number: u64, found: &[B256]) -> ScannedBlock {
    let name = |number: u64| B256::right_padding_from(&number.to_be_bytes());
    let seen = |(hash, index): (&B256, u64)| Seen {
        hash: *hash,
        index,
        originator: Address::ZERO,
        input: vec![7],
    };
    ScannedBlock {
        header: Header {
            number,
            hash: name(number),
            parent: name(number - 1),
            time: number,
        },
        level: Verification::Block,
        messages: found.iter().zip(0..).map(seen).collect(),
        own: Vec::new(),
        unreadable: 0,
    }
}

/// Queues, sends and settles so many pairs of a message and one that refers to it.
fn settle(store: &mut Store, pairs: u64, number: u64) {
    let mut burst = Vec::new();
    for pair in 0..pairs {
        let parent = store.queue(&[message(None)]).unwrap()[0];
        let child = store.queue(&[message(Some(parent))]).unwrap()[0];
        let nonce = store.next_nonce().unwrap() + 2 * pair;
        burst.extend([(parent, signed(nonce)), (child, signed(nonce + 1))]);
    }
    store.seal_burst(&burst, 2).unwrap();
    let found: Vec<_> = burst.iter().map(|(_, sealed)| sealed.hash).collect();
    advance(store, number, &found);
}

fn advance(store: &mut Store, number: u64, found: &[B256]) {
    let change = ChainChange {
        blocks: vec![block(number, found)],
        finalized: Some(number),
        ..ChainChange::default()
    };
    store.advance(&change).unwrap();
}

/// Counts the steps of what comes.
fn count_steps(store: &mut Store) -> Arc<AtomicU64> {
    let steps = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&steps);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    store.conn.progress_handler(1, Some(count)).unwrap();
    steps
}

/// The steps of one round with the same few messages open, and of a block with nothing in it.
fn round(store: &mut Store, number: u64) -> u64 {
    let ids = store.queue(&vec![message(None); 20]).unwrap();
    let mark = store.changed_since(u64::MAX >> 1).unwrap().0;
    let steps = count_steps(store);
    assert_eq!(store.open_messages(16, 9).unwrap().len(), 16);
    let nonce = store.next_nonce().unwrap();
    let burst: Vec<_> = ids
        .iter()
        .zip(nonce..)
        .map(|(id, nonce)| (*id, signed(nonce)))
        .collect();
    store.seal_burst(&burst, 3).unwrap();
    assert_eq!(store.on_the_way().unwrap().len(), 20);
    assert_eq!(store.changed_since(mark).unwrap().1.len(), 20);
    assert!(store.dangling().unwrap().is_empty());
    store.counts().unwrap();
    advance(store, number, &[]);
    store
        .conn
        .progress_handler(1, None::<fn() -> bool>)
        .unwrap();
    steps.load(Ordering::Relaxed)
}

#[test]
fn a_round_costs_the_same_whatever_is_settled() {
    let (_few_dir, mut few) = test_folder();
    settle(&mut few, 5, 1);
    let (_many_dir, mut many) = test_folder();
    settle(&mut many, 500, 1);
    let (few, many) = (round(&mut few, 2), round(&mut many, 2));
    assert!(few > 1_000, "{few} steps are counted");
    assert!(many < few + few / 10, "{many} steps instead of {few}");
}

/// The steps of two pages of the list, in the middle of which one waits for a person.
fn pages(store: &mut Store) -> u64 {
    let waiting = store.queue(&vec![message(None); 40]).unwrap()[20];
    store.stop(waiting, Stop::Over).unwrap();
    let steps = count_steps(store);
    let page = store.own_page(None, 20).unwrap();
    assert_eq!(page[0].id, waiting);
    let last = page.last().map(|row| (row.section(), row.id));
    assert_eq!(store.own_page(last, 10).unwrap().len(), 10);
    steps.load(Ordering::Relaxed)
}

#[test]
fn a_page_of_the_list_costs_the_same_however_long_the_list_is() {
    let (_few_dir, mut few) = test_folder();
    few.queue(&vec![message(None); 10]).unwrap();
    let (_many_dir, mut many) = test_folder();
    many.queue(&vec![message(None); 5_000]).unwrap();
    let (few, many) = (pages(&mut few), pages(&mut many));
    assert!(few > 500, "{few} steps are counted");
    assert!(many < few + few / 10, "{many} steps instead of {few}");
}
