//! Where the device stands: network, connection, how far was received.

use serde::{Deserialize, Serialize};

/// What a network may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// Local or private: for exercises.
    Exercise,
    /// A public test network.
    Test,
    /// A public network where signals count.
    Main,
}

/// The network of this data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// Its name, for people.
    pub name: String,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// What it may be used for.
    pub kind: NetworkKind,
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum OfflineReason {
    /// Nothing was asked yet.
    NotTried,
    /// The network has no endpoint.
    NoEndpoint,
    /// No endpoint answers.
    Unreachable,
    /// An endpoint answers, for another chain.
    WrongChain {
        /// The chain id that it answers for.
        found: u64,
    },
    /// The endpoint's chain has another first block: it was reset, or is another chain.
    ChainReset,
    /// The endpoint contradicts blocks that were final.
    Contradiction,
    /// An endpoint answers what cannot be right.
    BadAnswer,
    /// Something answers that is no endpoint, such as the login page of a public network.
    NotAnEndpoint,
    /// The endpoint's certificate is not valid at the time of this device's clock.
    BadClock,
    /// Every endpoint was found to lie.
    AllDemoted,
    /// The proxy of the settings cannot be used.
    BadProxy,
}

/// Whether an endpoint with the right chain id has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Link {
    /// It has.
    Online,
    /// It has not.
    Offline {
        /// Why.
        reason: OfflineReason,
    },
}

/// The last block that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedTo {
    /// Its number.
    pub block: u64,
    /// Its time, seconds since 1970 UTC.
    pub time: u64,
}

/// A damaged data file was set aside, and what could be read of it went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mended {
    /// When; seconds since 1970 UTC. The damaged file has this number in its name.
    pub at: u64,
    /// How many own messages could be read.
    pub messages: u64,
    /// Whether everything could. If not, messages that seem not to have left wait for a person.
    pub whole: bool,
}

/// Where the device stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The network of this data folder.
    pub network: Network,
    /// The name that the person gave this device.
    pub name: String,
    /// The own account, `0x` and EIP-55.
    pub address: String,
    /// The connection.
    pub link: Link,
    /// How far was received; `None` before the first block.
    pub received_to: Option<ReceivedTo>,
    /// The node's newest block, when known.
    pub head: Option<u64>,
    /// Own messages that are in no block yet.
    pub unsent: u64,
    /// Wei, decimal; `None` where no node has said.
    pub balance: Option<String>,
    /// Whether the keys on this device are protected by a passphrase.
    pub protected: bool,
    /// For about how many more messages the account can pay; `None` where no node has said.
    pub affordable: Option<u64>,
    /// By how many seconds this device's clock is ahead of the newest block (behind: negative),
    /// where one of the two must be wrong.
    pub clock_off: Option<i64>,
    /// Endpoints name different blocks at one height, and it is not settled which is right.
    pub disputed: bool,
    /// How many blocks are missing from where receiving begins to the network's newest.
    pub missing: u64,
    /// What is received.
    pub receive: crate::Receive,
    /// Messages that wait for a person's decision.
    pub undecided: u64,
    /// So little room is left on the storage that soon nothing can be saved.
    pub low_room: bool,
    /// A damaged data file was set aside, and the person has not acknowledged that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mended: Option<Mended>,
}
