//! Any text, as JSON and as the uncompressed form: an error, or a message that keeps every law.

#![no_main]

#[path = "../../tests/common/laws.rs"]
#[allow(dead_code, reason = "each target proves one of them")]
mod laws;

libfuzzer_sys::fuzz_target!(|text: &str| laws::of_text(text));
