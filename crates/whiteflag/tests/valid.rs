//! The generator of valid messages: everything that it makes may be sent, and it leaves nothing out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeSet;

use common::{laws, valid};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use whiteflag::{
    Body, Checked, Content, Extent, Location, Message, MessageCode, Reference, ReferenceIndicator,
    Sign, TransactionHash, Validity, tables,
};

/// What `tests/vectors/codes.json` comes to.
const PAIRS: usize = 2_206;
const SAMPLES: usize = 8_000;

/// The same messages in every run.
fn samples() -> impl Iterator<Item = Message> {
    let mut runner = runner();
    let message = valid::message();
    (0..SAMPLES).map(move |_| message.new_tree(&mut runner).unwrap().current())
}

fn runner() -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(ProptestConfig::default(), rng)
}

fn content(message: &Message) -> &Content {
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    content
}

fn sign(message: &Message) -> Option<&Sign> {
    match content(message) {
        Content::Sign { sign, .. } | Content::Request { sign, .. } => Some(sign),
        Content::Authentication { .. }
        | Content::Cryptographic { .. }
        | Content::Resource { .. }
        | Content::FreeText(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_valid_message_may_be_sent_and_stays_the_same(message in valid::message()) {
        prop_assert_eq!(Checked::new(message.clone()).map(Checked::into_message), Ok(message.clone()));
        laws::of_a_message(&message);
    }
}

#[test]
fn every_subject_may_be_sent_on_every_object_that_it_may_carry() {
    let mut runner = runner();
    let mut pairs = 0;
    for code in MessageCode::ALL {
        for (subject, object_type) in valid::placements(code) {
            let placed = valid::placed(code, subject, object_type);
            let content = placed.new_tree(&mut runner).unwrap().current();
            let message = Message {
                encryption: b'0',
                duress: false,
                reference: Reference {
                    indicator: ReferenceIndicator::Original,
                    message: TransactionHash::ZERO,
                },
                body: Body::Plain(content),
            };
            laws::of_a_message(&message);
            assert_eq!(
                message.check(),
                [],
                "{code}{subject:02X} on {object_type:02X}"
            );
            pairs += 1;
        }
    }
    assert_eq!(pairs, PAIRS);
}

#[test]
fn every_type_occurs_alone_and_within_a_test_message() {
    let mut alone = BTreeSet::new();
    let mut wrapped = BTreeSet::new();
    for message in samples() {
        match &message.body {
            Body::Plain(content) => alone.insert(content.code()),
            Body::Test(content) => wrapped.insert(content.code()),
        };
    }
    let all = MessageCode::ALL.into_iter();
    let all: BTreeSet<_> = all.filter(|code| *code != MessageCode::Test).collect();
    assert_eq!(alone, all);
    assert_eq!(wrapped, all);
}

#[test]
fn every_subject_and_every_object_type_occurs() {
    let mut subjects = BTreeSet::new();
    let mut objects = BTreeSet::new();
    for message in samples() {
        if let Some(sign) = sign(&message) {
            subjects.insert((content(&message).code(), sign.subject));
            objects.insert(sign.object_type);
        }
    }
    let of = |code| tables::subjects(code).iter().map(move |s| (code, s.code));
    assert_eq!(
        subjects,
        MessageCode::ALL.into_iter().flat_map(of).collect()
    );
    let all = tables::object_types().iter().map(|object| object.code);
    assert_eq!(objects, all.collect());
}

#[test]
fn every_type_refers_in_every_way_that_the_tables_allow() {
    let mut found = BTreeSet::new();
    for message in samples() {
        found.insert((message.code(), message.reference.indicator));
    }
    for from in MessageCode::ALL {
        for indicator in ReferenceIndicator::ALL {
            let mut types = MessageCode::ALL.into_iter();
            let allowed = indicator == ReferenceIndicator::Original
                || types.any(|to| tables::may_refer(from, to, indicator));
            assert_eq!(
                found.contains(&(from, indicator)),
                allowed,
                "{from} {indicator:?}"
            );
        }
    }
}

/// Each is something that a rule about values looks at.
#[test]
fn every_form_of_a_field_that_a_rule_looks_at_occurs() {
    let mut found = BTreeSet::new();
    for message in samples() {
        found.extend(traits(&message));
    }
    let wanted = TRAITS.into_iter().collect();
    assert_eq!(found, wanted);
}

const TRAITS: [&str; 28] = [
    "A by token",
    "A by URL",
    "F",
    "IV of method 1",
    "IV of method 2",
    "R",
    "a circle with direction 000",
    "a circle with direction 999",
    "a rectangle",
    "a triangle",
    "encryption key",
    "extended key",
    "no duress",
    "no end",
    "no place",
    "no size",
    "on the map",
    "original to a hash",
    "original to nothing",
    "people in an area",
    "people without a size",
    "request for 0",
    "request for 8",
    "second 60",
    "token key",
    "under duress",
    "until an end",
    "with a reference",
];

fn traits(message: &Message) -> Vec<&'static str> {
    let original = message.reference.indicator == ReferenceIndicator::Original;
    let to_nothing = message.reference.message == TransactionHash::ZERO;
    let mut traits = vec![
        if message.duress {
            "under duress"
        } else {
            "no duress"
        },
        match (original, to_nothing) {
            (true, true) => "original to nothing",
            (true, false) => "original to a hash",
            (false, _) => "with a reference",
        },
    ];
    match content(message) {
        Content::Authentication { method: 1, .. } => traits.push("A by URL"),
        Content::Authentication { .. } => traits.push("A by token"),
        Content::Cryptographic { data_type, .. } => traits.push(match data_type {
            0x01 => "extended key",
            0x0A => "encryption key",
            0x0B => "token key",
            0x11 => "IV of method 1",
            _ => "IV of method 2",
        }),
        Content::Resource { .. } => traits.push("R"),
        Content::FreeText(_) => traits.push("F"),
        Content::Request { objects, .. } if objects.is_empty() => traits.push("request for 0"),
        Content::Request { objects, .. } if objects.len() == 8 => traits.push("request for 8"),
        Content::Request { .. } | Content::Sign { .. } => {}
    }
    traits.extend(sign(message).into_iter().flat_map(traits_of_a_sign));
    traits
}

fn traits_of_a_sign(sign: &Sign) -> [&'static str; 4] {
    let ends = Validity::of(sign).unwrap().until.is_some();
    let people = sign.object_type >> 4 == 1;
    let size = match Extent::of(sign) {
        Some(Extent::Circle { .. }) if sign.orientation.get() == 0 => "a circle with direction 000",
        Some(Extent::Circle { .. }) => "a circle with direction 999",
        Some(Extent::Rectangle { .. }) => "a rectangle",
        Some(Extent::Triangle { .. }) => "a triangle",
        None if people && sign.dim1.get() > 0 => "people in an area",
        None if people => "people without a size",
        None => "no size",
    };
    let leap = sign.date_time.packed() & 0xFF == 0x60;
    [
        if ends { "until an end" } else { "no end" },
        if Location::of(sign).is_some() {
            "on the map"
        } else {
            "no place"
        },
        size,
        if leap { "second 60" } else { size },
    ]
}
