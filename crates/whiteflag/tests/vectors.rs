//! The published and the cross-implementation test vectors that concern the forms of a message.
//! Exceptions are listed with their reason; a vector kind that nobody runs fails a test.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use serde_json::Value;
use whiteflag::{
    DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits, Message, PrivateUse,
    Rule,
    bits::{BitReader, BitWriter},
};

/// Vectors whose published material contradicts itself.
const CONFLICTS: [(&str, &str); 2] = [
    (
        "codec-flat-001",
        "the text has duress indicator 1 where message and octets have 0",
    ),
    (
        "codec-flat-004",
        "the text has duress indicator 1 where message and octets have 0",
    ),
];

/// The tests that run vectors. Running a kind is calling `vectors` with its name.
const TESTS: [&str; 3] = [
    include_str!("vectors.rs"),
    include_str!("crypto_vectors.rs"),
    include_str!("references.rs"),
];

fn vectors(kind: &str) -> Vec<Value> {
    let all = all();
    let of_kind: Vec<Value> = all.into_iter().filter(|v| v["kind"] == kind).collect();
    assert!(!of_kind.is_empty(), "no vectors of kind {kind}");
    of_kind
}

fn all() -> Vec<Value> {
    let file = include_str!("../../../tests/vectors/whiteflag.json");
    let file: Value = serde_json::from_str(file).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn octets(hex: &str) -> Vec<u8> {
    let digit = |d: u8| char::from(d).to_digit(16).unwrap() as u8;
    hex.as_bytes()
        .chunks(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|o| format!("{o:02x}")).collect()
}

/// Digits compare without regard to case; a request always has its objects; everything else exactly.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: serde_json::Map<String, Value> = map
                .iter()
                .filter(|(name, _)| *name != "MetaHeader")
                .map(|(name, value)| (name.clone(), comparable_field(name, value)))
                .collect();
            let empty = map
                .get("requestObjects")
                .is_some_and(|o| o == &Value::Array(Vec::new()));
            if empty {
                map.remove("requestObjects");
            }
            Value::Object(map)
        }
        Value::Array(items) => Value::Array(items.iter().map(comparable).collect()),
        other => other.clone(),
    }
}

fn comparable_field(name: &str, value: &Value) -> Value {
    let digits = [
        "ReferencedMessage",
        "CryptoData",
        "SubjectCode",
        "ObjectType",
        "CryptoDataType",
    ];
    match value {
        Value::String(text) if digits.contains(&name) => Value::String(text.to_lowercase()),
        other => comparable(other),
    }
}

#[test]
fn messages_and_octets_are_the_same_as_everyone_elses() {
    let mut run = 0;
    for vector in vectors("codec").into_iter().chain(vectors("codec-cross")) {
        let id = text(&vector["id"]);
        let message =
            Message::from_value(&vector["message"]).unwrap_or_else(|e| panic!("{id}: {e}"));
        let wanted = text(&vector["hex"]).to_lowercase();
        assert_eq!(hex(&message.plaintext()), wanted, "{id} written");
        let sendable = message.encryption == b'0';
        assert_eq!(message.encode().is_ok(), sendable, "{id}");
        assert_eq!(Message::decode(&octets(&wanted)).is_ok(), sendable, "{id}");
        let read =
            Message::from_plaintext(&octets(&wanted)).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(read, message, "{id} read");
        assert_eq!(
            comparable(&read.to_value()),
            comparable(&vector["message"]),
            "{id} as JSON"
        );
        run += 1;
    }
    assert_eq!(run, 46);
}

#[test]
fn the_uncompressed_form_is_the_same_as_everyone_elses() {
    let conflicts: BTreeMap<_, _> = CONFLICTS.into_iter().collect();
    for vector in vectors("codec-flat") {
        let id = text(&vector["id"]);
        let message = Message::from_value(&vector["message"]).unwrap();
        let same = message.flat().eq_ignore_ascii_case(text(&vector["flat"]));
        assert_eq!(same, !conflicts.contains_key(id), "{id}");
        assert_eq!(
            Message::from_flat(&message.flat()).unwrap(),
            message,
            "{id}"
        );
    }
}

#[test]
fn octets_after_the_last_field_are_tolerated() {
    for vector in vectors("tolerate") {
        let message = Message::decode(&octets(text(&vector["hex"]))).unwrap();
        let again = message.encode().unwrap();
        assert!(text(&vector["hex"]).starts_with(&hex(&again)));
    }
}

