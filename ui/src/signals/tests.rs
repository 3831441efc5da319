//! Signals as they are told piece by piece, and what is shown of them.

use parley_wire::Validity;
use serde_json::json;

use super::*;
use crate::listing::{Order, rows};
use crate::pins::tests::{NOW, part, reference, signal, viewer};

/// As the engine writes it.
fn written(signal: &Signal) -> Told {
    let mut brief = signal.clone();
    if brief.newest == brief.transaction_hash {
        brief.original = Value::Null;
    }
    serde_json::from_value(json!(brief)).expect("it was written by the engine")
}

fn answer(changed: &[Signal], gone: &[&str]) -> SignalsSince<Told> {
    SignalsSince {
        token: 7,
        anew: false,
        changed: changed.iter().map(written).collect(),
        gone: gone.iter().map(|name| (*name).to_owned()).collect(),
        more: false,
    }
}

/// All of them, told at once.
pub(crate) fn told(signals: &[Signal]) -> Signals {
    let mut all = Signals::new(viewer(), Locale::en);
    let _ = all.take(answer(signals, &[]));
    all
}

fn called(hash: char, signal: Signal) -> Signal {
    Signal {
        transaction_hash: hash.to_string().repeat(64),
        newest: hash.to_string().repeat(64),
        ..signal
    }
}

fn hashes(signals: &Signals) -> String {
    let mut all: Vec<_> = signals.iter().map(Kept::order).collect();
    all.sort_unstable();
    all.iter()
        .filter_map(|(_, hash)| hash.chars().next())
        .collect()
}

#[test]
fn what_is_told_is_there_and_what_is_gone_is_not() {
    let mut all = told(&[
        called('a', signal("D", "21")),
        called('b', signal("P", "31")),
    ]);
    assert_eq!(hashes(&all), "ab");
    let taken = all.take(answer(
        &[called('c', signal("E", "11"))],
        &[&"a".repeat(64)],
    ));
    assert_eq!(
        (hashes(&all).as_str(), taken.changed, taken.more),
        ("bc", true, false)
    );
    assert_eq!(all.token(), Some(7));
    assert!(!all.take(answer(&[], &[])).changed);
    let anew = SignalsSince {
        anew: true,
        more: true,
        ..answer(&[called('d', signal("D", "21"))], &[])
    };
    assert!(all.take(anew).more && all.is_halfway());
    assert_eq!(hashes(&all), "d");
    all.forget();
    assert_eq!((hashes(&all).as_str(), all.token()), ("", None));
}

#[test]
fn an_original_that_stands_is_told_once_and_read_twice() {
    let one = signal("D", "21");
    let all = told(std::slice::from_ref(&one));
    let (found, site) = all.find(&one.transaction_hash, &viewer()).expect("there");
    assert_eq!(found, one);
    assert_eq!(site.original, one.message);
}

#[test]
fn a_signal_is_found_by_what_refers_to_it_until_that_is_gone() {
    let mut one = called('a', signal("D", "21"));
    one.references.push(reference(&one, "6", 'c', "0xB"));
    let mut later = called('b', signal("P", "31"));
    later.index = 1;
    later.references.push(reference(&later, "6", 'c', "0xB"));
    let found = |all: &Signals| {
        let found = all.find(&"c".repeat(64), &viewer());
        found.map(|(signal, _)| signal.transaction_hash)
    };
    let mut all = told(&[later, one.clone()]);
    assert_eq!(found(&all), Some("a".repeat(64)), "the first of the chain");
    one.references.clear();
    let _ = all.take(answer(&[one], &[]));
    assert_eq!(found(&all), Some("b".repeat(64)));
    let _ = all.take(answer(&[], &[&"b".repeat(64)]));
    assert_eq!(found(&all), None);
    assert!(all.by_reference.is_empty(), "nothing is left of it");
}

