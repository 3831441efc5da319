//! Where receiving begins on a public network: a day before the newest block by the chain's own time,
//! or where the person says. What was never received is said to be missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use parley_testkit::Device;
use parley_testkit::strict::{Reinclude, Rules, Strict, StrictServer};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
/// Three days of blocks.
const BLOCKS: u64 = 3 * 24 * 60 * 60 / PACE;
const PACE: u64 = 12;
/// Enough blocks where the time does not matter.
const SHORT: u64 = 600;
const GENESIS: u64 = 1_790_000_000;

fn chain(blocks: u64) -> StrictServer {
    let mut node = Strict::new(Rules {
        chain_id: 424_242,
        block_time: PACE,
        genesis_time: GENESIS,
        ..Rules::default()
    });
    node.mine_n(blocks);
    StrictServer::of(node)
}

/// What a device tells about its blocks after its first look at the chain.
fn begun(url: &str, start: Option<&str>) -> Value {
    let device = Device::bare(PROGRAM);
    let network = ["--network", "far", "--chain-id", "424242", "--rpc", url];
    device
        .run(&[&["init"][..], &network].concat(), "")
        .expect_code(0);
    if let Some(start) = start {
        device
            .run(&["settings", "--start", start], "")
            .expect_code(0);
    }
    device.run(&["sync", "--until", "sent"], "").expect_code(0);
    device.rows("network")[0]["coverage"].clone()
}

fn number(coverage: &Value, key: &str) -> u64 {
    coverage[key].as_u64().expect(key)
}

/// The one stretch that was received so far reaches the newest block, and the rest is missing.
fn is_said(coverage: &Value, start: u64) {
    assert_eq!(number(coverage, "start"), start, "{coverage}");
    assert_eq!(number(coverage, "head"), BLOCKS, "{coverage}");
    let stretches = coverage["stretches"].as_array().unwrap();
    assert_eq!(stretches.len(), 1, "{coverage}");
    let (first, last) = (
        number(&stretches[0], "first"),
        number(&stretches[0], "last"),
    );
    assert_eq!(last, BLOCKS, "{coverage}");
    assert!(
        first >= start,
        "nothing below the start is asked for: {coverage}"
    );
    assert_eq!(number(coverage, "missing"), first - start, "{coverage}");
    // An empty block of this node has about 1.6 kB and each is asked for by itself or with others.
    let expected = number(coverage, "expectedOctets");
    let each = expected.checked_div(first - start).unwrap_or(1_600);
    assert!(
        (1_000..4_000).contains(&each),
        "{each} octets a block: {coverage}"
    );
}

#[test]
fn receiving_begins_where_the_chain_was_a_day_ago_or_where_the_person_says() {
    let node = chain(BLOCKS);
    let url = node.url();
    is_said(&begun(&url, None), BLOCKS - 24 * 60 * 60 / PACE);
    is_said(&begun(&url, Some("usual")), BLOCKS - 24 * 60 * 60 / PACE);
    is_said(&begun(&url, Some("now")), BLOCKS);
    is_said(&begun(&url, Some("21000")), 21_000);
    // At the time of a block that one is the first; a second later the next one is.
    let time = |block: u64| format!("@{}", GENESIS + PACE * block);
    is_said(&begun(&url, Some(&time(20_000))), 20_000);
    let later = format!("@{}", GENESIS + PACE * 20_000 + 1);
    is_said(&begun(&url, Some(&later)), 20_001);
    is_said(&begun(&url, Some("@0")), 0);
    is_said(&begun(&url, Some("@99999999999")), BLOCKS);
}

#[test]
fn another_start_is_another_gap_and_nothing_that_was_received_is_lost() {
    let node = chain(SHORT);
    let device = Device::bare(PROGRAM);
    let url = node.url();
    let init = [
        "init",
        "--network",
        "far",
        "--chain-id",
        "424242",
        "--rpc",
        &url,
    ];
    device.run(&init, "").expect_code(0);
    let start = |start: &str| {
        device
            .run(&["settings", "--start", start], "")
            .expect_code(0);
        device.sync();
        device.rows("network")[0]["coverage"].clone()
    };
    let late = start("500");
    assert_eq!(number(&late["stretches"][0], "first"), 500, "{late}");
    assert_eq!(number(&late, "missing"), 0, "{late}");
    let early = start("300");
    assert_eq!(number(&early["stretches"][0], "first"), 300, "{early}");
    assert_eq!(number(&early, "missing"), 0, "{early}");
    let again = start("now");
    assert_eq!(number(&again["stretches"][0], "first"), 300, "{again}");
    assert_eq!(number(&again, "start"), SHORT, "{again}");
    assert_eq!(number(&again, "missing"), 0, "{again}");
}

#[test]
fn the_block_that_receiving_began_with_may_be_replaced() {
    for (made, more) in [(3, 0), (5, 0), (3, 4), (1, 5)] {
        let node = chain(SHORT);
        let device = Device::bare(PROGRAM);
        let url = node.url();
        let init = [
            "init",
            "--network",
            "far",
            "--chain-id",
            "424242",
            "--rpc",
            &url,
        ];
        device.run(&init, "").expect_code(0);
        device
            .run(&["settings", "--start", "now"], "")
            .expect_code(0);
        device.sync();
        // All that was received so far is on another branch then.
        node.node().reorg_to(3, made, Reinclude::None);
        device.sync();
        node.node().mine_n(more);
        device.sync();
        let head = SHORT - 3 + made + more;
        let coverage = device.rows("network")[0]["coverage"].clone();
        let stretches = coverage["stretches"].as_array().unwrap();
        assert_eq!(stretches.len(), 1, "{coverage}");
        assert!(number(&stretches[0], "first") <= SHORT, "{coverage}");
        assert_eq!(number(&stretches[0], "last"), head, "{coverage}");
        assert_eq!(number(&coverage, "missing"), 0, "{coverage}");
    }
}
