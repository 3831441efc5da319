//! The desktop program: picks what WebKit needs to draw, then runs the app of the library.

// A release build on Windows opens no console window beside the app's own.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    #[cfg(target_os = "linux")]
    parley_app::restart_with_working_graphics();
    parley_app::run();
}
