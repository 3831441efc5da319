//! Own messages: the list, and queueing, editing and deleting one.

use crate::convert;
use crate::setup::App;
use parley_wire::{Draft, Failure, OwnMessage};
use tauri::State;

/// Every own message with its one state.
#[tauri::command]
pub(crate) async fn outbox(app: State<'_, App>) -> Result<Vec<OwnMessage>, Failure> {
    app.parley()?.outbox().await
}

/// Queues a message durably and gives its number.
#[tauri::command]
pub(crate) async fn queue(app: State<'_, App>, draft: Draft) -> Result<u64, Failure> {
    app.parley()?.queue(convert::draft(draft)?).await
}

/// Replaces what a message that is not sealed says.
#[tauri::command]
pub(crate) async fn edit(app: State<'_, App>, id: u64, draft: Draft) -> Result<(), Failure> {
    app.parley()?.edit(id, convert::draft(draft)?).await
}

/// Withdraws a message that is not sealed, and on request all that depend on it.
#[tauri::command]
pub(crate) async fn delete(
    app: State<'_, App>,
    id: u64,
    with_dependents: bool,
) -> Result<(), Failure> {
    app.parley()?.delete(id, with_dependents).await
}
