//! The seeds of the fuzz targets, and every input that a fuzzer found, obey the laws: what was mended
//! once stays mended where no fuzzer runs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{laws, situation_laws};

fn inputs(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn octets_that_fuzzing_starts_with_or_found_obey_the_laws() {
    let inputs = inputs("decode");
    assert!(inputs.len() > 40);
    inputs.iter().for_each(|octets| laws::of_octets(octets));
}

#[test]
fn texts_that_fuzzing_starts_with_or_found_obey_the_laws() {
    let inputs = inputs("json");
    assert!(inputs.len() > 40);
    for octets in inputs {
        laws::of_text(&String::from_utf8(octets).unwrap());
    }
}

#[test]
fn changes_that_fuzzing_starts_with_or_found_obey_the_laws() {
    let inputs = inputs("situation");
    assert!(inputs.len() >= 6);
    inputs
        .iter()
        .for_each(|octets| situation_laws::of_changes(octets));
}

#[cfg(feature = "crypto")]
#[test]
fn tokens_that_fuzzing_starts_with_or_found_obey_the_laws() {
    let inputs = inputs("jws");
    assert!(inputs.len() > 8);
    for octets in inputs {
        common::jws_laws::of_text(&String::from_utf8(octets).unwrap());
    }
}
