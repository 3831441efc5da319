//! Encrypted messages and what belongs to them: vectors in either order, several keys and vectors,
//! public keys that come and go.

#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use whiteflag::crypto::ecdh::{KeyError, KeyMessage, KeyUse, PrivateKey, PublicKey};
use whiteflag::crypto::{
    Address, Change, DecryptError, EncryptError, EncryptionKey, EncryptionMethod, ExtendedKey,
    InitialisationVector, KeyRing, Opened, Pairing, Secret, SecretError, VectorMessage, decrypt,
    encrypt, open,
};
use whiteflag::{
    Body, Checked, Content, DecodeError, Message, ReferenceIndicator, Text, TransactionHash,
};

const ALICE: &str = "alice";
const MALLORY: &str = "mallory";

fn text(words: &str) -> Message {
    Message::from_flat(&format!("WF101F0{}{words}", "0".repeat(64))).unwrap()
}

fn key(method: EncryptionMethod, seed: u8) -> EncryptionKey {
    let secret = Secret::new(vec![seed; 32]).unwrap();
    EncryptionKey::derive(method, &secret, &Address::ethereum([0xA1; 20]))
}

fn vector(seed: u8) -> InitialisationVector {
    InitialisationVector::new([seed; 16])
}

fn notice(seed: u8, encrypted: TransactionHash) -> VectorMessage {
    VectorMessage {
        method: EncryptionMethod::PreShared,
        vector: vector(seed),
        encrypted,
    }
}

const SENT: TransactionHash = TransactionHash::new([0xE1; 32]);
const OTHER: TransactionHash = TransactionHash::new([0xE2; 32]);

#[test]
fn the_duress_bit_is_hidden_and_shown_only_to_the_reader() {
    let key = key(EncryptionMethod::PreShared, 1);
    let mut calm = text("Meet at the bridge");
    calm.duress = false;
    let octets = encrypt(&text("Meet at the bridge"), &key, vector(9)).unwrap();
    let calm = encrypt(&calm, &key, vector(8)).unwrap();
    assert_eq!(
        octets[..4],
        calm[..4],
        "what stands in the clear is the same"
    );
    assert!(decrypt(&octets, &key, vector(9)).unwrap().duress);
    assert_eq!(Message::decode(&octets), Err(DecodeError::Encrypted));
}

#[test]
fn a_vector_message_is_plain_and_says_what_it_belongs_to() {
    for (method, code) in [
        (EncryptionMethod::Negotiated, 0x11),
        (EncryptionMethod::PreShared, 0x21),
    ] {
        let sent = VectorMessage {
            method,
            ..notice(3, SENT)
        };
        let message = Checked::new(sent.to_message()).unwrap().into_message();
        assert!(!message.duress);
        let Body::Plain(Content::Cryptographic { data_type, .. }) = message.body else {
            panic!("not a K message");
        };
        assert_eq!(data_type, code);
        let received = Message::decode(&message.encode().unwrap()).unwrap();
        assert_eq!(VectorMessage::of(&received), Some(sent));
        let mut wrapped = message.clone();
        wrapped.encryption = b'2';
        assert_eq!(VectorMessage::of(&wrapped), None, "it was encrypted itself");
        let mut recall = message.clone();
        recall.reference.indicator = ReferenceIndicator::Recall;
        assert_eq!(VectorMessage::of(&recall), None);
        let refused = encrypt(&message, &key(method, 1), vector(4));
        assert_eq!(refused, Err(EncryptError::InitialisationVector));
    }
    assert_eq!(VectorMessage::of(&text("words")), None);
}

#[test]
fn a_message_and_its_vector_meet_in_either_order() {
    let key = key(EncryptionMethod::PreShared, 1);
    let octets = encrypt(&text("words"), &key, vector(3)).unwrap();
    let mut first = Pairing::default();
    assert!(
        first
            .insert_encrypted(SENT, ALICE, octets.clone())
            .is_none()
    );
    assert!(first.insert_vector(ALICE, &notice(5, OTHER)).is_none());
    let pair = first.insert_vector(ALICE, &notice(3, SENT)).unwrap();
    assert_eq!((*pair.account, pair.octets), (ALICE, &octets[..]));
    let mut second = Pairing::default();
    assert!(second.insert_vector(ALICE, &notice(3, SENT)).is_none());
    let pair = second
        .insert_encrypted(SENT, ALICE, octets.clone())
        .unwrap();
    assert_eq!(pair.vectors, [vector(3)]);
    let read = decrypt(pair.octets, &key, pair.vectors[0]).unwrap();
    assert_eq!(read.body, text("words").body);
    assert!(second.forget(SENT) && !second.forget(SENT) && second.is_empty());
    assert_eq!(first.len(), 2, "a message, and a vector for another");
}

