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
    json!({
        "MessageHeader": header("D"),
        "MessageBody": {
            "SubjectCode": "21", "DateTime": "2026-11-22T09:00:00Z", "Duration": "P00D00H00M",
            "ObjectType": "21", "ObjectLatitude": "+36.20210", "ObjectLongitude": "+037.13430",
            "ObjectSizeDim1": format!("{radius:04}"), "ObjectSizeDim2": "0000",
            "ObjectOrientation": "000",
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
