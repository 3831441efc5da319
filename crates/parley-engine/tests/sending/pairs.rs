//! Encrypted messages and their initialisation vectors: one never leaves without the other, whatever
//! happens to money, room, fees and blocks, and everything on the chain can be decrypted.

use parley_engine::Wrapping;
use parley_testkit::free_text;
use parley_testkit::reference;
use parley_testkit::strict::{Reinclude, Rules, Seed, Sent};
use parley_wire::{Action, State};
use serde_json::Value;
use whiteflag::crypto::{Address, EncryptionKey, EncryptionMethod, Secret, VectorMessage, decrypt};
use whiteflag::{Message, TransactionHash};

use crate::common::{Device, PLENTY, World, draft};
use crate::elsewhere::twins;

fn secret() -> Secret {
    Secret::new((0..32).collect()).unwrap()
}

impl Device {
    async fn encrypt(&self, messages: &[Value]) -> Vec<(u64, u64)> {
        let mut pairs = Vec::new();
        for message in messages {
            let (draft, secret) = (draft(message), secret());
            let pair = self.parley.encrypt(&draft, Wrapping::Never, &secret);
            pairs.push(pair.await.unwrap());
        }
        self.parley.queue_encrypted(&pairs).await.unwrap()
    }
}

/// The texts of what was encrypted, in order; each must have its vector right behind it.
fn decrypted(device: &Device, sent: &[Sent]) -> Vec<String> {
    let address = Address::ethereum(device.address().0.0);
    let key = EncryptionKey::derive(EncryptionMethod::PreShared, &secret(), &address);
    let mut texts = Vec::new();
    for pair in sent.windows(2) {
        if Message::decode(&pair[0].input) != Err(whiteflag::DecodeError::Encrypted) {
            continue;
        }
        let vector = VectorMessage::of(&Message::decode(&pair[1].input).unwrap()).unwrap();
        assert_eq!(vector.encrypted, TransactionHash::new(pair[0].hash.0));
        let read = decrypt(&pair[0].input, &key, vector.vector).unwrap();
        let text = read.to_value()["MessageBody"]["Text"].clone();
        texts.push(text.as_str().unwrap().to_owned());
    }
    texts
}

#[tokio::test(start_paused = true)]
async fn a_pair_waits_until_there_is_room_for_both() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let plain: Vec<Value> = (0..15).map(|n| free_text(&format!("{n}"))).collect();
    device.send_all(&plain).await;
    let ids = device.encrypt(&[free_text("for friends")]).await;
    device.sync().await;
    assert_eq!(world.pool(&device).len(), 15, "no half of a pair");
    world.mine(1);
    device.sync().await;
    assert_eq!(world.pool(&device).len(), 2);
    world.mine(1);
    device.sync().await;
    assert_eq!(decrypted(&device, &world.chain(&device)), ["for friends"]);
    assert_eq!(device.own(ids[0].0).await.state, State::InBlock);
}

#[tokio::test(start_paused = true)]
async fn a_pair_waits_until_there_is_money_for_both() {
    // By half as much at a time, from far too little to enough.
    let mut wei = 1_000_000_000_000_u128;
    let mut both = false;
    while !both {
        let world = World::new(Rules::default());
        let device = world.device(wei);
        device.encrypt(&[free_text("for friends")]).await;
        device.sync().await;
        let count = world.pool(&device).len();
        assert!(count == 0 || count == 2, "{count} of two for {wei} wei");
        both = count == 2;
        wei += wei / 10;
    }
}

#[tokio::test(start_paused = true)]
async fn no_half_is_changed_or_taken_away() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let ids = device.encrypt(&[free_text("one"), free_text("two")]).await;
    let [(one, vector), (two, _)] = ids[..] else {
        panic!("two pairs")
    };
    assert!(
        device
            .parley
            .edit(one, draft(&free_text("plain")))
            .await
            .is_err()
    );
    assert!(device.parley.delete(vector, false).await.is_err());
    assert!(
        device.parley.delete(one, false).await.is_err(),
        "its vector is asked about"
    );
    assert_eq!(device.own(vector).await.actions, []);
    assert_eq!(device.own(one).await.actions, [Action::Delete]);
    assert!(device.own(one).await.message.is_null());
    device.parley.delete(one, true).await.unwrap();
    device.sync().await;
    assert!(device.parley.give_up(two + 1).await.is_err());
    assert!(device.parley.give_up(two).await.is_err());
    world.mine(1);
    device.sync().await;
    assert_eq!(decrypted(&device, &world.chain(&device)), ["two"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_encrypted_refers_to_no_message_that_has_not_left() {
    let world = World::new(Rules::default());
    let device = world.device(PLENTY);
    let id = device.send(&free_text("first")).await;
    let more = draft(&reference(&free_text("more"), 3, &format!("@{id}")));
    let refused = device
        .parley
        .encrypt(&more, Wrapping::Never, &secret())
        .await;
    let words = refused.err().unwrap().message;
    assert!(words.contains(&format!("own message {id}")), "{words}");
}

/// Another device took the place of what was encrypted, and the vector came through: it refers to
/// nothing, and is sent once more for what was sealed afresh.
#[tokio::test(start_paused = true)]
async fn a_pair_that_another_device_tore_apart_is_put_together_again() {
    let world = World::new(Rules::default());
    let [one, two] = twins(&world);
    one.send(&free_text("in its place")).await;
    two.encrypt(&[free_text("for friends")]).await;
    one.sync().await;
    two.sync().await;
    for _ in 0..5 {
        world.mine(70);
        one.sync().await;
        two.sync().await;
    }
    let there = world.chain(&two);
    assert_eq!(decrypted(&two, &there), ["for friends"]);
    assert_eq!(there.len(), 4, "with the vector that refers to nothing");
}

/// Fees jump, blocks are replaced, pools forget: in the end everything can be decrypted.
/// `PARLEY_PAIRS` says in how many worlds.
#[tokio::test(start_paused = true)]
async fn every_encrypted_message_on_the_chain_can_be_decrypted() {
    for number in 0..crate::worlds() {
        let mut seed = Seed::new(number);
        let world = World::new(Rules::default());
        let device = world.device(PLENTY);
        let mut wanted = Vec::new();
        for round in 0..20 {
            if round < 10 {
                let text = format!("{number}-{round}");
                device.encrypt(&[free_text(&text)]).await;
                device.send(&free_text("plain")).await;
                wanted.push(text);
            }
            device.sync().await;
            world.later(seed.below(700));
            match seed.below(6) {
                0 => world.node().set_base_fee(20_000_000_000),
                1 => world.node().set_base_fee(1_000_000_000),
                2 => {
                    let mut node = world.node();
                    let depth = (1 + seed.below(5)).min(node.head().number);
                    node.reorg(depth, Reinclude::None);
                }
                3 => world.node().forget_pool(),
                _ => world.mine(1),
            }
        }
        world.node().set_base_fee(1_000_000_000);
        for _ in 0..12 {
            world.later(601);
            device.sync().await;
            world.mine(1);
        }
        device.sync().await;
        let there = decrypted(&device, &world.chain(&device));
        assert_eq!(there, wanted, "seed {number}");
    }
}
