//! The node's JSON-RPC 2.0: one body, a single call or a batch, gives one body. Batches have geth's
//! limits. What the methods mean is in `methods`.

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use super::Strict;
use super::dialect::Said;

/// Calls of one batch, at most (geth's `BatchRequestLimit`).
const MOST_CALLS: usize = 1_000;
/// Octets of the answers of one batch, after which the rest is refused (geth's
/// `BatchResponseMaxSize`).
const MOST_ANSWER: usize = 25_000_000;

impl Strict {
    /// Answers one body. A call without an id is done and not answered, so the answer may be empty.
    pub fn answer(&mut self, body: &[u8]) -> Vec<u8> {
        let answer = match serde_json::from_slice(body) {
            Ok(Value::Array(calls)) => self.batch(&calls),
            Ok(call) => self.single(&call),
            Err(_) => Some(failed(&Value::Null, &Said::new(-32_700, "parse error"))),
        };
        answer
            .map(|answer| answer.to_string().into_bytes())
            .unwrap_or_default()
    }

    /// What comes of one question; null where that is an error.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let mut answer = self.single(&call).unwrap_or_default();
        answer["result"].take()
    }

    fn batch(&mut self, calls: &[Value]) -> Option<Value> {
        if calls.is_empty() {
            return Some(failed(&Value::Null, &Said::new(-32_600, "empty batch")));
        }
        if calls.len() > MOST_CALLS {
            let id = calls
                .iter()
                .find_map(|call| call.get("id"))
                .unwrap_or(&Value::Null);
            return Some(json!([failed(id, &Said::new(-32_600, "batch too large"))]));
        }
        let (mut answers, mut octets) = (Vec::new(), 0);
        for call in calls {
            let answer = if octets > MOST_ANSWER {
                let too_large = Said::new(-32_003, "response too large");
                call.get("id").map(|id| failed(id, &too_large))
            } else {
                self.single(call)
            };
            octets += answer.as_ref().map_or(0, size);
            answers.extend(answer);
        }
        (!answers.is_empty()).then(|| json!(answers))
    }

    fn single(&mut self, call: &Value) -> Option<Value> {
        let (Some(method), "2.0") = (
            call["method"].as_str(),
            call["jsonrpc"].as_str().unwrap_or_default(),
        ) else {
            return Some(failed(&call["id"], &Said::new(-32_600, "invalid request")));
        };
        let params = call["params"].as_array().cloned().unwrap_or_default();
        let result = self.call(method, &params);
        let id = call.get("id")?;
        Some(match result {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Err(said) => failed(id, &said),
        })
    }
}

/// The octets of the transactions that a body offers, in its order.
#[must_use]
pub fn offers(body: &[u8]) -> Vec<Bytes> {
    let calls = match serde_json::from_slice(body) {
        Ok(Value::Array(calls)) => calls,
        Ok(call) => vec![call],
        Err(_) => Vec::new(),
    };
    let raw = |call: &Value| {
        let offers = call["method"] == "eth_sendRawTransaction";
        offers.then(|| serde_json::from_value(call["params"][0].clone()).ok())?
    };
    calls.iter().filter_map(raw).collect()
}

/// About how long an answer is: what is long in one are its strings.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| key.len() + 3 + size(value))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 4,
    }
}

fn failed(id: &Value, said: &Said) -> Value {
    let error = json!({ "code": said.code, "message": said.message });
    json!({ "jsonrpc": "2.0", "id": id, "error": error })
}
