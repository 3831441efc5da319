//! One JSON-RPC endpoint over HTTP: sizes and times are capped, nothing is retried, followed or
//! cached. It knows no method.

use std::time::Duration;

use reqwest::{Client, Url, redirect::Policy};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The largest answer that is read, decompressed. A block has at most 10 MiB (EIP-7934), which is a
/// little more than twice as much in JSON.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// From the first byte sent to the last byte read.
const DEADLINE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(10);

/// An address that cannot be an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is not the address of an endpoint. Nothing was changed. Give one that begins with http:// or https://."
)]
pub struct BadUrl;

/// Why there is no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFailure {
    /// Nothing answers, or not in time.
    #[error("the endpoint does not answer")]
    Unreachable,
    /// What answers does not answer the question: no JSON-RPC, or something impossible.
    #[error("the endpoint gives answers that cannot be right")]
    BadAnswer,
    /// The answer is larger than anything that could be right.
    #[error("the endpoint's answer is too large")]
    TooLarge,
    /// The endpoint refuses the question.
    #[error("the endpoint refuses to answer")]
    Refused,
}

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

/// The way to an endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    url: Url,
    client: Client,
}

impl Transport {
    pub(crate) fn new(url: &str) -> Result<Self, BadUrl> {
        let url = Url::parse(url).map_err(|_| BadUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(BadUrl);
        }
        Ok(Self {
            url,
            client: client().map_err(|_| BadUrl)?,
        })
    }

    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Asks one question.
    pub(crate) async fn ask(&self, (method, params): Question) -> Result<Answer, ReadFailure> {
        let body = json!({ "jsonrpc": "2.0", "id": 0, "method": method, "params": params });
        let bytes = self.post(&body).await?;
        let reply: Reply = serde_json::from_slice(&bytes).map_err(|_| ReadFailure::BadAnswer)?;
        // Only a refusal may come without the question's id (JSON-RPC 2.0, 5).
        match reply.id {
            Some(0) => answer(reply),
            None if reply.error.is_some() => answer(reply),
            Some(_) | None => Err(ReadFailure::BadAnswer),
        }
    }

    /// Asks several questions at once; the answers are in the order of the questions.
    pub(crate) async fn ask_all(&self, questions: &[Question]) -> Result<Vec<Answer>, ReadFailure> {
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let calls: Vec<Value> = questions
            .iter()
            .enumerate()
            .map(|(id, (method, params))| {
                json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
            })
            .collect();
        let bytes = self.post(&Value::Array(calls)).await?;
        let replies: Vec<Reply> =
            serde_json::from_slice(&bytes).map_err(|_| ReadFailure::BadAnswer)?;
        in_order(replies, questions.len())
    }

    async fn post(&self, body: &Value) -> Result<Vec<u8>, ReadFailure> {
        let request = self.client.post(self.url.clone()).json(body).send();
        let mut response = request.await.map_err(|_| ReadFailure::Unreachable)?;
        let status = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| ReadFailure::Unreachable)?
        {
            if bytes.len().saturating_add(chunk.len()) > MOST_BYTES {
                return Err(ReadFailure::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        // Some nodes send an error object with a 4xx status; anything else there is no JSON-RPC.
        if status.is_server_error() || status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(ReadFailure::Unreachable);
        }
        Ok(bytes)
    }
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

fn in_order(replies: Vec<Reply>, count: usize) -> Result<Vec<Answer>, ReadFailure> {
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
    slots
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or(ReadFailure::BadAnswer)
}

/// Own roots and own TLS provider: the system's store may hold a state's certificate authority, and
/// the platform verifier does not work on every phone.
fn client() -> Result<Client, reqwest::Error> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = Client::builder();
    let builder = match rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
    {
        Ok(config) => builder
            .tls_backend_preconfigured(config.with_root_certificates(roots).with_no_client_auth()),
        Err(_) => builder,
    };
    builder
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .timeout(DEADLINE)
        .build()
}

/// Reads an answer that must be there.
pub(crate) fn read<T: for<'a> Deserialize<'a>>(answer: Answer) -> Result<T, ReadFailure> {
    let raw = answer.map_err(|_| ReadFailure::Refused)?;
    serde_json::from_str(raw.get()).map_err(|_| ReadFailure::BadAnswer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_endpoints() {
        assert!(Transport::new("http://127.0.0.1:8545").is_ok());
        assert!(Transport::new("https://example.org/key").is_ok());
        for url in [
            "",
            "127.0.0.1:8545",
            "file:///etc/passwd",
            "ws://127.0.0.1:8545",
            "http://",
        ] {
            assert_eq!(Transport::new(url).err(), Some(BadUrl), "{url}");
        }
    }

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let text = r#"[{"id":1,"result":"b"},{"id":0,"error":{"code":-1,"message":"no"}}]"#;
        let replies = serde_json::from_str(text).unwrap();
        let answers = in_order(replies, 2).unwrap();
        assert_eq!(answers[0].as_ref().unwrap_err().code, -1);
        assert_eq!(answers[1].as_ref().unwrap().get(), "\"b\"");
    }

    #[test]
    fn a_missing_a_doubled_or_a_strange_answer_is_no_answer() {
        for text in [
            r#"[{"id":0,"result":1}]"#,
            r#"[{"id":0,"result":1},{"id":0,"result":1}]"#,
            r#"[{"id":0,"result":1},{"id":7,"result":1}]"#,
        ] {
            let replies = serde_json::from_str(text).unwrap();
            assert_eq!(
                in_order(replies, 2).unwrap_err(),
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
}
