//! Forms that change their mind.

use super::*;

fn sign(key: &str) -> Sign {
    Sign::from_key(key).expect("a sign")
}

#[test]
fn what_the_person_did_not_change_follows_the_sign() {
    let mut form = Form::default();
    form.choose(sign("D21"));
    form.choose(sign("E11"));
    assert_eq!((&*form.object, &*form.dim1, &*form.days), ("00", "", "1"));
}

#[test]
fn what_the_person_wrote_stays_where_the_new_sign_can_carry_it() {
    let mut form = Form::default();
    form.choose(sign("D21"));
    form.dim1 = "400".to_owned();
    form.days = "3".to_owned();
    form.choose(sign("D22"));
    assert_eq!(
        (&*form.object, &*form.dim1, &*form.days),
        ("21", "400", "3")
    );
    form.object = "40".to_owned();
    form.choose(sign("D23"));
    assert_eq!(form.object, "21", "a contamination is no vehicle");
    form.until_ended = true;
    form.choose(sign("E01"));
    assert!(form.until_ended, "an end was left open on purpose");
}

#[test]
fn what_gives_no_position_has_no_shape_and_dangers_give_one() {
    let mut form = Form::default();
    form.choose(sign("E12"));
    form.object = "31".to_owned();
    form.withhold_position(true);
    assert_eq!(form.object, "00");
    form.choose(sign("D21"));
    assert!(!form.without_position);
}

#[test]
fn only_requests_ask_for_objects() {
    let mut form = Form::default();
    form.choose(sign("Q20"));
    form.requested.push(Requested::default());
    form.choose(sign("Q10"));
    assert_eq!(form.requested.len(), 1);
    form.choose(sign("D21"));
    assert!(form.requested.is_empty());
}

#[test]
fn a_test_message_opens_as_the_one_inside_it() {
    let mut message = crate::pins::tests::signal("D", "21").message;
    let body = message["MessageBody"].take();
    message["MessageHeader"]["MessageCode"] = "T".into();
    message["MessageBody"] =
        serde_json::json!({ "PseudoMessageCode": "D", "PseudoMessageBody": body });
    let form = Form::of_message(&message);
    assert_eq!(
        (form.sign, form.dim1),
        (Some(sign("D21")), "400".to_owned())
    );
}

#[test]
fn a_text_that_goes_on_begins_a_line_and_is_edited_without_it() {
    let mut form = Form {
        sign: Some(Sign {
            code: 'F',
            subject: String::new(),
        }),
        text: "left of the gate".to_owned(),
        goes_on: true,
        ..Form::default()
    };
    form.refers = Some(Refers {
        indicator: 3,
        target: "@7".to_owned(),
    });
    let message = crate::draft::message(&form, 0).expect("it is whole");
    assert_eq!(message["MessageBody"]["Text"], "\nleft of the gate");
    let again = Form::of_message(&message);
    assert_eq!(
        (again.text.as_str(), again.goes_on),
        ("left of the gate", true)
    );
}
