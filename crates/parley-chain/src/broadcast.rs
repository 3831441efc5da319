//! Offering a signed transaction, and what an endpoint's refusal hints at. The wordings of geth,
//! erigon, nethermind, reth and anvil differ; they are only hints, the chain itself is asked after.

use alloy_primitives::hex;
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::transport::{Question, ReadFailure, RpcError};

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
const WORDINGS: [(&str, Refusal); 17] = [
    ("replacement transaction", Refusal::NonceTaken),
    ("could not replace existing", Refusal::NonceTaken),
    ("feetoolowtocompete", Refusal::NonceTaken),
    ("nonce too low", Refusal::NonceUsed),
    ("nonce too high", Refusal::Gap),
    ("insufficient funds", Refusal::Funds),
    ("intrinsic gas", Refusal::Invalid),
    ("floor data gas", Refusal::Invalid),
    ("oversized data", Refusal::Invalid),
    ("exceeds block gas limit", Refusal::Invalid),
    ("underpriced", Refusal::Underpriced),
    ("fee too low", Refusal::Underpriced),
    ("gas price below minimum", Refusal::Underpriced),
    ("less than block base fee", Refusal::Underpriced),
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
    /// Offers signed transactions in their order, in one request; the answers are in that order.
    ///
    /// # Errors
    /// No answer at all: whether they were taken is not known.
    pub async fn broadcast(
        &self,
        raw: &[Vec<u8>],
    ) -> Result<Vec<Result<(), SendFailure>>, ReadFailure> {
        let question = |raw: &Vec<u8>| -> Question {
            ("eth_sendRawTransaction", json!([hex::encode_prefixed(raw)]))
        };
        // Nodes may work on a batch in any order, and a gap makes some refuse: one after another.
        let mut answers = Vec::with_capacity(raw.len());
        for raw in raw {
            let answer = match self.transport.ask(question(raw)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(hint(&error)),
                Err(failure) if answers.is_empty() => return Err(failure),
                Err(failure) => Err(SendFailure::Offline(failure)),
            };
            let offline = matches!(answer, Err(SendFailure::Offline(_)));
            answers.push(answer);
            if offline {
                break;
            }
        }
        Ok(answers)
    }
}

fn hint(error: &RpcError) -> SendFailure {
    let said = error.message.to_lowercase();
    if KNOWN.iter().any(|wording| said.contains(wording)) {
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
    fn another_transaction_at_the_nonce_is_not_taken_for_this_one() {
        let taken = SendFailure::Refused(Refusal::NonceTaken);
        assert_eq!(hinted("replacement transaction underpriced"), taken);
        assert_eq!(hinted("could not replace existing tx"), taken);
    }

    #[test]
    fn refusals_are_told_apart() {
        for (said, refusal) in [
            (
                "nonce too low: next nonce 5, tx nonce 4",
                Refusal::NonceUsed,
            ),
            ("Insufficient funds for gas * price + value", Refusal::Funds),
            (
                "max fee per gas less than block base fee",
                Refusal::Underpriced,
            ),
            ("insufficient gas for floor data gas cost", Refusal::Invalid),
            ("invalid chain id for signer", Refusal::Chain),
            ("something new", Refusal::Other),
        ] {
            assert_eq!(hinted(said), SendFailure::Refused(refusal), "{said}");
        }
    }
}
