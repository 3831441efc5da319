//! Reads or writes one protective sign so many times, for `cargo xtask instructions`, which counts
//! the instructions of two such runs. Measures nothing itself.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program for measuring fails by panicking"
)]

use std::hint::black_box;

use whiteflag::Message;

/// P11(0) from the test vectors: 63 octets.
const SIGN: [u8; 63] = *b"WF10(\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \x00\x89\x01\x30\x08\x10\x18\x20\x28\x08\x10\x19\x15\x40\x48\xd1\x40\x0a\xa8\x64\x20\x24\x00\x10\x00\x8a";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().expect("decode or encode");
    let times: u32 = arguments
        .next()
        .and_then(|times| times.parse().ok())
        .expect("how many times");
    let message = Message::decode(&SIGN).expect("the sign is readable");
    match what.as_str() {
        "decode" => (0..times).for_each(|_| drop(black_box(Message::decode(black_box(&SIGN))))),
        _ => (0..times).for_each(|_| drop(black_box(black_box(&message).encode()))),
    }
}
