//! What a window of 16 messages takes of the engine, from signing to the block that holds it, while
//! many others wait: of the processor beside the same with few waiting, the node in this process
//! counted with both; and by the clock without the node. How fast messages that refer to an own one are
//! queued. Writes a line of JSON for each figure, for `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark speaks on stdout"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Device, PLENTY, World};
use parley_testkit::strict::{Finality, Rules};
use parley_testkit::{Stopwatch, free_text, processor_seconds, reference};
use serde_json::{Value, json};

const MANY: u32 = 100_000;
const FEW: u32 = 1_000;
/// Both sides take turns in so many rounds; the median round counts.
const ROUNDS: u32 = 7;
/// Windows in a round.
const WINDOWS: u32 = 50;
const WINDOW: u32 = 16;
/// Messages that are queued in one commit.
const AT_ONCE: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(windows());
    runtime.block_on(references());
}

async fn windows() {
    let sent = ROUNDS * WINDOWS * WINDOW;
    let (many, few) = (Queue::of(MANY + sent).await, Queue::of(FEW + sent).await);
    say("queue, 1,000 at once", "1/s", many.queued, None);
    let (mut of_many, mut of_few) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_many.push(many.send(WINDOWS).await);
        of_few.push(few.send(WINDOWS).await);
    }
    let processor = |rounds: &[Spent]| median(rounds.iter().map(|spent| spent.processor));
    let clock = |rounds: &[Spent]| median(rounds.iter().map(|spent| spent.clock));
    say(
        "a window of 16 while 100,000 wait, of the processor",
        "ms",
        processor(&of_many),
        Some(("while 1,000 wait", processor(&of_few))),
    );
    say(
        "a window of 16 while 100,000 wait, by the clock",
        "ms",
        clock(&of_many),
        Some(("while 1,000 wait", clock(&of_few))),
    );
}

/// A device on a node of its own, with messages that wait.
struct Queue {
    world: World,
    device: Device,
    /// How many messages were queued in a second.
    queued: f64,
}

/// Milliseconds for each window.
struct Spent {
    /// Of the processor, the node's included.
    processor: f64,
    /// By the clock, without the node.
    clock: f64,
}

impl Queue {
    async fn of(count: u32) -> Self {
        let world = World::new(Rules {
            finality: Finality::Depth {
                safe: 4,
                finalized: 8,
            },
            ..Rules::default()
        });
        world.mine_on_demand();
        let device = world.device(1_000 * PLENTY);
        let messages: Vec<Value> = (0..count).map(|n| free_text(&n.to_string())).collect();
        let queued = per_second(&device, &messages).await;
        Self {
            world,
            device,
            queued,
        }
    }

    /// Sends so many windows; the program is ended in the middle of the next.
    async fn send(&self, windows: u32) -> Spent {
        let end = self.world.node().head().number + u64::from(windows);
        let mut changes = self.device.parley.changes();
        let (watch, processor, node) = (Stopwatch::start(), processor(), self.world.node_seconds());
        let enough = async {
            while self.world.node().head().number < end {
                let _ = changes.recv().await;
            }
        };
        tokio::select! {
            _ = self.device.sync_for(MANY.into()) => panic!("more should wait"),
            () = enough => {}
        }
        let each = |seconds: f64| seconds * 1_000.0 / f64::from(windows);
        Spent {
            processor: each(self::processor() - processor),
            clock: each(watch.seconds() - (self.world.node_seconds() - node)),
        }
    }
}

async fn references() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let (mut referring, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let parent = device.send(&free_text("parent")).await;
        let refers = reference(&free_text("more"), 3, &format!("@{parent}"));
        referring.push(per_second(&device, &vec![refers.clone(); AT_ONCE]).await);
        plain.push(per_second(&device, &vec![free_text("more"); AT_ONCE]).await);
    }
    say(
        "queue, 1,000 at once that refer to an own one",
        "1/s",
        median(referring.into_iter()),
        Some(("that refer to none", median(plain.into_iter()))),
    );
}

async fn per_second(device: &Device, messages: &[Value]) -> f64 {
    let watch = Stopwatch::start();
    let mut kept = 0_u32;
    for some in messages.chunks(AT_ONCE) {
        kept += u32::try_from(device.send_all(some).await.len()).unwrap();
    }
    f64::from(kept) / watch.seconds()
}

fn processor() -> f64 {
    processor_seconds(std::process::id()).expect("Linux tells it")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn say(name: &str, unit: &str, value: f64, against: Option<(&str, f64)>) {
    let (against, peer) = against.unzip();
    println!(
        "{}",
        json!({
            "name": name, "value": value, "unit": unit, "against": against, "againstValue": peer,
        })
    );
}
