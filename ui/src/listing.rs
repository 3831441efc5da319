//! The list of all signals as plain rows in the order in which they are read. It holds what the map
//! shows and what has no place, so that nobody needs the map.

use parley_wire::{Signal, Validity};

use crate::form::Sign;
use crate::i18n::Locale;
use crate::place::Place;
use crate::sites::{self, Site, Viewer};
use crate::{pins, words};

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// What threatens life, then the rest; the newest of each first.
    Danger,
    /// The newest.
    Newest,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The message that it opens.
    pub(crate) hash: String,
    /// Its type and subject.
    pub(crate) sign: Option<Sign>,
    /// What it says.
    pub(crate) words: String,
    /// The signal that it relates to, in words.
    pub(crate) about: Option<String>,
    /// Where it is.
    pub(crate) place: Option<Place>,
    /// 0 to 3.
    pub(crate) severity: u8,
    /// The symbols' word for how it stands.
    pub(crate) state: &'static str,
    /// Whether it is valid now.
    pub(crate) validity: Validity,
    /// How many others confirm it.
    pub(crate) confirmations: usize,
    /// Whether this device's account sent it.
    pub(crate) own: bool,
    /// Whether it is own and in no block yet.
    pub(crate) unsent: bool,
    /// When it was sent, seconds since 1970 UTC.
    pub(crate) time: u64,
}

/// A row for each signal; parts belong to their whole.
pub(crate) fn rows(signals: &[Signal], viewer: &Viewer, order: Order, locale: Locale) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let by_hash = sites::by_hash(signals);
    for signal in signals {
        let target = sites::related_to(signal);
        let target = target.and_then(|hash| by_hash.get(hash.as_str()));
        let about = target.map(|whole| words::message(locale, &whole.message));
        let sites = sites::of(signal, viewer);
        rows.extend(sites.first().map(|site| row(site, about, viewer, locale)));
    }
    // Both sorts are stable, so that equal rows stay in the order of the chain.
    rows.sort_by_key(|row| std::cmp::Reverse(row.time));
    if order == Order::Danger {
        rows.sort_by_key(|row| std::cmp::Reverse(row.severity));
    }
    rows
}

fn row(site: &Site, about: Option<String>, viewer: &Viewer, locale: Locale) -> Row {
    Row {
        hash: site.hash.clone(),
        sign: site.sign(),
        words: words::message(locale, &site.message),
        about,
        place: site.place(),
        severity: pins::severity(site),
        state: pins::state(site, viewer.kind),
        validity: site.validity,
        confirmations: site.opinions.confirmed_by.len(),
        own: site.own,
        unsent: site.unsent,
        time: site.time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::{NOW, part, reference, signal, viewer};
    use serde_json::json;

    fn keys(signals: &[Signal], order: Order) -> Vec<String> {
        let rows = rows(signals, &viewer(), order, Locale::en);
        rows.into_iter()
            .filter_map(|row| Some(row.sign?.key()))
            .collect()
    }

    fn at(code: &str, subject: &str, time: u64) -> Signal {
        Signal {
            time,
            ..signal(code, subject)
        }
    }

    #[test]
    fn the_most_dangerous_comes_first_and_of_those_the_newest() {
        let signals = [
            at("I", "51", NOW),
            at("D", "21", NOW - 9),
            at("E", "11", NOW - 5),
        ];
        assert_eq!(keys(&signals, Order::Danger), ["E11", "D21", "I51"]);
        assert_eq!(keys(&signals, Order::Newest), ["I51", "E11", "D21"]);
    }

    #[test]
    fn what_is_over_goes_to_the_end_but_stays() {
        let mut ended = at("D", "21", NOW);
        ended.validity = Validity::Discontinued;
        let signals = [ended, at("P", "31", NOW - 9)];
        assert_eq!(keys(&signals, Order::Danger), ["P31", "D21"]);
    }

    #[test]
    fn a_danger_that_relates_to_another_sign_says_so() {
        let hospital = signal("P", "31");
        let attack = Signal {
            transaction_hash: "b".repeat(64),
            message: reference(&hospital, "5", 'b', "0xB").message,
            ..signal("D", "12")
        };
        let mut attack = attack;
        attack.message["MessageHeader"]["MessageCode"] = json!("D");
        attack.message["MessageBody"]["SubjectCode"] = json!("12");
        let found = rows(&[hospital, attack], &viewer(), Order::Danger, Locale::en);
        assert_eq!(found[0].sign, Sign::from_key("D12"));
        assert_eq!(found[0].about.as_deref(), Some("Hospital and safety zone"));
        assert_eq!(found[1].about, None);
    }

    #[test]
    fn parts_are_not_listed_apart_from_their_whole() {
        let mut field = signal("D", "21");
        field.parts.push(part(&field, 'b'));
        assert_eq!(keys(&[field], Order::Danger), ["D21"]);
    }

    #[test]
    fn a_message_that_cannot_be_read_is_listed_too() {
        let mut broken = signal("D", "21");
        broken.message = json!(null);
        assert_eq!(
            rows(&[broken], &viewer(), Order::Danger, Locale::en).len(),
            1
        );
    }
}
