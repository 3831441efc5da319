//! The program ends at every point where ending hurts, before and after it: whatever it did, what it
//! had acknowledged is on the chain once, nothing else is there twice, and what is encrypted can be
//! read. `PARLEY_FAIL_TURNS` says at how many passes of each point.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod truth;

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::Output;

use parley_testkit::{Anvil, Device, Proxy, free_text, reference};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const SECRET: &str = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";
const STRANGER: &str = "0x41aD2bc63A2059f9b623533d87fe99887D794847";
const ELSEWHERE_URL: &str = "http://127.0.0.1:1/";
const SIGABRT: i32 = 6;

/// Points that no command of the story passes; the store's own test does.
const NOT_HERE: &[&str] = &[
    // Nothing of the kind happens to a healthy file, account and endpoint.
    "backup",
    "demote",
    "displace",
    "leave",
    "look-again",
    "mended",
    "migrate",
    "put-back",
    "raise",
    "raise-nonce",
    "salvage",
    "set-aside",
    "stop",
    // Nobody chooses to receive the followed accounts alone, or nothing, or from another block on.
    "looked",
    "tell",
    "unset",
    "untell",
    // The window does it.
    "hurry",
    "replace",
    "pardon",
];

/// One device that is ended once, and what it said.
struct Story<'a> {
    node: &'a Anvil,
    device: Device,
    /// The point, until it was passed.
    point: Option<String>,
    folder: tempfile::TempDir,
    /// Each text with whether it was acknowledged.
    texts: BTreeMap<String, bool>,
}

impl<'a> Story<'a> {
    fn new(node: &'a Anvil, point: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), SECRET).unwrap();
        Self {
            node,
            device: Device::bare(PROGRAM),
            point: Some(point.to_owned()),
            folder,
            texts: BTreeMap::new(),
        }
    }

    /// Runs a command that the point may end. Then it is run again if that changes nothing twice.
    fn run(&mut self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.device.command(arguments);
        if let Some(point) = &self.point {
            command.env("PARLEY_FAIL", point);
        }
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        if output.status.signal() == Some(SIGABRT) {
            let passed = self.point.take();
            assert!(passed.is_some(), "a panic: {output:?}");
        }
        output
    }

    fn again(&mut self, arguments: &[&str]) {
        let output = self.run(arguments, "");
        if output.status.signal().is_some() {
            self.run(arguments, "");
        }
    }

    fn send(&mut self, texts: &[(&str, Value)], with: &[&str]) {
        let lines = texts.iter().map(|(_, message)| format!("{message}\n"));
        let input: String = lines.collect();
        let output = self.run(&[&["send", "--lines"], with].concat(), &input);
        let written = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = written.lines().filter(|line| line.contains("\"id\":"));
        let said = said.count();
        for (place, (text, _)) in texts.iter().enumerate() {
            self.texts.insert((*text).to_owned(), place < said);
        }
    }

    /// The number of the message with this text, if it was kept.
    fn id(&self, text: &str) -> Option<String> {
        let rows = self.device.rows("outbox");
        let own = |row: &&Value| row["message"]["MessageBody"]["Text"] == json!(text);
        rows.iter().find(own).map(|row| row["id"].to_string())
    }

    fn on(&mut self, command: &str, text: &str) {
        if let Some(id) = self.id(text) {
            self.again(&[command, &id]);
        }
    }

