//! `encode` and `decode`: between the standard's JSON and octets in hexadecimal digits. Touches no
//! data folder and no network.

use serde_json::json;
use whiteflag::Message;

use crate::output::{self, Trouble};

/// Runs one of the two on all of standard input, or on each of its lines.
pub(crate) fn run(
    lines: bool,
    translate: fn(&str) -> Result<String, String>,
) -> Result<(), Trouble> {
    if !lines {
        let input = output::input()?;
        let translated = translate(input.trim());
        return translated
            .map_err(Trouble::BadInput)
            .and_then(|text| output::line(&text));
    }
    for line in output::input_lines() {
        match translate(&line?) {
            Ok(text) => output::line(&text)?,
            Err(error) => output::line(&json!({ "error": error }).to_string())?,
        }
    }
    Ok(())
}

/// One JSON message to lower-case hexadecimal digits.
pub(crate) fn encode(json: &str) -> Result<String, String> {
    let refused = |error: &dyn std::fmt::Display| format!("Nothing was encoded: {error}.");
    let message = Message::from_json(json).map_err(|error| match error.offered() {
        Some(plain) => format!("{} In plain letters: {plain}", refused(&error)),
        None => refused(&error),
    })?;
    message.to_hex().map_err(|error| refused(&error))
}

/// Hexadecimal digits, with or without `0x`, to one JSON message.
pub(crate) fn decode(digits: &str) -> Result<String, String> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let message =
        Message::from_hex(digits).map_err(|error| format!("Nothing was decoded: {error}."))?;
    Ok(message.to_json())
}
