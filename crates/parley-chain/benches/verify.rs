//! Whole blocks, as an endpoint gives them, verified on one thread: from the answer's octets to its
//! Whiteflag messages, beside only parsing the same octets into transactions that nobody looks into.
//! Counted for each second of the processor, so that whoever else works there does not count. Writes a
//! line of JSON for each figure, for `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark speaks on stdout and fails by panicking"
)]
#![allow(
    clippy::cast_possible_truncation,
    reason = "octets to tell accounts apart"
)]

use std::hint::black_box;
use std::sync::Arc;

use alloy_consensus::{Header, SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, TxKind};
use parley_chain::{Carried, Carrier, Carrying, Endpoint, Url};
use parley_core::verification::Verification;
use parley_testkit::processor_seconds;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const TRANSACTIONS: u32 = 300;
/// Blocks in a round, of which parsing alone gets more, because it is quick.
const BLOCKS: u32 = 50;
const PARSED: u32 = 1_000;
/// Both sides take turns in so many rounds.
const ROUNDS: u32 = 10;
const CHAIN: u64 = 31_337;

/// Gives every question the same answer.
struct Recording(Vec<u8>);

impl Carrier for Recording {
    fn carry<'a>(&'a self, _: &'a Url, _: Vec<u8>) -> Carrying<'a> {
        let carried = Carried {
            body: Ok(self.0.clone()),
            sent: 0,
            received: 0,
            ms: 0,
        };
        Box::pin(async { carried })
    }
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    result: Contents<'a>,
}

#[derive(Deserialize)]
struct Contents<'a> {
    #[serde(borrow)]
    transactions: Vec<&'a RawValue>,
}

/// A transaction with calldata as a token transfer has it, one in `messages` a Whiteflag message.
fn transaction(number: u64, messages: u64) -> TxEnvelope {
    let is_message = messages != 0 && number.is_multiple_of(messages);
    let input = if is_message {
        b"WF1".repeat(21)
    } else {
        vec![number as u8 | 1; 68]
    };
    let content = TxEip1559 {
        chain_id: CHAIN,
        nonce: number,
        gas_limit: 60_000,
        max_fee_per_gas: 30_000_000_000 + u128::from(number),
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Call(Address::repeat_byte(number as u8)),
        input: input.into(),
        ..TxEip1559::default()
    };
    let secret = B256::repeat_byte(1 + (number % 200) as u8);
    let hash = content.signature_hash();
    let signature = alloy_consensus::crypto::secp256k1::sign_message(secret, hash).unwrap();
    content.into_signed(signature).into()
}

/// The answer with one block that is genuine in itself, with what nodes say beside each transaction.
fn answer(messages: u64) -> Vec<u8> {
    let envelopes: Vec<_> = (0..u64::from(TRANSACTIONS))
        .map(|number| transaction(number, messages))
        .collect();
    let encoded: Vec<_> = envelopes.iter().map(Encodable2718::encoded_2718).collect();
    let header = Header {
        number: 1,
        transactions_root: alloy_trie::root::ordered_trie_root_encoded(&encoded),
        base_fee_per_gas: Some(7),
        ..Header::default()
    };
    let mut block = json!(header);
    block["hash"] = json!(header.hash_slow());
    let transactions = envelopes.iter().map(|envelope| {
        let mut transaction = json!(envelope);
        transaction["hash"] = json!(envelope.tx_hash());
        transaction["from"] = json!(Address::repeat_byte(9));
        transaction["blockHash"] = block["hash"].clone();
        transaction["blockNumber"] = json!("0x1");
        transaction["transactionIndex"] = json!("0x1");
        transaction
    });
    block["transactions"] = transactions.collect::<Vec<Value>>().into();
    let reply = json!([{ "jsonrpc": "2.0", "id": 0, "result": block }]);
    reply.to_string().into_bytes()
}

fn main() {
    measure("verifying transactions, none a message", 0);
    measure("verifying transactions, 1 in 40 a message", 40);
}

fn measure(name: &str, messages: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let bytes = answer(messages);
    let carrier = Arc::new(Recording(bytes.clone()));
    let endpoint = Endpoint::over("https://node.invalid/", carrier).unwrap();
    let own = Some(Address::repeat_byte(8));
    let verify = || {
        let found = runtime.block_on(endpoint.blocks(1, 1, CHAIN, own)).unwrap();
        assert_eq!(found.blocks[0].level, Verification::Block);
    };
    let parse = || {
        let replies: Vec<Reply<'_>> = serde_json::from_slice(black_box(&bytes)).unwrap();
        assert_eq!(replies[0].result.transactions.len(), TRANSACTIONS as usize);
    };
    let (mut verifying, mut parsing) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        verifying += seconds(BLOCKS, verify);
        parsing += seconds(PARSED, parse);
    }
    let row = json!({
        "name": name,
        "value": f64::from(ROUNDS * BLOCKS * TRANSACTIONS) / verifying,
        "unit": "1/s",
        "against": "only parsing them",
        "againstValue": f64::from(ROUNDS * PARSED * TRANSACTIONS) / parsing,
    });
    println!("{row}");
}

/// Of the processor.
fn seconds(times: u32, work: impl Fn()) -> f64 {
    let now = || processor_seconds(std::process::id()).unwrap();
    let before = now();
    (0..times).for_each(|_| work());
    now() - before
}
