//! Any octets, as the data of a transaction: an error, or a message that keeps every law.

#![no_main]

#[path = "../../tests/common/laws.rs"]
#[allow(dead_code, reason = "each target proves one of them")]
mod laws;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| laws::of_octets(octets));
