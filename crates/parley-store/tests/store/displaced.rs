//! Another device used the account: what it took the nonce of is sealed afresh, under its own number.

use parley_store::{Conflict, StoreError};

use crate::chain::{append, block, seen, settle, with};
use crate::folder::{Folder, NOW, burst, hash, ids, queue, queue_reply, row, signed};

#[test]
fn a_displaced_message_is_open_again_and_takes_another_nonce() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.displace(&[id], NOW + 9).unwrap();
    let open = row(&store, id);
    assert!(!open.sealed, "open again");
    assert_eq!(ids(&store.open_messages(9, NOW).unwrap()), [id]);
    assert!(store.in_no_block().unwrap().is_empty());
    assert_eq!(store.next_nonce().unwrap(), 1);
    burst(&mut store, &[(id, 2)]);
    let own = folder.open().unwrap().own(id).unwrap().unwrap();
    let told: Vec<_> = own
        .variants
        .iter()
        .map(|v| (v.nonce, v.displaced))
        .collect();
    assert_eq!(told, [(0, true), (1, false)]);
    let [on_the_way] = &store.in_no_block().unwrap()[..] else {
        panic!("one")
    };
    assert_eq!(
        on_the_way.variants.len(),
        1,
        "what is displaced is not offered"
    );
}

#[test]
fn a_displaced_nonce_is_never_used_again() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.displace(&[id], NOW).unwrap();
    let again = "INSERT INTO variant
         (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at)
         VALUES (zeroblob(32), 1, 7, 0, x'02', 1, 1, 1, 1)";
    assert!(folder.objection(again).contains("never used again"));
}

#[test]
fn a_displaced_message_can_be_changed_and_withdrawn() {
    let (_folder, mut store) = Folder::new();
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(a, 1), (b, 2)]);
    store.displace(&[a, b], NOW).unwrap();
    store.replace(a, b"other", None, false).unwrap();
    store.cancel(&[b], NOW).unwrap();
    assert_eq!(row(&store, a).wire, b"other");
    assert!(row(&store, b).cancelled);
    assert_eq!(store.counts().unwrap().open, 1);
}

#[test]
fn what_was_given_up_and_then_displaced_is_not_sent_after_all() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.give_up(id, NOW).unwrap();
    store.displace(&[id], NOW).unwrap();
    assert!(row(&store, id).cancelled);
    assert!(store.open_messages(9, NOW).unwrap().is_empty());
}

#[test]
fn what_is_settled_was_not_displaced() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    let found = with(block(1, 'a'), &[seen(1, 0)]);
    store.advance(&append(&[found])).unwrap();
    store.advance(&settle(1, 1)).unwrap();
    let refused = store.displace(&[id], NOW).unwrap_err();
    assert!(matches!(refused, StoreError::Conflict(Conflict::Settled(which)) if which == id));
    let said = folder.objection("UPDATE variant SET displaced_at = 1");
    assert!(said.contains("not displaced"), "{said}");
}

#[test]
fn displaced_is_for_ever_and_only_what_may_have_left() {
    let (folder, mut store) = Folder::new();
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(a, 1)]);
    store.displace(&[a], NOW).unwrap();
    for sql in [
        "UPDATE variant SET displaced_at = NULL WHERE nonce = 0",
        "UPDATE variant SET displaced_at = 1 WHERE nonce = 0",
    ] {
        assert!(folder.objection(sql).contains("stays displaced"));
    }
    let early = folder.objection(&format!(
        "INSERT INTO variant
             (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at, displaced_at)
         VALUES (zeroblob(32), {}, 0, 1, x'02', 1, 1, 1, 1, 1)",
        b.0
    ));
    assert!(early.contains("displaced_was_exposed"), "{early}");
}

#[test]
fn a_reference_to_what_was_displaced_dangles_once_both_are_in_blocks_and_until_it_is_repaired() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    let mut refers = signed(1, 2);
    refers.refers = Some(hash(1));
    store
        .seal_burst(&[(parent, signed(0, 1)), (child, refers)], NOW)
        .unwrap();
    store.displace(&[parent], NOW).unwrap();
    burst(&mut store, &[(parent, 3)]);
    let found = with(block(1, 'a'), &[seen(2, 0)]);
    store.advance(&append(&[found])).unwrap();
    assert!(
        store.dangling().unwrap().is_empty(),
        "the parent is in no block"
    );
    let found = with(block(2, 'a'), &[seen(3, 0)]);
    store.advance(&append(&[found])).unwrap();
    assert_eq!(store.dangling().unwrap(), [(child, parent, hash(3))]);
    let mut repair = crate::folder::message(b"c");
    repair.repairs = Some(child);
    store.queue(&[repair]).unwrap();
    assert!(store.dangling().unwrap().is_empty());
}

#[test]
fn a_reference_to_the_fee_that_came_through_does_not_dangle() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    burst(&mut store, &[(parent, 1)]);
    store.seal_burst(&[(parent, signed(0, 2))], NOW).unwrap();
    let mut refers = signed(1, 3);
    refers.refers = Some(hash(2));
    store.seal_burst(&[(child, refers)], NOW).unwrap();
    let found = with(block(1, 'a'), &[seen(2, 0), seen(3, 1)]);
    store.advance(&append(&[found])).unwrap();
    assert!(store.dangling().unwrap().is_empty());
}
