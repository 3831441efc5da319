//! Everything that a client asks a node, and where two nodes differ in their answers.

use std::collections::BTreeSet;

use parley_testkit::Anvil;
use serde_json::{Value, json};

use crate::{WRITER, post};

/// A transaction that no node knows.
pub(crate) const UNKNOWN: &str =
    "0x00000000000000000000000000000000000000000000000000000000000000aa";

/// Everything that a client asks, by a name.
pub(crate) struct Interview(Vec<(&'static str, &'static str, Value)>);

impl Interview {
    pub(crate) fn of(node: &Anvil) -> Self {
        let second = node.rpc("eth_getBlockByNumber", &json!(["0x2", true]));
        let hash = |index: usize| second["transactions"][index]["hash"].clone();
        let history = format!("0x{:064x}", 3);
        let block = |at: &str, whole: bool| ("eth_getBlockByNumber", json!([at, whole]));
        let questions = [
            ("chain", ("eth_chainId", json!([]))),
            ("head", ("eth_blockNumber", json!([]))),
            ("genesis", block("0x0", true)),
            ("one", block("0x1", true)),
            ("two", block("0x2", true)),
            ("thin", block("0x2", false)),
            (
                "by-hash",
                ("eth_getBlockByHash", json!([second["hash"], true])),
            ),
            ("three", block("0x3", true)),
            ("six", block("0x6", true)),
            ("above", block("0x63", true)),
            ("latest", block("latest", false)),
            ("safe", block("safe", false)),
            ("final", block("finalized", false)),
            (
                "count",
                ("eth_getTransactionCount", json!([WRITER, "latest"])),
            ),
            (
                "final-count",
                ("eth_getTransactionCount", json!([WRITER, "finalized"])),
            ),
            ("balance", ("eth_getBalance", json!([WRITER, "latest"]))),
            ("code", ("eth_getCode", json!([WRITER, "latest"]))),
            ("fees", ("eth_feeHistory", json!(["0x4", "latest", [50.0]]))),
            ("price", ("eth_gasPrice", json!([]))),
            (
                "estimate",
                ("eth_estimateGas", json!([{"from": WRITER, "to": WRITER}])),
            ),
            ("plain", ("eth_getTransactionByHash", json!([hash(0)]))),
            ("message", ("eth_getTransactionByHash", json!([hash(1)]))),
            ("receipt", ("eth_getTransactionReceipt", json!([hash(1)]))),
            ("unknown", ("eth_getTransactionByHash", json!([UNKNOWN]))),
            (
                "history",
                (
                    "eth_call",
                    json!([{"to": "0x0000F90827F1C53a10cb7A02335B175320002935", "data": history}, "latest"]),
                ),
            ),
            (
                "call",
                (
                    "eth_call",
                    json!([{"to": WRITER, "data": history}, "latest"]),
                ),
            ),
        ];
        Self(
            questions
                .into_iter()
                .map(|(name, (method, params))| (name, method, params))
                .collect(),
        )
    }

    /// All answers of one batch.
    pub(crate) fn with(&self, url: &str) -> Value {
        let body: Vec<Value> = (self.0.iter().enumerate())
            .map(|(id, (_, method, params))| {
                json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
            })
            .collect();
        let answers = post(url, &json!(body)).unwrap().json();
        let mut all = json!({});
        for ((name, ..), (id, answer)) in self
            .0
            .iter()
            .zip(answers.as_array().unwrap().iter().enumerate())
        {
            assert_eq!(answer["id"], id, "answers are in order");
            all[name] = answer["result"].clone();
        }
        all
    }
}

/// Where two answers differ; `*` is any index of an array.
pub(crate) fn differences(path: &str, one: &Value, other: &Value, found: &mut BTreeSet<String>) {
    let at = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let value = |of: &serde_json::Map<String, Value>| of.get(key).cloned();
                match (value(one), value(other)) {
                    (Some(one), Some(other)) => differences(&at(key), &one, &other, found),
                    (_, _) => drop(found.insert(at(key))),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differences(&at("*"), one, other, found);
            }
        }
        (one, other) if one == other => {}
        (_, _) => drop(found.insert(path.to_owned())),
    }
}
