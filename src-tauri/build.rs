//! Checks that the interface and the basemap are built, then lets Tauri generate its code from
//! `tauri.conf.json`. It builds neither of them itself: that is the work of `cargo xtask`.

use std::path::Path;

/// Every command of the window. One that is missing here cannot be called from the page.
const COMMANDS: [&str; 30] = [
    "status",
    "acknowledge_mended",
    "outbox",
    "own_message",
    "dependents",
    "signals_since",
    "queue",
    "plain_text",
    "edit",
    "delete",
    "send_now",
    "send_anyway",
    "offer_more",
    "give_up",
    "keep",
    "attempts",
    "view",
    "save_view",
    "network",
    "choose",
    "add_endpoint",
    "remove_endpoint",
    "order_endpoints",
    "pardon_endpoint",
    "try_endpoint",
    "follow",
    "unfollow",
    "network_changed",
    "networks",
    "switch_network",
];

/// What must lie in the tree before the app can be compiled, and the task that makes it.
const PARTS: [(&str, &str); 2] = [
    ("target/ui/index.html", "cargo xtask ui"),
    ("assets/basemap/world.pmtiles", "cargo xtask basemap"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=target/ui");
    if let Some((part, task)) = missing() {
        println!("cargo::error={part} is missing: run `{task}` first");
        return Ok(());
    }
    let commands = tauri_build::AppManifest::new().commands(&COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))?;
    Ok(())
}

fn missing() -> Option<(&'static str, &'static str)> {
    for (part, task) in PARTS {
        println!("cargo::rerun-if-changed={part}");
        if !Path::new(part).is_file() {
            return Some((part, task));
        }
    }
    None
}
