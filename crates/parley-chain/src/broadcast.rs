//! Offering signed transactions, and what came of it by the endpoint's word. The chain itself is
//! asked after.

pub(crate) mod dialect;

use alloy_primitives::{B256, hex, keccak256};
use parley_core::endpoint::Lie;
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::failure::ReadFailure;
use crate::transport::{Answer, Batch, Question, read};

pub use dialect::Refusal;

/// How many transactions are offered at once: nodes hold no more than these of one account.
const WINDOW: usize = 16;

/// Why an endpoint did not take a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// No answer, none that makes sense, or one about another transaction: whether it was taken is not
    /// known.
    Offline(ReadFailure),
    /// It has the transaction already.
    Known,
    /// It refuses.
    Refused(Refusal),
}

pub(crate) type Outcome = Result<(), SendFailure>;

impl Endpoint {
    /// Offers signed transactions in their order, sixteen at once, or one after another where the
    /// endpoint does not take several. The answers are in the same order. A node may work on several
    /// in any order, and then refuses those whose predecessors it does not have yet
    /// ([`Refusal::Gap`]): offer those again. Where there are fewer answers than transactions, the
    /// last is [`SendFailure::Offline`], and what follows it was not offered.
    ///
    /// # Errors
    /// No answer at all: whether the first sixteen were taken is not known.
    pub async fn broadcast(&self, raw: &[Vec<u8>]) -> Result<Vec<Outcome>, ReadFailure> {
        let mut outcomes = Vec::with_capacity(raw.len());
        for window in raw.chunks(WINDOW) {
            match self.offer(window).await {
                Ok(more) => {
                    let cut_short = more.len() < window.len();
                    outcomes.extend(more);
                    if cut_short {
                        break;
                    }
                }
                Err(failure) if outcomes.is_empty() => return Err(failure),
                Err(failure) => {
                    outcomes.push(Err(SendFailure::Offline(failure)));
                    break;
                }
            }
        }
        Ok(outcomes)
    }

    async fn offer(&self, raw: &[Vec<u8>]) -> Result<Vec<Outcome>, ReadFailure> {
        if let [single] = raw {
            return Ok(vec![self.offer_one(single).await?]);
        }
        let questions: Vec<Question> = raw.iter().map(|raw| question(raw)).collect();
        match self.transport.ask_at_once(&questions).await? {
            (Batch::Answers(answers), _) => Ok(raw
                .iter()
                .zip(answers)
                .map(|(raw, answer)| answer.map_or(NO_ANSWER, |answer| outcome(raw, answer)))
                .collect()),
            (Batch::NotAtOnce { .. }, _) => self.offer_each(raw).await,
        }
    }

    /// The first that is not answered is the last.
    async fn offer_each(&self, raw: &[Vec<u8>]) -> Result<Vec<Outcome>, ReadFailure> {
        let mut outcomes = Vec::with_capacity(raw.len());
        for raw in raw {
            match self.offer_one(raw).await {
                Ok(outcome) => outcomes.push(outcome),
                Err(failure) if outcomes.is_empty() => return Err(failure),
                Err(failure) => {
                    outcomes.push(Err(SendFailure::Offline(failure)));
                    break;
                }
            }
        }
        Ok(outcomes)
    }

    async fn offer_one(&self, raw: &[u8]) -> Result<Outcome, ReadFailure> {
        let answer = self.transport.ask(question(raw)).await?;
        Ok(outcome(raw, answer))
    }
}

/// An answer to others came, to this one none.
pub(crate) const NO_ANSWER: Outcome = Err(SendFailure::Offline(ReadFailure::BadAnswer));

pub(crate) fn question(raw: &[u8]) -> Question {
    ("eth_sendRawTransaction", json!([hex::encode_prefixed(raw)]))
}

/// Only a node that names the transaction's hash has understood what it took.
pub(crate) fn outcome(raw: &[u8], answer: Answer) -> Outcome {
    let hash = answer.map_err(|error| dialect::hint(&error))?;
    match read::<B256>(Ok(hash)) {
        Ok(hash) if hash == keccak256(raw) => Ok(()),
        Ok(_) => Err(SendFailure::Offline(ReadFailure::Lie(Lie::ForgedReply))),
        Err(_) => NO_ANSWER,
    }
}
