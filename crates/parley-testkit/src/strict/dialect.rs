//! How five clients tell the same refusal, with their error codes, and the three habits by which they
//! differ. Facts from their sources of summer 2026; where a client tells figures that nobody reads,
//! its sentence is shortened. It never decides whether something is refused.

use alloy_primitives::U256;

use super::refusal::Refusal;
use super::rules::{FEE_CAP, MOST_OCTETS};

/// The client whose words the strict node uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Keeps gaps without a word, and calls taken what it holds for refused only for now.
    #[default]
    Geth,
    /// Puts the outcome's name before the words.
    Erigon,
    /// Refuses gaps.
    Nethermind,
    /// Refuses gaps here, although a real one parks them: the stricter case of the two is tested.
    Reth,
    /// Refuses what cannot pay the next base fee.
    Anvil,
}

/// A JSON-RPC error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) code: i64,
    pub(super) message: String,
}

impl Said {
    pub(super) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl Dialect {
    /// Every one, for tests that go through all.
    pub const ALL: [Self; 5] = [
        Self::Geth,
        Self::Erigon,
        Self::Nethermind,
        Self::Reth,
        Self::Anvil,
    ];

    pub(super) fn refuses_gaps(self) -> bool {
        matches!(self, Self::Nethermind | Self::Reth)
    }

    pub(super) fn refuses_below_base_fee(self) -> bool {
        self == Self::Anvil
    }

    pub(super) fn calls_taken(self, refusal: Refusal) -> bool {
        self == Self::Geth && refusal.is_temporary()
    }

    /// What `web3_clientVersion` answers.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Geth => "Geth/v1.17.0-stable/strict",
            Self::Erigon => "erigon/3.3.0/strict",
            Self::Nethermind => "Nethermind/v1.36.0/strict",
            Self::Reth => "reth/v1.9.0/strict",
            Self::Anvil => "anvil/v1.7.1/strict",
        }
    }

    /// What is said where there is no such block yet: an error, or nothing for `null`.
    pub(super) fn no_tagged_block(self, tag: &str) -> Option<Said> {
        match self {
            Self::Geth => Some(Said::new(-32_000, format!("{tag} block not found"))),
            Self::Erigon => Some(Said::new(-32_000, "block not found")),
            Self::Nethermind | Self::Reth => Some(Said::new(-39_001, "Unknown block")),
            Self::Anvil => None,
        }
    }

    /// A refusal in this client's words.
    pub(super) fn say(self, refusal: Refusal) -> Said {
        match self {
            Self::Geth => Said::new(-32_000, geth(refusal)),
            Self::Erigon => Said::new(-32_000, erigon(refusal)),
            Self::Nethermind => Said::new(-32_010, nethermind(refusal)),
            Self::Reth => Said::new(reth_code(refusal), reth(refusal)),
            Self::Anvil => Said::new(anvil_code(refusal), anvil(refusal)),
        }
    }
}

fn geth(refusal: Refusal) -> String {
    match refusal {
        Refusal::Known => "already known".into(),
        Refusal::NonceUsed { next, nonce } => {
            format!("nonce too low: next nonce {next}, tx nonce {nonce}")
        }
        Refusal::Gap => "nonce too high".into(),
        Refusal::Replacement => "replacement transaction underpriced".into(),
        Refusal::Underpriced => "transaction underpriced".into(),
        Refusal::FutureReplaces => "future transaction tries to replace pending".into(),
        Refusal::TipBelowMinimum { tip } => {
            format!("transaction gas price below minimum: gas tip cap {tip}, minimum needed 1")
        }
        Refusal::BelowBaseFee => "max fee per gas less than block base fee".into(),
        Refusal::TipAboveCap => "max priority fee per gas higher than max fee per gas".into(),
        Refusal::Funds {
            balance,
            queued,
            cost,
        } => geth_funds(balance, queued, cost),
        Refusal::Intrinsic { gas, needed } => {
            format!("intrinsic gas too low: gas {gas}, minimum needed {needed}")
        }
        Refusal::Floor { gas, needed } => {
            format!("insufficient gas for floor data gas cost: gas {gas}, minimum needed {needed}")
        }
        Refusal::TooMuchGas { gas } => {
            format!("transaction gas limit too high (cap: 16777216, tx: {gas})")
        }
        Refusal::BlockGas => "exceeds block gas limit".into(),
        Refusal::Oversized { size } => {
            format!("oversized data: transaction size {size}, limit {MOST_OCTETS}")
        }
        Refusal::FeeCap { fee } => format!(
            "tx fee ({} ether) exceeds the configured cap (1.00 ether)",
            hundredths(fee)
        ),
        Refusal::Chain { have, want } => {
            format!("invalid sender: invalid chain id for signer: have {have} want {want}")
        }
        Refusal::Unprotected => {
            "only replay-protected (EIP-155) transactions allowed over RPC".into()
        }
        Refusal::Signature => "invalid sender: invalid transaction v, r, s values".into(),
        Refusal::Undecodable => "rlp: value size exceeds available input length".into(),
        Refusal::Type(number) => {
            format!("transaction type not supported: tx type {number} not supported by this pool")
        }
        Refusal::Creation => "contract creation is not supported by this node".into(),
        Refusal::DelegatedInFlight => {
            "in-flight transaction limit reached for delegated accounts".into()
        }
        Refusal::DelegatedGap => "gapped-nonce tx from delegated accounts".into(),
    }
}

