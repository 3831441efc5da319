//! The program is killed at random moments of queueing and of sending. Nothing that was acknowledged
//! is lost, and nothing is on the chain twice. `PARLEY_KILLS` says how often; `PARLEY_SEED` repeats.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::process::Child;
use std::time::Duration;

use parley_testkit::{Anvil, Device, free_text};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_KILLS: u32 = 50;
/// Messages that a script hands over at once; more than fit into one window of sending.
const LINES: u32 = 20;

/// A random number from a seed that is shown, so that a run can be repeated.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let seed = std::env::var("PARLEY_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one("a seed")) | 1;
        println!("PARLEY_SEED={seed}");
        Self(seed)
    }

    /// Xorshift, Marsaglia 2003.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn moment(&mut self, most_ms: u64) -> Duration {
        Duration::from_micros(self.below(most_ms * 1000))
    }
}

/// Kills a program at a random moment and gives what it had written until then.
fn kill_at_random(
    mut child: Child,
    input: &str,
    chance: &mut Chance,
    most_ms: u64,
) -> (String, bool) {
    let mut stdin = child.stdin.take().unwrap();
    // The pipe holds all of it, so that this does not wait for the program.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    // The random moment is what this test is about.
    std::thread::sleep(chance.moment(most_ms));
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

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_sent_twice() {
    let wanted: u32 = std::env::var("PARLEY_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(USUAL_KILLS);
    let mut chance = Chance::new();
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let mut promised = Vec::new();
    let (mut kills, mut turn) = (0, 0_u32);
    while kills < wanted {
        turn += 1;
        let texts: Vec<String> = (0..LINES).map(|line| format!("{turn}-{line}")).collect();
        let input: String = texts
            .iter()
            .map(|text| format!("{}\n", free_text(text)))
            .collect();
        let send = alice.command(&["send", "--lines"]).spawn().unwrap();
        let (written, killed) = kill_at_random(send, &input, &mut chance, 60);
        kills += u32::from(killed);
        promised.extend(texts.into_iter().take(acknowledged(&written)));
        for _ in 0..2 {
            let sync = alice.command(&["sync"]).spawn().unwrap();
            kills += u32::from(kill_at_random(sync, "", &mut chance, 150).1);
        }
    }
    alice.run(&["sync", "--timeout", "120"], "").expect_code(0);
    let on_chain = texts_on_chain(&node);
    for text in &promised {
        assert_eq!(
            on_chain.get(text),
            Some(&1),
            "message {text} after {kills} kills"
        );
    }
    assert!(
        on_chain.values().all(|times| *times == 1),
        "nothing is there twice"
    );
    assert!(
        promised.len() > LINES as usize,
        "the kills left something to lose"
    );
    bob_has_the_same(&node, &on_chain);
}

fn texts_on_chain(node: &Anvil) -> BTreeMap<String, u32> {
    let mut texts = BTreeMap::new();
    for (_, input) in node.whiteflag_transactions() {
        *texts.entry(text_of(&input)).or_insert(0) += 1;
    }
    texts
}

fn text_of(digits: &str) -> String {
    let octets: Vec<u8> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let message = whiteflag::Message::decode(&octets).unwrap();
    message.to_value()["MessageBody"]["Text"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn bob_has_the_same(node: &Anvil, on_chain: &BTreeMap<String, u32>) {
    let bob = Device::new(PROGRAM, &node.url());
    bob.sync();
    let rows = bob.rows("inbox");
    assert_eq!(rows.len(), on_chain.len());
    for row in rows {
        assert!(on_chain.contains_key(row["message"]["MessageBody"]["Text"].as_str().unwrap()));
    }
}
