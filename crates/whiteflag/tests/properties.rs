//! What holds for all messages, all octets and all texts: the laws of `common/laws.rs` under random
//! messages, and under every small damage to a valid one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use common::{as_read, laws, situation_laws, valid};
use proptest::prelude::*;
use proptest::sample::Index;
use whiteflag::{DateTimeDigits, DecodeError, Message};

proptest! {
    #[test]
    fn a_message_is_the_same_after_each_of_its_forms(
        message in as_read::message_under_any_indicator(),
    ) {
        laws::of_a_message(&message);
    }

    #[test]
    fn any_octets_are_an_error_or_a_message_that_stays_the_same(octets in as_read::octets()) {
        laws::of_octets(&octets);
    }

    #[test]
    fn any_text_is_an_error_or_a_message_that_stays_the_same(text in ".{0,200}") {
        laws::of_text(&text);
    }

    #[test]
    fn the_json_of_a_message_may_lose_or_gain_a_character(
        message in as_read::message(), at in any::<Index>(), put in any::<Option<char>>(),
    ) {
        let mut characters: Vec<char> = message.to_value().to_string().chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..=at, put);
        laws::of_text(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn a_message_may_refer_to_one_that_has_no_hash_yet(
        message in as_read::message(), parent in "@?[0-9]{1,21}",
    ) {
        let mut value = message.to_value();
        value["MessageHeader"]["ReferencedMessage"] = parent.into();
        laws::of_text(&value.to_string());
    }

    #[test]
    fn a_changed_octet_makes_another_message_or_an_error(
        message in as_read::message_under_any_indicator(), at in any::<Index>(), change in 1_u8..,
    ) {
        let mut octets = message.plaintext();
        let at = at.index(octets.len());
        octets[at] ^= change;
        laws::of_octets(&octets);
    }

    #[test]
    fn octets_may_follow_a_message(
        message in valid::message(), more in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        laws::of_octets(&[message.encode().unwrap(), more].concat());
    }

    #[test]
    fn any_changes_of_a_situation_hide_nothing_and_leave_no_trace(
        octets in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        situation_laws::of_changes(&octets);
    }

    #[test]
    fn a_moment_is_the_same_after_its_digits(seconds in -62_167_219_200_i64..253_402_300_800) {
        let digits = DateTimeDigits::from_unix(seconds).unwrap();
        prop_assert_eq!(digits.unix(), Some(seconds));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_bit_of_a_valid_message_may_flip(message in valid::message()) {
        let octets = message.encode().unwrap();
        for bit in 0..octets.len() * 8 {
            let mut flipped = octets.clone();
            flipped[bit / 8] ^= 0x80 >> (bit % 8);
            laws::of_octets(&flipped);
        }
    }

    #[test]
    fn a_valid_message_may_end_anywhere(message in valid::message()) {
        let octets = message.encode().unwrap();
        for length in 0..octets.len() {
            laws::of_octets(&octets[..length]);
        }
    }
}

#[test]
fn what_is_shorter_than_a_header_is_never_a_message() {
    for length in 0..38 {
        let octets = [&b"WF10"[..], &[0; 34]].concat();
        Message::decode(&octets[..length]).unwrap_err();
    }
    assert_eq!(Message::decode(b"WF1"), Err(DecodeError::CutShort));
}
