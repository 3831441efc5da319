//! Many messages that a script wrote without a connection, and then one: all are on the chain once
//! and in their order, and the program that sends them stays small. `PARLEY_OFFLINE` says how many.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use parley_testkit::strict::{Finality, Rules, Strict, StrictServer};
use parley_testkit::{Device, LOOK, Stopwatch, free_text, processor_seconds};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL: usize = 2_000;
/// Resident memory, KiB, at most.
const MOST_MEMORY: u64 = 250 * 1024;
const PLENTY: u128 = 1_000_000_000_000_000_000_000_000;

#[test]
fn everything_written_offline_is_sent_once_in_order_and_with_little_memory() {
    let count = std::env::var("PARLEY_OFFLINE")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(USUAL);
    let node = Arc::new(Mutex::new(Strict::new(Rules {
        finality: Finality::Depth {
            safe: 4,
            finalized: 8,
        },
        ..Rules::default()
    })));
    let server = StrictServer::start(Arc::clone(&node)).unwrap();
    let device = Device::new(PROGRAM, &server.url());
    let account = device.address().parse().unwrap();
    server.node().fund(account, PLENTY);

    let wanted: Vec<String> = (0..count).map(|n| n.to_string()).collect();
    let lines = wanted.iter().map(|text| format!("{}\n", free_text(text)));
    let input: String = lines.collect();
    let watch = Stopwatch::start();
    let queued = device.run(&["send", "--lines"], &input).expect_code(0);
    println!("queued {:.0} a second", count as f64 / watch.seconds());
    assert_eq!(queued.out.lines().count(), count);

    let ended = AtomicBool::new(false);
    let cost = std::thread::scope(|scope| {
        let child = scope.spawn(|| {
            let sync = ["sync", "--timeout", "1500"];
            let cost = watched(device.command(&sync).spawn().unwrap());
            ended.store(true, Ordering::Relaxed);
            cost
        });
        while !ended.load(Ordering::Relaxed) {
            {
                let mut node = server.node();
                if !node.pool_of(account).is_empty() {
                    node.mine();
                }
            }
            std::thread::sleep(LOOK / 100);
        }
        child.join().unwrap()
    });
    let windows = count.div_ceil(16) as f64;
    let ms = cost.seconds * 1_000.0 / windows;
    println!(
        "{ms:.1} ms of the processor for each window, {} KiB",
        cost.memory
    );
    assert!(cost.whole, "sync ends with success");
    assert!(cost.memory < MOST_MEMORY, "{} KiB", cost.memory);

    let sent = server.node().transactions_of(account);
    let texts = sent.iter().map(|one| {
        let message = whiteflag::Message::decode(&one.input).unwrap();
        message.to_value()["MessageBody"]["Text"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    assert!(texts.eq(wanted), "once and in order");
}

/// What a program took.
struct Cost {
    whole: bool,
    /// The most resident memory, KiB.
    memory: u64,
    /// Of the processor.
    seconds: f64,
}

/// Waits for a program and looks at what it takes meanwhile: the system forgets it with its end.
fn watched(mut child: Child) -> Cost {
    let (mut memory, mut seconds) = (0, 0.0);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Cost {
                whole: status.success(),
                memory,
                seconds,
            };
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        memory = memory.max(most_memory(&status.unwrap_or_default()).unwrap_or(0));
        seconds = processor_seconds(child.id()).unwrap_or(seconds);
        std::thread::sleep(LOOK);
    }
}

fn most_memory(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
