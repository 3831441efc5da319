//! `send`: queues what a script gives. A number is written only after its commit, in order.

use std::sync::mpsc;

use clap::Args;
use parley_engine::{Parley, Ready, Wrapping};
use parley_wire::{Code, Draft, Failure};
use serde_json::json;

use crate::output::{self, Trouble};

/// The most messages in one commit.
const MOST_AT_ONCE: usize = 1_000;

#[derive(Args, Clone, Copy)]
pub(crate) struct Options {
    /// One message per line; a bad line gives {"error": …} in its place.
    #[arg(long)]
    lines: bool,
    /// Make each message a test message (T), as public test networks need.
    #[arg(long)]
    wrap: bool,
}

pub(crate) async fn run(parley: &Parley, options: Options) -> Result<(), Trouble> {
    let wrapping = if options.wrap {
        Wrapping::Always
    } else {
        Wrapping::Never
    };
    if !options.lines {
        let ready = read(parley, output::input()?.trim(), wrapping)?;
        let answers = parley.queue_checked(&[ready]).await?;
        for answer in answers {
            output::line(&json!({ "id": answer? }).to_string())?;
        }
        return Ok(());
    }
    let mut refused = 0_u64;
    let lines = lines();
    while let Some(bunch) = bunch(&lines) {
        refused = refused.saturating_add(queue(parley, bunch?, wrapping).await?);
    }
    if refused == 0 {
        return Ok(());
    }
    Err(Trouble::BadInput(format!(
        "{refused} of the messages were refused and not queued; the others are queued. The refused \
         lines say why."
    )))
}

/// Standard input, read beside the queueing: so what waits there is known.
fn lines() -> mpsc::Receiver<Result<String, Trouble>> {
    let (sender, receiver) = mpsc::sync_channel(MOST_AT_ONCE);
    std::thread::spawn(move || {
        for line in output::input_lines() {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next line, and with it those that wait already: whoever gives one line and waits for its
/// number is answered at once, and whoever gives many is answered with few commits.
fn bunch(lines: &mpsc::Receiver<Result<String, Trouble>>) -> Option<Result<Vec<String>, Trouble>> {
    let first = lines.recv().ok()?;
    let waiting = lines.try_iter().take(MOST_AT_ONCE.saturating_sub(1));
    Some(std::iter::once(first).chain(waiting).collect())
}

/// Queues lines in one commit and answers each, in order. How many were refused.
async fn queue(parley: &Parley, lines: Vec<String>, wrapping: Wrapping) -> Result<u64, Trouble> {
    let read: Vec<Result<Ready, Failure>> = lines
        .iter()
        .map(|line| read(parley, line, wrapping))
        .collect();
    let mut ready = Vec::with_capacity(read.len());
    let mut bad = Vec::with_capacity(read.len());
    for one in read {
        match one {
            Ok(one) => {
                ready.push(one);
                bad.push(None);
            }
            Err(failure) if failure.code == Code::BadInput => bad.push(Some(failure)),
            Err(failure) => return Err(failure.into()),
        }
    }
    // A full disk and its like: those before are safe, those after would fail too.
    let mut queued = parley.queue_checked(&ready).await?.into_iter();
    let mut refused = 0_u64;
    for bad in bad {
        let answer = match bad {
            Some(failure) => Some(Err(failure)),
            None => queued.next(),
        };
        match answer {
            Some(Ok(id)) => output::line(&json!({ "id": id }).to_string())?,
            Some(Err(failure)) => {
                refused = refused.saturating_add(1);
                output::line(&json!({ "error": failure.message }).to_string())?;
            }
            None => {}
        }
    }
    Ok(refused)
}

fn read(parley: &Parley, text: &str, wrapping: Wrapping) -> Result<Ready, Failure> {
    let message = serde_json::from_str(text).map_err(|error| Failure {
        code: Code::BadInput,
        message: format!(
            "The message was not queued: this is not JSON (line {}, column {}).",
            error.line(),
            error.column()
        ),
    })?;
    let ready = parley.check(&Draft { message }, wrapping)?;
    for warning in &ready.warnings {
        output::warn(warning);
    }
    Ok(ready)
}
