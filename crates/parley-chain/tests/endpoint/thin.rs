//! What is asked over a thin link: all in one exchange, only what is wanted, and what is offered keeps
//! its answer whatever became of the others.

use alloy_primitives::{Address, B256, U256, keccak256};
use parley_chain::{Means, ReadFailure, SendFailure, Told, Wanted, Whereabouts};
use parley_core::fees::FeeQuote;
use serde_json::{Value, json};

use crate::server::{Server, asked_at_once, ok, refusal, reply};

const ACCOUNT: Address = Address::repeat_byte(0xAC);
const RAW: [&[u8]; 2] = [&[2, 1], &[2, 2]];

fn history() -> Value {
    json!({ "oldestBlock": "0x5", "baseFeePerGas": ["0x5", "0x6", "0x7"],
            "reward": [["0x3b9aca00"], ["0x3b9aca00"]] })
}

#[tokio::test]
async fn everything_that_is_wanted_goes_into_one_exchange() {
    let place = json!({ "blockNumber": "0x9" });
    let hashes = RAW.map(|raw| json!(keccak256(raw)));
    let server = Server::answering_at_once(&[
        json!("0x64"),
        json!("0x"),
        history(),
        json!(B256::from(U256::from(1_795_000_000_u64))),
        json!("0x3"),
        json!("0x5"),
        json!(null),
        place,
        json!(null),
        hashes[0].clone(),
        hashes[1].clone(),
    ]);
    let wanted = Wanted {
        means: true,
        count: true,
        pending: true,
        settled: true,
        places: vec![B256::repeat_byte(1), B256::repeat_byte(2)],
        offers: RAW.map(<[u8]>::to_vec).to_vec(),
        ..Wanted::default()
    };
    let told = server.endpoint().exchange(ACCOUNT, &wanted).await;
    let means = Means {
        balance: U256::from(100),
        has_code: false,
        fees: FeeQuote {
            base_fee: 7,
            priority: 1_000_000_000,
        },
        head: 6,
        head_time: Some(1_795_000_000),
    };
    let expected = Told {
        chain: None,
        means: Some(means),
        count: Some(3),
        pending: Some(5),
        settled: None,
        places: vec![(Whereabouts::Block, Some(9)), (Whereabouts::Unknown, None)],
        offers: vec![Ok(()), Ok(())],
    };
    assert_eq!(told, Ok(expected));
    let asked = asked_at_once(&server);
    let methods: Vec<_> = asked.iter().map(|(method, _)| *method).collect();
    assert_eq!(methods[3], "eth_call");
    assert_eq!(asked[9].1, json!(["0x0201"]), "offers come last");
    assert_eq!(methods.len(), 11);
}

#[tokio::test]
async fn a_refusal_that_concerns_one_question_or_offer_concerns_no_other() {
    let replies = json!([
        reply(0, &json!("0x64")),
        reply(1, &json!("0x")),
        reply(2, &history()),
        refusal(3, -32_601, "the method eth_call does not exist"),
        refusal(4, -32_000, "pending state is not available"),
        refusal(5, -32_000, "already known"),
        reply(6, &json!(keccak256(RAW[1]))),
    ]);
    let server = Server::saying(vec![ok(&replies)]);
    let wanted = Wanted {
        means: true,
        pending: true,
        offers: RAW.map(<[u8]>::to_vec).to_vec(),
        ..Wanted::default()
    };
    let told = server.endpoint().exchange(ACCOUNT, &wanted).await.unwrap();
    assert_eq!(told.means.unwrap().head_time, None);
    assert_eq!(told.pending, None);
    assert_eq!(told.offers, [Err(SendFailure::Known), Ok(())]);
}

#[tokio::test]
async fn without_an_answer_to_a_question_that_counts_there_is_none_at_all() {
    let replies = json!([reply(1, &json!(keccak256(RAW[0])))]);
    let server = Server::saying(vec![ok(&replies)]);
    let wanted = Wanted {
        count: true,
        offers: vec![RAW[0].to_vec()],
        ..Wanted::default()
    };
    let told = server.endpoint().exchange(ACCOUNT, &wanted).await;
    assert_eq!(told, Err(ReadFailure::BadAnswer));
}
