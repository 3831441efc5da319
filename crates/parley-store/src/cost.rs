//! What a sending round costs, counted in steps of SQLite's machine: as much after thousands of settled
//! messages as after a few, and as much while thousands wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alloy_primitives::{Address, B256};
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::delivery::Stop;
use parley_core::verification::Verification;

use crate::{
    ChainChange, Kind, NewMessage, NewVariant, Outcome, ScannedBlock, Seen, Store, test_folder,
};

const NOW: u64 = 1_000;
const WINDOW: u32 = 16;

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

fn advance(store: &mut Store, number: u64, found: &[B256]) {
    let change = ChainChange {
        blocks: vec![block(number, found)],
        finalized: Some(number),
        ..ChainChange::default()
    };
    store.advance(&change).unwrap();
}

/// The steps of SQLite's machine that this takes.
fn steps(store: &mut Store, work: impl FnOnce(&mut Store)) -> u64 {
    let steps = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&steps);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    store.conn.progress_handler(1, Some(count)).unwrap();
    work(store);
    let none = None::<fn() -> bool>;
    store.conn.progress_handler(1, none).unwrap();
    steps.load(Ordering::Relaxed)
}

/// A round that sends a window, with all that is asked of the outbox in it, and a follower that reads
/// what changed; then the block with what was sent. How many were sent.
fn round(store: &mut Store, number: u64) -> usize {
    let mark = store.changed_since(u64::MAX >> 1).unwrap().0;
    assert_eq!(store.open_messages(1, NOW).unwrap().len(), 1);
    assert!(store.dangling().unwrap().is_empty());
    assert!(store.in_no_block().unwrap().is_empty());
    let open = store.open_messages(WINDOW, NOW).unwrap();
    let parents = open.iter().filter_map(|row| row.parent);
    parents.for_each(|parent| drop(store.own(parent).unwrap().unwrap()));
    let nonce = store.next_nonce().unwrap();
    let burst: Vec<_> = open
        .iter()
        .zip(nonce..)
        .map(|(row, nonce)| (row.id, signed(nonce)))
        .collect();
    let kept = store.seal_burst(&burst, NOW).unwrap();
    assert_eq!(kept.len(), open.len());
    let hashes: Vec<_> = burst.iter().map(|(_, sealed)| sealed.hash).collect();
    let taken: Vec<_> = hashes
        .iter()
        .map(|hash| (*hash, Outcome::Accepted))
        .collect();
    store.attempts_made("http://node/", NOW, &taken).unwrap();
    assert_eq!(store.in_no_block().unwrap().len(), open.len());
    for row in &open {
        store.is_quoted(row.id).unwrap();
    }
    // A window may be asked in between.
    let (_, changed) = store.changed_since(mark).unwrap();
    assert_eq!(changed.len(), open.len());
    store.is_any_open().unwrap();
    assert_eq!(store.next_due(NOW).unwrap(), None);
    store.counts().unwrap();
    advance(store, number, &hashes);
    assert!(!store.unspoken(8).unwrap().is_empty());
    store
        .witness(number, block(number, &[]).header.hash, "http://b/", NOW)
        .unwrap();
    assert_eq!(store.witnessed().unwrap(), [number]);
    assert!(!store.is_any_on_the_way().unwrap());
    open.len()
}

#[test]
fn a_round_costs_the_same_whatever_is_settled() {
    let cost = |before: u64| {
        let (_dir, mut store) = test_folder();
        for number in 1..=before {
            let parent = store.queue(&[message(None)]).unwrap()[0];
            store.queue(&vec![message(Some(parent)); 15]).unwrap();
            assert_eq!(round(&mut store, number), 16);
        }
        store.queue(&vec![message(None); 20]).unwrap();
        steps(&mut store, |store| assert_eq!(round(store, before + 1), 16))
    };
    let (few, many) = (cost(2), cost(200));
    assert!(few > 1_000, "{few} steps are counted");
    assert!(many < few + few / 10, "{many} steps instead of {few}");
}

