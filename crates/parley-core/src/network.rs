//! Networks are data, each of exactly one kind, and the kind decides what may be sent. Asks no
//! endpoint; for a chain id that nobody named here the careful kind is taken.

use alloy_primitives::{B256, b256};
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
    /// The hash of its block 0; `None` where each chain begins with its own. It is compared with
    /// what an endpoint says and not recomputed: Gnosis began with headers of another form.
    pub genesis: Option<B256>,
    /// The height and hash of another block that its chain holds for certain. An endpoint that has
    /// another one there serves another chain; one that has none there keeps no old blocks.
    pub checkpoint: Option<(u64, B256)>,
    /// The endpoints where none is given, each of another operator; they need no key.
    pub endpoints: &'static [&'static str],
    /// How many seconds lie between blocks; 0 where they are made on demand.
    pub block_seconds: u64,
    /// When which gas rules came into force, in seconds since 1970 UTC, oldest first: see
    /// [`Fork::at`].
    pub forks: &'static [(u64, Fork)],
    /// How often to ask for a new block, in milliseconds.
    pub poll_ms: u64,
}

/// The networks with a name.
///
/// Sources. Hashes of block 0: eth-clients/sepolia (README) and Nethermind (`KnownHashes`; erigon
/// and reth say the same). Checkpoint of mainnet: the first block after the merge, by Nethermind's
/// tests of its history import and by Portal's headers. Osaka: go-ethereum (`params/config.go`),
/// for Gnosis gnosischain/specs (`network-upgrades/fusaka.md`). Amsterdam on Sepolia:
/// ethereum/pm#2205; it has no date elsewhere. Endpoints: ethereum-lists/chains (`eip155-*.json`)
/// and chainlist.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "local",
        chain_id: 31_337,
        kind: NetworkKind::Exercise,
        genesis: None,
        checkpoint: None,
        endpoints: &["http://127.0.0.1:8545"],
        block_seconds: 0,
        forks: &[(0, Fork::Osaka)],
        poll_ms: 400,
    },
    Preset {
        name: "sepolia",
        chain_id: 11_155_111,
        kind: NetworkKind::Test,
        genesis: Some(b256!(
            "25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9"
        )),
        checkpoint: None,
        endpoints: &[
            "https://ethereum-sepolia-rpc.publicnode.com",
            "https://sepolia.drpc.org",
            "https://sepolia.gateway.tenderly.co",
        ],
        block_seconds: 12,
        // 2025-10-14 07:36:00 and 2026-10-06 13:53:36.
        forks: &[
            (1_760_427_360, Fork::Osaka),
            (1_791_294_816, Fork::Amsterdam),
        ],
        poll_ms: 12_000,
    },
    Preset {
        name: "gnosis",
        chain_id: 100,
        kind: NetworkKind::Main,
        genesis: Some(b256!(
            "4f1dd23188aab3a76b463e4af801b52b1248ef073c648cbdc4c9333d3da79756"
        )),
        checkpoint: None,
        endpoints: &[
            "https://rpc.gnosischain.com",
            "https://gnosis-rpc.publicnode.com",
            "https://gnosis.drpc.org",
        ],
        block_seconds: 5,
        // 2026-04-14 12:06:20.
        forks: &[(1_776_168_380, Fork::Osaka)],
        poll_ms: 5_000,
    },
    Preset {
        name: "mainnet",
        chain_id: 1,
        kind: NetworkKind::Main,
        genesis: Some(b256!(
            "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"
        )),
        checkpoint: Some((
            15_537_394,
            b256!("56a9bb0302da44b8c0b3df540781424684c3af04d0b7a38d72842b762076a664"),
        )),
        endpoints: &[
            "https://ethereum-rpc.publicnode.com",
            "https://eth.drpc.org",
            "https://mainnet.gateway.tenderly.co",
        ],
        block_seconds: 12,
        // 2025-12-03 21:49:11.
        forks: &[(1_764_798_551, Fork::Osaka)],
        poll_ms: 12_000,
    },
];

/// Public test networks, by EIP-155 chain id: those of Ethereum, Gnosis and the chains that most
/// people know, some that are gone included.
const TEST_NETS: &[u64] = &[
    3, 4, 5, 17000, 560048, 11155111, 77, 10200, 97, 5611, 420, 11155420, 421611, 421613, 421614,
    80001, 80002, 1442, 2442, 84531, 84532, 4002, 43113, 44787, 59140, 59141, 300, 534351, 5003,
    168587773, 1301, 763373, 4801, 1287, 338, 31, 280, 71, 2021, 10143, 80069, 314159,
];

