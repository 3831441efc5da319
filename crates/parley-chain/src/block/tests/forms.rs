//! What is of a form not known here is not a lie: the level falls, and what can be recomputed is
//! shown all the same.

use alloy_consensus::{SignableTransaction, TxEip4844, TxEip7702};
use alloy_primitives::{B64, Bloom, Bytes, Signature, U256};
use serde_json::{Value, json};

use super::super::*;
use super::forge::{
    CHAIN, block, changed, genuine_with, legacy, look, modern, rehash, transactions,
};

/// Asserts that a block is taken at the lower level.
fn lowered(block: &Value) -> Block {
    let found = look(block).unwrap().unwrap();
    assert_eq!(found.level, Verification::Signer);
    found
}

/// A header as a later fork may have it: a further field, and another hash for that.
fn later_fork(block: &mut Value) {
    block["laterForkHash"] = json!(B256::repeat_byte(1));
    block["hash"] = json!(B256::repeat_byte(2));
}

#[test]
fn a_header_of_a_later_fork_lowers_the_level_and_keeps_the_hash_that_is_claimed() {
    let genuine = look(&block("mixed")).unwrap().unwrap();
    let later = changed("mixed", later_fork);
    let found = lowered(&later);
    assert_eq!(found.header.hash, B256::repeat_byte(2));
    assert_eq!((found.unreadable, &found.messages), (0, &genuine.messages));
    assert_eq!(header(&later.to_string()).unwrap(), Some(found.header));
}

#[test]
fn the_extra_data_of_another_consensus_is_hashed_in_its_own_way() {
    let with_extra = |length: usize| {
        changed("empty", |block| {
            block["extraData"] = json!(Bytes::from(vec![7; length]));
            block["hash"] = json!(B256::repeat_byte(2));
        })
    };
    lowered(&with_extra(33));
    let lie = ReadFailure::Lie(Lie::FalseHeader);
    assert_eq!(look(&with_extra(32)), Err(lie));
    let mut recomputed = with_extra(97);
    rehash(&mut recomputed);
    let found = look(&recomputed).unwrap().unwrap();
    assert_eq!(found.level, Verification::Block);
}

#[test]
fn a_transaction_of_an_unknown_type_is_counted_and_lowers_the_level() {
    for kind in [json!("0x7e"), json!("0x64"), json!(9)] {
        let strange = changed("mixed", |block| {
            transactions(block)[1]["type"] = kind.clone();
        });
        let found = lowered(&strange);
        assert_eq!(found.unreadable, 1);
        let indices: Vec<_> = found.messages.iter().map(|found| found.index).collect();
        assert_eq!(indices, [0, 2, 3, 5], "the others are shown");
    }
}

#[test]
fn deposits_made_up_types_and_no_type_at_all_are_counted_beside_what_is_known() {
    // As OP-stack nodes give the deposit that begins each block (type 0x7e): nobody signed it.
    let deposit = json!({
        "type": "0x7e", "hash": B256::repeat_byte(3), "from": Address::repeat_byte(0xDE),
        "to": Address::repeat_byte(0x42), "sourceHash": B256::repeat_byte(4), "mint": "0x0",
        "nonce": "0x1", "value": "0x0", "gas": "0xf4240", "gasPrice": "0x0", "input": "0x574631",
        "isSystemTx": false, "depositReceiptVersion": "0x1", "v": "0x0", "r": "0x0", "s": "0x0",
        "blockNumber": "0x1", "transactionIndex": "0x0", "blockHash": B256::ZERO,
    });
    let strange = changed("mixed", |block| {
        let all = transactions(block);
        all[1] = deposit;
        all[2]["type"] = json!("0x99");
        for key in ["type", "r", "s", "v", "yParity"] {
            all[4].as_object_mut().unwrap().remove(key);
        }
    });
    let found = lowered(&strange);
    assert_eq!(found.unreadable, 3);
    let indices: Vec<_> = found.messages.iter().map(|found| found.index).collect();
    assert_eq!(indices, [0, 3, 5], "the others are shown");
}

#[test]
fn a_signed_transaction_without_its_type_is_counted_or_read_as_what_it_is() {
    for index in [0, 3] {
        let strange = changed("mixed", |block| {
            let one = transactions(block)[index].as_object_mut().unwrap();
            one.remove("type");
        });
        let found = look(&strange).unwrap().unwrap();
        let genuine = look(&block("mixed")).unwrap().unwrap();
        if found.unreadable == 0 {
            assert_eq!(found, genuine);
        } else {
            let others = genuine.messages.iter();
            let others: Vec<_> = others
                .filter(|one| one.index != index as u64)
                .cloned()
                .collect();
            assert_eq!((found.unreadable, found.messages), (1, others));
        }
    }
}

