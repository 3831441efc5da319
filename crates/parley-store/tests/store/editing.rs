//! A message can be changed or withdrawn until it is signed, and no further.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{EditError, NewVariant, Store};

use crate::folder::{Folder, NOW, all, burst, queue, queue_reply, row, signed};

const UNKNOWN: MessageId = MessageId(99);

fn edit(store: &mut Store, id: MessageId, parent: Option<MessageId>) -> Result<(), EditError> {
    store.replace(id, b"edited", parent, false)
}

#[test]
fn a_queued_message_can_be_edited_and_keeps_its_place() {
    let (folder, mut store) = Folder::new();
    let (first, second) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    edit(&mut store, second, Some(first)).unwrap();
    drop(store);
    let mut store = folder.open().unwrap();
    let edited = row(&store, second);
    assert_eq!(
        (edited.wire.as_slice(), edited.parent),
        (b"edited".as_slice(), Some(first))
    );
    assert_eq!(edited.queued_at, NOW);
    edit(&mut store, second, None).unwrap();
    assert_eq!(row(&store, second).parent, None);
}

#[test]
fn a_sealed_message_is_neither_edited_nor_cancelled() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    let before = row(&store, id);
    assert!(matches!(edit(&mut store, id, None), Err(EditError::Sealed)));
    assert!(matches!(store.cancel(&[id], NOW), Err(EditError::Sealed)));
    assert_eq!(row(&store, id), before);
}

#[test]
fn what_was_read_before_an_edit_is_never_sealed() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    edit(&mut store, id, None).unwrap();
    let kept = store.seal_burst(&[(id, signed(0, 1))], NOW).unwrap();
    assert!(kept.is_empty());
    let newest = NewVariant {
        revision: row(&store, id).revision,
        ..signed(0, 1)
    };
    assert_eq!(store.seal_burst(&[(id, newest)], NOW).unwrap(), [id]);
}

#[test]
fn a_message_that_waits_for_a_person_goes_on_once_it_was_changed() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    store.stop(id, Stop::Over).unwrap();
    edit(&mut store, id, None).unwrap();
    assert_eq!(row(&store, id).stopped, None);
}

#[test]
fn an_unknown_message_is_neither_edited_nor_cancelled() {
    let (_folder, mut store) = Folder::new();
    assert!(matches!(
        edit(&mut store, UNKNOWN, None),
        Err(EditError::Unknown)
    ));
    assert!(matches!(
        store.cancel(&[UNKNOWN], NOW),
        Err(EditError::Unknown)
    ));
}

#[test]
fn a_cancelled_message_stays_as_it_is() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    store.cancel(&[id], NOW).unwrap();
    assert!(matches!(
        edit(&mut store, id, None),
        Err(EditError::Cancelled)
    ));
    assert!(matches!(
        store.cancel(&[id], NOW),
        Err(EditError::Cancelled)
    ));
    let kept = row(&store, id);
    assert!(kept.cancelled);
    assert_eq!(kept.wire, b"a");
}

#[test]
fn an_edited_message_refers_only_to_an_earlier_one_that_is_wanted() {
    let (_folder, mut store) = Folder::new();
    let cancelled = queue(&mut store, b"a");
    let id = queue(&mut store, b"b");
    let later = queue(&mut store, b"c");
    store.cancel(&[cancelled], NOW).unwrap();
    for parent in [id, later, UNKNOWN] {
        assert!(matches!(
            edit(&mut store, id, Some(parent)),
            Err(EditError::Unknown)
        ));
    }
    assert!(matches!(
        edit(&mut store, id, Some(cancelled)),
        Err(EditError::Cancelled)
    ));
    assert_eq!(row(&store, id).wire, b"b");
}

#[test]
fn a_message_that_others_refer_to_is_cancelled_only_with_them() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    let grandchild = queue_reply(&mut store, b"c", child);
    let alone = store.cancel(&[parent], NOW).unwrap_err();
    assert!(matches!(alone, EditError::NeededBy(id) if id == child));
    let two = store.cancel(&[parent, child], NOW).unwrap_err();
    assert!(matches!(two, EditError::NeededBy(id) if id == grandchild));
    assert!(all(&store).iter().all(|row| !row.cancelled));
    store.cancel(&[grandchild, parent, child], NOW).unwrap();
    assert!(all(&store).iter().all(|row| row.cancelled));
}

#[test]
fn a_dependent_that_was_cancelled_or_refers_elsewhere_now_holds_nothing_back() {
    let (_folder, mut store) = Folder::new();
    let (parent, other) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    let gone = queue_reply(&mut store, b"c", parent);
    let moved = queue_reply(&mut store, b"d", parent);
    store.cancel(&[gone], NOW).unwrap();
    edit(&mut store, moved, Some(other)).unwrap();
    store.cancel(&[parent], NOW).unwrap();
    assert!(row(&store, parent).cancelled && !row(&store, moved).cancelled);
}

#[test]
fn cancelling_several_is_all_or_nothing() {
    let (_folder, mut store) = Folder::new();
    let (first, sealed) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(sealed, 1)]);
    assert!(matches!(
        store.cancel(&[first, sealed], NOW),
        Err(EditError::Sealed)
    ));
    assert!(matches!(
        store.cancel(&[first, UNKNOWN], NOW),
        Err(EditError::Unknown)
    ));
    assert!(!row(&store, first).cancelled);
}
