//! Signals with parts, updates and relations, and what of them is shown where.

use parley_wire::Note;
use serde_json::json;

use super::*;
use crate::pins::tests::{NOW, part, reference, signal, viewer};
use crate::signals::tests::told;

/// A mine field in two parts.
fn composite() -> Signal {
    let mut signal = signal("D", "21");
    signal.parts.push(part(&signal, 'b'));
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
    let all = told(&[hospital, attack]);
    let (_, found) = all.find(&"b".repeat(64), &viewer()).expect("it is there");
    assert_eq!(found.sign(), Sign::from_key("D12"));
}

#[test]
fn each_part_has_its_own_word_and_its_own_opinions() {
    let mut signal = composite();
    signal.parts[0].newest = "c".repeat(64);
    signal.parts[0].message["MessageBody"]["ObjectSizeDim1"] = json!("0050");
    signal.parts[0].opinions.confirmed_by.push("0xB".to_owned());
    let sites = of(&signal, &viewer());
    let radius = |message: &Value| field(&message["MessageBody"], "ObjectSizeDim1");
    assert_eq!(
        (radius(&sites[0].message), radius(&sites[1].message)),
        ("0400".into(), "0050".into())
    );
    assert_eq!(radius(&sites[1].original), "0400");
    assert_eq!(sites[1].newest, "c".repeat(64));
    assert_eq!(
        (sites[0].is_confirmed(), sites[1].is_confirmed()),
        (false, true)
    );
}

#[test]
fn what_was_ended_or_taken_back_stays_so_whatever_its_time() {
    for over in [Validity::Discontinued, Validity::Recalled] {
        let mut signal = signal("D", "21");
        signal.validity = over;
        let [site] = of(&signal, &viewer()).try_into().expect("one");
        assert_eq!(site.validity, over);
        assert!(site.is_over());
    }
}

#[test]
fn a_second_text_goes_on_where_the_first_ends_and_a_text_about_a_part_does_not_count() {
    let mut signal = signal("D", "21");
    let note = |code: &str, pieces: [char; 2]| Note {
        code: code.to_owned(),
        pieces: pieces.map(|piece| piece.to_string().repeat(64)).to_vec(),
        text: String::new(),
    };
    let mut of_part = reference(&signal, "3", 'b', "0xA");
    of_part.message["MessageHeader"]["ReferencedMessage"] = json!("9".repeat(64));
    signal.references = vec![of_part, reference(&signal, "3", 'd', "0xA")];
    signal.notes = vec![note("F", ['b', 'c']), note("F", ['d', 'e'])];
    let [site] = of(&signal, &viewer()).try_into().expect("one");
    assert_eq!(site.ends.text, Some("e".repeat(64)));
    assert_eq!(site.ends.link, None);
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
