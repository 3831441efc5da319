//! The power fails in the middle of a write: what was said to be saved is there, and nothing of
//! what was not.

use rusqlite::Connection;

use crate::folder::{Folder, all, queue, row};

/// Spills what a transaction has written so far to the disk, as a small cache does.
fn spill(conn: &Connection) {
    conn.execute_batch("PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN IMMEDIATE;")
        .unwrap();
}

#[test]
fn a_write_that_never_ended_leaves_no_trace() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let before = folder.files()["parley.db-wal"].len();
    let conn = folder.raw();
    spill(&conn);
    let big = vec![7_u8; 3_000];
    for _ in 0..50 {
        conn.execute(
            "INSERT INTO outbox (wire, queued_at) VALUES (?1, 1)",
            [&big],
        )
        .unwrap();
    }
    assert!(
        folder.files()["parley.db-wal"].len() > before,
        "some of it is on the disk"
    );
    let mut store = folder.after_a_kill().open().unwrap();
    assert_eq!(all(&store).len(), 1);
    assert!(store.quick_check().unwrap());
    assert_eq!(queue(&mut store, b"b").0, id.0 + 1);
}

#[test]
fn a_torn_last_write_takes_only_itself_along() {
    let (folder, mut store) = Folder::new();
    let first = queue(&mut store, b"a");
    let acknowledged = folder.files()["parley.db-wal"].len();
    queue(&mut store, b"b");
    let torn = folder.after_a_kill();
    let log = torn.path().join("parley.db-wal");
    let octets = std::fs::read(&log).unwrap();
    for length in acknowledged..octets.len() {
        if length % 512 == 0 {
            std::fs::write(&log, &octets[..length]).unwrap();
            let copy = torn.after_a_kill().open().unwrap();
            assert_eq!(all(&copy).len(), 1, "cut at {length}");
            assert_eq!(row(&copy, first).wire, b"a");
        }
    }
}
