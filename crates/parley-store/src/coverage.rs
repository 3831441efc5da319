//! Which blocks were received, in stretches without a gap. A stretch keeps the hashes at its ends, so
//! that a block links to it when the headers between are long gone. It knows no message.

use std::ops::RangeInclusive;

use alloy_primitives::B256;
use parley_core::{chain::Header, verification::Verification};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    columns,
    error::{Conflict, StoreError},
    open::Store,
    received::{level_from, level_word},
};

/// Received blocks without a gap, each on the one before, all of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Height of the lowest.
    pub first: u64,
    /// Height of the highest.
    pub last: u64,
    /// How far each was recomputed on this device.
    pub level: Verification,
    /// The hash of the block before the first.
    pub parent: B256,
    /// The hash of the last.
    pub tip: B256,
    /// How many transactions in them are of an unknown form.
    pub unreadable: u64,
}

impl Stretch {
    /// Whether both were recomputed as far, so that they can be one.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        level_word(self.level) == level_word(other.level)
    }

    /// Takes in the stretch just above, which is linked to this one.
    pub(crate) fn extend(&mut self, above: &Self) {
        (self.last, self.tip) = (above.last, above.tip);
        self.unreadable = self.unreadable.saturating_add(above.unreadable);
    }
}

/// What a block that is to be taken has for neighbours.
pub(crate) struct Link {
    /// It lies above everything held, and not next to it.
    pub(crate) opens_a_gap: bool,
}

const STRETCH: &str = "SELECT first, last, level, parent, tip, unreadable FROM coverage";

impl Store {
    /// The blocks that were received, lowest first. Stretches that touch are of different levels.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn coverage(&self) -> Result<Vec<Stretch>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{STRETCH} ORDER BY first"))?;
        Ok(statement
            .query_map([], stretch)?
            .collect::<Result<_, _>>()?)
    }

    /// The highest stretch.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn top(&self) -> Result<Option<Stretch>, StoreError> {
        Ok(one(&self.conn, "ORDER BY first DESC LIMIT 1", None)?)
    }
}

/// The height of the highest block.
pub(crate) fn top(conn: &Connection) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached("SELECT max(last) FROM coverage")?
        .query_row([], |row| row.get(0))
}

/// Whether the block at this height was received.
pub(crate) fn holds(conn: &Connection, number: u64) -> rusqlite::Result<bool> {
    Ok(holding(conn, number)?.is_some())
}

/// Whether any block of these heights was received.
pub(crate) fn holds_any(conn: &Connection, first: u64, last: u64) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM coverage WHERE first <= ?2 AND last >= ?1)")?
        .query_row((first, last), |row| row.get(0))
}

/// Looks at what lies below a block that is not held.
///
/// # Errors
/// It does not link to that.
pub(crate) fn link_below(tx: &Transaction<'_>, next: &Header) -> Result<Link, StoreError> {
    let below = ending_below(tx, next.number)?;
    if below.is_some_and(|below| below.tip != next.parent) {
        return Err(Conflict::NotConnected(next.number).into());
    }
    let highest = top(tx)?;
    Ok(Link {
        opens_a_gap: below.is_none() && highest.is_some_and(|highest| highest < next.number),
    })
}

/// Adds blocks that link to what lies below them.
///
/// # Errors
/// They do not link to what lies above them.
pub(crate) fn add(tx: &Transaction<'_>, run: &Stretch) -> Result<(), StoreError> {
    let below = ending_below(tx, run.first)?;
    let above = one(tx, "WHERE first = ?1 + 1", Some(run.last))?;
    if above.is_some_and(|above| above.parent != run.tip) {
        return Err(Conflict::NotConnected(run.last).into());
    }
    let mut whole = *run;
    if let Some(below) = below.filter(|below| below.is_like(run)) {
        whole = below;
        whole.extend(run);
    }
    if let Some(above) = above.filter(|above| above.is_like(run)) {
        whole.extend(&above);
        tx.prepare_cached("DELETE FROM coverage WHERE first = ?1")?
            .execute([above.first])?;
    }
    Ok(put(tx, &whole)?)
}

/// The stretch that holds the block at this height.
pub(crate) fn holding(conn: &Connection, number: u64) -> rusqlite::Result<Option<Stretch>> {
    let below = one(
        conn,
        "WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
        Some(number),
    )?;
    Ok(below.filter(|stretch| stretch.last >= number))
}

/// The highest stretch that begins below this height, of blocks that could not be recomputed.
pub(crate) fn claimed_below(conn: &Connection, number: u64) -> rusqlite::Result<Option<Stretch>> {
    one(
        conn,
        "WHERE level = 'signer' AND first < ?1 ORDER BY first DESC LIMIT 1",
        Some(number),
    )
}

/// Takes part of a stretch out of it: what lies below and above it there become stretches of their
/// own, and the part is held by none. `run`: its blocks, as they are now.
pub(crate) fn take_out(tx: &Transaction<'_>, of: &Stretch, run: &Stretch) -> rusqlite::Result<()> {
    let beside = |first: u64, last: u64| unreadable(tx, first, last);
    let (within, over) = (
        beside(run.first, run.last)?,
        beside(run.last.saturating_add(1), of.last)?,
    );
    tx.prepare_cached("DELETE FROM coverage WHERE first = ?1")?
        .execute([of.first])?;
    if of.first < run.first {
        let below = Stretch {
            last: run.first.saturating_sub(1),
            tip: run.parent,
            unreadable: of.unreadable.saturating_sub(within.saturating_add(over)),
            ..*of
        };
        put(tx, &below)?;
    }
    if of.last > run.last {
        let above = Stretch {
            first: run.last.saturating_add(1),
            parent: run.tip,
            unreadable: over,
            ..*of
        };
        put(tx, &above)?;
    }
    Ok(())
}

