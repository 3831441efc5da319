//! Words for everything that has a closed set of values: states, reasons, signs, ages, problems.
//! Each function takes the language, so that it can be read without a window.

mod network;
mod own;
mod problem;
mod signal;
mod status;

use leptos_i18n::td_string;
use serde_json::Value;
use whiteflag::{Effect, Rule};

use crate::form::{Sign, field};
use crate::i18n::Locale;
use crate::{pins, protocol};

pub(crate) use network::{
    Learns, attempt, health, health_key, health_why, learns, octets, receive, receive_hint, tried,
};
pub(crate) use own::{about, action, reason_and_next, state, state_key};
pub(crate) use problem::{failure, place_error, wrong};
pub(crate) use signal::{
    broken, confirmed, extent, opinions, outcome, parts, period, reference, reply, requested,
    standing, validity, verification,
};
pub(crate) use status::{
    affordable, age, clock_off, kind, link, mended, missing, offline, received, saver, seconds,
    undecided,
};

/// The look-up by code, one arm for each key of the locale file that begins with one of its kinds.
mod codes {
    use crate::i18n::Locale;
    use leptos_i18n::td_string;

    include!(concat!(env!("OUT_DIR"), "/codes.rs"));
}

/// What a sign is called; signs without a subject go by their type, and codes that the standard does
/// not define show as they are.
pub(crate) fn sign(locale: Locale, sign: &Sign) -> String {
    if sign.subject.is_empty() {
        return message_type(locale, sign.code);
    }
    let key = sign.key();
    match codes::sign(locale, &key) {
        Some(known) => known.to_owned(),
        None => code(locale, &key, protocol::is_private_subject(sign)),
    }
}

/// What an object type is called; codes that the standard does not define show as they are.
pub(crate) fn object(locale: Locale, object: &str) -> String {
    match codes::object(locale, object) {
        Some(known) => known.to_owned(),
        None => code(locale, object, protocol::is_private_object(object)),
    }
}

fn code(locale: Locale, code: &str, private: bool) -> String {
    let code = ltr(code);
    if private {
        td_string!(locale, code_private, code = code).to_string()
    } else {
        td_string!(locale, code_reserved, code = code).to_string()
    }
}

/// Which rule a message breaks.
pub(crate) fn rule(locale: Locale, rule: Rule) -> &'static str {
    codes::rule(locale, &key_of(rule.name())).unwrap_or(rule.problem())
}

/// That a text is not shown as it was sent.
pub(crate) fn text_escaped(locale: Locale) -> String {
    td_string!(locale, text_escaped, code = ltr("\\xNN")).to_string()
}

/// What becomes of a message that breaks a rule.
pub(crate) fn effect(locale: Locale, effect: Effect) -> &'static str {
    codes::effect(locale, &key_of(effect.name())).unwrap_or(effect.name())
}

/// What an endpoint said that cannot be true.
fn lie(locale: Locale, lie: &str) -> &'static str {
    codes::lie(locale, &key_of(lie)).unwrap_or(td_string!(locale, lie_unknown))
}

/// Why an endpoint did not take a message.
fn refusal(locale: Locale, class: &str) -> &'static str {
    codes::refusal(locale, &key_of(class)).unwrap_or(td_string!(locale, refusal_unknown))
}

/// A name as keys are written.
fn key_of(name: &str) -> String {
    name.replace('-', "_")
}

/// Whether a sign has words.
#[cfg(test)]
pub(crate) fn has_sign(locale: Locale, sign: &Sign) -> bool {
    codes::sign(locale, &sign.key()).is_some()
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

/// What a group of signs is called.
pub(crate) fn group(locale: Locale, group: char) -> String {
    match group {
        'F' => td_string!(locale, group_notes).to_owned(),
        code => message_type(locale, code),
    }
}

/// A text that runs from left to right whatever stands around it, such as a date or a number with
/// its unit.
fn ltr(text: &str) -> String {
    format!("\u{2066}{text}\u{2069}")
}

/// A share of a whole.
pub(crate) fn percent(share: u64) -> String {
    ltr(&format!("{share} %"))
}

#[cfg(test)]
mod tests;
