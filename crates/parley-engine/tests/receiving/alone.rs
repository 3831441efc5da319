//! What one endpoint says alone: it is not followed into what nobody else knows, and what was taken
//! from it is left when it turns out to be nowhere else.

use alloy_primitives::B256;
use parley_testkit::strict::{Reinclude, Rules};
use parley_wire::{Standing, Start, Verification};

use crate::runtime;
use crate::world::{World, number, soon_final, url, witnessed};

#[test]
fn a_head_far_ahead_that_one_names_alone_is_not_followed() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        world.chain(0, |chain| chain.mine_n(5));
        let device = world.device();
        device.receive().await;
        world.part(0);
        world.chain(0, |chain| chain.mine_n(1_000));
        let note = world.write(1, "on the true chain");
        device.run(300).await;
        assert_eq!(device.shown().await, [(note, Verification::Witnessed)]);
        assert_eq!(device.stretches().await, [(0, 6, Verification::Block)]);
    });
}

#[test]
fn what_one_alone_named_far_ahead_is_left_when_nobody_has_it() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = world.device();
        device.receive().await;
        world.part(0);
        world.chain(0, |chain| chain.mine_n(1_000));
        world.up(1, false);
        let note = world.write(1, "on the true chain");
        device.run(60).await;
        world.up(1, true);
        device.run(60).await;
        device.parley.remove_endpoint(&url(0)).await.unwrap();
        device.run(300).await;
        let shown = device.shown().await;
        assert_eq!(shown.len(), 1, "{:?}", device.stretches().await);
        assert_eq!(shown[0].0, note);
        assert_eq!(device.stretches().await, [(0, 6, Verification::Block)]);
        assert_eq!(device.missing().await, 0);
    });
}

#[test]
fn two_that_differ_further_apart_than_branches_grow_are_told() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = world.device();
        device.receive().await;
        world.part(0);
        world.chain(0, |chain| chain.mine_n(40));
        let _ = world.write(1, "on the other chain");
        world.chain(1, |chain| chain.mine_n(4));
        device.run(300).await;
        assert!(device.is_disputed().await);
    });
}

#[test]
fn one_alone_does_not_say_where_receiving_begins() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        world.chain(0, |chain| chain.mine_n(5));
        world.part(0);
        world.chain(0, |chain| chain.mine_n(50));
        let device = world.device();
        device.choose(|settings| settings.start = Start::Now).await;
        device.run(60).await;
        let note = world.write(1, "after the beginning");
        world.chain(1, |chain| chain.mine_n(20));
        device.run(300).await;
        world.chain(1, |chain| chain.mine());
        assert_eq!(device.shown().await.first().map(|one| one.0), Some(note));
        assert_eq!(device.missing().await, 0);
    });
}

#[test]
fn one_alone_does_not_say_which_block_was_the_first_since_a_time() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        world.chain(0, |chain| chain.mine_n(20));
        let since = world.chain(0, |chain| chain.head().time);
        let note = world.write(0, "after that time");
        world.chain(0, |chain| chain.mine_n(100));
        // Everything but its newest block is older than it is.
        let older = |call: &serde_json::Value, told: &mut serde_json::Value| {
            if call["params"][1] == false && number(&told["number"]) < Some(120) {
                told["timestamp"] = serde_json::json!("0x1");
                told["shardRoot"] = serde_json::json!("0x");
            }
        };
        world.habit(0, Some(std::sync::Arc::new(older)));
        let device = world.device();
        device
            .choose(|settings| settings.start = Start::Time { since })
            .await;
        device.run(600).await;
        assert_eq!(device.shown().await, [(note, Verification::Witnessed)]);
    });
}

#[test]
fn blocks_that_nobody_keeps_are_not_asked_for_without_a_pause() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let note = world.write(0, "in a block that nobody keeps for now");
        world.chain(0, |chain| chain.mine_n(60));
        let pruned = |call: &serde_json::Value, told: &mut serde_json::Value| {
            if call["params"][1] == true && number(&told["number"]) < Some(30) {
                *told = serde_json::Value::Null;
            }
        };
        world.habits(Some(std::sync::Arc::new(pruned)));
        let device = world.device();
        device.run(60).await;
        let asked = || world.whole_blocks(0) + world.whole_blocks(1);
        let before = asked();
        device.run(540).await;
        let rounds = world.asked(0, "eth_chainId").len();
        assert!(rounds < 150, "{rounds} rounds in ten minutes");
        let asked = asked() - before;
        assert!(asked <= 20, "{asked} blocks in nine minutes");
        assert_eq!(device.missing().await, 30);
        world.habits(None);
        device.receive().await;
        assert_eq!(device.shown().await, [(note, Verification::Witnessed)]);
    });
}

