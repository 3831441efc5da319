//! What holds for all messages, keys and octets: encryption, key agreement, signatures.

#![cfg(feature = "crypto")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use aes::Aes256Enc;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use base64ct::{Base64UrlUnpadded, Encoding};
use common::as_read;
use proptest::prelude::*;
use whiteflag::crypto::jws::{self, AccountKey, Claims, Jws, PrivateKey, VerifyError, verify};
use whiteflag::crypto::{
    Address, DecryptError, EncryptionKey, EncryptionMethod, InitialisationVector, Opened, Secret,
    Token, decrypt, ecdh, encrypt, open,
};
use whiteflag::{Body, Content, Message};

/// A key whose failing case cannot be printed, as the types forbid it.
struct Hidden<T>(T);

impl<T> std::fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }
}

impl<T> std::ops::Deref for Hidden<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

fn method() -> impl Strategy<Value = EncryptionMethod> {
    prop_oneof![
        Just(EncryptionMethod::Negotiated),
        Just(EncryptionMethod::PreShared)
    ]
}

fn key() -> impl Strategy<Value = Hidden<EncryptionKey>> {
    let octets = proptest::collection::vec(any::<u8>(), 16..64);
    (method(), octets, any::<[u8; 20]>()).prop_map(|(method, octets, address)| {
        let secret = Secret::new(octets).unwrap();
        Hidden(EncryptionKey::derive(
            method,
            &secret,
            &Address::ethereum(address),
        ))
    })
}

fn vector() -> impl Strategy<Value = InitialisationVector> {
    any::<[u8; 16]>().prop_map(InitialisationVector::new)
}

/// Anything but an initialisation vector, which has to stay in the clear.
fn message() -> impl Strategy<Value = Message> {
    let in_the_clear = |message: &Message| {
        let (Body::Plain(content) | Body::Test(content)) = &message.body;
        matches!(
            content,
            Content::Cryptographic {
                data_type: 0x11 | 0x21,
                ..
            }
        )
    };
    as_read::message().prop_filter("it may be encrypted", move |message| !in_the_clear(message))
}

fn private_key() -> impl Strategy<Value = Hidden<ecdh::PrivateKey>> {
    any::<[u8; 32]>().prop_filter_map("not below the order", |octets| {
        ecdh::PrivateKey::from_octets(&octets).ok().map(Hidden)
    })
}

fn account() -> impl Strategy<Value = Hidden<PrivateKey>> {
    any::<[u8; 32]>().prop_filter_map("not below the order", |octets| {
        PrivateKey::from_octets(&octets).ok().map(Hidden)
    })
}

/// Counter mode written from its definition, on the block function alone.
fn counter_mode(key: [u8; 32], first: u128, octets: &mut [u8]) {
    let cipher = Aes256Enc::new(&key.into());
    for (count, chunk) in (0_u128..).zip(octets.chunks_mut(16)) {
        let mut block = first.wrapping_add(count).to_be_bytes().into();
        cipher.encrypt_block(&mut block);
        for (octet, mask) in chunk.iter_mut().zip(block) {
            *octet ^= mask;
        }
    }
}

