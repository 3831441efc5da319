//! Sending against the strict node, with a clock that the test moves: fees that rise, messages that
//! are raised, given up and kept, an account that is used elsewhere or cannot pay, times that are
//! over, and pairs that belong together.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;

mod bulk;
mod elsewhere;
mod endpoints;
mod listing;
mod mislaid;
mod pairs;
mod prices;
mod races;
mod saver;
mod waiting;

/// In how many random worlds pairs are sent.
fn worlds() -> u64 {
    let worlds = std::env::var("PARLEY_PAIRS").ok();
    worlds.and_then(|worlds| worlds.parse().ok()).unwrap_or(2)
}