/// Public networks where signals count, by EIP-155 chain id.
const MAIN_NETS: &[u64] = &[
    1, 10, 14, 20, 25, 30, 40, 42, 50, 56, 61, 88, 99, 100, 122, 130, 137, 146, 148, 169, 185, 196,
    204, 250, 252, 288, 314, 324, 369, 480, 999, 1030, 1088, 1101, 1116, 1284, 1285, 1329, 1514,
    1868, 2020, 2741, 4200, 4689, 5000, 7000, 7700, 8217, 8453, 9001, 33139, 34443, 42161, 42170,
    42220, 42262, 42793, 43114, 57073, 59144, 60808, 80094, 81457, 167000, 534352, 7777777,
    1313161554,
];

/// What a network with this EIP-155 chain id may be used for. That of a known public network is
/// fixed; any other one is taken for one where signals count, unless the person declares it private.
///
/// The ids are a table here and not a library's: what is missing in it only matters where a person
/// says that a public network is private, and the rule stays testable without one.
#[must_use]
pub fn kind_of(chain_id: u64, declared_private: bool) -> NetworkKind {
    if let Some(preset) = PRESETS.iter().find(|preset| preset.chain_id == chain_id) {
        return preset.kind;
    }
    if TEST_NETS.contains(&chain_id) {
        NetworkKind::Test
    } else if declared_private && !MAIN_NETS.contains(&chain_id) {
        NetworkKind::Exercise
    } else {
        NetworkKind::Main
    }
}

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

    #[test]
    fn the_kind_of_a_known_network_is_fixed() {
        for declared in [false, true] {
            assert_eq!(kind_of(1, declared), NetworkKind::Main);
            assert_eq!(kind_of(137, declared), NetworkKind::Main);
            assert_eq!(kind_of(560_048, declared), NetworkKind::Test);
            assert_eq!(kind_of(31_337, declared), NetworkKind::Exercise);
        }
        assert_eq!(kind_of(4_711_001, false), NetworkKind::Main);
        assert_eq!(kind_of(4_711_001, true), NetworkKind::Exercise);
    }

    #[test]
    fn no_network_is_of_two_kinds() {
        for id in TEST_NETS {
            assert!(!MAIN_NETS.contains(id), "{id}");
        }
        for preset in PRESETS {
            assert_eq!(kind_of(preset.chain_id, true), preset.kind);
        }
    }

    #[test]
    fn a_public_network_has_what_it_is_known_by_and_several_operators() {
        for preset in PRESETS.iter().filter(|preset| preset.name != "local") {
            assert!(preset.genesis.is_some() && preset.block_seconds > 0);
            let mut operators: Vec<_> = preset.endpoints.iter().map(|url| operator(url)).collect();
            operators.sort_unstable();
            operators.dedup();
            assert!(operators.len() >= 3, "{operators:?}");
            assert!(
                preset
                    .endpoints
                    .iter()
                    .all(|url| url.starts_with("https://"))
            );
        }
    }

    /// The last two parts of a host's name.
    fn operator(url: &str) -> String {
        let mut parts: Vec<_> = url.rsplit('.').take(2).collect();
        parts.reverse();
        parts.join(".")
    }

    #[test]
    fn forks_are_in_order_and_what_is_in_force_follows_from_them() {
        for preset in PRESETS {
            assert!(
                preset.forks.is_sorted_by_key(|(at, _)| *at),
                "{}",
                preset.name
            );
        }
        let at = |name, time| Fork::at(preset(name).unwrap().forks, time, false);
        assert_eq!(at("sepolia", 1_775_000_000), Fork::Osaka);
        assert_eq!(at("mainnet", 1_764_798_551), Fork::Osaka);
        assert_eq!(
            at("mainnet", 1_795_478_400),
            Fork::Unknown,
            "half a year later"
        );
        assert_eq!(at("local", 1_795_478_400), Fork::Osaka);
        let sepolia = preset("sepolia").unwrap().forks;
        assert_eq!(Fork::at(sepolia, 1_795_478_400, true), Fork::Amsterdam);
    }
}
