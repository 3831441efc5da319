//! JSON-RPC 2.0 with one endpoint: bodies are made, answers are put to their questions, octets are
//! counted. It knows no method, and retries nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use reqwest::Url;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::broadcast::dialect;
use crate::carrier::{Carried, Carrier};
use crate::failure::{BadUrl, ReadFailure};
use crate::few::at_most;

/// So many questions are asked one after another where an endpoint takes fewer at once.
const FEW: usize = 16;

/// What an endpoint says when it refuses; its text is a hint and is never shown or kept.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RpcError {
    #[serde(default)]
    pub(crate) code: i64,
    #[serde(default)]
    pub(crate) message: String,
}

#[derive(Deserialize)]
struct Reply {
    id: Option<usize>,
    result: Option<Box<RawValue>>,
    error: Option<RpcError>,
}

/// A question: a method and its parameters.
pub(crate) type Question = (&'static str, Value);
/// The answer to one question. `null` is an answer.
pub(crate) type Answer = Result<Box<RawValue>, RpcError>;

/// What came of asking several questions at once.
pub(crate) enum Batch {
    /// The answers in the order of the questions; `None` for one that did not come.
    Answers(Vec<Option<Answer>>),
    /// The endpoint takes no questions at once, or not so many. None of them was looked at.
    NotAtOnce {
        /// Whether fewer would be taken.
        fewer: bool,
    },
}

/// What was carried to and from an endpoint since it was made, by all its clones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Octets sent.
    pub sent: u64,
    /// Octets received, packed as they came.
    pub received: u64,
    /// HTTP requests, failed ones too.
    pub requests: u64,
    /// Milliseconds that answers took, in all.
    pub waited_ms: u64,
}

/// What is remembered of an endpoint between questions.
#[derive(Debug, Default)]
struct Record {
    sent: AtomicU64,
    received: AtomicU64,
    requests: AtomicU64,
    waited_ms: AtomicU64,
    one_by_one: AtomicBool,
}

/// The way to an endpoint.
#[derive(Clone)]
pub(crate) struct Transport {
    url: Url,
    carrier: Arc<dyn Carrier>,
    record: Arc<Record>,
}

impl Transport {
    pub(crate) fn over(url: &str, carrier: Arc<dyn Carrier>) -> Result<Self, BadUrl> {
        let url = Url::parse(url).map_err(|_| BadUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(BadUrl);
        }
        Ok(Self {
            url,
            carrier,
            record: Arc::default(),
        })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn traffic(&self) -> Traffic {
        self.record.traffic()
    }

    /// Asks one question.
    pub(crate) async fn ask(&self, question: Question) -> Result<Answer, ReadFailure> {
        self.ask_counted(&question).await.map(|(answer, _)| answer)
    }

    /// Asks several questions at once; the answers are in the order of the questions.
    pub(crate) async fn ask_all(&self, questions: &[Question]) -> Result<Vec<Answer>, ReadFailure> {
        let answers = self.ask_all_counted(questions).await;
        answers.map(|(answers, _)| answers)
    }

    /// The same, with how many octets the answers have, unpacked. One after another where the
    /// endpoint does not take them at once; [`ReadFailure::TooLarge`] when they are many.
    pub(crate) async fn ask_all_counted(
        &self,
        questions: &[Question],
    ) -> Result<(Vec<Answer>, u64), ReadFailure> {
        match self.ask_at_once(questions).await? {
            (Batch::Answers(answers), bytes) => {
                let answers: Option<Vec<Answer>> = answers.into_iter().collect();
                Ok((answers.ok_or(ReadFailure::BadAnswer)?, bytes))
            }
            (Batch::NotAtOnce { fewer: true }, _) if questions.len() > FEW => {
                Err(ReadFailure::TooLarge)
            }
            (Batch::NotAtOnce { .. }, bytes) => {
                let (answers, more) = self.ask_each(questions).await?;
                Ok((answers, bytes.saturating_add(more)))
            }
        }
    }

    /// Asks several questions at once and only so.
    pub(crate) async fn ask_at_once(
        &self,
        questions: &[Question],
    ) -> Result<(Batch, u64), ReadFailure> {
        if questions.is_empty() {
            return Ok((Batch::Answers(Vec::new()), 0));
        }
        if self.record.one_by_one.load(Relaxed) {
            return Ok((Batch::NotAtOnce { fewer: false }, 0));
        }
        let calls = questions.iter().enumerate();
        let calls: Vec<Value> = calls.map(|(id, question)| call(id, question)).collect();
        let bytes = self.post(&Value::Array(calls)).await?;
        let batch = batch(&bytes, questions.len())?;
        if matches!(batch, Batch::NotAtOnce { fewer: false }) {
            self.record.one_by_one.store(true, Relaxed);
        }
        Ok((batch, bytes.len() as u64))
    }

    async fn ask_each(&self, questions: &[Question]) -> Result<(Vec<Answer>, u64), ReadFailure> {
        let mut answers = Vec::with_capacity(questions.len());
        let mut bytes = 0_u64;
        for question in questions {
            let (answer, more) = self.ask_counted(question).await?;
            answers.push(answer);
            bytes = bytes.saturating_add(more);
        }
        Ok((answers, bytes))
    }

    async fn ask_counted(&self, question: &Question) -> Result<(Answer, u64), ReadFailure> {
        let bytes = self.post(&call(0, question)).await?;
        let reply: Reply = serde_json::from_slice(&bytes).map_err(|_| ReadFailure::BadAnswer)?;
        // Only a refusal may come without the question's id (JSON-RPC 2.0, 5).
        let answer = match reply.id {
            Some(0) => answer(reply)?,
            None if reply.error.is_some() => answer(reply)?,
            Some(_) | None => return Err(ReadFailure::BadAnswer),
        };
        Ok((answer, bytes.len() as u64))
    }

    async fn post(&self, body: &Value) -> Result<Vec<u8>, ReadFailure> {
        let body = body.to_string().into_bytes();
        let carried = self.carrier.carry(&self.url, body).await;
        self.record.count(&carried);
        let bytes = carried.body?;
        if is_page(&bytes) {
            return Err(ReadFailure::NotAnEndpoint);
        }
        Ok(bytes)
    }
}

impl Record {
    fn count(&self, carried: &Carried) {
        self.sent.fetch_add(carried.sent, Relaxed);
        self.received.fetch_add(carried.received, Relaxed);
        self.requests.fetch_add(1, Relaxed);
        self.waited_ms.fetch_add(carried.ms, Relaxed);
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            sent: self.sent.load(Relaxed),
            received: self.received.load(Relaxed),
            requests: self.requests.load(Relaxed),
            waited_ms: self.waited_ms.load(Relaxed),
        }
    }
}

