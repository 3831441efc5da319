//! What the form asks for while a message is written.

use crate::convert;
use parley_wire::Failure;

/// A text in plain letters, as an offer; `None` where a letter of it has none.
#[tauri::command]
pub(crate) async fn plain_text(text: String) -> Result<Option<String>, Failure> {
    Ok(parley_engine::plain_text(&convert::text(text)?))
}
