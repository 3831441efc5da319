//! Signals with parts, updates and relations, and what of them is shown where.

use serde_json::json;

use super::*;
use crate::pins::tests::{NOW, raw, reference, signal, viewer};

/// A mine field in two parts: the signal and a reference 3 of the same type.
fn composite() -> Signal {
    let mut signal = signal("D", "21");
    let part = reference(&signal, "3", 'b', "0xA");
    signal.references.push(part);
    signal
}

fn roles(signal: &Signal) -> Vec<Role> {
    of(signal, &viewer()).iter().map(|site| site.role).collect()
}

#[test]
fn a_composite_sign_has_its_parts() {
    assert_eq!(roles(&composite()), [Role::Itself, Role::Part]);
}

#[test]
fn what_relates_to_a_sign_is_a_signal_of_its_own() {
    let mut hospital = signal("P", "31");
    let mut attack = signal("D", "12");
    attack.transaction_hash = "b".repeat(64);
    let relation = reference(&hospital, "5", 'b', "0xB");
    attack.message["MessageHeader"] = relation.message["MessageHeader"].clone();
    attack.message["MessageHeader"]["MessageCode"] = json!("D");
    hospital.references.push(Reference {
        message: attack.message.clone(),
        ..relation
    });
    assert_eq!(roles(&hospital), [Role::Itself]);
    assert_eq!(related_to(&attack), Some("a".repeat(64)));
    assert_eq!(related_to(&hospital), None);
    let (_, found) = find(&[hospital, attack], &"b".repeat(64), &viewer()).expect("it is there");
    assert_eq!(found.sign(), Sign::from_key("D12"));
}

#[test]
fn ending_a_part_alone_is_none_of_the_standards_ways_so_it_stays() {
    let mut signal = composite();
    let mut end = reference(&signal, "4", 'c', "0xA");
    end.message["MessageHeader"]["ReferencedMessage"] = json!("b".repeat(64));
    signal.references.push(end);
    assert!(!of(&signal, &viewer())[1].is_over());
}

#[test]
fn an_update_of_a_part_does_not_replace_the_whole() {
    let mut signal = composite();
    let mut update = reference(&signal, "2", 'c', "0xA");
    update.message["MessageHeader"]["ReferencedMessage"] = json!("b".repeat(64));
    update.message["MessageBody"]["ObjectSizeDim1"] = json!("0050");
    signal.references.push(update);
    let sites = of(&signal, &viewer());
    let radius = |site: &Site| field(&site.message["MessageBody"], "ObjectSizeDim1");
    assert_eq!(
        (radius(&sites[0]), radius(&sites[1])),
        ("0400".to_owned(), "0050".to_owned())
    );
    assert_eq!(sites[1].newest, "c".repeat(64));
}

#[test]
fn an_update_of_the_whole_is_what_it_says_now() {
    let mut signal = signal("D", "21");
    signal.raw = raw(&signal.message);
    let mut update = reference(&signal, "2", 'c', "0xA");
    update.message["MessageBody"]["ObjectSizeDim1"] = json!("0050");
    signal.message = update.message.clone();
    signal.references.push(update);
    let site = of(&signal, &viewer()).swap_remove(0);
    assert_eq!(site.message, signal.message);
    assert_eq!(
        field(&site.original["MessageBody"], "ObjectSizeDim1"),
        "0400"
    );
    assert_eq!(site.newest, "c".repeat(64));
}

#[test]
fn a_confirmation_counts_for_what_it_is_about_until_it_is_taken_back() {
    let mut signal = composite();
    let mut of_part = reference(&signal, "6", 'c', "0xC");
    of_part.message["MessageHeader"]["ReferencedMessage"] = json!("b".repeat(64));
    let of_whole = reference(&signal, "6", 'd', "0xD");
    let mut back = reference(&signal, "4", 'e', "0xD");
    back.message["MessageHeader"]["ReferencedMessage"] = json!("d".repeat(64));
    signal.references.extend([of_part, of_whole]);
    let counts = |signal: &Signal| -> Vec<usize> {
        of(signal, &viewer())
            .iter()
            .map(|site| site.confirmations)
            .collect()
    };
    assert_eq!(counts(&signal), [1, 1]);
    signal.references.push(back);
    assert_eq!(counts(&signal), [0, 1]);
}

#[test]
fn time_passes_without_a_word_from_the_engine() {
    let signal = signal("D", "21");
    let later = Viewer {
        now: NOW + 8 * 86_400,
        ..viewer()
    };
    assert_eq!(of(&signal, &later)[0].validity, Validity::Expired);
    assert!(!of(&signal, &viewer())[0].is_over());
}
