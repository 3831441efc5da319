//! The chain as held: blocks come and go by their headers alone, facts stay.
//!
//! Blocks are named by their height and their branch: `block(3, 'a')`.

use alloy_primitives::{Address, B256};
use parley_core::chain::Header;
use parley_core::verification::Verification;
use parley_store::{
    ChainChange, Conflict, Finality, ReceivedRow, ScannedBlock, Seen, Store, StoreError,
};

use crate::folder::{Folder, burst, hash, newest, queue};

pub(crate) fn name(number: u64, branch: char) -> B256 {
    B256::left_padding_from(format!("{branch}{number}").as_bytes())
}

/// A block on the one before it of the same branch.
pub(crate) fn block(number: u64, branch: char) -> ScannedBlock {
    on(number, branch, branch)
}

/// A block on the one before it of another branch.
pub(crate) fn on(number: u64, branch: char, parent: char) -> ScannedBlock {
    ScannedBlock {
        header: Header {
            number,
            hash: name(number, branch),
            parent: name(number - 1, parent),
            time: 1_700_000_000 + number,
        },
        level: Verification::Block,
        messages: Vec::new(),
        own: Vec::new(),
        unreadable: 0,
    }
}

pub(crate) fn seen(tag: u8, index: u64) -> Seen {
    Seen {
        hash: hash(tag),
        index,
        originator: Address::repeat_byte(tag),
        input: vec![b'W', b'F', tag],
    }
}

/// The same block with these transactions in it.
pub(crate) fn with(mut block: ScannedBlock, messages: &[Seen]) -> ScannedBlock {
    block.messages = messages.to_vec();
    block
}

pub(crate) fn append(blocks: &[ScannedBlock]) -> ChainChange {
    ChainChange {
        blocks: blocks.to_vec(),
        ..ChainChange::default()
    }
}

pub(crate) fn switch(drop_from: u64, blocks: &[ScannedBlock]) -> ChainChange {
    ChainChange {
        drop_from: Some(drop_from),
        ..append(blocks)
    }
}

pub(crate) fn settle(safe: u64, finalized: u64) -> ChainChange {
    ChainChange {
        safe: Some(safe),
        finalized: Some(finalized),
        ..ChainChange::default()
    }
}

/// A store that holds blocks 1 to 4 of branch a.
fn held() -> (Folder, Store) {
    let (folder, mut store) = Folder::new();
    let blocks: Vec<_> = (1..=4).map(|number| block(number, 'a')).collect();
    store.advance(&append(&blocks)).unwrap();
    (folder, store)
}

/// The only message.
fn only(rows: Vec<ReceivedRow>) -> ReceivedRow {
    let [row] = <[ReceivedRow; 1]>::try_from(rows).unwrap();
    row
}

fn tags(rows: &[ReceivedRow]) -> Vec<u8> {
    rows.iter().map(|row| row.hash[0]).collect()
}

/// The held headers, the newest first.
fn headers(store: &Store) -> Vec<Header> {
    let newest = store.tip().unwrap().map_or(0, |tip| tip.number);
    let at = |number| store.header(number).unwrap();
    (0..=newest).rev().map_while(at).collect()
}

/// Asserts that a change is refused for this reason and leaves no trace.
fn refuses(store: &mut Store, change: &ChainChange, why: Conflict) {
    let before = (headers(store), store.received().unwrap());
    let refused = store.advance(change).unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict(found) if found == why),
        "{refused:?}"
    );
    assert_eq!((headers(store), store.received().unwrap()), before);
}

#[test]
fn what_was_received_is_there_after_the_program_is_killed() {
    let (folder, mut store) = Folder::new();
    let found = with(block(1, 'a'), &[seen(7, 3)]);
    store.advance(&append(&[found])).unwrap();
    let store = folder.after_a_kill().open().unwrap();
    let row = ReceivedRow {
        hash: hash(7),
        originator: Address::repeat_byte(7),
        input: vec![b'W', b'F', 7],
        level: Verification::Block,
        block_number: 1,
        block_hash: name(1, 'a'),
        block_time: 1_700_000_001,
        index: 3,
    };
    assert_eq!(store.received().unwrap(), [row]);
    assert_eq!(store.tip().unwrap(), Some(block(1, 'a').header));
    assert_eq!(store.header(1).unwrap(), store.tip().unwrap());
    assert_eq!(store.header(2).unwrap(), None);
}

