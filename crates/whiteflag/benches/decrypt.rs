//! How fast an encrypted sign is decrypted and decoded, on one thread, beside AES-256-CTR over the
//! same octets alone with a key that is ready. Writes lines of JSON, as the other benchmark.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark speaks on stdout"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use whiteflag::Message;
use whiteflag::crypto::{
    Address, EncryptionKey, EncryptionMethod, InitialisationVector, Secret, decrypt, encrypt,
};

/// P11(0) in the uncompressed form: 63 octets when encoded.
const SIGN: &str = "WF100P00000000000000000000000000000000000000000000000000000000000000000\
    112026-01-02T03:04:05ZP01D02H03M22+50.12345-005.5432101200080045";

/// So many times in one round, and so many rounds; the median round counts.
const TIMES: u32 = 50_000;
const ROUNDS: usize = 21;

fn main() {
    let sign = Message::from_flat(SIGN).expect("the sign is readable");
    let secret = Secret::new(vec![7; 32]).expect("it is long enough");
    let sender = Address::ethereum([0x41; 20]);
    let method = EncryptionMethod::PreShared;
    let key = EncryptionKey::derive(method, &secret, &sender);
    let vector = InitialisationVector::new([9; 16]);
    let octets = encrypt(&sign, &key, vector).expect("it is encrypted");
    let alone = per_second(|| {
        let mut part = [0_u8; 59];
        part.copy_from_slice(&black_box(&octets)[4..]);
        key.apply(vector, &mut part);
        black_box(part);
    });
    let scheduled = per_second(|| {
        let mut part = [0_u8; 59];
        part.copy_from_slice(&black_box(&octets)[4..]);
        EncryptionKey::from_octets(method, black_box(&[5; 32])).apply(vector, &mut part);
        black_box(part);
    });
    let read = per_second(|| {
        let _ = black_box(decrypt(black_box(&octets), &key, vector));
    });
    line(
        "decrypt and decode a sign",
        read,
        "AES-256-CTR alone",
        alone,
    );
    line(
        "decrypt and decode a sign",
        read,
        "AES-256-CTR alone with its key schedule",
        scheduled,
    );
    let derived = per_second(|| {
        let key = EncryptionKey::derive(method, black_box(&secret), &sender);
        let _ = black_box(decrypt(black_box(&octets), &key, vector));
    });
    line(
        "derive the key too",
        derived,
        "with a key that is ready",
        read,
    );
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
