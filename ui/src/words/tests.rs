//! Sentences as they are read.

use super::*;
use crate::pins::tests::signal;
use crate::protocol;
use parley_wire::{Link, Next, OfflineReason, OwnMessage, Reason, ReceivedTo};
use serde_json::json;

fn own(reason: Reason, next: Next) -> OwnMessage {
    OwnMessage {
        reason,
        next,
        ..crate::session::tests::own(4)
    }
}

#[test]
fn a_row_says_why_and_what_happens_next() {
    let offline = own(Reason::NoConnection, Next::WhenConnected);
    assert_eq!(
        reason_and_next(Locale::en, &offline),
        "No connection. Leaves by itself when a connection returns."
    );
    let waiting = own(Reason::ForMessage { id: 3 }, Next::AfterMessage);
    assert_eq!(
        reason_and_next(Locale::en, &waiting),
        "Waits for message 3. Leaves after that message."
    );
    let sent = own(Reason::Accepted { nodes: 2 }, Next::AwaitBlock);
    assert!(reason_and_next(Locale::en, &sent).starts_with("2 nodes hold it."));
}

#[test]
fn the_status_says_why_it_is_offline_and_how_far_was_received() {
    let reason = OfflineReason::WrongChain { found: 5 };
    assert!(link(Locale::en, &Link::Offline { reason }).contains("another chain (5)"));
    let to = Some(ReceivedTo {
        block: 7,
        time: 1000,
    });
    assert_eq!(
        received(Locale::en, to, 1190),
        "received up to block 7, 3 min ago"
    );
}

#[test]
fn a_period_is_said_in_words() {
    let message = signal("D", "21").message;
    assert_eq!(
        period(Locale::en, &message),
        "\u{2066}2026-11-24 06:00 UTC\u{2069}, for 7 d"
    );
}

#[test]
fn the_pseudo_language_runs_right_to_left_and_translates_codes_too() {
    use leptos_i18n::Locale as _;
    assert_eq!(Locale::ar_XB.direction().as_str(), "rtl");
    let mine = sign(
        Locale::ar_XB,
        &Sign {
            code: 'D',
            subject: "21".to_owned(),
        },
    );
    assert!(mine.starts_with('[') && mine.contains("fíéld"), "{mine}");
}

#[test]
fn a_message_that_cannot_be_read_says_so() {
    assert_eq!(
        message(Locale::en, &Value::Null),
        "Message that cannot be read"
    );
}

#[test]
fn an_extent_is_said_in_words() {
    let mut message = signal("D", "21").message;
    let said = |message: &Value| extent(Locale::en, message).expect("it has an object");
    assert_eq!(said(&message), "Round area: radius 400 m");
    message["MessageBody"]["ObjectType"] = json!("22");
    message["MessageBody"]["ObjectSizeDim2"] = json!("0150");
    message["MessageBody"]["ObjectOrientation"] = json!("045");
    assert_eq!(
        said(&message),
        "Rectangular area: 400 m along \u{2066}45°\u{2069}, 150 m across"
    );
    message["MessageBody"]["ObjectType"] = json!("00");
    assert_eq!(said(&message), "Not given");
    assert_eq!(extent(Locale::en, &Value::Null), None);
    assert_eq!(protocol::extent(&Value::Null), None);
}

#[test]
fn a_request_says_how_many_of_what() {
    let mut message = signal("Q", "20").message;
    message["MessageBody"]["requestObjects"] = json!([
        { "ObjectType": "40", "ObjectTypeQuant": "06" },
        { "ObjectType": "80", "ObjectTypeQuant": "00" },
    ]);
    let lines = requested(Locale::en, &message);
    assert_eq!(lines, ["Land vehicle: 6", "Goods: number not known"]);
}

#[test]
fn every_rule_and_every_effect_has_words() {
    for known in Rule::ALL {
        assert!(
            codes::rule(Locale::en, &key_of(known.name())).is_some(),
            "{known}"
        );
    }
    for known in Effect::ALL {
        let words = codes::effect(Locale::en, &key_of(known.name()));
        assert!(words.is_some(), "{}", known.name());
    }
    let said = rule(Locale::ar_XB, Rule::LatitudeRange);
    assert!(said.starts_with('['), "{said}");
}

#[test]
fn a_code_that_the_standard_does_not_define_shows_itself() {
    let sign_of = |key: &str| sign(Locale::en, &Sign::from_key(key).expect("a sign"));
    assert_eq!(sign_of("P14"), "Reserved code \u{2066}P14\u{2069}");
    assert_eq!(sign_of("PF0"), "Reserved code \u{2066}PF0\u{2069}");
    assert_eq!(sign_of("DF0"), "Private code \u{2066}DF0\u{2069}");
    assert_eq!(object(Locale::en, "99"), "Reserved code \u{2066}99\u{2069}");
    assert_eq!(object(Locale::en, "F0"), "Private code \u{2066}F0\u{2069}");
}

#[test]
fn a_wrong_clock_is_told_by_how_much_and_in_which_direction() {
    assert_eq!(
        clock_off(Locale::en, 420),
        "This device’s clock is \u{2066}7 min\u{2069} ahead of the newest block."
    );
    let behind = clock_off(Locale::en, -3 * 86_400);
    assert!(behind.contains("3 d\u{2069} behind"), "{behind}");
    assert!(clock_off(Locale::en, i64::MIN).contains("behind"));
}

#[test]
fn the_status_says_how_many_more_messages_the_account_can_pay_for() {
    assert!(affordable(Locale::en, 0).contains("cannot pay"));
    assert_eq!(affordable(Locale::en, 1), "enough for about 1 message");
    assert_eq!(affordable(Locale::en, 7), "enough for about 7 messages");
    assert_eq!(undecided(Locale::en, 0), None);
}

#[test]
fn where_the_time_of_a_message_is_over_its_buttons_are_the_answers_to_that() {
    use parley_wire::Action;
    let words = |action| [false, true].map(|over| super::action(Locale::en, action, over));
    assert_eq!(words(Action::Edit), ["Edit", "Change"]);
    assert_eq!(words(Action::Delete), ["Delete", "Drop"]);
    assert_eq!(words(Action::GiveUp), ["Give up", "Give up"]);
}
