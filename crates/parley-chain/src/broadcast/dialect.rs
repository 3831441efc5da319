//! What the refusals of node clients and gateways hint at. Their wordings differ and change; they are
//! hints only, and what nobody here has heard yet hints at nothing. Each is written down with its
//! source in tests/endpoint/dialects.rs.

use super::SendFailure;
use crate::transport::RpcError;

/// What a refusal hints at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its nonce is used: perhaps by itself.
    NonceUsed,
    /// Another transaction with its nonce waits.
    NonceTaken,
    /// Earlier nonces are missing.
    Gap,
    /// It offers too little.
    Underpriced,
    /// It may cost more than this endpoint passes on; others may.
    FeeAboveCap,
    /// The account cannot pay.
    Funds,
    /// Its gas limit is too low: sealed anew with a higher one it may be taken.
    GasLimit,
    /// It is too large or not well formed: it will never be taken as it is.
    Invalid,
    /// The account carries code (EIP-3607, EIP-7702): none, or only the next of its transactions is
    /// taken.
    Delegated,
    /// The endpoint holds no more transactions, of this account or at all.
    PoolFull,
    /// It is for another chain.
    Chain,
    /// The endpoint does not take transactions at present: it is not in step with the chain.
    NotReady,
    /// Too many questions at once.
    Throttled,
    /// Anything else.
    Other,
}

/// Parts of wordings, lower case, that say that the endpoint has the very transaction.
const KNOWN: [&str; 6] = [
    "already known",
    "alreadyknown",
    "already imported",
    "same hash",
    "known transaction",
    "already in mempool",
];

/// Parts of wordings, lower case, and what they hint at. Earlier ones win.
const WORDINGS: [(Refusal, &[&str]); 13] = [
    (
        Refusal::Delegated,
        &[
            "delegated account",
            "delegation nonce gap",
            "delegation authority",
            "notcurrentnoncefordelegation",
            "delegatorhaspendingtx",
            "authority already reserved",
            "not an eoa",
            "senderiscontract",
        ],
    ),
    (
        Refusal::NonceTaken,
        &[
            "replacement transaction",
            "replacementnotallowed",
            "replace existing",
            "replaced by transaction",
        ],
    ),
    (Refusal::NonceUsed, &["nonce too low", "oldnonce"]),
    (
        Refusal::Gap,
        &[
            "nonce too high",
            "noncegap",
            "nonce too far in future",
            "noncetoofarinfuture",
            "nonce is too distant",
            "with a lower nonce exists",
            "future transaction tries to replace",
        ],
    ),
    (
        Refusal::Funds,
        &[
            "insufficient funds",
            "insufficientfunds",
            "overdraws from account",
            "upfront cost exceeds",
            "enough funds",
        ],
    ),
    (
        Refusal::FeeAboveCap,
        &["exceeds the configured cap", "fee cap exceeded"],
    ),
    (
        Refusal::Invalid,
        &[
            "intrinsic gas too high",
            "gas limit too high",
            "block gas limit",
            "block's gas limit",
            "exceeds max transaction gas limit",
            "per-transaction gas limit",
            "gas limit cap exceeded",
            "gaslimitcapexceeded",
            "gaslimitexceeded",
            "gas limit reached",
            "oversized data",
            "transaction too large",
            "maxtxsizeexceeded",
            "rlptoolong",
            "higher than max fee per gas",
            "exceeds max fee per gas",
        ],
    ),
    (
        Refusal::GasLimit,
        &[
            "intrinsic gas",
            "intrinsicgas",
            "floor data gas",
            "exceeds the gas limit",
            "requires at least",
        ],
    ),
    (
        Refusal::Underpriced,
        &[
            "underpriced",
            "fee too low",
            "feetoolow",
            "gas price below",
            "less than block base fee",
            "fee cap less than",
            "below chain minimum",
            "required priority fee",
            "too low for the next block",
        ],
    ),
    (
        Refusal::Chain,
        &[
            "chain id",
            "chainid",
            "signed for another chain",
            "invalid sender",
        ],
    ),
    (
        Refusal::PoolFull,
        &[
            "txpool is full",
            "sub-pool is full",
            "pool size constraints",
            "account limit exceeded",
            "spammer",
        ],
    ),
    (
        Refusal::NotReady,
        &[
            "node is syncing",
            "sync is still in progress",
            "pool not enabled",
            "no backend is currently healthy",
        ],
    ),
    (
        Refusal::Throttled,
        &[
            "compute units",
            "rate limit",
            "ratelimit",
            "request rate",
            "too many requests",
            "request limit",
            "request count exceeded",
            "quota",
        ],
    ),
];

/// "Limit exceeded" (EIP-1474), and the status that gateways repeat as a code. Some clients refuse
/// single transactions with the former, so that words count first.
const LIMITS: [i64; 2] = [-32_005, 429];

/// Wordings about questions that were asked at once.
const TOO_MUCH: [&str; 6] = [
    "batch too large",
    "batch request was too large",
    "batch response was too large",
    "batch size",
    "response too large",
    "response is too big",
];

impl Refusal {
    /// A word for the record.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NonceUsed => "nonce-used",
            Self::NonceTaken => "nonce-taken",
            Self::Gap => "gap",
            Self::Underpriced => "underpriced",
            Self::FeeAboveCap => "fee-above-cap",
            Self::Funds => "funds",
            Self::GasLimit => "gas-limit",
            Self::Invalid => "invalid",
            Self::Delegated => "delegated",
            Self::PoolFull => "pool-full",
            Self::Chain => "chain",
            Self::NotReady => "not-ready",
            Self::Throttled => "throttled",
            Self::Other => "other",
        }
    }
}

/// What a refusal of a transaction hints at.
pub(super) fn hint(error: &RpcError) -> SendFailure {
    let said = error.message.to_lowercase();
    // "Unknown transaction type" means the opposite.
    if says(&said, &KNOWN) && !said.contains("unknown") {
        return SendFailure::Known;
    }
    SendFailure::Refused(refusal(error.code, &said))
}

/// Whether a refusal of any question is only about how much is asked.
pub(crate) fn is_throttled(error: &RpcError) -> bool {
    let said = error.message.to_lowercase();
    refusal(error.code, &said) == Refusal::Throttled
}

/// Whether fewer questions, or shorter answers, would be taken.
pub(crate) fn is_too_much(error: &RpcError) -> bool {
    says(&error.message.to_lowercase(), &TOO_MUCH)
}

/// Whether a refusal is about asking at once.
pub(crate) fn is_about_batches(error: &RpcError) -> bool {
    error.message.to_lowercase().contains("batch")
}

fn refusal(code: i64, said: &str) -> Refusal {
    let worded = WORDINGS.iter().find(|(_, parts)| says(said, parts));
    match worded {
        Some((refusal, _)) => *refusal,
        None if LIMITS.contains(&code) && !said.contains("batch") => Refusal::Throttled,
        None => Refusal::Other,
    }
}

fn says(said: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| said.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_word_of_its_own_for_the_record() {
        let all = WORDINGS.map(|(refusal, _)| refusal);
        let mut words: std::collections::BTreeSet<_> = all.map(Refusal::word).into();
        assert!(words.insert(Refusal::Other.word()));
        assert_eq!(words.len(), all.len() + 1);
        assert!(!words.contains(""));
    }

    #[test]
    fn every_part_is_lower_case_as_what_it_is_looked_for_in() {
        let worded = WORDINGS.iter().flat_map(|(_, parts)| *parts);
        for part in worded.chain(&KNOWN).chain(&TOO_MUCH) {
            assert_eq!(part, &part.to_lowercase());
        }
    }
}
