//! Blocks that could not be recomputed when they came are asked for again, of everyone, not too often.

use parley_testkit::strict::Rules;
use parley_wire::Verification;
use serde_json::json;

use crate::runtime;
use crate::world::{Habit, World, in_blocks, unknown_field_from, unknown_type_from};

/// A message that came in a block which the only endpoint at hand gave unclear. Others come back then.
fn raised_by_the_other_one(habit: Habit, lie: &'static str) {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        world.chain(0, |chain| chain.mine_n(5));
        world.habit(0, Some(habit));
        world.up(1, false);
        world.up(2, false);
        let note = world.write(0, "in a block that cannot be read whole");
        world.chain(0, |chain| chain.mine_n(3));
        let device = world.device();
        device.receive().await;
        assert_eq!(device.shown().await, [(note, Verification::Signer)]);

        world.up(1, true);
        world.up(2, true);
        device.run(120).await;
        assert_eq!(device.stretches().await, [(0, 9, Verification::Block)]);
        assert_eq!(device.shown().await, [(note, Verification::Witnessed)]);
        assert_eq!(device.lie_of(0).await.as_deref(), Some(lie));
        assert_eq!(device.lie_of(1).await, None);
        let signals = device.parley.signals().await.unwrap();
        assert_eq!(signals[0].verification, Verification::Witnessed);
    });
}

#[test]
fn a_block_with_a_transaction_of_an_unknown_form_is_asked_of_another_endpoint() {
    raised_by_the_other_one(unknown_type_from(4), "false-transactions");
}

#[test]
fn a_block_with_a_header_of_an_unknown_form_is_asked_of_another_endpoint() {
    raised_by_the_other_one(unknown_field_from(4), "false-transactions");
}

#[test]
fn a_message_that_only_an_unclear_block_had_goes_and_one_that_it_hid_comes() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        // What is said to be in block 2 is in block 1.
        let elsewhere = world.write(0, "published in another block");
        let hidden = world.write(0, "what the endpoint hides");
        world.chain(0, |chain| chain.mine_n(3));
        let first = block(&world, 1)["transactions"][0].clone();
        let moved = move |block: &mut serde_json::Value| {
            if block["number"] == "0x2" {
                block["transactions"] = json!([first, { "type": "0x7f" }]);
            }
        };
        world.habit(0, Some(in_blocks(2, moved)));
        world.up(1, false);
        let device = world.device();
        device.receive().await;
        let heights = |shown: &[parley_wire::Received]| {
            let heights = shown.iter().map(|one| one.block_number);
            heights.collect::<Vec<_>>()
        };
        assert_eq!(heights(&device.inbox().await), [1, 2], "as it was told");

        world.up(1, true);
        device.run(120).await;
        let shown = device.shown().await;
        assert!(shown.iter().all(|one| one.1 > Verification::Signer));
        let shown: Vec<_> = shown.into_iter().map(|one| one.0).collect();
        assert_eq!(shown, [elsewhere, hidden]);
        assert_eq!(heights(&device.inbox().await), [1, 2]);
        assert_eq!(device.parley.signals().await.unwrap().len(), 2);
    });
}

#[test]
fn a_false_time_beside_a_true_hash_is_set_right() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let note = world.write(0, "when was this?");
        let time = world.chain(0, |chain| chain.head().time);
        let later = |block: &mut serde_json::Value| {
            block["shardRoot"] = json!("0x");
            block["timestamp"] = json!("0x7fffffff");
        };
        world.habit(0, Some(in_blocks(1, later)));
        world.up(1, false);
        let device = world.device();
        device.receive().await;
        assert_eq!(device.inbox().await[0].block_time, 0x7fff_ffff);
        world.up(1, true);
        device.run(120).await;
        let inbox = device.inbox().await;
        assert_eq!(inbox[0].block_time, time);
        assert_eq!(device.shown().await, [(note, Verification::Block)]);
    });
}

#[test]
fn a_false_time_is_never_kept_while_another_endpoint_can_be_asked() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let _ = world.write(0, "when was this?");
        let time = world.chain(0, |chain| chain.head().time);
        let later = |block: &mut serde_json::Value| {
            block["shardRoot"] = json!("0x");
            block["timestamp"] = json!("0x7fffffff");
        };
        world.habit(0, Some(in_blocks(1, later)));
        let device = world.device();
        device.receive().await;
        assert_eq!(device.inbox().await[0].block_time, time);
        let lie = device.lie_of(0).await;
        assert_eq!(lie.as_deref(), Some("false-transactions"));
    });
}

#[test]
fn what_nobody_can_read_is_asked_for_ever_more_seldom() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let _ = world.write(0, "on a chain of another kind");
        world.chain(0, |chain| chain.mine_n(20));
        world.habits(Some(unknown_type_from(1)));
        let device = world.device();
        device.receive().await;
        let before: usize = (0..2).map(|end| world.whole_blocks(end)).sum();
        device.run(2 * 60 * 60).await;
        let after: usize = (0..2).map(|end| world.whole_blocks(end)).sum();
        let asked = after - before;
        assert!((10..=40).contains(&asked), "{asked} blocks in two hours");
        assert_eq!(device.lie_of(0).await, None);
        assert_eq!(device.lie_of(1).await, None);
    });
}

#[test]
fn one_hopeless_block_does_not_hold_up_those_that_can_be_read() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let _ = world.write(0, "in the midst");
        world.chain(0, |chain| chain.mine_n(80));
        // The newest one nobody can read; the rest only the first endpoint spoils.
        world.habit(0, Some(unknown_type_from(1)));
        world.up(1, false);
        let device = world.device();
        device.receive().await;
        world.habit(0, None);
        let last = world.chain(0, |chain| chain.head().number);
        world.habits(Some(unknown_type_from(last)));
        world.up(1, true);
        device.run(15 * 60).await;
        let (whole, claimed) = (Verification::Block, Verification::Signer);
        assert_eq!(
            device.stretches().await,
            [(0, last - 1, whole), (last, last, claimed)]
        );
        assert_eq!(device.shown().await[0].1, Verification::Witnessed);
    });
}

#[test]
fn a_block_with_a_message_is_asked_for_before_the_many_without_one() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let note = world.write(0, "below many that nobody can read");
        world.chain(0, |chain| chain.mine_n(120));
        world.habit(0, Some(unknown_type_from(1)));
        world.up(1, false);
        let device = world.device();
        device.receive().await;
        world.habit(1, Some(unknown_type_from(2)));
        world.up(1, true);
        device.run(15 * 60).await;
        assert_eq!(device.shown().await, [(note, Verification::Block)]);
    });
}

fn block(world: &World, number: u64) -> serde_json::Value {
    let question = json!({
        "jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber",
        "params": [format!("{number:#x}"), true],
    });
    let answer = world.chain(0, |chain| chain.answer(question.to_string().as_bytes()));
    serde_json::from_slice::<serde_json::Value>(&answer).unwrap()["result"].take()
}
