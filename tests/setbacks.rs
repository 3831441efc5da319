//! A node that no longer takes a message or has mislaid it, and an account that another device uses
//! too: what holds a message up is said, and the message leaves once it can.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use parley_testkit::{Anvil, Device, Lie, Proxy, free_text, mine_field};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const GWEI: u64 = 1_000_000_000;

#[test]
fn a_message_that_a_node_no_longer_takes_is_offered_until_it_does() {
    let node = Anvil::start_with(&["--no-mining"]);
    let alice = Device::new(PROGRAM, &node.url());
    node.rpc(
        "anvil_setBalance",
        &json!([alice.address(), "0xde0b6b3a7640000"]),
    );
    let id = alice.send(&mine_field(150));
    alice.run(&["sync", "--until", "sent"], "").expect_code(0);
    let sent = alice.own(id);
    assert_eq!(sent["state"], "sent", "{sent}");

    // The node forgets it, and prices rise beyond what it offers.
    let hash = format!("0x{}", sent["transactionHash"].as_str().unwrap());
    node.rpc("anvil_dropTransaction", &json!([hash]));
    let price = |gwei: u64| {
        node.rpc(
            "anvil_setNextBlockBaseFeePerGas",
            &json!([format!("{:#x}", gwei * GWEI)]),
        );
    };
    price(1_000);
    alice.run(&["sync", "--timeout", "2"], "").expect_code(3);
    let refused = alice.own(id);
    assert_eq!(refused["state"], "sending", "{refused}");
    let reason = refused["reason"].as_str().unwrap();
    assert!(reason.contains("does not take it"), "{reason}");

    price(1);
    alice.run(&["sync", "--until", "sent"], "").expect_code(0);
    let again = alice.own(id);
    assert_eq!(again["state"], "sent", "{again}");
    assert_eq!(again["transactionHash"], sent["transactionHash"]);
    node.rpc("anvil_mine", &json!(["0x1"]));
    alice.sync();
    assert_eq!(node.whiteflag_transactions().len(), 1);
}

#[test]
fn what_another_device_sent_with_the_account_is_waited_for_until_it_is_settled() {
    let node = Anvil::start_with(&["--slots-in-an-epoch", "1"]);
    let alice = Device::new(PROGRAM, &node.url());
    alice.sync();
    // The same account twice, which nobody should do, and somebody will.
    let copy = Device::bare(PROGRAM);
    copy_folder(&alice.data(), &copy.data());
    let _ = alice.send(&free_text("from the first device"));
    alice.sync();
    let id = copy.send(&free_text("from the copy"));
    copy.run(&["sync", "--timeout", "2"], "").expect_code(3);
    assert_eq!(node.whiteflag_transactions().len(), 1, "no nonce twice");

    node.rpc("anvil_mine", &json!(["0x8"]));
    copy.sync();
    assert_eq!(copy.own(id)["state"], "in-block");
    let texts = node.whiteflag_transactions();
    assert_eq!(texts.len(), 2, "both, once");
}

#[test]
fn a_node_that_takes_and_forgets_is_not_asked_without_a_pause() {
    let node = Anvil::start_with(&["--no-mining"]);
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        script.lie(Lie::AcceptThenForget);
    });
    let alice = Device::new(PROGRAM, &proxy.url());
    node.rpc(
        "anvil_setBalance",
        &json!([alice.address(), "0xde0b6b3a7640000"]),
    );
    let id = alice.send(&mine_field(150));
    alice.run(&["sync", "--timeout", "3"], "").expect_code(3);
    let offered = proxy.seen().offered();
    // It is asked twice a second and a little more; without a pause it would be hundreds of times.
    assert!((2..30).contains(&offered), "offered {offered} times");
    assert_ne!(alice.own(id)["state"], "in-block");
}

/// anvil decides by the count of blocks when a transaction has its turn, and does not look again. One
/// that comes in just while the block with its predecessor is made is held for ever; here the count is
/// moved by hand, so that it happens each time.
#[test]
fn what_an_exercise_node_has_mislaid_comes_into_a_block_all_the_same() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let _ = alice.send(&free_text("first"));
    alice.sync();
    let count = |count: &str| node.rpc("anvil_setNonce", &json!([alice.address(), count]));
    count("0x0");
    let _ = alice.send(&free_text("second"));
    let id = alice.send(&free_text("third"));
    alice.run(&["sync", "--until", "sent"], "").expect_code(0);
    count("0x1");
    let held = alice.own(id);
    assert_eq!(held["state"], "sent", "{held}");
    let pool = node.rpc("txpool_status", &json!([]));
    assert_eq!(pool, json!({"pending": "0x0", "queued": "0x2"}));

    alice.sync();
    let there = alice.own(id);
    assert_eq!(there["state"], "in-block", "{there}");
    assert_eq!(there["transactionHash"], held["transactionHash"]);
    assert_eq!(node.whiteflag_transactions().len(), 3);
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}
