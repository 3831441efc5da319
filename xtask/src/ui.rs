//! The interface bundle, `target/ui`: the `ui` crate as WebAssembly with its
//! bindings, its page, styles and scripts, the map library and the fonts. A
//! file whose content is the same is not written again, so that the app, which
//! carries them, is not built again either. Bundles nothing, downloads nothing.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command;
use crate::setup::{WASM, WasmCompiler};

/// Whether time is spent on making the WebAssembly smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// As the compiler leaves it.
    Quick,
    /// Through `wasm-opt`, for what ships.
    Small,
}

/// Where the bundle lies.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("target/ui")
}

/// The map library's files. They are served as they are: its worker is loaded
/// by URL and would not survive bundling.
pub(crate) const MAP_LIBRARY: [&str; 4] = [
    "maplibre-gl.mjs",
    "maplibre-gl-shared.mjs",
    "maplibre-gl-worker.mjs",
    "maplibre-gl.css",
];

/// What the compiler may use and `wasm-opt` must therefore understand.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the bundle.
pub(crate) fn build(root: &Path, compiler: WasmCompiler, size: Size) -> Result<()> {
    let wasm = compile(root, compiler)?;
    let bound = bind(root, &wasm, size)?;
    let mut bundle = Bundle::new(folder(root));
    bundle.add_folder(&bound, "")?;
    for name in ["index.html", "boot.js"] {
        bundle.add(&root.join("ui").join(name), name)?;
    }
    for part in ["js", "styles"] {
        bundle.add_folder(&root.join("ui").join(part), part)?;
    }
    bundle.add_folder(&root.join("assets/fonts"), "fonts")?;
    for name in MAP_LIBRARY {
        let file = root.join("node_modules/maplibre-gl/dist").join(name);
        bundle.add(&file, name)?;
    }
    // Its licence asks to be handed on with it.
    let licence = root.join("node_modules/maplibre-gl/LICENSE.txt");
    bundle.add(&licence, "maplibre-gl.LICENSE.txt")?;
    bundle.finish()
}

/// Compiles the `ui` crate.
fn compile(root: &Path, compiler: WasmCompiler) -> Result<PathBuf> {
    let (mut cargo, target) = match compiler {
        WasmCompiler::Ordinary => (command::cargo(root), root.join("target")),
        WasmCompiler::Debian => debian_cargo(root),
    };
    cargo.args(["build", "-p", "ui", "--lib", "--profile", "wasm"]);
    command::run(cargo.args(["--target", WASM]))?;
    Ok(target.join(WASM).join("wasm/ui.wasm"))
}

/// Debian's compiler builds the standard library too and has a linker of its own name.
fn debian_cargo(root: &Path) -> (std::process::Command, PathBuf) {
    let target = root.join("target/wasm-debian");
    let mut cargo = command::debian_cargo(root, &target);
    cargo
        .args(["-Z", "build-std=std,panic_abort", "--config"])
        .arg(format!("target.{WASM}.linker=\"wasm-ld-19\""));
    (cargo, target)
}

/// Writes the bindings, unless those that are there were made of this very
/// WebAssembly in this very way.
fn bind(root: &Path, wasm: &Path, size: Size) -> Result<PathBuf> {
    let folder = root.join("target/ui-bound");
    let record = root.join("target/ui-bound.txt");
    let modified = fs::metadata(wasm).context("ui.wasm")?.modified()?;
    let made = format!("{} {modified:?} {size:?}\n", wasm.display());
    if fs::read_to_string(&record).is_ok_and(|before| before == made) {
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        // Without the path `init()` would not know what to load.
        .omit_default_module_path(false)
        .generate(&folder)?;
    if size == Size::Small {
        shrink(root, &folder.join("ui_bg.wasm"))?;
    }
    fs::write(record, made)?;
    Ok(folder)
}

fn shrink(root: &Path, wasm: &Path) -> Result<()> {
    let small = wasm.with_extension("small");
    let mut node = command::program(root, "node");
    node.arg("node_modules/binaryen/bin/wasm-opt").arg("-Oz");
    command::run(node.args(WASM_FEATURES).arg("-o").arg(&small).arg(wasm))?;
    Ok(fs::rename(small, wasm)?)
}

/// A folder that ends up with exactly the files that were added.
struct Bundle {
    folder: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl Bundle {
    fn new(folder: PathBuf) -> Self {
        let files = BTreeSet::new();
        Self { folder, files }
    }

    /// Adds one file under a name; the last one under a name stays.
    fn add(&mut self, file: &Path, name: &str) -> Result<()> {
        let content = fs::read(file).with_context(|| file.display().to_string())?;
        let target = self.folder.join(name);
        if !fs::read(&target).is_ok_and(|before| before == content) {
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&target, content).with_context(|| target.display().to_string())?;
        }
        self.files.insert(target);
        Ok(())
    }

    /// Adds all files of a folder, if it is there.
    fn add_folder(&mut self, folder: &Path, name: &str) -> Result<()> {
        for file in files_below(folder)? {
            let below = file.strip_prefix(folder)?;
            let target = Path::new(name).join(below);
            self.add(&file, &target.to_string_lossy())?;
        }
        Ok(())
    }

    /// Removes what an earlier build left.
    fn finish(self) -> Result<()> {
        for file in files_below(&self.folder)? {
            if !self.files.contains(&file) {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }
}

/// All files below a folder, hidden ones aside; none if it is not there.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            let name = path.file_name().map(OsStr::to_string_lossy);
            if name.is_some_and(|name| name.starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