#[test]
fn a_height_that_one_alone_reached_does_not_hide_what_comes_below_it() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = world.device();
        device.receive().await;
        world.part(0);
        world.chain(0, |chain| chain.mine_n(1_000));
        // It gives the newest blocks only, so that a gap stays below them.
        let newest = |call: &serde_json::Value, told: &mut serde_json::Value| {
            if call["params"][1] == true && number(&told["number"]) < Some(990) {
                *told = serde_json::Value::Null;
            }
        };
        world.habit(0, Some(std::sync::Arc::new(newest)));
        world.up(1, false);
        device.run(60).await;
        assert!(device.missing().await > 900);
        world.up(1, true);
        device.parley.remove_endpoint(&url(0)).await.unwrap();
        let note = world.write(1, "on the true chain");
        device.run(300).await;
        assert_eq!(device.shown().await, [(note, Verification::Block)]);
        assert_eq!(device.missing().await, 0);
    });
}

#[test]
fn a_gap_is_not_filled_from_another_branch() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let low = world.write(0, "before the gap");
        world.chain(0, |chain| chain.mine_n(5));
        let device = world.device();
        device.receive().await;
        let other = world.chain(0, |chain| chain.clone());
        let other = std::sync::Mutex::new(other);
        other.lock().unwrap().mine_n(95);
        let high = world.write(0, "in the gap");
        world.chain(0, |chain| chain.mine_n(199));
        let from_the_other = move |call: &serde_json::Value, told: &mut serde_json::Value| {
            if call["params"][1] == true && number(&told["number"]) < Some(100) {
                let answer = other.lock().unwrap().answer(call.to_string().as_bytes());
                let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
                *told = answer["result"].clone();
            }
        };
        world.habit(0, Some(std::sync::Arc::new(from_the_other)));
        device.run(120).await;
        let shown = device.shown().await;
        let shown: Vec<_> = shown.into_iter().map(|one| one.0).collect();
        assert_eq!(shown, [low, high]);
        assert_eq!(device.missing().await, 0);
        assert_eq!(device.lie_of(0).await.as_deref(), Some("false-header"));
    });
}

#[test]
fn who_greets_at_once_and_gives_blocks_slowly_does_not_go_on_leading() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let _ = world.write(0, "at the other end of a long chain");
        world.chain(0, |chain| chain.mine_n(300));
        world.slow(0, 25_000);
        let device = world.device();
        device.run(180).await;
        assert_eq!(device.missing().await, 0);
        assert_eq!(device.lie_of(0).await, None, "it may be its link");
    });
}

/// The first endpoint is on a branch of its own that parts three blocks below the others' newest one.
fn forge_the_newest(world: &World, text: &str) -> B256 {
    world.join(0, 1);
    world.chain(0, |chain| chain.reorg_to(3, 0, Reinclude::None));
    let forged = world.write(0, text);
    world.chain(0, |chain| chain.mine_n(3));
    forged
}

#[test]
fn who_alone_forges_only_the_newest_blocks_is_found_out_and_holds_up_nothing() {
    runtime().block_on(async {
        let world = World::of(soon_final(), 3);
        world.chain(0, |chain| chain.mine_n(20));
        let device = world.device();
        device.receive().await;
        world.part(0);
        let (mut notes, mut forged, mut seen) = (Vec::new(), Vec::new(), 0);
        for turn in 0..100 {
            match turn % 10 {
                0 => notes.push(world.write(1, &format!("number {turn}"))),
                _ => drop(world.chain(1, |chain| chain.mine())),
            }
            forged.push(forge_the_newest(&world, &format!("false {turn}")));
            device.run(12).await;
            for one in device.inbox().await {
                if forged.contains(&one.transaction_hash.parse().unwrap()) {
                    seen += 1;
                    assert_eq!(one.verification, Verification::Block);
                    assert_eq!(one.state, Standing::InBlock);
                }
            }
        }
        assert!(seen < 20, "in {seen} of 100 rounds");
        assert_eq!(device.lie_of(0).await.as_deref(), Some("outvoted"));
        let inbox = device.inbox().await;
        let told = inbox
            .iter()
            .map(|one| one.transaction_hash.parse().unwrap());
        assert_eq!(told.collect::<Vec<B256>>(), notes);
        assert!(inbox.iter().all(|one| one.state == Standing::Final));
        // Who of them is right a person says.
        device.parley.remove_endpoint(&url(0)).await.unwrap();
        device.run(60).await;
        let notes: Vec<_> = notes.into_iter().map(witnessed).collect();
        assert_eq!(device.shown().await, notes);
    });
}

#[test]
fn who_is_often_on_a_short_branch_that_is_left_again_is_not_found_to_lie() {
    runtime().block_on(async {
        let world = World::of(soon_final(), 3);
        world.chain(0, |chain| chain.mine_n(20));
        let device = world.device();
        device.receive().await;
        world.part(0);
        for turn in 0..50 {
            world.chain(1, |chain| chain.mine());
            let _ = forge_the_newest(&world, &format!("left soon {turn}"));
            device.run(36).await;
            world.chain(1, |chain| chain.mine());
            world.join(0, 1);
            device.run(36).await;
        }
        assert_eq!(device.lie_of(0).await, None);
        device.run(300).await;
        assert!(!device.is_disputed().await);
    });
}
