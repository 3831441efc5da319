//! Follow mode: single blocks, of which messages get opinions as others do, and nothing is missed
//! because one endpoint hid it or a branch was left.

use parley_testkit::strict::{Reinclude, Rules, Signer};
use parley_wire::{Receive, Verification};

use crate::runtime;
use crate::world::{Device, World, witnessed};

/// A device that follows the stranger who writes here, and has looked once.
async fn following(world: &World) -> Device {
    let device = world.device();
    device
        .choose(|settings| settings.receive = Receive::Followed)
        .await;
    let followed = Signer::of(1).address().to_string();
    device.parley.follow(&followed).await.unwrap();
    device.run(30).await;
    device
}

#[test]
fn what_one_hid_of_a_followed_account_is_found_when_another_one_leads() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = following(&world).await;
        let hides = |call: &serde_json::Value, told: &mut serde_json::Value| {
            if call["method"] == "eth_getTransactionCount" {
                *told = serde_json::json!("0x0");
            }
        };
        world.habit(0, Some(std::sync::Arc::new(hides)));
        world.up(1, false);
        let note = world.write(0, "hidden");
        world.chain(0, |chain| chain.mine_n(30));
        device.run(60).await;
        assert_eq!(device.shown().await, []);
        world.up(1, true);
        world.up(0, false);
        world.chain(0, |chain| chain.mine_n(30));
        device.run(600).await;
        assert_eq!(device.shown().await.first().map(|one| one.0), Some(note));
    });
}

#[test]
fn followed_messages_get_opinions_too() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        let device = following(&world).await;
        let first = world.write(0, "one");
        world.chain(0, |chain| chain.mine_n(5));
        let second = world.write(0, "two");
        world.chain(0, |chain| chain.mine_n(5));
        device.run(60).await;
        assert_eq!(device.shown().await, [witnessed(first), witnessed(second)]);
    });
}

#[test]
fn a_followed_message_that_another_branch_took_over_is_found_there() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = following(&world).await;
        let note = world.write(0, "moved");
        world.chain(0, |chain| chain.mine_n(4));
        device.run(60).await;
        assert_eq!(device.shown().await, [witnessed(note)]);
        world.chain(0, |chain| chain.reorg(6, Reinclude::All));
        device.run(60).await;
        world.chain(0, |chain| chain.mine());
        device.run(60).await;
        assert_eq!(device.shown().await, [witnessed(note)]);
    });
}

#[test]
fn while_a_dispute_is_open_what_is_not_disputed_gets_opinions() {
    runtime().block_on(async {
        let world = World::of(Rules::default(), 2);
        world.chain(0, |chain| chain.mine_n(5));
        let device = following(&world).await;
        world.up(1, false);
        let low = world.write(0, "below both branches");
        world.chain(0, |chain| chain.mine_n(3));
        device.run(60).await;
        world.part(1);
        let one = world.write(0, "on one branch");
        world.chain(0, |chain| chain.mine());
        let two = world.write(0, "there, too");
        world.chain(1, |chain| chain.mine_n(3));
        device.run(60).await;
        let alone = |hash| (hash, Verification::Block);
        assert_eq!(device.shown().await, [low, one, two].map(alone));
        world.up(1, true);
        device.run(300).await;
        assert!(device.is_disputed().await);
        let shown = [witnessed(low), alone(one), alone(two)];
        assert_eq!(device.shown().await, shown);

        let same = world.chain(0, |chain| {
            chain.mine();
            chain.clone()
        });
        world.chain(1, |chain| *chain = same);
        device.run(60).await;
        assert!(!device.is_disputed().await);
        assert_eq!(device.shown().await, [low, one, two].map(witnessed));
    });
}
