//! What is queued stays, in its order and under its number.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Conflict, StoreError};

use crate::folder::{Folder, NOW, all, message, queue, queue_reply, reply, row};

#[test]
fn a_queued_message_is_there_after_the_program_is_killed() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"WF1 hello");
    let killed = folder.after_a_kill();
    let row = row(&killed.open().unwrap(), id);
    assert_eq!(row.wire, b"WF1 hello");
    assert_eq!((row.queued_at, row.parent), (NOW, None));
    assert!(!row.cancelled && row.stopped.is_none() && row.variants.is_empty());
}

#[test]
fn a_queued_message_is_there_when_its_connection_is_never_closed() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"WF1 hello");
    std::mem::forget(store);
    assert_eq!(row(&folder.open().unwrap(), id).wire, b"WF1 hello");
}

#[test]
fn messages_keep_the_order_in_which_they_were_queued() {
    let (folder, mut store) = Folder::new();
    let first = store.queue(&[message(b"a"), message(b"b")]).unwrap();
    let second = queue(&mut store, b"c");
    drop(store);
    let rows = all(&folder.open().unwrap());
    let wires: Vec<_> = rows.iter().map(|row| row.wire.as_slice()).collect();
    assert_eq!(wires, [b"a", b"b", b"c"]);
    assert!(first[0] < first[1] && first[1] < second);
}

#[test]
fn a_number_is_never_used_twice() {
    let (folder, mut store) = Folder::new();
    let first = queue(&mut store, b"a");
    store.cancel(&[first], NOW).unwrap();
    store
        .queue(&[message(b"b"), reply(b"c", MessageId(99))])
        .unwrap_err();
    drop(store);
    let mut store = folder.open().unwrap();
    let second = queue(&mut store, b"d");
    assert!(second > first);
    assert_eq!(all(&store).len(), 2);
}

#[test]
fn one_bad_message_in_a_batch_queues_none_of_it() {
    let (_folder, mut store) = Folder::new();
    let missing = MessageId(7);
    let batch = [message(b"a"), reply(b"b", missing), message(b"c")];
    let refused = store.queue(&batch).unwrap_err();
    let unknown = Conflict::UnknownMessage(missing);
    assert!(matches!(refused, StoreError::Conflict(why) if why == unknown));
    assert!(all(&store).is_empty());
}

#[test]
fn a_message_may_refer_to_one_of_the_same_batch_that_comes_before_it() {
    let (_folder, mut store) = Folder::new();
    let parent = MessageId(1);
    let ids = store.queue(&[message(b"a"), reply(b"b", parent)]).unwrap();
    assert_eq!(ids[0], parent);
    assert_eq!(row(&store, ids[1]).parent, Some(parent));
    let to_itself = MessageId(3);
    store.queue(&[reply(b"c", to_itself)]).unwrap_err();
}

#[test]
fn nothing_may_refer_to_a_cancelled_message() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    store.cancel(&[parent], NOW).unwrap();
    let refused = store.queue(&[reply(b"b", parent)]).unwrap_err();
    let cancelled = Conflict::Cancelled(parent);
    assert!(matches!(refused, StoreError::Conflict(why) if why == cancelled));
}

#[test]
fn a_stopped_message_says_why_however_often() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    store.stop(id, Stop::Over).unwrap();
    assert_eq!(row(&store, id).stopped, Some(Stop::Over));
    store.stop(id, Stop::Over).unwrap();
    drop(store);
    let row = row(&folder.open().unwrap(), id);
    assert_eq!(row.stopped, Some(Stop::Over));
}

#[test]
fn only_a_wanted_message_can_be_stopped() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    store.cancel(&[id], NOW).unwrap();
    let cancelled = store.stop(id, Stop::Over).unwrap_err();
    assert!(matches!(cancelled, StoreError::Conflict(Conflict::Cancelled(which)) if which == id));
    let unknown = store.stop(MessageId(9), Stop::Over).unwrap_err();
    assert!(matches!(
        unknown,
        StoreError::Conflict(Conflict::UnknownMessage(MessageId(9)))
    ));
}

#[test]
fn a_message_can_be_as_long_as_a_transaction_can_carry() {
    let (folder, mut store) = Folder::new();
    let wire: Vec<u8> = (0..127 * 1024_u32).map(|at| at.to_le_bytes()[0]).collect();
    let id = queue(&mut store, &wire);
    let reply = queue_reply(&mut store, b"", id);
    drop(store);
    let store = folder.open().unwrap();
    assert_eq!(row(&store, id).wire, wire);
    assert_eq!(row(&store, reply).wire, b"");
}
