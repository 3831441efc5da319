//! Whoever says how long a program may take gets it back by then, whatever the node does meanwhile: it
//! takes a connection and never speaks, begins an answer and never ends it, or holds what was sent and
//! makes no block.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::net::{Ipv4Addr, TcpListener};

use parley_chain::Deadline;
use parley_testkit::{Anvil, Device, Fault, Proxy, Stopwatch, free_text};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

/// It ends because its time is over, and not because a question was given up.
fn ends_in_time(device: &Device, until: &str) {
    let watch = Stopwatch::start();
    let sync = ["sync", "--until", until, "--timeout", "1"];
    device.run(&sync, "").expect_code(3);
    let taken = watch.elapsed();
    assert!(taken < Deadline::default().connect, "{taken:?}");
}

#[test]
fn a_node_that_never_speaks_holds_nobody_up() {
    // The system takes connections for it.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let device = Device::new(
        PROGRAM,
        &format!("http://{}", listener.local_addr().unwrap()),
    );
    let _ = device.send(&free_text("for nobody"));
    ends_in_time(&device, "idle");
}

#[test]
fn an_answer_that_never_ends_holds_nobody_up() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    let device = Device::new(PROGRAM, &proxy.url());
    device.sync();
    let _ = device.send(&free_text("late"));
    for asked in ["eth_chainId", "eth_getBalance", "eth_sendRawTransaction"] {
        proxy.script(|script| {
            script.clear();
            script.fault(Fault::SlowDrip).on(asked);
        });
        ends_in_time(&device, "idle");
    }
}

#[test]
fn a_chain_that_stands_still_holds_nobody_up() {
    let node = Anvil::start_with(&["--no-mining"]);
    let device = Device::new(PROGRAM, &node.url());
    node.rpc(
        "anvil_setBalance",
        &json!([device.address(), "0xde0b6b3a7640000"]),
    );
    let id = device.send(&free_text("later"));
    ends_in_time(&device, "final");
    assert_eq!(device.own(id)["state"], "sent");
}
