//! `cargo xtask instructions`: how many instructions reading and writing a sign take, counted by
//! valgrind. The one figure about speed that is the same on every run, so it may fail a gate.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::{command, setup};

/// What may be spent on one sign, either way.
const LIMIT: u64 = 300;
/// Two runs of the same program; what differs is so many signs, and the start of it falls away.
const RUNS: (u64, u64) = (1_000, 11_000);

/// Counts both ways and fails above the limit.
pub(crate) fn run(root: &Path) -> Result<()> {
    setup::valgrind(root)?;
    let mut cargo = command::cargo(root);
    command::run(cargo.args([
        "build",
        "--release",
        "-p",
        "whiteflag",
        "--example",
        "instructions",
        "--target-dir",
        "target",
    ]))?;
    for way in ["decode", "encode"] {
        let fewer = count(root, way, RUNS.0)?;
        let more = count(root, way, RUNS.1)?;
        let each = more.saturating_sub(fewer) / (RUNS.1 - RUNS.0);
        println!("instructions: {way} a sign: {each}, at most {LIMIT}");
        if each > LIMIT {
            bail!("to {way} a sign takes {each} instructions, more than {LIMIT}");
        }
    }
    Ok(())
}

/// The instructions of a whole run.
fn count(root: &Path, way: &str, times: u64) -> Result<u64> {
    let mut valgrind = command::program(root, "valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(root.join("target/release/examples/instructions"))
        .args([way, &times.to_string()]);
    let output = valgrind.stdout(Stdio::null()).output();
    let output = output.context("could not start valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind failed:\n{said}");
    }
    collected(&said).with_context(|| format!("valgrind counted nothing:\n{said}"))
}

fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("Collected : "))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_what_valgrind_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 1236177\n==7== \n";
        assert_eq!(collected(said), Some(1_236_177));
        assert_eq!(collected("==7== nothing"), None);
    }
}