/// What is wrong about a vector, when this library says so.
fn refusal(vector: &Value) -> Option<String> {
    match text(&vector["stage"]) {
        "decode" | "decrypt" => Message::decode(&octets(text(&vector["hex"])))
            .err()
            .map(|e| e.to_string()),
        "encode" => match Message::from_value(&vector["message"]) {
            Err(error) => Some(error.to_string()),
            Ok(message) => message.encode().err().map(|e| e.to_string()),
        },
        "semantic" => {
            let message = Message::from_value(&vector["message"]).ok()?;
            let wanted = rules_of(text(&vector["why"]));
            let found = message.check().into_iter().map(|finding| finding.rule);
            let found: Vec<Rule> = found.collect();
            assert_eq!(found, wanted, "{}", vector["id"]);
            Some(format!("{found:?}"))
        }
        "field" => field_refusal(text(&vector["encoding"]), text(&vector["value"])),
        // In `crypto_vectors.rs`, or about an interface that this library does not have.
        "ecdh" | "api" => Some("not about a message's own form".to_owned()),
        other => panic!("unknown stage {other}"),
    }
}

/// The rules that a vector's reason stands for. Some vectors break a second one that they do not
/// name: their vehicle or structure has a size that it may not have.
fn rules_of(why: &str) -> Vec<Rule> {
    let (start, _) = why.split_once([':', '(', ',']).unwrap_or((why, ""));
    match start.trim() {
        "object code is not defined" => vec![Rule::ObjectReserved, Rule::SizeNotAllowed],
        "persons only for proof-of-life" | "protected zones are areas or structures only" => {
            vec![Rule::ObjectForSubject, Rule::SizeNotAllowed]
        }
        "30 February" | "hour 24" => vec![Rule::DateTime],
        "hours above 23" | "minutes above 59" => vec![Rule::Duration],
        "longitude below -180" => vec![Rule::LongitudeRange],
        "location omitted in a protective sign" => vec![Rule::LocationMissing],
        "size without orientation" => vec![Rule::OrientationMissing],
        "rectangle without size" => vec![Rule::SizeMissing, Rule::SizeMissing],
        "unspecified area with a size" | "vehicle with a size" => vec![Rule::SizeNotAllowed],
        "reserved subject code" => vec![Rule::SubjectReserved],
        "groups of people are not allowed as request object" => vec![Rule::RequestPeople],
        "areas are not allowed as request object" => vec![Rule::RequestFixed],
        "subject object of a request must be an area" => vec![Rule::RequestArea],
        "verification method 3" => vec![Rule::VerificationMethod],
        "crypto data type 00" => vec![Rule::CryptoDataType],
        "uncompressed public key" => vec![Rule::CryptoDataLength],
        other => panic!("which rule is that? {other}"),
    }
}

fn field_refusal(encoding: &str, value: &str) -> Option<String> {
    let error = match encoding {
        "b" => return (!value.bytes().all(|b| matches!(b, b'0' | b'1'))).then(String::new),
        "dt" => value.parse::<DateTimeDigits>().err(),
        "du" => value.parse::<DurationDigits>().err(),
        "la" => value.parse::<LatitudeDigits>().err(),
        "lo" => value.parse::<LongitudeDigits>().err(),
        other => panic!("unknown encoding {other}"),
    };
    error.map(|e| e.to_string())
}

#[test]
fn what_must_be_refused_is_refused() {
    for vector in vectors("reject") {
        assert!(
            refusal(&vector).is_some(),
            "{}: {}",
            vector["id"],
            vector["why"]
        );
    }
}

/// What all implementations send and ours does not, although the text does not forbid it.
const STRICTER: [(&str, Rule, &str); 1] = [(
    "codec-cross-027",
    Rule::Empty,
    "an empty text tells nobody anything, and two implementations read it as one NUL",
)];

#[test]
fn what_everyone_sends_breaks_no_rule_unless_the_vector_says_so() {
    for vector in vectors("codec-cross") {
        let id = text(&vector["id"]);
        let message = Message::from_value(&vector["message"]).unwrap();
        let said = vector["semantic"].as_array().unwrap();
        let found = message.check();
        assert_eq!(found.len(), said.len(), "{id}: {found:?}");
        let stricter = STRICTER.iter().find(|(vector, ..)| *vector == id);
        let to_send = message.check_to_send(PrivateUse::Allowed);
        let ours = to_send.iter().filter(|finding| !found.contains(finding));
        let ours: Vec<Rule> = ours.map(|finding| finding.rule).collect();
        let wanted: Vec<Rule> = stricter.iter().map(|(_, rule, _)| *rule).collect();
        assert_eq!(ours, wanted, "{id}");
    }
}

#[test]
fn single_fields_are_written_and_read() {
    for vector in vectors("field") {
        let (encoding, value) = (text(&vector["encoding"]), text(&vector["value"]));
        let bits = vector["bits"].as_u64().unwrap() as u32;
        let wanted = octets(text(&vector["hex"]));
        let mut writer = BitWriter::default();
        if encoding == "u" {
            writer.put_bytes(value.as_bytes());
        } else {
            writer.put(packed(encoding, value), bits);
        }
        assert_eq!(writer.finish(), wanted, "{} written", vector["id"]);
        if encoding != "u" {
            let read = BitReader::new(&wanted).take(bits).unwrap();
            assert_eq!(
                shown(encoding, read, value.len()),
                value,
                "{} read",
                vector["id"]
            );
        }
    }
}

