//! Why a round of sending and receiving broke off.

use parley_wire::{Failure, OfflineReason};

/// Why a round broke off. What it did before is kept.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The store failed.
    Store(Failure),
    /// The endpoint is not usable now.
    Offline(OfflineReason),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Store(failure)
    }
}
