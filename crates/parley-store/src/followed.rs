//! Whose messages are looked for where not every block is received, and up to where each was looked
//! at.

use alloy_primitives::Address;
use rusqlite::Row;

use crate::{columns, error::StoreError, open::Store};

/// An account whose messages are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The account.
    pub account: Address,
    /// When following began; seconds since 1970 UTC.
    pub since: u64,
    /// The height up to which it was looked at; `None` before the first time.
    pub looked_to: Option<u64>,
    /// How many transactions it had at that height.
    pub count: Option<u64>,
}

impl Store {
    /// Looks for this account's messages from now on. Doing so again changes nothing.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn follow(&mut self, account: Address, now: u64) -> Result<(), StoreError> {
        self.write("follow", |tx| {
            tx.execute(
                "INSERT INTO followed (address, since) VALUES (?1, ?2)
                 ON CONFLICT (address) DO NOTHING",
                (account.as_slice(), now),
            )?;
            Ok(())
        })
    }

    /// Looks for this account's messages no longer. What was found stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn unfollow(&mut self, account: Address) -> Result<(), StoreError> {
        self.write("unfollow", |tx| {
            tx.execute(
                "DELETE FROM followed WHERE address = ?1",
                [account.as_slice()],
            )?;
            Ok(())
        })
    }

    /// The accounts whose messages are looked for.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn followed(&self) -> Result<Vec<Followed>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT address, since, looked_to, count FROM followed ORDER BY address",
        )?;
        Ok(statement
            .query_map([], followed)?
            .collect::<Result<_, _>>()?)
    }

    /// Keeps up to where an account was looked at, and how many transactions it had there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn looked_at(
        &mut self,
        account: Address,
        height: u64,
        count: u64,
    ) -> Result<(), StoreError> {
        self.write("looked", |tx| {
            tx.execute(
                "UPDATE followed SET looked_to = ?2, count = ?3 WHERE address = ?1",
                (account.as_slice(), height, count),
            )?;
            Ok(())
        })
    }

    /// Looks again at whoever was looked at up to this height or further: its block was replaced.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn look_again_from(&mut self, height: u64) -> Result<(), StoreError> {
        self.write("look-again", |tx| {
            tx.execute(
                "UPDATE followed SET looked_to = max(?1 - 1, 0), count = NULL WHERE looked_to >= ?1",
                [height],
            )?;
            Ok(())
        })
    }
}

fn followed(row: &Row<'_>) -> rusqlite::Result<Followed> {
    Ok(Followed {
        account: columns::address(row, "address")?,
        since: row.get("since")?,
        looked_to: row.get("looked_to")?,
        count: row.get("count")?,
    })
}
