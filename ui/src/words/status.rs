//! Where the device stands, and how long ago something was.

use leptos_i18n::td_string;
use parley_wire::{Link, Mended, NetworkKind, OfflineReason, Receive, ReceivedTo, Status};

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
    td_string!(locale, offline, why = offline(locale, reason)).to_string()
}

/// Why there is no connection, as a part of a sentence.
pub(crate) fn offline(locale: Locale, reason: &OfflineReason) -> String {
    match reason {
        OfflineReason::NotTried => td_string!(locale, off_not_tried).to_owned(),
        OfflineReason::NoEndpoint => td_string!(locale, off_no_endpoint).to_owned(),
        OfflineReason::Unreachable => td_string!(locale, off_unreachable).to_owned(),
        OfflineReason::WrongChain { found } => {
            td_string!(locale, off_wrong_chain, found = *found).to_string()
        }
        OfflineReason::ChainReset => td_string!(locale, off_chain_reset).to_owned(),
        OfflineReason::Contradiction => td_string!(locale, off_contradiction).to_owned(),
        OfflineReason::BadAnswer => td_string!(locale, off_bad_answer).to_owned(),
        OfflineReason::NotAnEndpoint => td_string!(locale, off_not_an_endpoint).to_owned(),
        OfflineReason::BadClock => td_string!(locale, off_bad_clock).to_owned(),
        OfflineReason::AllDemoted => td_string!(locale, off_all_demoted).to_owned(),
        OfflineReason::BadProxy => td_string!(locale, off_bad_proxy).to_owned(),
    }
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

/// A length of time in its largest unit.
fn span(locale: Locale, seconds: u64) -> String {
    let words = match Age::of(0, seconds) {
        Age::Future | Age::Now => return self::seconds(locale, seconds),
        Age::Minutes(n) => td_string!(locale, dur_minutes, n = n).to_string(),
        Age::Hours(n) => td_string!(locale, dur_hours, n = n).to_string(),
        Age::Days(n) => td_string!(locale, dur_days, n = n).to_string(),
    };
    super::ltr(&words)
}

/// A few seconds.
pub(crate) fn seconds(locale: Locale, seconds: u64) -> String {
    super::ltr(&td_string!(locale, seconds_left, n = seconds).to_string())
}

/// By how much the device's clock, or the newest block, must be wrong.
pub(crate) fn clock_off(locale: Locale, ahead: i64) -> String {
    let span = span(locale, ahead.unsigned_abs());
    if ahead > 0 {
        td_string!(locale, clock_ahead, span = span).to_string()
    } else {
        td_string!(locale, clock_behind, span = span).to_string()
    }
}

/// That a damaged data file was set aside, and what became of own messages.
pub(crate) fn mended(locale: Locale, mended: &Mended) -> String {
    let (at, count) = (mended.at, mended.messages);
    let told = td_string!(locale, mended, at = at, count = count).to_string();
    if mended.whole {
        return told;
    }
    format!("{told} {}", td_string!(locale, mended_partly))
}

/// For how many more messages the account can pay.
pub(crate) fn affordable(locale: Locale, messages: u64) -> String {
    match messages {
        0 => td_string!(locale, affordable_none).to_owned(),
        messages => td_string!(locale, affordable, count = messages).to_string(),
    }
}

/// How many blocks are missing; nothing where none is, or where not all of them are wanted.
pub(crate) fn missing(locale: Locale, status: &Status) -> Option<String> {
    if status.missing == 0 || status.receive != Receive::Everything {
        return None;
    }
    let count = status.missing;
    Some(if status.link == Link::Online {
        td_string!(locale, missing, count = count).to_string()
    } else {
        td_string!(locale, missing_offline, count = count).to_string()
    })
}

/// That not everything is received.
pub(crate) fn saver(locale: Locale, receive: Receive) -> Option<&'static str> {
    match receive {
        Receive::Everything => None,
        Receive::Followed => Some(td_string!(locale, saver_followed)),
        Receive::Nothing => Some(td_string!(locale, saver_nothing)),
    }
}

/// How many messages wait for the person; nothing where none does.
pub(crate) fn undecided(locale: Locale, count: u64) -> Option<String> {
    (count > 0).then(|| td_string!(locale, undecided, count = count).to_string())
}
