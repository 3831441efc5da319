//! The commands of the window, one file for each screen. A command translates and calls the
//! engine; it decides nothing.

mod compose;
mod outbox;
mod signals;
mod status;
mod view;

use tauri::Wry;
use tauri::ipc::Invoke;

/// All commands. `build.rs` and `capabilities/main.json` name the same ones.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status::status,
        compose::plain_text,
        outbox::outbox,
        outbox::queue,
        outbox::edit,
        outbox::delete,
        signals::signals,
        view::view,
        view::save_view,
    ]
}