fn geth_funds(balance: U256, queued: U256, cost: U256) -> String {
    let said = "insufficient funds for gas * price + value";
    if cost > balance {
        let over = cost - balance;
        return format!("{said}: balance {balance}, tx cost {cost}, overshot {over}");
    }
    let over = queued + cost - balance;
    format!("{said}: balance {balance}, queued cost {queued}, tx cost {cost}, overshot {over}")
}

/// Ether with two decimals.
fn hundredths(wei: U256) -> String {
    let hundredths = wei / U256::from(FEE_CAP / 100);
    let whole = hundredths / U256::from(100);
    format!("{whole}.{:02}", (hundredths % U256::from(100)).to::<u64>())
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever a client does not say in its own words it says as geth"
)]
fn erigon(refusal: Refusal) -> String {
    match refusal {
        Refusal::Known => "ALREADY_EXISTS: already known".into(),
        Refusal::NonceUsed { .. } => "INTERNAL_ERROR: nonce too low".into(),
        Refusal::Replacement => "INTERNAL_ERROR: could not replace existing tx".into(),
        Refusal::Underpriced => "FEE_TOO_LOW: underpriced".into(),
        Refusal::FutureReplaces => "INTERNAL_ERROR: queued sub-pool is full".into(),
        Refusal::TipBelowMinimum { .. } => "FEE_TOO_LOW: fee too low".into(),
        Refusal::Funds { .. } => "INTERNAL_ERROR: insufficient funds".into(),
        Refusal::Intrinsic { .. } | Refusal::Floor { .. } => "INTERNAL_ERROR: IntrinsicGas".into(),
        Refusal::TooMuchGas { .. } | Refusal::BlockGas => {
            "INTERNAL_ERROR: gas limit is too high".into()
        }
        Refusal::Oversized { .. } => "INVALID: oversized data".into(),
        Refusal::Signature => "INVALID: invalid sender".into(),
        Refusal::Chain { have, want } => {
            format!("invalid chain id, expected: {want} got: {have}")
        }
        other => geth(other),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever a client does not say in its own words it says as geth"
)]
fn nethermind(refusal: Refusal) -> String {
    match refusal {
        Refusal::NonceUsed { .. } => "nonce too low".into(),
        Refusal::FutureReplaces | Refusal::TipBelowMinimum { .. } => {
            "transaction underpriced".into()
        }
        Refusal::Funds { .. } => "insufficient funds for gas * price + value".into(),
        Refusal::Intrinsic { .. } | Refusal::Floor { .. } => {
            "transaction invalid, intrinsic gas too low".into()
        }
        Refusal::TooMuchGas { .. } => "transaction invalid, gas limit too high".into(),
        Refusal::BlockGas => "gas limit reached".into(),
        Refusal::Chain { .. } => "transaction invalid, invalid chain id".into(),
        Refusal::Signature => "failed to recover sender".into(),
        Refusal::Undecodable => "Invalid RLP.".into(),
        other => geth(other),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever a client does not say in its own words it says as geth"
)]
fn reth(refusal: Refusal) -> String {
    match refusal {
        Refusal::FutureReplaces => "txpool is full".into(),
        Refusal::TipBelowMinimum { .. } => {
            "transaction priority fee below minimum required priority fee 1".into()
        }
        Refusal::Funds {
            balance,
            queued,
            cost,
        } => {
            let want = queued + cost;
            format!("insufficient funds for gas * price + value: have {balance} want {want}")
        }
        Refusal::Intrinsic { .. } | Refusal::Floor { .. } => "intrinsic gas too low".into(),
        Refusal::TooMuchGas { .. } => "exceeds max transaction gas limit".into(),
        Refusal::FeeCap { fee } => {
            format!("tx fee ({fee} wei) exceeds the configured cap ({FEE_CAP} wei)")
        }
        Refusal::Chain { .. } => "invalid chain ID".into(),
        Refusal::Signature => "invalid transaction signature".into(),
        Refusal::Undecodable => "failed to decode signed transaction".into(),
        other => geth(other),
    }
}

fn reth_code(refusal: Refusal) -> i64 {
    let rejected = matches!(
        refusal,
        Refusal::Funds { .. } | Refusal::FutureReplaces | Refusal::TipBelowMinimum { .. }
    );
    if rejected { -32_003 } else { -32_000 }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever a client does not say in its own words it says as geth"
)]
fn anvil(refusal: Refusal) -> String {
    match refusal {
        Refusal::Known => "transaction already imported".into(),
        Refusal::NonceUsed { .. } => "nonce too low".into(),
        Refusal::Funds { .. } => "Insufficient funds for gas * price + value".into(),
        Refusal::Intrinsic { .. } | Refusal::Floor { .. } => "intrinsic gas too low".into(),
        Refusal::TooMuchGas { .. } | Refusal::BlockGas => {
            "intrinsic gas too high -- tx.gas_limit > env.cfg.tx_gas_limit_cap".into()
        }
        Refusal::Chain { .. } => "invalid chain id for signer".into(),
        Refusal::Undecodable => "Failed to decode transaction".into(),
        other => geth(other),
    }
}

fn anvil_code(refusal: Refusal) -> i64 {
    if refusal == Refusal::Undecodable {
        -32_602
    } else {
        -32_003
    }
}
