//! What the bridge says about messages that the other modules hand it.

use super::*;
use crate::draft;
use crate::form::{Form, Refers};
use crate::pins::tests::{signal, viewer};
use crate::place::Place;
use serde_json::json;
use whiteflag::Effect;

const NOW: u64 = 1_795_500_000;

fn found(form: &Form) -> Vec<(Field, Wrong)> {
    let message = draft::message(form, NOW).expect("the form itself is complete");
    let found = problems(&message).into_iter();
    found.map(|found| (found.field, found.wrong)).collect()
}

fn form(key: &str, object: &str) -> Form {
    Form {
        sign: Sign::from_key(key),
        object: object.to_owned(),
        dim1: "100".to_owned(),
        dim2: "100".to_owned(),
        ..Form::at(Place::parse("36.2021, 37.1343").ok())
    }
}

#[test]
fn a_message_that_may_be_sent_has_no_problem() {
    assert_eq!(found(&form("D21", "21")), []);
    assert_eq!(found(&form("D21", "00")), []);
    let reply = Form {
        refers: Some(Refers {
            indicator: 2,
            target: "@7".to_owned(),
        }),
        ..form("D21", "22")
    };
    assert_eq!(
        found(&reply),
        [],
        "the hash of an own message is filled in later"
    );
}

#[test]
fn each_rule_is_explained_at_its_field() {
    assert_eq!(
        found(&form("D21", "40")),
        [(Field::Object, Wrong::Object)],
        "a mine field is no vehicle"
    );
    assert_eq!(
        found(&form("D01", "21")),
        [(Field::Sign, Wrong::UnknownSign)]
    );
    let nowhere = Form {
        without_position: true,
        ..form("E11", "31")
    };
    assert_eq!(found(&nowhere), [(Field::Place, Wrong::NoPlace)]);
}

#[test]
fn a_request_is_held_to_its_own_rules() {
    let mut vehicle = draft::message(&form("Q20", "21"), NOW).expect("complete");
    vehicle["MessageBody"]["requestObjects"] =
        json!([{ "ObjectType": "21", "ObjectTypeQuant": "01" }]);
    let found: Vec<Field> = problems(&vehicle).iter().map(|found| found.field).collect();
    assert_eq!(found, [Field::Requested]);
    assert!(objects_to_request().contains(&"11".to_owned()));
    assert!(!objects_to_request().contains(&"21".to_owned()));
}

#[test]
fn an_introduction_that_is_neither_a_page_nor_a_token_is_explained() {
    let introduction = |text: &str| Form {
        sign: Some(Sign {
            code: 'A',
            subject: String::new(),
        }),
        text: text.to_owned(),
        ..Form::default()
    };
    let token = "0123456789abcdef".repeat(4);
    assert_eq!(found(&introduction("https://example.org/us")), []);
    assert_eq!(found(&introduction(&token)), []);
    let wrong = (Field::Text, Wrong::Rule(Rule::VerificationToken));
    assert_eq!(found(&introduction("it is us")), [wrong]);
}

/// A sign at Aleppo with one field changed, and the rules that this breaks.
fn broken(field: &str, value: &str) -> (Value, Vec<Rule>) {
    let mut message = signal("D", "21").message;
    message["MessageBody"][field] = json!(value);
    let rules = findings(&message).iter().map(|found| found.rule).collect();
    (message, rules)
}

