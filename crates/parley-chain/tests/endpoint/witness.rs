//! A second opinion on a block: by the history contract, or by the header.

use alloy_primitives::{B256, U256};
use parley_chain::ReadFailure;
use parley_core::endpoint::Lie;
use serde_json::{Value, json};

use crate::server::{Server, answering, asked, ok, refusal, refusing, reply};

const HASH: B256 = B256::repeat_byte(7);

fn header() -> Value {
    serde_json::from_str(include_str!("../fixtures/mixed.json")).unwrap()
}

#[tokio::test]
async fn the_history_contract_is_asked_in_the_state_of_a_block() {
    let (server, endpoint) = answering(json!(HASH));
    assert_eq!(
        endpoint.block_hash_by_contract(300, 400).await,
        Ok(Some(HASH))
    );
    let number: B256 = U256::from(300).into();
    let contract = "0x0000f90827f1c53a10cb7a02335b175320002935";
    let call = json!([{ "to": contract, "data": number }, "0x190"]);
    assert_eq!(asked(&server.asked()[0]), ("eth_call", &call));
}

#[tokio::test]
async fn what_the_contract_does_not_have_is_none() {
    for nothing in [json!("0x"), json!(B256::ZERO), json!("0x07"), Value::Null] {
        let (_server, endpoint) = answering(nothing.clone());
        assert_eq!(
            endpoint.block_hash_by_contract(3, 4).await,
            Ok(None),
            "{nothing}"
        );
    }
    let (_server, endpoint) = refusing();
    assert_eq!(endpoint.block_hash_by_contract(4, 4).await, Ok(None));
}

#[tokio::test]
async fn a_recent_block_takes_one_small_question() {
    let (server, endpoint) = answering(json!(HASH));
    assert_eq!(endpoint.witness(1).await, Ok(Some(HASH)));
    let questions = server.asked();
    assert_eq!(
        (questions.len(), &questions[0]["params"][1]),
        (1, &json!("latest"))
    );
}

#[tokio::test]
async fn where_the_contract_has_none_the_header_is_recomputed() {
    let hash: B256 = serde_json::from_value(header()["hash"].clone()).unwrap();
    let mut lie = header();
    lie["hash"] = json!(HASH);
    for (second, wanted) in [
        (header(), Ok(Some(hash))),
        (Value::Null, Ok(None)),
        (lie, Err(ReadFailure::Lie(Lie::FalseHeader))),
    ] {
        let replies = vec![
            ok(&refusal(0, 3, "execution reverted")),
            ok(&reply(0, &second)),
        ];
        let endpoint = Server::saying(replies).endpoint();
        assert_eq!(endpoint.witness(1).await, wanted, "{second}");
    }
}
