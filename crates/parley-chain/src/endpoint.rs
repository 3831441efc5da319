//! The questions that Parley asks of an endpoint, with typed answers. What the answers mean for a
//! message is decided elsewhere.

use alloy_primitives::{Address, B256, U64, U128, U256};
use parley_core::{chain::Header, fees::FeeQuote};
use serde::Deserialize;
use serde_json::json;

use crate::block::{self, Block};
use crate::transport::{BadUrl, Question, ReadFailure, Transport, read};

/// How many blocks the priority fee is taken from, and which share of them paid less.
const FEE_BLOCKS: &str = "0x14";
const FEE_PERCENTILE: f64 = 50.0;
/// Where a chain's newest blocks pay no priority fee at all.
const LEAST_PRIORITY: u128 = 1_000_000;

/// One endpoint of a network.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub(crate) transport: Transport,
}

/// What an endpoint says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The chain id that it answers for (EIP-695).
    pub chain_id: u64,
    /// The hash of block 0.
    pub genesis: B256,
    /// The height of its newest block.
    pub head: u64,
}

/// How settled a block is (execution API, block tags).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Not expected to be replaced.
    Safe,
    /// Never replaced.
    Finalized,
}

/// Where an endpoint says that a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// It does not know it.
    Unknown,
    /// It waits for a block.
    Pool,
    /// It is in a block.
    Block,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeeHistory {
    base_fee_per_gas: Vec<U128>,
    reward: Option<Vec<Vec<U128>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    block_number: Option<U64>,
}

impl Endpoint {
    /// An endpoint by its address. Asks nothing.
    ///
    /// # Errors
    /// The address is not one of the web.
    pub fn new(url: &str) -> Result<Self, BadUrl> {
        Transport::new(url).map(|transport| Self { transport })
    }

    /// Its address, in the form that is stored.
    #[must_use]
    pub fn url(&self) -> &str {
        self.transport.url()
    }

    /// Which chain it answers for, and how far that goes.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn hello(&self) -> Result<Hello, ReadFailure> {
        let first = json!([U64::ZERO, false]);
        let questions: [Question; 3] = [
            ("eth_chainId", json!([])),
            ("eth_getBlockByNumber", first),
            ("eth_blockNumber", json!([])),
        ];
        let [chain_id, genesis, head] =
            <[_; 3]>::try_from(self.transport.ask_all(&questions).await?)
                .map_err(|_| ReadFailure::BadAnswer)?;
        let genesis = genesis.map_err(|_| ReadFailure::Refused)?;
        let genesis = block::header_at(genesis.get(), 0)?.ok_or(ReadFailure::BadAnswer)?;
        Ok(Hello {
            chain_id: read::<U64>(chain_id)?.to(),
            genesis: genesis.hash,
            head: read::<U64>(head)?.to(),
        })
    }

    /// The header at this height, its hash recomputed where the header is of a known form; `None`
    /// above the newest.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn header(&self, number: u64) -> Result<Option<Header>, ReadFailure> {
        let question = ("eth_getBlockByNumber", json!([U64::from(number), false]));
        let raw = self
            .transport
            .ask(question)
            .await?
            .map_err(|_| ReadFailure::Refused)?;
        block::header_at(raw.get(), number)
    }

    /// Whole blocks, from the first on, as far as the endpoint has them in one piece. Transactions that
    /// are signed for another chain than `chain_id` (EIP-155) are no messages in them.
    ///
    /// # Errors
    /// No usable answer; [`ReadFailure::TooLarge`] when so many do not fit into one answer.
    pub async fn blocks(
        &self,
        first: u64,
        count: u64,
        chain_id: u64,
    ) -> Result<Vec<Block>, ReadFailure> {
        let numbers = first..first.saturating_add(count);
        let questions: Vec<Question> = numbers
            .clone()
            .map(|number| ("eth_getBlockByNumber", json!([U64::from(number), true])))
            .collect();
        let answers = self.transport.ask_all(&questions).await?;
        let mut blocks = Vec::with_capacity(answers.len());
        for (answer, number) in answers.into_iter().zip(numbers) {
            let raw = answer.map_err(|_| ReadFailure::Refused)?;
            let Some(block) = block::verified(raw.get(), number, chain_id)? else {
                break;
            };
            blocks.push(block);
        }
        Ok(blocks)
    }

    /// The height and hash of the newest block that is so settled; `None` where the endpoint knows
    /// no such block.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn tagged(&self, tag: Tag) -> Result<Option<(u64, B256)>, ReadFailure> {
        let question = ("eth_getBlockByNumber", json!([tag.word(), false]));
        // A node before the merge, or a chain without finality, refuses or answers null.
        let Ok(raw) = self.transport.ask(question).await? else {
            return Ok(None);
        };
        Ok(block::header(raw.get())?.map(|header| (header.number, header.hash)))
    }

    /// How many transactions of an account are in blocks, up to the newest.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn nonce(&self, account: Address) -> Result<u64, ReadFailure> {
        self.number(("eth_getTransactionCount", json!([account, "latest"])))
            .await
    }

    /// How many transactions of an account are in final blocks; `None` where there are none.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn final_nonce(&self, account: Address) -> Result<Option<u64>, ReadFailure> {
        let question = ("eth_getTransactionCount", json!([account, "finalized"]));
        let Ok(raw) = self.transport.ask(question).await? else {
            return Ok(None);
        };
        read::<U64>(Ok(raw)).map(|count| Some(count.to()))
    }

    /// What an account has, in wei.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn balance(&self, account: Address) -> Result<U256, ReadFailure> {
        read(
            self.transport
                .ask(("eth_getBalance", json!([account, "latest"])))
                .await?,
        )
    }

    /// What a place in a block costs now.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn fees(&self) -> Result<FeeQuote, ReadFailure> {
        let params = json!([FEE_BLOCKS, "latest", [FEE_PERCENTILE]]);
        let history: FeeHistory = read(self.transport.ask(("eth_feeHistory", params)).await?)?;
        let base_fee = history
            .base_fee_per_gas
            .last()
            .ok_or(ReadFailure::BadAnswer)?
            .to();
        let mut paid: Vec<u128> = history
            .reward
            .unwrap_or_default()
            .iter()
            .filter_map(|block| block.first().map(U128::to))
            .collect();
        paid.sort_unstable();
        let median = paid.get(paid.len() / 2).copied().unwrap_or_default();
        Ok(FeeQuote {
            base_fee,
            priority: median.max(LEAST_PRIORITY),
        })
    }

    /// Where transactions are, in the order of the hashes.
    ///
    /// # Errors
    /// No usable answer.
    pub async fn whereabouts(&self, hashes: &[B256]) -> Result<Vec<Whereabouts>, ReadFailure> {
        let questions: Vec<Question> = hashes
            .iter()
            .map(|hash| ("eth_getTransactionByHash", json!([hash])))
            .collect();
        let answers = self.transport.ask_all(&questions).await?;
        answers
            .into_iter()
            .map(|answer| Ok(Whereabouts::from(read::<Option<Place>>(answer)?)))
            .collect()
    }

    async fn number(&self, question: Question) -> Result<u64, ReadFailure> {
        read::<U64>(self.transport.ask(question).await?).map(|number| number.to())
    }
}

impl Tag {
    fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Finalized => "finalized",
        }
    }
}

impl From<Option<Place>> for Whereabouts {
    fn from(place: Option<Place>) -> Self {
        match place {
            None => Self::Unknown,
            Some(Place { block_number: None }) => Self::Pool,
            Some(Place {
                block_number: Some(_),
            }) => Self::Block,
        }
    }
}
