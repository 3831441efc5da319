//! What a strict node is made with: its chain, its fork, its client's habits, the limits of its pool.

use super::dialect::Dialect;

/// Wei that one transaction may pay at most over JSON-RPC (geth's `RPCTxFeeCap`): 1 ether.
pub(super) const FEE_CAP: u128 = 1_000_000_000_000_000_000;
/// Octets of a transaction, at most (geth's `txMaxSize`).
pub(super) const MOST_OCTETS: usize = 128 * 1024;

/// Which rules of gas and which header fields hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fork {
    /// EIP-7623 and EIP-7825.
    #[default]
    Osaka,
    /// EIP-2780, EIP-7976, EIP-7981; the header names a block access list and a slot.
    Amsterdam,
    /// Osaka, and Amsterdam from the block with this height on.
    AmsterdamFrom(u64),
}

impl Fork {
    pub(super) fn is_amsterdam(self, height: u64) -> bool {
        match self {
            Self::Osaka => false,
            Self::Amsterdam => true,
            Self::AmsterdamFrom(first) => height >= first,
        }
    }
}

/// Which blocks are called safe and final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finality {
    /// Those so many blocks below the newest. While there are not so many, none.
    Depth {
        /// For `safe`.
        safe: u64,
        /// For `finalized`.
        finalized: u64,
    },
    /// Those that [`Strict::finalize`](super::Strict::finalize) was told.
    Manual,
    /// None, as on a chain without finality.
    None,
}

/// The limits of the pool, with geth's names and figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Executable transactions that an account keeps when the pool is full.
    pub account_slots: usize,
    /// Executable transactions in the pool.
    pub global_slots: usize,
    /// Transactions of an account whose turn cannot come yet. Further ones are taken and dropped.
    pub account_queue: usize,
    /// Such transactions in the pool.
    pub global_queue: usize,
    /// Seconds after which such transactions are dropped.
    pub lifetime: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            account_slots: 16,
            global_slots: 5_120,
            account_queue: 64,
            global_queue: 1_024,
            lifetime: 3 * 3_600,
        }
    }
}

/// What a strict node is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The rules of gas.
    pub fork: Fork,
    /// The client's words and habits.
    pub dialect: Dialect,
    /// Wei per gas in the first block.
    pub base_fee: u64,
    /// Gas of a block.
    pub block_gas: u64,
    /// Seconds between blocks.
    pub block_time: u64,
    /// Unix time of block 0, in seconds.
    pub genesis_time: u64,
    /// Which blocks are safe and final.
    pub finality: Finality,
    /// The limits of the pool.
    pub pool: Limits,
    /// Two chains with other seeds have no block in common.
    pub seed: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            chain_id: 31_337,
            fork: Fork::default(),
            dialect: Dialect::default(),
            base_fee: 1_000_000_000,
            block_gas: 60_000_000,
            block_time: 12,
            genesis_time: 1_790_000_000,
            finality: Finality::Depth {
                safe: 32,
                finalized: 64,
            },
            pool: Limits::default(),
            seed: 0,
        }
    }
}
