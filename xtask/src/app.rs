//! Builds the programs of the product for development: the app and
//! `parleyctl`. The interface must have been built before, as it is put into
//! the app. Bundles are made in `gate_full`.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command;

/// Builds both programs.
pub(crate) fn build(root: &Path) -> Result<()> {
    command::run(command::cargo(root).args(["build", "-p", "parley", "-p", "parley-cli"]))
}

/// The app's program.
pub(crate) fn app(root: &Path) -> PathBuf {
    root.join("target/debug/parley")
}

/// The command-line program.
pub(crate) fn parleyctl(root: &Path) -> PathBuf {
    root.join("target/debug/parleyctl")
}
