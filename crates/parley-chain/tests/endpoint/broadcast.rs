//! Offering transactions: all at once in their order, one after another where that is refused, and
//! what each answer is taken for.

use alloy_primitives::{hex, keccak256};
use parley_chain::{ReadFailure, Refusal, SendFailure};
use parley_core::endpoint::Lie;
use serde_json::{Value, json};

use crate::server::{Server, http, ok, refusal, reply};

type Answers = Result<Vec<Result<(), SendFailure>>, ReadFailure>;

const RAW: [&[u8]; 3] = [&[2, 1], &[2, 2], &[2, 3]];
const LOST: SendFailure = SendFailure::Offline(ReadFailure::BadAnswer);

/// The answer of a node that took a transaction.
fn taken(id: usize, raw: &[u8]) -> Value {
    reply(id, &json!(keccak256(raw)))
}

fn broken() -> Vec<u8> {
    http("502 Bad Gateway", "Server: x", b"")
}

/// A refusal of everything that was asked at once.
fn not_at_once() -> Vec<u8> {
    let error = json!({ "code": -32_600, "message": "Batched requests are not supported" });
    ok(&json!({ "jsonrpc": "2.0", "id": null, "error": error }))
}

/// What comes of offering transactions, and what was asked.
async fn offered(raw: &[&[u8]], responses: Vec<Vec<u8>>) -> (Answers, Vec<Value>) {
    let server = Server::saying(responses);
    let raw: Vec<_> = raw.iter().map(|raw| raw.to_vec()).collect();
    let answers = server.endpoint().broadcast(&raw).await;
    (answers, server.asked())
}

#[tokio::test]
async fn transactions_are_offered_at_once_in_their_order() {
    let replies = json!([taken(0, RAW[0]), taken(1, RAW[1]), taken(2, RAW[2])]);
    let (answers, asked) = offered(&RAW, vec![ok(&replies)]).await;
    assert_eq!(answers, Ok(vec![Ok(()), Ok(()), Ok(())]));
    let params: Vec<_> = asked[0]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| question["params"][0].as_str().unwrap())
        .collect();
    assert_eq!(params, RAW.map(hex::encode_prefixed));
}

#[tokio::test]
async fn each_answer_is_put_to_its_transaction_whatever_the_order() {
    let replies = json!([
        taken(2, RAW[2]),
        refusal(0, -32_000, "already known"),
        refusal(1, -32_000, "nonce too high"),
    ]);
    let (answers, _) = offered(&RAW, vec![ok(&replies)]).await;
    let gap = SendFailure::Refused(Refusal::Gap);
    assert_eq!(answers, Ok(vec![Err(SendFailure::Known), Err(gap), Ok(())]));
}

#[tokio::test]
async fn one_without_an_answer_is_not_known_to_be_taken() {
    let replies = json!([taken(0, RAW[0]), taken(2, RAW[2])]);
    let (answers, _) = offered(&RAW, vec![ok(&replies)]).await;
    assert_eq!(answers, Ok(vec![Ok(()), Err(LOST), Ok(())]));
}

#[tokio::test]
async fn only_the_hash_of_the_transaction_says_that_it_was_taken() {
    // The hash of another transaction is no mistake.
    let forged = SendFailure::Offline(ReadFailure::Lie(Lie::ForgedReply));
    for (strange, why) in [
        (Value::Null, LOST),
        (json!(true), LOST),
        (json!("0x"), LOST),
        (json!(keccak256(RAW[1])), forged),
    ] {
        let replies = json!([reply(0, &strange), taken(1, RAW[1])]);
        let (answers, _) = offered(&RAW[..2], vec![ok(&replies)]).await;
        assert_eq!(answers, Ok(vec![Err(why), Ok(())]), "{strange}");
        let (answers, _) = offered(&RAW[..1], vec![ok(&reply(0, &strange))]).await;
        assert_eq!(answers, Ok(vec![Err(why)]), "{strange}");
    }
}