/// So many messages were sealed, and one endpoint said all of them to be in blocks.
fn told(store: &mut Store, count: u64) {
    let messages = vec![message(None); usize::try_from(count).unwrap()];
    let ids = store.queue(&messages).unwrap();
    let burst: Vec<_> = ids
        .iter()
        .zip(0..)
        .map(|(id, nonce)| (*id, signed(nonce)))
        .collect();
    store.seal_burst(&burst, NOW).unwrap();
    let places: Vec<_> = burst.iter().map(|(_, one)| (one.hash, 1)).collect();
    store.tell("http://node/", NOW, &places).unwrap();
}

#[test]
fn what_was_said_long_ago_to_be_in_a_block_is_not_read_by_who_receives_none() {
    let (_dir, mut store) = test_folder();
    told(&mut store, 1_000);
    let mut cost = |told_until: u64, left: usize| {
        steps(&mut store, |store| {
            assert_eq!(store.not_told(told_until).unwrap().len(), left);
        })
    };
    let (read, not_read) = (cost(NOW - 1, 1_000), cost(NOW, 0));
    assert!(not_read * 5 < read, "{not_read} steps beside {read}");
}

/// Written by a script, or at a window a while ago, or referring to what is still there.
#[test]
fn a_round_costs_the_same_however_many_wait() {
    let cost = |count: usize, kind: fn(MessageId) -> NewMessage| {
        let (_dir, mut store) = test_folder();
        let first = store.queue(&[message(None)]).unwrap()[0];
        store.queue(&vec![kind(first); count]).unwrap();
        steps(&mut store, |store| assert_eq!(round(store, 1), 16))
    };
    let kinds: [fn(MessageId) -> NewMessage; 3] = [
        |_| message(None),
        |_| NewMessage {
            undo_until: Some(NOW - 1),
            ..message(None)
        },
        |first| message(Some(first)),
    ];
    for kind in kinds {
        let (few, many) = (cost(1_000, kind), cost(20_000, kind));
        assert!(few > 1_000, "{few} steps are counted");
        assert!(many < few + few / 10, "{many} steps instead of {few}");
    }
}

/// Each refers to the one before, or all to the first, and all are queued and sent.
#[test]
fn a_reference_to_an_own_message_costs_the_same_however_many_there_are() {
    let cost = |count: u64, parent: fn(u64) -> u64| {
        let (_dir, mut store) = test_folder();
        let all = steps(&mut store, |store| {
            store.queue(&[message(None)]).unwrap();
            let rest: Vec<_> = (1..count)
                .map(|place| message(Some(MessageId(parent(place)))))
                .collect();
            for some in rest.chunks(100) {
                store.queue(some).unwrap();
            }
            let mut sent = 0;
            for number in 1.. {
                sent += round(store, number) as u64;
                if sent == count {
                    break;
                }
            }
        });
        all / count
    };
    for parent in [|place| place, |_| 1] as [fn(u64) -> u64; 2] {
        let (few, many) = (cost(200, parent), cost(2_000, parent));
        assert!(few > 100, "{few} steps are counted");
        assert!(many < few + few / 10, "{many} steps instead of {few}");
    }
}

/// A commit waits for the disk, which is most of what a round takes.
#[test]
fn a_round_with_nothing_new_writes_nothing() {
    let (dir, mut store) = test_folder();
    advance(&mut store, 1, &[]);
    let log = dir.path().join("parley.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    let before = length();
    let change = ChainChange {
        finalized: Some(1),
        ..ChainChange::default()
    };
    store.advance(&change).unwrap();
    assert!(store.queue(&[]).unwrap().is_empty());
    assert_eq!(length(), before);
    store.queue(&[message(None)]).unwrap();
    assert!(length() > before);
}

/// The steps of two pages of the list, in the middle of which one waits for a person.
fn pages(store: &mut Store) -> u64 {
    let waiting = store.queue(&vec![message(None); 40]).unwrap()[20];
    store.stop(waiting, Stop::Over).unwrap();
    steps(store, |store| {
        let page = store.own_page(None, 20).unwrap();
        assert_eq!(page[0].id, waiting);
        let last = page.last().map(|row| (row.section(), row.id));
        assert_eq!(store.own_page(last, 10).unwrap().len(), 10);
    })
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
