//! Blocks are taken wherever they link; which ones is known exactly, with what was recomputed of them.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use parley_core::verification::Verification;
use parley_store::{
    ChainChange, Conflict, Followed, Mark, OwnUse, ScannedBlock, Store, StoreError,
};

use crate::chain::{append, block, name, on, seen, settle, switch, with};
use crate::folder::{Folder, hash};

/// First, last and level of each stretch.
fn stretches(store: &Store) -> Vec<(u64, u64, Verification)> {
    let found = store.coverage().unwrap();
    found.iter().map(|s| (s.first, s.last, s.level)).collect()
}

fn blocks(from: u64, to: u64) -> Vec<ScannedBlock> {
    (from..=to).map(|number| block(number, 'a')).collect()
}

fn take(store: &mut Store, from: u64, to: u64) {
    store.advance(&append(&blocks(from, to))).unwrap();
}

fn refuses(store: &mut Store, change: &ChainChange, why: Conflict) {
    let before = store.coverage().unwrap();
    let refused = store.advance(change).unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict(found) if found == why),
        "{refused:?}"
    );
    assert_eq!(store.coverage().unwrap(), before);
}

const WHOLE: Verification = Verification::Block;

#[test]
fn the_newest_comes_first_and_the_gap_is_filled_from_above() {
    let (_folder, mut store) = Folder::new();
    take(&mut store, 1, 3);
    store.advance(&settle(3, 3)).unwrap();
    take(&mut store, 20, 21);
    assert_eq!(stretches(&store), [(1, 3, WHOLE), (20, 21, WHOLE)]);
    take(&mut store, 12, 19);
    assert_eq!(stretches(&store), [(1, 3, WHOLE), (12, 21, WHOLE)]);
    take(&mut store, 4, 11);
    assert_eq!(stretches(&store), [(1, 21, WHOLE)]);
    let [all] = store.coverage().unwrap()[..] else {
        panic!("one")
    };
    assert_eq!((all.parent, all.tip), (name(0, 'a'), name(21, 'a')));
    assert_eq!(store.top().unwrap(), Some(all));
    assert_eq!(store.tip().unwrap().unwrap().number, 21);
}

#[test]
fn a_block_that_does_not_link_to_either_neighbour_is_not_taken() {
    let (_folder, mut store) = Folder::new();
    take(&mut store, 1, 3);
    store.advance(&settle(3, 3)).unwrap();
    take(&mut store, 5, 6);
    refuses(
        &mut store,
        &append(&[on(4, 'b', 'a')]),
        Conflict::NotConnected(4),
    );
    refuses(
        &mut store,
        &append(&[on(4, 'a', 'b')]),
        Conflict::NotConnected(4),
    );
    refuses(
        &mut store,
        &append(&[on(7, 'b', 'b')]),
        Conflict::NotConnected(7),
    );
    take(&mut store, 4, 4);
    assert_eq!(stretches(&store), [(1, 6, WHOLE)]);
}

#[test]
fn a_block_that_is_held_is_passed_over_and_another_in_its_place_is_not_taken() {
    let (_folder, mut store) = Folder::new();
    take(&mut store, 1, 3);
    take(&mut store, 2, 5);
    assert_eq!(stretches(&store), [(1, 5, WHOLE)]);
    refuses(
        &mut store,
        &append(&[block(4, 'b')]),
        Conflict::NotConnected(4),
    );
    store.advance(&settle(4, 4)).unwrap();
    refuses(&mut store, &append(&[block(4, 'b')]), Conflict::Final(4));
}

#[test]
fn stretches_of_different_levels_touch_and_do_not_merge() {
    let (_folder, mut store) = Folder::new();
    let mut claimed = block(2, 'a');
    claimed.level = Verification::Signer;
    claimed.unreadable = 7;
    store
        .advance(&append(&[block(1, 'a'), claimed, block(3, 'a')]))
        .unwrap();
    let found = stretches(&store);
    assert_eq!(
        found,
        [(1, 1, WHOLE), (2, 2, Verification::Signer), (3, 3, WHOLE)]
    );
    let unreadable: Vec<_> = store
        .coverage()
        .unwrap()
        .iter()
        .map(|s| s.unreadable)
        .collect();
    assert_eq!(unreadable, [0, 7, 0]);
}

#[test]
fn leaving_a_branch_cuts_the_stretch_and_what_was_counted_in_it() {
    let (_folder, mut store) = Folder::new();
    let mut counted = blocks(1, 4);
    for block in &mut counted {
        block.unreadable = block.header.number;
    }
    store.advance(&append(&counted)).unwrap();
    store.advance(&switch(3, &[])).unwrap();
    let [left] = store.coverage().unwrap()[..] else {
        panic!("one")
    };
    assert_eq!((left.first, left.last, left.tip), (1, 2, name(2, 'a')));
    assert_eq!(left.unreadable, 3);
    store.advance(&switch(1, &[])).unwrap();
    assert!(store.coverage().unwrap().is_empty());
}

#[test]
fn a_gap_above_lets_go_of_what_is_not_final() {
    let (_folder, mut store) = Folder::new();
    take(&mut store, 1, 9);
    store.advance(&settle(6, 6)).unwrap();
    take(&mut store, 50, 51);
    assert_eq!(stretches(&store), [(1, 6, WHOLE), (50, 51, WHOLE)]);
    store.advance(&settle(51, 51)).unwrap();
    take(&mut store, 7, 49);
    assert_eq!(stretches(&store), [(1, 51, WHOLE)]);
}

