//! The status line.

use crate::setup::App;
use parley_wire::{Failure, Status};
use tauri::State;

/// Where the device stands.
#[tauri::command]
pub(crate) async fn status(app: State<'_, App>) -> Result<Status, Failure> {
    app.parley()?.status().await
}
