//! The JSON forms of blocks, transactions and receipts (execution API). It only shows.

use alloy_consensus::Transaction;
use alloy_primitives::{Bloom, U64, U128};
use serde_json::{Value, json};

use super::chain::Block;
use super::offered::Offered;

/// A block, with whole transactions or their hashes.
pub(super) fn block(block: &Block, whole: bool) -> Value {
    let mut shown = value(&block.header);
    let transactions: Vec<Value> = (0..block.transactions.len())
        .map(|index| {
            if whole {
                mined(block, index)
            } else {
                json!(block.transactions[index].hash)
            }
        })
        .collect();
    let octets: usize = block
        .transactions
        .iter()
        .map(|transaction| transaction.size)
        .sum();
    shown["hash"] = json!(block.hash);
    shown["size"] = json!(U64::from(block.header.size() + octets));
    shown["uncles"] = json!([]);
    shown["withdrawals"] = json!([]);
    shown["transactions"] = json!(transactions);
    shown
}

/// A transaction that waits.
pub(super) fn waiting(transaction: &Offered) -> Value {
    let mut shown = value(&transaction.envelope);
    shown["from"] = json!(transaction.from);
    shown["gasPrice"] = json!(U128::from(transaction.fee_cap()));
    for key in ["blockHash", "blockNumber", "transactionIndex"] {
        shown[key] = Value::Null;
    }
    shown
}

/// A transaction in a block.
pub(super) fn mined(block: &Block, index: usize) -> Value {
    let transaction = &block.transactions[index];
    let mut shown = waiting(transaction);
    shown["gasPrice"] = json!(price(block, transaction));
    shown["blockHash"] = json!(block.hash);
    shown["blockNumber"] = json!(U64::from(block.header.number));
    shown["blockTimestamp"] = json!(U64::from(block.header.timestamp));
    shown["transactionIndex"] = json!(U64::from(index));
    shown
}

/// The receipt of a transaction in a block.
pub(super) fn receipt(block: &Block, index: usize) -> Value {
    let transaction = &block.transactions[index];
    let cumulative: u64 = block.gas[..=index].iter().sum();
    json!({
        "type": U64::from(u8::from(transaction.envelope.tx_type())),
        "status": "0x1",
        "transactionHash": transaction.hash,
        "transactionIndex": U64::from(index),
        "blockHash": block.hash,
        "blockNumber": U64::from(block.header.number),
        "from": transaction.from,
        "to": transaction.to,
        "contractAddress": null,
        "gasUsed": U64::from(block.gas[index]),
        "cumulativeGasUsed": U64::from(cumulative),
        "effectiveGasPrice": price(block, transaction),
        "logs": [],
        "logsBloom": Bloom::ZERO,
    })
}

fn price(block: &Block, transaction: &Offered) -> U128 {
    U128::from(
        transaction
            .envelope
            .effective_gas_price(Some(block.base_fee())),
    )
}

fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).expect("a header or transaction is JSON")
}
