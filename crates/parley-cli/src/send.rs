//! `send`: queues what a script gives. A number is written only after its commit, in order.

use clap::Args;
use parley_engine::{Parley, Wrapping};
use parley_wire::{Code, Draft, Failure};
use serde_json::json;

use crate::output::{self, Trouble};

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
        let id = queue(parley, output::input()?.trim(), wrapping).await?;
        return output::line(&json!({ "id": id }).to_string());
    }
    let mut refused = 0_u64;
    for line in output::input_lines() {
        match queue(parley, &line?, wrapping).await {
            Ok(id) => output::line(&json!({ "id": id }).to_string())?,
            Err(failure) if failure.code == Code::BadInput => {
                refused = refused.saturating_add(1);
                output::line(&json!({ "error": failure.message }).to_string())?;
            }
            // A full disk and its like: those before are safe, those after would fail too.
            Err(failure) => return Err(failure.into()),
        }
    }
    if refused == 0 {
        return Ok(());
    }
    Err(Trouble::BadInput(format!(
        "{refused} of the messages were refused and not queued; the others are queued. The refused \
         lines say why."
    )))
}

async fn queue(parley: &Parley, text: &str, wrapping: Wrapping) -> Result<u64, Failure> {
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
    parley.queue_checked(ready).await
}
