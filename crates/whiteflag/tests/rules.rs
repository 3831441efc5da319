//! Every rule is found where it is broken, alone, and what its effect says is what happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common {
    pub(crate) mod broken;
}

use std::collections::BTreeSet;

use common::broken::{self, SIZES};
use proptest::prelude::*;
use proptest::sample::select;
use whiteflag::{
    Body, Checked, Content, Effect, Extent, Finding, LatitudeDigits, Location, LongitudeDigits,
    Message, PrivateUse, Rule, Sign, SignKind, Validity, tables,
};

fn rules(findings: &[Finding]) -> Vec<Rule> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// The signs and signals of a message.
fn sign(message: &Message) -> &Sign {
    match &message.body {
        Body::Plain(Content::Sign { sign, .. } | Content::Request { sign, .. }) => sign,
        Body::Plain(_) | Body::Test(_) => panic!("no sign: {message:?}"),
    }
}

#[test]
fn every_rule_about_one_message_has_an_example_that_breaks_it_alone() {
    for rule in Rule::ALL {
        let examples = broken::examples(*rule);
        assert_eq!(examples.is_empty(), rule.needs_target(), "{rule}");
        for example in examples {
            let to_send = example.check_to_send(PrivateUse::Refused);
            assert_eq!(rules(&to_send), [*rule], "{}", example.to_value());
            assert_eq!(Checked::new(example.clone()), Err(to_send.clone()));
            let received = if rule.section().is_some() {
                to_send
            } else {
                Vec::new()
            };
            assert_eq!(example.check(), received, "{rule}");
        }
    }
}

#[test]
fn the_examples_are_right_but_for_what_they_break() {
    for message in broken::sound() {
        let found = message.check_to_send(PrivateUse::Refused);
        assert_eq!(found, [], "{}", message.to_value());
    }
}

