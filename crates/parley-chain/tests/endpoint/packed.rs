//! Packed answers: read as they are meant, stopped where they would become too large, and no answer
//! where they are broken.

use std::io::Write;

use alloy_primitives::hex;
use flate2::Compression;
use flate2::write::GzEncoder;
use parley_chain::ReadFailure;
use serde_json::json;

use crate::server::{Server, http, number, reply};

/// The largest answer that is read.
const MOST: usize = 32 * 1024 * 1024;
/// What [`plain`] is in brotli, as another implementation packs it.
const BROTLI: [u8; 43] =
    hex!("0b13807b226a736f6e727063223a22322e30222c226964223a302c22726573756c74223a22307837227d03");
/// 64 MiB of spaces in brotli, as another implementation packs them.
const BROTLI_BOMB: [u8; 106] = hex!(
    "cbffff3ff82540e2b14020f7fe8fffff7ff04b00c4611180eefd1fffffffe0970088c30200ddfb3ffeffffc12f"
    "0110870500baf77ffcffff835f02200e0b0074effff8ffff07bf04401c1600e8defff1ffff0f7e0980382c00d0bd"
    "ffcbffff3ffc1200715800a07bff07"
);

fn plain() -> Vec<u8> {
    reply(0, &json!("0x7")).to_string().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What comes of asking one question and hearing this body, packed in this way.
async fn heard(encoding: &str, body: &[u8]) -> Result<u64, ReadFailure> {
    let header = format!("Content-Encoding: {encoding}");
    let server = Server::saying(vec![http("200 OK", &header, body)]);
    number(&server.endpoint()).await
}

/// Gzip that becomes this many spaces, more than a hundred times its size: one block of fixed Huffman
/// codes (RFC 1951, 3.2.6), a space and then "258 of what was one before", over and over.
fn bomb(length: usize) -> Vec<u8> {
    let mut gzip = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut bits, mut count) = (0_u64, 0);
    let mut push = |value: u64, width: u32| {
        bits |= value << count;
        count += width;
        while count >= 8 {
            gzip.push(bits.to_le_bytes()[0]);
            bits >>= 8;
            count -= 8;
        }
    };
    push(0b011, 3); // the last block, with fixed codes
    push(u64::from((0x30_u8 + b' ').reverse_bits()), 8);
    for _ in 0..length / 258 {
        push(u64::from(0b1100_0101_u8.reverse_bits()), 8); // length 258
        push(0, 5); // one before
    }
    gzip
}

#[tokio::test]
async fn an_answer_is_unpacked() {
    assert_eq!(plain().len(), 39);
    for (encoding, body) in [
        ("gzip", gzip(&plain())),
        ("GZip", gzip(&plain())),
        ("x-gzip", gzip(&plain())),
        // More than one member (RFC 1952, 2.2).
        ("gzip", [gzip(&plain()[..9]), gzip(&plain()[9..])].concat()),
        ("br", BROTLI.to_vec()),
        ("identity", plain()),
    ] {
        assert_eq!(heard(encoding, &body).await, Ok(7), "{encoding}");
    }
}

#[tokio::test]
async fn an_answer_counts_as_large_as_it_is_unpacked() {
    let packed = bomb(2 * MOST);
    assert!(packed.len() < MOST / 50, "small on the way");
    let too_large = Err(ReadFailure::TooLarge);
    assert_eq!(heard("gzip", &packed).await, too_large);
    assert_eq!(heard("br", &BROTLI_BOMB).await, too_large);
}

#[tokio::test]
async fn an_answer_of_the_largest_size_is_read_when_it_is_packed_too() {
    let mut body = plain();
    body.resize(MOST, b' ');
    assert_eq!(heard("gzip", &gzip(&body)).await, Ok(7));
    body.push(b' ');
    let found = heard("gzip", &gzip(&body)).await;
    assert_eq!(found, Err(ReadFailure::TooLarge));
}

#[tokio::test]
async fn a_packed_answer_that_is_cut_short_is_none() {
    for (encoding, whole) in [("gzip", gzip(&plain())), ("br", BROTLI.to_vec())] {
        for length in 0..whole.len() {
            let found = heard(encoding, &whole[..length]).await;
            assert_eq!(found, Err(ReadFailure::BadAnswer), "{encoding}, {length}");
        }
    }
}

#[tokio::test]
async fn what_is_packed_in_another_way_than_it_says_or_than_was_asked_for_is_none() {
    for (encoding, body) in [
        ("gzip", plain()),
        ("gzip", BROTLI.to_vec()),
        ("br", gzip(&plain())),
        ("zstd", plain()),
        ("gzip, br", plain()),
    ] {
        let found = heard(encoding, &body).await;
        assert_eq!(found, Err(ReadFailure::BadAnswer), "{encoding}");
    }
}
