//! Every reason for which the strict node refuses a transaction, with the figures that clients tell.
//! How each client says it is in `dialect`.

use alloy_primitives::U256;

/// Why a transaction is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is in the pool.
    Known,
    /// Its nonce is used in a block.
    NonceUsed { next: u64, nonce: u64 },
    /// Earlier nonces are missing, and this client keeps none such.
    Gap,
    /// Another one with its nonce waits, and it does not pay enough more.
    Replacement,
    /// The pool is full of what pays more.
    Underpriced,
    /// The pool is full, and what does not have its turn drives out nothing that has.
    FutureReplaces,
    /// Wei per gas below what the pool takes at all.
    TipBelowMinimum { tip: u128 },
    /// It cannot pay the next block's base fee, and this client waits for no better time.
    BelowBaseFee,
    /// It would pay the block's maker more than it pays at all.
    TipAboveCap,
    /// Wei: what the account has, what waits already, what this one may take.
    Funds {
        balance: U256,
        queued: U256,
        cost: U256,
    },
    /// Gas: offered, needed before anything runs.
    Intrinsic { gas: u64, needed: u64 },
    /// Gas: offered, needed for the octets.
    Floor { gas: u64, needed: u64 },
    /// More gas than a transaction may have.
    TooMuchGas { gas: u64 },
    /// More gas than a block has.
    BlockGas,
    /// Octets.
    Oversized { size: usize },
    /// Wei: what it would pay at most.
    FeeCap { fee: U256 },
    /// It is signed for another chain.
    Chain { have: u64, want: u64 },
    /// It names no chain (before EIP-155).
    Unprotected,
    /// The signature is nobody's.
    Signature,
    /// No transaction.
    Undecodable,
    /// A type of transaction that needs more than an account.
    Type(u8),
    /// It creates a contract; this node runs no code.
    Creation,
    /// A delegated account (EIP-7702) has one on the way.
    DelegatedInFlight,
    /// A delegated account must use its next nonce.
    DelegatedGap,
}

impl Refusal {
    /// geth holds these for passing, keeps the transaction beside the pool and tells its sender that
    /// it was taken (core/txpool/locals/errors.go).
    pub(super) fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::Underpriced | Self::FutureReplaces | Self::DelegatedInFlight | Self::DelegatedGap
        )
    }
}
