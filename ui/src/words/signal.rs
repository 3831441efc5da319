//! What is said of a signal: when, how far, by whom it is confirmed, how settled it is.

use leptos_i18n::td_string;
use parley_wire::{Opinions, Outcome, Signal, Standing, Validity, Verification};
use serde_json::Value;
use whiteflag::Extent;

use super::{ltr, object, rule};
use crate::form::field;
use crate::i18n::Locale;
use crate::reply::Reply;
use crate::{clock, pins, protocol};

/// Whether a signal is valid now.
pub(crate) fn validity(locale: Locale, validity: Validity) -> &'static str {
    match validity {
        Validity::Future => td_string!(locale, val_future),
        Validity::Current => td_string!(locale, val_current),
        Validity::Expired => td_string!(locale, val_expired),
        Validity::Discontinued => td_string!(locale, val_discontinued),
        Validity::Recalled => td_string!(locale, val_recalled),
        Validity::Unclear => td_string!(locale, val_unclear),
    }
}

/// From when and for how long a message is valid.
pub(crate) fn period(locale: Locale, message: &Value) -> String {
    let (_, body) = pins::meant(message);
    let typed = field(body, "DateTime");
    let start = clock::parse_utc(&typed).map_or(typed, clock::utc);
    let duration = duration(locale, &field(body, "Duration"));
    td_string!(locale, valid_line, start = ltr(&start), duration = duration).to_string()
}

fn duration(locale: Locale, duration: &str) -> String {
    let part = |range: std::ops::Range<usize>| {
        duration
            .get(range)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0_u32)
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
        Verification::Witnessed => td_string!(locale, ver_witnessed),
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
    td_string!(locale, confirmed_by, count = count).to_string()
}

/// What else others think of it, each in a few words.
pub(crate) fn opinions(locale: Locale, opinions: &Opinions) -> Vec<String> {
    let count =
        |who: &[String], say: &dyn Fn(usize) -> String| (!who.is_empty()).then(|| say(who.len()));
    let found = [
        count(&opinions.rejected_by, &|count| {
            td_string!(locale, rejected_by, count = count).to_string()
        }),
        count(&opinions.complied_by, &|count| {
            td_string!(locale, complied_by, count = count).to_string()
        }),
        count(&opinions.acknowledged_by, &|count| {
            td_string!(locale, acknowledged_by, count = count).to_string()
        }),
    ];
    found.into_iter().flatten().collect()
}

/// What came of a reference; `None` where it simply holds.
pub(crate) fn outcome(locale: Locale, outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Holds => None,
        Outcome::Past => Some(td_string!(locale, out_past)),
        Outcome::Recalled => Some(td_string!(locale, out_recalled)),
        Outcome::Wrong => Some(td_string!(locale, out_wrong)),
    }
}

/// What is wrong with a reference, by the names of the rules that it breaks.
pub(crate) fn broken(locale: Locale, names: &[String]) -> String {
    let findings = protocol::reference_findings(names);
    let words: Vec<&str> = findings
        .iter()
        .map(|finding| rule(locale, finding.rule))
        .collect();
    words.join(" ")
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
pub(crate) fn reply(locale: Locale, reply: Reply) -> &'static str {
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

/// What kind of object a message is about and how far it reaches, in words; `None` for what has no
/// object, such as a text.
pub(crate) fn extent(locale: Locale, message: &Value) -> Option<String> {
    let code = field(pins::meant(message).1, "ObjectType");
    if code.is_empty() {
        return None;
    }
    let object = object(locale, &code);
    let Some(size) = size(locale, message) else {
        return Some(object);
    };
    Some(td_string!(locale, ext_line, object = object, size = size).to_string())
}

fn size(locale: Locale, message: &Value) -> Option<String> {
    let degrees = |orientation: u16| ltr(&format!("{orientation}°"));
    Some(match protocol::extent(message) {
        None => return people(locale, message),
        Some(Extent::Circle { radius }) => {
            td_string!(locale, ext_circle, radius = radius).to_string()
        }
        Some(Extent::Rectangle {
            along,
            across,
            orientation,
        }) => {
            let orientation = degrees(orientation);
            td_string!(
                locale,
                ext_rectangle,
                along = along,
                across = across,
                orientation = orientation
            )
            .to_string()
        }
        Some(Extent::Triangle {
            height,
            base,
            orientation,
        }) => {
            let orientation = degrees(orientation);
            td_string!(
                locale,
                ext_triangle,
                height = height,
                base = base,
                orientation = orientation
            )
            .to_string()
        }
    })
}

/// The area that a group of people is in, where it is given.
fn people(locale: Locale, message: &Value) -> Option<String> {
    let (_, body) = pins::meant(message);
    let radius: u16 = field(body, "ObjectSizeDim1").parse().unwrap_or(0);
    let known = field(body, "ObjectType").starts_with('1') && radius > 0;
    known.then(|| td_string!(locale, ext_within, radius = radius).to_string())
}

/// How many further parts a composite sign has; empty where it has none.
pub(crate) fn parts(locale: Locale, count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    td_string!(locale, parts, count = count).to_string()
}

/// What a request asks for, one line each.
pub(crate) fn requested(locale: Locale, message: &Value) -> Vec<String> {
    let objects = pins::meant(message).1["requestObjects"].as_array();
    let line = |one: &Value| {
        let object = object(locale, &field(one, "ObjectType"));
        match field(one, "ObjectTypeQuant").parse().unwrap_or(0_u8) {
            0 => td_string!(locale, requested_some, object = object).to_string(),
            n => td_string!(locale, requested_n, object = object, n = n).to_string(),
        }
    };
    objects.into_iter().flatten().map(line).collect()
}
