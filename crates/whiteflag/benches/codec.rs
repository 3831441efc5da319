//! How fast one protective sign is read and written, on one thread. Each group holds `whiteflag`
//! and one peer, measured in the same run; `cargo xtask bench` makes a row of each.

#![allow(missing_docs, reason = "the macros of criterion document nothing")]
#![allow(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde::{Deserialize, Serialize};
use whiteflag::Message;

/// P11(0) from the test vectors: 63 octets.
const SIGN: [u8; 63] = *b"WF10(\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \x00\x89\x01\x30\x08\x10\x18\x20\x28\x08\x10\x19\x15\x40\x48\xd1\x40\x0a\xa8\x64\x20\x24\x00\x10\x00\x8a";

/// What a program needs that hands the same text on without looking at it: the peer of the JSON
/// form.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Texts<'t> {
    #[serde(borrow)]
    message_header: Header<'t>,
    message_body: Body<'t>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Header<'t> {
    prefix: &'t str,
    version: &'t str,
    encryption_indicator: &'t str,
    duress_indicator: &'t str,
    message_code: &'t str,
    reference_indicator: &'t str,
    referenced_message: &'t str,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'t> {
    subject_code: &'t str,
    date_time: &'t str,
    duration: &'t str,
    object_type: &'t str,
    object_latitude: &'t str,
    object_longitude: &'t str,
    #[serde(rename = "ObjectSizeDim1")]
    dim1: &'t str,
    #[serde(rename = "ObjectSizeDim2")]
    dim2: &'t str,
    object_orientation: &'t str,
}

fn octets(bench: &mut Criterion) {
    let message = Message::decode(&SIGN).expect("the sign is readable");
    let mut group = bench.benchmark_group("decode a sign");
    group.bench_function("whiteflag", |b| {
        b.iter(|| Message::decode(black_box(&SIGN)))
    });
    group.bench_function("copy of its 63 octets", |b| {
        b.iter(|| black_box(&SIGN).to_vec())
    });
    group.finish();

    let mut group = bench.benchmark_group("encode a sign");
    group.bench_function("whiteflag", |b| b.iter(|| black_box(&message).encode()));
    group.bench_function("copy of its 63 octets", |b| {
        b.iter(|| black_box(&SIGN).to_vec())
    });
    group.finish();
}

fn json(bench: &mut Criterion) {
    let message = Message::decode(&SIGN).expect("the sign is readable");
    let json = message.to_json();
    let digits = message.to_hex().expect("a sign is not encrypted");
    let texts: Texts<'_> = serde_json::from_str(&json).expect("the same text");
    assert_eq!(
        serde_json::to_string(&texts).expect("texts"),
        json,
        "both write the same"
    );

    let mut group = bench.benchmark_group("JSON to hexadecimal digits");
    group.bench_function("whiteflag", |b| {
        b.iter(|| Message::from_json(black_box(&json)).map(|message| message.to_hex()));
    });
    group.bench_function("serde_json reading the same text", |b| {
        b.iter(|| serde_json::from_str::<Texts<'_>>(black_box(&json)).is_ok());
    });
    group.finish();

    let mut group = bench.benchmark_group("hexadecimal digits to JSON");
    group.bench_function("whiteflag", |b| {
        b.iter(|| Message::from_hex(black_box(&digits)).map(|message| message.to_json()));
    });
    group.bench_function("serde_json writing the same text", |b| {
        b.iter(|| serde_json::to_string(black_box(&texts)));
    });
    group.finish();
}

criterion_group!(benches, octets, json);
criterion_main!(benches);
