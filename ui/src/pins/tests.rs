//! Signals as they are received, and what the map is told about them.

use parley_wire::{Opinions, Outcome, Part, Reference, Standing, Verification};
use serde_json::json;

use super::*;
use crate::sites::{self, Viewer};

/// When everything here happens.
pub(crate) const NOW: u64 = 1_795_500_000;

/// Somebody who looks at an exercise.
pub(crate) fn viewer() -> Viewer {
    Viewer {
        kind: NetworkKind::Exercise,
        now: NOW,
        address: "0xC".to_owned(),
    }
}

/// A received signal of somebody else, at Aleppo.
pub(crate) fn signal(code: &str, subject: &str) -> Signal {
    let message = json!({
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
    });
    Signal {
        transaction_hash: "a".repeat(64),
        validity: Validity::Current,
        message: message.clone(),
        newest: "a".repeat(64),
        original: message,
        references: Vec::new(),
        without_effect: Vec::new(),
        opinions: Opinions::default(),
        parts: Vec::new(),
        notes: Vec::new(),
        related: Vec::new(),
        awaits: false,
        findings: Vec::new(),
        originator: "0xA".to_owned(),
        own: false,
        time: NOW,
        block_number: Some(7),
        index: 0,
        state: Standing::InBlock,
        verification: Verification::Block,
        escaped: false,
        raw: String::new(),
    }
}

/// A reference to a signal that repeats it; its hash is one digit.
pub(crate) fn reference(signal: &Signal, indicator: &str, hash: char, from: &str) -> Reference {
    let mut message = signal.message.clone();
    message["MessageHeader"]["ReferenceIndicator"] = json!(indicator);
    message["MessageHeader"]["ReferencedMessage"] = json!(signal.transaction_hash);
    Reference {
        transaction_hash: hash.to_string().repeat(64),
        indicator: indicator.to_owned(),
        outcome: Outcome::Holds,
        findings: Vec::new(),
        originator: from.to_owned(),
        time: NOW,
        message,
        escaped: false,
    }
}

/// A further part of a signal that covers the same; its hash is one digit.
pub(crate) fn part(signal: &Signal, hash: char) -> Part {
    let message = reference(signal, "3", hash, &signal.originator).message;
    Part {
        transaction_hash: hash.to_string().repeat(64),
        newest: hash.to_string().repeat(64),
        original: message.clone(),
        message,
        time: NOW,
        opinions: Opinions::default(),
    }
}

fn all(signal: &Signal) -> Vec<Pin> {
    all_for(&viewer(), signal)
}

fn all_for(viewer: &Viewer, signal: &Signal) -> Vec<Pin> {
    let sites = sites::of(signal, viewer);
    pins(signal, &sites, viewer.kind, |_| String::new())
}

fn drawn(signal: &Signal) -> Pin {
    all(signal).swap_remove(0)
}

#[test]
fn coordinates_that_are_no_place_are_not_said_to_be_missing() {
    let mut message = signal("D", "21").message;
    assert_eq!(no_place_on_earth(&message), None, "it is one");
    message["MessageBody"]["ObjectLatitude"] = json!("+95.00000");
    let said = no_place_on_earth(&message);
    assert_eq!(said.as_deref(), Some("+95.00000 +037.13430"));
    message["MessageBody"]["ObjectLatitude"] = json!("+99.99999");
    assert!(no_place_on_earth(&message).is_some(), "half of one");
    message["MessageBody"]["ObjectLongitude"] = json!("+999.99999");
    assert_eq!(no_place_on_earth(&message), None, "omitted");
    assert_eq!(no_place_on_earth(&Value::Null), None);
}

#[test]
fn a_danger_is_unconfirmed_until_somebody_else_confirms_it() {
    let mut signal = signal("D", "21");
    assert_eq!(drawn(&signal).state, "unconfirmed");
    signal.opinions.rejected_by.push("0xB".to_owned());
    assert_eq!(drawn(&signal).state, "unconfirmed");
    signal.opinions.confirmed_by.push("0xC".to_owned());
    assert_eq!(drawn(&signal).state, "confirmed");
}

#[test]
fn what_was_taken_back_is_not_on_the_map() {
    let mut signal = signal("D", "21");
    signal.validity = Validity::Recalled;
    assert_eq!(all(&signal), []);
}

#[test]
fn a_signal_without_a_place_is_never_on_the_map() {
    let mut signal = signal("S", "11");
    signal.message["MessageBody"]["ObjectLatitude"] = json!("+99.99999");
    signal.message["MessageBody"]["ObjectLongitude"] = json!("+999.99999");
    assert_eq!(all(&signal), []);
    signal.message = json!(null);
    assert_eq!(all(&signal), []);
}

#[test]
fn the_areas_of_all_parts_are_drawn_with_a_composite_sign() {
    let mut signal = signal("D", "21");
    let own = protocol::ring(&signal.message).expect("a circle");
    assert_eq!(drawn(&signal).rings, Some(vec![own.clone()]));
    let mut part = part(&signal, 'b');
    part.message["MessageBody"]["ObjectLatitude"] = json!("+36.21000");
    signal.parts.push(part.clone());
    let pins = all(&signal);
    assert_eq!(pins.len(), 1, "a part is no signal of its own");
    let further = protocol::ring(&part.message).expect("a circle");
    assert_eq!(pins[0].rings, Some(vec![own, further]));
}

#[test]
fn a_part_that_has_no_area_take_untold_is_seen_all_the_same() {
    let mut signal = signal("D", "21");
    let mut part = part(&signal, 'b');
    part.message["MessageBody"]["ObjectType"] = json!("20");
    signal.parts.push(part);
    let pins = all(&signal);
    assert_eq!(pins.len(), 2);
    assert_eq!(
        (pins[1].id.as_str(), &pins[1].rings),
        ("b".repeat(64).as_str(), &None)
    );
}

#[test]
fn a_part_is_drawn_even_where_the_whole_gives_no_place() {
    let mut signal = signal("E", "12");
    let part = part(&signal, 'b');
    signal.message["MessageBody"]["ObjectLatitude"] = json!("+99.99999");
    signal.message["MessageBody"]["ObjectLongitude"] = json!("+999.99999");
    signal.parts.push(part);
    let ids: Vec<String> = all(&signal).into_iter().map(|pin| pin.id).collect();
    assert_eq!(ids, ["b".repeat(64)]);
}

#[test]
fn a_test_message_stands_for_the_one_inside_it() {
    let mut signal = signal("D", "21");
    let body = signal.message["MessageBody"].clone();
    signal.message["MessageHeader"]["MessageCode"] = json!("T");
    signal.message["MessageBody"] = json!({ "PseudoMessageCode": "D", "PseudoMessageBody": body });
    let viewer = Viewer {
        kind: NetworkKind::Test,
        ..viewer()
    };
    let pin = all_for(&viewer, &signal).swap_remove(0);
    assert_eq!(
        (pin.code.as_str(), pin.subject.as_str(), pin.state),
        ("D", "21", "test")
    );
}

#[test]
fn what_is_over_no_longer_threatens() {
    let mut signal = signal("D", "21");
    assert_eq!(drawn(&signal).severity, 3);
    signal.validity = Validity::Discontinued;
    assert_eq!(
        (drawn(&signal).severity, drawn(&signal).state),
        (0, "discontinued")
    );
}
