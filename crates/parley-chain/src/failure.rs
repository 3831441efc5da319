//! Why an endpoint gave no usable answer. Says nothing about any message.

use parley_core::endpoint::Lie;

/// An address that cannot be an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is not the address of an endpoint. Nothing was changed. Give one that begins with http:// or https://."
)]
pub struct BadUrl;

/// Why there is no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFailure {
    /// Nothing answers, or not in time, or it says that it is broken.
    #[error("the endpoint does not answer")]
    Unreachable,
    /// The endpoint limits how much is asked of it: HTTP 429 or 503, or a limit in JSON-RPC's words.
    #[error("the endpoint is asked too much at present")]
    Busy {
        /// Milliseconds to leave it alone, where it says so (RFC 9110, 10.2.3); as said, so it may be
        /// any number.
        retry_after_ms: Option<u64>,
    },
    /// What answers is something else: a page for people, or a pointer to another address. So do
    /// hotels, airports and blocking providers.
    #[error(
        "something else answers at the endpoint's address, perhaps a page to log in to this network"
    )]
    NotAnEndpoint,
    /// The endpoint's certificate is over or not yet valid by the clock of this device.
    #[error("the certificate is not valid at this device's time: its clock may be wrong")]
    BadClock,
    /// What it answers contradicts itself, and is of a form that is known here: it is false, not
    /// misread.
    #[error("the endpoint says what is false")]
    Lie(Lie),
    /// What answers does not answer the question: no JSON-RPC, or something impossible.
    #[error("the endpoint gives answers that cannot be right")]
    BadAnswer,
    /// The answer is larger than anything that could be right, or more was asked for at once than the
    /// endpoint gives: ask for less.
    #[error("the endpoint's answer is too large")]
    TooLarge,
    /// The endpoint refuses the question.
    #[error("the endpoint refuses to answer")]
    Refused,
}
