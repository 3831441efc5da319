//! The program runs for long behind a bad connection, while a message a second is queued beside it and
//! the newest blocks are replaced now and then: memory, open files and the log of the data file do not
//! grow, and every message is on the chain once. `PARLEY_SOAK_SECONDS` says how long.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::process::Child;
use std::time::Duration;

use common::Resources;
use parley_testkit::strict::{ETHER, Reinclude, Rules, Strict, StrictServer};
use parley_testkit::{Device, Fault, Proxy, Stopwatch, free_text};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const USUAL_SECONDS: u64 = 10;
const TICK: Duration = Duration::from_secs(1);
/// Resident memory, at most, in KiB.
const MOST: u64 = 150 * 1024;
/// How much more memory the last quarter of a long run may have, on average, than the second one, KiB.
const GROWTH: u64 = 4 * 1024;
/// From so many samples on, averages mean something.
const LONG: usize = 300;
/// Octets of the data file's log, at most.
const MOST_LOG: u64 = 8 * 1024 * 1024;

fn bad_connection(proxy: &Proxy) {
    proxy.script(|script| {
        script.fault(Fault::DropBefore).percent(3);
        script.fault(Fault::DropAfter).percent(3);
        script.fault(Fault::Truncate(40)).percent(2);
        script
            .fault(Fault::Delay(Duration::from_millis(300)))
            .percent(5);
        script.fault(Fault::HugeBody).every(400);
        script.fault(Fault::GzipBomb).every(500);
    });
}

/// The log of the data file, octets.
fn log_of(device: &Device) -> u64 {
    let files = fs::read_dir(device.data()).unwrap().flatten();
    let logs = files.filter(|file| file.file_name().to_string_lossy().ends_with("-wal"));
    logs.filter_map(|file| file.metadata().ok())
        .map(|log| log.len())
        .sum()
}

fn sample(sync: &mut Child, device: &Device) -> Resources {
    assert!(sync.try_wait().unwrap().is_none(), "it goes on");
    let log = log_of(device);
    assert!(log < MOST_LOG, "the log has {log} octets");
    Resources::of(sync.id()).unwrap()
}

/// Nothing grows from the second quarter to the last one.
fn is_level(samples: &[Resources]) {
    let quarter = samples.len() / 4;
    let (early, late) = (&samples[quarter..2 * quarter], &samples[3 * quarter..]);
    let files = |part: &[Resources]| part.iter().map(|one| one.files).max().unwrap();
    println!("open files: {} then {}", files(early), files(late));
    assert!(files(late) <= files(early) + 4, "open files grow");
    let memory =
        |part: &[Resources]| part.iter().map(|one| one.now_kib).sum::<u64>() / part.len() as u64;
    println!("memory: {} KiB then {}", memory(early), memory(late));
    if samples.len() >= LONG {
        assert!(memory(late) <= memory(early) + GROWTH, "memory grows");
    }
    let most = samples.last().unwrap().most_kib;
    println!("memory at most: {most} KiB");
    assert!(most < MOST, "{most} KiB");
}

#[test]
fn nothing_grows_while_it_runs() {
    let seconds = common::size("PARLEY_SOAK_SECONDS", USUAL_SECONDS);
    let mut seed = common::seed();
    let server = StrictServer::of(Strict::new(Rules::default()));
    let proxy = Proxy::seeded(&server.url(), seed.number());
    let device = Device::new(PROGRAM, &proxy.url());
    server
        .node()
        .fund(device.address().parse().unwrap(), 1_000 * ETHER);
    bad_connection(&proxy);
    let mut sync = device.command(&["sync", "--watch"]).spawn().unwrap();
    let mut samples = Vec::new();
    let watch = Stopwatch::start();
    let mut written = 0;
    while watch.elapsed().as_secs() < seconds {
        written += 1;
        let _ = device.send(&free_text(&format!("message {written}")));
        let mut node = server.node();
        node.add_noise(written, 3);
        node.mine();
        if written % 30 == 0 {
            node.reorg(1 + seed.below(8), Reinclude::Some(written));
        }
        drop(node);
        samples.push(sample(&mut sync, &device));
        // The pace of the person who writes.
        std::thread::sleep(TICK);
    }
    is_level(&samples);
    sync.kill().unwrap();
    sync.wait().unwrap();
    proxy.script(|script| script.clear());
    all_are_there(&device, &server, written);
}

fn all_are_there(device: &Device, server: &StrictServer, written: u64) {
    for _ in 0..1 + written / 16 {
        device.run(&["sync", "--until", "sent"], "").expect_code(0);
        server.node().mine();
        if device.rows("status")[0]["unsent"] == 0 {
            break;
        }
    }
    device.sync();
    let on_chain = server.node().whiteflag().len() as u64;
    assert_eq!(on_chain, written, "each once");
}