#[test]
fn received_messages_are_in_the_order_of_the_chain() {
    let (_folder, mut store) = Folder::new();
    let first = with(block(1, 'a'), &[seen(9, 4), seen(8, 1)]);
    let second = with(block(2, 'a'), &[seen(1, 0)]);
    store.advance(&append(&[first, second])).unwrap();
    assert_eq!(tags(&store.received().unwrap()), [8, 9, 1]);
}

#[test]
fn a_message_leaves_a_block_and_enters_another_by_headers_alone() {
    //   1a - 2a(7)            then   1a - 2b - 3b(7)
    let (folder, mut store) = Folder::new();
    let found = with(block(2, 'a'), &[seen(7, 0)]);
    store.advance(&append(&[block(1, 'a'), found])).unwrap();
    store.advance(&switch(2, &[on(2, 'b', 'a')])).unwrap();
    assert!(
        store.received().unwrap().is_empty(),
        "its block was replaced"
    );
    let again = with(block(3, 'b'), &[seen(7, 5)]);
    store.advance(&append(&[again])).unwrap();
    let row = only(store.received().unwrap());
    assert_eq!(
        (row.block_number, row.block_hash, row.index),
        (3, name(3, 'b'), 5)
    );
    assert_eq!(store.received().unwrap().len(), 1, "shown once");
    let facts: u64 = folder
        .raw()
        .query_row("SELECT count(*) FROM sighting", [], |row| row.get(0))
        .unwrap();
    assert_eq!(facts, 2, "both sightings stay true");
}

#[test]
fn a_message_is_back_when_only_the_header_of_its_block_comes_back() {
    let (_folder, mut store) = Folder::new();
    let found = with(block(2, 'a'), &[seen(7, 0)]);
    store.advance(&append(&[block(1, 'a'), found])).unwrap();
    store.advance(&switch(2, &[on(2, 'b', 'a')])).unwrap();
    store.advance(&switch(2, &[block(2, 'a')])).unwrap();
    assert_eq!(only(store.received().unwrap()).block_number, 2);
}

#[test]
fn an_own_message_is_in_a_block_as_long_as_the_block_is_held() {
    let (_folder, mut store) = held();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 7)]);
    assert!(!newest(&store, id).sighted);
    let found = with(block(5, 'a'), &[seen(7, 0)]);
    store.advance(&append(&[found])).unwrap();
    let place = newest(&store, id).position.unwrap();
    assert_eq!((place.block_number, place.block_hash), (5, name(5, 'a')));
    assert_eq!(place.time, 1_700_000_005);
    store.advance(&switch(5, &[])).unwrap();
    let orphaned = newest(&store, id);
    assert_eq!((orphaned.sighted, orphaned.position), (true, None));
}

#[test]
fn a_block_that_does_not_follow_changes_nothing_at_all() {
    let (_folder, mut store) = held();
    let good = with(block(5, 'a'), &[seen(7, 0)]);
    let mut misnumbered = block(6, 'a');
    misnumbered.header.number = 7;
    let strays = [
        block(7, 'a'),
        on(6, 'a', 'b'),
        block(4, 'a'),
        block(5, 'a'),
        misnumbered,
    ];
    for stray in strays {
        let number = stray.header.number;
        let change = append(&[good.clone(), stray]);
        refuses(&mut store, &change, Conflict::NotConnected(number));
    }
    let after_drop = switch(3, &[on(3, 'b', 'a'), on(4, 'c', 'a')]);
    refuses(&mut store, &after_drop, Conflict::NotConnected(4));
}

#[test]
fn a_refused_change_does_not_settle_anything_either() {
    let (_folder, mut store) = held();
    let change = ChainChange {
        safe: Some(2),
        finalized: Some(1),
        ..append(&[block(5, 'b')])
    };
    store.advance(&change).unwrap_err();
    assert_eq!(store.finality().unwrap(), Finality::default());
}

