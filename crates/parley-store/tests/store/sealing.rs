//! Which nonce a transaction takes, and what is signed when.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Conflict, NewVariant, Store, StoreError};

use crate::folder::{
    Folder, NOW, hash, newest, queue, queue_reply, row, seal, seal_and_expose, seal_many, signed,
};

/// Why sealing was refused.
fn refusal(store: &mut Store, id: MessageId, sealed: &NewVariant) -> Conflict {
    let before = store.outgoing().unwrap();
    let next = store.next_nonce().unwrap();
    let StoreError::Conflict(why) = store.seal(id, sealed).unwrap_err() else {
        panic!("a conflict")
    };
    assert_eq!(store.outgoing().unwrap(), before, "nothing changed");
    assert_eq!(store.next_nonce().unwrap(), next, "no nonce was used");
    why
}

fn nonces(store: &Store) -> Vec<u64> {
    let rows = store.outgoing().unwrap();
    let variants = rows.into_iter().flat_map(|row| row.variants);
    variants.map(|variant| variant.nonce).collect()
}

#[test]
fn sealing_keeps_the_transaction_and_the_final_octets_in_one_commit() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"WF1 draft");
    store.seal(id, &signed(0, 1)).unwrap();
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
    assert_eq!((variant.exposed_at, variant.accepted_by), (None, 0));
    assert_eq!((variant.sighted, variant.position), (false, None));
    assert_eq!(store.next_nonce().unwrap(), 1);
}

#[test]
fn messages_take_one_nonce_after_the_other() {
    let (_folder, mut store) = Folder::new();
    seal_many(&mut store, 1..=3);
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
    seal(&mut store, first, 1);
    seal(&mut store, second, 2);
    let why = refusal(&mut store, first, &signed(2, 3));
    assert_eq!(why, Conflict::WrongNonce { due: 0 });
    store.seal(first, &signed(0, 3)).unwrap();
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
    seal(&mut store, first, 1);
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
fn what_is_not_wanted_or_not_there_is_not_sealed() {
    let (_folder, mut store) = Folder::new();
    let (cancelled, stopped) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    store.cancel(&[cancelled], NOW).unwrap();
    store.stop(stopped, Stop::Displaced).unwrap();
    let unknown = MessageId(77);
    let sealed = signed(0, 1);
    assert_eq!(
        refusal(&mut store, cancelled, &sealed),
        Conflict::Cancelled(cancelled)
    );
    assert_eq!(
        refusal(&mut store, stopped, &sealed),
        Conflict::Stopped(stopped)
    );
    assert_eq!(
        refusal(&mut store, unknown, &sealed),
        Conflict::UnknownMessage(unknown)
    );
}

#[test]
fn a_message_is_sealed_only_after_what_it_refers_to_may_have_left() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    let why = refusal(&mut store, child, &signed(0, 2));
    assert_eq!(why, Conflict::ParentNotExposed(parent));
    seal(&mut store, parent, 1);
    let why = refusal(&mut store, child, &signed(1, 2));
    assert_eq!(
        why,
        Conflict::ParentNotExposed(parent),
        "a seal can still be taken back"
    );
    store.expose(&[hash(1)], NOW).unwrap();
    store.seal(child, &signed(1, 2)).unwrap();
}

#[test]
fn a_fee_is_not_raised_once_a_message_with_the_old_hash_in_it_has_left() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    seal_and_expose(&mut store, parent, 1);
    store.seal(parent, &signed(0, 2)).unwrap();
    seal_and_expose(&mut store, child, 3);
    let why = refusal(&mut store, parent, &signed(0, 4));
    assert_eq!(why, Conflict::DependentExposed(child));
}

#[test]
fn taking_a_seal_back_gives_its_nonce_and_all_later_ones_back() {
    let (_folder, mut store) = Folder::new();
    let ids = seal_many(&mut store, 1..=4);
    store.expose(&[hash(1)], NOW).unwrap();
    store.unseal(ids[2]).unwrap();
    assert_eq!(nonces(&store), [0, 1]);
    assert_eq!(store.next_nonce().unwrap(), 2);
    seal(&mut store, ids[3], 5);
    seal(&mut store, ids[2], 6);
    assert_eq!(
        (newest(&store, ids[3]).nonce, newest(&store, ids[2]).nonce),
        (2, 3)
    );
}

#[test]
fn no_seal_is_taken_back_when_it_or_a_later_one_may_have_left() {
    let (_folder, mut store) = Folder::new();
    let ids = [queue(&mut store, b"a"), queue(&mut store, b"b")];
    seal(&mut store, ids[0], 1);
    seal(&mut store, ids[1], 2);
    store.expose(&[hash(2)], NOW).unwrap();
    for id in ids {
        let refused = store.unseal(id).unwrap_err();
        assert!(matches!(refused, StoreError::Conflict(Conflict::Exposed)));
    }
    assert_eq!(nonces(&store), [0, 1]);
}

#[test]
fn taking_back_what_is_not_sealed_changes_nothing() {
    let (_folder, mut store) = Folder::new();
    let (sealed, queued) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    seal(&mut store, sealed, 1);
    store.unseal(queued).unwrap();
    store.unseal(MessageId(55)).unwrap();
    assert_eq!((nonces(&store), store.next_nonce().unwrap()), (vec![0], 1));
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
    seal(&mut store, id, 1);
    store.raise_nonce(6).unwrap();
    assert_eq!((nonces(&store), store.next_nonce().unwrap()), (vec![5], 6));
}

#[test]
fn a_nonce_that_the_chain_has_used_up_is_not_given_back() {
    let (_folder, mut store) = Folder::new();
    let (first, second) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    seal(&mut store, first, 1);
    seal(&mut store, second, 2);
    store.raise_nonce(1).unwrap();
    assert_eq!(store.next_nonce().unwrap(), 2, "the seals stand");
    store.unseal(first).unwrap();
    assert_eq!((nonces(&store), store.next_nonce().unwrap()), (vec![], 1));
}

#[test]
fn a_fee_that_does_not_fit_is_refused_and_nothing_changes() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let priceless = NewVariant {
        max_fee: u128::MAX,
        ..signed(0, 1)
    };
    store.seal(id, &priceless).unwrap_err();
    assert_eq!(row(&store, id).wire, b"a");
    assert_eq!(store.next_nonce().unwrap(), 0);
}
