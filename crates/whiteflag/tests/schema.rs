//! The standard's own JSON schema accepts what this library writes, but for what is listed here
//! with its reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;
use whiteflag::{Body, Content, Message, Reference, ReferenceIndicator, Text, TransactionHash};

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

#[test]
fn the_schema_accepts_every_message_that_may_be_sent() {
    let schema = schema();
    proptest!(|(message in common::valid::message())| {
        let refusal = refusal(&schema, &message);
        prop_assert!(refusal.is_none(), "{:?}: {}", refusal, message.to_json());
    });
}