#[test]
fn a_final_block_is_never_dropped() {
    let (_folder, mut store) = held();
    store.advance(&settle(3, 2)).unwrap();
    for from in [0, 1, 2] {
        refuses(&mut store, &switch(from, &[]), Conflict::Final(2));
    }
    let fork = switch(2, &[on(2, 'b', 'a')]);
    refuses(&mut store, &fork, Conflict::Final(2));
    store.advance(&switch(3, &[on(3, 'b', 'a')])).unwrap();
    assert_eq!(store.tip().unwrap().unwrap().hash, name(3, 'b'));
}

#[test]
fn what_is_final_stays_final_and_what_is_dropped_is_not_safe() {
    let (folder, mut store) = held();
    store.advance(&settle(4, 2)).unwrap();
    store.advance(&settle(4, 1)).unwrap();
    let settled = |safe, finalized| Finality { safe, finalized };
    assert_eq!(store.finality().unwrap(), settled(Some(4), Some(2)));
    store.advance(&switch(3, &[on(3, 'b', 'a')])).unwrap();
    assert_eq!(store.finality().unwrap(), settled(Some(2), Some(2)));
    drop(store);
    let store = folder.open().unwrap();
    assert_eq!(store.finality().unwrap(), settled(Some(2), Some(2)));
}

#[test]
fn a_height_above_the_newest_block_is_not_believed() {
    let (_folder, mut store) = held();
    store.advance(&settle(5, 5)).unwrap();
    assert_eq!(store.finality().unwrap(), Finality::default());
    store.advance(&settle(4, 4)).unwrap();
    assert_eq!(store.finality().unwrap().finalized, Some(4));
}

#[test]
fn a_chain_may_start_at_any_height() {
    let (_folder, mut store) = Folder::new();
    assert_eq!(store.tip().unwrap(), None);
    store
        .advance(&append(&[block(1_000, 'a'), block(1_001, 'a')]))
        .unwrap();
    assert_eq!(store.tip().unwrap(), Some(block(1_001, 'a').header));
    assert_eq!(store.header(999).unwrap(), None);
}

#[test]
fn a_level_rises_when_more_was_recomputed_and_never_falls() {
    let (_folder, mut store) = Folder::new();
    let level = |store: &Store| only(store.received().unwrap()).level;
    let whole = with(block(1, 'a'), &[seen(7, 0)]);
    let mut partial = whole.clone();
    partial.level = Verification::Signer;
    store.advance(&append(&[partial.clone()])).unwrap();
    assert_eq!(level(&store), Verification::Signer);
    store.advance(&switch(1, &[whole])).unwrap();
    assert_eq!(level(&store), Verification::Block);
    store.advance(&switch(1, &[partial])).unwrap();
    assert_eq!(level(&store), Verification::Block);
}

#[test]
fn what_another_endpoint_says_is_not_kept_with_a_sighting() {
    let (_folder, mut store) = Folder::new();
    let mut witnessed = with(block(1, 'a'), &[seen(7, 0)]);
    witnessed.level = Verification::Witnessed;
    store.advance(&append(&[witnessed])).unwrap();
    let row = only(store.received().unwrap());
    assert_eq!(row.level, Verification::Block);
}

#[test]
fn what_was_only_claimed_of_a_block_gives_way_to_what_was_recomputed() {
    let (_folder, mut store) = Folder::new();
    let whole = with(block(1, 'a'), &[seen(7, 2)]);
    let mut lie = with(whole.clone(), &[seen(7, 5)]);
    lie.level = Verification::Signer;
    lie.header.number = 8;
    lie.header.time = 99;
    store.advance(&append(&[lie])).unwrap();
    store.advance(&switch(0, &[whole])).unwrap();
    let row = only(store.received().unwrap());
    assert_eq!(row.level, Verification::Block);
    assert_eq!(
        (row.block_number, row.block_time, row.index),
        (1, 1_700_000_001, 2)
    );
}
