//! Signals as they are received, and what the map is told about them.

use parley_wire::{Reference, Verification};
use serde_json::json;

use super::*;

/// A received signal of somebody else, at Aleppo.
pub(crate) fn signal(code: &str, subject: &str) -> Signal {
    Signal {
        transaction_hash: "a".repeat(64),
        validity: Validity::Current,
        message: json!({
            "MessageHeader": {
                "Prefix": "WF", "Version": "1", "EncryptionIndicator": "0", "DuressIndicator": "0",
                "MessageCode": code, "ReferenceIndicator": "0", "ReferencedMessage": "0".repeat(64),
            },
            "MessageBody": {
                "SubjectCode": subject, "DateTime": "2026-11-24T06:00:00Z",
                "Duration": "P07D00H00M", "ObjectType": "21",
                "ObjectLatitude": "+36.20210", "ObjectLongitude": "+037.13430",
                "ObjectSizeDim1": "0400", "ObjectSizeDim2": "0000", "ObjectOrientation": "000",
            },
        }),
        references: Vec::new(),
        originator: "0xA".to_owned(),
        own: false,
        time: 1_795_500_000,
        block_number: Some(7),
        state: Standing::InBlock,
        verification: Verification::Block,
        raw: String::new(),
    }
}

fn confirmed_by(signal: &Signal, originator: &str) -> Reference {
    Reference {
        transaction_hash: "c".repeat(64),
        indicator: "6".to_owned(),
        originator: originator.to_owned(),
        time: 0,
        message: signal.message.clone(),
    }
}

fn drawn(signal: &Signal) -> Pin {
    pin(signal, NetworkKind::Exercise, String::new()).expect("it has a place")
}

#[test]
fn a_danger_is_unconfirmed_until_somebody_else_confirms_it() {
    let mut signal = signal("D", "21");
    assert_eq!(drawn(&signal).state, "unconfirmed");
    signal.references.push(confirmed_by(&signal, "0xA"));
    assert_eq!(drawn(&signal).state, "unconfirmed", "nobody confirms himself");
    signal.references.push(confirmed_by(&signal, "0xB"));
    signal.references.push(confirmed_by(&signal, "0xB"));
    assert_eq!((drawn(&signal).state, confirmations(&signal)), ("confirmed", 1));
}

#[test]
fn a_signal_without_a_place_is_never_on_the_map() {
    let mut signal = signal("S", "11");
    signal.message["MessageBody"]["ObjectLatitude"] = json!("+99.99999");
    signal.message["MessageBody"]["ObjectLongitude"] = json!("+999.99999");
    assert_eq!(pin(&signal, NetworkKind::Exercise, String::new()), None);
    signal.message = json!(null);
    assert_eq!(pin(&signal, NetworkKind::Exercise, String::new()), None);
}

#[test]
fn a_test_message_stands_for_the_one_inside_it() {
    let mut signal = signal("D", "21");
    let body = signal.message["MessageBody"].clone();
    signal.message["MessageHeader"]["MessageCode"] = json!("T");
    signal.message["MessageBody"] = json!({ "PseudoMessageCode": "D", "PseudoMessageBody": body });
    let pin = pin(&signal, NetworkKind::Test, String::new()).expect("it has a place");
    assert_eq!((pin.code.as_str(), pin.subject.as_str(), pin.state), ("D", "21", "test"));
}

#[test]
fn what_is_over_no_longer_threatens() {
    let mut signal = signal("D", "21");
    assert_eq!(severity(&signal), 3);
    signal.validity = Validity::Expired;
    assert_eq!((severity(&signal), drawn(&signal).state), (0, "expired"));
}

#[test]
fn only_what_changed_is_told_to_the_map() {
    let old = drawn(&signal("D", "21"));
    let moved = Pin { lat: 1.0, ..old.clone() };
    let new = Pin { id: "new".to_owned(), ..old.clone() };
    assert!(difference(std::slice::from_ref(&old), std::slice::from_ref(&old)).is_empty());
    let change = difference(std::slice::from_ref(&old), &[moved.clone(), new.clone()]);
    assert_eq!(change, Difference { add: vec![new], update: vec![moved], remove: vec![] });
    assert_eq!(difference(std::slice::from_ref(&old), &[]).remove, [old.id]);
}
