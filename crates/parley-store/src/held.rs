//! Which blocks are held now: single ones by height, those that may still be replaced, and leaving
//! some of them.

use std::ops::RangeInclusive;

use parley_core::chain::Header;
use rusqlite::OptionalExtension;

use crate::{
    chain, coverage,
    error::{Conflict, StoreError},
    open::Store,
};

impl Store {
    /// Whether the block at this height was received.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn covers(&self, number: u64) -> Result<bool, StoreError> {
        Ok(coverage::holds(&self.conn, number)?)
    }

    /// The headers above the newest final block, lowest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn not_final(&self) -> Result<Vec<Header>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT number, hash, parent, time FROM header
             WHERE number > coalesce((SELECT finalized FROM finality), -1) ORDER BY number",
        )?;
        Ok(statement
            .query_map([], chain::header)?
            .collect::<Result<_, _>>()?)
    }

    /// The header at this height, where it is held and final.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn final_header(&self, number: u64) -> Result<Option<Header>, StoreError> {
        let finalized = self.finality()?.finalized;
        let header = self.header(number)?;
        Ok(header.filter(|held| finalized.is_some_and(|last| held.number <= last)))
    }

    /// Leaves the blocks of these heights and no others: they are missing then.
    ///
    /// # Errors
    /// One is final. Then nothing changed.
    pub fn leave(&mut self, blocks: RangeInclusive<u64>) -> Result<(), StoreError> {
        self.write("leave", |tx| {
            if let Some(last) = chain::finality(tx)?
                .finalized
                .filter(|last| blocks.start() <= last)
            {
                return Err(Conflict::Final(last).into());
            }
            coverage::cut(tx, &blocks)?;
            tx.execute(
                "DELETE FROM header WHERE number BETWEEN ?1 AND ?2",
                (blocks.start(), blocks.end()),
            )?;
            Ok(chain::branch_left(tx)?)
        })
    }

    /// Whether a held block with a message in it lies above everything that a second endpoint has
    /// named, or nothing was named of what is held.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn wants_witness(&self) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT named IS NULL OR coalesce(newest > named, 0) FROM
                 (SELECT (SELECT max(block_number) FROM position) AS newest,
                         (SELECT max(witness.number) FROM witness
                          JOIN header ON header.hash = witness.hash) AS named)",
        )?;
        let wanted = statement.query_row([], |row| row.get(0)).optional()?;
        Ok(wanted.unwrap_or(true))
    }

    /// The heights of held blocks that a second endpoint has named too, lowest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn witnessed(&self) -> Result<Vec<u64>, StoreError> {
        let mut found = Vec::new();
        for witness in self.witnesses()? {
            if self.hash_at(witness.number)? == Some(witness.hash) {
                found.push(witness.number);
            }
        }
        found.dedup();
        Ok(found)
    }
}
