//! What an endpoint only claimed of a block gives way to what was recomputed, and nothing else does.

use parley_core::verification::Verification::{self, Block, Signer};
use parley_store::{Conflict, Mark, OwnUse, ScannedBlock, Store, StoreError};

use crate::chain::{append, block, name, on, seen, settle, with};
use crate::folder::{Folder, hash};

fn claimed(mut block: ScannedBlock) -> ScannedBlock {
    block.level = Signer;
    block.unreadable = 1;
    block
}

/// Blocks 1 and 2 recomputed, 3 to 6 claimed, 7 recomputed. In 3 a message is claimed.
fn mixed(store: &mut Store) {
    let middle = (3..=6).map(|number| {
        let found: &[_] = if number == 3 { &[seen(3, 0)] } else { &[] };
        claimed(with(block(number, 'a'), found))
    });
    let mut blocks = vec![block(1, 'a'), block(2, 'a')];
    blocks.extend(middle);
    blocks.push(block(7, 'a'));
    store.advance(&append(&blocks)).unwrap();
}

fn stretches(store: &Store) -> Vec<(u64, u64, Verification, u64)> {
    let found = store.coverage().unwrap();
    let row = |s: &parley_store::Stretch| (s.first, s.last, s.level, s.unreadable);
    found.iter().map(row).collect()
}

#[test]
fn what_is_claimed_is_found_from_above() {
    let (_folder, mut store) = Folder::new();
    assert_eq!(store.claimed(99, false).unwrap(), None);
    mixed(&mut store);
    assert_eq!(store.claimed(99, false).unwrap(), Some(3..=6));
    assert_eq!(store.claimed(5, false).unwrap(), Some(3..=4));
    assert_eq!(store.claimed(3, false).unwrap(), None);
    assert_eq!(store.claimed(99, true).unwrap(), Some(3..=3));
    assert_eq!(store.claimed(3, true).unwrap(), None);
    store.advance(&settle(7, 7)).unwrap();
    // The headers between are gone: of 5 and 4 no hash is known.
    assert_eq!(store.claimed(99, false).unwrap(), Some(3..=6));
    assert_eq!(store.claimed(6, false).unwrap(), Some(3..=3));
}

#[test]
fn recomputed_blocks_take_the_place_of_claimed_ones() {
    let (_folder, mut store) = Folder::new();
    mixed(&mut store);
    store.raise(&[block(5, 'a')]).unwrap();
    let pieces = [
        (1, 2, Block, 0),
        (3, 4, Signer, 2),
        (5, 5, Block, 0),
        (6, 6, Signer, 1),
        (7, 7, Block, 0),
    ];
    assert_eq!(stretches(&store), pieces);
    store.raise(&[block(6, 'a')]).unwrap();
    let pieces = [(1, 2, Block, 0), (3, 4, Signer, 2), (5, 7, Block, 0)];
    assert_eq!(stretches(&store), pieces);
    store
        .raise(&[with(block(3, 'a'), &[seen(3, 0)]), block(4, 'a')])
        .unwrap();
    assert_eq!(stretches(&store), [(1, 7, Block, 0)]);
    let [whole] = store.coverage().unwrap()[..] else {
        panic!("one")
    };
    assert_eq!((whole.parent, whole.tip), (name(0, 'a'), name(7, 'a')));
    assert_eq!(store.received().unwrap()[0].level, Block);
    // What is recomputed stays as it is.
    store.raise(&[claimed(block(3, 'a'))]).unwrap();
    assert_eq!(stretches(&store), [(1, 7, Block, 0)]);
}

#[test]
fn a_run_is_linked_where_headers_are_gone() {
    let (_folder, mut store) = Folder::new();
    mixed(&mut store);
    store.advance(&settle(7, 7)).unwrap();
    let other = [on(4, 'b', 'a'), block(5, 'a'), block(6, 'a')];
    assert_conflict(store.raise(&other), 4);
    assert_eq!(stretches(&store)[1], (3, 6, Signer, 4));
    let found = with(block(5, 'a'), &[seen(5, 0)]);
    store.raise(&[block(4, 'a'), found, block(6, 'a')]).unwrap();
    let places = store.received().unwrap();
    let places: Vec<_> = places.iter().map(|row| row.block_number).collect();
    assert_eq!(places, [3, 5], "what was hidden is there");
    assert_eq!(stretches(&store)[1].1, 3);
    assert!(store.header(4).unwrap().is_none(), "nothing is asked of it");
}

fn assert_conflict(result: Result<(), StoreError>, at: u64) {
    let refused = result.unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict(Conflict::NotConnected(found)) if found == at),
        "{refused:?}"
    );
}

#[test]
fn another_block_or_one_on_another_parent_raises_nothing() {
    let (_folder, mut store) = Folder::new();
    mixed(&mut store);
    let before = store.coverage().unwrap();
    assert_conflict(store.raise(&[block(5, 'b')]), 5);
    let mut parted = block(5, 'a');
    parted.header.parent = name(4, 'b');
    assert_conflict(store.raise(&[parted]), 5);
    assert_eq!(store.coverage().unwrap(), before);
}

#[test]
fn what_is_not_in_the_block_goes_and_readers_are_told() {
    let (_folder, mut store) = Folder::new();
    let own = |tag: u8| OwnUse {
        nonce: tag.into(),
        hash: hash(tag),
        index: 0,
    };
    let mut false_one = claimed(with(block(1, 'a'), &[seen(1, 0), seen(2, 1)]));
    false_one.header.time = 9;
    false_one.own = vec![own(1), own(2)];
    store.advance(&append(&[false_one, block(2, 'a')])).unwrap();
    let (mark, rows, _) = store.received_since(&Mark::default()).unwrap();
    assert_eq!(rows.len(), 2);
    store.advance(&settle(2, 2)).unwrap();
    assert_eq!(store.used_by(1).unwrap(), [hash(1)]);
    let mut true_one = with(block(1, 'a'), &[seen(2, 0), seen(3, 1)]);
    true_one.own = vec![own(2)];
    store.raise(&[true_one]).unwrap();
    let (_, _, left) = store.received_since(&mark).unwrap();
    assert!(left, "everything is to be read again");
    let rows = store.received().unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.hash, row.index)).collect();
    assert_eq!(found, [(hash(2), 0), (hash(3), 1)]);
    assert_eq!(rows[0].block_time, 1_700_000_001);
    assert!(store.used_by(1).unwrap().is_empty());
    assert_eq!(store.used_by(2).unwrap(), [hash(2)]);
}
