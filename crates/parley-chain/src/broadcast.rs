//! Offering a signed transaction, and what an endpoint's refusal hints at. The wordings of geth,
//! erigon, nethermind, reth and anvil differ; they are only hints, the chain itself is asked after.

use alloy_primitives::{B256, hex, keccak256};
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::transport::{ReadFailure, RpcError, read};

/// Why an endpoint did not take a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// No answer, or none that makes sense: whether it was taken is not known.
    Offline(ReadFailure),
    /// It has the transaction already.
    Known,
    /// It refuses.
    Refused(Refusal),
}

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
    /// The account cannot pay.
    Funds,
    /// Its gas limit is too low, or it is too large: it will never be taken as it is.
    Invalid,
    /// It is for another chain.
    Chain,
    /// Too many questions at once.
    Throttled,
    /// Anything else.
    Other,
}

/// Parts of wordings, lower case, and what they hint at. Earlier ones win.
const WORDINGS: [(&str, Refusal); 19] = [
    ("replacement transaction", Refusal::NonceTaken),
    ("could not replace existing", Refusal::NonceTaken),
    ("feetoolowtocompete", Refusal::NonceTaken),
    ("nonce too low", Refusal::NonceUsed),
    ("nonce too high", Refusal::Gap),
    ("insufficient funds", Refusal::Funds),
    ("intrinsic gas", Refusal::Invalid),
    ("intrinsicgas", Refusal::Invalid),
    ("floor data gas", Refusal::Invalid),
    ("oversized data", Refusal::Invalid),
    ("exceeds block gas limit", Refusal::Invalid),
    ("underpriced", Refusal::Underpriced),
    ("fee too low", Refusal::Underpriced),
    ("gas price below minimum", Refusal::Underpriced),
    ("less than block base fee", Refusal::Underpriced),
    ("minimum required priority fee", Refusal::Underpriced),
    ("chain id", Refusal::Chain),
    ("invalid sender", Refusal::Chain),
    ("compute units", Refusal::Throttled),
];

const KNOWN: [&str; 5] = [
    "already known",
    "alreadyknown",
    "already imported",
    "same hash",
    "known transaction",
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
            Self::Funds => "funds",
            Self::Invalid => "invalid",
            Self::Chain => "chain",
            Self::Throttled => "throttled",
            Self::Other => "other",
        }
    }
}

impl Endpoint {
    /// Offers signed transactions one after another, in their order: a node may work on a batch in any
    /// order, and refuses those whose predecessors it does not have yet. The answers are in the same
    /// order; the first that does not come is the last, and what follows it was not offered.
    ///
    /// # Errors
    /// No answer at all: whether the first was taken is not known.
    pub async fn broadcast(
        &self,
        raw: &[Vec<u8>],
    ) -> Result<Vec<Result<(), SendFailure>>, ReadFailure> {
        let mut answers = Vec::with_capacity(raw.len());
        for raw in raw {
            match self.offer(raw).await {
                Ok(answer) => answers.push(answer),
                Err(failure) if answers.is_empty() => return Err(failure),
                Err(failure) => {
                    answers.push(Err(SendFailure::Offline(failure)));
                    break;
                }
            }
        }
        Ok(answers)
    }

    /// Only a node that names the transaction's hash has understood what it took.
    async fn offer(&self, raw: &[u8]) -> Result<Result<(), SendFailure>, ReadFailure> {
        let question = ("eth_sendRawTransaction", json!([hex::encode_prefixed(raw)]));
        let result = match self.transport.ask(question).await? {
            Ok(result) => result,
            Err(error) => return Ok(Err(hint(&error))),
        };
        if read::<B256>(Ok(result))? == keccak256(raw) {
            Ok(Ok(()))
        } else {
            Err(ReadFailure::BadAnswer)
        }
    }
}

