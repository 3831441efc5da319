//! The whole engine with a real data file, in a world made from a seed: no socket, no clock, no thread
//! that races, so that whatever goes wrong goes wrong again. `PARLEY_SEEDS` says how many seeds are
//! run, `PARLEY_SEED` runs one of them and shows everything that happened.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod deep;
mod fresh;
mod laws;
mod lie;
mod outside;
mod person;
mod run;
mod thin;
mod world;

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use run::run;

const USUAL_SEEDS: u64 = 40;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What is wrong with a seed.
fn faults(seed: u64) -> (u64, Vec<String>) {
    match catch_unwind(AssertUnwindSafe(|| run(seed))) {
        Ok(outcome) => (outcome.steps, outcome.faults),
        Err(_) => (0, vec!["it panicked".to_owned()]),
    }
}

#[test]
fn no_world_breaks_a_promise() {
    if let Some(seed) = number("PARLEY_SEED") {
        let outcome = run(seed);
        println!("{}", outcome.trace);
        assert!(
            outcome.faults.is_empty(),
            "PARLEY_SEED={seed}: {:#?}",
            outcome.faults
        );
        return;
    }
    let seeds = number("PARLEY_SEEDS").unwrap_or(USUAL_SEEDS);
    let first = number("PARLEY_FIRST_SEED").unwrap_or(1);
    let (next, steps) = (AtomicU64::new(first), AtomicU64::new(0));
    let work = || {
        let mut bad = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds {
                return bad;
            }
            let (done, wrong) = faults(seed);
            steps.fetch_add(done, Ordering::Relaxed);
            if !wrong.is_empty() {
                println!("PARLEY_SEED={seed}: {wrong:#?}");
                bad.push(seed);
            }
        }
    };
    let bad: Vec<u64> = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    println!("{seeds} seeds, {} steps", steps.into_inner());
    assert!(bad.is_empty(), "PARLEY_SEED is one of {bad:?}");
}

#[test]
fn a_seed_repeats_to_the_octet() {
    for seed in [3, 7] {
        let (first, again) = (run(seed), run(seed));
        let line = first
            .trace
            .lines()
            .zip(again.trace.lines())
            .position(|(a, b)| a != b);
        assert_eq!(
            line, None,
            "PARLEY_SEED={seed}: the first line that differs"
        );
        assert_eq!(first.trace.len(), again.trace.len());
        assert!(first.trace.len() > 10_000, "something happened");
    }
}

/// Twenty messages over the thinnest link: up for 3 s in 300 s, 20 kbit/s, 30 of 100 exchanges lost. All
/// are through after five windows, at no more than 1,500 octets for each, and none is there twice.
///
/// That is asked of every seed up to 20; of more, of 95 in 100, because chance alone can take five windows.
/// What is there cannot do with fewer than seven exchanges that arrive: which chain it is, four offers of
/// four, how many of these are in blocks (nodes hold 16 of an account), and the last four. An offer of four
/// takes a second of the three, a question half of one, so that about 15 exchanges fit into five windows,
/// and each offer has to be whole before its window ends. Of 15 at 0.7 fewer than seven succeed in 1.5 of
/// 100 runs; half of the lost offers arrive all the same, which gives back about half of that, and losses
/// late in a window cost more than their share. Playing the same rules 2,500 times with another generator
/// failed in 2 of 100; of the seeds 1 to 200 one needs a sixth window.
#[test]
fn twenty_messages_come_through_the_thinnest_link() {
    let only = number("PARLEY_SEED");
    let last = number("PARLEY_SEEDS").map_or(4, |seeds| seeds.min(100));
    let seeds = only.map_or(1..=last, |seed| seed..=seed);
    let ran: Vec<_> = each(seeds, thin::through);
    let mut failed = Vec::new();
    for (seed, through) in &ran {
        let octets = through.octets;
        println!("PARLEY_SEED={seed}: {:?}, {octets} octets", through.after);
        if only.is_some() {
            println!("{}", through.trace);
        }
        assert_eq!(through.doubles, 0, "PARLEY_SEED={seed}");
        if !through.is_within() {
            failed.push(seed);
        }
    }
    println!("{} of {} within", ran.len() - failed.len(), ran.len());
    assert!(
        failed.len() * 20 <= ran.len(),
        "PARLEY_SEED is one of {failed:?}"
    );
}

/// Does something for each seed, on both cores; in the order of seeds.
fn each<T: Send>(seeds: RangeInclusive<u64>, work: impl Fn(u64) -> T + Sync) -> Vec<(u64, T)> {
    let next = AtomicU64::new(*seeds.start());
    let worker = || {
        let mine = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let mine = mine.take_while(|seed| seeds.contains(seed));
        mine.map(|seed| (seed, work(seed))).collect::<Vec<_>>()
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter();
        done.flat_map(|worker| worker.join().unwrap()).collect()
    });
    done.sort_by_key(|(seed, _)| *seed);
    done
}
