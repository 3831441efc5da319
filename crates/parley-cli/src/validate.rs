//! `validate`: which rules a message breaks, in words or as JSON. Touches no data folder and no
//! network.

use clap::Args;
use serde_json::{Value, json};
use whiteflag::{
    Body, Content, DecodeError, Finding, HexError, Ignored, Message, PrivateUse, TransactionHash,
};

use crate::output::{self, Trouble};

/// How many of the octets that no text may hold are named.
const MOST_NAMED: usize = 4;

/// Reads messages on standard input, JSON or hexadecimal digits, and says which rules they break.
///
/// Of hexadecimal digits it also says what is in them that the message does not say: octets after
/// its last field, for instance. By itself that breaks no rule, except a ninth request object.
///
/// By default they are held to everything that `send` asks for. Ends with 0 when nothing was found,
/// and with 2 when something was or when a message cannot be read; with --lines every line is
/// answered first.
#[derive(Args, Clone, Copy)]
pub(crate) struct Options {
    /// One message per line; for each a line with {"valid": …, "findings": […],
    /// "notes": […]} or {"error": …}.
    #[arg(long)]
    lines: bool,
    /// The same line of JSON for one message.
    #[arg(long, conflicts_with = "lines")]
    json: bool,
    /// Only what the specification itself says: what receivers hold against a message.
    #[arg(long)]
    received: bool,
    /// Allow codes for private use.
    #[arg(long)]
    private_use: bool,
}

/// What is to be said about a message.
struct Judged {
    findings: Vec<Finding>,
    /// What is in its octets that it does not say.
    notes: Vec<Ignored>,
}

impl Judged {
    /// Further request objects are the one thing that is passed over and breaks a rule
    /// (specification 4.3.1.9: at most eight).
    fn is_valid(&self) -> bool {
        self.findings.is_empty() && !self.notes.contains(&Ignored::FurtherObjects)
    }
}

impl Options {
    fn judge(self, input: &str) -> Result<Judged, String> {
        let (message, notes) =
            read(input).map_err(|error| format!("The message cannot be read: {error}."))?;
        let findings = if self.received {
            message.check()
        } else {
            let allowed = if self.private_use {
                PrivateUse::Allowed
            } else {
                PrivateUse::Refused
            };
            message.check_to_send(allowed)
        };
        Ok(Judged { findings, notes })
    }
}

pub(crate) fn run(options: Options) -> Result<(), Trouble> {
    if !options.lines {
        let judged = options.judge(output::input()?.trim());
        if options.json {
            output::line(&row(&judged).to_string())?;
        }
        let judged = judged.map_err(Trouble::BadInput)?;
        if !options.json {
            say(&judged)?;
        }
        return conclude(u64::from(!judged.is_valid()));
    }
    let mut bad = 0_u64;
    for line in output::input_lines() {
        let judged = options.judge(&line?);
        let good = judged.as_ref().is_ok_and(Judged::is_valid);
        bad = bad.saturating_add(u64::from(!good));
        output::line(&row(&judged).to_string())?;
    }
    conclude(bad)
}

/// One line for each finding and each note.
fn say(judged: &Judged) -> Result<(), Trouble> {
    if judged.is_valid() {
        output::line("No rule is broken.")?;
    }
    for finding in &judged.findings {
        output::line(&format!("{finding}. When received: {}.", finding.effect()))?;
    }
    for note in &judged.notes {
        output::line(&format!("Not read: {note}."))?;
    }
    Ok(())
}

fn conclude(bad: u64) -> Result<(), Trouble> {
    match bad {
        0 => Ok(()),
        1 => Err(Trouble::BadInput(
            "One message breaks rules of Whiteflag or cannot be read.".to_owned(),
        )),
        _ => Err(Trouble::BadInput(format!(
            "{bad} messages break rules of Whiteflag or cannot be read."
        ))),
    }
}