#[test]
fn only_what_turns_with_time_is_shown_anew() {
    let mut lasting = called('b', signal("D", "21"));
    lasting.message["MessageBody"]["Duration"] = json!("P00D00H00M");
    let mut all = told(&[called('a', signal("D", "21")), lasting]);
    all.begin_drawing();
    assert_eq!(all.take_untold().map(|told| told.add.len()), Some(2));
    let look = |all: &mut Signals, now| all.look(&Viewer { now, ..viewer() }, Locale::en);
    assert!(!look(&mut all, NOW + 60));
    assert_eq!(all.take_untold(), None);
    assert!(look(&mut all, NOW + 8 * 86_400), "one is over");
    let told = all.take_untold().expect("that one");
    assert_eq!((told.add.len(), told.add[0].state), (1, "expired"));
    let listed = rows(&all, Order::Danger, 9);
    let states: Vec<_> = listed.rows.iter().map(|row| row.validity).collect();
    assert_eq!(states, [Validity::Current, Validity::Expired]);
    assert!(look(&mut all, NOW), "the clock was set back");
    assert_eq!(all.take_untold().map(|told| told.add.len()), Some(1));
}

#[test]
fn a_signal_turns_with_whichever_of_its_parts_is_next() {
    let lasting = |message: &mut Value, from, duration| {
        message["MessageBody"]["DateTime"] = json!(from);
        message["MessageBody"]["Duration"] = json!(duration);
    };
    let mut one = signal("D", "21");
    one.message["MessageBody"]["Duration"] = json!("P00D00H00M");
    let (mut next, mut later) = (part(&one, 'b'), part(&one, 'c'));
    lasting(&mut next.message, "2100-01-01T00:00:00Z", "P01D00H00M");
    lasting(&mut later.message, "2101-01-01T00:00:00Z", "P00D00H00M");
    one.parts.extend([later, next]);
    let mut all = told(&[one]);
    let mut look = |now| all.look(&Viewer { now, ..viewer() }, Locale::en);
    let begins = 4_102_444_800;
    assert!(!look(begins - 1));
    assert!(look(begins));
    assert!(!look(begins + 1));
    assert!(look(begins + 86_400), "it ends");
}

#[test]
fn another_viewer_or_language_sees_everything_anew() {
    let mut all = told(&[signal("D", "21")]);
    let before = rows(&all, Order::Danger, 9);
    let exercise = parley_wire::NetworkKind::Exercise;
    assert_eq!(viewer().kind, exercise);
    let kind = parley_wire::NetworkKind::Test;
    assert!(all.look(&Viewer { kind, ..viewer() }, Locale::en));
    let after = rows(&all, Order::Danger, 9);
    assert_ne!(before.rows[0].state, after.rows[0].state);
}

#[test]
fn a_new_map_gets_everything_and_nothing_is_made_for_none() {
    let mut all = told(&[called('a', signal("D", "21"))]);
    assert_eq!(all.take_untold(), None);
    all.begin_drawing();
    let first = all.take_untold().expect("all");
    all.end_drawing();
    let _ = all.take(answer(&[called('b', signal("D", "21"))], &[]));
    assert_eq!(all.take_untold(), None);
    all.begin_drawing();
    let second = all.take_untold().expect("all");
    assert_eq!((first.add.len(), second.add.len()), (1, 2));
    all.forget();
    assert_eq!(all.take_untold().map(|told| told.remove.len()), Some(2));
}

#[test]
fn what_came_before_telling_was_cut_short_is_drawn() {
    let mut all = Signals::new(viewer(), Locale::en);
    all.begin_drawing();
    let halfway = |hash| SignalsSince {
        more: true,
        ..answer(&[called(hash, signal("D", "21"))], &[])
    };
    let _ = all.take(halfway('a'));
    assert!(all.take_untold().is_some(), "the first is drawn at once");
    let _ = all.take(halfway('b'));
    let _ = all.take(halfway('c'));
    let _ = all.take_untold();
    let _ = all.take(halfway('d'));
    assert_eq!(all.take_untold(), None, "more is to come");
    assert!(all.cut_short());
    let drawn = all.take_untold().expect("what is there");
    assert_eq!(drawn.add.len(), 1);
    assert!(!all.cut_short(), "once");
}

#[test]
fn what_cannot_be_read_is_not_taken_for_an_answer() {
    let text =
        r#"{"token":1,"anew":true,"changed":[{"transactionHash":1}],"gone":[],"more":false}"#;
    assert!(serde_json::from_str::<SignalsSince<Told>>(text).is_err());
}
