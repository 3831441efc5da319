//! What is in blocks, and how the node tells of it.

use alloy_primitives::{B256, U256, address};
use parley_testkit::strict::{Finality, Fork, Rules, Signer, Strict};
use serde_json::{Value, json};

use crate::asking::{
    ETHER, GAS, GWEI, ask, message, mined, node, node_with, number, offer, offer_nonce,
};

#[test]
fn the_highest_tip_comes_first_then_whoever_came_first_and_nonces_in_order() {
    let (mut node, poor) = node();
    let [rich, late] = [2, 3].map(Signer::of);
    for signer in [&rich, &late] {
        node.fund(signer.address(), ETHER);
    }
    let mut offer_for = |signer: &Signer, nonce, tip| {
        offer(&mut node, signer, message(signer, nonce, (100 * GWEI, tip))).unwrap()
    };
    let poor_0 = offer_for(&poor, 0, GWEI);
    let poor_1 = offer_for(&poor, 1, 9 * GWEI);
    let late_0 = offer_for(&late, 0, GWEI);
    let rich_0 = offer_for(&rich, 0, 2 * GWEI);
    let rich_1 = offer_for(&rich, 1, 1);
    node.mine();
    let block = ask(&mut node, "eth_getBlockByNumber", json!(["latest", false])).unwrap();
    let want = [rich_0, poor_0, poor_1, late_0, rich_1];
    assert_eq!(block["transactions"], json!(want));
}

#[test]
fn a_transaction_pays_what_it_uses_at_the_price_of_its_block() {
    let (mut node, signer) = node();
    let hash = offer_nonce(&mut node, &signer, 0).unwrap();
    node.set_base_fee(3 * u64::try_from(GWEI).unwrap());
    node.mine();
    let receipt = ask(&mut node, "eth_getTransactionReceipt", json!([hash])).unwrap();
    let used = number(&receipt["gasUsed"]);
    assert_eq!(used, 21_000 + 5 * 40);
    assert_eq!(number(&receipt["effectiveGasPrice"]), 4_000_000_000);
    let paid = U256::from(used) * U256::from(4 * GWEI);
    assert_eq!(node.balance_of(signer.address()), U256::from(ETHER) - paid);
}

#[test]
fn what_cannot_pay_the_base_fee_waits() {
    let (mut node, signer) = node();
    node.set_base_fee(20_000_000_000);
    offer_nonce(&mut node, &signer, 0).unwrap();
    node.mine();
    assert!(mined(&node, signer.address()).is_empty());
    node.set_base_fee(1_000_000_000);
    node.mine();
    assert_eq!(mined(&node, signer.address()), [0]);
}

/// EIP-1559: an eighth up after a full block, an eighth down after an empty one.
#[test]
fn the_base_fee_moves() {
    let (mut node, signer) = node_with(Rules {
        block_gas: 2 * GAS,
        base_fee: 8_000,
        ..Rules::default()
    });
    node.mine();
    assert_eq!(node.next_base_fee(), 6_125);
    node.set_base_fee(8_000);
    for nonce in 0..3 {
        let mut full = message(&signer, nonce, (10 * GWEI, GWEI));
        full.input = vec![1; (usize::try_from(GAS).unwrap() - 21_000) / 40].into();
        offer(&mut node, &signer, full).unwrap();
    }
    node.mine();
    assert_eq!(
        mined(&node, signer.address()),
        [0, 1],
        "the third does not fit"
    );
    assert_eq!(node.next_base_fee(), 9_000);
}

#[test]
fn nonces_and_balances_are_told_for_every_height() {
    let (mut node, signer) = node();
    for nonce in 0..3 {
        offer_nonce(&mut node, &signer, nonce).unwrap();
        node.mine();
    }
    offer_nonce(&mut node, &signer, 3).unwrap();
    node.finalize(1);
    for (tag, want) in [
        ("0x0", 0),
        ("0x2", 2),
        ("latest", 3),
        ("finalized", 1),
        ("pending", 4),
    ] {
        let params = json!([signer.address(), tag]);
        let count = ask(&mut node, "eth_getTransactionCount", params).unwrap();
        assert_eq!(number(&count), want, "{tag}");
    }
    let earliest = ask(
        &mut node,
        "eth_getBalance",
        json!([signer.address(), "0x0"]),
    )
    .unwrap();
    assert_eq!(earliest, json!(U256::from(ETHER)));
    let beyond = ask(
        &mut node,
        "eth_getTransactionCount",
        json!([signer.address(), "0x9"]),
    );
    assert_eq!(beyond.unwrap_err().1, "header not found");
}

