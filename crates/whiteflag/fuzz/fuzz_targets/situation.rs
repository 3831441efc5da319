//! Any octets, as messages that come, go and move on the chain: what is told about them depends on
//! what is there in the end, and hides nothing.

#![no_main]

#[path = "../../tests/common/situation_laws.rs"]
mod situation_laws;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| situation_laws::of_changes(octets));
