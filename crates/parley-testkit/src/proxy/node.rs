//! The node behind the proxy, and JSON-RPC as far as a proxy must understand it. Never changes what
//! is said.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

/// So that a proxy in front of a node that hangs can still be dropped.
const PATIENCE: Duration = Duration::from_secs(60);

/// One question, as a client asked it.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) params: Value,
    pub(super) id: Value,
}

/// What is answered: a result, or an error object.
pub(super) type Reply = Result<Value, Value>;

/// The questions of one request.
#[derive(Clone, Debug)]
pub(super) struct Questions {
    pub(super) calls: Vec<Call>,
    pub(super) batch: bool,
}

impl Questions {
    /// Those in a body; none where it holds something else.
    pub(super) fn read(body: &[u8]) -> Self {
        let (all, batch) = match serde_json::from_slice(body) {
            Ok(Value::Array(all)) => (all, true),
            Ok(one) => (vec![one], false),
            Err(_) => (Vec::new(), false),
        };
        let calls = all.into_iter().filter_map(Call::read).collect();
        Self { calls, batch }
    }

    /// The body that answers them.
    pub(super) fn answered(&self, replies: Vec<Reply>) -> Vec<u8> {
        let one = |(call, reply): (&Call, Reply)| match reply {
            Ok(result) => json!({"jsonrpc": "2.0", "id": call.id, "result": result}),
            Err(error) => json!({"jsonrpc": "2.0", "id": call.id, "error": error}),
        };
        let mut all: Vec<Value> = self.calls.iter().zip(replies).map(one).collect();
        let body = match (self.batch, all.pop()) {
            (false, Some(only)) => only,
            (_, last) => all.into_iter().chain(last).collect(),
        };
        body.to_string().into_bytes()
    }
}

impl Call {
    fn read(mut json: Value) -> Option<Self> {
        Some(Self {
            method: json["method"].as_str()?.to_owned(),
            params: json["params"].take(),
            id: json["id"].take(),
        })
    }

    /// A parameter as text; empty where there is none.
    pub(super) fn text(&self, index: usize) -> &str {
        self.params[index].as_str().unwrap_or_default()
    }
}

/// What a node sent, as it came.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) body: Vec<u8>,
}

/// The node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    url: String,
    agent: Agent,
}

impl Node {
    pub(super) fn new(url: &str) -> Self {
        // No connection is kept: one that a restarted node has closed would look like a fault.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(0)
            .build();
        Self {
            url: url.to_owned(),
            agent: config.into(),
        }
    }

    /// Hands a body on.
    pub(super) fn post(&self, body: &[u8]) -> io::Result<Said> {
        let request = self.agent.post(&self.url);
        let request = request.header("content-type", "application/json");
        let mut response = request.send(body).map_err(io::Error::other)?;
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        Ok(Said {
            status: response.status().as_u16(),
            kind: kind.to_owned(),
            body: (response.body_mut().with_config().limit(u64::MAX))
                .read_to_vec()
                .map_err(io::Error::other)?,
        })
    }

    /// Asks all at once; the replies are in the order of the questions.
    pub(super) fn ask_all(&self, questions: &[(&str, Value)]) -> io::Result<Vec<Reply>> {
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let body: Vec<Value> = (questions.iter().zip(0..))
            .map(|((method, params), id): (_, u32)| {
                json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
            })
            .collect();
        let said = self.post(Value::from(body).to_string().as_bytes())?;
        let mut answers: Vec<Value> = serde_json::from_slice(&said.body)?;
        answers.sort_by_key(|answer| answer["id"].as_u64());
        if answers.len() == questions.len() {
            Ok(answers.into_iter().map(reply).collect())
        } else {
            Err(io::Error::other("the node left questions unanswered"))
        }
    }

    /// Asks one question that the node does answer.
    pub(super) fn ask(&self, method: &str, params: Value) -> io::Result<Value> {
        let mut replies = self.ask_all(&[(method, params)])?;
        match replies.pop() {
            Some(Ok(result)) => Ok(result),
            Some(Err(error)) => Err(io::Error::other(format!("{method}: {error}"))),
            None => Err(io::Error::other("no answer")),
        }
    }

    /// A whole block by a height or a tag.
    pub(super) fn block(&self, at: impl Into<Value>) -> io::Result<Value> {
        self.ask("eth_getBlockByNumber", json!([at.into(), true]))
    }
}

fn reply(mut answer: Value) -> Reply {
    match answer.get_mut("error") {
        Some(error) => Err(error.take()),
        None => Ok(answer["result"].take()),
    }
}

/// A quantity (execution API: `0x` and hexadecimal digits without leading zeros).
pub(super) fn quantity(number: impl Into<u128>) -> Value {
    json!(format!("{:#x}", number.into()))
}

/// The number in a quantity; `None` where it is none, or too large for what is asked here.
pub(super) fn number(value: &Value) -> Option<u64> {
    u64::try_from(large(value)?).ok()
}

/// The same for amounts.
pub(super) fn large(value: &Value) -> Option<u128> {
    u128::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}
