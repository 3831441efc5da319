//! Where the device stands, and how long ago something was.

use leptos_i18n::td_string;
use parley_wire::{Link, NetworkKind, OfflineReason, ReceivedTo};

use crate::clock::Age;
use crate::i18n::Locale;

/// What a network may be used for.
pub(crate) fn kind(locale: Locale, kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Exercise => td_string!(locale, exercise_kind),
        NetworkKind::Test => td_string!(locale, test_kind),
        NetworkKind::Main => td_string!(locale, main_kind),
    }
}

/// Online, or why not.
pub(crate) fn link(locale: Locale, link: &Link) -> String {
    let Link::Offline { reason } = link else {
        return td_string!(locale, online).to_owned();
    };
    let why = match reason {
        OfflineReason::NotTried => td_string!(locale, off_not_tried).to_owned(),
        OfflineReason::NoEndpoint => td_string!(locale, off_no_endpoint).to_owned(),
        OfflineReason::Unreachable => td_string!(locale, off_unreachable).to_owned(),
        OfflineReason::WrongChain { found } => {
            td_string!(locale, off_wrong_chain, found = *found).to_string()
        }
        OfflineReason::ChainReset => td_string!(locale, off_chain_reset).to_owned(),
        OfflineReason::Contradiction => td_string!(locale, off_contradiction).to_owned(),
        OfflineReason::BadAnswer => td_string!(locale, off_bad_answer).to_owned(),
        OfflineReason::NotInThisVersion => td_string!(locale, off_not_in_this_version).to_owned(),
    };
    td_string!(locale, offline, why = why).to_string()
}

/// How far was received and how old that is.
pub(crate) fn received(locale: Locale, to: Option<ReceivedTo>, now: u64) -> String {
    match to {
        None => td_string!(locale, received_none).to_owned(),
        Some(ReceivedTo { block, time }) => {
            let age = age(locale, time, now);
            td_string!(locale, received_to, block = block, age = age).to_string()
        }
    }
}

/// How long ago something was.
pub(crate) fn age(locale: Locale, then: u64, now: u64) -> String {
    match Age::of(then, now) {
        Age::Future => td_string!(locale, age_future).to_owned(),
        Age::Now => td_string!(locale, age_now).to_owned(),
        Age::Minutes(n) => td_string!(locale, age_minutes, n = n).to_string(),
        Age::Hours(n) => td_string!(locale, age_hours, n = n).to_string(),
        Age::Days(n) => td_string!(locale, age_days, n = n).to_string(),
    }
}
