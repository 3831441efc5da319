//! Stories about what a device keeps, told on real files in folders of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod chain;
mod cut_off;
mod editing;
mod exposed;
mod folder;
mod migrating;
mod opening;
mod privacy;
mod profile;
mod queueing;
mod sealing;
mod side_by_side;
