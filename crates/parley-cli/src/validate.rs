//! `validate`: which rules a message breaks, in words or as JSON. Touches no data folder and no
//! network.

use clap::Args;
use serde_json::{Value, json};
use whiteflag::{Finding, Message, TransactionHash};

use crate::codec;
use crate::output::{self, Trouble};

/// Reads messages on standard input, JSON or hexadecimal digits, and says which rules they break.
///
/// By default they are held to everything that `send` asks for. Ends with 0 when nothing was found,
/// and with 2 when something was or when a message cannot be read; with --lines every line is
/// answered first.
#[derive(Args, Clone, Copy)]
pub(crate) struct Options {
    /// One message per line; for each a line with {"valid": …, "findings": […]} or {"error": …}.
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

impl Options {
    fn judge(self, input: &str) -> Result<Vec<Finding>, String> {
        let message =
            read(input).map_err(|error| format!("The message cannot be read: {error}."))?;
        Ok(if self.received {
            message.check()
        } else {
            message.check_to_send(codec::private_use(self.private_use))
        })
    }
}

pub(crate) fn run(options: Options) -> Result<(), Trouble> {
    if !options.lines {
        let judged = options.judge(output::input()?.trim());
        if options.json {
            output::line(&row(&judged).to_string())?;
        }
        let findings = judged.map_err(Trouble::BadInput)?;
        if !options.json {
            say(&findings)?;
        }
        return conclude(u64::from(!findings.is_empty()));
    }
    let mut bad = 0_u64;
    for line in output::input_lines() {
        let judged = options.judge(&line?);
        bad = bad.saturating_add(u64::from(!matches!(&judged, Ok(found) if found.is_empty())));
        output::line(&row(&judged).to_string())?;
    }
    conclude(bad)
}

/// One line for each finding.
fn say(findings: &[Finding]) -> Result<(), Trouble> {
    if findings.is_empty() {
        return output::line("No rule is broken.");
    }
    for finding in findings {
        output::line(&format!("{finding}. When received: {}.", finding.effect()))?;
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

fn row(judged: &Result<Vec<Finding>, String>) -> Value {
    match judged {
        Ok(findings) => {
            let rows: Vec<Value> = findings.iter().map(finding).collect();
            json!({ "valid": rows.is_empty(), "findings": rows })
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

/// A message in either form. The number of an own message may stand for the hash that it does not
/// have yet, as in `send`.
fn read(input: &str) -> Result<Message, String> {
    let digits = input.strip_prefix("0x").unwrap_or(input);
    let is_hex = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex {
        return codec::read_octets(digits);
    }
    let json: Value = serde_json::from_str(input)
        .map_err(|_| "give one JSON message or hexadecimal digits".to_owned())?;
    let read = Message::from_json_with_parent(&json);
    let (mut message, parent) = read.map_err(|error| error.to_string())?;
    if parent.is_some() {
        message.reference.message = TransactionHash::new([0xFF; 32]);
    }
    Ok(message)
}
