//! What is on the map and in the list.

use crate::setup::App;
use parley_wire::{Failure, Signal};
use tauri::State;

/// Everyone's signals, with all that refers to each.
#[tauri::command]
pub(crate) async fn signals(app: State<'_, App>) -> Result<Vec<Signal>, Failure> {
    app.parley()?.signals().await
}
