//! Stories about what a device keeps, told on real files in folders of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod bursts;
mod chain;
mod checking;
mod coverage;
mod cut_off;
mod displaced;
mod editing;
mod endpoints;
mod exposed;
mod folder;
mod full_disk;
mod held;
mod listing;
mod mending;
mod migrating;
mod next;
mod opening;
mod privacy;
mod profile;
mod queueing;
mod raising;
mod sealing;
mod side_by_side;
mod told;
mod upgrading;
