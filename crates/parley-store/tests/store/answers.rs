//! What endpoints answered: a short log for the person, and for ever who holds the transaction.

use parley_core::MessageId;
use parley_store::{Attempt, Conflict, Outcome, Store, StoreError};

use crate::folder::{Folder, NOW, burst, hash, newest, queue, signed};

const HERE: &str = "http://a.example/";
const THERE: &str = "http://b.example/";

fn sent() -> (Folder, Store, MessageId) {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    (folder, store, id)
}

#[test]
fn the_answers_are_kept_as_they_came() {
    let (folder, mut store, id) = sent();
    let outcomes = [
        Outcome::Offline,
        Outcome::Refused("underpriced".to_owned()),
        Outcome::Accepted,
        Outcome::Known,
    ];
    for (outcome, at) in outcomes.iter().zip(NOW..) {
        store.attempt(hash(1), HERE, at, outcome).unwrap();
    }
    drop(store);
    let kept = folder.open().unwrap().attempts(id).unwrap();
    let made = outcomes
        .into_iter()
        .zip(NOW..)
        .map(|(outcome, at)| Attempt {
            hash: hash(1),
            endpoint: HERE.to_owned(),
            at,
            outcome,
        });
    assert_eq!(kept, made.collect::<Vec<_>>());
}

#[test]
fn an_endpoint_counts_once_however_often_it_says_yes() {
    let (_folder, mut store, id) = sent();
    for at in NOW..NOW + 60 {
        store
            .attempt(hash(1), HERE, at, &Outcome::Accepted)
            .unwrap();
        store.attempt(hash(1), HERE, at, &Outcome::Known).unwrap();
    }
    assert_eq!(newest(&store, id).accepted_by, 1);
    store.attempt(hash(1), THERE, NOW, &Outcome::Known).unwrap();
    assert_eq!(newest(&store, id).accepted_by, 2);
}

#[test]
fn no_answer_and_a_refusal_are_no_yes() {
    let (_folder, mut store, id) = sent();
    let refused = Outcome::Refused("gap".to_owned());
    store
        .attempt(hash(1), HERE, NOW, &Outcome::Offline)
        .unwrap();
    store.attempt(hash(1), HERE, NOW, &refused).unwrap();
    assert_eq!(newest(&store, id).accepted_by, 0);
}

#[test]
fn the_newest_fifty_answers_are_kept_and_every_yes() {
    let (folder, mut store, id) = sent();
    store
        .attempt(hash(1), HERE, NOW, &Outcome::Accepted)
        .unwrap();
    for at in NOW + 1..=NOW + 80 {
        store.attempt(hash(1), HERE, at, &Outcome::Offline).unwrap();
    }
    drop(store);
    let store = folder.open().unwrap();
    let times: Vec<_> = store.attempts(id).unwrap().iter().map(|a| a.at).collect();
    assert_eq!(times, (NOW + 31..=NOW + 80).collect::<Vec<_>>());
    assert_eq!(
        newest(&store, id).accepted_by,
        1,
        "the yes is older and stays"
    );
}

#[test]
fn one_message_does_not_push_out_the_answers_about_another() {
    let (_folder, mut store, first) = sent();
    let second = queue(&mut store, b"b");
    burst(&mut store, &[(second, 2)]);
    store
        .attempt(hash(1), HERE, NOW, &Outcome::Accepted)
        .unwrap();
    for at in NOW..NOW + 60 {
        store.attempt(hash(2), HERE, at, &Outcome::Offline).unwrap();
    }
    assert_eq!(store.attempts(first).unwrap().len(), 1);
    assert_eq!(store.attempts(second).unwrap().len(), 50);
}

#[test]
fn the_bound_is_for_all_variants_of_a_message_together() {
    let (_folder, mut store, id) = sent();
    store.seal_burst(&[(id, signed(0, 2))], NOW).unwrap();
    for at in NOW..NOW + 40 {
        store.attempt(hash(1), HERE, at, &Outcome::Offline).unwrap();
        store.attempt(hash(2), HERE, at, &Outcome::Offline).unwrap();
    }
    assert_eq!(store.attempts(id).unwrap().len(), 50);
}

#[test]
fn nothing_was_offered_that_is_not_sealed() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let unknown = store.attempt(hash(1), HERE, NOW, &Outcome::Accepted);
    assert!(matches!(
        unknown,
        Err(StoreError::Conflict(Conflict::UnknownVariant))
    ));
    assert!(store.attempts(id).unwrap().is_empty());
}

#[test]
fn a_refusal_without_a_reason_is_not_kept() {
    let (_folder, mut store, id) = sent();
    let silent = Outcome::Refused(String::new());
    store.attempt(hash(1), HERE, NOW, &silent).unwrap_err();
    assert!(store.attempts(id).unwrap().is_empty());
}

#[test]
fn a_refusal_counts_until_the_next_answer() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    assert!(!newest(&store, id).refused);
    let refused = Outcome::Refused("underpriced".to_owned());
    store.attempt(hash(1), HERE, NOW, &refused).unwrap();
    assert!(newest(&store, id).refused);
    store.attempt(hash(1), HERE, NOW, &Outcome::Known).unwrap();
    assert!(!newest(&store, id).refused);
}
