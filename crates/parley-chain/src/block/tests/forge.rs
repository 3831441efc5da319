//! Recorded blocks, and the tools to make others of them: with these a block can be made that is
//! genuine in itself although no chain has it.

use alloy_consensus::crypto::secp256k1::sign_message;
use alloy_consensus::{SignableTransaction, Signed, TxEip1559, TxLegacy};
use alloy_primitives::{Signature, TxKind, U64, U256, address, b256};
use serde_json::{Value, json};

use super::super::*;

/// The chain of the recorded blocks.
pub(super) const CHAIN: u64 = 31_337;
/// Account 1 of the node's development accounts.
const SECRET: B256 = b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
pub(super) const SIGNER: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");
const ORDER: &str = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

/// A recorded block.
pub(super) fn block(name: &str) -> Value {
    let text = match name {
        "genesis" => include_str!("../../../tests/fixtures/genesis.json"),
        "mixed" => include_str!("../../../tests/fixtures/mixed.json"),
        "empty" => include_str!("../../../tests/fixtures/empty.json"),
        _ => include_str!("../../../tests/fixtures/single.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// The calldata of the recorded message with this number.
pub(super) fn input(number: u8) -> Vec<u8> {
    let mut input = b"WF100".to_vec();
    input.push(b'0' + number);
    input.extend(0..40_u8);
    input
}

/// What is made of a block that was asked for by the height it has.
pub(super) fn look(block: &Value) -> Result<Option<Block>, ReadFailure> {
    let number: U64 = serde_json::from_value(block["number"].clone()).unwrap_or_default();
    verified(&block.to_string(), number.to(), CHAIN, None)
}

/// A recorded block, changed.
pub(super) fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut block = block(name);
    change(&mut block);
    block
}

pub(super) fn transactions(block: &mut Value) -> &mut Vec<Value> {
    block["transactions"].as_array_mut().unwrap()
}

/// Gives a block the hash that it has.
pub(super) fn rehash(block: &mut Value) {
    let header: ConsensusHeader = serde_json::from_value(block.clone()).unwrap();
    block["hash"] = json!(header.hash_slow());
}

/// A block with these transactions and no others, genuine in itself.
pub(super) fn genuine_with(envelopes: &[TxEnvelope]) -> Value {
    let encoded: Vec<_> = envelopes.iter().map(Encodable2718::encoded_2718).collect();
    changed("empty", |block| {
        block["transactions"] = json!(envelopes);
        block["transactionsRoot"] = json!(alloy_trie::root::ordered_trie_root_encoded(&encoded));
        rehash(block);
    })
}

/// A signed EIP-1559 transaction with this calldata.
pub(super) fn modern(chain_id: u64, input: &[u8]) -> Signed<TxEip1559> {
    sign(TxEip1559 {
        chain_id,
        gas_limit: 30_000,
        max_fee_per_gas: 2,
        max_priority_fee_per_gas: 1,
        to: TxKind::Call(SIGNER),
        input: input.to_vec().into(),
        ..TxEip1559::default()
    })
}

/// A signed legacy transaction; without a chain id as before EIP-155.
pub(super) fn legacy(chain_id: Option<u64>, input: &[u8]) -> Signed<TxLegacy> {
    sign(TxLegacy {
        chain_id,
        gas_price: 2,
        gas_limit: 30_000,
        to: TxKind::Call(SIGNER),
        input: input.to_vec().into(),
        ..TxLegacy::default()
    })
}

fn sign<T: SignableTransaction<Signature>>(transaction: T) -> Signed<T> {
    let signature = sign_message(SECRET, transaction.signature_hash()).unwrap();
    transaction.into_signed(signature)
}

/// The other signature that the same key could have made of it, which is valid on no chain (EIP-2).
pub(super) fn mirrored(signed: Signed<TxEip1559>) -> Signed<TxEip1559> {
    let order: U256 = ORDER.parse().unwrap();
    let low = *signed.signature();
    let high = Signature::new(low.r(), order - low.s(), !low.v());
    signed.strip_signature().into_signed(high)
}
