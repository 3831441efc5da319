//! Receiving from several endpoints of which one is false, wrong, or gone for a while: what is held is
//! asked for again until it is sure, every shown message gets its second opinion, and nothing that one
//! endpoint says alone is missed or kept for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod alone;
mod followed;
mod gaps;
mod opinions;
mod settled;
mod unclear;
mod world;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}
