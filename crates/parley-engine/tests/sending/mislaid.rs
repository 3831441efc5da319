//! A development node holds a transaction and never gives it its turn, because it took it in just while
//! it made the block with the one before: it is asked to let go of it, and then offered it once more.

use alloy_primitives::B256;
use parley_testkit::free_text;
use parley_testkit::strict::{Dialect, Rules};
use parley_wire::{Receive, Settings, State};
use serde_json::Value;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::common::{Device, PLENTY, World, texts};

const LET_GO: &str = "anvil_removePoolTransactions";

/// A world that counts how often its node was asked to let go.
fn world(dialect: Dialect) -> (World, Arc<AtomicU64>) {
    let world = World::new(Rules {
        dialect,
        ..Rules::default()
    });
    let (asked, count) = (Arc::default(), AtomicU64::fetch_add);
    let counted = Arc::clone(&asked);
    world.retell(move |asked, _| {
        count(&counted, u64::from(asked["method"] == LET_GO), Relaxed);
    });
    (world, asked)
}

/// Some messages that the node holds, and none of them ever gets its turn.
async fn stuck(world: &World, receive: Receive) -> (Device, Vec<u64>, Vec<B256>) {
    let device = world.device(PLENTY);
    let settings = Settings {
        receive,
        ..device.parley.settings().await.unwrap()
    };
    device.parley.choose(settings).await.unwrap();
    let messages: Vec<Value> = (0..3).map(|n| free_text(&n.to_string())).collect();
    let ids = device.send_all(&messages).await;
    device.sync().await;
    let held: Vec<B256> = world.pool(&device).iter().map(|sent| sent.hash).collect();
    assert_eq!(held.len(), 3);
    world.node().mislay(held[0]);
    world.mine(1);
    assert!(world.chain(&device).is_empty(), "the node has mislaid them");
    (device, ids, held)
}

const BOTH: [Receive; 2] = [Receive::Everything, Receive::Nothing];

#[tokio::test(start_paused = true)]
async fn what_a_development_node_mislaid_is_offered_once_more_as_it_was() {
    for receive in BOTH {
        let (world, asked) = world(Dialect::Anvil);
        let (device, ids, held) = stuck(&world, receive).await;
        device.sync_for(60).await;
        world.mine(1);
        device.sync_for(60).await;
        assert_eq!(texts(&world.chain(&device)), ["0", "1", "2"]);
        let there: Vec<B256> = world.chain(&device).iter().map(|sent| sent.hash).collect();
        assert_eq!(there, held, "nothing was signed anew");
        assert_eq!(device.own(ids[2]).await.state, State::InBlock);
        assert_eq!(asked.load(Relaxed), 1, "and only once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_lets_nothing_go_is_asked_once() {
    for receive in BOTH {
        let (world, asked) = world(Dialect::Geth);
        let (device, ids, _) = stuck(&world, receive).await;
        device.sync_for(60).await;
        assert_eq!(asked.load(Relaxed), 1);
        assert_eq!(device.own(ids[0]).await.state, State::Sent);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_its_turn_is_left_alone() {
    let (world, asked) = world(Dialect::Anvil);
    let device = world.device(PLENTY);
    device.send(&free_text("waits")).await;
    device.sync_for(60).await;
    assert_eq!(world.pool(&device).len(), 1);
    assert_eq!(asked.load(Relaxed), 0);
}
