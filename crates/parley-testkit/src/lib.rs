//! Parts for whole-system tests: a real node, devices that are driven through `parleyctl`, and
//! messages. A part that cannot do its work panics: the test is over then.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test part that cannot do its work ends the test"
)]

mod anvil;
mod device;
mod message;
mod wait;

pub use anvil::Anvil;
pub use device::{Answer, Device, data_of};
pub use message::{free_text, mine_field, reference};
pub use wait::until;