#[test]
fn finality_is_by_depth_by_hand_or_not_at_all() {
    let (mut node, _) = node();
    let finalized =
        |node: &mut Strict| ask(node, "eth_getBlockByNumber", json!(["finalized", false]));
    assert_eq!(
        finalized(&mut node).unwrap_err().1,
        "finalized block not found"
    );
    node.mine_n(70);
    assert_eq!(number(&finalized(&mut node).unwrap()["number"]), 6);
    assert_eq!(node.safe(), Some(38));
    node.finalize(50);
    assert_eq!(number(&finalized(&mut node).unwrap()["number"]), 50);
    node.set_finality(Finality::None);
    assert!(finalized(&mut node).is_err());
}

#[test]
fn the_history_contract_serves_past_hashes() {
    let (mut node, _) = node();
    node.mine_n(3);
    let contract = address!("0x0000F90827F1C53a10cb7A02335B175320002935");
    let past = |node: &mut Strict, height: u64| {
        let input = B256::from(U256::from(height));
        ask(
            node,
            "eth_call",
            json!([{ "to": contract, "input": input }, "latest"]),
        )
    };
    let block = ask(&mut node, "eth_getBlockByNumber", json!(["0x2", false])).unwrap();
    assert_eq!(past(&mut node, 2).unwrap(), block["hash"]);
    assert_eq!(
        past(&mut node, 3).unwrap_err(),
        (3, "execution reverted".into())
    );
    node.mine_n(8_191);
    assert_eq!(past(&mut node, 2).unwrap_err().0, 3);
    assert!(past(&mut node, 3).is_ok());
}

#[test]
fn the_fee_history_tells_base_fees_and_tips() {
    let (mut node, signer) = node();
    offer(&mut node, &signer, message(&signer, 0, (10 * GWEI, 7))).unwrap();
    offer(&mut node, &signer, message(&signer, 1, (10 * GWEI, 9))).unwrap();
    node.mine_n(2);
    let history = ask(
        &mut node,
        "eth_feeHistory",
        json!(["0x14", "latest", [0.0, 50.0, 100.0]]),
    )
    .unwrap();
    assert_eq!(history["oldestBlock"], "0x0");
    assert_eq!(history["baseFeePerGas"].as_array().unwrap().len(), 4);
    assert_eq!(number(&history["baseFeePerGas"][3]), node.next_base_fee());
    assert_eq!(
        history["reward"],
        json!([
            ["0x0", "0x0", "0x0"],
            ["0x7", "0x7", "0x9"],
            ["0x0", "0x0", "0x0"]
        ])
    );
}

#[test]
fn only_amsterdam_headers_name_a_slot_and_an_access_list() {
    let (mut node, _) = node_with(Rules {
        fork: Fork::AmsterdamFrom(2),
        ..Rules::default()
    });
    node.mine_n(2);
    let mut has = |tag: &str| {
        let block = ask(&mut node, "eth_getBlockByNumber", json!([tag, true])).unwrap();
        (
            block.get("slotNumber").is_some(),
            block.get("blockAccessListHash").is_some(),
        )
    };
    assert_eq!(has("0x1"), (false, false));
    assert_eq!(has("0x2"), (true, true));
}

#[test]
fn batches_come_in_order_and_within_limits() {
    let (mut node, _) = node();
    let call = |id: u64, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method });
    let mut answers = |body: Value| -> Value {
        serde_json::from_slice(&node.answer(body.to_string().as_bytes())).unwrap()
    };
    let both = answers(json!([call(7, "eth_chainId"), call(3, "eth_mining")]));
    assert_eq!(
        both[0],
        json!({ "jsonrpc": "2.0", "id": 7, "result": "0x7a69" })
    );
    assert_eq!(
        (both[1]["id"].clone(), &both[1]["error"]["code"]),
        (json!(3), &json!(-32_601))
    );
    let many = answers(json!(vec![call(5, "eth_chainId"); 1_001]));
    assert_eq!(many[0]["error"]["message"], "batch too large");
    assert_eq!(many.as_array().unwrap().len(), 1);
    assert_eq!(
        answers(json!(vec![call(5, "eth_chainId"); 1_000]))
            .as_array()
            .unwrap()
            .len(),
        1_000
    );
    assert_eq!(answers(json!([]))["error"]["code"], -32_600);
    let silent = json!({ "jsonrpc": "2.0", "method": "eth_chainId" }).to_string();
    assert!(node.answer(silent.as_bytes()).is_empty());
    assert!(
        String::from_utf8(node.answer(b"{"))
            .unwrap()
            .contains("-32700")
    );
}

#[test]
fn the_same_calls_give_the_same_answers() {
    let run = |seed| {
        let (mut node, signer) = node_with(Rules {
            seed,
            ..Rules::default()
        });
        node.add_noise(5, 200);
        offer_nonce(&mut node, &signer, 0).unwrap();
        node.write_as(3, b"WF");
        node.mine_n(4);
        node.reorg(2, parley_testkit::strict::Reinclude::Some(4));
        node.head()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).hash, run(2).hash);
}
