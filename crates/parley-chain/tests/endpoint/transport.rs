//! Answers that are none: too large, no JSON-RPC, cut off, for another question, from elsewhere.

use std::net::TcpListener;

use alloy_primitives::B256;
use parley_chain::{Endpoint, ReadFailure, Whereabouts};
use serde_json::{Value, json};

use crate::server::{Server, http, number, ok, refusal, reply};

/// The largest answer that is read.
const MOST: usize = 32 * 1024 * 1024;
const JSON: &str = "Content-Type: application/json";

/// What comes of asking one question and hearing this.
async fn heard(response: Vec<u8>) -> Result<u64, ReadFailure> {
    let server = Server::saying(vec![response]);
    number(&server.endpoint()).await
}

/// What comes of asking two questions at once and hearing this.
async fn heard_at_once(replies: &Value) -> Result<Vec<Whereabouts>, ReadFailure> {
    let server = Server::saying(vec![ok(replies)]);
    let hashes = [B256::repeat_byte(1), B256::repeat_byte(2)];
    server.endpoint().whereabouts(&hashes).await
}

/// A reply of this length in all.
fn padded(length: usize) -> Vec<u8> {
    let mut body = reply(0, &json!("0x7")).to_string().into_bytes();
    body.resize(length, b' ');
    body
}

#[tokio::test]
async fn an_answer_of_the_largest_size_is_read_and_a_larger_one_is_not() {
    assert_eq!(heard(http("200 OK", JSON, &padded(MOST))).await, Ok(7));
    let larger = heard(http("200 OK", JSON, &padded(MOST + 1))).await;
    assert_eq!(larger, Err(ReadFailure::TooLarge));
}

#[tokio::test]
async fn an_answer_without_a_stated_length_is_not_read_for_ever() {
    let mut response = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    response.resize(response.len() + MOST + 1, b' ');
    assert_eq!(heard(response).await, Err(ReadFailure::TooLarge));
}

