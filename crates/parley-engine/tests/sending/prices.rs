//! Fees that rise by the factor 20 in the middle of a queue: what is stuck is raised by what nodes
//! take, never above what the person allows, and never while something refers to it.

use parley_core::fees::PATIENCE_S;
use parley_testkit::strict::{Dialect, Rules};
use parley_testkit::{free_text, reference};
use parley_wire::{Action, Next, Reason, Receive, Settings, State};

use crate::common::{Device, PLENTY, World, texts};

const GWEI: u64 = 1_000_000_000;

fn world(dialect: Dialect) -> World {
    World::new(Rules {
        dialect,
        ..Rules::default()
    })
}

async fn limit(device: &Device, gwei: u64) {
    let settings = Settings {
        most_gwei: Some(gwei.try_into().unwrap()),
        ..device.parley.settings().await.unwrap()
    };
    device.parley.choose(settings).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_a_price_stops_is_raised_so_that_every_client_takes_it() {
    for dialect in Dialect::ALL {
        let world = world(dialect);
        let device = world.device(PLENTY);
        let messages: Vec<_> = (0..20).map(|n| free_text(&format!("{n}"))).collect();
        let ids = device.send_all(&messages).await;
        device.sync().await;
        assert_eq!(world.pool(&device).len(), 16, "{dialect:?}: a window");
        world.node().set_base_fee(20 * GWEI);
        world.mine(1);
        device.sync().await;
        let own = device.own(ids[0]).await;
        assert_eq!(own.reason, Reason::PriceTooHigh, "{dialect:?}");
        let mut raised = 0;
        for _ in 0..40 {
            // Prices stay where they are.
            world.node().set_base_fee(20 * GWEI);
            world.later(PATIENCE_S + 1);
            let before = world.pool(&device);
            device.sync().await;
            raised += replaced(&world, &device, &before, dialect);
            world.mine(1);
        }
        device.sync().await;
        let wanted: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        assert_eq!(texts(&world.chain(&device)), wanted, "{dialect:?}");
        assert!(raised >= 1, "{dialect:?}: something was raised");
    }
}

/// How many in the pool took the place of others since; each as a node must take it.
fn replaced(
    world: &World,
    device: &Device,
    before: &[parley_testkit::strict::Sent],
    dialect: Dialect,
) -> u32 {
    let after = world.pool(device);
    let mut count = 0;
    for old in before {
        let Some(new) = after.iter().find(|new| new.nonce == old.nonce) else {
            continue;
        };
        if new.hash != old.hash {
            count += 1;
            assert_eq!(new.input, old.input, "{dialect:?}: the same message");
        }
    }
    // Only the first can hold up others.
    assert!(count <= 1, "{dialect:?}");
    count
}

#[tokio::test(start_paused = true)]
async fn nothing_is_ever_offered_above_what_a_person_allows() {
    for dialect in Dialect::ALL {
        let world = world(dialect);
        let device = world.device(PLENTY);
        limit(&device, 10).await;
        let id = device.send(&free_text("dear")).await;
        device.sync().await;
        world.node().set_base_fee(20 * GWEI);
        for _ in 0..5 {
            world.later(PATIENCE_S + 1);
            device.sync().await;
            world.node().set_base_fee(20 * GWEI);
            world.mine(1);
        }
        device.sync().await;
        for sent in world.pool(&device) {
            assert!(world.held(sent.hash, "maxFeePerGas") <= 10 * u128::from(GWEI));
        }
        assert!(world.chain(&device).is_empty(), "{dialect:?}");
        let own = device.own(id).await;
        assert_eq!(own.reason, Reason::PriceTooHigh, "{dialect:?}");

        limit(&device, 500).await;
        for _ in 0..3 {
            world.later(PATIENCE_S + 1);
            device.sync().await;
            world.mine(1);
        }
        device.sync().await;
        assert_eq!(texts(&world.chain(&device)), ["dear"], "{dialect:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_something_refers_to_keeps_its_hash() {
    for dialect in Dialect::ALL {
        let world = world(dialect);
        let device = world.device(PLENTY);
        let parent = device.send(&free_text("parent")).await;
        let more = reference(&free_text("child"), 3, &format!("@{parent}"));
        let child = device.send(&more).await;
        device.sync().await;
        let sent = world.pool(&device);
        assert_eq!(sent.len(), 2, "{dialect:?}: both in one go");
        world.node().set_base_fee(20 * GWEI);
        world.mine(1);
        world.later(PATIENCE_S + 1);
        device.sync().await;
        assert!(device.parley.offer_more(parent).await.is_err());
        assert!(device.parley.give_up(parent).await.is_err());
        assert_eq!(world.pool(&device)[0].hash, sent[0].hash, "{dialect:?}");

        world.node().set_base_fee(GWEI);
        world.mine(1);
        device.sync().await;
        let there = world.chain(&device);
        assert_eq!(texts(&there), ["parent", "child"], "{dialect:?}");
        let read = whiteflag::Message::decode(&there[1].input).unwrap();
        assert_eq!(read.reference.message.as_bytes(), there[0].hash.as_slice());
        assert_eq!(device.own(child).await.state, State::InBlock);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_to_offer_more_does_so_at_once() {
    for dialect in Dialect::ALL {
        let world = world(dialect);
        let device = world.device(PLENTY);
        let first = device.send(&free_text("first")).await;
        let second = device.send(&free_text("second")).await;
        device.sync().await;
        let old = world.pool(&device);
        device.parley.offer_more(second).await.unwrap();
        let asked = device.own(second).await;
        assert_eq!(asked.next, Next::MoreOffered, "{dialect:?}");
        assert!(!asked.actions.contains(&Action::OfferMore), "{dialect:?}");
        device.sync().await;
        assert_eq!(device.own(second).await.next, Next::AwaitBlock);
        let new = world.pool(&device);
        assert_eq!(new[0].hash, old[0].hash, "{dialect:?}");
        assert_ne!(new[1].hash, old[1].hash, "{dialect:?}");
        world.mine(1);
        device.sync().await;
        assert_eq!(texts(&world.chain(&device)), ["first", "second"]);
        assert_eq!(device.own(first).await.state, State::InBlock);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_a_block_gets_no_other_price_where_nothing_is_received() {
    let world = world(Dialect::ALL[0]);
    let device = world.device(PLENTY);
    let thrifty = Settings {
        receive: Receive::Nothing,
        ..Settings::default()
    };
    device.parley.choose(thrifty).await.unwrap();
    device.send(&free_text("once")).await;
    device.sync_for(60).await;
    world.mine(1);
    for _ in 0..3 {
        world.later(PATIENCE_S + 1);
        device.sync_for(60).await;
    }
    assert_eq!(texts(&world.chain(&device)), ["once"]);
    assert_eq!(world.offered().len(), 1, "at one price");
}
