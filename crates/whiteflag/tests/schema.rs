//! The standard's own JSON schema accepts what this library writes, but for what is listed here
//! with its reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, LatitudeDigits, LongitudeDigits, Message, Reference,
    ReferenceIndicator, RequestObject, RequestObjects, Sign, SignKind, Text, TransactionHash,
};

/// Vectors that the schema refuses though they can be read and written.
const REFUSED: [(&str, &str); 2] = [
    (
        "codec-cross-051",
        "VerificationMethod 3 is reserved: a message that may only be read",
    ),
    (
        "codec-cross-053",
        "ResourceMethod 2 is reserved: a message that may only be read",
    ),
];

fn schema() -> Validator {
    let text = include_str!("../../../tests/vectors/WhiteflagMessageSchema.json");
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

/// What the schema says against the text that is written.
fn refusal(schema: &Validator, message: &Message) -> Option<String> {
    let written: Value = serde_json::from_str(&message.to_json()).unwrap();
    assert_eq!(written, message.to_value(), "both ways write the same");
    let errors: Vec<String> = schema
        .iter_errors(&written)
        .map(|e| e.to_string())
        .collect();
    (!errors.is_empty()).then(|| errors.join("; "))
}

#[test]
fn the_schema_accepts_every_vector_as_it_is_written_here() {
    let schema = schema();
    let file = include_str!("../../../tests/vectors/whiteflag.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let mut run = 0;
    for vector in file["vectors"].as_array().unwrap() {
        let kinds = ["codec", "codec-cross", "codec-flat"];
        if !kinds.iter().any(|kind| vector["kind"] == *kind) {
            continue;
        }
        let message = Message::from_value(&vector["message"]).unwrap();
        let refusal = refusal(&schema, &message);
        let listed = REFUSED.iter().any(|(id, _)| vector["id"] == *id);
        assert_eq!(refusal.is_some(), listed, "{}: {refusal:?}", vector["id"]);
        run += 1;
    }
    assert_eq!(run, 61);
}

/// Methods A to F are for private use (specification 4.3.2.2, 4.3.4.2). The schema is narrower: it
/// knows 1 and 2 of A, and 1 of R.
#[test]
fn the_schema_does_not_know_methods_for_private_use() {
    let schema = schema();
    let data = Text::new("private").unwrap();
    for method in 0..16 {
        let content = Content::Authentication {
            method,
            data: data.clone(),
        };
        let refused = refusal(&schema, &message_of(Body::Plain(content))).is_some();
        assert_eq!(refused, !matches!(method, 1 | 2), "A {method:X}");
    }
}

fn message_of(body: Body) -> Message {
    Message {
        encryption: b'0',
        duress: false,
        reference: Reference {
            indicator: ReferenceIndicator::Original,
            message: TransactionHash::ZERO,
        },
        body,
    }
}

fn sign() -> impl Strategy<Value = Sign> {
    let when = -62_167_219_200_i64..253_402_300_800;
    let place = (-9_000_000..=9_000_000, -18_000_000..=18_000_000);
    let size = (0_u16..10_000, 0_u16..10_000, 0_u16..360);
    (any::<[u8; 2]>(), when, place, size).prop_map(|(codes, when, place, size)| Sign {
        subject: codes[0],
        date_time: DateTimeDigits::from_unix(when).unwrap(),
        duration: "P07D12H30M".parse().unwrap(),
        object_type: codes[1],
        latitude: LatitudeDigits::from_e5(place.0).unwrap(),
        longitude: LongitudeDigits::from_e5(place.1).unwrap(),
        dim1: Decimals::new(size.0).unwrap(),
        dim2: Decimals::new(size.1).unwrap(),
        orientation: Decimals::new(size.2).unwrap(),
    })
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
    let object = (any::<u8>(), 0_u16..100).prop_map(|(object_type, quantity)| RequestObject {
        object_type,
        quantity: Decimals::new(quantity).unwrap(),
    });
    let objects = vec(object, 0..=8).prop_map(|list| RequestObjects::collect(list).unwrap());
    let text = || "[\\x00-\\x7f]{0,60}".prop_map(|text| Text::new(text).unwrap());
    prop_oneof![
        (1_u8..=2, text()).prop_map(|(method, data)| Content::Authentication { method, data }),
        any::<(u8, Vec<u8>)>()
            .prop_map(|(data_type, data)| Content::Cryptographic { data_type, data }),
        (select(kinds.to_vec()), sign()).prop_map(|(kind, sign)| Content::Sign { kind, sign }),
        (sign(), objects).prop_map(|(sign, objects)| Content::Request { sign, objects }),
        text().prop_map(|data| Content::Resource { method: 1, data }),
        text().prop_map(Content::FreeText),
    ]
}

/// Every type, wrapped in a test message or not.
fn message() -> impl Strategy<Value = Message> {
    let reference = (select(ReferenceIndicator::ALL.to_vec()), any::<[u8; 32]>());
    (content(), any::<bool>(), any::<bool>(), reference).prop_map(
        |(content, test, duress, (indicator, hash))| Message {
            duress,
            reference: Reference {
                indicator,
                message: TransactionHash::new(hash),
            },
            ..message_of(if test {
                Body::Test(content)
            } else {
                Body::Plain(content)
            })
        },
    )
}

#[test]
fn the_schema_accepts_every_message_that_is_written() {
    let schema = schema();
    proptest!(|(message in message())| {
        let refusal = refusal(&schema, &message);
        prop_assert!(refusal.is_none(), "{:?}: {}", refusal, message.to_json());
    });
}
