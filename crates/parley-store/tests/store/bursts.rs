//! Several messages are sealed and exposed in one commit: what is before a change of the person's is
//! kept, the rest not, and no nonce is left out.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Conflict, EditError, Kind, NewVariant, OwnUse, Store, StoreError};

use crate::chain::{append, block, name, settle};
use crate::folder::{Folder, NOW, burst, hash, ids, newest, next, queue, queue_reply, row, signed};

fn three(store: &mut Store) -> [MessageId; 3] {
    [b"a", b"b", b"c"].map(|wire| queue(store, wire))
}

fn conflict(refused: Result<Vec<MessageId>, StoreError>) -> Conflict {
    let StoreError::Conflict(why) = refused.unwrap_err() else {
        panic!("a conflict")
    };
    why
}

/// A blank transaction at this nonce.
fn blank(nonce: u64, tag: u8) -> NewVariant {
    NewVariant {
        kind: Kind::Blank,
        wire: Vec::new(),
        ..signed(nonce, tag)
    }
}

#[test]
fn a_burst_is_exposed_in_its_order_before_it_returns() {
    let (folder, mut store) = Folder::new();
    let [a, b, c] = three(&mut store);
    burst(&mut store, &[(c, 3), (a, 1), (b, 2)]);
    let store = folder.after_a_kill().open().unwrap();
    for (id, nonce, tag) in [(c, 0, 3), (a, 1, 1), (b, 2, 2)] {
        let sent = newest(&store, id);
        assert_eq!((sent.nonce, sent.hash), (nonce, hash(tag)));
        assert_eq!(sent.exposed_at, NOW + 2);
        assert_eq!((sent.kind, sent.displaced), (Kind::Message, false));
    }
    assert_eq!(store.next_nonce().unwrap(), 3);
}

#[test]
fn what_a_person_changed_meanwhile_ends_the_burst_before_it() {
    let changes: [fn(&mut Store, MessageId); 3] = [
        |store, id| store.cancel(&[id], NOW).unwrap(),
        |store, id| store.replace(id, b"x", None, false).unwrap(),
        |store, id| store.stop(id, Stop::Over).unwrap(),
    ];
    for change in changes {
        let (_folder, mut store) = Folder::new();
        let [a, b, c] = three(&mut store);
        let planned = [
            next(&store, a, 0, 1),
            next(&store, b, 1, 2),
            next(&store, c, 2, 3),
        ];
        change(&mut store, b);
        assert_eq!(store.seal_burst(&planned, NOW).unwrap(), [a]);
        assert_eq!(store.next_nonce().unwrap(), 1);
        assert!(row(&store, a).sealed && !row(&store, b).sealed && !row(&store, c).sealed);
    }
}

#[test]
fn a_wrong_nonce_keeps_nothing_of_the_burst() {
    let (_folder, mut store) = Folder::new();
    let [a, b, _] = three(&mut store);
    let planned = [next(&store, a, 0, 1), next(&store, b, 2, 2)];
    let why = conflict(store.seal_burst(&planned, NOW));
    assert_eq!(why, Conflict::WrongNonce { due: 1 });
    assert!(!row(&store, a).sealed);
    assert_eq!(store.next_nonce().unwrap(), 0);
}

#[test]
fn a_parent_in_the_same_burst_counts_as_exposed_and_its_hash_is_kept() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    let early = [next(&store, child, 0, 2)];
    let why = conflict(store.seal_burst(&early, NOW));
    assert_eq!(why, Conflict::ParentNotExposed(parent));
    let refers = NewVariant {
        refers: Some(hash(1)),
        ..signed(1, 2)
    };
    let planned = [next(&store, parent, 0, 1), (child, refers)];
    assert_eq!(store.seal_burst(&planned, NOW).unwrap(), [parent, child]);
    assert_eq!(row(&store, child).refers, Some(hash(1)));
}