#[tokio::test]
async fn a_page_for_people_is_no_answer() {
    let page = b"<!doctype html><title>Welcome to the hotel</title>";
    for status in [
        "200 OK",
        "403 Forbidden",
        "404 Not Found",
        "511 Network Authentication Required",
    ] {
        let found = heard(http(status, "Content-Type: text/html", page)).await;
        assert_eq!(found, Err(ReadFailure::NotAnEndpoint), "{status}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_broken_does_not_answer_whatever_it_says() {
    let body = reply(0, &json!("0x7")).to_string();
    for status in ["500 Internal Server Error", "502 Bad Gateway", "504 Late"] {
        let found = heard(http(status, JSON, body.as_bytes())).await;
        assert_eq!(found, Err(ReadFailure::Unreachable), "{status}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_overrun_says_how_long_to_leave_it_alone() {
    let body = reply(0, &json!("0x7")).to_string();
    for (header, retry_after_ms) in [
        ("Retry-After: 7", Some(7_000)),
        ("Retry-After: 18446744073709551615", Some(u64::MAX)),
        ("Retry-After: soon", None),
        ("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT", None),
        (JSON, None),
    ] {
        for status in ["429 Too Many Requests", "503 Busy"] {
            let found = heard(http(status, header, body.as_bytes())).await;
            let busy = ReadFailure::Busy { retry_after_ms };
            assert_eq!(found, Err(busy), "{status}, {header}");
        }
    }
}

#[tokio::test]
async fn a_limit_in_the_words_of_json_rpc_is_no_refusal_of_the_question() {
    for (code, said) in [
        (-32_005, "limit exceeded"),
        (
            429,
            "Your app has exceeded its compute units per second capacity",
        ),
        (-32_000, "Too Many Requests"),
    ] {
        let found = heard(ok(&refusal(0, code, said))).await;
        let busy = ReadFailure::Busy {
            retry_after_ms: None,
        };
        assert_eq!(found, Err(busy), "{said}");
    }
}

#[tokio::test]
async fn a_question_that_is_too_large_for_the_endpoint_is_one_to_ask_in_parts() {
    let found = heard(http("413 Content Too Large", JSON, b"")).await;
    assert_eq!(found, Err(ReadFailure::TooLarge));
    let found = heard(ok(&refusal(0, -32_003, "response too large"))).await;
    assert_eq!(found, Err(ReadFailure::TooLarge));
}

#[tokio::test]
async fn a_refusal_is_understood_with_any_other_status() {
    let body = refusal(0, -32_601, "method not found").to_string();
    for status in ["200 OK", "400 Bad Request", "403 Forbidden"] {
        let found = heard(http(status, JSON, body.as_bytes())).await;
        assert_eq!(found, Err(ReadFailure::Refused), "{status}");
    }
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = Server::answering(&[json!("0x7")]);
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent",
    ] {
        let location = format!("Location: {}", elsewhere.url());
        let found = heard(http(status, &location, b"")).await;
        assert_eq!(found, Err(ReadFailure::NotAnEndpoint), "{status}");
    }
    assert_eq!(elsewhere.asked(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_gave_no_answer() {
    let whole = ok(&reply(0, &json!("0x7")));
    for length in [0, 10, whole.len() - 30, whole.len() - 1] {
        let found = heard(whole[..length].to_vec()).await;
        assert_eq!(found, Err(ReadFailure::Unreachable), "{length}");
    }
}

#[tokio::test]
async fn where_nobody_listens_nobody_answers() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let found = number(&Endpoint::new(&url).unwrap()).await;
    assert_eq!(found, Err(ReadFailure::Unreachable));
}

#[tokio::test]
async fn an_answer_to_another_question_is_none() {
    for reply in [
        json!({ "jsonrpc": "2.0", "id": 1, "result": "0x7" }),
        json!({ "jsonrpc": "2.0", "id": null, "result": "0x7" }),
        json!({ "jsonrpc": "2.0", "result": "0x7" }),
        json!({ "jsonrpc": "2.0", "id": "0", "result": "0x7" }),
        json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": 1, "message": "" } }),
        json!([{ "jsonrpc": "2.0", "id": 0, "result": "0x7" }]),
        json!({ "jsonrpc": "2.0" }),
        json!("0x7"),
        Value::Null,
    ] {
        let found = heard(ok(&reply)).await;
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{reply}");
    }
}

#[tokio::test]
async fn a_question_that_was_not_understood_is_refused_without_its_number() {
    let reply =
        json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32600, "message": "?" } });
    assert_eq!(heard(ok(&reply)).await, Err(ReadFailure::Refused));
}

#[tokio::test]
async fn answers_in_another_order_are_put_in_the_order_of_the_questions() {
    let replies = json!([
        reply(1, &json!({ "blockNumber": "0x1" })),
        reply(0, &json!({ "blockNumber": null })),
    ]);
    let found = heard_at_once(&replies).await;
    assert_eq!(found, Ok(vec![Whereabouts::Pool, Whereabouts::Block]));
}

#[tokio::test]
async fn answers_that_are_too_few_too_many_or_of_other_questions_are_none() {
    let null = Value::Null;
    for replies in [
        json!([]),
        json!([reply(0, &null)]),
        json!([reply(0, &null), reply(0, &null)]),
        json!([reply(0, &null), reply(2, &null)]),
        json!([reply(0, &null), reply(1, &null), reply(1, &null)]),
        json!([reply(0, &null), refusal(1, -1, "no"), 7]),
        reply(0, &null),
    ] {
        let found = heard_at_once(&replies).await;
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{replies}");
    }
}

#[tokio::test]
async fn one_refused_question_of_several_is_a_refusal() {
    let replies = json!([reply(0, &Value::Null), refusal(1, -1, "no")]);
    assert_eq!(heard_at_once(&replies).await, Err(ReadFailure::Refused));
}

#[tokio::test]
async fn no_question_needs_no_answer() {
    let server = Server::saying(vec![]);
    assert_eq!(server.endpoint().whereabouts(&[]).await, Ok(vec![]));
    assert_eq!(
        server
            .endpoint()
            .blocks(1, 0, 1, None)
            .await
            .unwrap()
            .blocks,
        vec![]
    );
}
