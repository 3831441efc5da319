//! How a network is reached and what is received from it: endpoints, what the person chose, and
//! which blocks were received.

use serde::{Deserialize, Serialize};

use crate::Verification;

/// What is received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Receive {
    /// Every block: nobody learns what one is interested in.
    #[default]
    Everything,
    /// Only blocks in which followed accounts sent something: far less to load, but endpoints learn
    /// who is followed.
    Followed,
    /// Nothing: what is written is sent, and that is all (data saver).
    Nothing,
}

/// Where receiving begins on a network that is not received from its first block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "at")]
pub enum Start {
    /// The network's own: block 0 of an exercise network, a day before the first connection on a
    /// public one.
    #[default]
    Usual,
    /// The newest block at the first connection.
    Now,
    /// The first block of this time or later.
    Time {
        /// Seconds since 1970 UTC.
        since: u64,
    },
    /// This block.
    Block {
        /// Its number.
        number: u64,
    },
}

/// What the person chose about a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// What is received.
    pub receive: Receive,
    /// Where receiving begins.
    pub start: Start,
    /// A SOCKS proxy for everything, such as `socks5h://127.0.0.1:9050`; `None` for a direct way.
    pub proxy: Option<String>,
    /// How long a message of the window waits for a change of mind before it is sealed, seconds: 0
    /// to 120.
    pub undo_seconds: u32,
    /// The most that is offered for one gas, in gwei; `None` for the usual limit.
    pub most_gwei: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            receive: Receive::default(),
            start: Start::default(),
            proxy: None,
            undo_seconds: 10,
            most_gwei: None,
        }
    }
}

/// How an endpoint stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Health {
    /// It was not asked since the program started.
    NotTried,
    /// It answers.
    Good,
    /// It did not answer; it is asked again after a pause.
    Failing {
        /// How often in a row.
        times: u32,
    },
    /// It said what cannot be true, and is not used any more.
    Demoted {
        /// What: one of the words that `parley-core` gives for lies.
        lie: String,
    },
}

/// An endpoint of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Its address.
    pub url: String,
    /// How it stands.
    pub health: Health,
    /// How long it takes to answer, milliseconds.
    pub latency_ms: Option<u32>,
    /// The newest block that it named.
    pub head: Option<u64>,
    /// Octets sent to it so far, without those of TLS.
    pub sent: u64,
    /// Octets received from it so far, without those of TLS.
    pub received: u64,
    /// When it last answered, seconds since 1970 UTC.
    pub answered_at: Option<u64>,
}

/// What came of trying an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "is")]
pub enum Tried {
    /// It answers for this network.
    Fits {
        /// Its newest block.
        head: u64,
        /// How long it took, milliseconds.
        latency_ms: u64,
    },
    /// It cannot be used, for this reason.
    Unfit {
        /// Why.
        reason: crate::OfflineReason,
    },
}

/// Blocks that were received without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stretch {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// How far all of them were verified.
    pub level: Verification,
    /// How many transactions in them are of a form that is not known here.
    pub unreadable: u64,
}

/// Which blocks were received, and which were not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Where receiving begins; `None` before the first connection.
    pub start: Option<u64>,
    /// The network's newest block.
    pub head: Option<u64>,
    /// What was received, in rising order.
    pub stretches: Vec<Stretch>,
    /// How many blocks from the start to the head are missing.
    pub missing: u64,
    /// How many octets the missing ones are by the measure of those received.
    pub expected_octets: Option<u64>,
}

/// Everything about the network of a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkView {
    /// What the person chose.
    pub settings: Settings,
    /// Its endpoints, in the person's order.
    pub endpoints: Vec<Endpoint>,
    /// What was received.
    pub coverage: Coverage,
    /// Followed accounts, `0x` and EIP-55.
    pub followed: Vec<String>,
}

/// A network that this device can open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkChoice {
    /// Its name.
    pub name: String,
    /// What it may be used for.
    pub kind: crate::NetworkKind,
    /// Whether it is the open one.
    pub current: bool,
    /// Whether it was opened before: then it has an account and data of its own.
    pub set_up: bool,
}
