//! What a situation costs, on one thread: of 100,000 messages from scratch, beside decoding the same
//! octets; and of one further message where there are many, beside one where there are few. Each
//! group holds `whiteflag` and one peer, measured in the same run.

#![allow(missing_docs, reason = "the macros of criterion document nothing")]
#![allow(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use whiteflag::situation::{Entry, Place, Situation, Tests};
use whiteflag::{Message, TransactionHash};

const MANY: u64 = 100_000;
const FEW: u64 = 1_000;
/// So many accounts send.
const ACCOUNTS: u64 = 300;

/// A message on the chain, not read yet.
struct Mined {
    hash: TransactionHash,
    place: Place,
    originator: u32,
    octets: Vec<u8>,
}

/// Of ten messages seven are originals; the others refer to one of the last few thousand of them.
fn mined(count: u64) -> Vec<Mined> {
    let mut random = Random(7);
    let mut originals: Vec<(TransactionHash, u32)> = Vec::new();
    (0..count)
        .map(|number| {
            let hash = random.hash();
            let other = u32::try_from(random.below(ACCOUNTS)).expect("it is below 300");
            let recent = u64::try_from(originals.len()).expect("few").min(5_000);
            let place = random.below(10);
            let (digit, target, originator) = if place < 7 || recent == 0 {
                originals.push((hash, other));
                (0, TransactionHash::ZERO, other)
            } else {
                let back = usize::try_from(random.below(recent)).expect("few");
                let (target, own) = originals[originals.len() - 1 - back];
                // Confirmed twice as often as changed.
                let digit = [6, 6, 6, 6, 6, 6, 2, 3, 4, 1][usize::from(random.below(10) as u8)];
                let originator = if digit == 6 {
                    (own + 1 + other % 299) % 300
                } else {
                    own
                };
                (digit, target, originator)
            };
            Mined {
                hash,
                place: Place {
                    block: number / 10,
                    index: number % 10,
                },
                originator,
                octets: octets(digit, &target),
            }
        })
        .collect()
}

fn octets(indicator: u8, target: &TransactionHash) -> Vec<u8> {
    let text = format!(
        "WF100D{indicator}{target}212026-01-02T03:04:05ZP01D02H03M22+50.12345-005.5432101200080045"
    );
    let sign = Message::from_flat(&text).expect("the sign is readable");
    sign.encode().expect("it is not encrypted")
}

/// The same numbers in every run: SplitMix64.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    const fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn hash(&mut self) -> TransactionHash {
        let mut octets = [0; 32];
        for part in octets.as_chunks_mut::<8>().0 {
            *part = self.next().to_be_bytes();
        }
        octets.into()
    }
}

fn entry(mined: &Mined) -> Entry<u32> {
    Entry {
        hash: mined.hash,
        place: mined.place,
        originator: mined.originator,
        message: Message::decode(&mined.octets).expect("the sign is readable"),
    }
}

fn situation(entries: Vec<Entry<u32>>) -> Situation<u32> {
    let mut situation = Situation::new(Tests::Ignored);
    situation.extend(entries);
    situation
}

/// The situation is dropped outside of what is timed, as it is kept in use.
fn from_scratch(bench: &mut Criterion) {
    let mined = mined(MANY);
    let entries = || mined.iter().map(entry).collect::<Vec<_>>();
    let mut group = bench.benchmark_group("situation of 100000 messages, put in");
    group.sample_size(10);
    group.bench_function("whiteflag", |b| {
        b.iter_batched(entries, situation, BatchSize::PerIteration);
    });
    group.bench_function("decoding the same octets", |b| {
        b.iter_batched(|| (), |()| entries(), BatchSize::PerIteration);
    });
    group.finish();
}

fn told(bench: &mut Criterion) {
    let mined = mined(MANY);
    let entries = || mined.iter().map(entry).collect::<Vec<_>>();
    let whole = situation(entries());
    let mut group = bench.benchmark_group("situation of 100000 messages, every sequence told");
    group.sample_size(10);
    group.bench_function("whiteflag", |b| {
        b.iter(|| whole.sequences().map(|s| s.history.len()).sum::<usize>());
    });
    group.bench_function("decoding the same octets", |b| {
        b.iter_batched(|| (), |()| entries(), BatchSize::PerIteration);
    });
    group.finish();
}

/// Puts a confirmation of the middle message in, tells that one's sequence and takes it out again.
fn further(situation: &mut Situation<u32>, confirmation: &Entry<u32>) {
    situation.insert(confirmation.clone());
    black_box(situation.sequence(&confirmation.message.reference.message));
    situation.remove(&confirmation.hash);
}

fn one_more(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("one message more in a situation of 100000");
    for (name, count) in [("whiteflag", MANY), ("in one of 1000", FEW)] {
        let mined = mined(count);
        let mut situation = situation(mined.iter().map(entry).collect());
        let original = mined.iter().skip(mined.len() / 2).find(|mined| {
            let sequence = situation.sequence(&mined.hash);
            sequence.is_some_and(|sequence| sequence.history.is_empty())
        });
        let original = original.expect("some are not referred to");
        let confirmation = Entry {
            hash: [0xAB; 32].into(),
            place: Place {
                block: count,
                index: 0,
            },
            originator: original.originator + 1,
            message: Message::decode(&octets(6, &original.hash)).expect("it is readable"),
        };
        group.bench_function(name, |b| b.iter(|| further(&mut situation, &confirmation)));
    }
    group.finish();
}

criterion_group!(benches, from_scratch, told, one_more);
criterion_main!(benches);
