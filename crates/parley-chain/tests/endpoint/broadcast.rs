//! Offering transactions: one after another, and what each answer is taken for.

use alloy_primitives::{hex, keccak256};
use parley_chain::{ReadFailure, Refusal, SendFailure};
use serde_json::{Value, json};

use crate::server::{Server, http, ok, refusal, reply};

type Answers = Result<Vec<Result<(), SendFailure>>, ReadFailure>;

const RAW: [&[u8]; 3] = [&[2, 1], &[2, 2], &[2, 3]];

/// The answer of a node that took a transaction.
fn taken(raw: &[u8]) -> Vec<u8> {
    ok(&reply(0, &json!(keccak256(raw))))
}

fn refused(message: &str) -> Vec<u8> {
    ok(&refusal(0, -32_000, message))
}

fn broken() -> Vec<u8> {
    http("502 Bad Gateway", "Server: x", b"")
}

/// What comes of offering three transactions, and what was offered.
async fn offered(responses: Vec<Vec<u8>>) -> (Answers, Vec<Value>) {
    let server = Server::saying(responses);
    let answers = server.endpoint().broadcast(&RAW.map(<[u8]>::to_vec)).await;
    let asked = server.asked();
    let offered = asked
        .into_iter()
        .map(|mut question| question["params"][0].take());
    (answers, offered.collect())
}

#[tokio::test]
async fn transactions_are_offered_in_their_order_one_after_another() {
    let (answers, offered) = offered(RAW.map(taken).to_vec()).await;
    assert_eq!(answers, Ok(vec![Ok(()), Ok(()), Ok(())]));
    assert_eq!(offered, RAW.map(hex::encode_prefixed));
}

#[tokio::test]
async fn one_that_is_refused_does_not_hold_back_those_after_it() {
    let responses = vec![
        refused("already known"),
        refused("nonce too high"),
        taken(RAW[2]),
    ];
    let (answers, offered) = offered(responses).await;
    let gap = SendFailure::Refused(Refusal::Gap);
    assert_eq!(answers, Ok(vec![Err(SendFailure::Known), Err(gap), Ok(())]));
    assert_eq!(offered.len(), 3);
}

#[tokio::test]
async fn after_an_answer_that_does_not_come_nothing_more_is_offered() {
    let responses = vec![taken(RAW[0]), broken(), taken(RAW[2])];
    let (answers, offered) = offered(responses).await;
    let lost = SendFailure::Offline(ReadFailure::Unreachable);
    assert_eq!(answers, Ok(vec![Ok(()), Err(lost)]));
    assert_eq!(offered.len(), 2);
}

#[tokio::test]
async fn when_no_answer_comes_at_all_that_is_the_answer() {
    let (answers, offered) = offered(vec![broken()]).await;
    assert_eq!(answers, Err(ReadFailure::Unreachable));
    assert_eq!(offered.len(), 1);
}

#[tokio::test]
async fn only_the_hash_of_the_transaction_says_that_it_was_taken() {
    for strange in [
        Value::Null,
        json!(true),
        json!("0x"),
        json!(keccak256(RAW[1])),
    ] {
        let responses = vec![ok(&reply(0, &strange))];
        let (answers, _) = offered(responses).await;
        assert_eq!(answers, Err(ReadFailure::BadAnswer), "{strange}");
    }
}

#[tokio::test]
async fn nothing_to_offer_asks_nobody() {
    let server = Server::saying(vec![]);
    assert_eq!(server.endpoint().broadcast(&[]).await, Ok(vec![]));
    assert!(server.asked().is_empty());
}
