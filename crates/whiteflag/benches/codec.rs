//! How long one protective sign takes to read and to write.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use whiteflag::Message;

/// P11(0) from the test vectors: 63 octets.
const SIGN: [u8; 63] = *b"WF10(\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \x00\x89\x01\x30\x08\x10\x18\x20\x28\x08\x10\x19\x15\x40\x48\xd1\x40\x0a\xa8\x64\x20\x24\x00\x10\x00\x8a";

fn codec(criterion: &mut Criterion) {
    let message = Message::decode(&SIGN).expect("the sign is readable");
    criterion.bench_function("decode a protective sign", |b| {
        b.iter(|| Message::decode(black_box(&SIGN)));
    });
    criterion.bench_function("encode a protective sign", |b| {
        b.iter(|| black_box(&message).encode());
    });
}

criterion_group!(benches, codec);
criterion_main!(benches);
