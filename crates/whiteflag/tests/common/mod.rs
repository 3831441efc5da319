//! What the tests of this crate share: where messages come from, and what must hold for them. No
//! test stands here.

#![allow(dead_code, reason = "no test needs all of it")]

pub(crate) mod as_read;
#[cfg(feature = "crypto")]
pub(crate) mod jws_laws;
pub(crate) mod laws;
pub(crate) mod situation_laws;
pub(crate) mod valid;
