//! Ethereum: what is asked of an endpoint, how a transaction is sealed, and how what an endpoint
//! says is recomputed before it is believed. Keeps nothing and decides nothing about messages.
//!
//! alloy is used as codec and cryptography only; the JSON-RPC client is ours, because it must cap
//! sizes and times and must never retry, renumber or watch by itself (docs/adr/0001-alloy.md).

#![forbid(unsafe_code)]
#![cfg_attr(not(test), forbid(clippy::indexing_slicing, clippy::string_slice))]

mod account;
mod block;
mod broadcast;
mod carrier;
mod endpoint;
mod failure;
mod few;
mod fund;
mod transport;

pub use account::{Account, NotAKey, Sealed, Sealing, address_text};
pub use block::{Block, Found, OwnUse};
pub use broadcast::{Refusal, SendFailure};
pub use carrier::{
    BadProxy, Carried, Carrier, Carrying, Deadline, Http, HttpSettings, NoHttp, SocksUrl,
};
pub use endpoint::{
    AccountFacts, CheckIn, Endpoint, Fetched, Given, Hello, Means, Settled, Told, Wanted,
    Whereabouts,
};
pub use failure::{BadUrl, ReadFailure};
/// The address of an endpoint, as a [`Carrier`] is given it.
pub use reqwest::Url;
pub use transport::Traffic;
