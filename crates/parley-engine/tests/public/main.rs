//! Public networks by name, on simulated answers: which endpoint is for one, where receiving begins,
//! what may be sent. A strict node gives the blocks; its first block, and one far above its head, are
//! told as those of the real network, or otherwise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;

mod network;

use parley_engine::Synced;
use parley_testkit::free_text;
use parley_wire::{Health, Link, OfflineReason, Reason, State};

use crate::common::{Device, PLENTY, World};
use crate::network::{
    DAY, world, world_with_another_checkpoint, world_with_another_first_block, write_note,
};

/// Enough for whatever a device receives here.
const HOUR: u64 = 3_600;

/// Queues a free text as the window does, without time for undoing.
async fn queue(device: &Device, text: &str) -> u64 {
    let id = device.write(&free_text(text)).await.unwrap();
    device.parley.send_now(id).await.unwrap();
    id
}

/// A device finds the endpoint out, and receives nothing.
async fn is_found_out(world: &World, lie: &str) {
    let device = world.device_on("mainnet", 0);
    let synced = device.sync_for(60).await;
    assert!(matches!(synced, Synced::Offline(_)), "{synced:?}");
    let reason = OfflineReason::AllDemoted;
    let link = device.parley.status().await.unwrap().link;
    assert_eq!(link, Link::Offline { reason });
    let view = device.parley.network().await.unwrap();
    let lie = lie.to_owned();
    assert_eq!(view.endpoints[0].health, Health::Demoted { lie });
    assert_eq!(view.coverage.stretches, []);
}

#[tokio::test(start_paused = true)]
async fn a_main_network_is_received_from_a_day_back_and_nothing_is_sent_on_it() {
    let world = world("mainnet", 3);
    let note = write_note(&world, "somebody's note");
    let device = world.device_on("mainnet", 0);
    assert_eq!(device.sync_for(HOUR).await, Synced::Done);
    let view = device.parley.network().await.unwrap();
    let start = view.coverage.start.unwrap();
    assert_eq!(start, world.node().head().number - DAY / 12);
    assert_eq!(view.coverage.missing, 0);
    assert_eq!(view.coverage.stretches.len(), 1);
    let inbox = device.parley.inbox().await.unwrap();
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].transaction_hash, note);

    let id = queue(&device, "mine").await;
    assert_eq!(device.sync_for(HOUR).await, Synced::Done);
    let own = device.own(id).await;
    assert_eq!(
        (own.state, own.reason),
        (State::Waiting, Reason::NotOnThisNetwork)
    );
    assert!(world.offered().is_empty());
}

#[tokio::test(start_paused = true)]
async fn on_a_test_network_only_tests_leave_and_they_are_shown_as_such() {
    let world = world("sepolia", 1);
    let device = world.device_on("sepolia", PLENTY);
    let id = queue(&device, "an exercise").await;
    assert_eq!(device.sync_for(HOUR).await, Synced::Done);
    world.mine(1);
    assert_eq!(device.sync_for(HOUR).await, Synced::Done);
    let own = device.own(id).await;
    assert_eq!(own.state, State::InBlock, "{own:?}");
    assert_eq!(own.message["MessageHeader"]["MessageCode"], "T");
    let signals = device.parley.signals().await.unwrap();
    assert_eq!(signals.len(), 1, "what is a test there stands there");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_of_another_chain_is_found_out_by_its_first_block() {
    let world = world_with_another_first_block("mainnet");
    is_found_out(&world, "other-genesis").await;
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_has_another_block_at_the_checkpoint_is_found_out() {
    let world = world_with_another_checkpoint("mainnet");
    is_found_out(&world, "other-checkpoint").await;
}