/// Leaves every block from this height on. None of them is final, so that their headers are held.
pub(crate) fn leave(tx: &Transaction<'_>, from: u64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM coverage WHERE first >= ?1", [from])?;
    let Some(mut cut) = one(tx, "WHERE last >= ?1", Some(from))? else {
        return Ok(());
    };
    let (tip, unreadable) = tx
        .query_row(
            "SELECT parent AS tip,
                    (SELECT sum(unreadable) FROM header WHERE number BETWEEN ?1 AND ?2) AS unreadable
             FROM header WHERE number = ?1",
            [from, cut.last],
            |row| Ok((columns::hash(row, "tip")?, row.get("unreadable")?)),
        )
        .optional()?
        .ok_or(StoreError::Damaged)?;
    cut.last = from.saturating_sub(1);
    cut.tip = tip;
    cut.unreadable = cut.unreadable.saturating_sub(unreadable);
    Ok(put(tx, &cut)?)
}

/// Leaves the blocks of these heights, none of which is final: what lies above them becomes a stretch
/// of its own.
pub(crate) fn cut(tx: &Transaction<'_>, blocks: &RangeInclusive<u64>) -> Result<(), StoreError> {
    let (from, to) = (*blocks.start(), *blocks.end());
    let Some(above) = one(tx, "WHERE first <= ?1 AND last > ?1", Some(to))? else {
        return match one(tx, "WHERE last > ?1 ORDER BY first LIMIT 1", Some(to))? {
            None => leave(tx, from),
            Some(_) => leave_within(tx, from, to),
        };
    };
    let parent = hash_of(tx, to)?;
    let unreadable = unreadable(tx, to.saturating_add(1), above.last)?;
    leave_within(tx, from, to)?;
    put(
        tx,
        &Stretch {
            first: to.saturating_add(1),
            parent,
            unreadable,
            ..above
        },
    )
    .map_err(StoreError::from)
}

/// Ends at `from` what reaches into the heights, and forgets what lies in them.
fn leave_within(tx: &Transaction<'_>, from: u64, to: u64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM coverage WHERE first >= ?1 AND first <= ?2",
        (from, to),
    )?;
    let Some(mut cut) = one(tx, "WHERE first < ?1 AND last >= ?1", Some(from))? else {
        return Ok(());
    };
    let gone = unreadable(tx, from, cut.last)?;
    cut.tip = tx
        .query_row(
            "SELECT parent FROM header WHERE number = ?1",
            [from],
            |row| columns::hash(row, "parent"),
        )
        .optional()?
        .ok_or(StoreError::Damaged)?;
    cut.last = from.saturating_sub(1);
    cut.unreadable = cut.unreadable.saturating_sub(gone);
    Ok(put(tx, &cut)?)
}

fn hash_of(tx: &Transaction<'_>, number: u64) -> Result<B256, StoreError> {
    tx.query_row(
        "SELECT hash FROM header WHERE number = ?1",
        [number],
        |row| columns::hash(row, "hash"),
    )
    .optional()?
    .ok_or(StoreError::Damaged)
}

fn unreadable(tx: &Transaction<'_>, first: u64, last: u64) -> rusqlite::Result<u64> {
    tx.query_row(
        "SELECT coalesce(sum(unreadable), 0) FROM header WHERE number BETWEEN ?1 AND ?2",
        (first, last),
        |row| row.get(0),
    )
}

fn put(tx: &Transaction<'_>, stretch: &Stretch) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO coverage (first, last, level, parent, tip, unreadable)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (first) DO UPDATE
         SET (last, tip, unreadable) = (excluded.last, excluded.tip, excluded.unreadable)",
    )?
    .execute((
        stretch.first,
        stretch.last,
        level_word(stretch.level),
        stretch.parent.as_slice(),
        stretch.tip.as_slice(),
        stretch.unreadable,
    ))?;
    Ok(())
}

/// The stretch that ends just below a height.
fn ending_below(conn: &Connection, number: u64) -> rusqlite::Result<Option<Stretch>> {
    one(conn, "WHERE last = ?1 - 1", Some(number))
}

fn one(conn: &Connection, which: &str, number: Option<u64>) -> rusqlite::Result<Option<Stretch>> {
    conn.prepare_cached(&format!("{STRETCH} {which}"))?
        .query_row(rusqlite::params_from_iter(number), stretch)
        .optional()
}

fn stretch(row: &Row<'_>) -> rusqlite::Result<Stretch> {
    Ok(Stretch {
        first: row.get("first")?,
        last: row.get("last")?,
        level: columns::known(level_from(&row.get::<_, String>("level")?))?,
        parent: columns::hash(row, "parent")?,
        tip: columns::hash(row, "tip")?,
        unreadable: row.get("unreadable")?,
    })
}