#[test]
fn every_vector_of_the_sender_is_tried_and_none_of_a_stranger() {
    let key = key(EncryptionMethod::PreShared, 1);
    let octets = encrypt(&text("words"), &key, vector(3)).unwrap();
    let mut pairing = Pairing::default();
    let _ = pairing.insert_vector(MALLORY, &notice(7, SENT));
    assert!(pairing.insert_encrypted(SENT, ALICE, octets).is_none());
    assert!(pairing.insert_vector(MALLORY, &notice(6, SENT)).is_none());
    let other_method = VectorMessage {
        method: EncryptionMethod::Negotiated,
        ..notice(5, SENT)
    };
    assert!(pairing.insert_vector(ALICE, &other_method).is_none());
    for seed in [4, 3, 4] {
        let pair = pairing.insert_vector(ALICE, &notice(seed, SENT)).unwrap();
        assert!(pair.vectors.contains(&vector(seed)));
    }
    let pair = pairing.pair(SENT).unwrap();
    assert_eq!(pair.vectors, [vector(4), vector(3)], "each once");
    let attempts = pair.vectors.iter().map(|vector| (&key, *vector));
    let Ok(Opened::Read {
        attempt: 1,
        message,
    }) = open(pair.octets, attempts)
    else {
        panic!("the second vector is the right one");
    };
    assert_eq!(message.body, text("words").body);
}

#[test]
fn what_is_not_encrypted_by_a_known_method_waits_for_nothing() {
    let mut pairing = Pairing::default();
    for octets in [
        &b"WF10"[..],
        b"WF1A and more",
        b"WF13",
        b"XY12",
        b"WF1",
        b"",
    ] {
        assert!(
            pairing
                .insert_encrypted(SENT, ALICE, octets.to_vec())
                .is_none()
        );
    }
    assert!(pairing.is_empty());
}

#[test]
fn each_refusal_says_why() {
    let key = key(EncryptionMethod::PreShared, 1);
    let header = DecryptError::Header;
    for (octets, why) in [
        (&b"WF1A and more"[..], DecryptError::PrivateMethod),
        (b"WF13 and more", header(DecodeError::EncryptionIndicator)),
        (b"WF22 and more", header(DecodeError::Version)),
        (b"XF12 and more", header(DecodeError::NotWhiteflag)),
        (b"WF1", header(DecodeError::CutShort)),
        (b"WF10 and more", DecryptError::NotEncrypted),
        (b"WF11 and more", DecryptError::OtherMethod),
        (b"WF12 and more", DecryptError::WrongKey),
        (b"WF12", DecryptError::WrongKey),
    ] {
        assert_eq!(decrypt(octets, &key, vector(1)), Err(why), "{octets:?}");
    }
    for indicator in [b'1', b'A', b'3'] {
        let mut message = text("words");
        message.encryption = indicator;
        let refused = encrypt(&message, &key, vector(1));
        assert_eq!(refused, Err(EncryptError::Method));
    }
}

#[test]
fn what_is_flagged_as_encrypted_and_is_not_is_told_apart() {
    let key = key(EncryptionMethod::PreShared, 1);
    let mut message = text("everybody can read this");
    message.encryption = b'2';
    let octets = message.plaintext();
    let one = decrypt(&octets, &key, vector(1));
    assert_eq!(one, Err(DecryptError::InTheClear));
    let all = open(&octets, [(&key, vector(1))]);
    assert_eq!(all, Ok(Opened::InTheClear(message)));
}

#[test]
fn of_several_results_the_one_that_breaks_fewest_rules_counts() {
    let right = key(EncryptionMethod::PreShared, 1);
    let mut message = text("words");
    message.body = Body::Plain(Content::FreeText(Text::new("The road is clear").unwrap()));
    let octets = encrypt(&message, &right, vector(1)).unwrap();
    // Wrong keys of which some make a message by chance: about one in four hundred.
    let wrong: Vec<_> = (0..=255)
        .flat_map(|seed| (0..8).map(move |more| (seed, more)))
        .map(|(seed, more)| {
            let secret = Secret::new([[seed; 16], [more; 16]].concat()).unwrap();
            let sender = Address::ethereum([0xB2; 20]);
            EncryptionKey::derive(EncryptionMethod::PreShared, &secret, &sender)
        })
        .collect();
    let by_chance = wrong
        .iter()
        .filter(|key| decrypt(&octets, key, vector(1)).is_ok())
        .count();
    assert!(by_chance > 0, "or this shows nothing");
    let attempts = wrong.iter().chain([&right]).map(|key| (key, vector(1)));
    let Ok(Opened::Read {
        attempt,
        message: read,
    }) = open(&octets, attempts)
    else {
        panic!("it can be read");
    };
    assert_eq!((attempt, read.body), (wrong.len(), message.body));
}

