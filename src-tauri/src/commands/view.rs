//! The part of the map that was last looked at.

use crate::convert;
use crate::setup::App;
use parley_wire::{Failure, View};
use tauri::State;

/// Where the map was left; `None` at the first start.
#[tauri::command]
pub(crate) async fn view(app: State<'_, App>) -> Result<Option<View>, Failure> {
    app.parley()?.view().await
}

/// Keeps where the map is.
#[tauri::command]
pub(crate) async fn save_view(app: State<'_, App>, view: View) -> Result<(), Failure> {
    app.parley()?.save_view(convert::view(view)?).await
}
