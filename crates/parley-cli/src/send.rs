//! `send`: queues what a script gives. A number is written only after its commit, in order.

use std::sync::mpsc;

use std::path::PathBuf;

use clap::Args;
use parley_engine::{Parley, Ready, ReadyPair, Wrapping};
use parley_wire::{Code, Draft, Failure};
use serde_json::{Value, json};
use whiteflag::crypto::Secret;

use crate::output::{self, Trouble};
use crate::{crypt, secret_file};

/// The most messages in one commit.
const MOST_AT_ONCE: usize = 1_000;

#[derive(Args)]
pub(crate) struct Options {
    /// One message per line; a bad line gives {"error": …} in its place.
    #[arg(long)]
    lines: bool,
    /// Make each message a test message (T), as public test networks need.
    #[arg(long)]
    wrap: bool,
    /// Encrypt each message with the secret in this file, shared beforehand (method 2). The message
    /// with its initialisation vector is queued with it.
    #[arg(long)]
    secret: Option<PathBuf>,
}

/// How what is read is made ready and kept.
struct Desk<'a> {
    parley: &'a Parley,
    wrapping: Wrapping,
    secret: Option<Secret>,
}

/// What was read and checked.
enum Written {
    Plain(Ready),
    Encrypted(ReadyPair),
}

pub(crate) async fn run(parley: &Parley, options: Options) -> Result<(), Trouble> {
    let desk = Desk::new(parley, &options)?;
    if !options.lines {
        let written = desk.read(output::input()?.trim()).await?;
        for answer in desk.keep(vec![written]).await? {
            output::line(&answer?.to_string())?;
        }
        return Ok(());
    }
    let mut refused = 0_u64;
    let lines = lines();
    while let Some(bunch) = bunch(&lines) {
        refused = refused.saturating_add(desk.queue(bunch?).await?);
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

impl<'a> Desk<'a> {
    fn new(parley: &'a Parley, options: &Options) -> Result<Self, Trouble> {
        let secret = match &options.secret {
            Some(file) => Some(crypt::import(&secret_file::read_beside_input(file)?)?),
            None => None,
        };
        let wrapping = if options.wrap {
            Wrapping::Always
        } else {
            Wrapping::Never
        };
        Ok(Self {
            parley,
            wrapping,
            secret,
        })
    }

    /// Queues lines in one commit and answers each, in order. How many were refused.
    async fn queue(&self, lines: Vec<String>) -> Result<u64, Trouble> {
        let mut written = Vec::with_capacity(lines.len());
        let mut bad = Vec::with_capacity(lines.len());
        for line in &lines {
            match self.read(line).await {
                Ok(one) => {
                    written.push(one);
                    bad.push(None);
                }
                Err(failure) if failure.code == Code::BadInput => bad.push(Some(failure)),
                Err(failure) => return Err(failure.into()),
            }
        }
        // A full disk and its like: those before are safe, those after would fail too.
        let mut queued = self.keep(written).await?.into_iter();
        let mut refused = 0_u64;
        for bad in bad {
            let answer = match bad {
                Some(failure) => Some(Err(failure)),
                None => queued.next(),
            };
            match answer {
                Some(Ok(row)) => output::line(&row.to_string())?,
                Some(Err(failure)) => {
                    refused = refused.saturating_add(1);
                    output::line(&json!({ "error": failure.message }).to_string())?;
                }
                None => {}
            }
        }
        Ok(refused)
    }

    async fn read(&self, text: &str) -> Result<Written, Failure> {
        let message = serde_json::from_str(text).map_err(|error| Failure {
            code: Code::BadInput,
            message: format!(
                "The message was not queued: this is not JSON (line {}, column {}).",
                error.line(),
                error.column()
            ),
        })?;
        let draft = Draft { message };
        let (written, warnings) = match &self.secret {
            Some(secret) => {
                let pair = self.parley.encrypt(&draft, self.wrapping, secret).await?;
                let warnings = pair.warnings.clone();
                (Written::Encrypted(pair), warnings)
            }
            None => {
                let ready = self.parley.check(&draft, self.wrapping)?;
                let warnings = ready.warnings.clone();
                (Written::Plain(ready), warnings)
            }
        };
        warnings.iter().for_each(|warning| output::warn(warning));
        Ok(written)
    }

    /// Keeps what was read, in one commit; the row to answer each with, or why it was not kept.
    async fn keep(&self, written: Vec<Written>) -> Result<Vec<Result<Value, Failure>>, Failure> {
        let (mut plain, mut pairs) = (Vec::new(), Vec::new());
        for one in written {
            match one {
                Written::Plain(ready) => plain.push(ready),
                Written::Encrypted(pair) => pairs.push(pair),
            }
        }
        // One of the two is empty: a command encrypts all or nothing.
        let kept = self.parley.queue_checked(&plain).await?.into_iter();
        let kept = kept.map(|id| id.map(|id| json!({ "id": id })));
        let pairs = self.parley.queue_encrypted(&pairs).await?.into_iter();
        let pairs = pairs.map(|(id, vector)| Ok(json!({ "id": id, "vector": vector })));
        Ok(kept.chain(pairs).collect())
    }
}