fn hint(error: &RpcError) -> SendFailure {
    let said = error.message.to_lowercase();
    // "Unknown transaction type" means the opposite.
    let has_it = KNOWN.iter().any(|wording| said.contains(wording));
    if has_it && !said.contains("unknown") {
        return SendFailure::Known;
    }
    if error.code == -32_005 {
        return SendFailure::Refused(Refusal::Throttled);
    }
    let hinted = WORDINGS.iter().find(|(wording, _)| said.contains(wording));
    SendFailure::Refused(hinted.map_or(Refusal::Other, |(_, refusal)| *refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hinted(message: &str) -> SendFailure {
        hint(&RpcError {
            code: -32_000,
            message: message.to_owned(),
        })
    }

    #[test]
    fn every_clients_way_of_saying_that_it_has_it_is_understood() {
        for said in [
            "already known",
            "existing txn with same hash",
            "INTERNAL_ERROR: existing tx with same hash",
            "AlreadyKnown",
            "transaction already imported",
        ] {
            assert_eq!(hinted(said), SendFailure::Known, "{said}");
        }
    }

    #[test]
    fn a_node_that_does_not_know_the_kind_of_transaction_does_not_have_it() {
        let refused = SendFailure::Refused(Refusal::Other);
        assert_eq!(hinted("unknown transaction type"), refused);
        assert_eq!(hinted("Known transaction"), SendFailure::Known);
    }

    #[test]
    fn another_transaction_at_the_nonce_is_not_taken_for_this_one() {
        let taken = SendFailure::Refused(Refusal::NonceTaken);
        assert_eq!(hinted("replacement transaction underpriced"), taken);
        assert_eq!(hinted("could not replace existing tx"), taken);
    }

    /// As geth, erigon, nethermind, reth, besu and anvil say it.
    #[test]
    fn refusals_are_told_apart() {
        for (refusal, wordings) in [
            (
                Refusal::NonceTaken,
                [
                    "replacement transaction underpriced",
                    "could not replace existing tx",
                    "FeeTooLowToCompete",
                ]
                .as_slice(),
            ),
            (
                Refusal::NonceUsed,
                &[
                    "nonce too low",
                    "nonce too low: next nonce 5, tx nonce 4",
                    "Nonce too low",
                ],
            ),
            (Refusal::Gap, &["nonce too high"]),
            (
                Refusal::Underpriced,
                &[
                    "transaction underpriced",
                    "transaction gas price below minimum",
                    "underpriced",
                    "fee too low",
                    "transaction underpriced: gas tip cap 1, minimum required priority fee 10",
                    "tip below the minimum required priority fee 1000000",
                    "max fee per gas less than block base fee",
                ],
            ),
            (
                Refusal::Funds,
                &[
                    "insufficient funds",
                    "insufficient funds for gas * price + value: balance 0, tx cost 7",
                    "Insufficient funds for gas * price + value",
                ],
            ),
            (
                Refusal::Invalid,
                &[
                    "intrinsic gas too low",
                    "IntrinsicGas",
                    "insufficient gas for floor data gas cost: gas 21000, minimum needed 23000",
                    "exceeds block gas limit",
                    "oversized data",
                ],
            ),
            (
                Refusal::Chain,
                &["invalid chain id for signer", "invalid sender"],
            ),
            (
                Refusal::Throttled,
                &["your app has exceeded its compute units per second"],
            ),
            (Refusal::Other, &["something new", "", "execution reverted"]),
        ] {
            for said in wordings {
                assert_eq!(hinted(said), SendFailure::Refused(refusal), "{said}");
            }
        }
    }

    #[test]
    fn a_limit_is_told_by_its_code_whatever_the_words() {
        let error = RpcError {
            code: -32_005,
            message: "nonce too low".to_owned(),
        };
        assert_eq!(hint(&error), SendFailure::Refused(Refusal::Throttled));
    }

    #[test]
    fn every_refusal_has_a_word_of_its_own_for_the_record() {
        let all = [
            Refusal::NonceUsed,
            Refusal::NonceTaken,
            Refusal::Gap,
            Refusal::Underpriced,
            Refusal::Funds,
            Refusal::Invalid,
            Refusal::Chain,
            Refusal::Throttled,
            Refusal::Other,
        ];
        let words: std::collections::BTreeSet<_> = all.map(Refusal::word).into();
        assert_eq!(words.len(), all.len());
        assert!(!words.contains(""));
    }
}
