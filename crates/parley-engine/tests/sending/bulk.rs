//! Many messages that were written without a connection, then one: all are sent once and in their
//! order.

use parley_testkit::strict::{Finality, Rules};
use parley_testkit::{Stopwatch, free_text, reference};
use parley_wire::Reason;
use serde_json::Value;

use crate::common::{PLENTY, World, texts};

const COUNT: usize = 320;

#[tokio::test(start_paused = true)]
async fn everything_written_offline_is_sent_once_and_in_order() {
    let world = World::new(Rules {
        finality: Finality::Depth {
            safe: 4,
            finalized: 8,
        },
        ..Rules::default()
    });
    world.mine_on_demand();
    let device = world.device(PLENTY);
    let wanted: Vec<String> = (0..COUNT).map(|n| n.to_string()).collect();
    let watch = Stopwatch::start();
    for some in wanted.chunks(1_000) {
        let messages: Vec<Value> = some.iter().map(|text| free_text(text)).collect();
        device.send_all(&messages).await;
    }
    println!("queued {:.0} a second", COUNT as f64 / watch.seconds());
    let watch = Stopwatch::start();
    let synced = device.sync_for(COUNT as u64).await;
    let windows = COUNT.div_ceil(16) as f64;
    let own = (watch.seconds() - world.node_seconds()) * 1_000.0 / windows;
    let node = world.node_seconds() * 1_000.0 / windows;
    println!("{own:.1} ms for each window, and {node:.1} ms of the node");
    assert_eq!(texts(&world.chain(&device)), wanted);
    assert_eq!(synced, parley_engine::Synced::Done);
}

/// A thousand refer to own messages that have not left, and all are kept.
#[tokio::test(start_paused = true)]
async fn a_thousand_references_to_own_messages_are_kept() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let parent = device.send(&free_text("first")).await;
    let messages: Vec<Value> = (0..1_000)
        .map(|n| reference(&free_text(&format!("{n}")), 3, &format!("@{parent}")))
        .collect();
    let watch = Stopwatch::start();
    let ids = device.send_all(&messages).await;
    println!("{:.0} references a second", 1_000.0 / watch.seconds());
    assert_eq!(ids.len(), 1_000);
    let own = device.own(ids[999]).await;
    assert_eq!(own.reason, Reason::ForMessage { id: parent });
}
