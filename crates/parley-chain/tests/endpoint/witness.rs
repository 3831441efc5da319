//! A second opinion on a block: by the history contract, or by the header.

use alloy_primitives::{B256, U256};
use parley_chain::ReadFailure;
use parley_core::endpoint::Lie;
use serde_json::{Value, json};

use crate::server::{Server, answering, asked, ok, refusal, reply};

const HASH: B256 = B256::repeat_byte(7);

fn header() -> Value {
    serde_json::from_str(include_str!("../fixtures/mixed.json")).unwrap()
}

#[tokio::test]
async fn a_recent_block_takes_one_small_question_to_the_history_contract() {
    let (server, endpoint) = answering(json!(HASH));
    assert_eq!(endpoint.witness(300).await, Ok(Some(HASH)));
    let number: B256 = U256::from(300).into();
    let contract = "0x0000f90827f1c53a10cb7a02335b175320002935";
    let call = json!([{ "to": contract, "data": number }, "latest"]);
    let questions = server.asked();
    assert_eq!(questions.len(), 1);
    assert_eq!(asked(&questions[0]), ("eth_call", &call));
}

#[tokio::test]
async fn what_the_contract_does_not_have_is_asked_for_as_a_header() {
    let hash: B256 = serde_json::from_value(header()["hash"].clone()).unwrap();
    for nothing in [json!("0x"), json!(B256::ZERO), json!("0x07"), Value::Null] {
        let server = Server::answering(&[nothing.clone(), header()]);
        let found = server.endpoint().witness(1).await;
        assert_eq!(found, Ok(Some(hash)), "{nothing}");
    }
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