proptest! {
    #[test]
    fn decrypting_undoes_encrypting(message in message(), key in key(), vector in vector()) {
        let octets = encrypt(&message, &key, vector).unwrap();
        let plain = message.plaintext();
        prop_assert_eq!(octets.len(), plain.len());
        prop_assert_eq!(&octets[..3], b"WF1");
        prop_assert_eq!(octets[3], key.method().indicator());
        prop_assert_ne!(&octets[4..], &plain[4..]);
        let read = decrypt(&octets, &key, vector).unwrap();
        prop_assert_eq!(read.encryption, key.method().indicator());
        prop_assert_eq!(Message { encryption: b'0', ..read }, message);
    }

    #[test]
    fn a_flipped_bit_is_another_message_or_an_error(
        message in message(), key in key(), vector in vector(),
        at in any::<prop::sample::Index>(), bit in 0_u32..8,
    ) {
        let mut octets = encrypt(&message, &key, vector).unwrap();
        let before = decrypt(&octets, &key, vector).unwrap();
        let at = at.index(octets.len());
        octets[at] ^= 1 << bit;
        if let Ok(after) = decrypt(&octets, &key, vector) {
            // Only the padding, in the last octet, may change without a trace.
            prop_assert!(after != before || at + 1 == octets.len());
        }
    }

    #[test]
    fn any_octets_are_a_message_or_an_error(
        start in prop_oneof![Just("WF11"), Just("WF12"), Just("WF1A"), Just("")],
        rest in any::<Vec<u8>>(), key in key(), vector in vector(),
    ) {
        let octets = [start.as_bytes(), &rest].concat();
        let one = decrypt(&octets, &key, vector);
        match open(&octets, [(&*key, vector)]) {
            Ok(Opened::Read { attempt, message }) => {
                prop_assert_eq!(attempt, 0);
                prop_assert_eq!(one, Ok(message));
            }
            Ok(Opened::InTheClear(_)) => prop_assert!(one.is_err()),
            Ok(Opened::Closed) => prop_assert!(matches!(
                one, Err(DecryptError::WrongKey | DecryptError::OtherMethod)
            )),
            Err(error) => prop_assert_eq!(one, Err(error)),
        }
    }

    #[test]
    fn the_counter_has_128_bits(
        key in any::<[u8; 32]>(), high in any::<u64>(), before in 0_u64..4, length in 0_usize..200,
    ) {
        // At most three blocks before the lower half overflows; the upper one may do so too.
        let low = u64::MAX - before;
        for high in [high, u64::MAX] {
            let first = u128::from(high) << 64 | u128::from(low);
            let (mut ours, mut theirs) = (vec![0x5A; length], vec![0x5A; length]);
            let vector = InitialisationVector::new(first.to_be_bytes());
            EncryptionKey::from_octets(EncryptionMethod::Negotiated, &key).apply(vector, &mut ours);
            counter_mode(key, first, &mut theirs);
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn a_token_is_its_own_digits_and_no_others(
        octets in any::<[u8; 32]>(), sender in any::<[u8; 20]>(), other in ".{0,70}",
        at in 0_usize..64,
    ) {
        let secret = Secret::new(octets.to_vec()).unwrap();
        let token = Token::derive(&secret, &Address::ethereum(sender));
        let digits = token.to_hex();
        prop_assert!(token.matches(&digits) && token.matches(&digits.to_uppercase()));
        prop_assert!(!token.matches(&other));
        prop_assert!(!token.matches(&digits[..at]));
        let mut wrong = digits.into_bytes();
        wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
        prop_assert!(!token.matches(&String::from_utf8(wrong).unwrap()));
    }

    #[test]
    fn addresses_are_the_same_after_their_text(octets in any::<[u8; 20]>(), other in ".{0,60}") {
        let address = Address::ethereum(octets);
        for text in [address.to_string(), address.to_plain(), address.to_string().to_lowercase()] {
            prop_assert_eq!(text.parse::<Address>().unwrap(), address);
            prop_assert!(address.is_named(&text));
        }
        prop_assert_eq!(Address::from_octets(&octets).unwrap(), address);
        let _ = other.parse::<Address>();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn both_sides_agree_on_one_secret(a in private_key(), b in private_key(), c in private_key()) {
        let agreed = a.agree(&b.public_key());
        let other_side = b.agree(&a.public_key());
        prop_assert_eq!(agreed.expose(), other_side.expose());
        let with_another = a.agree(&c.public_key());
        prop_assert_ne!(agreed.expose(), with_another.expose());
        let again = ecdh::PrivateKey::from_octets(&a.expose()).unwrap();
        prop_assert_eq!(again.public_key(), a.public_key());
        let read = ecdh::PublicKey::from_octets(&a.public_key().to_octets()).unwrap();
        prop_assert_eq!(read, a.public_key());
    }

    #[test]
    fn what_is_signed_is_verified_and_nothing_else(
        account in account(), stranger in account(), name in ".{0,20}", when in any::<u32>(),
    ) {
        let url = "https://example.org/whiteflag.json";
        let key = account.public_key();
        let sender = key.ethereum_address();
        let mut claims = Claims::new(&sender, &name, url);
        claims.iat = Some(when.into());
        let jws = Jws::sign(&account, &claims);
        for key in [None, Some(&key)] {
            prop_assert_eq!(verify(&jws, &sender, url, key, None), Ok(claims.clone()));
        }
        let other = stranger.public_key();
        let refused = verify(&jws, &sender, url, Some(&other), None);
        prop_assert_eq!(refused, Err(VerifyError::Signature));
        let refused = verify(&jws, &other.ethereum_address(), url, Some(&key), None);
        prop_assert_eq!(refused, Err(VerifyError::Address));
    }

    /// Every octet of every part, since anybody on the way to the URL can change any of them.
    #[test]
    fn a_changed_octet_is_noticed(
        account in account(), at in any::<prop::sample::Index>(), change in 1_u8..128,
    ) {
        let url = "https://example.org/whiteflag.json";
        let key = account.public_key();
        let sender = key.ethereum_address();
        let jws = Jws::sign(&account, &Claims::new(&sender, "Organisation", url));
        let compact = jws.to_compact();
        let mut octets = compact.clone().into_bytes();
        let at = at.index(octets.len());
        octets[at] ^= change;
        let Ok(changed) = String::from_utf8(octets) else { return Ok(()); };
        if let Ok(read) = Jws::from_compact(&changed) {
            prop_assert_eq!(Jws::from_flattened(&read.to_flattened()).unwrap(), read.clone());
            for key in [None, Some(&key)] {
                prop_assert!(verify(&read, &sender, url, key, None).is_err());
            }
        }
    }

    #[test]
    fn hostile_texts_are_refused_without_harm(text in ".{0,300}", deep in prop_oneof![1_usize..200, 200_usize..40_000]) {
        prop_assert!(Jws::from_flattened(&text).is_err());
        let nested = format!("{}1{}", "[".repeat(deep), "]".repeat(deep));
        let flat = format!(
            r#"{{"protected":"","payload":"","signature":"","more":{nested}}}"#
        );
        prop_assert_eq!(Jws::from_flattened(&flat).is_ok(), flat.len() <= 65_536);
        let part = Base64UrlUnpadded::encode_string(nested.as_bytes());
        prop_assert_eq!(jws::part(&part).is_ok(), deep < 128);
        let _ = jws::part(&text);
        let _ = AccountKey::from_hex(&text);
        if let Ok(jws) = Jws::from_compact(&text) {
            let sender = Address::ethereum([1; 20]);
            prop_assert!(verify(&jws, &sender, "", None, None).is_err());
        }
    }
}
