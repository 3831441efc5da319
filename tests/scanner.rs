//! The receiver on a long chain that does not hold still: killed at random moments, away while the
//! chain runs ahead, its newest blocks replaced. In the end it has every Whiteflag transaction of the
//! chain and no other, and says exactly which blocks it received. `PARLEY_SCAN_BLOCKS` says how many
//! blocks; `PARLEY_SEED` repeats.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration;

use parley_testkit::Device;
use parley_testkit::strict::{Placed, Reinclude, Rules, Seed, Strict, StrictServer};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_BLOCKS: u64 = 600;
/// Transactions of a block; one of forty of them is a message.
const CROWD: u64 = 11;
/// How many strangers write.
const WRITERS: u64 = 12;
/// No block below this depth is ever replaced (the node calls it final).
const DEEPEST: u64 = 64;

fn size() -> u64 {
    common::size("PARLEY_SCAN_BLOCKS", USUAL_BLOCKS)
}

/// A chain that grows and changes.
struct World {
    server: StrictServer,
    seed: Seed,
    written: u64,
    /// The highest block that there ever was: what is final below it stays so.
    highest: u64,
}

impl World {
    fn new(seed: Seed) -> Self {
        Self {
            server: StrictServer::of(Strict::new(Rules::default())),
            seed,
            written: 0,
            highest: 0,
        }
    }

    fn height(&self) -> u64 {
        self.server.node().head().number
    }

    /// Blocks with a crowd in them, and now and then a message.
    fn grow(&mut self, blocks: u64) {
        for _ in 0..blocks {
            let mut crowd = 0;
            for _ in 0..CROWD {
                if self.seed.below(40) == 0 {
                    self.write();
                } else {
                    crowd += 1;
                }
            }
            let noise = self.seed.number();
            let mut node = self.server.node();
            node.add_noise(noise, crowd);
            node.mine();
        }
    }

    /// A message that nobody wrote before; one of eight cannot be decoded.
    fn write(&mut self) {
        self.written += 1;
        let mut octets = hex(
            "57463130a1000000000000000000000000000000000000000000000000000000000000000000000000",
        );
        if self.seed.below(8) == 0 {
            octets = b"WF9".to_vec();
        }
        octets.extend(self.written.to_be_bytes());
        let writer = 1 + self.seed.below(WRITERS);
        self.server.node().write_as(writer, &octets);
    }

    /// Other blocks in the place of the newest ones, a few more or fewer.
    fn replace(&mut self, deepest: u64) {
        let height = self.height();
        self.highest = self.highest.max(height);
        let open = height - self.highest.saturating_sub(DEEPEST);
        if open == 0 {
            return;
        }
        let depth = 1 + self.seed.below(deepest.min(open));
        let blocks = (depth + self.seed.below(4)).saturating_sub(1).max(1);
        let keep = Reinclude::draw(&mut self.seed);
        self.server.node().reorg_to(depth, blocks, keep);
    }

    fn messages(&self) -> u64 {
        self.server.node().whiteflag().len() as u64
    }

    fn truth(&self) -> Vec<Row> {
        let placed = self.server.node().whiteflag();
        placed.iter().map(Row::placed).collect()
    }
}

fn hex(digits: &str) -> Vec<u8> {
    let octet = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(octet).collect()
}

/// A message as node and receiver tell of it.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    hash: String,
    block: (u64, String),
    originator: String,
    raw: String,
}

impl Row {
    fn placed(one: &Placed) -> Self {
        let bare = |hash: &dyn ToString| hash.to_string().trim_start_matches("0x").to_owned();
        Self {
            hash: bare(&one.hash),
            block: (one.height, bare(&one.block)),
            originator: one.from.to_string(),
            raw: one
                .input
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect(),
        }
    }

    fn received(row: &Value) -> Self {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        Self {
            hash: text("transactionHash"),
            block: (row["blockNumber"].as_u64().unwrap(), text("blockHash")),
            originator: text("originator"),
            raw: text("raw"),
        }
    }
}

/// Receives for a while and is killed.
fn receive_and_die(device: &Device, world: &mut World) {
    let mut sync = device.command(&["sync", "--watch"]).spawn().unwrap();
    for _ in 0..world.seed.below(5) {
        let step = 1 + world.seed.below(4);
        world.grow(step);
        if world.seed.below(3) == 0 {
            world.replace(12);
        }
        // The random moment is what this test is about.
        std::thread::sleep(Duration::from_millis(world.seed.below(120)));
    }
    std::thread::sleep(Duration::from_millis(world.seed.below(200)));
    let ended = sync.try_wait().unwrap();
    sync.kill().unwrap();
    let answer = sync.wait_with_output().unwrap();
    assert!(
        ended.is_none(),
        "it ended by itself: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
}

fn receive_all(device: &Device) {
    let limit = (60 + size() / 50).to_string();
    let _ = device
        .run(&["sync", "--timeout", &limit], "")
        .expect_code(0);
}

/// What was received is what the chain has, and what is said to be received is what is there.
fn is_whole(device: &Device, world: &World) {
    let received: Vec<Row> = device.rows("inbox").iter().map(Row::received).collect();
    let truth = world.truth();
    let lost: Vec<_> = truth.iter().filter(|row| !received.contains(row)).collect();
    let false_ones: Vec<_> = received.iter().filter(|row| !truth.contains(row)).collect();
    assert!(lost.is_empty(), "not received: {lost:?}");
    assert!(false_ones.is_empty(), "not on the chain: {false_ones:?}");
    assert_eq!(received.len(), truth.len(), "each once");
    let network = &device.rows("network")[0];
    let coverage = &network["coverage"];
    assert_eq!(coverage["missing"], 0, "{coverage}");
    let stretches = coverage["stretches"].as_array().unwrap();
    assert_eq!(stretches.len(), 1, "{coverage}");
    assert_eq!(stretches[0]["first"], 0, "{coverage}");
    assert_eq!(stretches[0]["last"], world.height(), "{coverage}");
    assert_eq!(stretches[0]["level"], "block", "{coverage}");
}

#[test]
fn every_message_is_received_and_the_blocks_are_counted_exactly() {
    let mut world = World::new(common::seed());
    let blocks = size();
    world.grow(blocks / 4);
    let device = Device::new(PROGRAM, &world.server.url());
    let mut turn = 0;
    while world.height() < blocks || world.messages() < blocks / 4 {
        turn += 1;
        receive_and_die(&device, &mut world);
        // Away, while the chain runs ahead, further than the newest blocks are followed.
        let ahead = world.seed.below(3 * DEEPEST);
        world.grow(ahead);
        if world.seed.below(2) == 0 {
            world.replace(DEEPEST);
        }
        if turn % 8 == 0 {
            receive_all(&device);
            is_whole(&device, &world);
        }
    }
    receive_all(&device);
    is_whole(&device, &world);
    let (height, messages) = (world.height(), world.messages());
    println!("{height} blocks, {messages} messages, {turn} kills");
}
