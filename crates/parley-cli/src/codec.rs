//! `encode` and `decode`: between the standard's JSON and octets in hexadecimal digits. Touches no
//! data folder and no network.

use clap::Args;
use serde_json::json;
use whiteflag::{Finding, Message, PrivateUse, Rule};

use crate::output::{self, Trouble};
use crate::words;

#[derive(Args, Clone, Copy)]
pub(crate) struct Options {
    /// One message per line; a bad line gives {"error": …} in its place.
    #[arg(long)]
    lines: bool,
    /// Encode what breaks a rule of the standard too, with a warning on standard error.
    #[arg(long)]
    lenient: bool,
}

/// What an input became, and what is to be said about it.
struct Translated {
    text: String,
    warnings: Vec<String>,
}

/// JSON messages to lower-case hexadecimal digits.
pub(crate) fn encode(options: Options) -> Result<(), Trouble> {
    run(options.lines, |json| encode_one(json, options))
}

/// Hexadecimal digits, with or without `0x`, to JSON messages.
pub(crate) fn decode(lines: bool) -> Result<(), Trouble> {
    run(lines, decode_one)
}

/// Translates all of standard input, or each of its lines.
fn run(lines: bool, translate: impl Fn(&str) -> Result<Translated, String>) -> Result<(), Trouble> {
    if !lines {
        let input = output::input()?;
        let translated = translate(input.trim()).map_err(Trouble::BadInput)?;
        for warning in &translated.warnings {
            output::warn(&format!("{warning}."));
        }
        return output::line(&translated.text);
    }
    for line in output::numbered_lines() {
        let (number, line) = line?;
        match translate(&line) {
            Ok(translated) => {
                for warning in &translated.warnings {
                    output::warn(&format!("line {number}: {warning}."));
                }
                output::line(&translated.text)?;
            }
            Err(error) => output::line(&json!({ "error": error }).to_string())?,
        }
    }
    Ok(())
}

fn encode_one(json: &str, options: Options) -> Result<Translated, String> {
    let refused = |error: &dyn std::fmt::Display| format!("Nothing was encoded: {error}.");
    let message = Message::from_json(json).map_err(|error| match error.offered() {
        Some(plain) => format!("{} In plain letters: {plain}", refused(&error)),
        None => refused(&error),
    })?;
    let findings = message.check_to_send(PrivateUse::Refused);
    let broken: Vec<Finding> = findings.iter().copied().filter(by_itself).collect();
    if !broken.is_empty() && !options.lenient {
        let broken = words::findings(&broken);
        return Err(format!(
            "{} Mend that, or give --lenient.",
            refused(&format_args!(
                "the message breaks a rule of Whiteflag: {broken}"
            ))
        ));
    }
    Ok(Translated {
        text: message.to_hex().map_err(|error| refused(&error))?,
        warnings: findings.iter().map(Finding::to_string).collect(),
    })
}

/// Whether a rule is the standard's own and about what the message says. What it refers to is not
/// known here, and what is only not sent, such as codes for private use, can be encoded.
fn by_itself(finding: &Finding) -> bool {
    finding.section().is_some() && finding.rule != Rule::ReferenceTypes
}

fn decode_one(digits: &str) -> Result<Translated, String> {
    let message = read_octets(digits).map_err(|error| format!("Nothing was decoded: {error}."))?;
    Ok(Translated {
        text: message.to_json(),
        warnings: message.check().iter().map(words::received).collect(),
    })
}

/// The message of hexadecimal digits, with or without `0x`.
fn read_octets(digits: &str) -> Result<Message, String> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    Message::from_hex(digits).map_err(|error| error.to_string())
}