#[test]
fn headers_of_final_blocks_are_let_go_except_where_something_was_found() {
    let (_folder, mut store) = Folder::new();
    let mut some = blocks(1, 9);
    some[3] = with(some[3].clone(), &[seen(7, 0)]);
    store.advance(&append(&some)).unwrap();
    store.advance(&settle(8, 7)).unwrap();
    let kept: Vec<_> = (1..=9)
        .filter(|n| store.header(*n).unwrap().is_some())
        .collect();
    assert_eq!(kept, [4, 7, 8, 9]);
    assert_eq!(store.received().unwrap().len(), 1);
    assert_eq!(store.hash_at(4).unwrap(), Some(name(4, 'a')));
    assert_eq!(
        store.hash_at(3).unwrap(),
        Some(name(3, 'a')),
        "block 4 names it"
    );
    assert_eq!(store.hash_at(2).unwrap(), None);
    assert_eq!(
        store.hash_at(0).unwrap(),
        Some(name(0, 'a')),
        "the end of the stretch"
    );
    take(&mut store, 10, 10);
    assert_eq!(stretches(&store), [(1, 10, WHOLE)]);
}

#[test]
fn backfilling_keeps_no_headers_either() {
    let (folder, mut store) = Folder::new();
    take(&mut store, 90, 91);
    store.advance(&settle(91, 91)).unwrap();
    for from in [70, 50, 30] {
        take(&mut store, from, from + 19);
    }
    let count: u64 = folder
        .raw()
        .query_row("SELECT count(*) FROM header", [], |row| row.get(0))
        .unwrap();
    assert_eq!((stretches(&store), count), (vec![(30, 91, WHOLE)], 1));
}

#[test]
fn the_account_s_transactions_are_known_by_nonce_once_they_are_final() {
    let (_folder, mut store) = Folder::new();
    let mut other = block(2, 'a');
    other.own = vec![OwnUse {
        nonce: 5,
        hash: hash(9),
        index: 3,
    }];
    store.advance(&append(&[block(1, 'a'), other])).unwrap();
    assert!(store.used_by(5).unwrap().is_empty(), "not final");
    take(&mut store, 3, 5);
    store.advance(&settle(4, 4)).unwrap();
    assert_eq!(store.used_by(5).unwrap(), [hash(9)]);
    assert!(store.used_by(6).unwrap().is_empty());
}

#[test]
fn witnesses_and_followed_accounts_are_kept() {
    let (folder, mut store) = Folder::new();
    store
        .witness(4, name(4, 'a'), "http://b.example/", 7)
        .unwrap();
    store
        .witness(4, name(4, 'a'), "http://b.example/", 9)
        .unwrap();
    let address = Address::repeat_byte(3);
    store.follow(address, 10).unwrap();
    store.follow(address, 8).unwrap();
    store.follow(Address::ZERO, 1).unwrap();
    store.unfollow(Address::ZERO).unwrap();
    drop(store);
    let store = folder.open().unwrap();
    let kept: (u64, String, u64) = folder
        .raw()
        .query_row("SELECT number, endpoint, at FROM witness", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(
        kept,
        (4, "http://b.example/".to_owned(), 7),
        "its first time"
    );
    let followed = Followed {
        account: address,
        since: 10,
        looked_to: None,
        count: None,
    };
    assert_eq!(store.followed().unwrap(), [followed]);
}

#[test]
fn a_followed_account_is_looked_at_again_from_where_its_block_was_replaced() {
    let (_folder, mut store) = Folder::new();
    let (one, other) = (Address::repeat_byte(3), Address::repeat_byte(4));
    for (account, height, count) in [(one, 20, 5), (other, 9, 2)] {
        store.follow(account, 1).unwrap();
        store.looked_at(account, height, count).unwrap();
    }
    store.look_again_from(12).unwrap();
    let looked = |account| {
        let followed = store.followed().unwrap();
        let found = followed.iter().find(|one| one.account == account).unwrap();
        (found.looked_to, found.count)
    };
    assert_eq!(looked(one), (Some(11), None));
    assert_eq!(looked(other), (Some(9), Some(2)));
}

/// Holds in memory what it read, as the engine does.
#[derive(Default)]
struct Follower {
    mark: Mark,
    rows: BTreeMap<[u8; 32], u64>,
}

impl Follower {
    fn follow(&mut self, store: &Store) -> bool {
        let (mark, rows, left) = store.received_since(&self.mark).unwrap();
        if left {
            *self = Follower::default();
            self.follow(store);
            return true;
        }
        self.mark = mark;
        self.rows
            .extend(rows.iter().map(|row| (row.hash.0, row.block_number)));
        let held = store.received().unwrap();
        let held: BTreeMap<_, _> = held.iter().map(|r| (r.hash.0, r.block_number)).collect();
        assert_eq!(self.rows, held);
        false
    }
}

#[test]
fn a_follower_reads_only_what_is_new_and_hears_when_blocks_were_left_or_came_back() {
    let (_folder, mut store) = Folder::new();
    let mut follower = Follower::default();
    let found = |number, tag| with(block(number, 'a'), &[seen(tag, 0)]);
    let steps = [
        (append(&[found(5, 1), found(6, 2)]), false),
        (append(&[found(4, 3)]), false),
        (append(&[block(7, 'a')]), false),
        (switch(7, &[]), true),
        (switch(6, &[on(6, 'b', 'a')]), true),
        (switch(6, &[]), true),
        (append(&[block(6, 'a')]), true),
        (append(&[found(7, 4)]), false),
    ];
    for (number, (change, anew)) in steps.into_iter().enumerate() {
        store.advance(&change).unwrap();
        assert_eq!(follower.follow(&store), anew, "step {number}");
    }
    assert_eq!(follower.rows.len(), 4);
}
