//! What a person can do about an own message besides sending it.

use clap::Args;
use parley_engine::Parley;
use parley_wire::Offered;

use crate::output::{self, Trouble};
use crate::show::Format;

#[derive(Args, Clone, Copy)]
pub(crate) struct Number {
    /// The number of the own message.
    id: u64,
}

#[derive(Args, Clone, Copy)]
pub(crate) struct Deletion {
    /// The number of the own message.
    id: u64,
    /// Withdraw those that refer to it, too.
    #[arg(long)]
    with_dependents: bool,
}

#[derive(Args, Clone, Copy)]
pub(crate) struct Attempts {
    /// The number of the own message.
    id: u64,
    #[command(flatten)]
    format: Format,
}

pub(crate) async fn delete(parley: &Parley, options: Deletion) -> Result<(), Trouble> {
    Ok(parley.delete(options.id, options.with_dependents).await?)
}

pub(crate) async fn send_anyway(parley: &Parley, number: Number) -> Result<(), Trouble> {
    Ok(parley.send_anyway(number.id).await?)
}

pub(crate) async fn offer_more(parley: &Parley, number: Number) -> Result<(), Trouble> {
    Ok(parley.offer_more(number.id).await?)
}

pub(crate) async fn give_up(parley: &Parley, number: Number) -> Result<(), Trouble> {
    Ok(parley.give_up(number.id).await?)
}

pub(crate) async fn keep(parley: &Parley, number: Number) -> Result<(), Trouble> {
    Ok(parley.keep(number.id).await?)
}

pub(crate) async fn attempts(parley: &Parley, options: Attempts) -> Result<(), Trouble> {
    for attempt in parley.attempts(options.id).await? {
        if options.format.json {
            output::line(&serde_json::to_string(&attempt).unwrap_or_default())?;
            continue;
        }
        let what = match attempt.outcome {
            Offered::Accepted => "taken".to_owned(),
            Offered::Known => "known there already".to_owned(),
            Offered::Offline => "no answer".to_owned(),
            Offered::Refused => format!("refused: {}", attempt.class.unwrap_or_default()),
        };
        output::line(&format!("{}  {what}  {}", attempt.at, attempt.endpoint))?;
    }
    Ok(())
}
