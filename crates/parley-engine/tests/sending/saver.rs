//! Data saver: no block is received, so what is said of blocks is one endpoint's word and called so; and
//! what another device did with the account is acted on only where endpoints say it alike.

use parley_core::fees::PATIENCE_S;
use parley_testkit::free_text;
use parley_testkit::strict::{Dialect, Reinclude, Rules};
use parley_wire::{Next, Reason, Receive, Settings, State};

use crate::common::{Device, PLENTY, SECOND, World, texts};
use crate::elsewhere::twins;

fn worlds() -> impl Iterator<Item = World> {
    Dialect::ALL.into_iter().map(|dialect| {
        World::new(Rules {
            dialect,
            ..Rules::default()
        })
    })
}

async fn receive(device: &Device, receive: Receive) {
    let settings = Settings {
        receive,
        ..device.parley.settings().await.unwrap()
    };
    device.parley.choose(settings).await.unwrap();
}

/// A device in data saver that has sent a message.
async fn sent(world: &World, text: &str) -> (Device, u64) {
    let device = world.device(PLENTY);
    receive(&device, Receive::Nothing).await;
    let id = device.send(&free_text(text)).await;
    device.sync().await;
    (device, id)
}

async fn reason(device: &Device, id: u64) -> Reason {
    device.own(id).await.reason
}

#[tokio::test(start_paused = true)]
async fn to_be_in_a_block_is_called_one_endpoints_word_until_the_block_was_received() {
    for world in worlds() {
        let (device, id) = sent(&world, "one").await;
        assert_eq!(device.own(id).await.state, State::Sent);
        world.mine(1);
        device.sync().await;
        let own = device.own(id).await;
        let block = own.block_number.unwrap();
        assert_eq!(own.reason, Reason::ToldInBlock { block });
        assert_eq!((own.state, own.actions), (State::InBlock, Vec::new()));
        world.mine(70);
        device.sync().await;
        assert_eq!(reason(&device, id).await, Reason::ToldInBlock { block });
        receive(&device, Receive::Everything).await;
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::Final);
        assert_eq!(reason(&device, id).await, Reason::InBlock { block });
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_endpoint_says_no_longer_is_not_claimed_and_the_message_is_offered_again() {
    for world in worlds() {
        let (device, id) = sent(&world, "one").await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        world.node().reorg(1, Reinclude::None);
        world.node().forget_pool();
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::Sent);
        assert_eq!(world.pool(&device).len(), 1, "offered again");
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)), ["one"]);
    }
}

/// What becomes of a message whose place another device took for ever, with so many endpoints.
async fn after_losing_its_place(world: &World, endpoints: usize) -> (Vec<String>, Device, u64) {
    let [one, two] = twins(world);
    receive(&two, Receive::Nothing).await;
    for number in 1..endpoints {
        let url = format!("http://other-{number}.example/");
        two.parley.add_endpoint(&url).await.unwrap();
    }
    one.send(&free_text("one")).await;
    let second = two.send(&free_text("two")).await;
    one.sync().await;
    two.sync().await;
    world.mine(1);
    two.sync().await;
    assert_ne!(two.own(second).await.state, State::InBlock);
    for _ in 0..4 {
        world.mine(70);
        two.sync().await;
    }
    (texts(&world.chain(&one)), two, second)
}

#[tokio::test(start_paused = true)]
async fn what_lost_its_place_is_sealed_afresh_where_endpoints_say_so_alike() {
    for world in worlds() {
        let (there, two, second) = after_losing_its_place(&world, 2).await;
        assert_eq!(there, ["one", "two"], "each once");
        assert_eq!(two.own(second).await.state, State::InBlock);
    }
}

#[tokio::test(start_paused = true)]
async fn one_endpoint_alone_displaces_nothing() {
    for world in worlds() {
        let (there, two, second) = after_losing_its_place(&world, 1).await;
        assert_eq!(there, ["one"]);
        let own = two.own(second).await;
        assert!(
            !matches!(own.state, State::InBlock | State::Stopped),
            "{own:?}"
        );
        // Who receives blocks sees it, and sends it.
        receive(&two, Receive::Everything).await;
        for _ in 0..3 {
            two.sync().await;
            world.mine(70);
        }
        assert_eq!(texts(&world.chain(&two)), ["one", "two"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_endpoint_denies_and_another_one_has_is_not_sent_twice() {
    for world in worlds() {
        let device = world.device(PLENTY);
        receive(&device, Receive::Nothing).await;
        device.parley.add_endpoint(SECOND).await.unwrap();
        device.send(&free_text("one")).await;
        device.sync().await;
        world.first_retells(|asked, told| {
            if asked["method"] == "eth_getTransactionByHash" {
                told["result"] = serde_json::Value::Null;
            }
        });
        for _ in 0..4 {
            world.mine(70);
            device.sync().await;
        }
        assert_eq!(texts(&world.chain(&device)), ["one"]);
        assert_eq!(world.pool(&device).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_price_stops_is_raised_in_data_saver_too() {
    for world in worlds() {
        let (device, id) = sent(&world, "one").await;
        world.node().set_base_fee(20_000_000_000);
        world.mine(1);
        world.later(PATIENCE_S);
        device.sync().await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)), ["one"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_said_long_ago_is_taken_back_too_where_an_endpoint_says_otherwise() {
    for world in worlds() {
        let (device, id) = sent(&world, "one").await;
        world.mine(1);
        device.sync().await;
        world.later(2 * 60 * 60);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        world.node().reorg(1, Reinclude::None);
        world.node().forget_pool();
        // Nothing is asked for its own sake any more, but for what is sent next.
        let next = device.send(&free_text("two")).await;
        device.sync().await;
        assert_ne!(device.own(id).await.state, State::InBlock);
        device.sync().await;
        world.mine(1);
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::InBlock);
        assert_eq!(device.own(next).await.state, State::InBlock);
        assert_eq!(texts(&world.chain(&device)), ["one", "two"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_not_called_given_up_by_one_endpoints_word_and_it_is_said_why() {
    for world in worlds() {
        let (device, id) = sent(&world, "not any more").await;
        let name = device.own(id).await.transaction_hash;
        device.parley.give_up(id).await.unwrap();
        device.sync().await;
        assert_eq!(device.own(id).await.next, Next::WhicheverFirst);
        world.mine(1);
        device.sync().await;
        let own = device.own(id).await;
        assert!(matches!(own.reason, Reason::GivingUp { .. }), "{own:?}");
        assert_eq!(
            (own.state, own.next),
            (State::Sending, Next::ReceiveToVerify)
        );
        assert_eq!((own.actions, own.transaction_hash), (Vec::new(), name));
        receive(&device, Receive::Everything).await;
        device.sync().await;
        assert_eq!(device.own(id).await.state, State::Cancelled);
        assert_eq!(texts(&world.chain(&device)), [""; 0]);
    }
}
