//! Waiting for something that another process does: as long as it takes, up to a limit that is
//! only there so that a broken test ends.

use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

/// Looks again and again until there is something.
///
/// # Panics
/// When there is nothing after a minute.
#[allow(clippy::disallowed_methods, reason = "the limit of a wait is measured")]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            start.elapsed() < LIMIT,
            "still not so after a minute: {what}"
        );
        std::thread::sleep(LOOK);
    }
}