#[test]
fn a_transaction_that_is_nested_without_end_is_of_no_known_form() {
    let (open, close) = ("[".repeat(50_000), "]".repeat(50_000));
    let single = block("single").to_string();
    let deep = single.replace(
        "\"accessList\":[]",
        &format!("\"accessList\":{open}{close}"),
    );
    let found = verified(&deep, 3, CHAIN, None).unwrap().unwrap();
    assert_eq!((found.level, found.unreadable), (Verification::Signer, 1));
}

#[test]
fn a_message_in_a_transaction_of_an_unknown_type_is_not_shown() {
    let strange = changed("single", |block| {
        transactions(block)[0]["type"] = json!("0x7e");
    });
    let found = lowered(&strange);
    assert_eq!((found.unreadable, found.messages), (1, vec![]));
}

#[test]
fn a_transaction_that_a_chain_made_itself_has_no_signature_and_no_originator() {
    let system = changed("mixed", |block| {
        for key in ["r", "s", "v"] {
            transactions(block)[3][key] = json!("0x0");
        }
    });
    let found = lowered(&system);
    assert_eq!(found.unreadable, 1);
    assert!(found.messages.iter().all(|message| message.index != 3));
}

#[test]
fn a_transaction_with_an_unknown_key_may_be_encoded_in_another_way() {
    let same = changed("mixed", |block| {
        transactions(block)[3]["feeCurrency"] = json!("0x1");
    });
    let found = look(&same).unwrap().unwrap();
    assert_eq!(found.level, Verification::Block);
    let mut other = same;
    transactions(&mut other)[3]["gas"] = json!("0x1");
    assert_eq!(lowered(&other).unreadable, 0);
}

#[test]
fn every_type_of_transaction_there_is_today_is_known() {
    let signature = Signature::new(U256::from(7), U256::from(8), true);
    let blob = TxEip4844 {
        chain_id: CHAIN,
        ..TxEip4844::default()
    };
    let delegation = TxEip7702 {
        chain_id: CHAIN,
        ..TxEip7702::default()
    };
    let all: [TxEnvelope; 4] = [
        legacy(Some(CHAIN), b"WF1").into(),
        modern(CHAIN, b"WF1").into(),
        TxEnvelope::Eip4844(blob.into_signed(signature).map(Into::into)),
        delegation.into_signed(signature).into(),
    ];
    let mut json = genuine_with(&all);
    let found = look(&json).unwrap().unwrap();
    assert_eq!((found.level, found.unreadable), (Verification::Block, 0));
    for transaction in transactions(&mut json) {
        let text = transaction.to_string();
        assert!(has_only(&text, &TRANSACTION_KEYS), "{text}");
    }
}

#[test]
fn every_key_of_a_recorded_block_is_known() {
    for name in ["genesis", "mixed", "empty", "single"] {
        let mut block = block(name);
        assert!(has_only(&block.to_string(), &BLOCK_KEYS), "{name}");
        for transaction in transactions(&mut block) {
            let text = transaction.to_string();
            assert!(has_only(&text, &TRANSACTION_KEYS), "{name}");
        }
    }
}

/// Every field is named here, so that one which a new version of the library brings is not missed.
#[test]
fn every_field_that_a_header_can_have_is_known() {
    let header = ConsensusHeader {
        parent_hash: B256::ZERO,
        ommers_hash: B256::ZERO,
        beneficiary: Address::ZERO,
        state_root: B256::ZERO,
        transactions_root: B256::ZERO,
        receipts_root: B256::ZERO,
        logs_bloom: Bloom::ZERO,
        difficulty: U256::ZERO,
        number: 1,
        gas_limit: 1,
        gas_used: 1,
        timestamp: 1,
        extra_data: Bytes::new(),
        mix_hash: B256::ZERO,
        nonce: B64::ZERO,
        base_fee_per_gas: Some(1),
        withdrawals_root: Some(B256::ZERO),
        blob_gas_used: Some(1),
        excess_blob_gas: Some(1),
        parent_beacon_block_root: Some(B256::ZERO),
        requests_hash: Some(B256::ZERO),
        block_access_list_hash: Some(B256::ZERO),
        slot_number: Some(1),
    };
    let json = json!(header);
    assert!(has_only(&json.to_string(), &BLOCK_KEYS[..23]), "{json}");
    assert_eq!(json.as_object().unwrap().len(), 23);
}

#[test]
fn the_first_block_is_taken_by_its_name_which_is_pinned() {
    let altered = changed("genesis", |block| block["gasLimit"] = json!("0x1"));
    let found = verified(&altered.to_string(), 0, CHAIN, None);
    assert_eq!(found.unwrap().unwrap().level, Verification::Signer);
}
