//! What holds for all messages and all octets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use proptest::prelude::*;
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits,
    Message, Reference, ReferenceIndicator, RequestObject, RequestObjects, Sign, SignKind, Text,
    TransactionHash,
};

fn decimals<const N: u32>() -> impl Strategy<Value = Decimals<N>> {
    (0..10_u16.pow(N)).prop_map(|n| Decimals::new(n).unwrap())
}

/// Any digits that fit, month 13 and latitude 95 included.
fn sign() -> impl Strategy<Value = Sign> {
    let packed = |digits: u32| {
        proptest::collection::vec(0_u64..10, digits as usize)
            .prop_map(|d| d.into_iter().fold(0, |packed, digit| packed << 4 | digit))
    };
    let time = (packed(14), packed(6));
    let place = (any::<bool>(), packed(7), any::<bool>(), packed(8));
    let size = (decimals::<4>(), decimals::<4>(), decimals::<3>());
    (any::<u8>(), time, any::<u8>(), place, size).prop_map(
        |(subject, (date_time, duration), object_type, place, (dim1, dim2, orientation))| {
            let (north, latitude, east, longitude) = place;
            Sign {
                subject,
                date_time: DateTimeDigits::from_packed(date_time).unwrap(),
                duration: DurationDigits::from_packed(duration as u32).unwrap(),
                object_type,
                latitude: LatitudeDigits::from_packed(u32::from(north) << 28 | latitude as u32)
                    .unwrap(),
                longitude: LongitudeDigits::from_packed(u64::from(east) << 32 | longitude).unwrap(),
                dim1,
                dim2,
                orientation,
            }
        },
    )
}

fn text() -> impl Strategy<Value = Text> {
    "[\\x00-\\x7f]{0,60}".prop_map(|text| Text::new(text).unwrap())
}

fn content() -> impl Strategy<Value = Content> {
    let kinds = [
        SignKind::Protective,
        SignKind::Emergency,
        SignKind::Danger,
        SignKind::Status,
        SignKind::Infrastructure,
        SignKind::Mission,
    ];
    let object = (any::<u8>(), decimals::<2>()).prop_map(|(object_type, quantity)| RequestObject {
        object_type,
        quantity,
    });
    let objects = proptest::collection::vec(object, 0..=8)
        .prop_map(|objects| RequestObjects::collect(objects).unwrap());
    prop_oneof![
        (0_u8..16, text()).prop_map(|(method, data)| Content::Authentication { method, data }),
        (any::<u8>(), any::<Vec<u8>>())
            .prop_map(|(data_type, data)| Content::Cryptographic { data_type, data }),
        (proptest::sample::select(kinds.to_vec()), sign())
            .prop_map(|(kind, sign)| Content::Sign { kind, sign }),
        (sign(), objects).prop_map(|(sign, objects)| Content::Request { sign, objects }),
        (0_u8..16, text()).prop_map(|(method, data)| Content::Resource { method, data }),
        text().prop_map(Content::FreeText),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let indicator = proptest::sample::select(ReferenceIndicator::ALL.to_vec());
    (
        any::<bool>(),
        indicator,
        any::<[u8; 32]>(),
        any::<bool>(),
        content(),
    )
        .prop_map(|(duress, indicator, hash, test, content)| Message {
            encryption: b'0',
            duress,
            reference: Reference {
                indicator,
                message: TransactionHash::new(hash),
            },
            body: if test {
                Body::Test(content)
            } else {
                Body::Plain(content)
            },
        })
}

proptest! {
    #[test]
    fn a_message_is_the_same_after_octets(message in message()) {
        prop_assert_eq!(Message::decode(&message.encode().unwrap()).unwrap(), message);
    }

    #[test]
    fn a_message_is_the_same_after_json(message in message()) {
        let text = message.to_value().to_string();
        prop_assert_eq!(Message::from_json(&text).unwrap(), message);
    }

    #[test]
    fn a_message_is_the_same_after_the_uncompressed_form(message in message()) {
        prop_assert_eq!(Message::from_flat(&message.flat()).unwrap(), message);
    }

    #[test]
    fn any_octets_are_a_message_that_stays_the_same_or_an_error(
        start in prop_oneof![Just(Vec::new()), Just(b"WF10".to_vec())],
        rest in any::<Vec<u8>>(),
    ) {
        let octets = [start, rest].concat();
        if let Ok(message) = Message::decode(&octets) {
            let again = message.encode().unwrap();
            prop_assert_eq!(Message::decode(&again).unwrap(), message);
        }
    }

    #[test]
    fn a_changed_octet_makes_another_message_or_an_error(
        message in message(), at in any::<prop::sample::Index>(), change in 1_u8..,
    ) {
        let mut octets = message.encode().unwrap();
        let at = at.index(octets.len());
        octets[at] ^= change;
        if let Ok(other) = Message::decode(&octets) {
            let again = other.encode().unwrap();
            prop_assert_eq!(Message::decode(&again).unwrap(), other);
        }
    }

    #[test]
    fn checking_and_reading_json_never_panic(message in message(), text in ".{0,200}") {
        let _ = message.check();
        let _ = Message::from_json(&text);
    }

    #[test]
    fn a_moment_is_the_same_after_its_digits(seconds in -62_167_219_200_i64..253_402_300_800) {
        let digits = DateTimeDigits::from_unix(seconds).unwrap();
        prop_assert_eq!(digits.unix(), Some(seconds));
    }
}
