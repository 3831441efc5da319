//! A chain that replaces what it called final, and endpoints that contradict each other for a while.

use parley_engine::Synced;
use parley_testkit::strict::{Reinclude, Rules};
use parley_wire::{OfflineReason, Verification};

use crate::world::{FIRST, PLENTY, SECOND, World};

/// Questions in a minute, at most: none goes down the whole other branch, again and again.
const FEW: u64 = 120;

#[tokio::test(start_paused = true)]
async fn a_contradicted_final_block_is_not_asked_for_without_end() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    world.mine(150);
    assert_eq!(device.sync().await, Synced::Done);
    world.node(|node| node.reorg(100, Reinclude::All));
    let before = world.questions();
    let alarm = Synced::Offline(OfflineReason::Contradiction);
    assert_eq!(device.sync_for(60).await, alarm);
    let asked = world.questions() - before;
    assert!(asked <= FEW, "{asked} questions in a minute");
}

#[tokio::test(start_paused = true)]
async fn whoever_was_against_the_others_and_leads_now_is_no_longer_against_them() {
    let world = World::new(Rules::default());
    let device = world.device(0);
    device.parley.add_endpoint(SECOND).await.unwrap();
    world.node(|node| node.write_as(1, b"WF9"));
    world.mine(3);
    let mut second = world.node(|node| node.clone());
    second.reorg(2, Reinclude::All);
    world.split(Some(second));
    device.sync_for(60).await;
    let status = device.parley.status().await.unwrap();
    assert!(status.disputed, "they contradict each other");

    world.split(None);
    let order = vec![SECOND.to_owned(), FIRST.to_owned()];
    device.parley.order_endpoints(order).await.unwrap();
    device.sync_for(60).await;
    let status = device.parley.status().await.unwrap();
    assert!(!status.disputed, "both say the same");
    let inbox = device.parley.inbox().await.unwrap();
    assert_eq!(inbox[0].verification, Verification::Witnessed);
}
