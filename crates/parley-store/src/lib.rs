//! What a device keeps: one encrypted SQLite file, the secrets that open it, and the lock that
//! says who uses it. One module per table. Synchronous; it never reads the clock, never uses the
//! network, and never interprets the Whiteflag bytes it holds.

mod asked;
mod attempt;
mod backup;
mod chain;
mod check;
mod columns;
mod coverage;
mod endpoint;
mod error;
mod failpoint;
mod folder;
mod followed;
mod held;
mod listed;
mod lock;
mod mend;
mod open;
mod outbox;
mod outgoing;
mod profile;
mod raise;
mod received;
mod room;
mod salvage;
mod secrets;
mod setting;
mod told;
mod variant;
mod witness;

#[cfg(test)]
mod cost;

pub use attempt::{Attempt, Outcome};
pub use chain::{ChainChange, Finality, OwnUse, ScannedBlock, Seen};
pub use coverage::Stretch;
pub use endpoint::{Endpoint as EndpointRow, EndpointTraffic};
pub use error::{Conflict, EditError, OpenError, StoreError};
#[cfg(feature = "failpoints")]
pub use failpoint::{FAILPOINTS, pass as end_if_asked};
pub use followed::Followed;
pub use held::Unspoken;
pub use listed::Section;
pub use lock::{FolderLock, Locked};
pub use mend::set_aside;
pub use open::Store;
pub use outbox::NewMessage;
pub use outgoing::{Counts, OutgoingRow};
pub use profile::Profile;
pub use received::{Mark, ReceivedRow};
pub use room::free_room;
pub use salvage::Salvaged;
pub use secrets::{Secrets, SecretsError};
pub use told::Told;
pub use variant::{Kind, NewVariant, Position, Variant};

/// A new data file in a folder of its own.
#[cfg(test)]
fn test_folder() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let profile = Profile {
        network: "local".to_owned(),
        chain_id: 31_337,
        kind: "exercise".to_owned(),
        name: String::new(),
        rpc: Vec::new(),
        address: alloy_primitives::Address::ZERO,
        genesis: None,
    };
    let store = Store::create(dir.path(), &[7; 32], &profile).unwrap();
    (dir, store)
}
