//! The main job in the real window, driven from outside as a person would: written without a node,
//! killed, found again, sent by itself, received and confirmed by another device.
//!
//! The pictures of each stage are kept in `target/window`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod appearance;
mod desk;
mod handling;
mod letters;
mod network;
mod outbox;
mod rules;
mod standing;
mod story;
mod warnings;
