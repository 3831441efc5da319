//! Every question: how it is asked, and what its answers mean.

use alloy_primitives::{Address, B256};
use parley_chain::{ReadFailure, Whereabouts};
use parley_core::endpoint::Lie;
use parley_core::verification::Verification;
use serde_json::{Value, json};

use crate::server::{Server, answering, asked_at_once, number, ok, refusal, refusing, reply};

const CHAIN: u64 = 31_337;
const ACCOUNT: Address = Address::repeat_byte(0xAC);

fn block(name: &str) -> Value {
    let text = match name {
        "genesis" => include_str!("../fixtures/genesis.json"),
        "mixed" => include_str!("../fixtures/mixed.json"),
        "single" => include_str!("../fixtures/single.json"),
        _ => include_str!("../fixtures/empty.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn hash(block: &Value) -> B256 {
    serde_json::from_value(block["hash"].clone()).unwrap()
}

#[tokio::test]
async fn an_endpoint_says_for_which_chain_it_answers_and_how_far_that_goes() {
    let results = [json!("0x7a69"), block("genesis"), block("single")];
    let server = Server::answering_at_once(&results);
    let hello = server.endpoint().hello().await.unwrap();
    assert_eq!((hello.chain_id, hello.head), (CHAIN, 3));
    assert_eq!(hello.genesis, hash(&block("genesis")));
    assert_eq!(hello.newest.hash, hash(&block("single")));
    assert!(!hello.looks_amsterdam);
    let wanted = [
        ("eth_chainId", json!([])),
        ("eth_getBlockByNumber", json!(["0x0", false])),
        ("eth_getBlockByNumber", json!(["latest", false])),
    ];
    assert_eq!(asked_at_once(&server), wanted);
}

#[tokio::test]
async fn later_only_the_chain_and_the_newest_header_are_asked_for() {
    let server = Server::answering_at_once(&[json!("0x7a69"), block("single")]);
    let seen = server.endpoint().check_in().await.unwrap();
    assert_eq!((seen.chain_id, seen.newest.number), (CHAIN, 3));
    let wanted = [
        ("eth_chainId", json!([])),
        ("eth_getBlockByNumber", json!(["latest", false])),
    ];
    assert_eq!(asked_at_once(&server), wanted);
    let server = Server::answering_at_once(&[json!("0x7a69"), Value::Null]);
    let seen = server.endpoint().check_in().await;
    assert_eq!(
        seen,
        Err(ReadFailure::BadAnswer),
        "every chain has a newest block"
    );
}

#[tokio::test]
async fn a_header_of_amsterdam_is_seen_by_its_fields() {
    for (key, value) in [
        ("slotNumber", json!("0x1")),
        ("blockAccessListHash", json!(B256::ZERO)),
    ] {
        let mut newest = block("single");
        newest[key] = value;
        let header: alloy_consensus::Header = serde_json::from_value(newest.clone()).unwrap();
        newest["hash"] = json!(header.hash_slow());
        let server = Server::answering_at_once(&[json!("0x7a69"), newest]);
        let seen = server.endpoint().check_in().await.unwrap();
        assert!(seen.looks_amsterdam, "{key}");
    }
}

#[tokio::test]
async fn an_endpoint_that_takes_no_questions_at_once_is_asked_one_after_another() {
    let refusal = json!({ "code": -32_600, "message": "batch requests are disabled" });
    let server = Server::saying(vec![
        ok(&json!({ "jsonrpc": "2.0", "id": null, "error": refusal })),
        ok(&reply(0, &json!("0x7a69"))),
        ok(&reply(0, &block("single"))),
    ]);
    let seen = server.endpoint().check_in().await.unwrap();
    assert_eq!((seen.chain_id, seen.newest.number), (CHAIN, 3));
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn where_fewer_are_taken_at_once_many_are_to_be_asked_in_parts() {
    let refusal = refusal(0, -32_600, "batch too large");
    let server = Server::saying(vec![ok(&json!([refusal]))]);
    let found = server.endpoint().blocks(1, 17, CHAIN, None).await;
    assert_eq!(found, Err(ReadFailure::TooLarge));
}

#[tokio::test]
async fn an_endpoint_whose_first_block_is_none_or_not_the_first_is_not_believed() {
    for first in [Value::Null, block("mixed"), json!("0x0")] {
        let results = [json!("0x7a69"), first, block("single")];
        let hello = Server::answering_at_once(&results).endpoint().hello().await;
        assert_eq!(hello, Err(ReadFailure::BadAnswer));
    }
}

#[tokio::test]
async fn numbers_that_are_none_or_too_large_are_no_answer() {
    for strange in [
        json!("0x10000000000000000"),
        json!("-1"),
        json!("seven"),
        json!({}),
        json!([1]),
    ] {
        let (_server, endpoint) = answering(strange.clone());
        let found = number(&endpoint).await;
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{strange}");
    }
}

#[tokio::test]
async fn a_transaction_is_unknown_waiting_or_in_a_block() {
    let results = [
        Value::Null,
        json!({ "blockNumber": null, "hash": "0x1" }),
        json!({ "blockNumber": "0x1" }),
        json!({}),
    ];
    let server = Server::answering_at_once(&results);
    let hashes = [1, 2, 3, 4].map(B256::repeat_byte);
    let wanted = [
        Whereabouts::Unknown,
        Whereabouts::Pool,
        Whereabouts::Block,
        Whereabouts::Pool,
    ];
    assert_eq!(
        server.endpoint().whereabouts(&hashes).await.unwrap(),
        wanted
    );
    let asked = &server.asked()[0];
    assert_eq!(asked[2]["params"], json!([hashes[2]]));
}

#[tokio::test]
async fn blocks_come_verified_and_end_where_the_endpoint_has_no_more() {
    let results = [block("mixed"), block("empty"), Value::Null, Value::Null];
    let server = Server::answering_at_once(&results);
    let fetched = server.endpoint().blocks(1, 4, CHAIN, None).await.unwrap();
    let blocks = fetched.blocks;
    let sizes = results.map(|result| result.to_string().len());
    assert!(fetched.bytes as usize > sizes.iter().sum());
    let told: Vec<_> = blocks
        .iter()
        .map(|block| (block.header.number, block.level, block.messages.len()))
        .collect();
    let whole = Verification::Block;
    assert_eq!(told, [(1, whole, 4), (2, whole, 0)]);
    let asked = &server.asked()[0];
    let heights: Vec<_> = asked
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["params"])
        .collect();
    assert_eq!(heights[0], &json!(["0x1", true]));
    assert_eq!(heights[3], &json!(["0x4", true]));
}

#[tokio::test]
async fn transactions_of_the_own_account_are_named_with_the_nonces_they_used() {
    let account = alloy_primitives::address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    let server = Server::answering_at_once(&[block("mixed")]);
    let fetched = server
        .endpoint()
        .blocks(1, 1, CHAIN, Some(account))
        .await
        .unwrap();
    let uses: Vec<_> = fetched.blocks[0]
        .own
        .iter()
        .map(|used| (used.index, used.nonce))
        .collect();
    assert_eq!(uses, [(0, 0), (5, 1)]);
}

#[tokio::test]
async fn blocks_after_a_missing_one_are_not_taken() {
    let results = [block("mixed"), Value::Null, block("single")];
    let server = Server::answering_at_once(&results);
    let fetched = server.endpoint().blocks(1, 3, CHAIN, None).await;
    assert_eq!(fetched.unwrap().blocks.len(), 1);
}

#[tokio::test]
async fn on_another_chain_the_same_blocks_hold_no_messages() {
    let server = Server::answering_at_once(&[block("mixed")]);
    let fetched = server.endpoint().blocks(1, 1, 1, None).await.unwrap();
    let blocks = fetched.blocks;
    assert_eq!(blocks[0].level, Verification::Block);
    assert_eq!(blocks[0].messages, []);
}

#[tokio::test]
async fn one_false_block_of_several_makes_the_answer_a_bad_one() {
    let mut false_block = block("empty");
    false_block["timestamp"] = json!("0x1");
    let server = Server::answering_at_once(&[block("mixed"), false_block]);
    let found = server.endpoint().blocks(1, 2, CHAIN, None).await;
    assert_eq!(found, Err(ReadFailure::Lie(Lie::FalseHeader)));
}

#[tokio::test]
async fn blocks_in_the_wrong_place_are_not_taken() {
    let server = Server::answering_at_once(&[block("empty"), block("mixed")]);
    let found = server.endpoint().blocks(1, 2, CHAIN, None).await;
    assert_eq!(found, Err(ReadFailure::Lie(Lie::FalseHeader)));
}

#[tokio::test]
async fn a_header_is_asked_for_without_transactions() {
    let mut bare = block("mixed");
    bare["transactions"] = json!([B256::ZERO]);
    let (server, endpoint) = answering(bare.clone());
    let header = endpoint.header(1).await.unwrap().unwrap();
    assert_eq!((header.number, header.hash), (1, hash(&bare)));
    assert_eq!(server.asked()[0]["params"], json!(["0x1", false]));
    let (_server, endpoint) = answering(Value::Null);
    assert_eq!(endpoint.header(9).await, Ok(None));
    let (_server, endpoint) = refusing();
    assert_eq!(endpoint.header(9).await, Err(ReadFailure::Refused));
}

#[tokio::test]
async fn both_kinds_of_settled_blocks_are_asked_for_at_once() {
    let replies = json!([
        reply(1, &block("mixed")),
        refusal(0, -39_001, "Unknown block")
    ]);
    let server = Server::saying(vec![ok(&replies)]);
    let settled = server.endpoint().settled().await.unwrap();
    assert_eq!(settled.safe, None);
    assert_eq!(settled.finalized, Some((1, hash(&block("mixed")))));
    let wanted = [
        ("eth_getBlockByNumber", json!(["safe", false])),
        ("eth_getBlockByNumber", json!(["finalized", false])),
    ];
    assert_eq!(asked_at_once(&server), wanted);
}

#[tokio::test]
async fn being_asked_too_much_is_not_to_have_no_settled_blocks() {
    let replies = json!([
        reply(0, &block("mixed")),
        refusal(1, -32_005, "limit exceeded")
    ]);
    let found = Server::saying(vec![ok(&replies)])
        .endpoint()
        .settled()
        .await;
    let busy = ReadFailure::Busy {
        retry_after_ms: None,
    };
    assert_eq!(found, Err(busy));
}

#[tokio::test]
async fn a_chain_without_settled_blocks_says_so_in_either_way() {
    let refused = refusal(0, -39_001, "Unknown block");
    let server = Server::saying(vec![ok(&json!([refused, reply(1, &Value::Null)]))]);
    let settled = server.endpoint().settled().await.unwrap();
    assert_eq!((settled.safe, settled.finalized), (None, None));
}

#[tokio::test]
async fn a_settled_block_that_contradicts_itself_is_not_believed() {
    let mut altered = block("mixed");
    altered["number"] = json!("0x2");
    let server = Server::answering_at_once(&[Value::Null, altered]);
    let found = server.endpoint().settled().await;
    assert_eq!(found, Err(ReadFailure::Lie(Lie::FalseHeader)));
}

#[tokio::test]
async fn an_exercise_account_is_given_something_by_a_development_node() {
    let rich = Address::repeat_byte(1);
    let server = Server::answering(&[json!([rich]), json!(B256::ZERO)]);
    let endpoint = server.endpoint();
    endpoint
        .fund_from_development_account(ACCOUNT)
        .await
        .unwrap();
    let given = &server.asked()[1]["params"][0];
    assert_eq!(given["from"], json!(rich));
    assert_eq!(given["to"], json!(ACCOUNT));
    assert_eq!(given["value"], json!("0x8ac7230489e80000"));
}

#[tokio::test]
async fn a_node_that_holds_no_accounts_gives_nothing() {
    let (_server, endpoint) = answering(json!([]));
    let found = endpoint.fund_from_development_account(ACCOUNT).await;
    assert_eq!(found, Err(ReadFailure::Refused));
    let replies = vec![
        ok(&reply(0, &json!([ACCOUNT]))),
        ok(&refusal(0, -1, "locked")),
    ];
    let endpoint = Server::saying(replies).endpoint();
    let found = endpoint.fund_from_development_account(ACCOUNT).await;
    assert_eq!(found, Err(ReadFailure::Refused));
}

#[tokio::test]
async fn a_development_node_is_asked_to_let_go_of_what_an_account_sent() {
    let server = Server::answering(&[Value::Null]);
    let endpoint = server.endpoint();
    endpoint.let_go_on_development_node(ACCOUNT).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked["method"], "anvil_removePoolTransactions");
    assert_eq!(asked["params"], json!([ACCOUNT]));

    let refused = vec![ok(&refusal(0, -32_601, "Method not found"))];
    let endpoint = Server::saying(refused).endpoint();
    let found = endpoint.let_go_on_development_node(ACCOUNT).await;
    assert_eq!(found, Err(ReadFailure::Refused));
}
