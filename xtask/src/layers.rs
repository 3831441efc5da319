//! Which crate may know which: arrows point down only. What a crate pulls in
//! is asked of `cargo tree`, tests' dependencies aside, so that a feature that
//! brings a forbidden crate along is seen too.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use crate::command;
use crate::setup::WASM;

/// A package and those of our own that it may name.
const OURS: [(&str, &[&str]); 8] = [
    ("whiteflag", &[]),
    ("parley-core", &["whiteflag"]),
    ("parley-wire", &["whiteflag", "parley-core"]),
    ("parley-store", &["whiteflag", "parley-core"]),
    ("parley-chain", &["whiteflag", "parley-core"]),
    ("parley-engine", BELOW_ENGINE),
    ("parley-cli", BELOW_SHELLS),
    ("parley", BELOW_SHELLS),
];
const BELOW_ENGINE: &[&str] = &[
    "whiteflag",
    "parley-core",
    "parley-wire",
    "parley-store",
    "parley-chain",
];
const BELOW_SHELLS: &[&str] = &[
    "whiteflag",
    "parley-core",
    "parley-wire",
    "parley-store",
    "parley-chain",
    "parley-engine",
];
/// The interface, as it is built for the window.
const UI: (&str, &[&str]) = ("ui", &["whiteflag", "parley-core", "parley-wire"]);

/// Crates that reach files, the network, a clock of their own or a database.
const INPUT_OUTPUT: [&str; 14] = [
    "tokio",
    "mio",
    "socket2",
    "async-std",
    "smol",
    "hyper",
    "reqwest",
    "ureq",
    "rustls",
    "rusqlite",
    "libsqlite3-sys",
    "tempfile",
    "directories",
    "tauri",
];

/// Checks every package of the workspace that there is.
pub(crate) fn check(root: &Path) -> Result<()> {
    let members = members(root)?;
    let mut faults = Vec::new();
    for (package, allowed) in OURS {
        if members.contains(package) {
            let tree = tree(root, package, None)?;
            faults.extend(faults_of(package, allowed, &members, &tree));
        }
    }
    if members.contains(UI.0) {
        let tree = tree(root, UI.0, Some(WASM))?;
        faults.extend(faults_of(UI.0, UI.1, &members, &tree));
    }
    for package in ["parley-cli", "parley"] {
        if members.contains(package) && ends_by_itself(root, package)? {
            faults.push(format!("{package} must not be built with {FAILPOINTS}"));
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => bail!("{}", faults.join("\n")),
    }
}

/// What is wrong with the crates that one package brings along.
fn faults_of(
    package: &str,
    allowed: &[&str],
    members: &BTreeSet<String>,
    tree: &BTreeSet<String>,
) -> Vec<String> {
    let wrong = |name: &&String| {
        let name = name.as_str();
        let upward = members.contains(name) && name != package && !allowed.contains(&name);
        upward || is_forbidden(package, name)
    };
    tree.iter()
        .filter(wrong)
        .map(|name| format!("{package} must not depend on {name}"))
        .collect()
}

fn is_forbidden(package: &str, name: &str) -> bool {
    match package {
        "whiteflag" => INPUT_OUTPUT.contains(&name) || name.starts_with("alloy-"),
        "parley-core" | "parley-wire" | "ui" => {
            let alloy = name.starts_with("alloy-") && name != "alloy-primitives";
            INPUT_OUTPUT.contains(&name) || alloy
        }
        "parley" => false,
        _ => name == "tauri" || name.starts_with("tauri-"),
    }
}

/// The names of all packages that one brings along, its own included.
fn tree(root: &Path, package: &str, target: Option<&str>) -> Result<BTreeSet<String>> {
    let mut cargo = command::cargo(root);
    cargo.args(["tree", "--package", package, "--edges", "normal"]);
    cargo.args(["--prefix", "none", "--format", "{p}"]);
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    let lines = command::text(&mut cargo)?;
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    Ok(names.map(str::to_owned).collect())
}

/// The feature with which the program ends where a test says.
const FAILPOINTS: &str = "failpoints";

/// Whether a package, as it ships, ends where a variable says.
fn ends_by_itself(root: &Path, package: &str) -> Result<bool> {
    let mut cargo = command::cargo(root);
    cargo.args(["tree", "--package", package, "--edges", "normal"]);
    let lines = command::text(cargo.args(["--prefix", "none", "--format", "{p} {f}"]))?;
    Ok(lines.contains(FAILPOINTS))
}

fn members(root: &Path) -> Result<BTreeSet<String>> {
    let mut cargo = command::cargo(root);
    cargo.args(["tree", "--workspace", "--depth", "0"]);
    let lines = command::text(cargo.args(["--prefix", "none", "--format", "{p}"]))?;
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    Ok(names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(package: &str, allowed: &[&str], tree: &[&str]) -> usize {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let members = set(&["whiteflag", "parley-core", "parley-store", "parley"]);
        faults_of(package, allowed, &members, &set(tree)).len()
    }

    #[test]
    fn the_core_may_name_no_runtime_and_of_alloy_only_the_primitives() {
        let allowed = &["whiteflag"];
        let fine = &["parley-core", "whiteflag", "alloy-primitives", "serde"];
        assert_eq!(faults("parley-core", allowed, fine), 0);
        assert_eq!(faults("parley-core", allowed, &["tokio"]), 1);
        assert_eq!(faults("parley-core", allowed, &["alloy-consensus"]), 1);
    }

    #[test]
    fn an_arrow_that_points_up_is_a_fault() {
        assert_eq!(faults("whiteflag", &[], &["whiteflag", "parley-core"]), 1);
        assert_eq!(faults("parley-store", &["whiteflag"], &["parley-core"]), 1);
    }

    #[test]
    fn only_the_app_may_name_tauri() {
        assert_eq!(faults("parley", &[], &["tauri", "tauri-runtime"]), 0);
        assert_eq!(faults("parley-store", &[], &["tauri"]), 1);
        assert_eq!(faults("parley-core", &[], &["tauri"]), 1);
    }
}
