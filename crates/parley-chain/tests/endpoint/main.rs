//! An endpoint as it answers, and as it should not: each test has a small server that says exactly
//! what it was told to. And what is sealed here, read by other means.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod broadcast;
mod carrying;
mod dialects;
mod packed;
mod questions;
mod sealing;
mod server;
mod thin;
mod transport;
mod witness;
