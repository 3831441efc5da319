//! `cargo xtask gate-full`: the checks that take too long for every change, in
//! parts of at most half an hour. What has passed at a commit is recorded in
//! `target/gate-full.json` and not run again there.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{android, command, constant_time, fuzz, gate, instructions, setup, ui};
use parley_testkit::Stopwatch;

const LIMIT: Duration = Duration::from_secs(30 * 60);

type Part = (&'static str, Work);
const PARTS: [Part; 23] = [
    ("gate", Work::Task(gate::run)),
    ("kills", Work::Harness("kills", "PARLEY_KILLS", "1000")),
    (
        "scanner",
        Work::Harness("scanner", "PARLEY_SCAN_BLOCKS", "20000"),
    ),
    ("reorgs", Work::Harness("reorgs", "PARLEY_REORGS", "300")),
    (
        "backfill",
        Work::Harness("backfill", "PARLEY_BACKFILL_BLOCKS", "100000"),
    ),
    ("soak", Work::Harness("soak", "PARLEY_SOAK_SECONDS", "900")),
    ("lies", Work::Harness("lies", "PARLEY_LIES", "1000")),
    (
        "fail-points",
        Work::Harness("fail_points", "PARLEY_FAIL_TURNS", "3"),
    ),
    (
        "lost-answers",
        Work::Harness("lost_answers", "PARLEY_LOST", "500"),
    ),
    (
        "hundred-thousand",
        Work::Harness("offline", "PARLEY_OFFLINE", "100000"),
    ),
    ("pairs", Work::Harness("sending", "PARLEY_PAIRS", "200")),
    (
        "simulation",
        Work::Swift("simulation", "PARLEY_SEEDS", "10000"),
    ),
    (
        "full-disk",
        Work::Harness("store", "PARLEY_FULL_DISK", "500"),
    ),
    ("outbox", Work::Harness("model", "PARLEY_MODEL", "20000")),
    ("power-loss", Work::Harness("power", "PARLEY_POWER", "1000")),
    ("fuzz-decode", Work::Task(|root| fuzz::long(root, "decode"))),
    ("fuzz-json", Work::Task(|root| fuzz::long(root, "json"))),
    ("fuzz-jws", Work::Task(|root| fuzz::long(root, "jws"))),
    (
        "fuzz-situation",
        Work::Task(|root| fuzz::long(root, "situation")),
    ),
    ("constant-time", Work::Task(constant_time::run)),
    ("instructions", Work::Task(instructions::run)),
    ("android", Work::Task(android::check)),
    ("deb", Work::Task(deb)),
];

/// What a part does.
#[derive(Clone, Copy)]
enum Work {
    /// A task of its own.
    Task(fn(&Path) -> Result<()>),
    /// A test target of `make test` in its full size: the target, the variable that it takes its
    /// size from, the size.
    Harness(&'static str, &'static str, &'static str),
    /// The same for one that computes so much that it is built optimised, and starts no program.
    Swift(&'static str, &'static str, &'static str),
}

impl Work {
    fn run(self, root: &Path) -> Result<()> {
        match self {
            Work::Task(task) => task(root),
            Work::Harness(target, variable, size) => harness(root, target, variable, size),
            Work::Swift(target, variable, size) => swift(root, target, variable, size),
        }
    }
}

/// Runs one part, or all that have not passed at this commit.
pub(crate) fn run(root: &Path, part: Option<&str>) -> Result<()> {
    let file = root.join("target/gate-full.json");
    let commit = commit(root)?;
    let mut results = read(&file);
    let mut chosen = PARTS
        .iter()
        .filter(|(name, _)| part.is_none_or(|part| part == *name));
    if part.is_some() && chosen.clone().next().is_none() {
        let names = PARTS.map(|(name, _)| name).join(", ");
        bail!("there is no such part; there are: {names}");
    }
    chosen.try_for_each(|(name, work)| {
        if part.is_none() && has_passed(&results, name, &commit) {
            println!("gate-full: {name} has passed at {commit}");
            return Ok(());
        }
        println!("gate-full: {name} at {commit}");
        let watch = Stopwatch::start();
        let outcome = work.run(root);
        let row = json!({"commit": commit, "seconds": watch.seconds().round(), "passed": outcome.is_ok()});
        results.insert((*name).to_owned(), row);
        fs::write(&file, serde_json::to_string_pretty(&results)?)?;
        outcome.with_context(|| format!("the part \"{name}\" failed"))
    })
}

/// Builds everything, as tests start the programs, and runs one test target in its full size.
fn harness(root: &Path, target: &str, variable: &str, size: &str) -> Result<()> {
    ui::build(root, setup::run(root)?, ui::Size::Quick)?;
    let mut cargo = command::cargo(root);
    cargo.args(["build", "--workspace", "--all-targets"]);
    command::run(&mut cargo)?;
    let mut cargo = command::cargo(root);
    cargo.args(["test", "--workspace", "--test", target]);
    command::run_within(cargo.env(variable, size), LIMIT)
}

/// Builds one test target optimised and runs it in its full size.
fn swift(root: &Path, target: &str, variable: &str, size: &str) -> Result<()> {
    let test = ["--profile", "swift", "-p", "parley-cli", "--test", target];
    let mut cargo = command::cargo(root);
    command::run(cargo.arg("test").args(test).arg("--no-run"))?;
    let mut cargo = command::cargo(root);
    cargo.arg("test").args(test);
    command::run_within(cargo.env(variable, size), LIMIT)
}

/// The installable package, as it ships: the app and `parleyctl`.
pub(crate) fn deb(root: &Path) -> Result<()> {
    ui::build(root, setup::run(root)?, ui::Size::Small)?;
    let mut cargo = command::cargo(root);
    command::run(cargo.args(["build", "--release", "-p", "parley-cli"]))?;
    let mut tauri = command::program(root, root.join("node_modules/.bin/tauri"));
    command::run_within(tauri.args(["build", "--bundles", "deb"]), LIMIT)
}

/// The commit, marked if files differ from it: such a result holds for no
/// commit and is never taken for passed.
fn commit(root: &Path) -> Result<String> {
    let mut git = command::program(root, "git");
    let name = command::text(git.args(["rev-parse", "--short=12", "HEAD"]))?;
    let mut git = command::program(root, "git");
    let changes = command::text(git.args(["status", "--porcelain"]))?;
    let mark = if changes.is_empty() { "" } else { CHANGED };
    Ok(format!("{}{mark}", name.trim()))
}

const CHANGED: &str = " with changes";

fn read(file: &Path) -> Map<String, Value> {
    let text = fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn has_passed(results: &Map<String, Value>, part: &str, commit: &str) -> bool {
    let expected = [("commit", json!(commit)), ("passed", json!(true))];
    let row = results.get(part);
    let same = |(key, value): &(&str, Value)| row.and_then(|row| row.get(key)) == Some(value);
    !commit.ends_with(CHANGED) && expected.iter().all(same)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_part_is_there_once_and_each_fuzz_target_is_one() {
        let names = BTreeSet::from(PARTS.map(|(name, _)| name));
        assert_eq!(names.len(), PARTS.len());
        let fuzzed = names.iter().filter_map(|name| name.strip_prefix("fuzz-"));
        assert_eq!(fuzzed.collect::<Vec<_>>(), fuzz::TARGETS);
    }

    /// A misspelt variable would let a part pass in the small size.
    #[test]
    fn each_harness_takes_its_size_from_the_variable_that_is_set() {
        for (name, work) in PARTS {
            if let Work::Harness(target, variable, size) | Work::Swift(target, variable, size) =
                work
            {
                let text = sources(target);
                assert!(text.contains(&format!("{variable:?}")), "{name}");
                assert!(size.parse::<u64>().is_ok(), "{name}");
            }
        }
    }

    /// The text of a test target, in the root package or in a crate.
    fn sources(target: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let crates = fs::read_dir(root.join("crates")).unwrap();
        let crates = crates.map(|entry| entry.unwrap().path());
        let folders = crates.chain([root.to_path_buf()]);
        let files = folders.flat_map(|folder| {
            let tests = folder.join("tests");
            let parts = fs::read_dir(tests.join(target)).into_iter().flatten();
            let parts = parts.map(|entry| entry.unwrap().path());
            parts.chain([tests.join(format!("{target}.rs"))])
        });
        files
            .filter_map(|file| fs::read_to_string(file).ok())
            .collect()
    }

    #[test]
    fn a_part_counts_only_if_it_passed_at_this_very_commit() {
        let row = |commit: &str, passed: bool| {
            let row = json!({"commit": commit, "passed": passed});
            Map::from_iter([("kills".to_owned(), row)])
        };
        assert!(has_passed(&row("abc", true), "kills", "abc"));
        assert!(!has_passed(&row("abc", false), "kills", "abc"));
        assert!(!has_passed(&row("abc", true), "kills", "abd"));
        assert!(!has_passed(&row("abc", true), "deb", "abc"));
        let changed = format!("abc{CHANGED}");
        assert!(!has_passed(&row(&changed, true), "kills", &changed));
    }
}
