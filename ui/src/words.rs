//! Words for everything that has a closed set of values: states, reasons, signs, ages, problems.
//! Each function takes the language, so that it can be read without a window.

use leptos_i18n::td_string;
use parley_wire::{
    Link, Next, OfflineReason, OwnMessage, Reason, ReceivedTo, Signal, Standing, State, Validity,
    Verification,
};
use serde_json::Value;

use crate::clock::{self, Age};
use crate::draft::Wrong;
use crate::form::{Sign, field};
use crate::i18n::Locale;
use crate::pins;
use crate::place::PlaceError;

/// The look-up by code, one arm for each `sign_` and `object_` key of the locale file.
mod codes {
    use crate::i18n::Locale;
    use leptos_i18n::td_string;

    include!(concat!(env!("OUT_DIR"), "/codes.rs"));
}

/// What a sign is called; signs without a subject go by their type.
pub(crate) fn sign(locale: Locale, sign: &Sign) -> String {
    if sign.subject.is_empty() {
        return message_type(locale, sign.code);
    }
    let known = codes::sign(locale, &sign.key());
    known.unwrap_or_else(|| td_string!(locale, unknown_sign)).to_owned()
}

/// What an object type is called; codes without words show as they are.
pub(crate) fn object(locale: Locale, code: &str) -> String {
    codes::object(locale, code).map_or_else(|| code.to_owned(), str::to_owned)
}

/// Whether an object type has words.
#[cfg(test)]
pub(crate) fn has_object(locale: Locale, code: &str) -> bool {
    codes::object(locale, code).is_some()
}

/// What a type of message is called.
pub(crate) fn message_type(locale: Locale, code: char) -> String {
    match code {
        'A' => td_string!(locale, type_A),
        'K' => td_string!(locale, type_K),
        'T' => td_string!(locale, type_T),
        'P' => td_string!(locale, type_P),
        'E' => td_string!(locale, type_E),
        'D' => td_string!(locale, type_D),
        'S' => td_string!(locale, type_S),
        'I' => td_string!(locale, type_I),
        'M' => td_string!(locale, type_M),
        'Q' => td_string!(locale, type_Q),
        'R' => td_string!(locale, type_R),
        'F' => td_string!(locale, type_F),
        _ => td_string!(locale, unknown_sign),
    }
    .to_owned()
}

/// What a message says, in one line. A text or link shows itself.
pub(crate) fn message(locale: Locale, message: &Value) -> String {
    let (known, body) = pins::meant(message);
    match known {
        None => td_string!(locale, unreadable).to_owned(),
        Some(Sign { code: 'F', .. }) => field(body, "Text"),
        Some(Sign { code: 'R', .. }) => field(body, "ResourceData"),
        Some(known) => sign(locale, &known),
    }
}

/// The word on the one chip of an own message.
pub(crate) fn state(locale: Locale, state: State) -> &'static str {
    match state {
        State::Draft => td_string!(locale, state_draft),
        State::Queued => td_string!(locale, state_queued),
        State::Waiting => td_string!(locale, state_waiting),
        State::Sending => td_string!(locale, state_sending),
        State::Sent => td_string!(locale, state_sent),
        State::InBlock => td_string!(locale, state_in_block),
        State::Safe => td_string!(locale, state_safe),
        State::Final => td_string!(locale, state_final),
        State::Stopped => td_string!(locale, state_stopped),
        State::Cancelled => td_string!(locale, state_cancelled),
    }
}

/// A state as the page's attributes say it.
pub(crate) fn state_key(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Queued => "queued",
        State::Waiting => "waiting",
        State::Sending => "sending",
        State::Sent => "sent",
        State::InBlock => "in-block",
        State::Safe => "safe",
        State::Final => "final",
        State::Stopped => "stopped",
        State::Cancelled => "cancelled",
    }
}

/// Why an own message is in its state, and what happens next: two sentences.
pub(crate) fn reason_and_next(locale: Locale, message: &OwnMessage) -> String {
    format!("{} {}", reason(locale, &message.reason), next(locale, message.next))
}

