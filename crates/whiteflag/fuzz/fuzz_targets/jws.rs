//! Any text, as what lies at the URL of an authentication message: an error, or a token that keeps
//! every law.

#![no_main]

#[path = "../../tests/common/jws_laws.rs"]
mod jws_laws;

libfuzzer_sys::fuzz_target!(|text: &str| jws_laws::of_text(text));
