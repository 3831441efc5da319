//! Single blocks that are held, left in the middle of others, and named by a second endpoint.

use parley_core::verification::Verification;
use parley_store::{ChainChange, Conflict, StoreError, Unspoken};

use crate::chain::{append, block, name, seen, settle, with};
use crate::folder::Folder;

fn apart(blocks: Vec<parley_store::ScannedBlock>) -> ChainChange {
    ChainChange {
        apart: true,
        ..append(&blocks)
    }
}

fn range(from: u64, to: u64) -> Vec<parley_store::ScannedBlock> {
    (from..=to).map(|number| block(number, 'a')).collect()
}

fn stretches(store: &parley_store::Store) -> Vec<(u64, u64)> {
    let found = store.coverage().unwrap();
    found.iter().map(|one| (one.first, one.last)).collect()
}

#[test]
fn blocks_are_left_in_the_middle_and_taken_again() {
    let (_folder, mut store) = Folder::new();
    store.advance(&append(&range(1, 9))).unwrap();
    let whole = store.coverage().unwrap();
    store.leave(4..=6).unwrap();
    assert_eq!(stretches(&store), [(1, 3), (7, 9)]);
    let [below, above] = store.coverage().unwrap()[..] else {
        panic!("two")
    };
    assert_eq!(below.tip, name(3, 'a'));
    assert_eq!(above.parent, name(6, 'a'));
    assert!(!store.covers(5).unwrap() && store.covers(7).unwrap());
    assert_eq!(store.header(5).unwrap(), None);
    store.advance(&apart(range(4, 6))).unwrap();
    assert_eq!(store.coverage().unwrap(), whole);
}

#[test]
fn what_is_left_at_an_end_shortens_its_stretch() {
    let (_folder, mut store) = Folder::new();
    store.advance(&append(&range(1, 9))).unwrap();
    store.leave(9..=9).unwrap();
    assert_eq!(stretches(&store), [(1, 8)]);
    store.leave(1..=2).unwrap();
    assert_eq!(stretches(&store), [(3, 8)]);
    store.leave(3..=8).unwrap();
    assert_eq!(stretches(&store), []);
}

#[test]
fn unreadable_transactions_stay_counted_where_their_blocks_are() {
    let (_folder, mut store) = Folder::new();
    let mut blocks = range(1, 9);
    for (at, count) in [(0, 1), (4, 10), (8, 100)] {
        blocks[at].unreadable = count;
    }
    store.advance(&append(&blocks)).unwrap();
    store.leave(5..=6).unwrap();
    let counts: Vec<u64> = store
        .coverage()
        .unwrap()
        .iter()
        .map(|stretch| stretch.unreadable)
        .collect();
    assert_eq!(counts, [1, 100]);
}

#[test]
fn a_final_block_is_not_left() {
    let (_folder, mut store) = Folder::new();
    store.advance(&append(&range(1, 9))).unwrap();
    store.advance(&settle(6, 5)).unwrap();
    let refused = store.leave(5..=6).unwrap_err();
    assert!(matches!(refused, StoreError::Conflict(Conflict::Final(5))));
    assert_eq!(stretches(&store), [(1, 9)]);
    let open: Vec<u64> = store
        .not_final()
        .unwrap()
        .iter()
        .map(|header| header.number)
        .collect();
    assert_eq!(open, [6, 7, 8, 9]);
}

#[test]
fn a_block_apart_lets_nothing_go() {
    let (_folder, mut store) = Folder::new();
    store.advance(&append(&range(1, 3))).unwrap();
    store.advance(&apart(range(9, 9))).unwrap();
    assert_eq!(stretches(&store), [(1, 3), (9, 9)]);
    // Without that, nothing shows that what is not final still leads there.
    store.advance(&append(&range(20, 20))).unwrap();
    assert_eq!(stretches(&store), [(20, 20)]);
}

