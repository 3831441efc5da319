//! The reference tables and the notation of messages against the published vectors. The
//! specification's own examples that break its tables are listed in the vectors with the reason.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod people;

use people::*;
use serde_json::Value;
use whiteflag::reference::{self, Referring};
use whiteflag::{Content, Message, MessageCode, ReferenceIndicator, SignKind, tables};

fn vectors(kind: &str) -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../../../tests/vectors/whiteflag.json")).unwrap();
    let all = file["vectors"].as_array().unwrap();
    let of_kind: Vec<Value> = all.iter().filter(|v| v["kind"] == kind).cloned().collect();
    assert!(!of_kind.is_empty(), "no vectors of kind {kind}");
    of_kind
}

fn code(value: &Value) -> MessageCode {
    let letter = value.as_str().unwrap().chars().next().unwrap();
    MessageCode::from_letter(letter).unwrap()
}

fn indicator(value: &Value) -> ReferenceIndicator {
    ReferenceIndicator::from_digit(value.as_str().unwrap().parse().unwrap()).unwrap()
}

#[test]
fn types_refer_to_types_as_the_standard_says() {
    for vector in vectors("reference-type") {
        let (from, to) = (code(&vector["referencing"]), code(&vector["referenced"]));
        let allowed = vector["allowed"].as_str().unwrap();
        for indicator in &ReferenceIndicator::ALL[1..] {
            let digit = indicator.digit().to_string();
            // "T": a test message may make any reference.
            let wanted = allowed.contains(&digit) || from == MessageCode::Test;
            let found = tables::may_refer(from, to, *indicator);
            assert_eq!(found, wanted, "{} {digit}", vector["id"]);
        }
    }
}

#[test]
fn indicators_refer_to_indicators_as_the_standard_says() {
    for vector in vectors("reference-code") {
        let from = indicator(&vector["referencing"]);
        for (to, by) in vector["by"].as_object().unwrap() {
            let to = indicator(&Value::from(to.as_str()));
            let found = match tables::indicator_on_indicator(from, to) {
                None => "X",
                Some(tables::By::Same) => "Same",
                Some(tables::By::Other) => "Other",
                Some(tables::By::Both) => "Both",
            };
            assert_eq!(found, by.as_str().unwrap(), "{} {to:?}", vector["id"]);
        }
    }
}

/// What both tables say, without what the text allows beyond them.
fn by_tables(from: Referring, to: Referring, same: bool) -> bool {
    let by = tables::indicator_on_indicator(from.indicator, to.indicator);
    tables::may_refer(from.code, to.code, from.indicator)
        && match by {
            None => false,
            Some(tables::By::Same) => same,
            Some(tables::By::Other) => !same,
            Some(tables::By::Both) => true,
        }
}

#[test]
fn sequences_are_judged_as_the_standard_says() {
    let referring = |pair: &Value| Referring {
        code: code(&pair[0]),
        indicator: indicator(&pair[1]),
    };
    for vector in vectors("reference-sequence") {
        let (from, to) = (
            referring(&vector["referencing"]),
            referring(&vector["referenced"]),
        );
        let same = vector["same_originator"].as_bool().unwrap();
        let id = &vector["id"];
        assert_eq!(by_tables(from, to, same), vector["strict_ok"], "{id}");
        let lenient = reference::broken(from, to, same).next().is_none();
        assert_eq!(lenient, vector["lenient_ok"], "{id} {}", vector["example"]);
        let strict = vector["strict_ok"] == true;
        assert!(strict || vector["conflict"].is_string(), "{id} says why");
    }
}

#[test]
fn an_initialisation_vector_follows_whatever_was_encrypted() {
    let vector = Referring {
        code: MessageCode::Cryptographic,
        indicator: Add,
    };
    for to in ReferenceIndicator::ALL {
        let to = Referring {
            code: MessageCode::Danger,
            indicator: to,
        };
        assert_eq!(reference::broken(vector, to, true).next(), None);
        assert_eq!(reference::broken(vector, to, false).count(), 1);
    }
}

#[test]
fn messages_are_written_as_people_write_them() {
    let with = |vector: &Value| -> Option<Message> {
        let header = &vector["message"]["MessageHeader"];
        let body = &vector["message"]["MessageBody"];
        let indicator = indicator(header.get("ReferenceIndicator")?);
        let hex = |name: &str| u8::from_str_radix(body.get(name)?.as_str()?, 16).ok();
        let content = match code(&header["MessageCode"]) {
            MessageCode::Protective => sign(SignKind::Protective, hex("SubjectCode")?),
            MessageCode::Cryptographic => Content::Cryptographic {
                data_type: hex("CryptoDataType")?,
                data: Vec::new(),
            },
            MessageCode::Authentication => Content::Authentication {
                method: hex("VerificationMethod")?,
                data: "x".try_into().unwrap(),
            },
            // notation-006 names the method after another field; only the notation counts there.
            MessageCode::Resource => Content::Resource {
                method: hex("SubjectCode")?,
                data: "x".try_into().unwrap(),
            },
            _ => return None,
        };
        Some(message(indicator, 1, content))
    };
    let mut without_body = Vec::new();
    for vector in vectors("notation") {
        let id = vector["id"].as_str().unwrap().to_owned();
        match with(&vector) {
            Some(message) => assert_eq!(message.notation(), vector["notation"], "{id}"),
            None => without_body.push(id),
        }
    }
    // Without a body nothing is a message here.
    assert_eq!(without_body, ["notation-001", "notation-002"]);
}
