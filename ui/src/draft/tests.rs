//! Forms that people fill in, and the messages or complaints that come of them.

use super::*;
use crate::form::Refers;

const NOW: u64 = 1_795_500_000;

fn mine_field() -> Form {
    Form {
        sign: Sign::from_key("D21"),
        object: "22".to_owned(),
        dim1: "400".to_owned(),
        dim2: " 150".to_owned(),
        orientation: "45".to_owned(),
        ..Form::at(Place::parse("36.2021, 37.1343").ok())
    }
}

fn problems(form: &Form) -> Vec<Problem> {
    message(form, NOW).expect_err("the form is wrong")
}

#[test]
fn a_filled_form_becomes_a_message_of_the_standard() {
    let message = message(&mine_field(), NOW).expect("complete");
    assert_eq!(
        message["MessageBody"],
        json!({
            "SubjectCode": "21",
            "DateTime": "2026-11-24T06:00:00Z",
            "Duration": "P07D00H00M",
            "ObjectType": "22",
            "ObjectLatitude": "+36.20210",
            "ObjectLongitude": "+037.13430",
            "ObjectSizeDim1": "0400",
            "ObjectSizeDim2": "0150",
            "ObjectOrientation": "045",
        })
    );
    assert_eq!(message["MessageHeader"]["MessageCode"], "D");
    assert_eq!(message["MessageHeader"]["ReferencedMessage"], NO_REFERENCE);
}

#[test]
fn a_message_opened_for_editing_and_saved_untouched_is_the_same_message() {
    let mut request = mine_field();
    request.sign = Sign::from_key("Q20");
    request.refers = Some(Refers {
        indicator: 2,
        target: "@7".to_owned(),
    });
    request.requested = vec![Requested {
        object: "40".to_owned(),
        quantity: "6".to_owned(),
    }];
    let mut alive = Form {
        sign: Sign::from_key("S11"),
        without_position: true,
        ..Form::default()
    };
    alive.until_ended = true;
    let note = Form {
        sign: Some(Sign {
            code: 'F',
            subject: String::new(),
        }),
        text: "ok".to_owned(),
        ..Form::default()
    };
    for form in [mine_field(), request, alive, note] {
        let before = message(&form, NOW).expect("complete");
        let after = message(&Form::of_message(&before), NOW + 99).expect("complete");
        assert_eq!(before, after);
    }
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let form = Form {
        place: None,
        dim1: "0".to_owned(),
        days: "100".to_owned(),
        ..mine_field()
    };
    assert_eq!(
        problems(&form),
        [
            Problem {
                field: Field::Place,
                wrong: Wrong::NoPlace
            },
            Problem {
                field: Field::Duration,
                wrong: Wrong::Days
            },
            Problem {
                field: Field::Dim1,
                wrong: Wrong::Size
            },
        ]
    );
}

#[test]
fn no_end_is_chosen_on_purpose_and_never_by_empty_fields() {
    let mut form = Form {
        days: String::new(),
        ..mine_field()
    };
    assert_eq!(
        problems(&form),
        [Problem {
            field: Field::Duration,
            wrong: Wrong::NoDuration
        }]
    );
    form.until_ended = true;
    let message = message(&form, NOW).expect("complete");
    assert_eq!(message["MessageBody"]["Duration"], "P00D00H00M");
}

#[test]
fn only_emergencies_and_status_signals_go_without_a_position() {
    let mut form = Form {
        without_position: true,
        place: None,
        ..mine_field()
    };
    assert_eq!(
        problems(&form),
        [Problem {
            field: Field::Place,
            wrong: Wrong::NoPlace
        }]
    );
    form.sign = Sign::from_key("E11");
    form.object = "11".to_owned();
    let message = message(&form, NOW).expect("complete");
    assert_eq!(message["MessageBody"]["ObjectLatitude"], "+99.99999");
}

#[test]
fn a_text_that_the_wire_cannot_carry_is_refused_with_its_letters() {
    let sign = Some(Sign {
        code: 'F',
        subject: String::new(),
    });
    let mut form = Form {
        sign,
        text: "ми-мины".to_owned(),
        ..Form::default()
    };
    assert_eq!(
        problems(&form),
        [Problem {
            field: Field::Text,
            wrong: Wrong::Letters(vec!['м', 'и', 'н', 'ы'])
        }]
    );
    form.text = " ".to_owned();
    assert_eq!(
        problems(&form),
        [Problem {
            field: Field::Text,
            wrong: Wrong::NoText
        }]
    );
}

#[test]
fn a_point_has_no_size_even_if_one_was_typed_before() {
    let form = Form {
        object: "40".to_owned(),
        ..mine_field()
    };
    let message = message(&form, NOW).expect("complete");
    assert_eq!(message["MessageBody"]["ObjectSizeDim1"], "0000");
    assert_eq!(message["MessageBody"]["ObjectOrientation"], "999");
}

#[test]
fn a_form_without_a_sign_asks_for_it_first() {
    assert_eq!(
        problems(&Form::default()),
        [Problem {
            field: Field::Sign,
            wrong: Wrong::NoSign
        }]
    );
}

#[test]
fn the_protocols_own_rules_hold_before_anything_is_queued() {
    let form = Form {
        object: "40".to_owned(),
        ..mine_field()
    };
    let found =
        complete(&form, NOW, NetworkKind::Exercise).expect_err("a mine field is no vehicle");
    assert_eq!(
        found,
        [Problem {
            field: Field::Object,
            wrong: Wrong::Object
        }]
    );
}

#[test]
fn on_a_test_network_everything_leaves_as_a_test() {
    let made = |kind| complete(&mine_field(), NOW, kind).expect("complete");
    let test = made(NetworkKind::Test);
    assert_eq!(test["MessageHeader"]["MessageCode"], "T");
    assert_eq!(test["MessageBody"]["PseudoMessageCode"], "D");
    let plain = made(NetworkKind::Exercise);
    assert_eq!(
        test["MessageBody"]["PseudoMessageBody"],
        plain["MessageBody"]
    );
    assert_eq!(plain, made(NetworkKind::Main));
}

#[test]
fn only_what_the_form_can_show_whole_can_be_changed() {
    let kind = NetworkKind::Exercise;
    let message = message(&mine_field(), NOW).expect("complete");
    assert!(can_edit(&message, kind));
    let mut confirmation = message.clone();
    confirmation["MessageHeader"]["ReferenceIndicator"] = json!("6");
    confirmation["MessageHeader"]["ReferencedMessage"] = json!("a".repeat(64));
    assert!(
        !can_edit(&confirmation, kind),
        "it has to repeat what it confirms"
    );
    let mut duress = message;
    duress["MessageHeader"]["DuressIndicator"] = json!("1");
    assert!(!can_edit(&duress, kind), "the form would lose it");
    assert!(!can_edit(&Value::Null, kind));
}

#[test]
fn an_introduction_is_a_page_or_a_token() {
    let sign = Some(Sign {
        code: 'A',
        subject: String::new(),
    });
    let made = |text: &str| {
        let form = Form {
            sign: sign.clone(),
            text: text.to_owned(),
            ..Form::default()
        };
        let message = complete(&form, NOW, NetworkKind::Exercise).expect("complete");
        assert!(can_edit(&message, NetworkKind::Exercise));
        message["MessageBody"]["VerificationMethod"].clone()
    };
    assert_eq!(made("https://aid.example/whiteflag.json"), "1");
    assert_eq!(made(&"9f2c".repeat(16)), "2");
}
