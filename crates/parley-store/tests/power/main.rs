//! The power fails at every moment of queueing and sending, and takes with it any part of what was not
//! synced: what was said to be saved is there, and what may have left is known.
//!
//! `PARLEY_POWER` is how many random parts are tried besides.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    unsafe_code,
    reason = "a file system of SQLite's is a table of C functions"
)]

mod disk;

use std::path::Path;

use alloy_primitives::{Address, B256};
use disk::Event;
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::verification::Verification;
use parley_store::{
    ChainChange, EndpointTraffic, Kind, NewMessage, NewVariant, Profile, ScannedBlock, Seen, Store,
};

const KEY: [u8; 32] = [0x5A; 32];
const URL: &str = "http://a.example/";
const CREATED: &str = "created";

/// Takes a block with a message in it, and one with nothing in it, which does not wait for the disk.
fn receive(store: &mut Store, tag: u8) {
    let number = 2 * u64::from(tag);
    let found = Seen {
        hash: B256::repeat_byte(0x80 | tag),
        index: 0,
        originator: Address::ZERO,
        input: vec![tag; 2_000],
    };
    for (number, messages) in [(number, Vec::new()), (number + 1, vec![found])] {
        let name = |number: u64| B256::left_padding_from(&number.to_be_bytes());
        let block = ScannedBlock {
            header: Header {
                number,
                hash: name(number),
                parent: name(number - 1),
                time: number,
            },
            level: Verification::Block,
            messages,
            own: Vec::new(),
            unreadable: 0,
        };
        let change = ChainChange {
            blocks: vec![block],
            apart: true,
            ..ChainChange::default()
        };
        store.advance(&change).unwrap();
    }
    disk::said(format!("received {}", number + 1));
    let counted = EndpointTraffic {
        url: URL.to_owned(),
        sent: 1,
        received: 1,
    };
    store.count_traffic(&[counted], 1).unwrap();
}

/// Queues a message and lets it leave, and now and then receives.
fn send(store: &mut Store, tag: u8) {
    let new = NewMessage {
        wire: vec![tag; 2_000],
        parent: None,
        at: 1,
        urgent: false,
        undo_until: None,
        insists: true,
        repairs: None,
    };
    let id = store.queue(&[new]).unwrap()[0];
    disk::said(format!("queued {}", id.0));
    let sealed = NewVariant {
        kind: Kind::Message,
        revision: 0,
        nonce: store.next_nonce().unwrap(),
        hash: B256::repeat_byte(tag),
        raw: vec![2, tag],
        wire: vec![tag; 2_000],
        refers: None,
        max_fee: 2,
        priority_fee: 1,
        gas_limit: 3,
        at: 1,
    };
    store.seal_burst(&[(id, sealed)], 2).unwrap();
    disk::said(format!("sent {}", id.0));
    if tag % 3 == 1 {
        receive(store, tag);
    }
}

/// Closing in between moves the log into the file and deletes it.
fn work(dir: &Path) -> Vec<Event> {
    disk::record(dir);
    let profile = Profile {
        network: "local".to_owned(),
        chain_id: 31_337,
        kind: "exercise".to_owned(),
        name: String::new(),
        rpc: vec![URL.to_owned()],
        address: Address::ZERO,
        genesis: None,
    };
    let mut store = Store::create(dir, &KEY, &profile).unwrap();
    // SQLite does not see it, but the store does it last.
    disk::folder_was_synced();
    disk::said(CREATED.to_owned());
    (1..=4).for_each(|tag| send(&mut store, tag));
    drop(store);
    let mut store = Store::open(dir, &KEY).unwrap();
    (5..=7).for_each(|tag| send(&mut store, tag));
    drop(store);
    disk::stop()
}

/// Opens what is left, and holds it against what had been said.
fn holds(events: &[Event], kept: impl FnMut() -> bool, when: &str) {
    let dir = tempfile::tempdir().unwrap();
    for (name, octets) in disk::left(events, kept) {
        std::fs::write(dir.path().join(name), octets).unwrap();
    }
    let said: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::Said(what) => Some(what.as_str()),
            Event::Write { .. }
            | Event::Truncate { .. }
            | Event::Sync { .. }
            | Event::FolderSync
            | Event::Delete { .. } => None,
        })
        .collect();
    if !said.contains(&CREATED) {
        return;
    }
    let store = Store::open(dir.path(), &KEY).unwrap_or_else(|why| panic!("{when}: {why:?}"));
    assert!(store.quick_check().unwrap(), "{when}");
    let own = |what: &str, word: &str| {
        let id = what.strip_prefix(word)?.parse().unwrap();
        Some(
            store
                .own(MessageId(id))
                .unwrap()
                .unwrap_or_else(|| panic!("{when}: {what}")),
        )
    };
    for what in &said {
        if let Some(block) = what.strip_prefix("received ") {
            let number: u64 = block.parse().unwrap();
            let found = store.received().unwrap();
            let there = found.iter().any(|row| row.block_number == number);
            assert!(there && store.covers(number - 1).unwrap(), "{when}: {what}");
        }
        own(what, "queued ");
        if let Some(sent) = own(what, "sent ") {
            let nonce = sent.variants[0].nonce;
            assert!(sent.sealed, "{when}: {what}");
            assert!(nonce < store.next_nonce().unwrap(), "{when}: {what}");
        }
    }
}

#[test]
fn whenever_the_power_fails_what_was_said_to_be_saved_is_there() {
    let dir = tempfile::tempdir().unwrap();
    // As the file system calls it, which is what SQLite opens.
    let path = dir.path().canonicalize().unwrap();
    let events = work(&path);
    let syncs = events
        .iter()
        .filter(|event| matches!(event, Event::Sync { .. }))
        .count();
    assert!(
        syncs > 17,
        "each commit is synced: {syncs} of {}",
        events.len()
    );
    for moment in 0..=events.len() {
        holds(
            &events[..moment],
            || false,
            &format!("{moment}, nothing else"),
        );
        holds(&events[..moment], || true, &format!("{moment}, everything"));
    }
    let parts = std::env::var("PARLEY_POWER").map_or(300, |text| text.parse().unwrap());
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for part in 0..parts {
        let moment = usize::try_from(next() % (events.len() as u64 + 1)).unwrap();
        holds(
            &events[..moment],
            || next() % 2 == 0,
            &format!("part {part}, moment {moment}"),
        );
    }
}