#[test]
fn private_codes_are_sent_only_when_that_is_allowed() {
    let fields: BTreeSet<&str> = broken::examples(Rule::PrivateUse)
        .into_iter()
        .map(|message| {
            let field = message.check_to_send(PrivateUse::Refused)[0].field;
            assert!(Checked::with(message, PrivateUse::Allowed).is_ok());
            field
        })
        .collect();
    let wanted = [
        "CryptoDataType",
        "ObjectType",
        "ResourceMethod",
        "SubjectCode",
        "VerificationMethod",
        "requestObjects",
    ];
    assert_eq!(fields.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn all_that_is_wrong_is_found_at_once() {
    let mut message = broken::examples(Rule::DateTime).swap_remove(0);
    message.reference.indicator = whiteflag::ReferenceIndicator::Update;
    if let Body::Plain(Content::Sign { sign, .. }) = &mut message.body {
        sign.latitude = "+95.00000".parse().unwrap();
        sign.object_type = 0x22;
        (sign.dim1, sign.dim2) = (SIZES[1], SIZES[1]);
        sign.orientation = "999".parse().unwrap();
    }
    let found = rules(&message.check());
    let wanted = [
        Rule::ReferenceMissing,
        Rule::DateTime,
        Rule::LatitudeRange,
        Rule::OrientationMissing,
    ];
    assert_eq!(found, wanted);
}

#[test]
fn what_follows_from_a_finding_is_not_told_as_another() {
    for (object, sizes, orientation, wanted) in [
        (0x22, (0, 0), "045", vec![Rule::SizeMissing; 2]),
        (0x40, (80, 80), "999", vec![Rule::SizeNotAllowed]),
        (0x40, (80, 0), "045", vec![Rule::SizeNotAllowed]),
        (
            0x99,
            (80, 0),
            "045",
            vec![Rule::ObjectReserved, Rule::SizeNotAllowed],
        ),
        // Nobody knows what a reserved shape would be; people of every kind may have an area.
        (0x24, (80, 0), "045", vec![Rule::ObjectReserved]),
        (0x3F, (80, 80), "045", vec![Rule::ObjectReserved]),
        (0x16, (80, 0), "000", vec![Rule::ObjectReserved]),
    ] {
        let message = broken::shaped(object, sizes, orientation);
        assert_eq!(rules(&message.check()), wanted, "{object:02X}");
    }
    let second = broken::shaped(0x40, (0, 80), "000").check();
    assert_eq!(second[0].field, "ObjectSizeDim2");
}

#[test]
fn a_finding_is_one_readable_line() {
    let message = broken::examples(Rule::LatitudeRange).swap_remove(0);
    assert_eq!(
        message.check()[0].to_string(),
        "ObjectLatitude is none on earth: give -90.00000 to +90.00000 (Whiteflag 4.3.1.6)"
    );
    for rule in Rule::ALL {
        let words = [rule.problem(), rule.fix()].concat();
        assert!(words.is_ascii() && !words.contains('\n'), "{rule}");
        assert!(!words.ends_with('.'), "{rule} is a part of a sentence");
    }
}

#[test]
fn names_are_short_words_and_each_is_used_once() {
    let names = Rule::ALL.iter().map(|rule| rule.name());
    let names: Vec<&str> = names.chain(Effect::ALL.map(Effect::name)).collect();
    let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    assert!(names.iter().all(plain), "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for (rule, name) in [
        (serde_json::json!(Rule::DateTime), "date-time"),
        (serde_json::json!(Effect::NoTime), "no-time"),
    ] {
        assert_eq!(rule, name);
    }
}

#[test]
fn every_effect_is_what_happens() {
    let mut seen = BTreeSet::new();
    for rule in Rule::ALL {
        for message in broken::examples(*rule) {
            seen.insert(rule.effect());
            holds(rule.effect(), &message);
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), Effect::ALL);
}

fn holds(effect: Effect, message: &Message) {
    let as_read = Message::decode(&message.plaintext());
    if effect == Effect::Unreadable {
        assert!(as_read.is_err());
        return;
    }
    assert_eq!(as_read.as_ref(), Ok(message), "it is kept as it is");
    match effect {
        Effect::NoTime => assert_eq!(Validity::of(sign(message)), None),
        Effect::NotOnMap => assert_eq!(Location::of(sign(message)), None),
        Effect::NoExtent => assert_eq!(Extent::of(sign(message)), None),
        Effect::SizeIgnored => assert_eq!(
            Extent::of(sign(message)),
            Extent::of(&without_what_does_not_belong(sign(message)))
        ),
        Effect::NoDirection => assert!(matches!(
            Extent::of(sign(message)),
            None | Some(Extent::Circle { .. })
        )),
        Effect::ShownAsItIs
        | Effect::CodeShown
        | Effect::NoReference
        | Effect::NotUsed
        | Effect::Unreadable => {}
    }
}

/// The sizes as the rules want them.
fn without_what_does_not_belong(sign: &Sign) -> Sign {
    let none = "0000".parse().unwrap();
    let circle = matches!(sign.object_type, 0x21 | 0x31);
    Sign {
        dim1: if circle { sign.dim1 } else { none },
        dim2: none,
        ..*sign
    }
}

/// Signs of which each field is as often right as wrong.
fn any_sign() -> impl Strategy<Value = Sign> {
    let times = [
        "2026-11-24T06:00:00Z",
        "2026-13-24T06:00:00Z",
        "9999-12-31T00:00:00Z",
    ];
    let durations = ["P00D00H00M", "P01D02H03M", "P00D24H00M", "P00D00H60M"];
    let latitudes = ["+36.20210", "-90.00000", "-95.00000", "+99.99999"];
    let longitudes = ["+037.13430", "-180.00001", "+180.00000", "+999.99999"];
    let orientations = ["000", "045", "360", "999"];
    let object = prop_oneof![
        select(vec![0x00, 0x11, 0x20, 0x21, 0x22, 0x23, 0x31, 0x40]),
        any::<u8>()
    ];
    let place = (select(latitudes.to_vec()), select(longitudes.to_vec()));
    let sizes = (select(SIZES.to_vec()), select(SIZES.to_vec()));
    (
        select(times.to_vec()),
        select(durations.to_vec()),
        object,
        place,
        sizes,
        select(orientations.to_vec()),
    )
        .prop_map(
            |(time, duration, object_type, place, sizes, orientation)| Sign {
                subject: 0,
                date_time: time.parse().unwrap(),
                duration: duration.parse().unwrap(),
                object_type,
                latitude: place.0.parse().unwrap(),
                longitude: place.1.parse().unwrap(),
                dim1: sizes.0,
                dim2: sizes.1,
                orientation: orientation.parse().unwrap(),
            },
        )
}

proptest! {
    /// Nothing is lost without a finding that says so, and nothing is said to be lost that is not.
    #[test]
    fn what_a_sign_loses_is_what_its_findings_say(
        sign in any_sign(),
        kind in select(vec![SignKind::Protective, SignKind::Emergency, SignKind::Mission]),
    ) {
        let message = broken::message(Content::Sign { kind, sign });
        let found = message.check_to_send(PrivateUse::Refused);
        let says = |effect| found.iter().any(|finding| finding.effect() == effect);
        prop_assert_eq!(Validity::of(&sign).is_none(), says(Effect::NoTime));
        let omitted = sign.latitude == LatitudeDigits::OMITTED
            && sign.longitude == LongitudeDigits::OMITTED;
        if !omitted || kind != SignKind::Emergency {
            prop_assert_eq!(Location::of(&sign).is_none(), says(Effect::NotOnMap));
        }
        if Extent::is_shape(sign.object_type) {
            let lost = says(Effect::NoExtent) || says(Effect::NoDirection);
            let circle = matches!(sign.object_type, 0x21 | 0x31);
            let lost = if circle { says(Effect::NoExtent) } else { lost };
            prop_assert_eq!(Extent::of(&sign).is_none(), lost);
        } else {
            prop_assert_eq!(Extent::of(&sign), None);
        }
        let named = tables::object_type(sign.object_type).is_some();
        prop_assert_eq!(!named, says(Effect::CodeShown));
    }
}

#[test]
fn an_extended_public_key_may_go_on_in_further_messages() {
    let part = broken::message(whiteflag::Content::Cryptographic {
        data_type: 0x01,
        data: vec![4, 0x88, 0xB2, 0x1E],
    });
    assert_eq!(part.check_to_send(PrivateUse::Refused), []);
}
