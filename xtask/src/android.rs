//! `cargo xtask check-android`: whether the app's library, with every crate that it stands on, is
//! Rust that compiles for an Android phone. Compiles no C, links nothing and makes no package: that
//! takes Google's NDK, which no package registry carries.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{command, setup, ui};

/// The phones that are sold.
const TARGET: &str = "aarch64-linux-android";
/// Where build scripts look for the phone's C compiler and archiver. They get a program that does
/// nothing, successfully: a type check never opens what they would have made.
const C_TOOLS: [&str; 2] = ["CC_aarch64_linux_android", "AR_aarch64_linux_android"];
/// OpenSSL's own build asks for the NDK by name and is therefore not started. Cargo then wants to
/// be told what the build would have answered; only C that is not compiled reads it.
const NO_OPENSSL: &str = "target.aarch64-linux-android.openssl.include=\"\"";
/// Code that only a phone leaves unused is seen by no other check.
const DENY_WARNINGS: [&str; 4] = ["-Z", "warnings", "--config", "build.warnings=\"deny\""];

/// Type-checks the library for Android and says what that proves.
pub(crate) fn check(root: &Path) -> Result<()> {
    setup::debian_android(root)?;
    ui::build(root, setup::run(root)?, ui::Size::Quick)?;
    command::run(&mut cargo(root))?;
    println!(
        "check-android: the app's Rust compiles for {TARGET}. Not proven: its C (SQLCipher with \
         OpenSSL, libsecp256k1, ring) was not compiled, nothing was linked, and no phone ran it."
    );
    Ok(())
}

/// Debian ships no standard library for phones either, so it is built too.
fn cargo(root: &Path) -> Command {
    let mut cargo = command::debian_cargo(root, &root.join("target/android"));
    cargo.args(["check", "-p", "parley", "--lib", "--target", TARGET]);
    cargo.args(["-Z", "build-std=std,panic_unwind"]);
    cargo.args(DENY_WARNINGS).args(["--config", NO_OPENSSL]);
    cargo.envs(C_TOOLS.map(|tool| (tool, "true")));
    cargo
}
