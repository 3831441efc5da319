//! What lies below a gap: it may have been replaced while nobody looked, and is not kept then.

use std::sync::{Arc, Mutex};

use alloy_primitives::B256;
use parley_testkit::strict::Reinclude;
use parley_wire::{Link, OfflineReason, Verification};
use serde_json::Value;

use crate::runtime;
use crate::world::{Habit, World, by_hand, number};

/// The newest block that is held, with a message, is replaced, and much comes above it. The endpoint
/// says once more that it has that block: its branch changes between two questions.
fn replaced_below_a_gap(world: &World) -> B256 {
    let before = world.chain(0, |chain| chain.clone());
    let height = before.head().number;
    let before = Mutex::new(before);
    let still = move |call: &Value, told: &mut Value| {
        let is_header = call["method"] == "eth_getBlockByNumber" && call["params"][1] == false;
        if is_header && number(&told["number"]) == Some(height) {
            let answer = before.lock().unwrap().answer(call.to_string().as_bytes());
            let mut answer: Value = serde_json::from_slice(&answer).unwrap();
            *told = answer["result"].take();
        }
    };
    let still: Habit = Arc::new(still);
    world.habit(0, Some(still));
    world.chain(0, |chain| chain.reorg_to(1, 0, Reinclude::None));
    let instead = world.write(0, "in its place");
    world.chain(0, |chain| chain.mine_n(200));
    instead
}

#[test]
fn a_block_that_was_replaced_while_a_gap_opened_is_left_when_the_gap_is_closed() {
    runtime().block_on(async {
        let world = World::of(by_hand(), 1);
        world.chain(0, |chain| chain.mine_n(5));
        let gone = world.write(0, "in a block that is replaced");
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [(gone, Verification::Block)]);
        let instead = replaced_below_a_gap(&world);
        device.run(60).await;
        assert_eq!(device.missing().await, 0);
        assert_eq!(device.shown().await, [(instead, Verification::Block)]);
        assert_eq!(device.stretches().await, [(0, 206, Verification::Block)]);
    });
}

#[test]
fn a_final_block_below_a_gap_stays_and_a_person_is_told() {
    runtime().block_on(async {
        let world = World::of(by_hand(), 1);
        world.chain(0, |chain| chain.mine_n(5));
        let kept = world.write(0, "final");
        let before = world.chain(0, |chain| chain.clone());
        world.chain(0, |chain| chain.finalize(6));
        let device = world.device();
        device.receive().await;
        world.chain(0, |chain| *chain = before);
        let _ = replaced_below_a_gap(&world);
        device.run(60).await;
        assert_eq!(device.shown().await, [(kept, Verification::Block)]);
        let status = device.parley.status().await.unwrap();
        let reason = OfflineReason::Contradiction;
        assert_eq!(status.link, Link::Offline { reason });
    });
}
