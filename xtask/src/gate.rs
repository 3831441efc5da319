//! `cargo xtask test`: every check that a change must pass, in an order that
//! fails early and builds each thing once. Stops at the first failure. Each
//! step is timed; the table is written to `target/gate.txt`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{command, files, fuzz, layers, licences, setup, ui};
use parley_testkit::Stopwatch;

type Step = (&'static str, fn(&Path) -> Result<()>);

/// The steps. One profile and one choice of packages for all that compile, so
/// that what one built the next one finds.
const STEPS: [Step; 12] = [
    ("set-up", |root| setup::run(root).map(drop)),
    ("formatting", formatting),
    ("file rules", files::check),
    ("licences, bans, sources", licences::check),
    ("layers", layers::check),
    ("interface", interface),
    ("clippy", clippy),
    ("build", build),
    ("tests", tests),
    ("fuzzing, short", fuzz::short),
    ("documentation tests", doctests),
    ("documentation", documentation),
];

/// Runs all steps.
pub(crate) fn run(root: &Path) -> Result<()> {
    let whole = Stopwatch::start();
    let mut table = String::new();
    let mut outcome = Ok(());
    for (index, (name, step)) in STEPS.iter().enumerate() {
        let place = format!("[{}/{}]", index + 1, STEPS.len());
        println!("{place} {name}");
        let watch = Stopwatch::start();
        outcome = step(root).with_context(|| format!("the step \"{name}\" failed"));
        let word = if outcome.is_ok() { "passed" } else { "FAILED" };
        let line = format!("{place} {name} … {:.1} s, {word}", watch.seconds());
        println!("{line}");
        writeln!(table, "{line}")?;
        if outcome.is_err() {
            break;
        }
    }
    writeln!(table, "in all {:.1} s", whole.seconds())?;
    fs::create_dir_all(root.join("target"))?;
    fs::write(root.join("target/gate.txt"), &table).context("target/gate.txt")?;
    println!("\n{table}");
    outcome
}

fn formatting(root: &Path) -> Result<()> {
    command::run(command::cargo(root).args(["fmt", "--all", "--check"]))?;
    let mut cargo = command::cargo(root);
    cargo.args(["fmt", "--check", "--manifest-path"]);
    command::run(cargo.arg(root.join(fuzz::FOLDER).join("Cargo.toml")))
}

/// Before all that compiles the app, which carries it.
fn interface(root: &Path) -> Result<()> {
    ui::build(root, setup::run(root)?, ui::Size::Quick)
}

fn clippy(root: &Path) -> Result<()> {
    let mut cargo = command::cargo(root);
    cargo.args(["clippy", "--workspace", "--all-targets"]);
    command::run(cargo.args(["--", "-D", "warnings"]))
}

/// Programs and tests together: tests start the programs, and the tests'
/// dependencies add features that a build without them would not share.
fn build(root: &Path) -> Result<()> {
    command::run(command::cargo(root).args(["build", "--workspace", "--all-targets"]))
}

fn tests(root: &Path) -> Result<()> {
    let kinds = ["--workspace", "--lib", "--bins", "--tests"];
    let mut cargo = command::cargo(root);
    if command::on_path("cargo-nextest") {
        cargo.args(["nextest", "run", "--no-fail-fast"]).args(kinds);
    } else {
        cargo.args(["test", "--no-fail-fast"]).args(kinds);
    }
    command::run(&mut cargo)
}

fn doctests(root: &Path) -> Result<()> {
    command::run(command::cargo(root).args(["test", "--workspace", "--doc"]))
}

fn documentation(root: &Path) -> Result<()> {
    let mut cargo = command::cargo(root);
    cargo.args(["doc", "--workspace", "--no-deps"]);
    command::run(cargo.env("RUSTDOCFLAGS", "-D warnings"))
}
