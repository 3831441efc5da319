//! The person's wish to stop: Ctrl-C and its like end a task in order, so that what it started is
//! stopped too.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C, SIGTERM and SIGHUP end the task in order instead of at once, so that the
/// guards run.
pub(crate) fn catch_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .context("could not listen for Ctrl-C")
}

/// Whether the person asked to stop.
pub(crate) fn is_wanted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Fails if the person asked to stop.
pub(crate) fn check() -> Result<()> {
    if is_wanted() {
        bail!("stopped on request");
    }
    Ok(())
}
