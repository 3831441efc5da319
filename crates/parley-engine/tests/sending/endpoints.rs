//! What endpoints say of the chain, and what of it is believed: one that replaces what was final, two
//! that contradict each other for a while, one whose word nobody confirms, a branch that is left whole.

use alloy_primitives::U64;
use parley_engine::Synced;
use parley_testkit::strict::{Finality, Reinclude, Rules};
use parley_wire::{OfflineReason, Standing, Verification};
use serde_json::Value;

use crate::common::{FIRST, PLENTY, SECOND, Second, World};

/// Questions in a minute, at most: none goes down the whole other branch, again and again.
const FEW: u64 = 120;

#[tokio::test(start_paused = true)]
async fn a_contradicted_final_block_is_not_asked_for_without_end() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    world.mine(150);
    assert_eq!(device.sync().await, Synced::Done);
    world.node().reorg(100, Reinclude::All);
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
    world.node().write_as(1, b"WF9");
    world.mine(3);
    let mut second = world.node().clone();
    second.reorg(2, Reinclude::All);
    world.second(Second::Other(Box::new(second)));
    device.sync_for(60).await;
    let status = device.parley.status().await.unwrap();
    assert!(status.disputed, "they contradict each other");

    world.second(Second::Alike);
    let order = vec![SECOND.to_owned(), FIRST.to_owned()];
    device.parley.order_endpoints(order).await.unwrap();
    device.sync_for(60).await;
    let status = device.parley.status().await.unwrap();
    assert!(!status.disputed, "both say the same");
    let inbox = device.parley.inbox().await.unwrap();
    assert_eq!(inbox[0].verification, Verification::Witnessed);
}

#[tokio::test(start_paused = true)]
async fn the_word_of_one_makes_final_only_what_is_deep_while_others_are_silent() {
    let world = World::new(Rules {
        finality: Finality::Depth {
            safe: 1,
            finalized: 2,
        },
        ..Rules::default()
    });
    world.second(Second::Silent);
    let device = world.device(0);
    device.parley.add_endpoint(SECOND).await.unwrap();
    world.node().write_as(1, b"WF9");
    world.mine(10);
    device.sync_for(60).await;
    // However long they are silent.
    world.later(2 * 60 * 60);
    device.sync_for(60).await;
    let state = async || device.parley.inbox().await.unwrap()[0].state;
    assert_eq!(state().await, Standing::InBlock);
    world.mine(60);
    device.sync_for(60).await;
    assert_eq!(state().await, Standing::Final);
}

#[tokio::test(start_paused = true)]
async fn all_that_hangs_together_is_left_where_all_of_it_was_on_another_branch() {
    let world = World::new(Rules {
        finality: Finality::Depth {
            safe: 80,
            finalized: 90,
        },
        ..Rules::default()
    });
    // Nobody has the older blocks for now, so that what is held ends at a gap.
    world.retell(|asked, told| {
        let height = serde_json::from_value::<U64>(asked["params"][0].clone());
        if asked["params"][1] == true && height.is_ok_and(|height| height.to::<u64>() < 37) {
            told["result"] = Value::Null;
        }
    });
    world.mine(99);
    world.node().write_as(1, b"WF9");
    world.mine(1);
    let device = world.device(0);
    device.sync_for(1).await;
    let coverage = device.parley.network().await.unwrap().coverage;
    assert!(coverage.stretches[0].first >= 37, "{coverage:?}");
    world.node().reorg(70, Reinclude::All);
    world.mine(2);
    world.retell(|_, _| {});
    assert_eq!(device.sync_for(5).await, Synced::Done);
    let told = device.parley.inbox().await.unwrap();
    let told: Vec<u64> = told.iter().map(|one| one.block_number).collect();
    let truth = world.node().whiteflag();
    let truth: Vec<u64> = truth.iter().map(|one| one.height).collect();
    assert_eq!(told, truth);
}
