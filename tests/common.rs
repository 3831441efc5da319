//! What several whole-system tests share: sizes and chance from the environment, and what a program
//! takes of the system. It starts nothing.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(
    clippy::print_stdout,
    reason = "a seed is shown so that it can be repeated"
)]

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;

use parley_testkit::processor_seconds;
use parley_testkit::strict::Seed;

/// A size from the environment, or the usual one.
pub(crate) fn size<T: FromStr>(variable: &str, usual: T) -> T {
    let text = std::env::var(variable).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Chance from `PARLEY_SEED`, or from a seed that is shown.
pub(crate) fn seed() -> Seed {
    let seed = size("PARLEY_SEED", RandomState::new().hash_one("a seed"));
    println!("PARLEY_SEED={seed}");
    Seed::new(seed)
}

/// What a running program takes, by proc(5).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resources {
    /// Resident memory now, KiB.
    pub(crate) now_kib: u64,
    /// The most that there ever was, KiB.
    pub(crate) most_kib: u64,
    /// Open files.
    pub(crate) files: usize,
    /// Seconds of the processor so far, its own and the system's for it.
    pub(crate) seconds: f64,
}

impl Resources {
    /// Of the process with this number; `None` once it has ended.
    pub(crate) fn of(process: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        Some(Self {
            now_kib: field("VmRSS:")?,
            most_kib: field("VmHWM:")?,
            files: fs::read_dir(format!("/proc/{process}/fd")).ok()?.count(),
            seconds: processor_seconds(process)?,
        })
    }
}
