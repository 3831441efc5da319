//! What reading costs: memory in proportion to the length of what is read, and for octets a few
//! pieces of it, however long they are. Counted, not timed. The allocator here is the only unsafe
//! code of this crate.

#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "counting what is allocated needs an allocator; a test fails by panicking"
)]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use common::as_read;
use proptest::prelude::*;
use whiteflag::Message;

/// What the current thread has asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    pieces: usize,
    octets: usize,
}

thread_local! {
    static ASKED: Cell<Cost> = const { Cell::new(Cost { pieces: 0, octets: 0 }) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to the system's allocator unchanged; the count lies in a thread's own cell,
// which is never allocated.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count(octets: usize) {
    // While a thread ends its cell may be gone; nobody counts then.
    let _ = ASKED.try_with(|asked| {
        let before = asked.get();
        asked.set(Cost {
            pieces: before.pieces + 1,
            octets: before.octets + octets,
        });
    });
}

fn cost_of<T>(reading: impl FnOnce() -> T) -> Cost {
    let before = ASKED.get();
    drop(reading());
    let after = ASKED.get();
    Cost {
        pieces: after.pieces - before.pieces,
        octets: after.octets - before.octets,
    }
}

fn decoding_is_cheap(octets: &[u8]) {
    let cost = cost_of(|| Message::decode(octets));
    assert!(cost.pieces <= 4, "{cost:?} for {} octets", octets.len());
    assert!(
        cost.octets <= octets.len() + 64,
        "{cost:?} for {} octets",
        octets.len()
    );
}

proptest! {
    #[test]
    fn decoding_takes_a_few_pieces_of_memory_no_longer_than_the_octets(
        octets in as_read::octets(),
    ) {
        decoding_is_cheap(&octets);
    }
}

#[test]
fn long_octets_of_every_type_cost_no_more_than_their_length() {
    let mut readable = 0;
    for letter in b"AKTPEDSIMQRF" {
        for octet in [0x00, 0x41, 0x99, 0xFF] {
            for length in [100, 10_000, 1_000_000] {
                let start = [b'W', b'F', b'1', b'0', letter >> 1, letter << 7];
                let octets = [&start[..], &[0; 33], &vec![octet; length]].concat();
                decoding_is_cheap(&octets);
                readable += usize::from(Message::decode(&octets).is_ok());
            }
        }
    }
    assert!(readable > 40, "only {readable} of them are messages");
}

/// The worst are many small values: each becomes an entry of a tree before it is refused.
#[test]
fn hostile_json_costs_memory_in_proportion_to_its_length() {
    let shapes: [fn(usize) -> String; 7] = [
        |n| "[".repeat(n),
        |n| format!("[{}0]", "0,".repeat(n)),
        |n| format!("[{}0]", "[],".repeat(n)),
        |n| format!("{{{}\"\":0}}", "\"\":[0],".repeat(n)),
        |n| format!("\"{}\"", "\\u0000".repeat(n)),
        |n| {
            let keys: Vec<String> = (0..n).map(|key| format!("\"{key}\":\"\"")).collect();
            format!("{{{}}}", keys.join(","))
        },
        |n| {
            format!(
                "{{\"MessageHeader\":{{}},\"MessageBody\":[{}0]}}",
                "{},".repeat(n)
            )
        },
    ];
    for (index, shape) in shapes.iter().enumerate() {
        for n in [10, 1_000, 30_000] {
            let text = shape(n);
            let cost = cost_of(|| Message::from_json(&text));
            let allowed = 150 * text.len() + 4_096;
            assert!(
                cost.octets <= allowed,
                "{cost:?} for {} of shape {index}",
                text.len()
            );
        }
    }
}

#[test]
fn a_text_longer_than_any_message_costs_nothing() {
    let text = "[".repeat(2 * 1024 * 1024);
    assert_eq!(cost_of(|| Message::from_json(&text)).pieces, 0);
}
