//! The code tables against the published ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use serde_json::Value;
use whiteflag::{MessageCode, ReferenceIndicator, tables};

fn published() -> Value {
    serde_json::from_str(include_str!("../../../tests/vectors/codes.json")).unwrap()
}

fn code(hex: &str) -> u8 {
    u8::from_str_radix(hex, 16).unwrap()
}

#[test]
fn subjects_and_the_objects_they_carry_are_those_of_the_standard() {
    let published = published();
    for (letter, rows) in published["subjects"].as_object().unwrap() {
        let message = MessageCode::from_letter(letter.chars().next().unwrap()).unwrap();
        let rows = rows.as_object().unwrap();
        assert_eq!(tables::subjects(message).len(), rows.len(), "{letter}");
        for (hex, row) in rows {
            let subject = tables::subject(message, code(hex)).unwrap();
            let name: Vec<&str> = row["name"].as_str().unwrap().split_whitespace().collect();
            assert_eq!(subject.name, name.join(" "));
            for category in 0..=8_u8 {
                let wanted = row["objects"]
                    .as_str()
                    .unwrap()
                    .contains(&category.to_string());
                assert_eq!(
                    subject.allows(category << 4),
                    wanted,
                    "{letter}{hex} on {category}x"
                );
            }
        }
    }
}

#[test]
fn object_types_are_those_of_the_standard() {
    let published = published();
    let wanted: Vec<u8> = published["objects"]
        .as_object()
        .unwrap()
        .keys()
        .map(|c| code(c))
        .collect();
    let ours: Vec<u8> = tables::object_types()
        .iter()
        .map(|object| object.code)
        .collect();
    assert_eq!(ours, wanted);
}

#[test]
fn types_refer_to_types_as_the_standard_says() {
    let published = published();
    for from in MessageCode::ALL
        .into_iter()
        .filter(|code| *code != MessageCode::Test)
    {
        for to in MessageCode::ALL {
            let row = &published["type_refs"][from.to_string()][to.to_string()];
            for indicator in ReferenceIndicator::ALL {
                let wanted = row
                    .as_str()
                    .unwrap_or("")
                    .contains(&indicator.digit().to_string());
                let ours = tables::may_refer(from, to, indicator);
                assert_eq!(ours, wanted, "{from} {} {to}", indicator.digit());
            }
        }
    }
}

#[test]
fn only_another_account_confirms_and_only_the_same_one_recalls() {
    let by_others = tables::replies(MessageCode::Danger, false);
    assert!(by_others.contains(&ReferenceIndicator::Confirm));
    assert!(!by_others.contains(&ReferenceIndicator::Recall));
    let by_itself = tables::replies(MessageCode::Danger, true);
    assert!(by_itself.contains(&ReferenceIndicator::Recall));
    assert!(!by_itself.contains(&ReferenceIndicator::Confirm));
}
