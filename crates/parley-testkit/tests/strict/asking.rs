//! Asking the node, and a signer that offers.

use alloy_consensus::TxEip1559;
use alloy_eips::eip2930::AccessList;
use alloy_primitives::{Address, B256, TxKind, U256};
use parley_testkit::strict::{Limits, Rules, Signer, Strict};
use serde_json::{Value, json};

pub(crate) const GWEI: u128 = 1_000_000_000;
pub(crate) const ETHER: u128 = 1_000_000_000 * GWEI;
pub(crate) const GAS: u64 = 30_000;

/// The result of a call, or the code and words of its refusal.
pub(crate) fn ask(node: &mut Strict, method: &str, params: Value) -> Result<Value, (i64, String)> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = node.answer(body.to_string().as_bytes());
    let mut answer: Value = serde_json::from_slice(&answer).unwrap();
    match answer.get("error") {
        None => Ok(answer["result"].take()),
        Some(error) => {
            let message = error["message"].as_str().unwrap().to_owned();
            Err((error["code"].as_i64().unwrap(), message))
        }
    }
}

pub(crate) fn number(value: &Value) -> u64 {
    let digits = value.as_str().unwrap().trim_start_matches("0x");
    u64::from_str_radix(digits, 16).unwrap()
}

/// A node, and an account with 1 ether on it.
pub(crate) fn node() -> (Strict, Signer) {
    node_with(Rules::default())
}

pub(crate) fn node_with(rules: Rules) -> (Strict, Signer) {
    let mut node = Strict::new(rules);
    let signer = Signer::of(1);
    node.fund(signer.address(), ETHER);
    (node, signer)
}

/// A node with a small pool.
pub(crate) fn small(global_slots: usize, global_queue: usize) -> (Strict, Signer) {
    let pool = Limits {
        global_slots,
        global_queue,
        ..Limits::default()
    };
    node_with(Rules {
        pool,
        ..Rules::default()
    })
}

/// A message to oneself; `fee` is cap and tip in wei per gas.
pub(crate) fn message(signer: &Signer, nonce: u64, fee: (u128, u128)) -> TxEip1559 {
    TxEip1559 {
        chain_id: 31_337,
        nonce,
        gas_limit: GAS,
        max_fee_per_gas: fee.0,
        max_priority_fee_per_gas: fee.1,
        to: TxKind::Call(signer.address()),
        value: U256::ZERO,
        access_list: AccessList::default(),
        input: format!("WF1 {nonce}").into_bytes().into(),
    }
}

/// What the node says to a transaction.
pub(crate) fn offer(
    node: &mut Strict,
    signer: &Signer,
    transaction: TxEip1559,
) -> Result<B256, String> {
    let raw = alloy_primitives::hex::encode_prefixed(signer.sign(transaction));
    match ask(node, "eth_sendRawTransaction", json!([raw])) {
        Ok(hash) => Ok(serde_json::from_value(hash).unwrap()),
        Err((_, message)) => Err(message),
    }
}

/// Offers a message with this nonce for 10 gwei and 1 gwei.
pub(crate) fn offer_nonce(node: &mut Strict, signer: &Signer, nonce: u64) -> Result<B256, String> {
    offer(node, signer, message(signer, nonce, (10 * GWEI, GWEI)))
}

pub(crate) fn waiting(node: &Strict, address: Address) -> Vec<u64> {
    node.pool_of(address)
        .iter()
        .map(|sent| sent.nonce)
        .collect()
}

pub(crate) fn mined(node: &Strict, address: Address) -> Vec<u64> {
    node.transactions_of(address)
        .iter()
        .map(|sent| sent.nonce)
        .collect()
}
