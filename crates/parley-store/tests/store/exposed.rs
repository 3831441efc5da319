//! What may have left the device is never changed or forgotten: not by the store, and not by any
//! statement that another version of it may come to hold.

use crate::folder::{Folder, NOW, all, burst, queue, row, signed};

/// A folder with one exposed message, and one that is only queued.
fn sent() -> Folder {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    queue(&mut store, b"b");
    folder
}

/// Asserts that SQLite refuses all of these, and that the messages are as they were.
fn refuses(cases: &[(&str, &str)]) {
    let folder = sent();
    let before = all(&folder.open().unwrap());
    for (sql, why) in cases {
        let said = folder.objection(sql);
        assert!(said.contains(why), "{sql}: {said}");
    }
    assert_eq!(all(&folder.open().unwrap()), before);
}

#[test]
fn another_fee_cannot_carry_other_octets_once_the_first_has_left() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    let mut other = signed(0, 2);
    other.wire = b"WF1 other".to_vec();
    store.seal_burst(&[(id, other)], NOW).unwrap_err();
    assert_eq!(row(&store, id).wire, b"WF1 final");
    assert_eq!(row(&store, id).variants.len(), 1);
}

#[test]
fn a_message_is_never_deleted() {
    refuses(&[
        ("DELETE FROM outbox WHERE id = 1", "never deleted"),
        ("DELETE FROM outbox WHERE id = 2", "never deleted"),
        ("DELETE FROM outbox", "never deleted"),
    ]);
}

#[test]
fn a_message_is_never_replaced_by_another_under_its_number() {
    refuses(&[
        (
            "INSERT OR REPLACE INTO outbox (id, wire, queued_at) VALUES (2, x'00', 1)",
            "keeps its number",
        ),
        (
            "UPDATE OR REPLACE outbox SET id = 2 WHERE id = 1",
            "keeps its number",
        ),
        ("UPDATE outbox SET id = 7 WHERE id = 2", "keeps its number"),
    ]);
}

#[test]
fn an_exposed_message_keeps_its_octets_and_is_not_cancelled() {
    refuses(&[
        (
            "UPDATE outbox SET wire = x'00' WHERE id = 1",
            "keeps its bytes",
        ),
        (
            "UPDATE outbox SET cancelled_at = 1 WHERE id = 1",
            "cannot be cancelled",
        ),
    ]);
}

#[test]
fn a_signed_transaction_is_never_changed() {
    refuses(&[
        ("UPDATE variant SET raw = x'00'", "never changed"),
        ("UPDATE variant SET hash = zeroblob(32)", "never changed"),
        ("UPDATE variant SET nonce = 7", "never changed"),
        ("UPDATE variant SET message = 2", "never changed"),
        ("UPDATE variant SET turn = 1", "never changed"),
        ("UPDATE variant SET max_fee = 1", "never changed"),
        ("UPDATE variant SET priority_fee = 1", "never changed"),
        ("UPDATE variant SET gas_limit = 1", "never changed"),
        ("UPDATE variant SET sealed_at = 1", "never changed"),
    ]);
}

#[test]
fn an_exposed_transaction_is_never_forgotten_or_called_unexposed() {
    refuses(&[
        ("DELETE FROM variant", "never forgotten"),
        ("UPDATE variant SET exposed_at = NULL", "stays exposed"),
        ("UPDATE variant SET exposed_at = 1", "stays exposed"),
    ]);
}

#[test]
fn an_exposed_transaction_is_never_replaced_by_another_in_its_place() {
    let columns = "(hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at)";
    let same = format!(
        "INSERT OR REPLACE INTO variant {columns}
         SELECT hash, message, 1, nonce, x'00', 1, 1, 1, 1 FROM variant"
    );
    let turn = format!(
        "INSERT OR REPLACE INTO variant {columns}
         SELECT zeroblob(32), message, turn, nonce, x'00', 1, 1, 1, 1 FROM variant"
    );
    refuses(&[(&same, "never replaced"), (&turn, "never replaced")]);
}
