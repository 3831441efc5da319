//! Networks are data, each of exactly one kind, and the kind decides what may be sent. What a chain
//! id that nobody named here is, its caller finds out; the default is the careful one.

use whiteflag::situation::Tests;

use crate::gas::Fork;

/// What a network may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkKind {
    /// Local or private: ordinary messages for exercises.
    Exercise,
    /// A public test network: everything goes out as a test message.
    Test,
    /// Signals count.
    Main,
}

impl NetworkKind {
    /// The word that is stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exercise => "exercise",
            Self::Test => "test",
            Self::Main => "main",
        }
    }

    /// What test messages count for here.
    #[must_use]
    pub const fn tests(self) -> Tests {
        match self {
            Self::Exercise | Self::Main => Tests::Ignored,
            Self::Test => Tests::Only,
        }
    }

    /// The kind for a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "exercise" => Some(Self::Exercise),
            "test" => Some(Self::Test),
            "main" => Some(Self::Main),
            _ => None,
        }
    }
}

/// A network that Parley knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name a person types.
    pub name: &'static str,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// What it may be used for.
    pub kind: NetworkKind,
    /// The gas rules in force.
    pub fork: Fork,
    /// The endpoint where none is given.
    pub default_endpoint: Option<&'static str>,
    /// How often to ask for a new block, in milliseconds.
    pub poll_ms: u64,
}

/// The networks with a name.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "local",
        chain_id: 31_337,
        kind: NetworkKind::Exercise,
        fork: Fork::Osaka,
        default_endpoint: Some("http://127.0.0.1:8545"),
        poll_ms: 400,
    },
    Preset {
        name: "sepolia",
        chain_id: 11_155_111,
        kind: NetworkKind::Test,
        fork: Fork::Unknown,
        default_endpoint: None,
        poll_ms: 12_000,
    },
    Preset {
        name: "gnosis",
        chain_id: 100,
        kind: NetworkKind::Main,
        fork: Fork::Unknown,
        default_endpoint: None,
        poll_ms: 5_000,
    },
    Preset {
        name: "mainnet",
        chain_id: 1,
        kind: NetworkKind::Main,
        fork: Fork::Unknown,
        default_endpoint: None,
        poll_ms: 12_000,
    },
];

/// The preset with this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// Whether a message may leave on a network of this kind, by whether it is a test message (T).
///
/// Until the keys on the device are protected, nothing may be sent where signals count.
#[must_use]
pub fn may_send(kind: NetworkKind, is_test_message: bool, protected: bool) -> bool {
    match kind {
        NetworkKind::Exercise => true,
        NetworkKind::Test => is_test_message,
        NetworkKind::Main => protected && !is_test_message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_message_never_leaves_on_a_main_network() {
        assert!(!may_send(NetworkKind::Main, true, true));
    }

    #[test]
    fn nothing_leaves_on_a_main_network_while_the_keys_are_unprotected() {
        assert!(!may_send(NetworkKind::Main, false, false));
    }

    #[test]
    fn a_test_network_takes_test_messages_only() {
        assert!(may_send(NetworkKind::Test, true, false));
        assert!(!may_send(NetworkKind::Test, false, false));
    }

    #[test]
    fn every_kind_survives_being_stored() {
        for kind in [NetworkKind::Exercise, NetworkKind::Test, NetworkKind::Main] {
            assert_eq!(NetworkKind::from_word(kind.word()), Some(kind));
        }
    }
}
