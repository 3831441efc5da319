//! `sync`: runs both loops until something is so.

use std::path::Path;
use std::time::Duration;

use clap::{Args, ValueEnum};
use parley_engine::{Parley, Synced, Until};

use crate::output::{self, Trouble};
use crate::words;

/// How long without `--timeout`, seconds.
const USUAL: u64 = 60;

#[derive(Args)]
pub(crate) struct Options {
    /// Go on until the program is ended.
    #[arg(long)]
    watch: bool,
    /// Until everything is with a node, received, or final.
    #[arg(long, value_enum, default_value_t = Goal::Idle)]
    until: Goal,
    /// The longest time, in seconds.
    #[arg(long)]
    timeout: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Goal {
    /// Every own message is in a block, or a node holds it.
    Sent,
    /// That, and everything up to the node's newest block was received.
    Idle,
    /// Every own message is final.
    Final,
}

pub(crate) async fn run(folder: &Path, options: &Options) -> Result<(), Trouble> {
    let (parley, lock) = Parley::open_to_run(folder, "parleyctl sync")?;
    if let Some(mended) = parley.mended().await? {
        output::warn(&words::mended(&mended));
    }
    let until = match options.until {
        _ if options.watch => Until::Forever,
        Goal::Sent => Until::Sent,
        Goal::Idle => Until::Idle,
        Goal::Final => Until::Final,
    };
    let timeout = match options.timeout {
        Some(seconds) => Duration::from_secs(seconds),
        // As long as a person lives is for ever enough, and no clock overflows.
        None if options.watch => Duration::from_secs(u64::from(u32::MAX)),
        None => Duration::from_secs(USUAL),
    };
    let synced = parley.sync(&lock, until, timeout).await?;
    // Watching until the time is over is what was asked for.
    let done = synced == Synced::Done || (options.watch && synced == Synced::TimeOver);
    if done {
        Ok(())
    } else {
        Err(Trouble::NotNow(words::not_synced(synced)))
    }
}
