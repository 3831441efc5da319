//! Headers and whole blocks, recomputed before they are given on.

use alloy_primitives::{Address, B256, U64};
use parley_core::chain::Header;
use serde_json::json;

use super::Endpoint;
use crate::block::{self, Block};
use crate::failure::ReadFailure;
use crate::transport::{Answer, Question, given, if_given};

/// The newest settled blocks, each by height and hash; `None` where the endpoint knows none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Not expected to be replaced.
    pub safe: Option<(u64, B256)>,
    /// Never replaced.
    pub finalized: Option<(u64, B256)>,
}

/// Blocks that were fetched at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// From the first on, without a gap.
    pub blocks: Vec<Block>,
    /// How many octets the answer had, unpacked.
    pub bytes: u64,
}

/// Blocks as an endpoint gave them, not looked into so far.
pub struct Given {
    first: u64,
    answers: Vec<Answer>,
    bytes: u64,
}

impl Given {
    /// How many octets the answer had, unpacked.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether there is a block for every height that was asked for.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let there = |answer: &Answer| answer.as_ref().is_ok_and(|raw| raw.get() != "null");
        self.answers.iter().all(there)
    }

    /// Recomputes them, from the first on, as far as they are there in one piece. Takes about 2 ms for
    /// 300 transactions and asks nobody. What `chain_id` and `own` mean is said at
    /// [`Endpoint::blocks`].
    ///
    /// # Errors
    /// One is no block, or false.
    pub fn verified(self, chain_id: u64, own: Option<Address>) -> Result<Vec<Block>, ReadFailure> {
        let mut blocks = Vec::with_capacity(self.answers.len());
        for (answer, number) in self.answers.into_iter().zip(self.first..) {
            let Some(block) = block::verified(given(answer)?.get(), number, chain_id, own)? else {
                break;
            };
            blocks.push(block);
        }
        Ok(blocks)
    }
}

impl Endpoint {
    /// The header at this height, its hash recomputed where the header is of a known form; `None`
    /// above the newest.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn header(&self, number: u64) -> Result<Option<Header>, ReadFailure> {
        let question = ("eth_getBlockByNumber", json!([U64::from(number), false]));
        let raw = given(self.transport.ask(question).await?)?;
        block::header_at(raw.get(), number)
    }

    /// Whole blocks, from the first on, as far as the endpoint has them in one piece. Transactions that
    /// are signed for another chain than `chain_id` (EIP-155) are no messages in them. Transactions
    /// that `own` signed are named in them, messages or not.
    ///
    /// # Errors
    /// No usable answer; [`ReadFailure::TooLarge`] when so many do not fit into one answer.
    pub async fn blocks(
        &self,
        first: u64,
        count: u64,
        chain_id: u64,
        own: Option<Address>,
    ) -> Result<Fetched, ReadFailure> {
        let given = self.given_blocks(first, count).await?;
        let bytes = given.bytes();
        let blocks = given.verified(chain_id, own)?;
        Ok(Fetched { blocks, bytes })
    }

    /// Whole blocks, from the first on, not looked into: that can be done while others come.
    ///
    /// # Errors
    /// As [`Endpoint::blocks`].
    pub async fn given_blocks(&self, first: u64, count: u64) -> Result<Given, ReadFailure> {
        let questions: Vec<Question> = (first..first.saturating_add(count))
            .map(|number| ("eth_getBlockByNumber", json!([U64::from(number), true])))
            .collect();
        let (answers, bytes) = self.transport.ask_all_counted(&questions).await?;
        if let Some(Err(refusal)) = answers.iter().find(|answer| answer.is_err()) {
            return Err(refusal.failure());
        }
        Ok(Given {
            first,
            answers,
            bytes,
        })
    }

    /// Both kinds of settled blocks in one round trip.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn settled(&self) -> Result<Settled, ReadFailure> {
        let questions = ["safe", "finalized"].map(question);
        let answers = self.transport.ask_all(&questions).await?;
        let [safe, finalized] =
            <[Answer; 2]>::try_from(answers).map_err(|_| ReadFailure::BadAnswer)?;
        Ok(Settled {
            safe: place(safe)?,
            finalized: place(finalized)?,
        })
    }
}

/// A node before the merge, or a chain without finality, refuses or answers null.
fn place(answer: Answer) -> Result<Option<(u64, B256)>, ReadFailure> {
    let Some(raw) = if_given(answer)? else {
        return Ok(None);
    };
    Ok(block::header(raw.get())?.map(|header| (header.number, header.hash)))
}

/// Asks for the newest block that is so settled (execution API, block tags).
fn question(tag: &str) -> Question {
    ("eth_getBlockByNumber", json!([tag, false]))
}
