//! A person gives a message up, or keeps it after all, while nodes do what they like: whichever
//! transaction comes into a block counts, and what it left behind is mended.

use alloy_primitives::{B256, Bytes};
use parley_testkit::strict::{Dialect, Rules};
use parley_testkit::{free_text, reference};
use parley_wire::State;
use serde_json::json;

use crate::common::{PLENTY, World, texts};

fn worlds() -> impl Iterator<Item = World> {
    Dialect::ALL.into_iter().map(|dialect| {
        World::new(Rules {
            dialect,
            ..Rules::default()
        })
    })
}

impl World {
    /// Another node's pool held this one longer, and its block came first.
    fn mine_instead(&self, gone: &[B256], raw: &[Bytes]) {
        for hash in gone {
            assert!(self.node().drop_from_pool(*hash));
        }
        for raw in raw {
            let taken = self.node().ask("eth_sendRawTransaction", &json!([raw]));
            assert!(taken.is_string(), "the other one is taken");
        }
        self.mine(1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_was_given_up_leaves_a_blank_transaction() {
    for world in worlds() {
        let device = world.device(PLENTY);
        let id = device.send(&free_text("not any more")).await;
        device.sync().await;
        device.parley.give_up(id).await.unwrap();
        device.sync().await;
        assert!(world.pool(&device)[0].input.is_empty());
        world.mine(1);
        device.sync().await;
        let own = device.own(id).await;
        assert_eq!(
            own.state,
            State::Cancelled,
            "{own:?} {:?}",
            world.chain(&device)
        );
        let next = device.send(&free_text("this instead")).await;
        device.sync().await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(next).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)), ["this instead"]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_original_may_be_faster_than_the_blank_one() {
    for world in worlds() {
        let device = world.device(PLENTY);
        let early = device
            .send(&free_text("in a block before anybody knew"))
            .await;
        device.sync().await;
        device.parley.give_up(early).await.unwrap();
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(early).await.state, State::InBlock);

        let late = device
            .send(&free_text("in a block after the blank left"))
            .await;
        device.sync().await;
        let original = world.offered().last().unwrap().clone();
        device.parley.give_up(late).await.unwrap();
        device.sync().await;
        let blank = world.pool(&device)[0].hash;
        world.mine_instead(&[blank], &[original]);
        device.sync().await;
        assert_eq!(device.own(late).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)).len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn who_changes_their_mind_in_time_sends_the_message() {
    for world in worlds() {
        let device = world.device(PLENTY);
        let id = device.send(&free_text("after all")).await;
        device.sync().await;
        device.parley.give_up(id).await.unwrap();
        device.parley.keep(id).await.unwrap();
        device.sync().await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)), ["after all"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_points_at_nothing_is_sent_again_with_the_right_one() {
    for world in worlds() {
        let device = world.device(PLENTY);
        let parent = device.send(&free_text("parent")).await;
        device.sync().await;
        device.parley.offer_more(parent).await.unwrap();
        device.sync().await;
        let more = reference(&free_text("child"), 3, &format!("@{parent}"));
        let child = device.send(&more).await;
        device.sync().await;
        let pool = world.pool(&device);
        let [first, _, of_child] = &world.offered()[..] else {
            panic!("three transactions")
        };
        world.mine_instead(
            &[pool[0].hash, pool[1].hash],
            &[first.clone(), of_child.clone()],
        );
        device.sync().await;
        world.mine(1);
        device.sync().await;
        let there = world.chain(&device);
        assert_eq!(texts(&there), ["parent", "child", "child"]);
        let refers = |at: usize| {
            let read = whiteflag::Message::decode(&there[at].input).unwrap();
            B256::from(*read.reference.message.as_bytes())
        };
        assert_ne!(refers(1), there[0].hash);
        assert_eq!(refers(2), there[0].hash);
        let own = device.own(child).await;
        assert_eq!(own.state, State::Stopped);
        let repaired = device.own(own.repaired_by.unwrap()).await;
        assert_eq!(repaired.state, State::InBlock);
    }
}

#[tokio::test(start_paused = true)]
async fn an_older_price_in_a_pool_does_not_stand_for_the_newer_one() {
    for world in worlds() {
        let device = world.device(PLENTY);
        let id = device.send(&free_text("one")).await;
        device.sync().await;
        let older = world.offered().last().unwrap().clone();
        device.parley.offer_more(id).await.unwrap();
        device.sync().await;
        let newer = world.pool(&device)[0].hash;
        assert!(world.node().drop_from_pool(newer));
        world.node().ask("eth_sendRawTransaction", &json!([older]));
        assert_ne!(world.pool(&device)[0].hash, newer, "lost on the way");
        device.sync().await;
        assert_eq!(world.pool(&device)[0].hash, newer, "offered again");
    }
}