fn packed(encoding: &str, value: &str) -> u64 {
    match encoding {
        "b" => u64::from_str_radix(value, 2).unwrap(),
        "d" if value.len() == 3 => value.parse::<Decimals<3>>().unwrap().packed(),
        "d" => value.parse::<Decimals<4>>().unwrap().packed(),
        "x" => u64::from_str_radix(value, 16).unwrap(),
        "dt" => value.parse::<DateTimeDigits>().unwrap().packed(),
        "du" => value.parse::<DurationDigits>().unwrap().packed().into(),
        "la" => value.parse::<LatitudeDigits>().unwrap().packed().into(),
        "lo" => value.parse::<LongitudeDigits>().unwrap().packed(),
        other => panic!("unknown encoding {other}"),
    }
}

fn shown(encoding: &str, read: u64, length: usize) -> String {
    match encoding {
        "b" => format!("{read:0length$b}"),
        "d" if length == 3 => Decimals::<3>::from_packed(read).unwrap().to_string(),
        "d" => Decimals::<4>::from_packed(read).unwrap().to_string(),
        "x" => format!("{read:0length$x}"),
        "dt" => DateTimeDigits::from_packed(read).unwrap().to_string(),
        "du" => DurationDigits::from_packed(read as u32)
            .unwrap()
            .to_string(),
        "la" => LatitudeDigits::from_packed(read as u32)
            .unwrap()
            .to_string(),
        "lo" => LongitudeDigits::from_packed(read).unwrap().to_string(),
        other => panic!("unknown encoding {other}"),
    }
}

/// The operations of the vectors are other libraries' own; each is what a reader and a writer do.
#[test]
fn bit_strings_are_cut_joined_and_moved() {
    for vector in vectors("bits") {
        let input = octets(text(&vector["hex"]));
        let whole = (input.len() * 8) as u32;
        let count = vector["n"].as_i64().unwrap_or_default();
        let out = match text(&vector["op"]) {
            "crop" => copy(&input, 0, (i64::from(whole) + count) as u32),
            "extract" => {
                let at = |name: &str| vector[name].as_u64().unwrap() as u32;
                copy(&input, at("start"), at("end"))
            }
            "append" => append(&input, &vector),
            // The Java and Rust libraries take shifts modulo 8.
            "shift_right" => {
                let mut writer = BitWriter::default();
                writer.put(0, (count % 8) as u32);
                writer.put_bytes(&input);
                writer.finish()
            }
            "shift_left" => copy(&input, (count % 8) as u32, whole),
            other => panic!("unknown operation {other}"),
        };
        assert_eq!(hex(&out), text(&vector["out"]), "{}", vector["id"]);
    }
}

fn append(input: &[u8], vector: &Value) -> Vec<u8> {
    let bits = |name: &str| vector[name].as_u64().unwrap() as u32;
    let mut writer = BitWriter::default();
    write(&mut writer, input, 0, bits("bits"));
    write(
        &mut writer,
        &octets(text(&vector["hex2"])),
        0,
        bits("bits2"),
    );
    writer.finish()
}

fn copy(input: &[u8], start: u32, end: u32) -> Vec<u8> {
    let mut writer = BitWriter::default();
    write(&mut writer, input, start, end);
    writer.finish()
}

fn write(writer: &mut BitWriter, input: &[u8], start: u32, end: u32) {
    let mut reader = BitReader::new(input);
    reader.take(start).unwrap();
    for _ in start..end {
        writer.put(reader.take(1).unwrap(), 1);
    }
}

#[test]
fn the_fields_lie_where_the_specification_puts_them() {
    let [vector] = vectors("field-position").try_into().unwrap();
    let positions = &vector["positions"];
    let mut writer = BitWriter::default();
    let mut at = 0;
    let header = [
        ("Prefix", 16),
        ("Version", 8),
        ("EncryptionIndicator", 8),
        ("DuressIndicator", 1),
    ];
    let rest = [
        ("MessageCode", 8),
        ("ReferenceIndicator", 4),
        ("ReferencedMessage", 256),
    ];
    for (name, length) in header
        .into_iter()
        .chain(rest)
        .chain([("PseudoMessageCode", 8)])
    {
        if let Some(position) = positions.get(name) {
            assert_eq!(position, &serde_json::json!([at, at + length]), "{name}");
        }
        at += length;
        writer.put(0, 1);
    }
}

#[test]
fn every_vector_is_run_somewhere() {
    for vector in all() {
        let kind = text(&vector["kind"]);
        let call = format!("vectors(\"{kind}\")");
        let run = TESTS.iter().any(|test| test.contains(&call));
        assert!(run, "no test runs vectors of kind {kind}");
    }
}

#[test]
fn characters_are_written_as_their_octets() {
    for vector in vectors("text-encoding") {
        let mut writer = BitWriter::default();
        writer.put_bytes(text(&vector["utf8"]).as_bytes());
        assert_eq!(
            hex(&writer.finish()),
            text(&vector["hex"]),
            "{}",
            vector["id"]
        );
    }
}
