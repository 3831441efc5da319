//! `encode` and `decode`: between the standard's JSON and octets in hexadecimal digits. Touches no
//! data folder and no network.

use clap::Args;
use serde_json::{Value, json};
use whiteflag::{Finding, Message, PrivateUse};

use crate::output::{self, Trouble};
use crate::words;

#[derive(Args, Clone, Copy)]
pub(crate) struct Options {
    /// One message per line; a bad line gives {"error": …} in its place.
    #[arg(long)]
    lines: bool,
    /// Encode what breaks a rule too, with a warning on standard error.
    #[arg(long)]
    lenient: bool,
    /// Allow codes for private use.
    #[arg(long)]
    private_use: bool,
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
    let message = Message::from_json(json).map_err(|error| refused(&error))?;
    let findings = message.check_to_send(private_use(options.private_use));
    if !findings.is_empty() && !options.lenient {
        let findings = words::findings(&findings);
        return Err(format!(
            "{} Mend that, or give --lenient.",
            refused(&format_args!(
                "the message breaks a rule of Whiteflag: {findings}"
            ))
        ));
    }
    let octets = message.encode().map_err(|error| refused(&error))?;
    Ok(Translated {
        text: hex::encode(octets),
        warnings: findings.iter().map(Finding::to_string).collect(),
    })
}

fn decode_one(digits: &str) -> Result<Translated, String> {
    let message = read_octets(digits).map_err(|error| format!("Nothing was decoded: {error}."))?;
    let json: Value = message.to_value();
    Ok(Translated {
        text: json.to_string(),
        warnings: message.check().iter().map(words::received).collect(),
    })
}

/// The message of hexadecimal digits, with or without `0x`.
pub(crate) fn read_octets(digits: &str) -> Result<Message, String> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let octets = hex::decode(digits)
        .map_err(|_| "give an even number of hexadecimal digits (0 to 9, a to f)".to_owned())?;
    Message::decode(&octets).map_err(|error| error.to_string())
}

/// What an option about private use means.
pub(crate) const fn private_use(allowed: bool) -> PrivateUse {
    if allowed {
        PrivateUse::Allowed
    } else {
        PrivateUse::Refused
    }
}
