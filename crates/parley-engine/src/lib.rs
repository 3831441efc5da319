//! The use cases of Parley, and the two loops behind them: one sends what is queued, one receives
//! what is on the chain. Window, command line and any bridge only translate to and from here.
//!
//! The rules are in `parley-core`, the file in `parley-store`, the network in `parley-chain`; this
//! crate decides in which order they are called, because that order is what keeps a message from
//! being lost or sent twice: sign, commit, commit "exposed", and only then the first network byte.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), forbid(clippy::indexing_slicing, clippy::string_slice))]

mod board;
mod broken;
mod connect;
mod draft;
mod failpoint;
mod failure;
mod greet;
mod init;
mod network;
mod outbox;
mod outside;
mod own;
mod pair;
mod parley;
mod pool;
mod receive;
mod reference;
mod running;
mod send;
mod settings;
mod shown;
mod signals;
mod since;
mod state;
mod sync;

pub use draft::{Ready, Wrapping, plain_text};
#[cfg(feature = "failpoints")]
pub use failpoint::FAILPOINTS;
pub use init::{Custom, Init};
pub use outside::Outside;
pub use pair::ReadyPair;
pub use parley::{Lock, Parley};
pub use sync::{Synced, Until};
