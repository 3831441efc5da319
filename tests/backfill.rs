//! What receiving a long chain takes in memory. `PARLEY_BACKFILL_BLOCKS` says how many blocks.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use common::Resources;
use parley_testkit::strict::{Rules, Strict, StrictServer};
use parley_testkit::{Device, LOOK, Stopwatch};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_BLOCKS: u64 = 3_000;
/// Resident memory, at most, in KiB.
const MOST: u64 = 150 * 1024;
/// One block of so many has transactions in it: a real chain's blocks are not empty.
const SPARSE: u64 = 20;

#[test]
fn a_long_chain_is_received_in_little_memory() {
    let blocks = common::size("PARLEY_BACKFILL_BLOCKS", USUAL_BLOCKS);
    let mut node = Strict::new(Rules::default());
    for number in 1..=blocks {
        if number.is_multiple_of(SPARSE) {
            node.add_noise(number, 5);
            node.write_as(number % 7, format!("WF9 {number}").as_bytes());
        }
        node.mine();
    }
    let messages = node.whiteflag().len();
    let server = StrictServer::of(node);
    let device = Device::new(PROGRAM, &server.url());
    let limit = (60 + blocks / 20).to_string();
    let watch = Stopwatch::start();
    let mut sync = device
        .command(&["sync", "--timeout", &limit])
        .spawn()
        .unwrap();
    let mut most = 0;
    while sync.try_wait().unwrap().is_none() {
        // The highest that there ever was, so that nothing between two looks is missed.
        if let Some(now) = Resources::of(sync.id()) {
            most = now.most_kib;
        }
        std::thread::sleep(LOOK);
    }
    assert!(sync.wait().unwrap().success());
    let seconds = watch.seconds();
    println!("{blocks} blocks in {seconds:.0} s, at most {most} KiB");
    assert!(most > 0, "it was measured");
    assert!(most < MOST, "{most} KiB");
    assert_eq!(device.rows("inbox").len(), messages);
    let coverage = device.rows("network")[0]["coverage"].clone();
    assert_eq!(coverage["missing"], 0, "{coverage}");
}
