//! What is on the map and in the list.

use crate::setup::App;
use parley_wire::{Failure, SignalsSince};
use tauri::State;

/// What changed among everyone's signals since the answer with this token; at first all of them, with
/// all that refers to each. At most as many as one answer holds.
#[tauri::command]
pub(crate) async fn signals_since(
    app: State<'_, App>,
    token: Option<u64>,
) -> Result<SignalsSince, Failure> {
    app.parley()?.signals_since(token).await
}
