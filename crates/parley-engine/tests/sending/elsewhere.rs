//! One account on two devices, which nobody should do, and somebody will: both messages are on the
//! chain once, and whoever lost its place is told and gets another.

use parley_testkit::free_text;
use parley_testkit::strict::{Dialect, Finality, Rules};
use parley_wire::{Reason, State};

use crate::common::{Device, PLENTY, SECOND, World, set_up, texts};

/// Two devices with one account.
pub(crate) fn twins(world: &World) -> [Device; 2] {
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    set_up(&one.path().join("data"), "local");
    let copy = two.path().join("data");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(one.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    [world.open(one, PLENTY), world.open(two, 0)]
}

fn worlds() -> impl Iterator<Item = World> {
    Dialect::ALL.into_iter().map(|dialect| {
        World::new(Rules {
            dialect,
            ..Rules::default()
        })
    })
}

#[tokio::test(start_paused = true)]
async fn both_take_the_same_place_and_both_are_sent_once() {
    for world in worlds() {
        let [one, two] = twins(&world);
        let first = one.send(&free_text("one")).await;
        let second = two.send(&free_text("two")).await;
        let third = two.send(&free_text("three")).await;
        one.sync().await;
        two.sync().await;
        world.mine(1);
        one.sync().await;
        two.sync().await;
        assert_eq!(one.own(first).await.state, State::InBlock);
        let lost = two.own(second).await;
        assert_ne!(lost.state, State::InBlock, "{lost:?}");
        // Once that is final, its place is gone for ever.
        for _ in 0..7 {
            world.mine(10);
            one.sync().await;
            two.sync().await;
        }
        for _ in 0..3 {
            world.mine(70);
            one.sync().await;
            two.sync().await;
        }
        let mut there = texts(&world.chain(&one));
        there.sort();
        assert_eq!(there, ["one", "three", "two"], "each once");
        for id in [second, third] {
            assert_eq!(two.own(id).await.state, State::Final);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_later_waits_until_it_is_settled() {
    for world in worlds() {
        let [one, two] = twins(&world);
        one.send(&free_text("one")).await;
        one.sync().await;
        world.mine(1);
        one.sync().await;
        let id = two.send(&free_text("two")).await;
        two.sync().await;
        let own = two.own(id).await;
        assert_eq!(own.reason, Reason::UsedElsewhere);
        world.mine(70);
        two.sync().await;
        world.mine(1);
        two.sync().await;
        assert_eq!(two.own(id).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&one)), ["one", "two"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_that_is_taken_is_given_up_also_where_the_chain_names_no_final_block() {
    let world = World::new(Rules {
        finality: Finality::None,
        ..Rules::default()
    });
    let [one, two] = twins(&world);
    one.send(&free_text("one")).await;
    one.sync().await;
    let second = two.send(&free_text("two")).await;
    two.sync().await;
    for _ in 0..3 {
        world.mine(70);
        two.sync().await;
    }
    assert_eq!(texts(&world.chain(&one)), ["one", "two"]);
    assert_eq!(two.own(second).await.state, State::Final);
}

#[tokio::test(start_paused = true)]
async fn what_one_endpoint_counts_alone_holds_up_nothing() {
    for world in worlds() {
        let device = world.device(PLENTY);
        device.parley.add_endpoint(SECOND).await.unwrap();
        world.first_retells(|asked, told| {
            let count = asked["method"] == "eth_getTransactionCount";
            if count && asked["params"][1] != "finalized" {
                told["result"] = serde_json::json!("0x5");
            }
        });
        let id = device.send(&free_text("one")).await;
        device.sync().await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
    }
}
