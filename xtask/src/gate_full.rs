//! `cargo xtask gate-full`: the checks that take too long for every change, in
//! parts of at most half an hour. What has passed at a commit is recorded in
//! `target/gate-full.json` and not run again there.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::{command, constant_time, fuzz, gate, instructions, setup, ui};
use parley_testkit::Stopwatch;

const LIMIT: Duration = Duration::from_secs(30 * 60);

type Part = (&'static str, fn(&Path) -> Result<()>);
const PARTS: [Part; 9] = [
    ("gate", gate::run),
    ("kills", kills),
    ("fuzz-decode", |root| fuzz::long(root, "decode")),
    ("fuzz-json", |root| fuzz::long(root, "json")),
    ("fuzz-jws", |root| fuzz::long(root, "jws")),
    ("fuzz-situation", |root| fuzz::long(root, "situation")),
    ("constant-time", constant_time::run),
    ("instructions", instructions::run),
    ("deb", deb),
];

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
    chosen.try_for_each(|(name, step)| {
        if part.is_none() && has_passed(&results, name, &commit) {
            println!("gate-full: {name} has passed at {commit}");
            return Ok(());
        }
        println!("gate-full: {name} at {commit}");
        let watch = Stopwatch::start();
        let outcome = step(root);
        let row = json!({"commit": commit, "seconds": watch.seconds().round(), "passed": outcome.is_ok()});
        results.insert((*name).to_owned(), row);
        fs::write(&file, serde_json::to_string_pretty(&results)?)?;
        outcome.with_context(|| format!("the part \"{name}\" failed"))
    })
}

/// A thousand kills at random moments of sending.
fn kills(root: &Path) -> Result<()> {
    ui::build(root, setup::run(root)?, ui::Size::Quick)?;
    let mut cargo = command::cargo(root);
    cargo.args(["build", "--workspace", "--all-targets"]);
    command::run(&mut cargo)?;
    let mut cargo = command::cargo(root);
    cargo.args(["test", "--workspace", "--test", "kills"]);
    command::run_within(cargo.env("PARLEY_KILLS", "1000"), LIMIT)
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
