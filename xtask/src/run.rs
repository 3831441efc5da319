//! `cargo xtask run`: builds, starts a local exercise chain and opens the app
//! on it. The chain and both devices' data are kept together in `target/run`
//! and renewed together. Everything that is started here is stopped here.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};

use parley_testkit::Running;

use crate::node::Node;
use crate::{app, command, demo, interrupt, setup, ui};

/// Runs the app until it is closed, or shows the main job where there is no
/// display.
pub(crate) fn run(root: &Path) -> Result<()> {
    println!("run: 1 of 4, set-up");
    let compiler = setup::run(root)?;
    println!("run: 2 of 4, build (the interface, the app and parleyctl)");
    ui::build(root, compiler, ui::Size::Quick)?;
    app::build(root)?;
    let folder = root.join("target/run");
    prepare(&folder)?;
    interrupt::catch_signals()?;
    println!("run: 3 of 4, a local exercise chain");
    let mut node = Node::start(root, &folder)?;
    println!("run: the chain answers at {}", node.url);
    init(root, &folder, "window", &node.url)?;
    init(root, &folder, "second", &node.url)?;
    println!("run: 4 of 4, the app");
    match has_display() {
        true => open(root, &folder)?,
        false => demo::show(root, &folder)?,
    }
    node.check()
}

/// With `FRESH=1` nothing of an earlier run stays.
fn prepare(folder: &Path) -> Result<()> {
    let fresh = std::env::var("FRESH").is_ok_and(|value| !matches!(value.as_str(), "" | "0"));
    if fresh && folder.is_dir() {
        println!("run: FRESH, so the exercise chain and both devices begin anew");
        fs::remove_dir_all(folder).context("target/run")?;
    }
    fs::create_dir_all(folder).context("target/run")
}

/// Makes a device for the local network. Repeated, this changes nothing.
fn init(root: &Path, folder: &Path, device: &str, url: &str) -> Result<()> {
    let mut parleyctl = command::program(root, app::parleyctl(root));
    parleyctl.arg("--data").arg(folder.join(device));
    parleyctl.args(["init", "--network", "local", "--rpc", url, "--name", device]);
    command::run(parleyctl.stdout(Stdio::null()))
}

fn open(root: &Path, folder: &Path) -> Result<()> {
    println!("run: close the window or press Ctrl-C to stop; all data stays in target/run");
    println!("run: the second device: target/debug/parleyctl --data target/run/second --help");
    let mut window = Running::start(
        "the app",
        command::program(root, app::app(root)).env("PARLEY_DATA", folder.join("window")),
    )?;
    match window.wait(interrupt::is_wanted)? {
        Some(status) if !status.success() => anyhow::bail!("the app ended: {status}"),
        _ => Ok(()),
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