fn reason(locale: Locale, reason: &Reason) -> String {
    match reason {
        Reason::NoConnection => td_string!(locale, why_no_connection).to_owned(),
        Reason::ItsTurn => td_string!(locale, why_its_turn).to_owned(),
        Reason::ForMessage { id } => td_string!(locale, why_for_message, id = *id).to_string(),
        Reason::ForFunds => td_string!(locale, why_for_funds).to_owned(),
        Reason::NoAnswer => td_string!(locale, why_no_answer).to_owned(),
        Reason::Accepted { nodes } => {
            let nodes = *nodes;
            td_string!(locale, why_accepted, count = move || nodes).to_string()
        }
        Reason::BlockReplaced => td_string!(locale, why_block_replaced).to_owned(),
        Reason::InBlock { block } => td_string!(locale, why_in_block, block = *block).to_string(),
        Reason::Displaced => td_string!(locale, why_displaced).to_owned(),
        Reason::Refused => td_string!(locale, why_refused).to_owned(),
        Reason::NotOnThisNetwork => td_string!(locale, why_not_here).to_owned(),
        Reason::Withdrawn => td_string!(locale, why_withdrawn).to_owned(),
    }
}

fn next(locale: Locale, next: Next) -> &'static str {
    match next {
        Next::WhenConnected => td_string!(locale, next_when_connected),
        Next::Soon => td_string!(locale, next_soon),
        Next::AfterMessage => td_string!(locale, next_after_message),
        Next::AddFunds => td_string!(locale, next_add_funds),
        Next::AwaitBlock => td_string!(locale, next_await_block),
        Next::AwaitFinality => td_string!(locale, next_await_finality),
        Next::Nothing => td_string!(locale, next_nothing),
        Next::Decide => td_string!(locale, next_decide),
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

/// Whether a signal is valid now.
pub(crate) fn validity(locale: Locale, validity: Validity) -> &'static str {
    match validity {
        Validity::Future => td_string!(locale, val_future),
        Validity::Current => td_string!(locale, val_current),
        Validity::Expired => td_string!(locale, val_expired),
        Validity::Discontinued => td_string!(locale, val_discontinued),
        Validity::Unclear => td_string!(locale, val_unclear),
    }
}

/// From when and for how long a message is valid.
pub(crate) fn period(locale: Locale, message: &Value) -> String {
    let (_, body) = pins::meant(message);
    let typed = field(body, "DateTime");
    let start = clock::parse_utc(&typed).map_or(typed, clock::utc);
    td_string!(locale, valid_line, start = start, duration = duration(locale, &field(body, "Duration")))
        .to_string()
}

fn duration(locale: Locale, duration: &str) -> String {
    let part = |range: std::ops::Range<usize>| {
        duration.get(range).and_then(|digits| digits.parse().ok()).unwrap_or(0_u32)
    };
    let (days, hours, minutes) = (part(1..3), part(4..6), part(7..9));
    if days + hours + minutes == 0 {
        return td_string!(locale, indefinite).to_owned();
    }
    let mut parts = Vec::new();
    if days > 0 {
        parts.push(td_string!(locale, dur_days, n = days).to_string());
    }
    if hours > 0 {
        parts.push(td_string!(locale, dur_hours, n = hours).to_string());
    }
    if minutes > 0 {
        parts.push(td_string!(locale, dur_minutes, n = minutes).to_string());
    }
    td_string!(locale, lasting, duration = parts.join(" ")).to_string()
}

/// How far a signal was verified.
pub(crate) fn verification(locale: Locale, level: Verification) -> &'static str {
    match level {
        Verification::Own => td_string!(locale, ver_own),
        Verification::Signer => td_string!(locale, ver_signer),
        Verification::Block => td_string!(locale, ver_block),
    }
}

/// How settled a signal is on the chain.
pub(crate) fn standing(locale: Locale, signal: &Signal) -> String {
    let block = signal.block_number.unwrap_or_default();
    match signal.state {
        Standing::Unsent => td_string!(locale, stand_unsent).to_owned(),
        Standing::InBlock => td_string!(locale, stand_in_block, block = block).to_string(),
        Standing::Safe => td_string!(locale, stand_safe, block = block).to_string(),
        Standing::Final => td_string!(locale, stand_final, block = block).to_string(),
    }
}

/// Confirmed by how many, or that nobody has.
pub(crate) fn confirmed(locale: Locale, count: usize) -> String {
    if count == 0 {
        return td_string!(locale, unconfirmed).to_owned();
    }
    td_string!(locale, confirmed_by, count = move || count).to_string()
}

