//! What is called witnessed or final, and what is not, while endpoints differ or blocks are missing.

use std::sync::Arc;

use parley_testkit::strict::Rules;
use parley_wire::{Standing, Verification};
use serde_json::Value;

use crate::runtime;
use crate::world::{Device, Habit, World, both, by_hand, number, unreadable_at, url};

/// Does not tell which blocks it has up to a height, one by one.
fn tells_nothing_up_to(height: u64) -> Habit {
    Arc::new(move |call, told| {
        let is_below = number(&told["number"]).is_some_and(|at| at > 0 && at <= height);
        if call["method"] == "eth_call" || (call["params"][1] == false && is_below) {
            *told = Value::Null;
        }
    })
}

async fn standings(device: &Device) -> Vec<Standing> {
    let inbox = device.inbox().await;
    inbox.iter().map(|one| one.state).collect()
}

#[test]
fn what_one_of_three_contradicts_is_not_final_from_the_first_round_on() {
    runtime().block_on(async {
        let world = World::of(by_hand(), 3);
        world.part(2);
        let _ = world.write(0, "two have it and call it final");
        for end in [0, 2] {
            world.chain(end, |chain| chain.mine_n(4));
        }
        world.chain(0, |chain| chain.finalize(3));
        let device = world.device();
        device.run(1).await;
        assert_eq!(standings(&device).await, [Standing::InBlock]);
        device.run(60).await;
        assert_eq!(standings(&device).await, [Standing::InBlock]);
        assert!(device.is_disputed().await);
    });
}

#[test]
fn who_contradicted_and_is_silent_now_still_does() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 3);
        world.part(2);
        let _ = world.write(0, "two have it");
        for end in [0, 2] {
            world.chain(end, |chain| chain.mine_n(4));
        }
        let device = world.device();
        device.run(60).await;
        assert!(device.is_disputed().await);
        world.up(2, false);
        device.run(60).await;
        assert!(device.is_disputed().await);
        let levels = device.shown().await;
        assert_eq!(levels[0].1, Verification::Block);
    });
}

#[test]
fn below_a_gap_nothing_becomes_final_before_it_is_closed() {
    runtime().block_on(async {
        let world = World::of(by_hand(), 2);
        let _ = world.write(0, "before the gap");
        world.chain(0, |chain| chain.mine_n(9));
        let device = world.device();
        device.receive().await;
        world.chain(0, |chain| chain.mine_n(200));
        let missing = |call: &Value, told: &mut Value| {
            let height = number(&told["number"]);
            if call["params"][1] == true && height > Some(10) && height < Some(150) {
                *told = Value::Null;
            }
        };
        world.habits(Some(Arc::new(missing)));
        device.run(60).await;
        assert_eq!(device.missing().await, 139);
        world.chain(0, |chain| chain.finalize(205));
        device.run(30).await;
        assert_eq!(standings(&device).await, [Standing::InBlock]);
        world.habits(None);
        device.receive().await;
        device.run(30).await;
        assert_eq!(standings(&device).await, [Standing::Final]);
    });
}

#[test]
fn an_opinion_that_nobody_has_is_asked_for_ever_more_seldom() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let _ = world.write(0, "below");
        let hopeless = world.chain(0, |chain| chain.mine());
        world.chain(0, |chain| chain.mine_n(20));
        let (unreadable, silent) = (unreadable_at(hopeless), tells_nothing_up_to(hopeless - 1));
        world.habits(Some(both(unreadable, silent)));
        let device = world.device();
        device.receive().await;
        let before = world.asked(1, "eth_call").len();
        device.run(60 * 60).await;
        let asked = world.asked(1, "eth_call").len() - before;
        assert!((3..=12).contains(&asked), "{asked} times in an hour");
        assert_eq!(device.shown().await[0].1, Verification::Block);
    });
}

#[test]
fn who_contradicted_and_leads_now_says_the_same_as_the_others() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let device = world.device();
        device.receive().await;
        world.part(0);
        let _ = world.write(1, "on one of two branches");
        world.each_mines(40);
        device.run(60).await;
        assert!(device.is_disputed().await);
        let urls = vec![url(1), url(0)];
        device.parley.order_endpoints(urls).await.unwrap();
        world.chain(1, |chain| chain.mine_n(2));
        world.join(0, 1);
        device.run(60).await;
        assert!(!device.is_disputed().await);
        assert_eq!(device.shown().await[0].1, Verification::Witnessed);
    });
}

#[test]
fn what_endpoints_say_alike_of_an_old_block_ends_no_dispute_about_the_newest() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let low = world.write(0, "below");
        let hopeless = world.chain(0, |chain| chain.mine());
        world.chain(0, |chain| chain.mine_n(3));
        let unreadable = unreadable_at(hopeless);
        let silent = tells_nothing_up_to(hopeless);
        world.habits(Some(both(Arc::clone(&unreadable), silent)));
        let device = world.device();
        device.receive().await;
        world.part(0);
        let _ = world.write(1, "on the other branch");
        world.chain(0, |chain| chain.mine());
        world.each_mines(40);
        device.run(60).await;
        assert!(device.is_disputed().await);
        assert_eq!(device.shown().await, [(low, Verification::Block)]);
        world.habits(Some(unreadable));
        device.run(1).await;
        assert_eq!(device.shown().await, [(low, Verification::Witnessed)]);
        assert!(device.is_disputed().await);
    });
}

/// Three endpoints on three branches, of which the first one leads.
async fn three_that_differ() -> (World, Device) {
    let world = World::of(Rules::default(), 3);
    let device = world.device();
    device.receive().await;
    for end in [1, 2] {
        world.part(end);
        let _ = world.write(end, &format!("on branch {end}"));
    }
    world.chain(0, |chain| chain.mine());
    world.each_mines(40);
    device.run(60).await;
    assert!(device.is_disputed().await);
    (world, device)
}

#[test]
fn who_was_against_it_once_and_took_it_back_is_not_waited_for() {
    runtime().block_on(async {
        let (world, device) = three_that_differ().await;
        world.join(1, 0);
        world.up(2, false);
        device.run(60).await;
        assert!(device.is_disputed().await, "nobody heard the other one");
        world.up(1, false);
        world.join(2, 0);
        world.up(2, true);
        device.run(60).await;
        assert!(!device.is_disputed().await);
    });
}

#[test]
fn who_contradicted_and_is_silent_is_waited_for_also_after_others_contradicted() {
    runtime().block_on(async {
        let (world, device) = three_that_differ().await;
        world.up(1, false);
        device.run(60).await;
        world.join(2, 0);
        device.run(60).await;
        assert!(device.is_disputed().await);
        world.join(1, 0);
        world.up(1, true);
        device.run(300).await;
        assert!(!device.is_disputed().await);
    });
}