/// What each effect promises is what is drawn and said.
#[test]
fn what_becomes_of_a_message_that_breaks_a_rule_is_what_is_said() {
    let drawn = |message: &Value| {
        let mut signal = signal("D", "21");
        signal.message = message.clone();
        let sites = crate::sites::of(&signal, &viewer());
        crate::pins::pins(&signal, &sites, viewer().kind, |_| String::new())
    };
    let (whole, none) = broken("SubjectCode", "21");
    assert_eq!(none, []);
    let rings = |message: &Value| drawn(message)[0].rings.clone();
    assert!(rings(&whole).is_some());
    for (field, value, rule) in [
        ("ObjectLatitude", "+95.00000", Rule::LatitudeRange),
        ("ObjectLongitude", "-181.00000", Rule::LongitudeRange),
        ("ObjectLatitude", "+99.99999", Rule::LocationHalf),
        ("ObjectLongitude", "+999.99999", Rule::LocationHalf),
    ] {
        let (message, found) = broken(field, value);
        assert_eq!(found, [rule]);
        assert_eq!(rule.effect(), Effect::NotOnMap);
        assert_eq!(drawn(&message), [], "{field} {value}");
    }
    for (field, value, rule) in [
        ("DateTime", "2026-13-24T06:00:00Z", Rule::DateTime),
        ("Duration", "P00D24H00M", Rule::Duration),
    ] {
        let (message, found) = broken(field, value);
        assert_eq!(found, [rule]);
        assert_eq!(rule.effect(), Effect::NoTime);
        assert_eq!(validity(&message, NOW), Validity::Unclear);
        assert_eq!(drawn(&message).len(), 1, "it is not hidden");
    }
    let (message, found) = broken("ObjectSizeDim1", "0000");
    assert_eq!(found, [Rule::SizeMissing]);
    assert_eq!(Rule::SizeMissing.effect(), Effect::NoExtent);
    assert_eq!(rings(&message), None);
    let (message, found) = broken("ObjectSizeDim2", "0070");
    assert_eq!(found, [Rule::CircleSecondSize]);
    assert_eq!(rings(&message), rings(&whole), "that size is not used");
    let (message, found) = broken("ObjectType", "22");
    assert_eq!(found, [Rule::SizeMissing], "both sizes, said once");
    assert_eq!(rings(&message), None);
}

#[test]
fn what_may_not_be_sent_but_breaks_no_rule_is_not_held_against_a_sender() {
    let (message, found) = broken("SubjectCode", "F1");
    assert_eq!(found, []);
    let wrong = problems(&message).swap_remove(0);
    assert_eq!(wrong.field, Field::Sign);
    assert_eq!(wrong.wrong, Wrong::Rule(Rule::PrivateUse));
}

#[test]
fn what_has_no_form_of_a_message_is_a_problem_of_the_whole() {
    let found = problems(&json!({}));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].field, Field::Whole);
}

#[test]
fn every_offered_object_is_one_that_the_check_accepts() {
    for code in "PEDSIMQ".chars() {
        for (subject, _) in subjects(code) {
            let sign = Sign { code, subject };
            let objects = objects_for(&sign);
            assert!(!objects.is_empty(), "{}", sign.key());
            for object in objects {
                let form = form(&sign.key(), &object);
                assert_eq!(found(&form), [], "{} with {object}", sign.key());
            }
        }
    }
}

#[test]
fn what_goes_without_a_place_has_no_shape() {
    let emergency = Sign {
        code: 'E',
        subject: "11".to_owned(),
    };
    assert!(objects_for(&emergency).contains(&"31".to_owned()));
    assert!(!objects_anywhere(&emergency).contains(&"31".to_owned()));
    assert!(objects_anywhere(&emergency).contains(&"30".to_owned()));
}

#[test]
fn an_outline_is_closed_and_only_where_there_is_an_extent() {
    let message = signal("D", "21").message;
    let ring = ring(&message).expect("a circle");
    assert_eq!(ring.first(), ring.last());
    assert_eq!(extent(&message), Some(Extent::Circle { radius: 400 }));
    assert_eq!(reach(&message), Some(400.0));
    let mut point = message;
    point["MessageBody"]["ObjectType"] = json!("00");
    assert_eq!(super::ring(&point), None);
    assert_eq!(super::ring(&Value::Null), None);
}

#[test]
fn others_confirm_and_the_sender_recalls() {
    assert_eq!(reply_indicators("D", true), [1, 2, 3, 4]);
    assert_eq!(reply_indicators("D", false), [6, 7, 9]);
    assert!(reply_indicators("", true).is_empty());
}

#[test]
fn validity_follows_the_clock() {
    let message = signal("D", "21").message;
    let at = |now| validity(&message, now);
    assert_eq!(at(NOW - 1), Validity::Future);
    assert_eq!(at(NOW), Validity::Current);
    assert_eq!(at(NOW + 7 * 86_400), Validity::Expired);
    assert_eq!(validity(&Value::Null, NOW), Validity::Unclear);
}