#[test]
fn another_fee_has_the_same_nonce_and_is_refused_once_a_message_refers_to_it() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    burst(&mut store, &[(parent, 1)]);
    store.seal_burst(&[(parent, signed(0, 2))], NOW).unwrap();
    assert_eq!(row(&store, parent).variants.len(), 2);
    assert_eq!(store.next_nonce().unwrap(), 1);
    let child = queue_reply(&mut store, b"b", parent);
    burst(&mut store, &[(child, 3)]);
    let why = conflict(store.seal_burst(&[(parent, signed(0, 4))], NOW));
    assert_eq!(why, Conflict::DependentExposed(child));
}

#[test]
fn a_blank_transaction_is_sealed_only_for_what_a_person_gave_up() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    assert!(matches!(store.give_up(id, NOW), Err(EditError::NotSealed)));
    burst(&mut store, &[(id, 1)]);
    let early = store.seal_burst(&[(id, blank(0, 9))], NOW).unwrap();
    assert!(early.is_empty(), "nobody gave it up");
    store.give_up(id, NOW).unwrap();
    store.give_up(id, NOW + 5).unwrap();
    assert_eq!(row(&store, id).giving_up_at, Some(NOW));
    store.seal_burst(&[(id, blank(0, 9))], NOW).unwrap();
    let message = row(&store, id);
    assert_eq!(message.wire, b"WF1 final", "what it said stays");
    assert_eq!(message.variants[1].kind, Kind::Blank);
    assert_eq!(store.next_nonce().unwrap(), 1);
}

/// It carries no message, so it is never among what is received.
#[test]
fn a_blank_transaction_in_a_block_takes_the_place_of_the_message() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.give_up(id, NOW).unwrap();
    store.seal_burst(&[(id, blank(0, 9))], NOW).unwrap();
    let (mark, _) = store.changed_since(0).unwrap();
    let mut taken = block(1, 'a');
    taken.own = vec![OwnUse {
        nonce: 0,
        hash: hash(9),
        index: 3,
    }];
    store.advance(&append(&[taken])).unwrap();
    let message = row(&store, id);
    let place = message.variants[1].position.unwrap();
    assert_eq!((place.block_number, place.block_hash), (1, name(1, 'a')));
    assert_eq!(message.variants[0].position, None);
    assert_eq!(store.counts().unwrap().unsent, 0);
    assert_eq!(ids(&store.changed_since(mark).unwrap().1), [id]);
    store.advance(&settle(1, 1)).unwrap();
    assert_eq!(row(&store, id).settled, Some(1));
    assert!(!store.is_any_on_the_way().unwrap());
}

#[test]
fn giving_up_is_taken_back_only_before_a_blank_transaction_exists() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.give_up(id, NOW).unwrap();
    store.keep(id).unwrap();
    assert_eq!(row(&store, id).giving_up_at, None);
    store.give_up(id, NOW).unwrap();
    store.seal_burst(&[(id, blank(0, 9))], NOW).unwrap();
    assert!(matches!(store.keep(id), Err(EditError::GivenUp)));
}

#[test]
fn what_was_withdrawn_is_not_said_to_be_kept() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    store.cancel(&[id], NOW).unwrap();
    assert!(matches!(store.keep(id), Err(EditError::Cancelled)));
}

#[test]
fn what_others_refer_to_is_not_given_up_and_nothing_refers_to_what_was_given_up() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    burst(&mut store, &[(parent, 1)]);
    let child = queue_reply(&mut store, b"b", parent);
    let needed = store.give_up(parent, NOW).unwrap_err();
    assert!(matches!(needed, EditError::NeededBy(id) if id == child));
    store.cancel(&[child], NOW).unwrap();
    store.give_up(parent, NOW).unwrap();
    let late = store.queue(&[crate::folder::reply(b"c", parent)]);
    assert!(matches!(
        late,
        Err(StoreError::Conflict(Conflict::Cancelled(id))) if id == parent
    ));
}
