//! What holds a message back, each with its own reason, and what lets it go on: code on the account,
//! too little money, a time that is over, and time for undoing.

use alloy_primitives::Bytes;
use parley_testkit::strict::{Rules, Signer};
use parley_testkit::{free_text, reference, sign};
use parley_wire::{Action, Reason, State};
use serde_json::{Value, json};

use crate::common::{PLENTY, World, draft, texts};

fn world() -> World {
    World::new(Rules::default())
}

#[tokio::test(start_paused = true)]
async fn an_account_with_code_sends_nothing_until_it_is_cleared() {
    let world = world();
    let device = world.device(PLENTY);
    let delegation: Vec<u8> = [&[0xef, 1, 0][..], Signer::of(9).address().as_slice()].concat();
    world.node().set_code(device.address(), delegation.into());
    let id = device.send(&free_text("held")).await;
    device.sync().await;
    let own = device.own(id).await;
    assert_eq!((own.state, own.reason), (State::Waiting, Reason::HasCode));
    assert!(world.pool(&device).is_empty() && world.chain(&device).is_empty());
    world.node().set_code(device.address(), Bytes::new());
    device.sync().await;
    world.mine(1);
    device.sync().await;
    assert_eq!(device.own(id).await.state, State::InBlock);
}

/// What one such message reserves at the prices of a new strict node: its gas, at its most.
async fn price_of_one(message: &Value) -> u128 {
    let world = world();
    let device = world.device(PLENTY);
    device.send(message).await;
    device.sync().await;
    let sent = world.pool(&device);
    let held = |key| world.held(sent[0].hash, key);
    held("gas") * held("maxFeePerGas")
}

#[tokio::test(start_paused = true)]
async fn money_for_one_sends_one_and_a_wei_less_none() {
    let message = free_text("it costs");
    let price = price_of_one(&message).await;
    for (wei, sent) in [
        (price - 1, 0),
        (price, 1),
        (2 * price - 1, 1),
        (2 * price, 2),
    ] {
        let world = world();
        let device = world.device(wei);
        let ids = device.send_all(&[message.clone(), message.clone()]).await;
        device.sync().await;
        assert_eq!(world.pool(&device).len(), sent, "{wei} wei");
        if sent < 2 {
            let own = device.own(ids[sent]).await;
            assert_eq!((own.state, own.reason), (State::Waiting, Reason::ForFunds));
        }
        let status = device.parley.status().await.unwrap();
        let affordable = status.affordable.unwrap();
        assert!(
            wei >= price || affordable == 0,
            "{affordable} for {wei} wei"
        );
        world.node().fund(device.address(), PLENTY);
        device.sync().await;
        assert_eq!(world.pool(&device).len(), 2);
        let status = device.parley.status().await.unwrap();
        assert!(status.affordable.unwrap() > 1_000);
    }
}

/// A sign that holds for an hour from then, as the standard's schema writes it.
fn for_an_hour(from: &str) -> Value {
    let place = ("+36.20210", "+037.13430");
    let mut message = sign("D21", place, "21", (150, 0, 0));
    message["MessageBody"]["DateTime"] = json!(from);
    message["MessageBody"]["Duration"] = json!("P00D01H00M");
    message
}

/// The strict node begins on 2026-09-21 at 14:13:20 UTC.
const NOW: &str = "2026-09-21T14:00:00Z";

#[tokio::test(start_paused = true)]
async fn what_was_written_at_the_window_and_is_over_waits_for_a_person() {
    let world = world();
    let device = world.device(PLENTY);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(device.write(&for_an_hour(NOW)).await.unwrap());
    }
    let script = device.send(&for_an_hour(NOW)).await;
    world.later(2 * 3_600);
    device.sync().await;
    for id in &ids {
        let own = device.own(*id).await;
        assert_eq!((own.state, own.reason), (State::Waiting, Reason::Over));
        assert!(own.actions.contains(&Action::SendAnyway));
    }
    assert_eq!(world.pool(&device).len(), 1, "a script meant what it said");
    device.parley.send_anyway(ids[0]).await.unwrap();
    let later = draft(&for_an_hour("2026-09-21T16:00:00Z"));
    device.parley.edit(ids[1], later).await.unwrap();
    device.parley.delete(ids[2], false).await.unwrap();
    device.sync().await;
    world.mine(1);
    device.sync().await;
    assert_eq!(world.chain(&device).len(), 3);
    for id in [ids[0], ids[1], script] {
        assert_eq!(device.own(id).await.state, State::InBlock);
    }
    assert_eq!(device.own(ids[2]).await.state, State::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_script_is_warned_of_a_time_that_is_over() {
    let world = world();
    let device = world.device(PLENTY);
    let written = draft(&for_an_hour("2026-09-20T10:00:00Z"));
    let ready = device
        .parley
        .check(&written, parley_engine::Wrapping::Never);
    assert_eq!(ready.unwrap().warnings.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_while_it_can_be_taken_back() {
    let world = world();
    let device = world.device(PLENTY);
    let undone = device.write(&free_text("undone")).await.unwrap();
    let hurried = device.write(&free_text("hurried")).await.unwrap();
    let left = device.write(&free_text("left")).await.unwrap();
    device.sync_for(1).await;
    assert!(world.pool(&device).is_empty());
    assert_eq!(device.own(left).await.reason, Reason::UndoTime);
    device.parley.send_now(hurried).await.unwrap();
    device.parley.delete(undone, false).await.unwrap();
    device.sync_for(1).await;
    assert_eq!(world.pool(&device).len(), 1);
    world.later(11);
    device.sync().await;
    world.mine(1);
    device.sync().await;
    assert_eq!(texts(&world.chain(&device)), ["hurried", "left"]);
}

#[tokio::test(start_paused = true)]
async fn many_that_wait_for_one_that_can_be_taken_back_hold_up_nothing_else() {
    let world = world();
    let device = world.device(PLENTY);
    let parent = device.write(&free_text("parent")).await.unwrap();
    let child = reference(&free_text("child"), 3, &format!("@{parent}"));
    device.send_all(&vec![child; 40]).await;
    device.send(&free_text("for itself")).await;
    device.sync_for(1).await;
    world.mine(1);
    assert_eq!(texts(&world.chain(&device)), ["for itself"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_for_help_goes_before_everything_that_did_not_leave() {
    let world = world();
    let device = world.device(PLENTY);
    let messages: Vec<Value> = (0..40).map(|n| free_text(&format!("{n}"))).collect();
    device.send_all(&messages).await;
    device.sync().await;
    let place = ("+36.20210", "+037.13430");
    let help = device.send(&sign("E10", place, "00", (0, 0, 999))).await;
    while world.chain(&device).len() < 41 {
        world.mine(1);
        device.sync().await;
        assert!(world.pool(&device).len() <= 16);
    }
    let there = world.chain(&device);
    let at = there.iter().position(|sent| {
        let read = whiteflag::Message::decode(&sent.input).unwrap();
        read.code() == whiteflag::MessageCode::Emergency
    });
    assert_eq!(at, Some(16), "the first after what had left");
    assert_eq!(device.own(help).await.state, State::InBlock);
}
