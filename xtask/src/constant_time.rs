//! A part of `cargo xtask gate-full`: comparing a token takes as many instructions wherever the
//! first difference is. Counted by callgrind, not timed; says nothing of caches or of other code.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{command, setup};

/// Compares the token of a fixed secret with its argument; without one it prints the token.
const EXAMPLE: &str = "token_compare";

/// Counts for a difference in the first, a middle and the last octet.
pub(crate) fn run(root: &Path) -> Result<()> {
    setup::valgrind(root)?;
    let program = build(root)?;
    let token = command::text(&mut command::program(root, &program))?;
    let token = token.trim();
    let places = [0, token.len() / 2, token.len().saturating_sub(1)];
    let counts: Vec<u64> = places
        .iter()
        .map(|place| count(root, &program, &changed(token, *place)))
        .collect::<Result<_>>()?;
    println!("comparing a token: {counts:?} instructions for a difference at digits {places:?}");
    if counts.windows(2).any(|pair| pair.first() != pair.last()) {
        bail!("comparing a token takes longer or shorter with the place of the first difference");
    }
    Ok(())
}

fn build(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/constant-time");
    let mut cargo = command::cargo(root);
    cargo.args([
        "build",
        "--release",
        "-p",
        "whiteflag",
        "--example",
        EXAMPLE,
    ]);
    command::run(cargo.arg("--target-dir").arg(&folder))?;
    Ok(folder.join("release/examples").join(EXAMPLE))
}

/// The token with another digit in one place.
fn changed(token: &str, place: usize) -> String {
    let other = |digit| if digit == '0' { '1' } else { '0' };
    let digits = token.chars().enumerate();
    digits
        .map(|(at, digit)| if at == place { other(digit) } else { digit })
        .collect()
}

/// The instructions of one run, reading the token included.
fn count(root: &Path, program: &Path, shown: &str) -> Result<u64> {
    let mut valgrind = command::program(root, "valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let output = valgrind
        .arg(program)
        .arg(shown)
        .output()
        .context("valgrind")?;
    if output.stdout != b"different\n" {
        bail!("{EXAMPLE} did not say that another token is different");
    }
    let said = String::from_utf8_lossy(&output.stderr);
    collected(&said).with_context(|| format!("valgrind counted nothing: {said}"))
}

fn collected(said: &str) -> Option<u64> {
    let (_, count) = said
        .lines()
        .find_map(|line| line.split_once("Collected : "))?;
    count.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_is_another_one() {
        assert_eq!(changed("00ff", 0), "10ff");
        assert_eq!(changed("00ff", 3), "00f0");
    }

    #[test]
    fn the_count_is_what_callgrind_collected() {
        let said = "==7== Events    : Ir\n==7== Collected : 417653\n==7== \n";
        assert_eq!(collected(said), Some(417_653));
        assert_eq!(collected("valgrind: not found"), None);
    }
}
