//! How much room is left where the data folder lies, so that a person hears of it before it hurts.

use std::path::Path;

/// The octets that this program may still write to the file system of `dir`. `None` where the system
/// does not say.
#[must_use]
pub fn free_room(dir: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let found = rustix::fs::statvfs(dir).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = dir;
        None
    }
}
