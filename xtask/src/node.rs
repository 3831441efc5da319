//! The local exercise chain: an anvil on this machine whose blocks are kept in
//! a file. Knows nothing of Parley.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use parley_testkit::{LOOK, Running, Stopwatch, free_port, is_free};

use crate::{command, interrupt, setup};

/// The port that other tools expect; another one is taken if it is in use.
const USUAL_PORT: u16 = 8545;
/// How long the node may take to answer.
const START: Duration = Duration::from_secs(30);

/// A running chain; stops with this value.
pub(crate) struct Node {
    /// Where it answers.
    pub(crate) url: String,
    process: Running,
    pid_file: PathBuf,
}

impl Node {
    /// Starts the chain that is kept in `folder`, or a new one there. A chain
    /// comes back on its old port, because the data folders beside it name it.
    pub(crate) fn start(root: &Path, folder: &Path) -> Result<Self> {
        let anvil = setup::anvil(root)?;
        let pid_file = folder.join("node.pid");
        stop_leftover(&pid_file, &anvil);
        let port = port(folder)?;
        let mut process = Running::start(
            "the chain node",
            command::program(root, &anvil)
                .args(["--host", "127.0.0.1", "--port", &port.to_string()])
                // A block with each transaction, and one every few seconds
                // besides, so that blocks become final while someone watches.
                .args(["--block-time", "4", "--mixed-mining"])
                .args(["--slots-in-an-epoch", "4", "--state-interval", "4"])
                .arg("--quiet")
                .arg("--state")
                .arg(folder.join("chain.json"))
                .stdin(Stdio::null()),
        )?;
        fs::write(&pid_file, process.child().id().to_string())?;
        let url = format!("http://127.0.0.1:{port}");
        wait_until_it_answers(&mut process, &url)?;
        Ok(Self {
            url,
            process,
            pid_file,
        })
    }

    /// Fails if it has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.process.check()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.pid_file);
    }
}

/// The port of the chain in this folder; written down the first time.
fn port(folder: &Path) -> Result<u16> {
    let file = folder.join("port");
    if let Ok(text) = fs::read_to_string(&file) {
        let port = text.trim().parse().context("target/run/port")?;
        if !is_free(port) {
            bail!(
                "port {port} of this machine is in use, and the data in target/run names it. \
                 Stop the other program, or begin anew with `make run FRESH=1`"
            );
        }
        return Ok(port);
    }
    let port = match is_free(USUAL_PORT) {
        true => USUAL_PORT,
        false => free_port()?,
    };
    fs::write(&file, port.to_string())?;
    Ok(port)
}

/// Stops the node of an earlier run that was killed before it could do so
/// itself. Only a process that is this very program is touched.
fn stop_leftover(pid_file: &Path, anvil: &Path) {
    let Some(number) = fs::read_to_string(pid_file)
        .ok()
        .and_then(|text| text.trim().parse::<i32>().ok())
    else {
        return;
    };
    let program = fs::read_link(format!("/proc/{number}/exe"));
    let ours = program.is_ok_and(|path| Some(path) == fs::canonicalize(anvil).ok());
    let Some(pid) = Pid::from_raw(number).filter(|_| ours) else {
        return;
    };
    let _ = kill_process(pid, Signal::TERM);
    let watch = Stopwatch::start();
    while Path::new(&format!("/proc/{number}")).exists() && watch.elapsed() < START {
        std::thread::sleep(LOOK);
    }
}

fn wait_until_it_answers(process: &mut Running, url: &str) -> Result<()> {
    let watch = Stopwatch::start();
    while watch.elapsed() < START {
        interrupt::check()?;
        process.check()?;
        if chain_id(url).is_ok() {
            return Ok(());
        }
        std::thread::sleep(LOOK);
    }
    bail!("the chain node did not answer in {} s", START.as_secs())
}

fn chain_id(url: &str) -> Result<Value> {
    let question = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []});
    let answer: Value = ureq::post(url)
        .send_json(question)?
        .body_mut()
        .read_json()?;
    answer.get("result").cloned().context("no chain id")
}
