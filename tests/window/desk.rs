//! A device with a window: the app on the data folder of a device that `parleyctl` drives too.

use std::path::{Path, PathBuf};
use std::time::Duration;

use parley_testkit::{Device, Opening, Window, kill_at_once};

/// The program with the window.
pub(crate) const APP: &str = env!("CARGO_BIN_EXE_parley");

/// `parleyctl`, which is built beside the app.
pub(crate) fn parleyctl() -> String {
    let beside = Path::new(APP).with_file_name("parleyctl");
    assert!(beside.is_file(), "build the whole workspace first");
    beside.display().to_string()
}

/// A device on the local network of a node, whose messages leave without the time for undoing.
pub(crate) fn device(url: &str) -> Device {
    let device = Device::new(&parleyctl(), url);
    device.run(&["settings", "--undo", "0"], "").expect_code(0);
    device
}

/// The part of the window that the tests point at.
pub(crate) fn named(name: &str) -> String {
    format!("[data-testid={name}]")
}

/// A row of the outbox in this state.
pub(crate) fn row_in(state: &str) -> String {
    format!("[data-testid=outbox-row][data-state={state}]")
}

/// The window of a device.
pub(crate) fn open(device: &Device) -> Window {
    open_sized(device, 1280, 900)
}

/// The window of a device on a screen of so many pixels.
pub(crate) fn open_sized(device: &Device, width: u32, height: u32) -> Window {
    let data = device.data();
    let opening = Opening::of(Path::new(APP)).sized(width, height);
    opening.with("PARLEY_DATA", &data).open().unwrap()
}

/// Ends the app as a power cut would.
pub(crate) fn kill(device: &Device, window: Window) {
    // The lock names its holder: "the window (process 4711)".
    let holder = std::fs::read_to_string(device.data().join("lock")).unwrap();
    let digits: String = holder.chars().filter(char::is_ascii_digit).collect();
    kill_at_once(digits.parse().unwrap()).unwrap();
    drop(window);
}

/// Waits until the map is drawn.
pub(crate) fn see_map(window: &mut Window) {
    window.set_patience(Duration::from_secs(60));
    window.see("body[data-map=ready]").unwrap();
    window.set_patience(Duration::from_secs(20));
}

/// Keeps what the window shows for someone to look at.
pub(crate) fn keep_picture(window: &Window, name: &str) {
    // A map that is on its way somewhere is no picture; one that is not there is.
    window
        .see("body[data-map=ready], body[data-map=none]")
        .unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/window");
    std::fs::create_dir_all(&folder).unwrap();
    let picture = window.screenshot().unwrap();
    std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
}

/// Chooses a sign by a word.
pub(crate) fn choose_sign(window: &Window, word: &str, sign: &str) {
    window.type_into(&named("sign-search"), word).unwrap();
    window
        .click(&format!("[data-testid=sign-option][data-sign={sign}]"))
        .unwrap();
}

/// Changes to the test language, which runs from right to left.
pub(crate) fn speak_mirrored(window: &Window) {
    window.click(&named("open-about")).unwrap();
    window.choose(&named("language"), "ar-XB").unwrap();
    window.see("html[dir=rtl][lang=ar-XB]").unwrap();
}
