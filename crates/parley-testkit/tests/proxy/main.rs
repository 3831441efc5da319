//! The fault proxy before a real node, as a plain client sees it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod branches;
mod faults;
mod interview;
mod lies;
mod offers;
mod port;

use std::time::Duration;

use parley_chain::{Account, Sealed, Sealing};
use parley_core::fees::Offer;
use parley_testkit::Anvil;
use serde_json::{Value, json};

/// The first development account of the node.
const WRITER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const SECRET: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const CHAIN: u64 = 31_337;

/// What a client got.
struct Got {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Posts as a client that follows nothing and has `patience`.
fn post_within(url: &str, body: &Value, patience: Duration) -> Result<Got, ureq::Error> {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(patience))
        .build();
    let agent = ureq::Agent::from(config);
    let request = agent.post(url).header("content-type", "application/json");
    let mut response = request.send(body.to_string())?;
    let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = response.headers().iter();
    Ok(Got {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_vec()?,
    })
}

fn post(url: &str, body: &Value) -> Result<Got, ureq::Error> {
    post_within(url, body, Duration::from_secs(60))
}

fn question(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}

/// The result of one question.
fn ask(url: &str, method: &str, params: &Value) -> Value {
    let answer = post(url, &question(method, params)).unwrap().json();
    assert_eq!(answer["id"], 7, "{answer}");
    answer["result"].clone()
}

/// A chain of six blocks: messages in the first three, in the second after something else, and
/// something else in the last.
fn chain() -> Anvil {
    let node = Anvil::start_with(&["--no-mining", "--slots-in-an-epoch", "1"]);
    for inputs in [
        &["0x57463101"][..],
        &["0x0102", "0x57463102"],
        &["0x57463103"],
        &[],
        &[],
        &["0x0304"],
    ] {
        for input in inputs {
            node.rpc(
                "eth_sendTransaction",
                &json!([{"from": WRITER, "to": WRITER, "input": input, "gas": "0x10000"}]),
            );
        }
        node.rpc("evm_mine", &json!([]));
    }
    node
}

/// A signed message of the writer.
fn sealed(nonce: u64) -> Sealed {
    let mut secret = [0; 32];
    for (octet, at) in secret.iter_mut().zip((0..).step_by(2)) {
        *octet = u8::from_str_radix(&SECRET[at..at + 2], 16).unwrap();
    }
    let account = Account::from_secret(secret).unwrap();
    let sealing = Sealing {
        chain_id: CHAIN,
        nonce,
        gas_limit: 30_000,
        offer: Offer {
            max_fee: 10_000_000_000,
            priority_fee: 1_000_000_000,
        },
        input: b"WF1".to_vec(),
    };
    account.seal(sealing).unwrap()
}

fn hex(octets: &[u8]) -> String {
    let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("0x{digits}")
}
