//! The newest blocks are replaced again and again while own messages are sent, with and without their
//! transactions coming back. After each time what the device tells is what the node knows, and what a
//! device finds that begins from nothing. `PARLEY_REORGS` says how often; `PARLEY_SEED` repeats.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use parley_store::{Secrets, Store};
use parley_testkit::strict::{ETHER, Reinclude, Rules, Seed, Strict, StrictServer};
use parley_testkit::{Device, free_text};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_REORGS: u64 = 6;
/// The node calls blocks final that have so many above them.
const FINAL: u64 = 64;
/// So many may be on the way at once.
const WINDOW: usize = 16;

struct World {
    server: StrictServer,
    alice: Device,
    seed: Seed,
    written: u64,
}

impl World {
    fn new(seed: Seed) -> Self {
        let server = StrictServer::of(Strict::new(Rules::default()));
        server.node().mine_n(FINAL);
        let alice = Device::new(PROGRAM, &server.url());
        server
            .node()
            .fund(alice.address().parse().unwrap(), 1_000 * ETHER);
        Self {
            server,
            alice,
            seed,
            written: 0,
        }
    }

    /// Alice writes up to three messages; none when more would wait for blocks before they can leave.
    fn write(&mut self) {
        let placed = ["in-block", "safe", "final"];
        let rows = self.alice.rows("outbox").into_iter();
        let open = rows.filter(|own| !placed.contains(&own["state"].as_str().unwrap()));
        if open.count() > WINDOW - 3 {
            return;
        }
        for _ in 0..self.seed.below(4) {
            self.written += 1;
            let _ = self
                .alice
                .send(&free_text(&format!("message {}", self.written)));
        }
    }

    /// Some blocks, in which strangers write too.
    fn mine(&mut self) {
        for _ in 0..=self.seed.below(6) {
            let (writer, noise) = (1 + self.seed.below(5), self.seed.number());
            let mut node = self.server.node();
            if noise.is_multiple_of(3) {
                node.write_as(writer, format!("WF9 {noise}").as_bytes());
            }
            node.add_noise(noise, 2);
            node.mine();
        }
    }

    /// Replaces blocks that are not final by as many, fewer or more.
    fn replace(&mut self, depth: u64) {
        let blocks = (depth + self.seed.below(5)).saturating_sub(2).max(1);
        let keep = Reinclude::draw(&mut self.seed);
        self.server.node().reorg_to(depth, blocks, keep);
    }

    /// A replacement while Alice sends, or while she is away.
    fn replace_meanwhile(&mut self, depth: u64) {
        if self.seed.below(2) == 0 {
            return self.replace(depth);
        }
        let sync = self.alice.command(&["sync", "--until", "sent"]);
        let mut sync = { sync }.spawn().unwrap();
        // The random moment is what this test is about.
        std::thread::sleep(Duration::from_millis(self.seed.below(150)));
        self.replace(depth);
        assert!(sync.wait().unwrap().success());
    }

    /// The other branch grows as high as the one before was: what is final never falls.
    fn catch_up(&self, height: u64) {
        let mut node = self.server.node();
        let missing = height.saturating_sub(node.head().number);
        node.mine_n(missing);
    }

    /// What Alice says of her messages is what the node knows of them.
    fn states_are_true(&self) {
        let node = self.server.node();
        let (safe, finalized) = (node.safe(), node.finalized());
        let heights: BTreeMap<String, u64> = node
            .whiteflag()
            .into_iter()
            .map(|placed| (format!("{:x}", placed.hash), placed.height))
            .collect();
        let waiting = node.pool_of(self.alice.address().parse().unwrap());
        let waiting: Vec<String> = waiting
            .iter()
            .map(|one| format!("{:x}", one.hash))
            .collect();
        drop(node);
        for own in self.alice.rows("outbox") {
            let hash = own["transactionHash"].as_str().unwrap();
            let state = match heights.get(hash) {
                Some(height) if Some(*height) <= finalized => "final",
                Some(height) if Some(*height) <= safe => "safe",
                Some(_) => "in-block",
                None => {
                    assert!(waiting.iter().any(|one| one == hash), "lost: {own}");
                    "sent"
                }
            };
            assert_eq!(
                own["state"], state,
                "safe {safe:?}, final {finalized:?}: {own}"
            );
        }
    }

