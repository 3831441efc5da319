//! The program is killed at random moments of queueing and of sending, while what lies between it and
//! the node loses, cuts and delays. Nothing that was acknowledged is lost, nothing is on the chain
//! twice, no nonce is left out, and what is encrypted can be read. `PARLEY_KILLS` says how often;
//! `PARLEY_SEED` repeats.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;
mod truth;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::Child;
use std::time::Duration;

use parley_testkit::strict::Seed;
use parley_testkit::{Anvil, Device, Fault, Proxy, Script, free_text};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_KILLS: u32 = 50;
/// Messages that a script hands over at once; three windows of sending and a little more.
const LINES: u32 = 50;
/// In so many turns for each kill the program is alive at some random moment.
const TURNS: u32 = 10;
/// How long what is left may take when nobody kills any more, in seconds. It takes a second or two. What
/// only a higher price moved on, which is offered after ten minutes, is found so.
const REST: &str = "120";
/// As many are encrypted at once.
const SECRET_LINES: u32 = 5;
const SECRET: &str = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";

/// Kills a program at a random moment and gives what it had written until then.
fn kill_at_random(
    mut child: Child,
    input: &str,
    chance: &mut Seed,
    most_ms: u64,
) -> (String, bool) {
    let mut stdin = child.stdin.take().unwrap();
    // The pipe holds all of it, so that this does not wait for the program.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    // The random moment is what this test is about.
    std::thread::sleep(Duration::from_micros(chance.below(most_ms * 1_000)));
    let killed = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    let mut written = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut written)
        .unwrap();
    child.wait().unwrap();
    (written, killed)
}

/// Only whole lines were acknowledged.
fn acknowledged(written: &str) -> usize {
    written
        .lines()
        .filter(|line| line.starts_with("{\"id\":") && line.ends_with('}'))
        .count()
}

/// What goes wrong on the way, now and then.
fn disturb(script: &mut Script) {
    let offer = "eth_sendRawTransaction";
    script.fault(Fault::DropAfter).on(offer).percent(20);
    script.fault(Fault::DropBefore).on(offer).percent(5);
    script.fault(Fault::BatchShuffled).percent(10);
    script.fault(Fault::Truncate(40)).percent(2);
    script.fault(Fault::ResetConnection).percent(2);
    script.fault(Fault::DropBefore).percent(2);
    let busy = Fault::Status {
        code: 429,
        retry_after: None,
    };
    script.fault(busy).percent(2);
    let late = Fault::Delay(Duration::from_millis(40));
    script.fault(late).percent(15);
}

/// A person's device, and what it was told to be saved.
struct Victim {
    device: Device,
    secret: String,
    promised: Vec<String>,
    kills: u32,
}

impl Victim {
    fn new(url: &str, folder: &std::path::Path) -> Self {
        let secret = folder.join("secret");
        std::fs::write(&secret, SECRET).unwrap();
        Self {
            device: Device::new(PROGRAM, url),
            secret: secret.to_str().unwrap().to_owned(),
            promised: Vec::new(),
            kills: 0,
        }
    }

    /// Hands messages over, and is killed perhaps before all are taken.
    fn write(&mut self, turn: u32, encrypted: bool, chance: &mut Seed) {
        let (count, name) = if encrypted {
            (SECRET_LINES, "secret")
        } else {
            (LINES, "plain")
        };
        let texts: Vec<String> = (0..count).map(|n| format!("{name}-{turn}-{n}")).collect();
        let lines = texts.iter().map(|text| format!("{}\n", free_text(text)));
        let input: String = lines.collect();
        let secret = ["--secret", self.secret.as_str()];
        let with: &[&str] = if encrypted { &secret } else { &[] };
        let send = self
            .device
            .command(&[&["send", "--lines"], with].concat())
            .spawn();
        let (written, killed) = kill_at_random(send.unwrap(), &input, chance, 150);
        self.kills += u32::from(killed);
        self.promised
            .extend(texts.into_iter().take(acknowledged(&written)));
    }

    fn sync(&mut self, chance: &mut Seed) {
        let sync = self.device.command(&["sync"]).spawn().unwrap();
        self.kills += u32::from(kill_at_random(sync, "", chance, 400).1);
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_sent_twice() {
    let wanted = common::size("PARLEY_KILLS", USUAL_KILLS);
    let mut chance = common::seed();
    let node = Anvil::start();
    let proxy = Proxy::seeded(&node.url(), chance.number());
    let folder = tempfile::tempdir().unwrap();
    let mut victim = Victim::new(&proxy.url(), folder.path());
    proxy.script(disturb);
    for turn in 0.. {
        if victim.kills >= wanted {
            break;
        }
        assert!(turn < wanted * TURNS, "it ends by itself, and why?");
        victim.write(turn, turn % 3 == 1, &mut chance);
        for _ in 0..3 {
            victim.sync(&mut chance);
        }
    }
    proxy.script(Script::clear);
    let alice = &victim.device;
    alice.run(&["sync", "--timeout", REST], "").expect_code(0);
    let address = alice.address();
    let sent = truth::sent_since(&node, &address, 0);
    truth::has_no_gap(alice, &sent);
    let on_chain = truth::texts(&sent, &address, Some(SECRET));
    for text in &victim.promised {
        let kills = victim.kills;
        assert_eq!(on_chain.get(text), Some(&1), "{text} after {kills} kills");
    }
    let twice: Vec<_> = on_chain.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "there twice: {twice:?}");
    assert!(
        victim.promised.len() > LINES as usize,
        "the kills left something to lose"
    );
    println!(
        "{} kills, {} promised, {} on the chain, {} faults",
        victim.kills,
        victim.promised.len(),
        sent.len(),
        proxy.seen().faults
    );
    bob_has_the_same(&node, sent.len(), &on_chain);
}

fn bob_has_the_same(node: &Anvil, sent: usize, on_chain: &BTreeMap<String, u32>) {
    let bob = Device::new(PROGRAM, &node.url());
    bob.sync();
    let rows = bob.rows("inbox");
    assert_eq!(rows.len(), sent);
    for row in rows {
        if let Some(text) = row["message"]["MessageBody"]["Text"].as_str() {
            assert!(on_chain.contains_key(text));
        }
    }
}
