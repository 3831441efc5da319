//! The commands that only tell something: outbox, inbox, situation, status, address.

use clap::Args;
use parley_engine::Parley;
use parley_wire::{Link, OwnMessage, Received, Standing, Status, Validity};
use serde_json::{Value, json};

use crate::output::{self, Trouble};
use crate::words;

#[derive(Args, Clone, Copy)]
pub(crate) struct Format {
    /// One line of JSON for each row.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn outbox(parley: &Parley, format: Format) -> Result<(), Trouble> {
    let mut last = None;
    loop {
        let page = parley.outbox_after(last).await?;
        if page.is_empty() {
            return Ok(());
        }
        last = page.last().map(|own| own.id);
        page.iter().try_for_each(|own| own_message(own, format))?;
    }
}

fn own_message(own: &OwnMessage, format: Format) -> Result<(), Trouble> {
    let (reason, next) = (words::reason(&own.reason), words::next(own.next));
    if format.json {
        let row = json!({
            "id": own.id, "state": own.state, "reason": reason, "next": next,
            "transactionHash": own.transaction_hash, "blockNumber": own.block_number,
            "queuedAt": own.queued_at, "message": own.message,
            "encrypted": own.message.is_null(), "urgent": own.urgent, "actions": own.actions, "repairedBy": own.repaired_by,
        });
        output::line(&row.to_string())?;
    } else {
        let state = words::state(own.state);
        let what = words::own_message(&own.message);
        output::line(&format!(
            "{:>5}  {state}  {what}\n       {reason} {next}",
            own.id
        ))?;
    }
    Ok(())
}

pub(crate) async fn inbox(parley: &Parley, format: Format) -> Result<(), Trouble> {
    for received in parley.inbox().await? {
        if format.json {
            let mut row = serde_json::to_value(&received).unwrap_or_default();
            // Null where it cannot be read, never absent.
            if let Value::Object(fields) = &mut row {
                fields.entry("message").or_insert(Value::Null);
            }
            output::line(&row.to_string())?;
        } else {
            output::line(&format!(
                "{}  block {}  {}  from {}",
                received.transaction_hash,
                received.block_number,
                said(&received),
                received.originator
            ))?;
        }
    }
    Ok(())
}

fn said(received: &Received) -> String {
    match (&received.message, &received.shown, &received.error) {
        (Some(message), _, _) if received.findings.is_empty() => words::message(message),
        (Some(message), _, _) => format!(
            "{}  (it breaks rules: {})",
            words::message(message),
            received.findings.join(", ")
        ),
        (None, Some(shown), _) => format!("{}  ({})", words::escaped(shown), words::BREAKS_TEXT),
        (None, None, Some(error)) => format!("cannot be read: {error}"),
        (None, None, None) => "cannot be read".to_owned(),
    }
}

#[derive(Args, Clone, Copy)]
pub(crate) struct Situation {
    #[command(flatten)]
    format: Format,
    /// Also what its originator took back, which must be ignored.
    #[arg(long)]
    all: bool,
}

pub(crate) async fn situation(parley: &Parley, options: Situation) -> Result<(), Trouble> {
    let signals = parley.signals().await?;
    let shown = signals
        .iter()
        .filter(|signal| signal.state != Standing::Unsent)
        .filter(|signal| options.all || signal.validity != Validity::Recalled);
    for signal in shown {
        if options.format.json {
            output::line(&serde_json::to_string(signal).unwrap_or_default())?;
        } else {
            words::signal(signal)
                .iter()
                .try_for_each(|line| output::line(line))?;
        }
    }
    Ok(())
}

pub(crate) async fn status(parley: &Parley, format: Format) -> Result<(), Trouble> {
    parley.glance().await?;
    let status = parley.status().await?;
    let reason = match status.link {
        Link::Online => None,
        Link::Offline { reason } => Some(words::offline(reason)),
    };
    if format.json {
        let row = json!({
            "network": status.network.name, "chainId": status.network.chain_id,
            "kind": status.network.kind, "online": reason.is_none(), "reason": reason,
            "receivedTo": status.received_to.map(|to| to.block), "head": status.head,
            "unsent": status.unsent, "protected": status.protected, "name": status.name,
            "affordable": status.affordable, "clockOff": status.clock_off,
            "disputed": status.disputed, "missing": status.missing,
            "receive": status.receive, "undecided": status.undecided,
            "lowRoom": status.low_room,
        });
        return output::line(&row.to_string());
    }
    output::line(&format!(
        "network   {} (chain id {}), {}",
        status.network.name,
        status.network.chain_id,
        words::kind(status.network.kind)
    ))?;
    output::line(&format!("online    {}", reason.as_deref().unwrap_or("yes")))?;
    output::line(&format!("received  {}", received(&status)))?;
    output::line(&format!("unsent    {}", status.unsent))?;
    for warning in words::warnings(&status) {
        output::line(&warning)?;
    }
    output::line(
        "keys      not protected: they lie in the data folder and open for whoever can read it",
    )
}

fn received(status: &Status) -> String {
    match status.received_to {
        Some(to) => format!("up to block {}", to.block),
        None => "nothing so far".to_owned(),
    }
}

pub(crate) async fn address(parley: &Parley, format: Format) -> Result<(), Trouble> {
    parley.glance().await?;
    let status = parley.status().await?;
    if format.json {
        let row = json!({
            "address": status.address, "network": status.network.name, "balance": status.balance,
        });
        return output::line(&row.to_string());
    }
    output::line(&status.address)
}
