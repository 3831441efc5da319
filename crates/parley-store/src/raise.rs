//! Blocks that are held by an endpoint's word alone, because they could not be recomputed when they
//! came: which they are, and what takes the place of that word once they were recomputed. It asks
//! nobody, and takes no block that is not held.

use std::ops::RangeInclusive;

use alloy_primitives::B256;
use parley_core::verification::Verification;
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{
    chain::{self, ChainChange, ScannedBlock},
    coverage::{self, Stretch},
    error::{Conflict, StoreError},
    open::Store,
    received,
};

impl Store {
    /// The newest block below a height that is held by an endpoint's word alone and of which the hash is
    /// known, with everything of that kind below it without a gap; where `found`, the newest one with a
    /// message in it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn claimed(
        &self,
        below: u64,
        found: bool,
    ) -> Result<Option<RangeInclusive<u64>>, StoreError> {
        let mut below = below;
        while let Some(stretch) = coverage::claimed_below(&self.conn, below)? {
            let top = stretch.last.min(below.saturating_sub(1));
            let newest = match found {
                false if top == stretch.last => Some(top),
                false => newest_header(&self.conn, stretch.first, top)?,
                true => newest_found(&self.conn, stretch.first, top)?,
            };
            if let Some(newest) = newest {
                return Ok(Some(stretch.first..=newest));
            }
            below = stretch.first;
        }
        Ok(None)
    }

    /// Puts recomputed blocks in the place of the same ones that were only claimed: a message that is
    /// not in them is shown there no more, and one that was hidden is. They follow each other, and the
    /// hash of the last is known. One that is not held so is passed over.
    ///
    /// # Errors
    /// They are others than those that are held, or do not link to what lies below. Then nothing
    /// changed.
    pub fn raise(&mut self, blocks: &[ScannedBlock]) -> Result<(), StoreError> {
        self.write("raise", |tx| {
            let mut above: Option<B256> = None;
            for block in blocks.iter().rev() {
                let number = block.header.number;
                let known = chain::hash_at(tx, number)?.or(above);
                if known != Some(block.header.hash) {
                    return Err(Conflict::NotConnected(number).into());
                }
                raise_one(tx, block)?;
                above = Some(block.header.parent);
            }
            let before = chain::finality(tx)?;
            let change = ChainChange {
                blocks: blocks.to_vec(),
                ..ChainChange::default()
            };
            chain::settle(tx, before, &change)?;
            Ok(chain::prune(tx, before.finalized, blocks)?)
        })
    }
}

fn raise_one(tx: &Transaction<'_>, block: &ScannedBlock) -> Result<(), StoreError> {
    let header = &block.header;
    let held = coverage::holding(tx, header.number)?;
    let Some(held) = held.filter(|held| held.level < block.level) else {
        return Ok(());
    };
    // What was claimed of its own parent may have been false too.
    let below = match header.number.checked_sub(1) {
        Some(below) => chain::own_hash_at(tx, below)?,
        None => None,
    };
    if below.is_some_and(|below| below != header.parent) {
        return Err(Conflict::NotConnected(header.number).into());
    }
    let run = Stretch {
        first: header.number,
        last: header.number,
        level: Verification::Block,
        parent: header.parent,
        tip: header.hash,
        unreadable: block.unreadable,
    };
    coverage::take_out(tx, &held, &run)?;
    coverage::add(tx, &run)?;
    let anew = "ON CONFLICT (number) DO UPDATE
         SET (parent, time, unreadable) = (excluded.parent, excluded.time, excluded.unreadable)";
    chain::write_header(tx, block, anew)?;
    received::forget_claims(tx, block)?;
    chain::keep_found(tx, block)
}

/// The newest held header of these heights.
fn newest_header(conn: &Connection, first: u64, last: u64) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached("SELECT max(number) FROM header WHERE number BETWEEN ?1 AND ?2")?
        .query_row([first, last], |row| row.get(0))
}

/// The newest one with a message.
fn newest_found(conn: &Connection, first: u64, last: u64) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached(
        "SELECT header.number FROM header CROSS JOIN sighting ON sighting.block_hash = header.hash
         WHERE header.number BETWEEN ?1 AND ?2 ORDER BY header.number DESC LIMIT 1",
    )?
    .query_row([first, last], |row| row.get(0))
    .optional()
}
