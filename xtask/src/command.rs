//! Runs other programs to their end and turns a failure into a message that
//! names the program. Programs that stay are in `child`.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use parley_testkit::Stopwatch;

/// A command in the workspace's folder, without what `cargo run` put into our
/// own environment for us alone: a library path of this compiler would reach
/// the other compiler and the window.
pub(crate) fn program(root: &Path, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root).env_remove("LD_LIBRARY_PATH");
    command
}

/// Cargo, with the workspace as its folder.
pub(crate) fn cargo(root: &Path) -> Command {
    program(
        root,
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    )
}

/// Cargo with Debian's compiler, which has a folder of its own, else the two would undo each other's
/// work. For what the ordinary compiler has no standard library for: Debian ships its source, and
/// building it is a feature that a stable compiler allows with `RUSTC_BOOTSTRAP`.
pub(crate) fn debian_cargo(root: &Path, target: &Path) -> Command {
    let mut cargo = cargo(root);
    cargo
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", target);
    cargo
}

/// Where Debian puts its compiler.
pub(crate) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Runs to the end with our own output; fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start {}", words(command)))?;
    check(command, status)
}

/// Runs to the end and returns what it wrote to stdout.
pub(crate) fn text(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", words(command)))?;
    check(command, output.status)?;
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} did not write text", words(command)))
}

/// Runs to the end, or stops it after `limit`, which is a failure.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .spawn()
        .with_context(|| format!("could not start {}", words(command)))?;
    let watch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            return check(command, status);
        }
        if watch.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("{} took longer than {} s", words(command), limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// True if a program of this name can be started from the search path.
pub(crate) fn on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("{} failed: {status}", words(command))
}

fn words(command: &Command) -> String {
    let mut line = format!("`{}", command.get_program().to_string_lossy());
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line.push('`');
    line
}
