//! Messages for tests, in the JSON form of the standard's schema.

use serde_json::{Value, json};

fn header(code: &str) -> Value {
    json!({
        "Prefix": "WF", "Version": "1", "EncryptionIndicator": "0", "DuressIndicator": "0",
        "MessageCode": code, "ReferenceIndicator": "0", "ReferencedMessage": "0".repeat(64),
    })
}

/// A mine field: a circle of so many metres in the north of Syria.
#[must_use]
pub fn mine_field(radius: u16) -> Value {
    sign("D21", ("+36.20210", "+037.13430"), "21", (radius, 0, 0))
}

/// A sign such as `D22` somewhere, on an object such as a rectangular area (`22`) of so many metres,
/// in so many degrees from north.
#[must_use]
pub fn sign(key: &str, place: (&str, &str), object: &str, size: (u16, u16, u16)) -> Value {
    let (code, subject) = key.split_at(1);
    json!({
        "MessageHeader": header(code),
        "MessageBody": {
            "SubjectCode": subject, "DateTime": "2026-11-22T09:00:00Z", "Duration": "P00D00H00M",
            "ObjectType": object, "ObjectLatitude": place.0, "ObjectLongitude": place.1,
            "ObjectSizeDim1": format!("{:04}", size.0), "ObjectSizeDim2": format!("{:04}", size.1),
            "ObjectOrientation": format!("{:03}", size.2),
        },
    })
}

/// Free text that refers to nothing.
#[must_use]
pub fn free_text(text: &str) -> Value {
    json!({ "MessageHeader": header("F"), "MessageBody": { "Text": text } })
}

/// The same message with a reference to another one: a hash, or `@` and a number.
#[must_use]
pub fn reference(message: &Value, indicator: u8, target: &str) -> Value {
    let mut message = message.clone();
    message["MessageHeader"]["ReferenceIndicator"] = json!(indicator.to_string());
    message["MessageHeader"]["ReferencedMessage"] = json!(target);
    message
}

/// Where the text of a free text begins, in bits.
const TEXT: usize = 301;

/// The octets of a free text, in hexadecimal digits, with another text in its place: in UTF-8, as
/// programs write it that do not keep to the letters of the standard.
///
/// # Panics
/// When they are not hexadecimal digits of a message.
#[must_use]
pub fn with_any_text(octets: &str, text: &str) -> String {
    let nibble = |digit: char| format!("{:04b}", digit.to_digit(16).unwrap());
    let mut bits: String = octets.chars().map(nibble).collect();
    bits.truncate(TEXT);
    bits.extend(text.bytes().map(|octet| format!("{octet:08b}")));
    bits.extend(std::iter::repeat_n(
        '0',
        bits.len().next_multiple_of(8) - bits.len(),
    ));
    let octet = |at: usize| u8::from_str_radix(&bits[at..at + 8], 2).unwrap();
    (0..bits.len())
        .step_by(8)
        .map(|at| format!("{:02x}", octet(at)))
        .collect()
}
