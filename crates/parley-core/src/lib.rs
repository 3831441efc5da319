//! The nouns and rules of Parley, as pure functions: what may be queued, which message leaves next,
//! what a transaction costs and offers, which endpoint is asked and how soon again, what a fetched
//! header means, which state an own message is in, where its outline lies.
//!
//! Nothing here reads a clock, a file, a socket or a random number: they are passed in. It builds
//! for wasm32, because the window uses the same geometry.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    forbid(clippy::indexing_slicing, clippy::string_slice),
    warn(clippy::arithmetic_side_effects)
)]

pub mod backoff;
pub mod chain;
pub mod delivery;
pub mod departure;
pub mod endpoint;
pub mod fees;
pub mod gas;
pub mod geometry;
pub mod network;
pub mod outgoing;
pub mod pace;
pub mod portion;
pub mod validity;
pub mod verification;

/// The number of an own message on this device; it never changes and is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);
