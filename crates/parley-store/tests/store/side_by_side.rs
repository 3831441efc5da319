//! Several programs at one folder: one sends and receives, the others read and queue.

use parley_store::FolderLock;

use crate::folder::{Folder, all, queue, queue_reply, row};

#[test]
fn a_reader_beside_a_writer_sees_what_was_committed() {
    let (folder, mut writer) = Folder::new();
    let reader = folder.open().unwrap();
    assert!(all(&reader).is_empty());
    let id = queue(&mut writer, b"a");
    assert_eq!(row(&reader, id).wire, b"a");
}

#[test]
fn a_reader_does_not_wait_for_a_write_that_is_going_on() {
    let (folder, mut store) = Folder::new();
    queue(&mut store, b"a");
    let writer = folder.raw();
    writer
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO outbox (wire, queued_at) VALUES (x'00', 1)")
        .unwrap();
    assert_eq!(all(&folder.open().unwrap()).len(), 1);
    assert_eq!(all(&store).len(), 1);
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(all(&store).len(), 2);
}

#[test]
fn two_programs_that_queue_at_once_lose_nothing_and_share_no_number() {
    let (folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    // Queueing a reply reads before it writes, so that the other may write in between.
    let queue_many = || {
        let mut store = folder.open().unwrap();
        let each = (0..50).map(|_| queue_reply(&mut store, b"b", parent));
        each.collect::<Vec<_>>()
    };
    let (mut first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(queue_many);
        (queue_many(), other.join().unwrap())
    });
    assert!(first.is_sorted() && second.is_sorted());
    first.extend(second);
    first.sort_unstable();
    first.dedup();
    assert_eq!(first.len(), 100);
    assert_eq!(all(&store).len(), 101);
}

#[test]
fn a_folder_has_one_holder_and_a_second_one_is_told_who() {
    let folder = Folder::empty();
    let lock = FolderLock::take(folder.path(), "the window").unwrap();
    let refused = FolderLock::take(folder.path(), "the command line").unwrap_err();
    let process = std::process::id();
    assert_eq!(refused.by, format!("the window (process {process})"));
    assert!(refused.to_string().contains("the window"));
    drop(lock);
    let _lock = FolderLock::take(folder.path(), "it").unwrap();
    let refused = FolderLock::take(folder.path(), "another").unwrap_err();
    assert_eq!(
        refused.by,
        format!("it (process {process})"),
        "a shorter name leaves no rest"
    );
}

#[test]
fn a_name_that_is_not_text_or_not_there_yet_is_another_program() {
    let folder = Folder::empty();
    let _lock = FolderLock::take(folder.path(), "the window").unwrap();
    for said in [b"".as_slice(), &[0xFF, 0xFE]] {
        std::fs::write(folder.path().join("lock"), said).unwrap();
        let refused = FolderLock::take(folder.path(), "it").unwrap_err();
        assert_eq!(refused.by, "another program");
    }
}

#[test]
fn a_folder_that_is_not_there_cannot_be_taken() {
    let folder = Folder::empty();
    let nowhere = folder.path().join("nowhere");
    let refused = FolderLock::take(&nowhere, "it").unwrap_err();
    assert!(
        refused.by.contains("may not be written to"),
        "{}",
        refused.by
    );
}
