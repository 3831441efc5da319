//! What is asked over a thin link: everything in one exchange, and of everything only what the caller does
//! not know. No block is asked for but the first: one with many transactions is larger than such a link
//! carries while it is up.

use alloy_primitives::{Address, B256, Bytes, U64, U256};
use parley_core::fees::FeeQuote;
use serde_json::{Value, json};

use super::account::{self, History};
use super::whereabouts::{Place, whereabouts};
use super::{Endpoint, Whereabouts, meeting};
use crate::block;
use crate::broadcast::{self, NO_ANSWER, SendFailure};
use crate::failure::ReadFailure;
use crate::transport::{Answer, Batch, Question, given, read, read_if_given};

/// How many blocks prices are taken from: an answer about more is longer.
const FEE_BLOCKS: &str = "0x4";
/// A program that returns the time of the block that it runs in: `TIMESTAMP`, put into memory and
/// returned. It is run by `eth_call` as if it made a contract, and changes nothing.
const TELL_TIME: &str = "0x4260005260206000f3";

/// What one exchange asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Which chain the endpoint answers for, and where that begins.
    pub chain: bool,
    /// What sending costs and whether the account can pay for it.
    pub means: bool,
    /// How many of the account's transactions are in blocks.
    pub count: bool,
    /// The same with those that wait at the endpoint.
    pub pending: bool,
    /// How many are in final blocks.
    pub settled: bool,
    /// Where these transactions are.
    pub places: Vec<B256>,
    /// These are offered, after everything else was answered.
    pub offers: Vec<Vec<u8>>,
}

/// What sending depends on besides the place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// What the account has, in wei.
    pub balance: U256,
    /// Whether code is run when something is sent to it.
    pub has_code: bool,
    /// What a place in a block costs.
    pub fees: FeeQuote,
    /// The height of the newest block.
    pub head: u64,
    /// Its time, seconds since 1970 UTC; `None` where the endpoint does not run the question.
    pub head_time: Option<u64>,
}

/// The answers; `None` or empty where nothing was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The chain id and the hash of block 0.
    pub chain: Option<(u64, B256)>,
    /// As [`Wanted::means`].
    pub means: Option<Means>,
    /// As [`Wanted::count`].
    pub count: Option<u64>,
    /// As [`Wanted::pending`]; `None` also where the endpoint does not tell.
    pub pending: Option<u64>,
    /// As [`Wanted::settled`]; `None` also where no block is final.
    pub settled: Option<u64>,
    /// For each of [`Wanted::places`] where it is, with the height of its block.
    pub places: Vec<(Whereabouts, Option<u64>)>,
    /// For each of [`Wanted::offers`] what came of it.
    pub offers: Vec<Result<(), SendFailure>>,
}

impl Wanted {
    /// Whether there is nothing to ask and nothing to offer.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn questions(&self, account: Address) -> Vec<Question> {
        let count = |wanted: bool, block: &str| {
            wanted.then(|| account::nonce(account, Value::String(block.to_owned())))
        };
        let mut questions = Vec::new();
        if self.chain {
            questions.extend([meeting::chain_id(), meeting::first()]);
        }
        if self.means {
            questions.extend(account::means(account, FEE_BLOCKS));
            questions.push(("eth_call", json!([{ "data": TELL_TIME }, "latest"])));
        }
        questions.extend(count(self.count, "latest"));
        questions.extend(count(self.pending, "pending"));
        questions.extend(count(self.settled, "finalized"));
        questions.extend(self.places.iter().map(whereabouts));
        questions.extend(self.offers.iter().map(|raw| broadcast::question(raw)));
        questions
    }

    fn read(&self, answers: Vec<Option<Answer>>) -> Result<Told, ReadFailure> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().flatten().ok_or(ReadFailure::BadAnswer);
        let mut told = Told::default();
        if self.chain {
            let chain_id = read::<U64>(next()?)?.to();
            told.chain = Some((chain_id, block::claimed_first(given(next()?)?.get())?));
        }
        if self.means {
            told.means = Some(means([next()?, next()?, next()?, next()?])?);
        }
        if self.count {
            told.count = Some(read::<U64>(next()?)?.to());
        }
        if self.pending {
            told.pending = count_if_given(next()?)?;
        }
        if self.settled {
            told.settled = count_if_given(next()?)?;
        }
        for _ in &self.places {
            let place = read::<Option<Place>>(next()?)?;
            let height = place.as_ref().and_then(Place::height);
            told.places.push((Whereabouts::from(place), height));
        }
        for raw in &self.offers {
            let answer = answers.next().flatten();
            let outcome = answer.map_or(NO_ANSWER, |answer| broadcast::outcome(raw, answer));
            told.offers.push(outcome);
        }
        Ok(told)
    }
}

impl Endpoint {
    /// Asks and offers in one exchange; one after another where the endpoint does not take several
    /// questions at once.
    ///
    /// # Errors
    /// No usable answer to a question: whether anything was taken of what was offered is not known.
    pub async fn exchange(&self, account: Address, wanted: &Wanted) -> Result<Told, ReadFailure> {
        let questions = wanted.questions(account);
        if let Some((only, [])) = questions.split_first() {
            let answer = self.transport.ask(only.clone()).await?;
            return wanted.read(vec![Some(answer)]);
        }
        match self.transport.ask_at_once(&questions).await? {
            (Batch::Answers(answers), _) => wanted.read(answers),
            (Batch::NotAtOnce { .. }, _) => {
                let mut answers = Vec::with_capacity(questions.len());
                for question in questions {
                    answers.push(Some(self.transport.ask(question).await?));
                }
                wanted.read(answers)
            }
        }
    }
}

fn means([balance, code, fees, time]: [Answer; 4]) -> Result<Means, ReadFailure> {
    let history: History = read(fees)?;
    Ok(Means {
        balance: read(balance)?,
        has_code: !read::<Bytes>(code)?.is_empty(),
        fees: history.quote()?,
        head: history.newest(),
        // An endpoint that runs no programs says nothing about the time.
        head_time: match read_if_given::<Bytes>(time) {
            Ok(Some(word)) => U256::try_from_be_slice(&word)
                .and_then(|time| u64::try_from(time).ok())
                .filter(|time| *time > 0),
            Ok(None) | Err(_) => None,
        },
    })
}

fn count_if_given(answer: Answer) -> Result<Option<u64>, ReadFailure> {
    let count = read_if_given::<Option<U64>>(answer)?.flatten();
    Ok(count.map(|count| count.to()))
}
