//! What an endpoint says of accounts and prices. Nothing here can be recomputed; the caller asks
//! others too, or caps what follows from it.

use alloy_primitives::{Address, Bytes, U64, U128, U256};
use parley_core::fees::FeeQuote;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Endpoint;
use crate::failure::ReadFailure;
use crate::few::Few;
use crate::transport::{Answer, Question, read, read_if_given};

/// How many blocks the priority fee is taken from, and which share of them paid less.
const FEE_BLOCKS: &str = "0x14";
const FEE_PERCENTILE: f64 = 50.0;
/// Where a chain's newest blocks pay no priority fee at all.
const LEAST_PRIORITY: u128 = 1_000_000;

/// What sending from an account depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// How many of its transactions are in blocks, up to the newest.
    pub nonce: u64,
    /// The same with those that wait at the endpoint; not less than `nonce`. The same as `nonce`
    /// where the endpoint does not tell.
    pub pending_nonce: u64,
    /// How many are in final blocks; `None` where there are none.
    pub final_nonce: Option<u64>,
    /// What it has, in wei.
    pub balance: U256,
    /// Whether code is run when something is sent to it: a contract, or a delegation (EIP-7702).
    pub has_code: bool,
    /// What a place in a block costs.
    pub fees: FeeQuote,
}

/// What blocks cost lately.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct History {
    oldest_block: Option<U64>,
    base_fee_per_gas: Few<U128>,
    reward: Option<Few<Few<U128>>>,
}

impl Endpoint {
    /// What sending from an account depends on, in one round trip.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn account(&self, account: Address) -> Result<AccountFacts, ReadFailure> {
        facts(self.transport.ask_all(&questions(account)).await?)
    }

    /// How many transactions of accounts are in blocks, up to a height each or the newest, in their
    /// order and one round trip; `None` where the endpoint does not have that height's state (any
    /// more).
    ///
    /// # Errors
    /// No usable answer.
    pub async fn nonces_at(
        &self,
        accounts: &[(Address, Option<u64>)],
    ) -> Result<Vec<Option<u64>>, ReadFailure> {
        let questions: Vec<Question> = accounts
            .iter()
            .map(|(account, block)| nonce(*account, at(*block)))
            .collect();
        let answers = self.transport.ask_all(&questions).await?;
        answers
            .into_iter()
            .map(|answer| {
                let count = read_if_given::<Option<U64>>(answer)?.flatten();
                Ok(count.map(|count| count.to()))
            })
            .collect()
    }

    /// How much gas the endpoint expects calldata from an account to itself to take; `None` where it
    /// does not say. To be clamped by the caller: it may be anything.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn estimate(
        &self,
        from: Address,
        calldata: &[u8],
    ) -> Result<Option<u64>, ReadFailure> {
        let data = Bytes::copy_from_slice(calldata);
        let call = json!([{ "from": from, "to": from, "data": data }]);
        let gas: Option<U64> = read_if_given(self.transport.ask(("eth_estimateGas", call)).await?)?;
        Ok(gas.map(|gas| gas.to()))
    }
}

/// What [`Endpoint::account`] asks.
fn questions(account: Address) -> [Question; 6] {
    let [balance, code, fees] = means(account, FEE_BLOCKS);
    [
        nonce(account, json!("latest")),
        nonce(account, json!("pending")),
        nonce(account, json!("finalized")),
        balance,
        code,
        fees,
    ]
}

/// What the account has, whether it carries code, and what so many of the newest blocks cost.
pub(super) fn means(account: Address, fee_blocks: &str) -> [Question; 3] {
    let history = json!([fee_blocks, "latest", [FEE_PERCENTILE]]);
    [
        ("eth_getBalance", json!([account, "latest"])),
        ("eth_getCode", json!([account, "latest"])),
        ("eth_feeHistory", history),
    ]
}

/// The answers to [`questions`].
fn facts(answers: Vec<Answer>) -> Result<AccountFacts, ReadFailure> {
    let [newest, pending, settled, balance, code, fees] =
        <[Answer; 6]>::try_from(answers).map_err(|_| ReadFailure::BadAnswer)?;
    let newest: u64 = read::<U64>(newest)?.to();
    let pending = read_if_given::<Option<U64>>(pending)?.flatten();
    let settled = read_if_given::<Option<U64>>(settled)?.flatten();
    Ok(AccountFacts {
        nonce: newest,
        pending_nonce: pending.map_or(newest, |count| newest.max(count.to())),
        final_nonce: settled.map(|count| count.to()),
        balance: read(balance)?,
        has_code: !read::<Bytes>(code)?.is_empty(),
        fees: read::<History>(fees)?.quote()?,
    })
}

pub(super) fn nonce(account: Address, block: Value) -> Question {
    ("eth_getTransactionCount", json!([account, block]))
}

/// A height, or the newest block.
fn at(block: Option<u64>) -> Value {
    block.map_or_else(|| json!("latest"), |number| json!(U64::from(number)))
}

impl History {
    /// The next block's base fee, and the median of what recent blocks were paid on top.
    pub(super) fn quote(&self) -> Result<FeeQuote, ReadFailure> {
        let next = self.base_fee_per_gas.0.last();
        let base_fee = next.ok_or(ReadFailure::BadAnswer)?.to();
        let rewards = self.reward.iter().flat_map(|reward| &reward.0);
        let mut paid: Vec<u128> = rewards
            .filter_map(|block| block.0.first().map(U128::to))
            .collect();
        paid.sort_unstable();
        let median = paid.get(paid.len() / 2).copied().unwrap_or_default();
        Ok(FeeQuote {
            base_fee,
            priority: median.max(LEAST_PRIORITY),
        })
    }

    /// The height of the newest block: fees are told of all from the oldest to the one after it.
    pub(super) fn newest(&self) -> u64 {
        let told = self.base_fee_per_gas.0.len().saturating_sub(2) as u64;
        let oldest = self.oldest_block.map_or(0, |oldest| oldest.to::<u64>());
        oldest.saturating_add(told)
    }
}
