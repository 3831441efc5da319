//! Which transactions of a genuine block are Whiteflag messages on this chain, and whose.

use alloy_consensus::Signed;
use alloy_primitives::{Signature, TxKind, U256};
use serde_json::json;

use super::super::*;
use super::forge::{CHAIN, SIGNER, genuine_with, legacy, look, mirrored, modern, transactions};

/// The messages in a genuine block with this one transaction.
fn messages(transaction: impl Into<TxEnvelope>) -> Vec<Found> {
    let json = genuine_with(&[transaction.into()]);
    let found = look(&json).unwrap().unwrap();
    let whole = (found.level, found.unreadable);
    assert_eq!(whole, (Verification::Block, 0), "{json}");
    found.messages
}

#[test]
fn a_message_is_told_by_its_first_two_octets() {
    for input in [b"WF".as_slice(), b"WF\0", b"WF1 anything"] {
        let found = messages(modern(CHAIN, input));
        assert_eq!(found[0].input, input);
        assert_eq!(found[0].originator, SIGNER);
    }
    for input in [b"".as_slice(), b"W", b"wf1", b" WF1", b"FW"] {
        assert_eq!(messages(modern(CHAIN, input)), []);
    }
}

#[test]
fn a_transaction_that_was_signed_for_another_chain_is_no_message_here() {
    for other in [1, CHAIN + 1, u64::MAX / 2] {
        assert_eq!(messages(modern(other, b"WF1")), [], "{other}");
        assert_eq!(messages(legacy(Some(other), b"WF1")), [], "{other}");
    }
    assert_eq!(messages(modern(0, b"WF1")), []);
}

#[test]
fn a_legacy_transaction_of_this_chain_is_a_message() {
    let found = messages(legacy(Some(CHAIN), b"WF1"));
    assert_eq!(found[0].originator, SIGNER);
}

#[test]
fn a_signature_from_before_eip_155_names_no_chain_and_is_valid_here_too() {
    let signed = legacy(None, b"WF1");
    let hash = *signed.hash();
    let found = messages(signed);
    assert_eq!((found[0].hash, found[0].originator), (hash, SIGNER));
}

#[test]
fn the_chain_that_the_json_names_beside_an_older_signature_is_not_looked_at() {
    let mut block = genuine_with(&[legacy(None, b"WF1").into()]);
    let before = look(&block).unwrap();
    transactions(&mut block)[0]["chainId"] = json!("0x1");
    assert_eq!(look(&block).unwrap(), before);
}

#[test]
fn the_chain_that_the_json_names_beside_a_newer_signature_cannot_be_another() {
    let mut block = genuine_with(&[legacy(Some(1), b"WF1").into()]);
    transactions(&mut block)[0]["chainId"] = json!("0x7a69");
    let found = look(&block).unwrap().unwrap();
    let level = (found.level, found.unreadable);
    assert_eq!(level, (Verification::Signer, 1));
    assert_eq!(found.messages, []);
    let mut block = genuine_with(&[modern(1, b"WF1").into()]);
    transactions(&mut block)[0]["chainId"] = json!("0x7a69");
    let lie = ReadFailure::Lie(Lie::FalseTransactions);
    assert_eq!(look(&block), Err(lie));
}

#[test]
fn another_signature_for_the_same_content_makes_no_second_message() {
    let signed = modern(CHAIN, b"WF1");
    let mirror = mirrored(signed.clone());
    assert_ne!(signed.hash(), mirror.hash());
    assert_eq!(messages(mirror), []);
}

#[test]
fn a_signature_that_no_key_can_have_made_makes_no_message() {
    let content = modern(CHAIN, b"WF1").strip_signature();
    for (r, s) in [(U256::MAX, U256::from(1)), (U256::from(5), U256::ZERO)] {
        let signature = Signature::new(r, s, false);
        let signed = Signed::new_unhashed(content.clone(), signature);
        assert_eq!(messages(signed), []);
    }
}

#[test]
fn to_whom_it_goes_and_with_what_value_does_not_matter() {
    let mut content = legacy(None, b"WF1").strip_signature();
    content.to = TxKind::Create;
    content.value = U256::from(7);
    let signature = Signature::new(U256::from(1), U256::from(7), true);
    let signed = Signed::new_unhashed(content, signature);
    assert_eq!(messages(signed).len(), 1);
}
