//! Whole blocks, as an endpoint gives them, verified on one thread: from the answer's octets to its
//! Whiteflag messages, beside only parsing the same octets into transactions that nobody looks into.

#![allow(missing_docs, reason = "the macros of criterion document nothing")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    reason = "octets to tell accounts apart"
)]

use std::hint::black_box;
use std::sync::Arc;

use alloy_consensus::{Header, SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, TxKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parley_chain::{Carried, Carrier, Carrying, Endpoint, Url};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const TRANSACTIONS: u64 = 300;
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
    let envelopes: Vec<_> = (0..TRANSACTIONS)
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

fn verify(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut group = criterion.benchmark_group("block of 300 transactions");
    group.throughput(Throughput::Elements(TRANSACTIONS));
    let bytes = answer(0);
    group.bench_function("parsed only", |bench| {
        bench.iter(|| {
            let replies: Vec<Reply<'_>> = serde_json::from_slice(black_box(&bytes)).unwrap();
            replies[0].result.transactions.len()
        });
    });
    let own = Some(Address::repeat_byte(8));
    for (name, messages, own) in [
        ("verified", 0, None),
        ("verified, own ones looked for", 0, own),
        ("verified, 1 in 40 a message", 40, own),
    ] {
        let carrier = Arc::new(Recording(answer(messages)));
        let endpoint = Endpoint::over("https://node.invalid/", carrier).unwrap();
        let found = runtime.block_on(endpoint.blocks(1, 1, CHAIN, own)).unwrap();
        assert_eq!(
            found.blocks[0].level,
            parley_core::verification::Verification::Block
        );
        group.bench_function(name, |bench| {
            bench.iter(|| runtime.block_on(endpoint.blocks(1, 1, CHAIN, own)).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