#[test]
fn a_second_opinion_is_wanted_while_a_message_lies_above_the_last_one() {
    let (_folder, mut store) = Folder::new();
    store.advance(&append(&range(1, 3))).unwrap();
    store
        .witness(2, name(2, 'a'), "http://b.example/", 7)
        .unwrap();
    assert_eq!(store.unspoken(9).unwrap(), [], "no message anywhere");
    store
        .advance(&append(&[with(block(4, 'a'), &[seen(1, 0)])]))
        .unwrap();
    let wanted = Unspoken {
        first: 1,
        last: 4,
        newest: 4,
    };
    assert_eq!(store.unspoken(9).unwrap(), [wanted]);
    // Of another branch: it says nothing about what is held.
    store
        .witness(4, name(4, 'b'), "http://b.example/", 8)
        .unwrap();
    assert_eq!(store.unspoken(9).unwrap(), [wanted]);
    assert_eq!(store.witnessed().unwrap(), [2]);
    store
        .witness(4, name(4, 'a'), "http://b.example/", 9)
        .unwrap();
    assert_eq!(store.unspoken(9).unwrap(), []);
    assert_eq!(
        store.witnessed().unwrap(),
        [4],
        "it speaks for what is below"
    );
    assert_eq!(store.coverage().unwrap()[0].level, Verification::Block);
}

#[test]
fn each_stretch_wants_an_opinion_of_its_own() {
    let (_folder, mut store) = Folder::new();
    let heard = |number| with(block(number, 'a'), &[seen(number.try_into().unwrap(), 0)]);
    let mut claimed = heard(6);
    claimed.level = Verification::Signer;
    let blocks = [heard(4), block(5, 'a'), claimed, heard(7), block(8, 'a')];
    store.advance(&append(&blocks)).unwrap();
    store.advance(&apart(vec![heard(20)])).unwrap();
    let of = |first, last, newest| Unspoken {
        first,
        last,
        newest,
    };
    let all = [of(20, 20, 20), of(7, 8, 7), of(4, 5, 4)];
    assert_eq!(store.unspoken(9).unwrap(), all);
    assert_eq!(store.unspoken(2).unwrap(), all[..2]);
    store
        .witness(8, name(8, 'a'), "http://b.example/", 7)
        .unwrap();
    assert_eq!(store.unspoken(9).unwrap(), [all[0], all[2]]);
}

#[test]
fn the_header_that_a_second_endpoint_named_is_kept_below_final_blocks() {
    let (_folder, mut store) = Folder::new();
    store
        .advance(&append(&[with(block(1, 'a'), &[seen(1, 0)])]))
        .unwrap();
    store.advance(&append(&range(2, 9))).unwrap();
    store
        .witness(4, name(4, 'a'), "http://b.example/", 7)
        .unwrap();
    store.advance(&settle(9, 9)).unwrap();
    assert_eq!(store.header(3).unwrap(), None, "nothing is asked of it");
    assert_eq!(store.witnessed().unwrap(), [4]);
    assert_eq!(store.unspoken(9).unwrap(), []);
}

#[test]
fn what_is_kept_of_final_blocks_is_the_same_however_many_come_at_once() {
    let kept = |at_once: usize| {
        let (_folder, mut store) = Folder::new();
        store.advance(&append(&[block(30, 'a')])).unwrap();
        store.advance(&settle(30, 30)).unwrap();
        let mut blocks = range(10, 29);
        blocks[5] = with(block(15, 'a'), &[seen(1, 0)]);
        blocks[9].level = Verification::Signer;
        for some in blocks.chunks(at_once).rev() {
            store.advance(&apart(some.to_vec())).unwrap();
        }
        let headers = (0..=30).filter(|number| store.header(*number).unwrap().is_some());
        (headers.collect::<Vec<u64>>(), store.coverage().unwrap())
    };
    let (headers, stretches) = kept(1);
    assert_eq!((headers, stretches.len()), (vec![15, 18, 19, 30], 3));
    for at_once in [3, 10, 20] {
        assert_eq!(kept(at_once), kept(1), "{at_once} at once");
    }
}
