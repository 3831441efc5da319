//! What a window of 16 messages takes of the engine, from signing to the block that holds it: wall
//! time without that of the node, which is in this process. Writes a line of JSON for each figure,
//! for `cargo xtask bench`.

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
use parley_testkit::{Stopwatch, free_text, reference};
use serde_json::{Value, json};

const COUNT: u32 = 3_200;
const WINDOW: u32 = 16;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(measured());
}

async fn measured() {
    let world = World::new(Rules {
        finality: Finality::Depth {
            safe: 4,
            finalized: 8,
        },
        ..Rules::default()
    });
    world.mine_on_demand();
    let device = world.device(PLENTY);
    let plain: Vec<Value> = (0..COUNT).map(|n| free_text(&n.to_string())).collect();
    say(
        "queue, 3,200 at once",
        "1/s",
        per_second(&device, &plain).await,
    );
    let watch = Stopwatch::start();
    device.sync_for(COUNT.into()).await;
    let spent = watch.seconds() - world.node_seconds();
    let ms = spent * 1_000.0 / f64::from(COUNT / WINDOW);
    say("a window of 16, without the node", "ms", ms);
    assert_eq!(world.chain(&device).len(), plain.len());

    let parent = device.send(&free_text("parent")).await;
    let refers = reference(&free_text("more"), 3, &format!("@{parent}"));
    let many = vec![refers; 1_000];
    say(
        "queue, 1,000 that refer to an own one",
        "1/s",
        per_second(&device, &many).await,
    );
}

async fn per_second(device: &Device, messages: &[Value]) -> f64 {
    let watch = Stopwatch::start();
    let kept = device.send_all(messages).await.len();
    f64::from(u32::try_from(kept).unwrap()) / watch.seconds()
}

fn say(name: &str, unit: &str, value: f64) {
    println!("{}", json!({"name": name, "value": value, "unit": unit}));
}
