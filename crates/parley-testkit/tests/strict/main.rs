//! The strict node: what its pool takes, what its blocks hold, what becomes of both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends there")]

mod asking;
mod blocks;
mod pool;
mod reorgs;
