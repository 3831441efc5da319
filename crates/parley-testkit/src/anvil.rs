//! A real node: anvil on a port of its own, which can be stopped and started again with the chain
//! that it had.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Running, free_port};
use crate::wait::until;

/// A node that does not answer for so long hangs: whoever waits is told.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running node. It ends with this value.
pub struct Anvil {
    process: Option<Running>,
    port: u16,
    arguments: Vec<String>,
    _folder: TempDir,
}

impl Anvil {
    /// Starts a node that puts each transaction into a block at once.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a node with further arguments.
    ///
    /// # Panics
    /// When the node cannot be started.
    #[must_use]
    pub fn start_with(arguments: &[&str]) -> Self {
        let mut node = Self::absent_with(arguments);
        node.up();
        node
    }

    /// A node that is not there yet: only its address is.
    #[must_use]
    pub fn absent() -> Self {
        Self::absent_with(&[])
    }

    fn absent_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("chain.json").display().to_string();
        let mut all: Vec<String> = vec!["--state".into(), state];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        Self {
            process: None,
            port: free_port().expect("a free port"),
            arguments: all,
            _folder: folder,
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it; it comes back with its chain if it was there before.
    ///
    /// # Panics
    /// When the node cannot be started.
    pub fn up(&mut self) {
        let mut command = Command::new(program());
        command.args([
            "--host",
            "127.0.0.1",
            "--port",
            &self.port.to_string(),
            "--quiet",
        ]);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        self.process = Some(Running::start("the node", &mut command).expect("the node starts"));
        let url = self.url();
        until("the node answers", || {
            ask(&url, "eth_chainId", &json!([])).ok()
        });
    }

    /// Stops it; it keeps its chain, not its pool.
    pub fn down(&mut self) {
        // Told to end, it writes its chain first.
        drop(self.process.take());
    }

    /// Begins a new chain at the same address, as an exercise chain that was reset.
    ///
    /// # Panics
    /// When the node cannot be started.
    pub fn reset(&mut self) {
        self.down();
        let state = self.arguments.get(1).expect("the file of the chain");
        std::fs::remove_file(state).expect("the chain is forgotten");
        // Two chains begun in the same second would have the same first block.
        self.arguments
            .extend(["--timestamp".into(), "1700000000".into()]);
        self.up();
    }

    /// Asks the node something directly.
    ///
    /// # Panics
    /// When it refuses.
    pub fn rpc(&self, method: &str, params: &Value) -> Value {
        ask(&self.url(), method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Puts octets, in hexadecimal digits, on the chain from an account that no device has.
    ///
    /// # Panics
    /// When the node refuses.
    pub fn write_as_a_stranger(&self, octets: &str) {
        let stranger = self.rpc("eth_accounts", &json!([]))[1].clone();
        let transaction = json!([{
            "from": stranger, "to": stranger, "input": format!("0x{octets}"), "gas": "0x1000000",
        }]);
        self.rpc("eth_sendTransaction", &transaction);
    }

    /// Every transaction whose calldata begins with `WF`, in the order of the chain: block number
    /// and calldata in hexadecimal digits.
    pub fn whiteflag_transactions(&self) -> Vec<(u64, String)> {
        let head = self.rpc("eth_blockNumber", &json!([]));
        let head =
            u64::from_str_radix(head.as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
        let mut found = Vec::new();
        for number in 0..=head {
            let block = self.rpc(
                "eth_getBlockByNumber",
                &json!([format!("{number:#x}"), true]),
            );
            for transaction in block["transactions"].as_array().unwrap() {
                let input = transaction["input"]
                    .as_str()
                    .unwrap()
                    .trim_start_matches("0x");
                if input.starts_with("5746") {
                    found.push((number, input.to_owned()));
                }
            }
        }
        found
    }
}

fn ask(url: &str, method: &str, params: &Value) -> Result<Value, String> {
    let question = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let request = ureq::post(url).config().timeout_global(Some(PATIENCE));
    let mut response = request
        .build()
        .send_json(question)
        .map_err(|error| error.to_string())?;
    let mut answer: Value = response
        .body_mut()
        .read_json()
        .map_err(|error| error.to_string())?;
    match answer.get("error") {
        Some(error) => Err(error.to_string()),
        None => Ok(answer["result"].take()),
    }
}

/// The node that npm brought, or the one that `PARLEY_ANVIL` names.
fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("PARLEY_ANVIL") {
        return path.into();
    }
    let machine = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "amd64"
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(format!(
        "node_modules/@foundry-rs/anvil-linux-{machine}/bin/anvil"
    ))
}
