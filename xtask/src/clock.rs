//! The one place in the build tool that reads a clock. It measures; nothing
//! is ever decided by the time of day.

use std::time::{Duration, Instant};

/// Measures the time since it was started.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the clock of the build tool is read here"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it was started.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Seconds since the start.
    pub(crate) fn seconds(self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}