#[test]
fn short_secrets_are_taken_from_others_only() {
    assert_eq!(Secret::new(vec![1; 15]).err(), Some(SecretError::TooShort));
    let (secret, warning) = Secret::import(vec![1; 15]).unwrap();
    assert_eq!(
        (secret.expose().len(), warning),
        (15, Some(SecretError::TooShort))
    );
    assert_eq!(Secret::import(vec![1; 16]).unwrap().1, None);
    for wrong in [0, 1025] {
        assert_eq!(
            Secret::import(vec![1; wrong]).err(),
            Some(SecretError::Length)
        );
    }
    let digits = Secret::import_hex("00FFabCD").unwrap().0;
    assert_eq!(digits.expose(), [0, 0xFF, 0xAB, 0xCD]);
    for wrong in ["0", "0x00", "zz", "é"] {
        assert_eq!(Secret::import_hex(wrong).err(), Some(SecretError::Digits));
    }
}

fn published(indicator: ReferenceIndicator, key: PublicKey) -> KeyMessage {
    KeyMessage {
        key_use: KeyUse::Encryption,
        key,
        indicator,
    }
}

#[test]
fn one_key_counts_for_each_account() {
    use ReferenceIndicator as Way;
    let [first, second] = [1, 2].map(|n| PrivateKey::from_octets(&[n; 32]).unwrap().public_key());
    let mut ring = KeyRing::default();
    let mut receive = |way, key| ring.receive(ALICE, &published(way, key));
    assert_eq!(receive(Way::Original, first), Change::First);
    assert_eq!(receive(Way::Original, first), Change::None, "said again");
    assert_eq!(receive(Way::Original, second), Change::Replaced);
    assert_eq!(
        receive(Way::Discontinue, first),
        Change::None,
        "not this one"
    );
    assert_eq!(receive(Way::Update, first), Change::Replaced);
    assert_eq!(receive(Way::Relate, second), Change::None);
    assert_eq!(ring.key(ALICE, KeyUse::Encryption), Some(&first));
    assert_eq!(ring.key(ALICE, KeyUse::Tokens), None);
    assert_eq!(ring.key(MALLORY, KeyUse::Encryption), None);
    let recall = published(Way::Recall, first);
    assert_eq!(ring.receive(MALLORY, &recall), Change::None);
    assert_eq!(ring.receive(ALICE, &recall), Change::Withdrawn);
    assert_eq!(ring.key(ALICE, KeyUse::Encryption), None);
}

#[test]
fn key_messages_are_the_same_after_octets() {
    let key = PrivateKey::from_octets(&[7; 32]).unwrap().public_key();
    for (key_use, length) in [(KeyUse::Encryption, 72), (KeyUse::Tokens, 72)] {
        let sent = KeyMessage {
            key_use,
            ..published(ReferenceIndicator::Original, key)
        };
        let message = Checked::new(sent.to_message(TransactionHash::ZERO)).unwrap();
        let octets = message.encode().unwrap();
        assert_eq!(octets.len(), length);
        let received = Message::decode(&octets).unwrap();
        assert_eq!(KeyMessage::of(&received), Some(sent));
    }
    let extended = ExtendedKey {
        authentication: SENT,
        octets: vec![4; 78],
    };
    assert_eq!(
        ExtendedKey::of(&extended.to_message()),
        Some(extended.clone())
    );
    assert_eq!(KeyMessage::of(&extended.to_message()), None);
    assert_eq!(ExtendedKey::of(&notice(1, SENT).to_message()), None);
}

#[test]
fn what_is_no_key_is_refused() {
    let order = "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7";
    for digits in [order, &"0".repeat(64), &"f".repeat(64)] {
        assert_eq!(PrivateKey::from_hex(digits).err(), Some(KeyError::Private));
    }
    for digits in ["", "00", &"0".repeat(66), &"g".repeat(64)] {
        assert_eq!(PrivateKey::from_hex(digits).err(), Some(KeyError::Digits));
    }
    let good = PrivateKey::from_octets(&[7; 32])
        .unwrap()
        .public_key()
        .to_octets();
    let mut off = good.clone();
    // Half of all x coordinates belong to no point; the next that does not is near.
    while PublicKey::from_octets(&off).is_ok() {
        off[32] = off[32].wrapping_add(1);
    }
    for octets in [&good[..32], &[0; 33], &[0; 1], &[], &[4; 65], &off] {
        assert_eq!(PublicKey::from_octets(octets).err(), Some(KeyError::Public));
    }
}
