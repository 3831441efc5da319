//! Each transaction reaches the node, and no answer to an offer ever comes back: everything is on the
//! chain once all the same, and the device knows. `PARLEY_LOST` says how many messages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod truth;

use parley_testkit::{Anvil, Device, Fault, Proxy, free_text};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL: usize = 50;

#[test]
fn without_any_answer_to_an_offer_everything_is_sent_once() {
    let count = std::env::var("PARLEY_LOST")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(USUAL);
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        let offer = "eth_sendRawTransaction";
        script.fault(Fault::DropAfter).on(offer);
    });
    let alice = Device::new(PROGRAM, &proxy.url());
    let texts: Vec<String> = (0..count).map(|n| format!("lost {n}")).collect();
    let lines = texts.iter().map(|text| format!("{}\n", free_text(text)));
    let input: String = lines.collect();
    alice.run(&["send", "--lines"], &input).expect_code(0);
    alice.run(&["sync", "--timeout", "600"], "").expect_code(0);

    let address = alice.address();
    let sent = truth::sent_since(&node, &address, 0);
    truth::has_no_gap(&alice, &sent);
    let there = truth::texts(&sent, &address, None);
    assert_eq!(there.len(), count);
    let once = |text| there.get(text) == Some(&1);
    assert!(texts.iter().all(once));
    let rows = alice.rows("outbox");
    // Of many, the first are deep enough to be final.
    let there = ["in-block", "safe", "final"];
    let is_there = |row: &serde_json::Value| there.iter().any(|state| row["state"] == *state);
    assert!(rows.iter().all(is_there));
    let lost = proxy.seen().faults;
    assert!(lost >= count.div_ceil(16) as u64, "every answer was lost");
    // What the chain shows to be there is not offered for ever.
    let most = *proxy.seen().offers.values().max().unwrap();
    assert!(most <= 3, "one was offered {most} times");
}