/// What a reference did, by its indicator.
pub(crate) fn reference(locale: Locale, indicator: &str) -> &'static str {
    match indicator {
        "1" => td_string!(locale, ref_1),
        "2" => td_string!(locale, ref_2),
        "3" => td_string!(locale, ref_3),
        "4" => td_string!(locale, ref_4),
        "5" => td_string!(locale, ref_5),
        "6" => td_string!(locale, ref_6),
        "7" => td_string!(locale, ref_7),
        "8" => td_string!(locale, ref_8),
        "9" => td_string!(locale, ref_9),
        _ => td_string!(locale, ref_0),
    }
}

/// The button of an answer of the same type.
pub(crate) fn reply(locale: Locale, reply: crate::reply::Reply) -> &'static str {
    use crate::reply::Reply;
    match reply {
        Reply::Text => td_string!(locale, reply_3_text),
        Reply::Link => td_string!(locale, reply_3_link),
        Reply::Same(1) => td_string!(locale, reply_1),
        Reply::Same(2) => td_string!(locale, reply_2),
        Reply::Same(4) => td_string!(locale, reply_4),
        Reply::Same(6) => td_string!(locale, reply_6),
        Reply::Same(7) => td_string!(locale, reply_7),
        Reply::Same(8) => td_string!(locale, reply_8),
        Reply::Same(_) => td_string!(locale, reply_9),
    }
}

/// Why typed coordinates are no place.
pub(crate) fn place_error(locale: Locale, error: PlaceError) -> &'static str {
    match error {
        PlaceError::Empty => td_string!(locale, coord_empty),
        PlaceError::NotAPair => td_string!(locale, coord_pair),
        PlaceError::NotANumber => td_string!(locale, coord_number),
        PlaceError::Latitude => td_string!(locale, coord_latitude),
        PlaceError::Longitude => td_string!(locale, coord_longitude),
        PlaceError::Letter => td_string!(locale, coord_letter),
    }
}

/// What is wrong with a field.
pub(crate) fn wrong(locale: Locale, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoSign => td_string!(locale, err_sign),
        Wrong::NoPlace => td_string!(locale, err_place),
        Wrong::NotANumber => td_string!(locale, err_number),
        Wrong::NoSize => td_string!(locale, err_size_needed),
        Wrong::Size => td_string!(locale, err_size_range),
        Wrong::Orientation => td_string!(locale, err_orientation),
        Wrong::Days => td_string!(locale, err_days),
        Wrong::Hours => td_string!(locale, err_hours),
        Wrong::Minutes => td_string!(locale, err_minutes),
        Wrong::NoDuration => td_string!(locale, err_duration),
        Wrong::Start => td_string!(locale, err_start),
        Wrong::Quantity => td_string!(locale, err_quantity),
        Wrong::NoText => td_string!(locale, err_text_empty),
        Wrong::Letter(letter) => {
            return td_string!(locale, err_text_ascii, letter = letter.to_string()).to_string();
        }
        Wrong::Protocol(text) => return text.clone(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::signal;

    fn own(reason: Reason, next: Next) -> OwnMessage {
        OwnMessage {
            id: 4,
            state: State::Queued,
            reason,
            next,
            transaction_hash: None,
            block_number: None,
            queued_at: 0,
            editable: true,
            dependents: Vec::new(),
            message: Value::Null,
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
        let to = Some(ReceivedTo { block: 7, time: 1000 });
        assert_eq!(received(Locale::en, to, 1190), "received up to block 7, 3 min ago");
    }

    #[test]
    fn a_period_is_said_in_words() {
        let message = signal("D", "21").message;
        assert_eq!(period(Locale::en, &message), "2026-11-24 06:00 UTC, for 7 d");
    }

    #[test]
    fn the_pseudo_language_runs_right_to_left_and_translates_codes_too() {
        use leptos_i18n::Locale as _;
        assert_eq!(Locale::ar_XB.direction().as_str(), "rtl");
        let mine = sign(Locale::ar_XB, &Sign { code: 'D', subject: "21".to_owned() });
        assert!(mine.starts_with('[') && mine.contains("fíéld"), "{mine}");
    }

    #[test]
    fn a_message_that_cannot_be_read_says_so() {
        assert_eq!(message(Locale::en, &Value::Null), "Message that cannot be read");
    }
}