#[tokio::test]
async fn no_more_than_sixteen_are_offered_at_once() {
    let raw: Vec<Vec<u8>> = (0..20).map(|number| vec![2, number]).collect();
    let raw: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
    let replies = |raw: &[&[u8]]| {
        let replies = raw.iter().enumerate().map(|(id, raw)| taken(id, raw));
        ok(&replies.collect())
    };
    let responses = vec![replies(&raw[..16]), replies(&raw[16..])];
    let (answers, asked) = offered(&raw, responses).await;
    assert_eq!(answers, Ok(vec![Ok(()); 20]));
    let sizes = asked.iter().map(|batch| batch.as_array().unwrap().len());
    assert_eq!(sizes.collect::<Vec<_>>(), [16, 4]);
    // What follows a window that was not answered is not offered.
    let (answers, _) = offered(&raw, vec![replies(&raw[..16]), broken()]).await;
    let answers = answers.unwrap();
    assert_eq!(answers.len(), 17);
    let lost = SendFailure::Offline(ReadFailure::Unreachable);
    assert_eq!(answers[16], Err(lost));
}

#[tokio::test]
async fn where_they_are_not_taken_at_once_they_are_offered_one_after_another() {
    let responses = vec![
        not_at_once(),
        ok(&taken(0, RAW[0])),
        ok(&refusal(0, -32_000, "nonce too high")),
        ok(&taken(0, RAW[2])),
    ];
    let (answers, asked) = offered(&RAW, responses).await;
    let gap = SendFailure::Refused(Refusal::Gap);
    assert_eq!(answers, Ok(vec![Ok(()), Err(gap), Ok(())]));
    let each = asked[1..].iter().map(|question| &question["params"][0]);
    let wanted = RAW.map(|raw| json!(hex::encode_prefixed(raw)));
    assert_eq!(each.collect::<Vec<_>>(), wanted.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn an_endpoint_that_takes_none_at_once_is_not_asked_so_again() {
    let once = [not_at_once(), ok(&taken(0, RAW[0])), ok(&taken(0, RAW[1]))];
    let again = [ok(&taken(0, RAW[0])), ok(&taken(0, RAW[1]))];
    let server = Server::saying([once.to_vec(), again.to_vec()].concat());
    let endpoint = server.endpoint();
    let raw = [RAW[0].to_vec(), RAW[1].to_vec()];
    for _ in 0..2 {
        assert_eq!(endpoint.broadcast(&raw).await, Ok(vec![Ok(()), Ok(())]));
    }
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn after_an_answer_that_does_not_come_nothing_more_is_offered() {
    let responses = vec![
        not_at_once(),
        ok(&taken(0, RAW[0])),
        broken(),
        ok(&taken(0, RAW[2])),
    ];
    let (answers, asked) = offered(&RAW, responses).await;
    let lost = SendFailure::Offline(ReadFailure::Unreachable);
    assert_eq!(answers, Ok(vec![Ok(()), Err(lost)]));
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn when_no_answer_comes_at_all_that_is_the_answer() {
    let (answers, asked) = offered(&RAW, vec![broken()]).await;
    assert_eq!(answers, Err(ReadFailure::Unreachable));
    assert_eq!(asked.len(), 1);
    let (answers, _) = offered(&RAW, vec![not_at_once(), broken()]).await;
    assert_eq!(answers, Err(ReadFailure::Unreachable));
}

#[tokio::test]
async fn a_limit_on_everything_is_no_reason_to_ask_more_often() {
    let error = json!({ "code": -32_005, "message": "request rate limited" });
    let limited = ok(&json!({ "jsonrpc": "2.0", "id": null, "error": error }));
    let (answers, asked) = offered(&RAW, vec![limited]).await;
    let busy = ReadFailure::Busy {
        retry_after_ms: None,
    };
    assert_eq!((answers, asked.len()), (Err(busy), 1));
}

#[tokio::test]
async fn nothing_to_offer_asks_nobody() {
    let (answers, asked) = offered(&[], vec![]).await;
    assert_eq!((answers, asked.len()), (Ok(vec![]), 0));
}