impl RpcError {
    /// What a refusal of a question means.
    pub(crate) fn failure(&self) -> ReadFailure {
        if dialect::is_too_much(self) {
            ReadFailure::TooLarge
        } else if dialect::is_throttled(self) {
            ReadFailure::Busy {
                retry_after_ms: None,
            }
        } else {
            ReadFailure::Refused
        }
    }
}

fn call(id: usize, (method, params): &Question) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// A page for people instead of JSON.
fn is_page(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"<")
}

fn answer(reply: Reply) -> Result<Answer, ReadFailure> {
    match (reply.result, reply.error) {
        (_, Some(error)) => Ok(Err(error)),
        (Some(result), None) => Ok(Ok(result)),
        // serde reads `"result": null` as absent.
        (None, None) if reply.id.is_some() => RawValue::from_string("null".to_owned())
            .map(Ok)
            .map_err(|_| ReadFailure::BadAnswer),
        (None, None) => Err(ReadFailure::BadAnswer),
    }
}

/// The answers to so many questions, or that they are not taken at once.
fn batch(bytes: &[u8], count: usize) -> Result<Batch, ReadFailure> {
    let Ok(replies) = at_most::<Reply>(count, bytes) else {
        let reply: Reply = serde_json::from_slice(bytes).map_err(|_| ReadFailure::BadAnswer)?;
        return not_at_once(&reply.error.ok_or(ReadFailure::BadAnswer)?);
    };
    // Some refuse all by one refusal in an array, with the id of the first question.
    if let [
        Reply {
            error: Some(error), ..
        },
    ] = replies.as_slice()
        && count > 1
        && dialect::is_about_batches(error)
    {
        return not_at_once(error);
    }
    in_order(replies, count).map(Batch::Answers)
}

fn not_at_once(error: &RpcError) -> Result<Batch, ReadFailure> {
    let fewer = dialect::is_too_much(error);
    if !fewer && dialect::is_throttled(error) {
        return Err(error.failure());
    }
    Ok(Batch::NotAtOnce { fewer })
}

