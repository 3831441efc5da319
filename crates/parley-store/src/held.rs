//! Which blocks are held now: single ones by height, those that may still be replaced, and leaving
//! some of them.

use std::ops::RangeInclusive;

use rusqlite::Connection;

use crate::{
    chain, columns,
    coverage::{self, Stretch},
    error::{Conflict, StoreError},
    open::Store,
};
use parley_core::chain::Header;

/// Recomputed blocks that follow each other, with a message that no second endpoint has spoken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unspoken {
    /// The lowest block.
    pub first: u64,
    /// The highest one.
    pub last: u64,
    /// The highest one with a message.
    pub newest: u64,
}

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

    /// The newest stretches of recomputed blocks whose newest message no second endpoint has spoken for
    /// so far, newest first, and not more than so many.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unspoken(&self, most: u32) -> Result<Vec<Unspoken>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            // From above in each: of a long chain only the newest blocks matter.
            "SELECT first, last, newest FROM
                 (SELECT first, last,
                         (SELECT header.number
                          FROM header CROSS JOIN sighting ON sighting.block_hash = header.hash
                          WHERE header.number BETWEEN first AND last
                          ORDER BY header.number DESC LIMIT 1) AS newest,
                         (SELECT max(witness.number) FROM witness
                          JOIN header ON header.number = witness.number AND header.hash = witness.hash
                          WHERE witness.number BETWEEN first AND last) AS named
                  FROM coverage WHERE level = 'block')
             WHERE newest IS NOT NULL AND newest > coalesce(named, -1)
             ORDER BY first DESC LIMIT ?1",
        )?;
        let found = statement.query_map([most], |row| {
            Ok(Unspoken {
                first: row.get("first")?,
                last: row.get("last")?,
                newest: row.get("newest")?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
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
