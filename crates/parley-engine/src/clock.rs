//! The one place where the engine reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 UTC; 0 on a device whose clock is before that.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
