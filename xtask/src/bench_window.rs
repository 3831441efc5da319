//! How long it takes from starting the program to a drawn map: Parley's window against a Tauri
//! window with nothing but a bare MapLibre map on the same tiles. Both as they ship, in turn, in one
//! run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use parley_testkit::{Opening, Stopwatch};

use crate::bench::Row;
use crate::{command, ui};

/// The median of so many starts counts.
const ROUNDS: usize = 7;
/// A start that takes longer than this is broken.
const LIMIT: Duration = Duration::from_secs(60);
const DRAWN: &str = "body[data-map=ready]";

/// Builds the peer beside the packaged app and measures both.
pub(crate) fn rows(root: &Path) -> Result<Vec<Row>> {
    let mut cargo = command::cargo(root);
    command::run(cargo.args([
        "build",
        "--release",
        "-p",
        "parley",
        "--example",
        "bare-map",
    ]))?;
    let scratch = root.join("target/bench-window");
    let _ = fs::remove_dir_all(&scratch);
    let page = bare_page(root, &scratch)?;
    let data = device(root, &scratch)?;
    let program = root.join("target/release/parley");
    let peer = root.join("target/release/examples/bare-map");
    let (mut parley, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parley.push(start(Opening::of(&program).with("PARLEY_DATA", &data))?);
        bare.push(start(Opening::of(&peer).with("BARE_MAP", &page))?);
    }
    Ok(vec![Row {
        name: "start of the window to map drawn".to_owned(),
        value: median(parley),
        unit: "s".to_owned(),
        against: Some(("a bare map in a Tauri window".to_owned(), median(bare))),
    }])
}

/// Seconds until the map is drawn.
fn start(opening: Opening<'_>) -> Result<f64> {
    let opened = opening.prepare()?;
    let watch = Stopwatch::start();
    let mut window = opened.open()?;
    window.set_patience(LIMIT);
    window.see(DRAWN)?;
    Ok(watch.seconds())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

/// The peer's page with the map library beside it.
fn bare_page(root: &Path, scratch: &Path) -> Result<PathBuf> {
    let page = scratch.join("page");
    fs::create_dir_all(&page)?;
    for name in ["index.html", "map.css", "map.js"] {
        fs::copy(root.join("xtask/bare-map").join(name), page.join(name)).context(name)?;
    }
    for name in ui::MAP_LIBRARY {
        let file = root.join("node_modules/maplibre-gl/dist").join(name);
        fs::copy(file, page.join(name)).context(name)?;
    }
    Ok(page)
}

/// A device whose node is not there, which is the normal case.
fn device(root: &Path, scratch: &Path) -> Result<PathBuf> {
    let data = scratch.join("data");
    let mut parleyctl = command::program(root, root.join("target/release/parleyctl"));
    parleyctl.arg("--data").arg(&data);
    parleyctl.args(["init", "--network", "local", "--rpc", "http://127.0.0.1:1"]);
    command::run(parleyctl.stdout(Stdio::null()))?;
    Ok(data)
}
