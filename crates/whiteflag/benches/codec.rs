//! How fast one protective sign is read and written, on one thread, beside copying its octets.
//! Writes one line of JSON for each figure, for `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark speaks on stdout"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use whiteflag::Message;

/// P11(0) from the test vectors: 63 octets.
const SIGN: [u8; 63] = *b"WF10(\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \x00\x89\x01\x30\x08\x10\x18\x20\x28\x08\x10\x19\x15\x40\x48\xd1\x40\x0a\xa8\x64\x20\x24\x00\x10\x00\x8a";

/// So many times in one round, and so many rounds; the median round counts.
const TIMES: u32 = 100_000;
const ROUNDS: usize = 21;

fn main() {
    let message = Message::decode(&SIGN).expect("the sign is readable");
    let json = message.to_value().to_string();
    let copy = per_second(|| {
        black_box(black_box(&SIGN).to_vec());
    });
    report(
        "decode a sign",
        copy,
        per_second(|| {
            let _ = black_box(Message::decode(black_box(&SIGN)));
        }),
    );
    report(
        "encode a sign",
        copy,
        per_second(|| {
            let _ = black_box(black_box(&message).encode());
        }),
    );
    let parse = per_second(|| {
        let _ = black_box(serde_json::from_str::<serde_json::Value>(black_box(&json)));
    });
    let read = per_second(|| {
        let _ = black_box(Message::from_json(black_box(&json)));
    });
    line(
        "read a sign from JSON",
        read,
        "serde_json reading the same text",
        parse,
    );
}

fn report(name: &str, copy: f64, value: f64) {
    line(name, value, "copy of its 63 octets", copy);
}

fn line(name: &str, value: f64, against: &str, other: f64) {
    let row = serde_json::json!({
        "name": name, "value": value, "unit": "1/s", "against": against, "againstValue": other,
    });
    println!("{row}");
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn per_second(work: impl Fn()) -> f64 {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..TIMES).for_each(|_| work());
            start.elapsed()
        })
        .collect();
    rounds.sort();
    f64::from(TIMES) / rounds[ROUNDS / 2].as_secs_f64()
}
