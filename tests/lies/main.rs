//! Endpoints that lie, forge, forget, stall and break, in front of a strict node: what Parley shows
//! and sends then. The matrix of all lies and faults takes the engine as it is, without a program
//! around it; what a person sees of it is told by `parleyctl`. `PARLEY_LIES` says how many cases of
//! the matrix are taken, or which by a part of their names; without it a dozen.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

/// How many cases of the matrix are taken, or a part of the names of those that are.
const SIZE: &str = "PARLEY_LIES";

mod matrix;
mod stories;
mod ways;
mod world;
