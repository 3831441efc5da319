//! What sending depends on, asked for at once, and what an endpoint may leave out of it.

use alloy_primitives::{Address, U256};
use parley_chain::{AccountFacts, ReadFailure};
use parley_core::fees::FeeQuote;
use serde_json::{Value, json};

use crate::server::{Server, answering, asked, asked_at_once, ok, refusal, refusing, reply};

const ACCOUNT: Address = Address::repeat_byte(0xAC);

/// Answers to the six questions about an account.
fn facts() -> [Value; 6] {
    let history = json!({ "baseFeePerGas": ["0x5", "0x7"], "reward": [["0x3b9aca00"]] });
    [
        json!("0x3"),
        json!("0x5"),
        json!("0x2"),
        json!("0x64"),
        json!("0x"),
        history,
    ]
}

/// What comes of asking about an account and hearing these replies.
async fn heard(replies: Vec<Value>) -> Result<AccountFacts, ReadFailure> {
    let server = Server::saying(vec![ok(&Value::Array(replies))]);
    server.endpoint().account(ACCOUNT).await
}

fn replies(results: &[Value]) -> Vec<Value> {
    let replies = results.iter().enumerate();
    replies.map(|(id, result)| reply(id, result)).collect()
}

#[tokio::test]
async fn everything_about_an_account_is_asked_for_at_once() {
    let server = Server::answering_at_once(&facts());
    let found = server.endpoint().account(ACCOUNT).await;
    let fees = FeeQuote {
        base_fee: 7,
        priority: 1_000_000_000,
    };
    let wanted = AccountFacts {
        nonce: 3,
        pending_nonce: 5,
        final_nonce: Some(2),
        balance: U256::from(100),
        has_code: false,
        fees,
    };
    assert_eq!(found, Ok(wanted));
    let wanted = [
        ("eth_getTransactionCount", json!([ACCOUNT, "latest"])),
        ("eth_getTransactionCount", json!([ACCOUNT, "pending"])),
        ("eth_getTransactionCount", json!([ACCOUNT, "finalized"])),
        ("eth_getBalance", json!([ACCOUNT, "latest"])),
        ("eth_getCode", json!([ACCOUNT, "latest"])),
        ("eth_feeHistory", json!(["0x14", "latest", [50.0]])),
    ];
    assert_eq!(asked_at_once(&server), wanted);
}

#[tokio::test]
async fn a_balance_can_be_larger_than_a_machine_word() {
    let mut results = facts();
    results[3] = json!("0xde0b6b3a7640000000000");
    let wanted = U256::from(10_u8).pow(U256::from(18)) * U256::from(1_u64 << 24);
    assert_eq!(heard(replies(&results)).await.unwrap().balance, wanted);
}

/// What is found in this history of fees.
async fn priced(history: Value) -> Result<FeeQuote, ReadFailure> {
    let mut results = facts();
    results[5] = history;
    heard(replies(&results)).await.map(|facts| facts.fees)
}

#[tokio::test]
async fn the_price_is_the_next_base_fee_and_the_median_of_what_was_paid_on_top() {
    let history = json!({
        "oldestBlock": "0x1",
        "baseFeePerGas": ["0x1", "0x2", "0x3", "0x4", "0x5", "0x64"],
        "gasUsedRatio": [0.1, 0.2, 0.3, 0.4, 0.5],
        "reward": [["0x3b9aca00"], ["0x1"], ["0x77359400"], ["0x2"], ["0x77359401"]],
    });
    let quote = FeeQuote {
        base_fee: 100,
        priority: 1_000_000_000,
    };
    assert_eq!(priced(history).await, Ok(quote));
}

#[tokio::test]
async fn where_nobody_pays_on_top_a_little_is_offered() {
    for reward in [Value::Null, json!([]), json!([[]]), json!([["0x0"]])] {
        let history = json!({ "baseFeePerGas": ["0x7"], "reward": reward });
        let quote = priced(history).await.unwrap();
        assert_eq!((quote.base_fee, quote.priority), (7, 1_000_000));
    }
    let nothing = priced(json!({ "baseFeePerGas": [] })).await;
    assert_eq!(nothing, Err(ReadFailure::BadAnswer));
}

#[tokio::test]
async fn a_delegated_account_has_code() {
    let mut results = facts();
    results[4] = json!(format!("0xef0100{}", "ab".repeat(20)));
    assert!(heard(replies(&results)).await.unwrap().has_code);
}

#[tokio::test]
async fn a_node_without_a_pool_or_final_blocks_says_the_rest() {
    let mut replies = replies(&facts());
    replies[1] = refusal(1, -32_602, "pending is not supported");
    replies[2] = refusal(2, -39_001, "finalized block not found");
    let found = heard(replies).await.unwrap();
    assert_eq!(
        (found.nonce, found.pending_nonce, found.final_nonce),
        (3, 3, None)
    );
}

#[tokio::test]
async fn what_waits_is_never_less_than_what_is_in_blocks() {
    let mut results = facts();
    results[1] = json!("0x1");
    assert_eq!(heard(replies(&results)).await.unwrap().pending_nonce, 3);
}

#[tokio::test]
async fn what_must_be_there_is_missed_and_a_limit_is_no_missing_fact() {
    for id in [0, 3, 4, 5] {
        let mut replies = replies(&facts());
        replies[id] = refusal(id, -32_601, "the method does not exist");
        assert_eq!(heard(replies).await, Err(ReadFailure::Refused), "{id}");
    }
    for id in 0..6 {
        let mut replies = replies(&facts());
        replies[id] = refusal(id, 429, "compute units");
        let busy = ReadFailure::Busy {
            retry_after_ms: None,
        };
        assert_eq!(heard(replies).await, Err(busy), "{id}");
    }
}

#[tokio::test]
async fn nonces_of_many_accounts_are_asked_for_at_once_each_at_its_height() {
    let other = Address::repeat_byte(1);
    let server = Server::saying(vec![ok(&json!([
        reply(0, &json!("0x7")),
        refusal(1, -32_000, "missing trie node"),
        reply(2, &Value::Null),
    ]))]);
    let accounts = [(ACCOUNT, None), (other, Some(9)), (ACCOUNT, Some(10))];
    let found = server.endpoint().nonces_at(&accounts).await;
    assert_eq!(found, Ok(vec![Some(7), None, None]));
    let wanted = [
        ("eth_getTransactionCount", json!([ACCOUNT, "latest"])),
        ("eth_getTransactionCount", json!([other, "0x9"])),
        ("eth_getTransactionCount", json!([ACCOUNT, "0xa"])),
    ];
    assert_eq!(asked_at_once(&server), wanted);
}

#[tokio::test]
async fn an_estimate_is_asked_for_a_message_to_oneself() {
    let (server, endpoint) = answering(json!("0x5208"));
    assert_eq!(endpoint.estimate(ACCOUNT, b"WF1").await, Ok(Some(21_000)));
    let call = json!([{ "from": ACCOUNT, "to": ACCOUNT, "data": "0x574631" }]);
    assert_eq!(asked(&server.asked()[0]), ("eth_estimateGas", &call));
    let (_server, endpoint) = refusing();
    assert_eq!(endpoint.estimate(ACCOUNT, b"WF1").await, Ok(None));
}
