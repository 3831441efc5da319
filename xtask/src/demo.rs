//! The demonstration for machines without a display: one sign is composed by
//! hand in the real window, a second device receives it, a picture is kept.
//! Drives the window from outside; the product has no demonstration mode.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use parley_testkit::{Opening, Window};

use crate::{app, command};

/// A place in the north of Syria; the sign there is an exercise's.
const PLACE: &str = "36.2021, 37.1343";
const SIGN: &str = "mine";
/// How long the chain may take to include a message.
const INCLUSION: Duration = Duration::from_secs(60);

/// Shows the main job from end to end.
pub(crate) fn show(root: &Path, folder: &Path) -> Result<()> {
    println!("run: no display here, so the window opens on a virtual one");
    let before = received(root, folder)?;
    let program = app::app(root);
    let data = folder.join("window");
    let mut window = Opening::of(&program).with("PARLEY_DATA", &data).open()?;
    compose(&window)?;
    window.set_patience(INCLUSION);
    window.see(&named("outbox-row", "[data-state=in-block]"))?;
    println!("run: the window shows it in a block");
    let after = received(root, folder)?;
    if after <= before {
        bail!("the second device received nothing new: {before} messages, then {after}");
    }
    println!("run: the second device received it ({after} messages there now)");
    // A map that is still being drawn is no picture.
    window.see("body[data-map=ready]")?;
    let picture = folder.join("map.png");
    std::fs::write(&picture, window.screenshot()?)?;
    println!("run: what the window shows is in target/run/map.png");
    Ok(())
}

/// Adds one sign by typed coordinates, as a person would.
fn compose(window: &Window) -> Result<()> {
    window.click(&named("add", ""))?;
    window.type_into(&named("coordinates", ""), PLACE)?;
    window.click(&named("coordinates-ok", ""))?;
    window.type_into(&named("sign-search", ""), SIGN)?;
    window.click(&named("sign-option", ""))?;
    window.click(&named("review", ""))?;
    window.click(&named("confirm", ""))?;
    println!("run: a sign was composed in the window and confirmed");
    Ok(())
}

/// Lets the second device catch up and counts what it has.
fn received(root: &Path, folder: &Path) -> Result<usize> {
    let second = folder.join("second");
    let parleyctl = |words: &[&str]| {
        let mut program = command::program(root, app::parleyctl(root));
        program.arg("--data").arg(&second).args(words);
        program
    };
    command::run(&mut parleyctl(&["sync"]))?;
    let rows = command::text(&mut parleyctl(&["inbox", "--json"]))?;
    for row in rows.lines() {
        serde_json::from_str::<Value>(row).context("the second device's inbox")?;
    }
    Ok(rows.lines().count())
}

fn named(name: &str, more: &str) -> String {
    format!("[data-testid={name}]{more}")
}
