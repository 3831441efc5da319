//! What a person asked about own messages, and small questions about them that the loops ask in
//! every round.

use parley_core::MessageId;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    error::{EditError, StoreError},
    open::Store,
    outbox::standing,
    outgoing::FARTHEST_UNDO,
};

impl Store {
    /// Asks for a higher fee for a message that may have left and is in no final block.
    ///
    /// # Errors
    /// It is not sealed, settled, cancelled or unknown, or what refers to it has left.
    pub fn ask_more(&mut self, id: MessageId) -> Result<(), EditError> {
        self.write("more", |tx| {
            let message = standing(tx, id)?.ok_or(EditError::Unknown)?;
            if message.cancelled {
                return Err(EditError::Cancelled);
            }
            if message.settled {
                return Err(EditError::Settled);
            }
            if !message.sealed {
                return Err(EditError::NotSealed);
            }
            if let Some(by) = quoted_by(tx, id)? {
                return Err(EditError::Quoted(by));
            }
            tx.execute("UPDATE outbox SET more_asked = 1 WHERE id = ?1", [id.0])?;
            Ok(())
        })
    }

    /// Whether a message that holds this one's hash has left: then the hash must stay.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_quoted(&self, id: MessageId) -> Result<bool, StoreError> {
        Ok(quoted_by(&self.conn, id)?.is_some())
    }

    /// The message that is sent in place of this one, whose reference points at nothing.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn repaired_by(&self, id: MessageId) -> Result<Option<MessageId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM outbox WHERE repairs = ?1 ORDER BY id DESC LIMIT 1")?;
        let found = statement.query_row([id.0], |row| row.get(0).map(MessageId));
        Ok(found.optional()?)
    }

    /// When the next time for undoing is over, seconds since 1970 UTC; `None` where none runs.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_due(&self, now: u64) -> Result<Option<u64>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT min(undo_until) FROM outbox INDEXED BY outbox_undo
             WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL
                 AND undo_until > ?1 AND undo_until <= ?1 + ?2",
        )?;
        Ok(statement.query_row((now, FARTHEST_UNDO), |row| row.get(0))?)
    }
}

/// A message on its way that holds this one's hash.
pub(crate) fn quoted_by(conn: &Connection, id: MessageId) -> rusqlite::Result<Option<MessageId>> {
    conn.prepare_cached(
        "SELECT child.id FROM outbox AS child INDEXED BY outbox_quoting
         CROSS JOIN variant ON variant.message = child.id
         WHERE child.parent = ?1 AND child.sealed = 1 AND variant.exposed_at IS NOT NULL
             AND variant.displaced_at IS NULL LIMIT 1",
    )?
    .query_row([id.0], |row| row.get(0).map(MessageId))
    .optional()
}
