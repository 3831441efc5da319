//! Own messages: the list, queueing, editing and deleting one, and what a person decides about one.

use crate::convert;
use crate::setup::App;
use parley_wire::{Attempt, Draft, Failure, OutboxPage, OwnMessage, PageEnd};
use tauri::State;

/// A part of the list of own messages, each with its one state.
#[tauri::command]
pub(crate) async fn outbox(
    app: State<'_, App>,
    after: Option<PageEnd>,
    limit: u32,
) -> Result<OutboxPage, Failure> {
    let limit = convert::page(limit)?;
    app.parley()?.outbox_page(after, limit).await
}

/// One own message.
#[tauri::command]
pub(crate) async fn own_message(
    app: State<'_, App>,
    id: u64,
) -> Result<Option<OwnMessage>, Failure> {
    app.parley()?.own_message(id).await
}

/// How many messages are withdrawn with one, because they refer to it.
#[tauri::command]
pub(crate) async fn dependents(app: State<'_, App>, id: u64) -> Result<u64, Failure> {
    app.parley()?.dependents(id).await
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

/// Lets a message leave before its time for undoing is over.
#[tauri::command]
pub(crate) async fn send_now(app: State<'_, App>, id: u64) -> Result<(), Failure> {
    app.parley()?.send_now(id).await
}

/// Sends a message although its time is over.
#[tauri::command]
pub(crate) async fn send_anyway(app: State<'_, App>, id: u64) -> Result<(), Failure> {
    app.parley()?.send_anyway(id).await
}

/// Offers a higher fee for a message.
#[tauri::command]
pub(crate) async fn offer_more(app: State<'_, App>, id: u64) -> Result<(), Failure> {
    app.parley()?.offer_more(id).await
}

/// Puts a blank transaction in a message's place.
#[tauri::command]
pub(crate) async fn give_up(app: State<'_, App>, id: u64) -> Result<(), Failure> {
    app.parley()?.give_up(id).await
}

/// Takes giving up a message back.
#[tauri::command]
pub(crate) async fn keep(app: State<'_, App>, id: u64) -> Result<(), Failure> {
    app.parley()?.keep(id).await
}

/// What endpoints answered when a message was offered.
#[tauri::command]
pub(crate) async fn attempts(app: State<'_, App>, id: u64) -> Result<Vec<Attempt>, Failure> {
    app.parley()?.attempts(id).await
}
