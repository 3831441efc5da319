//! What came by. Counts; it never keeps bodies, but for transactions that were offered.

use std::collections::BTreeMap;

use super::node::Questions;

/// What the proxy has seen since it was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// HTTP requests.
    pub requests: u64,
    /// How often each method was asked, each question of a batch counted.
    pub calls: BTreeMap<String, u64>,
    /// Octets that came from clients, heads of requests included.
    pub octets_in: u64,
    /// Octets that were given to clients, heads of answers included.
    pub octets_out: u64,
    /// How often each raw transaction (`0x` and hexadecimal digits, as it was sent) was offered,
    /// whether or not the node was asked.
    pub offers: BTreeMap<String, u64>,
    /// How many requests a fault was done to.
    pub faults: u64,
    /// How many answers to single questions a lie was tried on.
    pub lies: u64,
    /// How many clients went where [`Fault::Redirect`](super::Fault::Redirect) sent them.
    pub followed: u64,
}

impl Seen {
    /// How often a method was asked.
    #[must_use]
    pub fn calls_of(&self, method: &str) -> u64 {
        self.calls.get(method).copied().unwrap_or_default()
    }

    /// How often any transaction was offered.
    #[must_use]
    pub fn offered(&self) -> u64 {
        self.offers.values().sum()
    }

    pub(super) fn note(&mut self, questions: &Questions, octets: u64) {
        self.requests += 1;
        self.octets_in += octets;
        for call in &questions.calls {
            *self.calls.entry(call.method.clone()).or_default() += 1;
            if call.method == "eth_sendRawTransaction" {
                *self.offers.entry(call.text(0).to_owned()).or_default() += 1;
            }
        }
    }
}
