//! Which nonce a transaction takes, and what is signed when.

use parley_core::MessageId;
use parley_store::{Conflict, NewVariant, Store, StoreError};

use crate::folder::{Folder, NOW, all, burst, hash, queue, row, signed};

/// Why sealing was refused.
fn refusal(store: &mut Store, id: MessageId, sealed: &NewVariant) -> Conflict {
    let before = all(store);
    let next = store.next_nonce().unwrap();
    let refused = store.seal_burst(&[(id, sealed.clone())], NOW).unwrap_err();
    let StoreError::Conflict(why) = refused else {
        panic!("a conflict")
    };
    assert_eq!(all(store), before, "nothing changed");
    assert_eq!(store.next_nonce().unwrap(), next, "no nonce was used");
    why
}

fn nonces(store: &Store) -> Vec<u64> {
    let variants = all(store).into_iter().flat_map(|row| row.variants);
    variants.map(|variant| variant.nonce).collect()
}

#[test]
fn sealing_keeps_the_transaction_and_the_final_octets_in_one_commit() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"WF1 draft");
    burst(&mut store, &[(id, 1)]);
    let store = folder.after_a_kill().open().unwrap();
    let row = row(&store, id);
    assert_eq!(row.wire, b"WF1 final");
    let variant = &row.variants[0];
    assert_eq!((variant.hash, variant.nonce), (hash(1), 0));
    assert_eq!(variant.raw, [2, 1]);
    assert_eq!(
        (variant.max_fee, variant.priority_fee),
        (2_000_000_000, 1_000_000)
    );
    assert_eq!((variant.gas_limit, variant.sealed_at), (23_000, NOW + 1));
    assert_eq!((variant.exposed_at, variant.accepted_by), (NOW + 2, 0));
    assert_eq!((variant.sighted, variant.position), (false, None));
    assert_eq!(store.next_nonce().unwrap(), 1);
}

#[test]
fn messages_take_one_nonce_after_the_other() {
    let (_folder, mut store) = Folder::new();
    for tag in 1..=3 {
        let id = queue(&mut store, b"a");
        burst(&mut store, &[(id, tag)]);
    }
    assert_eq!(nonces(&store), [0, 1, 2]);
    let id = queue(&mut store, b"b");
    for wrong in [0, 2, 4] {
        let why = refusal(&mut store, id, &signed(wrong, 9));
        assert_eq!(why, Conflict::WrongNonce { due: 3 });
    }
}

#[test]
fn a_message_keeps_its_nonce_over_all_its_variants() {
    let (_folder, mut store) = Folder::new();
    let (first, second) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(first, 1), (second, 2)]);
    let why = refusal(&mut store, first, &signed(2, 3));
    assert_eq!(why, Conflict::WrongNonce { due: 0 });
    store.seal_burst(&[(first, signed(0, 3))], NOW).unwrap();
    let variants = row(&store, first).variants;
    let hashes: Vec<_> = variants.iter().map(|variant| variant.hash).collect();
    assert_eq!(hashes, [hash(1), hash(3)], "oldest first");
    assert!(variants.iter().all(|variant| variant.nonce == 0));
    assert_eq!(store.next_nonce().unwrap(), 2);
}

#[test]
fn the_database_itself_gives_a_nonce_to_one_message_and_a_message_one_nonce() {
    let (folder, mut store) = Folder::new();
    let (first, second) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(first, 1)]);
    let insert = |message: MessageId, nonce: u64| {
        format!(
            "INSERT INTO variant
                 (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at)
             VALUES (zeroblob(32), {}, 1, {nonce}, x'02', 1, 1, 1, 1)",
            message.0
        )
    };
    let shared = folder.objection(&insert(second, 0));
    assert!(
        shared.contains("a nonce belongs to one message"),
        "{shared}"
    );
    let moved = folder.objection(&insert(first, 5));
    assert!(moved.contains("share its nonce"), "{moved}");
    assert_eq!(nonces(&store), [0]);
}

#[test]
fn what_is_not_there_is_not_sealed() {
    let (_folder, mut store) = Folder::new();
    let unknown = MessageId(77);
    let why = refusal(&mut store, unknown, &signed(0, 1));
    assert_eq!(why, Conflict::UnknownMessage(unknown));
}

#[test]
fn the_nonce_follows_the_chain_up_and_never_down() {
    let (folder, mut store) = Folder::new();
    store.raise_nonce(5).unwrap();
    assert_eq!(store.next_nonce().unwrap(), 5);
    store.raise_nonce(3).unwrap();
    drop(store);
    let mut store = folder.open().unwrap();
    assert_eq!(store.next_nonce().unwrap(), 5);
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store.raise_nonce(6).unwrap();
    assert_eq!((nonces(&store), store.next_nonce().unwrap()), (vec![5], 6));
}

#[test]
fn a_fee_that_does_not_fit_is_refused_and_nothing_changes() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let priceless = NewVariant {
        max_fee: u128::MAX,
        ..signed(0, 1)
    };
    store.seal_burst(&[(id, priceless)], NOW).unwrap_err();
    assert_eq!(row(&store, id).wire, b"a");
    assert_eq!(store.next_nonce().unwrap(), 0);
}
