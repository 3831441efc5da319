//! The chain takes a block back: the message in it is shown as sent again with its reason, offered
//! again, in a block again, and everywhere once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use parley_testkit::{Anvil, Device, free_text, mine_field};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

/// Replaces the newest blocks by empty ones and one more.
fn reorganise(node: &Anvil, depth: u64) {
    node.rpc("anvil_reorg", &json!([depth, []]));
    node.rpc("anvil_mine", &json!(["0x1"]));
}

#[test]
fn a_message_whose_block_was_replaced_is_offered_again_and_shown_once() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let bob = Device::new(PROGRAM, &node.url());
    let id = alice.send(&mine_field(150));
    alice.sync();
    bob.sync();
    let before = alice.own(id);
    assert_eq!(before["state"], "in-block");
    assert_eq!(bob.rows("inbox").len(), 1);

    // From here on the node puts nothing into blocks by itself.
    node.rpc("evm_setAutomine", &json!([false]));
    reorganise(&node, 2);
    alice.run(&["sync", "--timeout", "30"], "").expect_code(0);
    let dropped = alice.own(id);
    assert_eq!(dropped["state"], "sent", "{dropped}");
    assert_eq!(
        dropped["reason"],
        "Its block was replaced by another; it is offered again."
    );
    assert_eq!(
        dropped["transactionHash"], before["transactionHash"],
        "one message, one nonce"
    );
    bob.sync();
    assert_eq!(bob.rows("inbox").len(), 0, "it is in no block now");

    node.rpc("anvil_mine", &json!(["0x1"]));
    alice.sync();
    bob.sync();
    let after = alice.own(id);
    assert_eq!(after["state"], "in-block", "{after}");
    assert_eq!(after["transactionHash"], before["transactionHash"]);
    assert_ne!(after["blockNumber"], before["blockNumber"]);
    for device in [&alice, &bob] {
        assert_eq!(device.rows("inbox").len(), 1, "once");
        assert_eq!(device.rows("situation").len(), 1, "once");
    }
    assert_eq!(node.whiteflag_transactions().len(), 1);
}

#[test]
fn what_was_received_follows_the_chain_through_many_replacements() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let bob = Device::new(PROGRAM, &node.url());
    for round in 1..=8_u64 {
        let _ = alice.send(&free_text(&format!("round {round}")));
        alice.sync();
        bob.sync();
        reorganise(&node, 1 + round % 4);
        alice.sync();
        bob.sync();
        let on_chain = node.whiteflag_transactions();
        let received: Vec<(u64, String)> = bob
            .rows("inbox")
            .iter()
            .map(|row| {
                (
                    row["blockNumber"].as_u64().unwrap(),
                    row["raw"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        assert_eq!(received, on_chain, "round {round}");
        assert_eq!(
            on_chain.len() as u64,
            round,
            "every message is on the chain, once"
        );
    }
}

#[test]
fn a_chain_that_contradicts_final_blocks_is_not_believed() {
    let node = Anvil::start_with(&["--slots-in-an-epoch", "1"]);
    let alice = Device::new(PROGRAM, &node.url());
    let _ = alice.send(&mine_field(150));
    alice.sync();
    node.rpc("anvil_mine", &json!(["0x8"]));
    alice.sync();
    let before = alice.rows("inbox");
    assert_eq!(before[0]["state"], "final");
    reorganise(&node, 9);
    let answer = alice.run(&["sync", "--timeout", "2"], "").expect_code(3);
    assert!(
        answer.error.contains("contradicts blocks that were final"),
        "{}",
        answer.error
    );
    assert_eq!(alice.rows("inbox"), before, "nothing was changed");
}
