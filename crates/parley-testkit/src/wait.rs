//! Waiting for something that another process does: as long as it takes, up to a limit that is
//! only there so that a broken test ends.

use std::time::Duration;

use crate::clock::Stopwatch;
use crate::process::LOOK;

const LIMIT: Duration = Duration::from_secs(60);

/// Looks again and again until there is something.
///
/// # Panics
/// When there is nothing after a minute.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Stopwatch::start();
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
