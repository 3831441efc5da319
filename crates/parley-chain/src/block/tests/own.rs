//! Which transactions prove that a nonce of the own account was used.

use serde_json::{Value, json};

use super::super::*;
use super::forge::{CHAIN, SIGNER, changed, genuine_with, legacy, mirrored, modern, transactions};

fn uses(block: &Value, own: Address) -> Vec<OwnUse> {
    let found = verified(&block.to_string(), 2, CHAIN, Some(own));
    found.unwrap().unwrap().own
}

/// A block with one message and one other transaction of [`SIGNER`].
fn two() -> Value {
    genuine_with(&[modern(CHAIN, b"WF1").into(), modern(CHAIN, b"else").into()])
}

/// Says in the JSON who signed.
fn told(mut block: Value, from: &Value) -> Value {
    for transaction in transactions(&mut block) {
        transaction["from"] = from.clone();
    }
    block
}

#[test]
fn messages_and_others_are_named_with_what_was_signed() {
    let signed = modern(CHAIN, b"else");
    let wanted = OwnUse {
        nonce: 0,
        hash: *signed.hash(),
        index: 1,
    };
    let found = uses(&told(two(), &json!(SIGNER)), SIGNER);
    assert_eq!((found.len(), found[1]), (2, wanted));
}

#[test]
fn where_nobody_is_named_the_signature_says_who_it_was() {
    assert_eq!(uses(&two(), SIGNER).len(), 2);
    assert_eq!(uses(&told(two(), &json!("nobody")), SIGNER).len(), 2);
    assert_eq!(uses(&told(two(), &Value::Null), SIGNER).len(), 2);
}

#[test]
fn capitals_in_an_address_make_no_difference() {
    let from = json!(SIGNER.to_checksum(None));
    assert_eq!(uses(&told(two(), &from), SIGNER).len(), 2);
}

#[test]
fn who_is_named_falsely_used_nothing() {
    let other = Address::repeat_byte(1);
    assert_eq!(uses(&told(two(), &json!(other)), other), []);
}

#[test]
fn a_message_is_the_own_one_by_its_signature_whoever_is_named() {
    let other = Address::repeat_byte(1);
    let found = uses(&told(two(), &json!(other)), SIGNER);
    let indices: Vec<_> = found.iter().map(|used| used.index).collect();
    assert_eq!(
        indices,
        [0],
        "the other is left out, as if the node had left it out"
    );
}

#[test]
fn on_another_chain_and_by_a_signature_that_is_valid_nowhere_nothing_is_used() {
    let elsewhere = genuine_with(&[modern(CHAIN + 1, b"else").into()]);
    assert_eq!(uses(&elsewhere, SIGNER), []);
    let mirror = genuine_with(&[mirrored(modern(CHAIN, b"else")).into()]);
    assert_eq!(uses(&mirror, SIGNER), []);
    let old = genuine_with(&[legacy(None, b"else").into()]);
    assert_eq!(uses(&old, SIGNER).len(), 1, "it is valid on every chain");
}

#[test]
fn nobody_is_looked_for_where_nobody_is_asked_for() {
    let found = verified(&two().to_string(), 2, CHAIN, None);
    assert_eq!(found.unwrap().unwrap().own, []);
}

#[test]
fn in_a_block_that_was_not_recomputed_the_level_says_so() {
    let lowered = changed("empty", |block| {
        *block = two();
        block["laterFork"] = json!("0x1");
        block["transactionsRoot"] = json!(B256::ZERO);
    });
    let found = verified(&lowered.to_string(), 2, CHAIN, Some(SIGNER))
        .unwrap()
        .unwrap();
    assert_eq!((found.level, found.own.len()), (Verification::Signer, 2));
}
