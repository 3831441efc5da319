//! Which blocks are held now: single ones by height, those that may still be replaced, and leaving
//! some of them.

use std::ops::RangeInclusive;

use parley_core::chain::Header;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    chain, columns,
    coverage::{self, Stretch},
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
            // From above, because of a long chain only the newest blocks matter.
            "SELECT named IS NULL OR coalesce(newest > named, 0) FROM
                 (SELECT (SELECT number FROM header
                          WHERE EXISTS (SELECT 1 FROM sighting WHERE block_hash = header.hash)
                          ORDER BY number DESC LIMIT 1) AS newest,
                         (SELECT witness.number FROM witness
                          CROSS JOIN header ON header.hash = witness.hash
                          ORDER BY witness.number DESC LIMIT 1) AS named)",
        )?;
        let wanted = statement.query_row([], |row| row.get(0)).optional()?;
        Ok(wanted.unwrap_or(true))
    }

    /// The highest held block of each stretch that a second endpoint has named too, lowest first: it
    /// speaks for what lies below it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn witnessed(&self) -> Result<Vec<u64>, StoreError> {
        let mut found = Vec::new();
        for stretch in self.coverage()? {
            found.extend(highest_witnessed(&self.conn, &stretch)?);
        }
        Ok(found)
    }
}

fn highest_witnessed(conn: &Connection, stretch: &Stretch) -> Result<Option<u64>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT number, hash FROM witness WHERE number BETWEEN ?1 AND ?2 ORDER BY number DESC",
    )?;
    let mut named = statement.query((stretch.first, stretch.last))?;
    while let Some(row) = named.next()? {
        let number = row.get("number")?;
        if chain::hash_at(conn, number)? == Some(columns::hash(row, "hash")?) {
            return Ok(Some(number));
        }
    }
    Ok(None)
}
