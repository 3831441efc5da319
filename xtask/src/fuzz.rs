//! `cargo xtask fuzz [--seconds N] [target…]`: the fuzz targets of whiteflag, built on the stable
//! compiler and without cargo-fuzz (docs/adr/0015). The committed seeds are only read; what a run
//! finds stays in `target/fuzz`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command;

/// Where the targets and their seeds lie.
pub(crate) const FOLDER: &str = "crates/whiteflag/fuzz";
/// Every target: a file in `fuzz_targets` and a folder in `corpus`.
pub(crate) const TARGETS: [&str; 4] = ["decode", "json", "jws", "situation"];

/// Seconds for each target in `make test`.
const SHORT: u32 = 10;
/// Seconds for each target in `gate-full`.
const LONG: u32 = 600;
/// For the counters that libFuzzer steers by. Flags of LLVM, which every compiler takes.
const RUSTFLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Dwarnings";
/// Also what a single input may take: 60 s, 512 MB. Always the same seed: what one machine finds,
/// another one finds.
const LIMITS: [&str; 5] = [
    // By the clock on the wall: a machine that stands still for a while is no fault of the code.
    "-timeout=60",
    "-rss_limit_mb=512",
    "-max_len=4096",
    "-seed=1",
    "-print_final_stats=1",
];

/// `[--seconds N] [target…]`; all targets when none is named.
pub(crate) fn run(root: &Path, words: &[&str]) -> Result<()> {
    let (seconds, named) = match words {
        ["--seconds", seconds, named @ ..] => (seconds.parse().context("--seconds")?, named),
        named => (SHORT, named),
    };
    if let Some(unknown) = named.iter().find(|name| !TARGETS.contains(name)) {
        bail!(
            "there is no target {unknown}; there are: {}",
            TARGETS.join(", ")
        );
    }
    let targets = if named.is_empty() { &TARGETS } else { named };
    let programs = build(root)?;
    targets
        .iter()
        .try_for_each(|target| fuzz(root, &programs, target, seconds))
}

/// Every target for a short time.
pub(crate) fn short(root: &Path) -> Result<()> {
    run(root, &[])
}

/// One target for ten minutes.
pub(crate) fn long(root: &Path, target: &str) -> Result<()> {
    run(root, &["--seconds", &LONG.to_string(), target])
}

/// Builds the targets and gives the folder of the programs. With `--target` the flags do not reach
/// build scripts, which are linked without a fuzzer.
fn build(root: &Path) -> Result<PathBuf> {
    let host = host(root)?;
    let mut cargo = command::cargo(root);
    cargo.args(["build", "--release", "--manifest-path"]);
    cargo.arg(root.join(FOLDER).join("Cargo.toml"));
    cargo
        .args(["--target", &host, "--target-dir"])
        .arg(folder(root));
    command::run(cargo.env("RUSTFLAGS", RUSTFLAGS))?;
    Ok(folder(root).join(host).join("release"))
}

fn host(root: &Path) -> Result<String> {
    let about = command::text(command::program(root, "rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

fn folder(root: &Path) -> PathBuf {
    root.join("target/fuzz")
}

fn fuzz(root: &Path, programs: &Path, target: &str, seconds: u32) -> Result<()> {
    let place = |kind: &str| folder(root).join(kind).join(target);
    let (corpus, log, input) = (place("corpus"), place("log"), place("found"));
    for new in [
        &corpus,
        &folder(root).join("log"),
        &folder(root).join("found"),
    ] {
        fs::create_dir_all(new).with_context(|| new.display().to_string())?;
    }
    let mut program = command::program(root, programs.join(target));
    program
        .args(LIMITS)
        .arg(format!("-max_total_time={seconds}"));
    program.arg(format!("-exact_artifact_path={}", input.display()));
    program
        .arg(&corpus)
        .arg(root.join(FOLDER).join("corpus").join(target));
    program.stdout(Stdio::null()).stderr(File::create(&log)?);
    // Long enough for the seeds and for one slow input after the last second.
    let limit = Duration::from_secs(u64::from(seconds) + 120);
    let outcome = command::run_within(&mut program, limit);
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if outcome.is_err() {
        bail!("{}", fault(target, &text, &programs.join(target), &input));
    }
    println!(
        "fuzz {target}: {}",
        summary(&text).context("libFuzzer said nothing of its run")?
    );
    Ok(())
}

/// What was found and how to see it again.
fn fault(target: &str, log: &str, program: &Path, input: &Path) -> String {
    let begins = |line: &&str| line.contains("panicked at") || line.contains("ERROR:");
    let said = log.lines().skip_while(|line| !begins(line)).take(8);
    let said = said.take_while(|line| !line.starts_with("stack backtrace"));
    let said: String = said.map(|line| format!("  {line:.200}\n")).collect();
    format!(
        "the target {target} found an input that breaks a law:\n{said}\
         see it again: {} {}\n\
         once it is mended, keep the input as {FOLDER}/corpus/{target}/found-…",
        program.display(),
        input.display()
    )
}

/// How much was tried and how much of the code was reached.
fn summary(log: &str) -> Option<String> {
    let after = |line: &str, word: &str| -> Option<String> {
        let rest = line.split_once(word)?.1;
        rest.split_whitespace().next().map(str::to_owned)
    };
    let last = |word: &str| log.lines().rev().find_map(|line| after(line, word));
    let edges = log.lines().find_map(|line| {
        let before = line.split_once(" inline 8-bit counters")?.0;
        before.rsplit('(').next().map(str::to_owned)
    });
    Some(format!(
        "{} inputs, {} of {} edges, {} features, {} MB",
        last("stat::number_of_executed_units:")?,
        last(" cov: ")?,
        edges?,
        last(" ft: ")?,
        last("stat::peak_rss_mb:")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
INFO: Seed: 1
INFO: Loaded 1 modules   (557 inline 8-bit counters): 557 [0x55cc, 0x55cd), 
#2\tINITED cov: 24 ft: 24 corp: 1/4b exec/s: 0 rss: 27Mb
#5588816\tDONE   cov: 120 ft: 335 corp: 2/8b lim: 4 exec/s: 0 rss: 27Mb
Done 5588816 runs in 6 second(s)
stat::number_of_executed_units: 5588816
stat::peak_rss_mb:              27
";

    #[test]
    fn a_run_is_told_in_a_line() {
        let line = "5588816 inputs, 120 of 557 edges, 335 features, 27 MB";
        assert_eq!(summary(LOG).as_deref(), Some(line));
        assert_eq!(summary("INFO: Seed: 1\n"), None);
    }

    #[test]
    fn a_fault_tells_what_was_said_and_where_the_input_lies() {
        let log =
            "INFO: Seed: 1\nthread '<unnamed>' panicked at laws.rs:31:5:\na character was lost\n";
        let fault = fault(
            "decode",
            log,
            Path::new("/p/decode"),
            Path::new("/f/decode"),
        );
        assert!(fault.contains("a character was lost"));
        assert!(fault.contains("/p/decode /f/decode"));
        assert!(!fault.contains("Seed"));
    }
}
