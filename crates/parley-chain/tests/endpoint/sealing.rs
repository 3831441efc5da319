//! What is sealed here, read back by the library's own decoder, and held against what a real node
//! signed with the same key.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{Transaction, TxEnvelope};
use alloy_eips::Decodable2718;
use alloy_primitives::{B256, TxKind, U256, b256, keccak256};
use parley_chain::{Account, Sealed, Sealing};
use parley_core::fees::Offer;
use parley_core::gas::{self, Fork};
use serde_json::Value;

/// The node's development account 0.
const SECRET: B256 = b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

fn account() -> Account {
    Account::from_secret(SECRET.0).unwrap()
}

/// What the recorded messages of account 0 were made of.
fn recorded(nonce: u64, number: u8) -> Sealing {
    let input = [
        b"WF100".as_slice(),
        &[b'0' + number],
        &(0..40).collect::<Vec<u8>>(),
    ];
    Sealing {
        chain_id: 31_337,
        nonce,
        gas_limit: 30_000,
        offer: Offer {
            max_fee: 8_000_000_000,
            priority_fee: 1_000_000_000,
        },
        input: input.concat(),
    }
}

fn decoded(sealed: &Sealed) -> TxEnvelope {
    let mut rest = sealed.raw.as_slice();
    let envelope = TxEnvelope::decode_2718(&mut rest).unwrap();
    assert!(rest.is_empty(), "nothing after the transaction");
    envelope
}

#[test]
fn what_is_sealed_is_what_was_asked_for_from_the_account_to_itself() {
    let account = account();
    let sealing = recorded(7, 1);
    let envelope = decoded(&account.seal(sealing.clone()).unwrap());
    assert!(matches!(envelope, TxEnvelope::Eip1559(_)));
    assert_eq!(envelope.chain_id(), Some(31_337));
    assert_eq!(envelope.nonce(), 7);
    assert_eq!(envelope.gas_limit(), 30_000);
    assert_eq!(envelope.max_fee_per_gas(), 8_000_000_000);
    assert_eq!(envelope.max_priority_fee_per_gas(), Some(1_000_000_000));
    assert_eq!(envelope.kind(), TxKind::Call(account.address()));
    assert_eq!(envelope.value(), U256::ZERO);
    assert_eq!(envelope.input(), &sealing.input);
    assert!(envelope.access_list().unwrap().is_empty());
}

#[test]
fn the_signature_is_the_accounts_and_the_hash_is_that_of_the_octets() {
    for secret in [SECRET.0, [1; 32], [0x7F; 32]] {
        let account = Account::from_secret(secret).unwrap();
        let sealed = account.seal(recorded(0, 0)).unwrap();
        let envelope = decoded(&sealed);
        assert_eq!(envelope.recover_signer().unwrap(), account.address());
        assert_eq!(*envelope.tx_hash(), sealed.hash);
        assert_eq!(keccak256(&sealed.raw), sealed.hash);
    }
}

#[test]
fn a_node_that_signs_the_same_content_with_the_same_key_makes_the_same_transaction() {
    let mixed = include_str!("../fixtures/mixed.json");
    let single = include_str!("../fixtures/single.json");
    for (block, index, nonce, number) in [(mixed, 0, 0, 0), (mixed, 5, 1, 3), (single, 0, 2, 4)] {
        let block: Value = serde_json::from_str(block).unwrap();
        let theirs = &block["transactions"][index]["hash"];
        let ours = account().seal(recorded(nonce, number)).unwrap();
        assert_eq!(theirs.as_str().unwrap(), format!("{:?}", ours.hash));
    }
}

#[test]
fn anything_else_that_is_signed_is_another_transaction() {
    let same = recorded(0, 0);
    let hash = account().seal(same.clone()).unwrap().hash;
    let dearer = Offer {
        max_fee: 8_000_000_001,
        ..same.offer
    };
    let tipped = Offer {
        priority_fee: 2,
        ..same.offer
    };
    let others = [
        Sealing {
            chain_id: 1,
            ..same.clone()
        },
        Sealing {
            nonce: 1,
            ..same.clone()
        },
        Sealing {
            gas_limit: 30_001,
            ..same.clone()
        },
        Sealing {
            offer: dearer,
            ..same.clone()
        },
        Sealing {
            offer: tipped,
            ..same.clone()
        },
        Sealing {
            input: b"WF1".to_vec(),
            ..same
        },
    ];
    let hashes = others.map(|sealing| account().seal(sealing).unwrap().hash);
    assert!(!hashes.contains(&hash));
}

#[test]
fn the_gas_computed_for_a_message_survives_the_round_trip() {
    let mut sealing = recorded(0, 0);
    sealing.gas_limit = gas::limit(&sealing.input, Fork::Osaka);
    // 46 octets, one of them zero: the floor of EIP-7623.
    assert_eq!(sealing.gas_limit, 21_000 + 45 * 40 + 10);
    let envelope = decoded(&account().seal(sealing).unwrap());
    assert_eq!(envelope.gas_limit(), 22_810);
}

#[test]
fn the_longest_message_can_be_sealed() {
    let mut sealing = recorded(u64::MAX - 1, 0);
    sealing.input = vec![b'x'; 127 * 1024];
    let sealed = account().seal(sealing).unwrap();
    assert!(sealed.raw.len() <= 128 * 1024, "nodes pass it on");
    let envelope = decoded(&sealed);
    assert_eq!(envelope.recover_signer().unwrap(), account().address());
}
