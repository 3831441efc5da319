//! What must be there before anything is built: system packages, npm
//! packages, a compiler for WebAssembly. Looks first, installs only what is
//! missing, says what it does. Never changes a compiler that is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command;

/// The target of the interface.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// rustup hangs where its server cannot be reached.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);
/// The oldest Node that the npm packages here run on.
const NODE: u32 = 18;

/// Which compiler builds the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmCompiler {
    /// The ordinary one, with the target from rustup.
    Ordinary,
    /// Debian's, which builds the standard library itself.
    Debian,
}

/// Makes everything ready and tells which compiler builds the interface.
pub(crate) fn run(root: &Path) -> Result<WasmCompiler> {
    command::run(command::program(root, "sh").arg("xtask/packages.sh"))?;
    check_node(root)?;
    npm(root)?;
    wasm_compiler(root)
}

/// The development chain node that npm brought.
pub(crate) fn anvil(root: &Path) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("PARLEY_ANVIL") {
        return Ok(path.into());
    }
    let machine = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let path = root.join(format!(
        "node_modules/@foundry-rs/anvil-linux-{machine}/bin/anvil"
    ));
    if !path.is_file() {
        bail!(
            "the chain node is not at {}; set PARLEY_ANVIL to an anvil 1.7",
            path.display()
        );
    }
    Ok(path)
}

/// Makes ready what counts instructions.
pub(crate) fn valgrind(root: &Path) -> Result<()> {
    if command::on_path("valgrind") {
        return Ok(());
    }
    command::run(command::program(root, "sh").args(["xtask/packages.sh", "valgrind"]))
}

/// Makes ready the compiler that checks for Android.
pub(crate) fn debian_android(root: &Path) -> Result<()> {
    command::run(command::program(root, "sh").args(["xtask/packages.sh", "debian-android"]))?;
    if !Path::new(command::DEBIAN_RUSTC).is_file() {
        bail!("no compiler for Android: Debian's rustc-web and rust-web-src are not here");
    }
    Ok(())
}

fn check_node(root: &Path) -> Result<()> {
    let version = command::text(command::program(root, "node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    match major.and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("Node {NODE} or later is needed, this is {}", version.trim()),
    }
}

/// Installs the locked npm packages, unless this very lock was installed. Their install scripts are
/// not run: none is needed here. Not `npm ci`: that insists on an entry for the chain node of every
/// platform, and no registry mirror has to carry those of others.
fn npm(root: &Path) -> Result<()> {
    let lock = fs::read(root.join("package-lock.json")).context("package-lock.json")?;
    let installed = root.join("node_modules/.parley-installed");
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    println!("setup: npm packages, as locked");
    command::run(command::program(root, "npm").args([
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    command::run(command::program(root, anvil(root)?).arg("--version"))?;
    fs::write(&installed, lock).context("node_modules/.parley-installed")
}

/// `PARLEY_WASM=debian` forces the fall-back. It is remembered once rustup has
/// failed, so that the wait is not repeated at every build.
fn wasm_compiler(root: &Path) -> Result<WasmCompiler> {
    let remembered = root.join("target/wasm-compiler");
    if std::env::var_os("PARLEY_WASM").is_some_and(|value| value == "debian") {
        return debian(root);
    }
    if has_target(root)? {
        return Ok(WasmCompiler::Ordinary);
    }
    if !remembered.is_file() && rustup_add(root) {
        return Ok(WasmCompiler::Ordinary);
    }
    let compiler = debian(root)?;
    fs::create_dir_all(root.join("target"))?;
    fs::write(&remembered, "debian\n")?;
    Ok(compiler)
}

fn has_target(root: &Path) -> Result<bool> {
    let sysroot = command::text(command::program(root, "rustc").args(["--print", "sysroot"]))?;
    let libraries = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM);
    Ok(libraries.join("lib").is_dir())
}

fn rustup_add(root: &Path) -> bool {
    if !command::on_path("rustup") {
        return false;
    }
    println!("setup: the WebAssembly target, from rustup (at most 60 s)");
    let mut rustup = command::program(root, "rustup");
    let added = command::run_within(rustup.args(["target", "add", WASM]), RUSTUP_LIMIT);
    if let Err(error) = &added {
        println!("setup: {error}; Debian's compiler is used instead");
    }
    added.is_ok()
}

fn debian(root: &Path) -> Result<WasmCompiler> {
    let mut packages = command::program(root, "sh");
    command::run(packages.args(["xtask/packages.sh", "debian-wasm"]))?;
    if !Path::new(command::DEBIAN_RUSTC).is_file() || !command::on_path("wasm-ld-19") {
        bail!(
            "no compiler for WebAssembly: `rustup target add {WASM}` did not work and \
             Debian's rustc-web, rust-web-src and lld-19 are not here"
        );
    }
    Ok(WasmCompiler::Debian)
}
