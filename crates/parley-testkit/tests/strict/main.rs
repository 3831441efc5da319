//! The strict node: what its pool takes, what its blocks hold, what becomes of both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends there")]

mod anvil;
mod asking;
mod blocks;
mod dialects;
mod pool;
mod reorgs;
mod verified;