fn row(judged: &Result<Judged, String>) -> Value {
    match judged {
        Ok(judged) => {
            let findings: Vec<Value> = judged.findings.iter().map(finding).collect();
            let notes: Vec<Value> = judged.notes.iter().copied().map(note).collect();
            json!({ "valid": judged.is_valid(), "findings": findings, "notes": notes })
        }
        Err(error) => json!({ "error": error }),
    }
}

fn finding(finding: &Finding) -> Value {
    json!({
        "field": finding.field,
        "rule": finding.rule,
        "problem": finding.problem(),
        "section": finding.section(),
        "fix": finding.fix(),
        "effect": finding.effect(),
    })
}

fn note(note: Ignored) -> Value {
    let name = match note {
        Ignored::PaddingBits => "padding-bits",
        Ignored::FurtherObjects => "further-objects",
        Ignored::FurtherOctets => "further-octets",
        Ignored::TrailingNul => "trailing-nul",
    };
    json!({ "note": name, "problem": note.to_string() })
}

/// A message in either form, and what was passed over in its octets. The number of an own message may stand for the hash that it does not
/// have yet, as in `send`.
fn read(input: &str) -> Result<(Message, Vec<Ignored>), String> {
    let digits = input.strip_prefix("0x").unwrap_or(input);
    let is_hex = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex {
        return read_octets(digits);
    }
    let json: Value = serde_json::from_str(input)
        .map_err(|_| "give one JSON message or hexadecimal digits".to_owned())?;
    let read = Message::from_json_with_parent(&json);
    let (mut message, parent) = read.map_err(|error| error.to_string())?;
    if parent.is_some() {
        message.reference.message = TransactionHash::new([0xFF; 32]);
    }
    Ok((message, Vec::new()))
}

fn read_octets(digits: &str) -> Result<(Message, Vec<Ignored>), String> {
    let octets = hex::decode(digits).map_err(|_| HexError::Digits.to_string())?;
    Message::decode_noting(&octets).map_err(|error| {
        let shown = Message::decode_to_show(&octets);
        match shown.ok().filter(|_| error == DecodeError::Character) {
            Some(shown) => format!("{error}: {}", name_octets(&shown)),
            None => error.to_string(),
        }
    })
}

/// Which octets of a text no text may hold: where they are in it, from 1, and what they are.
fn name_octets(shown: &Message) -> String {
    let (Body::Plain(content) | Body::Test(content)) = &shown.body;
    let text = match content {
        Content::Authentication { data, .. } | Content::Resource { data, .. } => data.as_str(),
        Content::FreeText(text) => text.as_str(),
        Content::Cryptographic { .. } | Content::Sign { .. } | Content::Request { .. } => "",
    };
    let foreign = foreign_octets(text);
    let named = foreign.iter().take(MOST_NAMED);
    let named: Vec<String> = named
        .map(|(place, octet)| format!("octet {place} of the text is {octet}"))
        .collect();
    match foreign.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}

/// The places and digits of the octets that stand as `\xNN` in an escaped text.
fn foreign_octets(escaped: &str) -> Vec<(u64, &str)> {
    let mut rest = escaped;
    let octets = std::iter::from_fn(|| {
        let first = rest.chars().next()?;
        let digits = rest.strip_prefix("\\x").and_then(|after| after.get(..2));
        let length = match (digits, first) {
            (Some(_), _) => 4,
            // A backslash, which is doubled.
            (None, '\\') => 2,
            (None, plain) => plain.len_utf8(),
        };
        rest = rest.get(length..).unwrap_or_default();
        Some(digits)
    });
    let octets = (1..).zip(octets);
    octets
        .filter_map(|(place, digits)| Some((place, digits?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_counted_as_they_were_sent() {
        assert_eq!(
            foreign_octets("a\\\\x41\\xc3\n\\xa9"),
            [(6, "c3"), (8, "a9")]
        );
        assert_eq!(foreign_octets("\\\\"), []);
    }
}
