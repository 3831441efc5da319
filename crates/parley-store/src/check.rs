//! When the data file has to be looked through, and that it was. A program that ends without closing
//! the file leaves its log behind; the next one to open it remembers that, until a check has passed.

use std::time::Duration;

use rusqlite::OptionalExtension;

use crate::{error::StoreError, open::Store};

/// The setting that says when a check last passed, in seconds since 1970 UTC.
const CHECKED: &str = "checked-at";
/// The setting that says that a log was found since. It may have been that of a program that was
/// running: then a check is made once too often.
const UNCLEAN: &str = "unclean-end";
/// A file is looked through once a day.
const DAY: u64 = 24 * 60 * 60;

impl Store {
    /// Whether the file should be checked before it is used: a program that used it did not end
    /// cleanly since the last check, or that was more than a day ago. `now`: seconds since 1970 UTC.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn check_due(&self, now: u64) -> Result<bool, StoreError> {
        let checked = self.setting(CHECKED)?.and_then(|at| at.parse::<u64>().ok());
        let fresh = checked.is_some_and(|at| at.abs_diff(now) <= DAY);
        Ok(!fresh || self.setting(UNCLEAN)?.is_some())
    }

    /// Looks the file through, and remembers when it is whole. Takes time in proportion to its size.
    ///
    /// # Errors
    /// It cannot be read, or it is full and cannot remember. A damaged file is an answer, not an
    /// error.
    pub fn check(&mut self, now: u64) -> Result<bool, StoreError> {
        match self.quick_check() {
            Ok(true) => {}
            Ok(false) | Err(StoreError::Damaged) => return Ok(false),
            Err(error) => return Err(error),
        }
        self.write("checked", |tx| {
            tx.execute("DELETE FROM setting WHERE key = ?1", [UNCLEAN])?;
            tx.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (CHECKED, now.to_string()),
            )?;
            Ok::<_, StoreError>(())
        })?;
        Ok(true)
    }

    /// Remembers that a log was left behind, unless somebody is writing to the file: then it is in use,
    /// and nobody has left it. It fails silently, because the file is usable all the same.
    pub(crate) fn remember_unclean_end(&mut self) {
        let _ = self.remember_without_waiting();
    }

    fn remember_without_waiting(&mut self) -> rusqlite::Result<()> {
        let known = self
            .conn
            .query_row(
                "SELECT 1 FROM setting WHERE key = ?1",
                [UNCLEAN],
                |_| Ok(()),
            )
            .optional()?;
        if known.is_some() {
            return Ok(());
        }
        self.conn.busy_timeout(Duration::ZERO)?;
        let kept = self.conn.execute(
            "INSERT INTO setting (key, value) VALUES (?1, '1') ON CONFLICT (key) DO NOTHING",
            [UNCLEAN],
        );
        self.conn.busy_timeout(Store::PATIENCE)?;
        kept.map(|_| ())
    }
}
