//! The status line.

use crate::setup::App;
use parley_wire::{Failure, Status};
use tauri::State;

/// Where the device stands.
#[tauri::command]
pub(crate) async fn status(app: State<'_, App>) -> Result<Status, Failure> {
    app.parley()?.status().await
}

/// The person has read that a damaged data file was set aside.
#[tauri::command]
pub(crate) async fn acknowledge_mended(app: State<'_, App>) -> Result<(), Failure> {
    app.parley()?.acknowledge_mended().await
}
