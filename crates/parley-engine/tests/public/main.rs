//! Public networks by name, on simulated answers: which endpoint is for one, where receiving begins,
//! what may be sent. A strict node gives the blocks; its first block, and one far above its head, are
//! told as those of the real network, or otherwise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod world;

use parley_wire::{Health, Link, OfflineReason, Reason, State};

use crate::world::{DAY, World};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

#[test]
fn a_main_network_is_received_from_a_day_back_and_nothing_is_sent_on_it() {
    runtime().block_on(async {
        let world = World::of("mainnet");
        world.mine_days(3);
        let note = world.write_note("somebody's note");
        let device = world.device("mainnet");
        device.receive().await;
        let view = device.parley.network().await.unwrap();
        let start = view.coverage.start.unwrap();
        assert_eq!(start, world.head() - DAY / 12);
        assert_eq!(view.coverage.missing, 0);
        assert_eq!(view.coverage.stretches.len(), 1);
        let inbox = device.parley.inbox().await.unwrap();
        assert_eq!(inbox.len(), 1);
        assert_eq!(inbox[0].transaction_hash, note);

        let id = device.queue_note("mine").await;
        device.receive().await;
        let own = device.own(id).await;
        assert_eq!(
            (own.state, own.reason),
            (State::Waiting, Reason::NotOnThisNetwork)
        );
        assert_eq!(world.offers(), 0);
    });
}

#[test]
fn on_a_test_network_only_tests_leave_and_they_are_shown_as_such() {
    runtime().block_on(async {
        let world = World::of("sepolia");
        world.mine_days(1);
        let device = world.device("sepolia");
        world.fund(device.address().await);
        let id = device.queue_note("an exercise").await;
        device.receive().await;
        world.mine();
        device.receive().await;
        let own = device.own(id).await;
        assert_eq!(own.state, State::InBlock, "{own:?}");
        assert_eq!(own.message["MessageHeader"]["MessageCode"], "T");
        let signals = device.parley.signals().await.unwrap();
        assert_eq!(signals.len(), 1, "what is a test there stands there");
    });
}

#[test]
fn an_endpoint_of_another_chain_is_found_out_by_its_first_block() {
    runtime().block_on(async {
        let world = World::of("mainnet");
        world.mine_days(1);
        world.tell_another_first_block();
        let device = world.device("mainnet");
        device.fail_to_receive().await;
        assert_eq!(
            device.link().await,
            Link::Offline {
                reason: OfflineReason::AllDemoted
            }
        );
        let view = device.parley.network().await.unwrap();
        let lie = "other-genesis".to_owned();
        assert_eq!(view.endpoints[0].health, Health::Demoted { lie });
        assert_eq!(view.coverage.stretches, []);
    });
}

#[test]
fn an_endpoint_that_has_another_block_at_the_checkpoint_is_found_out() {
    runtime().block_on(async {
        let world = World::of("mainnet");
        world.mine_days(1);
        world.tell_another_checkpoint();
        let device = world.device("mainnet");
        device.fail_to_receive().await;
        let view = device.parley.network().await.unwrap();
        let lie = "other-checkpoint".to_owned();
        assert_eq!(view.endpoints[0].health, Health::Demoted { lie });
        assert_eq!(view.coverage.stretches, []);
    });
}
