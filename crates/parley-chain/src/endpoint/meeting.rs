//! The first questions at a meeting with an endpoint: which chain, and how far it goes.

use alloy_primitives::{B256, U64};
use parley_core::chain::Header;
use serde_json::json;

use super::Endpoint;
use crate::block;
use crate::failure::ReadFailure;
use crate::transport::{Answer, Question, given, read};

/// What an endpoint says of itself at the first meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The chain id that it answers for (EIP-695).
    pub chain_id: u64,
    /// The hash that it names for block 0.
    pub genesis: B256,
    /// The height of its newest block.
    pub head: u64,
    /// The header of its newest block.
    pub newest: Header,
    /// Whether that header has fields that came with the Amsterdam fork (EIP-7928, EIP-7843).
    pub looks_amsterdam: bool,
}

/// What an endpoint says of itself later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// The chain id that it answers for (EIP-695).
    pub chain_id: u64,
    /// The header of its newest block.
    pub newest: Header,
    /// Whether that header has fields that came with the Amsterdam fork (EIP-7928, EIP-7843).
    pub looks_amsterdam: bool,
}

pub(super) fn chain_id() -> Question {
    ("eth_chainId", json!([]))
}

fn newest() -> Question {
    ("eth_getBlockByNumber", json!(["latest", false]))
}

impl Endpoint {
    /// Which chain it answers for, where that begins, and how far it goes. One round trip.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn hello(&self) -> Result<Hello, ReadFailure> {
        hello(self.ask_three([chain_id(), first(), newest()]).await?)
    }

    /// Which chain it answers for, and how far that goes now. One round trip.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn check_in(&self) -> Result<CheckIn, ReadFailure> {
        let answers = self.transport.ask_all(&[chain_id(), newest()]).await?;
        let [chain_id, newest] =
            <[Answer; 2]>::try_from(answers).map_err(|_| ReadFailure::BadAnswer)?;
        check_in(chain_id, newest)
    }

    async fn ask_three(&self, questions: [Question; 3]) -> Result<[Answer; 3], ReadFailure> {
        let answers = self.transport.ask_all(&questions).await?;
        <[Answer; 3]>::try_from(answers).map_err(|_| ReadFailure::BadAnswer)
    }
}

pub(super) fn first() -> Question {
    ("eth_getBlockByNumber", json!([U64::ZERO, false]))
}

fn hello([chain_id, genesis, newest]: [Answer; 3]) -> Result<Hello, ReadFailure> {
    let genesis = block::claimed_first(given(genesis)?.get())?;
    let seen = check_in(chain_id, newest)?;
    Ok(Hello {
        chain_id: seen.chain_id,
        genesis,
        head: seen.newest.number,
        newest: seen.newest,
        looks_amsterdam: seen.looks_amsterdam,
    })
}

fn check_in(chain_id: Answer, newest: Answer) -> Result<CheckIn, ReadFailure> {
    let newest = block::newest(given(newest)?.get())?;
    Ok(CheckIn {
        chain_id: read::<U64>(chain_id)?.to(),
        newest: newest.header,
        looks_amsterdam: newest.looks_amsterdam,
    })
}
