//! The shell: Tauri's window, the commands that the page may call, the `tile://` scheme.
//! It translates and wires; what Parley does is done by `parley-engine`.

mod choice;
mod commands;
mod convert;
mod folders;
#[cfg(target_os = "linux")]
mod graphics;
mod navigation;
mod news;
mod open;
mod setup;
mod tiles;

#[cfg(target_os = "linux")]
pub use graphics::restart_with_working_graphics;

use tauri::RunEvent;

/// Opens the window and runs until it is closed.
///
/// A data folder that cannot be opened does not end the program: the window opens and says why.
/// Without a window there is nobody to tell but the log, so a failure to make one ends it.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    setup::logging();
    let app = tauri::Builder::default()
        .invoke_handler(commands::handler())
        .register_asynchronous_uri_scheme_protocol(tiles::SCHEME, tiles::respond)
        .setup(|app| setup::wire(app))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => app.run(|handle, event| {
            if let RunEvent::Exit = event {
                setup::shut_down(handle);
            }
        }),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            std::process::exit(1);
        }
    }
}