    /// A device that begins from nothing finds the same.
    fn is_recomputed(&self) {
        let bob = Device::new(PROGRAM, &self.server.url());
        bob.sync();
        let known = |device: &Device| -> Vec<Value> {
            let mut rows = device.rows("inbox");
            for row in &mut rows {
                // Whose own it is depends on who looks.
                row.as_object_mut().unwrap().remove("own");
            }
            rows
        };
        let (alice, bob) = (known(&self.alice), known(&bob));
        assert_eq!(alice.len(), bob.len());
        for (alice, bob) in alice.iter().zip(&bob) {
            assert_eq!(alice, bob);
        }
    }

    fn settle(&self) {
        let answer = self.alice.run(&["sync", "--timeout", "60"], "");
        let told = || -> Vec<String> {
            let open = self.alice.rows("outbox").into_iter();
            open.filter(|own| own["state"] != "final")
                .map(|own| format!("{} {} {}", own["id"], own["state"], own["transactionHash"]))
                .collect()
        };
        assert_eq!(answer.code, Some(0), "{}: {:?}", answer.error, told());
    }
}

fn is_sound(device: &Device) {
    let data = device.data();
    let secrets = Secrets::load(&data).unwrap();
    let store = Store::open(&data, secrets.database_key()).unwrap();
    assert!(store.quick_check().unwrap(), "the data file is whole");
}

#[test]
fn whatever_is_replaced_every_message_is_there_once_and_its_state_is_true() {
    let mut world = World::new(common::seed());
    for turn in 0..common::size("PARLEY_REORGS", USUAL_REORGS) {
        world.write();
        if world.seed.below(3) > 0 {
            world.settle();
        }
        world.mine();
        if world.seed.below(3) > 0 {
            world.settle();
        }
        let depth = 1 + world.seed.below(FINAL);
        let height = world.server.node().head().number;
        println!("{turn}: {depth} of {height}");
        world.replace_meanwhile(depth);
        if world.seed.below(2) == 0 {
            world.settle();
        }
        world.catch_up(height);
        world.settle();
        world.states_are_true();
        world.is_recomputed();
    }
    world.settle();
    while world
        .alice
        .rows("outbox")
        .iter()
        .any(|own| own["state"] != "final")
    {
        world.server.node().mine_n(FINAL + 1);
        world.settle();
    }
    let mut texts: Vec<String> = Vec::new();
    for placed in world.server.node().whiteflag() {
        if let Ok(message) = whiteflag::Message::decode(&placed.input) {
            let text = message.to_value()["MessageBody"]["Text"].clone();
            texts.extend(text.as_str().map(str::to_owned));
        }
    }
    texts.sort();
    let mut all: Vec<String> = (1..=world.written)
        .map(|n| format!("message {n}"))
        .collect();
    all.sort();
    assert_eq!(texts, all, "every message is on the chain, once");
    is_sound(&world.alice);
}

#[test]
fn a_replacement_below_final_blocks_is_an_alarm_and_changes_nothing() {
    let mut world = World::new(Seed::new(7));
    for _ in 0..6 {
        world.write();
        world.settle();
        world.mine();
    }
    world.settle();
    world.server.node().mine_n(FINAL - 8);
    world.settle();
    let (inbox, outbox) = (world.alice.rows("inbox"), world.alice.rows("outbox"));
    assert!(outbox.iter().any(|own| own["state"] == "final"));
    world.server.node().reorg(FINAL + 1, Reinclude::None);
    for _ in 0..2 {
        let answer = world
            .alice
            .run(&["sync", "--timeout", "4"], "")
            .expect_code(3);
        let words = "contradicts blocks that were final";
        assert!(answer.error.contains(words), "{}", answer.error);
        assert_eq!(world.alice.rows("inbox"), inbox, "nothing was changed");
        for (before, after) in outbox.iter().zip(world.alice.rows("outbox")) {
            assert_eq!(before["transactionHash"], after["transactionHash"]);
            assert_eq!(before["blockNumber"], after["blockNumber"]);
        }
        world.server.node().mine_n(3);
    }
    is_sound(&world.alice);
}
