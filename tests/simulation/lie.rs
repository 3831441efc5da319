//! What a lying endpoint makes of an honest answer. It changes one answer and remembers nothing.

use serde_json::{Value, json};

/// What an endpoint lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Whiteflag messages are left out of blocks.
    Omits,
    /// What is offered is called taken, and thrown away.
    Forgets,
    /// The account has sent more than it has.
    Nonce,
    /// The newest block is called final.
    Finality,
    /// Everything costs a thousand times as much.
    Fees,
    /// No transaction is known.
    Blind,
}

/// Every one.
pub(crate) const LIES: [Lie; 6] = [
    Lie::Omits,
    Lie::Forgets,
    Lie::Nonce,
    Lie::Finality,
    Lie::Fees,
    Lie::Blind,
];

impl Lie {
    /// What is asked of the node behind it: of a block called final, the newest.
    pub(crate) fn question(self, call: &Value) -> Value {
        let mut call = call.clone();
        let asks_final = matches!(call["params"][0].as_str(), Some("safe" | "finalized"));
        if self == Self::Finality && asks_final {
            call["params"][0] = json!("latest");
        }
        call
    }

    /// Whether the node behind it never hears of this call.
    pub(crate) fn swallows(self, method: &str) -> bool {
        self == Self::Forgets && method == "eth_sendRawTransaction"
    }

    /// What it says instead of `result`.
    pub(crate) fn tell(self, method: &str, result: &mut Value) {
        match (self, method) {
            (Self::Omits, "eth_getBlockByNumber") => {
                // Of a block that is there: indexing would make one up.
                let transactions = result.get_mut("transactions");
                if let Some(transactions) = transactions.and_then(Value::as_array_mut) {
                    transactions.retain(|one| !is_whiteflag(one));
                }
            }
            (Self::Nonce, "eth_getTransactionCount") => *result = json!(raised(result, 3)),
            (Self::Fees, "eth_feeHistory") => times_1000(result),
            (Self::Blind, "eth_getTransactionByHash") => *result = Value::Null,
            _ => {}
        }
    }
}

fn is_whiteflag(transaction: &Value) -> bool {
    let input = transaction["input"].as_str().unwrap_or_default();
    input.starts_with("0x5746")
}

fn number(value: &Value) -> u64 {
    let digits = value.as_str().unwrap_or_default();
    u64::from_str_radix(digits.trim_start_matches("0x"), 16).unwrap_or(0)
}

fn raised(value: &Value, by: u64) -> String {
    format!("0x{:x}", number(value) + by)
}

fn times_1000(value: &mut Value) {
    match value {
        Value::String(_) => *value = json!(format!("0x{:x}", number(value) * 1_000)),
        Value::Array(all) => all.iter_mut().for_each(times_1000),
        Value::Object(fields) => {
            for (name, field) in fields {
                if matches!(name.as_str(), "baseFeePerGas" | "reward") {
                    times_1000(field);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
