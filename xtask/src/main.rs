//! The tasks of this repository: `cargo xtask <task>`. This file reads the
//! command line and hands over; each task has a file of its own. Nothing here
//! is part of the app.

#![allow(clippy::print_stdout, reason = "a command-line tool speaks on stdout")]

mod android;
mod app;
mod basemap;
mod bench;
mod bench_window;
mod command;
mod constant_time;
mod demo;
mod files;
mod fuzz;
mod fuzz_corpus;
mod gate;
mod gate_full;
mod instructions;
mod interrupt;
mod layers;
mod licences;
mod node;
mod run;
mod setup;
mod ui;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask <task>
  setup                  system packages, npm packages, WebAssembly compiler
  ui [--release]         the interface, into target/ui
  app                    the interface, the app and parleyctl
  run                    all of it, then the app on a local exercise network
                         (FRESH=1 in the environment: a new chain and new data)
  test                   every check that a change must pass
  gate-full [--part P]   the long checks, in parts; what has passed at this
                         commit is not run again
  fuzz [--seconds N] [target…]   random input for the readers and the situation, 10 s each
  fuzz-corpus            the seeds for that, anew from the vectors and stories
  check-android          whether the app's Rust compiles for Android phones
  bench                  the benchmarks, one table
  instructions           how many it takes to read and write a sign; a limit
  basemap                the world map and the fonts in assets/, anew";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<()> {
    let root = root()?;
    match words {
        ["setup"] => setup::run(&root).map(drop),
        ["ui"] => build_ui(&root, ui::Size::Quick),
        ["ui", "--release"] => build_ui(&root, ui::Size::Small),
        ["app"] => {
            build_ui(&root, ui::Size::Quick)?;
            app::build(&root)
        }
        ["run"] => run::run(&root),
        ["test" | "gate"] => gate::run(&root),
        ["gate-full"] => gate_full::run(&root, None),
        ["gate-full", "--part", part] => gate_full::run(&root, Some(part)),
        ["fuzz", words @ ..] => fuzz::run(&root, words),
        ["fuzz-corpus"] => fuzz_corpus::write(&root),
        ["check-android"] => android::check(&root),
        ["bench"] => bench::run(&root),
        ["instructions"] => instructions::run(&root),
        ["basemap"] => {
            setup::run(&root)?;
            basemap::build(&root)
        }
        _ => bail!("this is not a task\n{USAGE}"),
    }
}

fn build_ui(root: &Path, size: ui::Size) -> Result<()> {
    ui::build(root, setup::run(root)?, size)
}

/// The folder of the workspace: this package lies one level below it.
fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .context("xtask lies in no workspace")
}
