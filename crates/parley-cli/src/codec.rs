//! `encode` and `decode`: between the standard's JSON and octets in hexadecimal digits. Touches no
//! data folder and no network.

use serde_json::{Value, json};
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
    let message = Message::from_json(json).map_err(|error| refused(&error))?;
    message
        .encode()
        .map(hex::encode)
        .map_err(|error| refused(&error))
}

/// Hexadecimal digits, with or without `0x`, to one JSON message.
pub(crate) fn decode(digits: &str) -> Result<String, String> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let octets = hex::decode(digits).map_err(|_| {
        "Nothing was decoded: give an even number of hexadecimal digits (0 to 9, a to f)."
            .to_owned()
    })?;
    let message =
        Message::decode(&octets).map_err(|error| format!("Nothing was decoded: {error}."))?;
    let json: Value = message.to_value();
    Ok(json.to_string())
}
