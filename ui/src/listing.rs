//! The list of all signals as plain rows in the order in which they are read. It holds what the map
//! shows and what has no place, so that nobody needs the map.

use std::cmp::Reverse;

use parley_wire::{Signal, Standing, Validity};

use crate::form::Sign;
use crate::i18n::Locale;
use crate::place::Place;
use crate::signals::{Kept, Signals};
use crate::sites::{Site, Viewer};
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

/// The first rows, and how many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Row>,
    pub(crate) total: usize,
}

/// The first `most` rows, of which there is one for each signal; parts belong to their whole.
pub(crate) fn rows(signals: &Signals, order: Order, most: usize) -> Listed {
    // Equal ones are in the order of the chain.
    let key = |kept: &&Kept| {
        let danger = order == Order::Danger;
        let severity = Reverse(if danger { kept.row.severity } else { 0 });
        (severity, Reverse(kept.row.time), kept.place)
    };
    let by_key = |one: &&Kept, other: &&Kept| {
        let by_place = key(one).cmp(&key(other));
        by_place.then_with(|| one.row.hash.cmp(&other.row.hash))
    };
    let mut all: Vec<&Kept> = signals.iter().collect();
    if most < all.len() {
        all.select_nth_unstable_by(most, by_key);
        all.truncate(most);
    }
    all.sort_unstable_by(by_key);
    let row = |kept: &Kept| Row {
        about: signals.about(kept),
        ..kept.row.clone()
    };
    Listed {
        rows: all.into_iter().map(row).collect(),
        total: signals.len(),
    }
}

/// The row of a signal with these sites. What it relates to is not said here.
pub(crate) fn row(signal: &Signal, sites: &[Site], viewer: &Viewer, locale: Locale) -> Row {
    let itself = sites.first();
    Row {
        hash: signal.transaction_hash.clone(),
        sign: itself.and_then(Site::sign),
        words: words::message(locale, &signal.message),
        about: None,
        place: itself.and_then(Site::place),
        severity: itself.map_or(0, pins::severity),
        state: itself.map_or("current", |site| pins::state(site, viewer.kind)),
        validity: itself.map_or(signal.validity, |site| site.validity),
        confirmations: signal.opinions.confirmed_by.len(),
        own: signal.own,
        unsent: signal.state == Standing::Unsent,
        time: signal.time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::{NOW, part, reference, signal};
    use crate::signals::tests::told;
    use serde_json::json;

    /// The signs in their order; each signal gets a hash of its own, in their order too.
    fn keys_of(signals: &[Signal], order: Order, most: usize) -> Vec<String> {
        let called = |(number, signal): (usize, &Signal)| Signal {
            transaction_hash: format!("{number:064}"),
            ..signal.clone()
        };
        let signals: Vec<_> = signals.iter().enumerate().map(called).collect();
        let listed = rows(&told(&signals), order, most);
        assert_eq!(listed.total, signals.len());
        let rows = listed.rows.into_iter();
        rows.filter_map(|row| Some(row.sign?.key())).collect()
    }

    fn keys(signals: &[Signal], order: Order) -> Vec<String> {
        keys_of(signals, order, 9)
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
    fn a_page_is_the_first_of_all() {
        let signals = [
            at("I", "51", NOW),
            at("D", "21", NOW - 9),
            at("E", "11", NOW - 5),
        ];
        assert_eq!(keys_of(&signals, Order::Danger, 2), ["E11", "D21"]);
        assert_eq!(keys_of(&signals, Order::Newest, 1), ["I51"]);
        assert_eq!(keys_of(&signals, Order::Newest, 3).len(), 3);
    }

    #[test]
    fn what_is_equal_is_in_the_order_of_the_chain_and_what_is_in_no_block_last() {
        let mut unsent = at("P", "31", NOW);
        unsent.block_number = None;
        let mut second = at("P", "32", NOW);
        second.index = 1;
        let mut first = at("P", "33", NOW);
        first.index = 0;
        let mut earlier = at("P", "34", NOW);
        (earlier.block_number, earlier.index) = (Some(6), 2);
        let signals = [unsent, second, first, earlier];
        assert_eq!(keys(&signals, Order::Newest), ["P34", "P33", "P32", "P31"]);
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
        let found = rows(&told(&[hospital, attack]), Order::Danger, 9).rows;
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
        assert_eq!(rows(&told(&[broken]), Order::Danger, 9).rows.len(), 1);
    }
}