fn in_order(replies: Vec<Reply>, count: usize) -> Result<Vec<Option<Answer>>, ReadFailure> {
    let mut slots: Vec<Option<Answer>> = (0..count).map(|_| None).collect();
    for reply in replies {
        let slot = reply
            .id
            .and_then(|id| slots.get_mut(id))
            .ok_or(ReadFailure::BadAnswer)?;
        if slot.replace(answer(reply)?).is_some() {
            return Err(ReadFailure::BadAnswer);
        }
    }
    Ok(slots)
}

/// Reads an answer that must be there.
pub(crate) fn read<T: for<'a> Deserialize<'a>>(answer: Answer) -> Result<T, ReadFailure> {
    let raw = given(answer)?;
    serde_json::from_str(raw.get()).map_err(|_| ReadFailure::BadAnswer)
}

/// An answer that must be there.
pub(crate) fn given(answer: Answer) -> Result<Box<RawValue>, ReadFailure> {
    answer.map_err(|error| error.failure())
}

/// An answer that an endpoint may not be able to give. Being asked too much is another matter.
pub(crate) fn if_given(answer: Answer) -> Result<Option<Box<RawValue>>, ReadFailure> {
    match given(answer) {
        Ok(raw) => Ok(Some(raw)),
        Err(ReadFailure::Refused) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Reads an answer that an endpoint may refuse, or answer by `null`.
pub(crate) fn read_if_given<T: for<'a> Deserialize<'a>>(
    answer: Answer,
) -> Result<Option<T>, ReadFailure> {
    match if_given(answer)? {
        Some(raw) => serde_json::from_str(raw.get()).map_err(|_| ReadFailure::BadAnswer),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(text: &str, count: usize) -> Result<Vec<Option<Answer>>, ReadFailure> {
        match batch(text.as_bytes(), count)? {
            Batch::Answers(answers) => Ok(answers),
            Batch::NotAtOnce { .. } => Err(ReadFailure::Refused),
        }
    }

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let text = r#"[{"id":1,"result":"b"},{"id":0,"error":{"code":-1,"message":"no"}}]"#;
        let answers = answers(text, 2).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().as_ref().unwrap_err().code, -1);
        let second = answers[1].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(second.get(), "\"b\"");
    }

    #[test]
    fn a_missing_answer_is_seen_to_be_missing() {
        let answers = answers(r#"[{"id":1,"result":1}]"#, 2).unwrap();
        assert!(answers[0].is_none() && answers[1].is_some());
    }

    #[test]
    fn a_doubled_or_a_strange_answer_is_no_answer() {
        for text in [
            r#"[{"id":0,"result":1},{"id":0,"result":1}]"#,
            r#"[{"id":0,"result":1},{"id":7,"result":1}]"#,
            r#"{"id":0,"result":1}"#,
        ] {
            assert_eq!(
                answers(text, 2).unwrap_err(),
                ReadFailure::BadAnswer,
                "{text}"
            );
        }
    }

    #[test]
    fn null_is_an_answer_and_nothing_is_not() {
        let null = serde_json::from_str(r#"{"id":0,"result":null}"#).unwrap();
        assert_eq!(answer(null).unwrap().unwrap().get(), "null");
        let nothing = serde_json::from_str("{}").unwrap();
        assert_eq!(answer(nothing).unwrap_err(), ReadFailure::BadAnswer);
    }

    #[test]
    fn questions_that_are_not_taken_at_once_are_told_from_refused_ones() {
        for (text, fewer) in [
            (
                r#"{"id":null,"error":{"code":-32600,"message":"Invalid Request"}}"#,
                false,
            ),
            (
                r#"{"error":{"code":-32600,"message":"batch requests are not supported"}}"#,
                false,
            ),
            (
                r#"[{"id":null,"error":{"code":-32005,"message":"Batched requests are not supported by this server"}}]"#,
                false,
            ),
            (
                r#"[{"id":0,"error":{"code":-32600,"message":"batch too large"}}]"#,
                true,
            ),
            (
                r#"{"id":null,"error":{"code":-32005,"message":"Number of requests exceeds max batch size"}}"#,
                true,
            ),
        ] {
            let said = batch(text.as_bytes(), 2).unwrap();
            assert!(
                matches!(said, Batch::NotAtOnce { fewer: told } if told == fewer),
                "{text}"
            );
        }
        let limited = r#"{"error":{"code":-32005,"message":"daily request count exceeded, request rate limited"}}"#;
        let busy = ReadFailure::Busy {
            retry_after_ms: None,
        };
        assert_eq!(batch(limited.as_bytes(), 2).err(), Some(busy));
    }
}
