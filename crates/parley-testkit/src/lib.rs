//! Parts for whole-system tests: a real node, what goes wrong between it and a client, devices
//! that are driven through `parleyctl`, a real window, and messages. A part that cannot do its work
//! panics: the test is over then.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test part that cannot do its work ends the test"
)]

mod anvil;
mod clock;
mod device;
mod message;
mod process;
mod proxy;
mod socks;
pub mod strict;
mod wait;
mod window;

pub use anvil::Anvil;
pub use clock::{Stopwatch, processor_seconds};
pub use device::{Answer, Device, data_of};
pub use message::{free_text, mine_field, reference, sign, with_any_text};
pub use process::{LOOK, Running, free_port, is_free, kill_at_once};
pub use proxy::{Conditions, Fault, HUGE, Lie, Link, Outcome, Proxy, Rule, Script, Seen};
pub use socks::Socks;
pub use wait::until;
pub use window::{Opening, Prepared, Window, WindowKey};