    fn tell(&mut self, urls: &[String]) {
        let secret = self.folder.path().join("secret");
        let secret = secret.to_str().unwrap().to_owned();
        let init = [
            "init",
            "--network",
            "local",
            "--rpc",
            &urls[0],
            "--rpc",
            &urls[1],
        ];
        self.again(&init);
        let wei = json!([self.device.address(), "0xde0b6b3a7640000"]);
        self.node.rpc("anvil_setBalance", &wei);
        self.again(&["endpoint", "add", ELSEWHERE_URL]);
        self.again(&["endpoint", "order", &urls[0], &urls[1], ELSEWHERE_URL]);
        self.again(&["endpoint", "remove", ELSEWHERE_URL]);
        self.again(&["follow", STRANGER]);
        self.again(&["unfollow", STRANGER]);
        let more = reference(&free_text("refers"), 3, "@1");
        let first = free_text("first");
        let plain = [
            ("first", first),
            ("refers", more),
            ("withdrawn", free_text("withdrawn")),
            ("raised", free_text("raised")),
            ("kept", free_text("kept")),
            ("given up", free_text("given up")),
        ];
        self.send(&plain, &[]);
        self.send(&[("secret", free_text("secret"))], &["--secret", &secret]);
        self.on("delete", "withdrawn");
        self.on("send-anyway", "first");
        self.again(&["sync", "--until", "sent", "--timeout", "20"]);
        self.on("offer-more", "raised");
        self.on("give-up", "kept");
        self.on("keep", "kept");
        self.on("give-up", "given up");
        self.again(&["sync", "--until", "sent", "--timeout", "20"]);
        self.node.rpc("evm_mine", &json!([]));
        self.again(&["sync", "--timeout", "20"]);
        self.node.rpc("evm_mine", &json!([]));
        self.again(&["sync", "--timeout", "20"]);
    }

    /// What is on the chain is what was promised, whatever the point was.
    fn holds(&self, since: u64, point: &str) {
        let address = self.device.address();
        let sent = truth::sent_since(self.node, &address, since);
        truth::has_no_gap(&self.device, &sent);
        let there = truth::texts(&sent, &address, Some(SECRET));
        let wanted = ["first", "refers", "raised", "kept", "secret"];
        for text in wanted {
            let times = there.get(text).copied().unwrap_or(0);
            let said = self.texts.get(text) == Some(&true);
            assert!(
                times == 1 || (times == 0 && !said),
                "{point}: {text} {times} times"
            );
        }
        assert!(!there.contains_key("withdrawn"), "{point}");
        assert!(
            there.get("given up").is_none_or(|times| *times == 1),
            "{point}"
        );
    }
}

/// Stories that are told at once: most of their time they wait.
const TELLERS: usize = 6;

#[test]
fn wherever_the_program_ends_everything_is_sent_once() {
    let turns: u64 = std::env::var("PARLEY_FAIL_TURNS")
        .ok()
        .and_then(|turns| turns.parse().ok())
        .unwrap_or(1);
    let points = points(turns);
    std::thread::scope(|scope| {
        for teller in 0..TELLERS {
            let own: Vec<_> = points.iter().skip(teller).step_by(TELLERS).collect();
            scope.spawn(move || tell(&own));
        }
    });
    println!("{} points", points.len());
}

/// The name of each point with the number of the pass to end at.
fn points(turns: u64) -> Vec<(String, u64)> {
    let store = parley_store::FAILPOINTS.iter();
    let all = parley_engine::FAILPOINTS.iter().chain(store);
    let here = all.filter(|what| !NOT_HERE.contains(what));
    let sides = here.flat_map(|what| ["before", "after"].map(|side| format!("{side}-{what}")));
    sides
        .flat_map(|point| (1..=turns).map(move |turn| (point.clone(), turn)))
        .collect()
}

fn tell(points: &[&(String, u64)]) {
    let node = Anvil::start_with(&["--no-mining"]);
    let proxies = [Proxy::before(&node.url()), Proxy::before(&node.url())];
    let urls: Vec<String> = proxies.iter().map(Proxy::url).collect();
    for (point, turn) in points {
        let point = format!("{point}:{turn}");
        println!("{point}");
        let since = node.rpc("eth_blockNumber", &json!([]));
        let mut story = Story::new(&node, &point);
        story.tell(&urls);
        assert!(
            *turn > 1 || story.point.is_none(),
            "{point} is never passed"
        );
        story.holds(truth::number(&since), &point);
    }
}
