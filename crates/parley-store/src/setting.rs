//! What the person chose, as text under a key. It knows no key's meaning.

use rusqlite::OptionalExtension;

use crate::{error::StoreError, open::Store};

impl Store {
    /// What was last set under `key`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets `key`, in place of what was there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write("set", |tx| {
            tx.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, value],
            )?;
            Ok(())
        })
    }

    /// Forgets what was set under `key`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn unset(&mut self, key: &str) -> Result<(), StoreError> {
        self.write("unset", |tx| {
            tx.execute("DELETE FROM setting WHERE key = ?1", [key])?;
            Ok(())
        })
    }
}
