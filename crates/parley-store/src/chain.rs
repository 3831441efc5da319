//! The chain as held now: blocks are taken wherever they link, and left from a height on. Facts are
//! only ever added; a reorganisation edits headers and stretches and nothing else, so a message
//! leaves its block and enters another without any code here.

use alloy_primitives::{Address, B256};
use parley_core::{chain::Header, verification::Verification};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    columns,
    coverage::{self, Stretch},
    error::{Conflict, StoreError},
    open::Store,
    received,
};

/// A change of the chain held here, applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainChange {
    /// Leave every held block from this height on.
    pub drop_from: Option<u64>,
    /// Then take these, each on the one before: above what is held, below, between, or apart from it.
    pub blocks: Vec<ScannedBlock>,
    /// A block above a gap does not let go of what is held below it: the caller has seen that an
    /// endpoint still names those blocks.
    pub apart: bool,
    /// The newest safe height; `None` leaves it as it is.
    pub safe: Option<u64>,
    /// The newest final height; `None` leaves it as it is.
    pub finalized: Option<u64>,
}

/// A verified block and what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedBlock {
    /// Its header.
    pub header: Header,
    /// How far its transactions were recomputed on this device.
    pub level: Verification,
    /// The Whiteflag transactions in it.
    pub messages: Vec<Seen>,
    /// The transactions of the own account in it, whoever made them.
    pub own: Vec<OwnUse>,
    /// How many transactions in it are of an unknown form.
    pub unreadable: u64,
}

/// A Whiteflag transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The transaction's hash.
    pub hash: B256,
    /// Its index in the block.
    pub index: u64,
    /// Who signed it.
    pub originator: Address,
    /// Its calldata, as received.
    pub input: Vec<u8>,
}

/// A transaction of the own account in a block, of this device or another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnUse {
    /// The nonce that it used.
    pub nonce: u64,
    /// The transaction's hash.
    pub hash: B256,
    /// Its index in the block.
    pub index: u64,
}

/// How far the chain held here is settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finality {
    /// The newest safe height.
    pub safe: Option<u64>,
    /// The newest final height; it never falls.
    pub finalized: Option<u64>,
}

const HEADER: &str = "SELECT number, hash, parent, time FROM header";

impl Store {
    /// The header of the highest block that was received.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tip(&self) -> Result<Option<Header>, StoreError> {
        let sql = format!("{HEADER} ORDER BY number DESC LIMIT 1");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([], header)
            .optional()?)
    }

    /// The header at this height. Below the newest final block only headers of blocks in which
    /// something was found are kept, and of the last ones of stretches.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn header(&self, number: u64) -> Result<Option<Header>, StoreError> {
        let sql = format!("{HEADER} WHERE number = ?1");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([number], header)
            .optional()?)
    }

    /// The hash of the block at this height, where its header, or one of a stretch's ends, tells it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn hash_at(&self, number: u64) -> Result<Option<B256>, StoreError> {
        Ok(hash_at(&self.conn, number)?)
    }

    /// Changes the chain held here, in one commit. A block that is held already is not taken again.
    ///
    /// Only the highest stretches without a gap may hold blocks that are not final. So a block above
    /// a gap lets go of everything held that is not final: nothing shows that it still leads there.
    /// Settle that first, where an endpoint still names the same hash at its height.
    ///
    /// A height above the highest block is not taken as safe or final. What becomes final is marked
    /// as settled in the outbox.
    ///
    /// Blocks in which nothing was found do not wait for the medium: a power cut may take them back,
    /// and then they are missing and received once more.
    ///
    /// # Errors
    /// A block does not link to its neighbours, or a final one would be dropped. Then nothing
    /// changed.
    pub fn advance(&mut self, change: &ChainChange) -> Result<(), StoreError> {
        if change.is_only_blocks_with_nothing() {
            self.write_unwaited("advance", |tx| apply(tx, change))
        } else {
            self.write("advance", |tx| apply(tx, change))
        }
    }

    /// How far the chain held here is settled.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn finality(&self) -> Result<Finality, StoreError> {
        Ok(finality(&self.conn)?)
    }
}

impl ScannedBlock {
    /// Whether nothing was found in it.
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.own.is_empty()
    }
}

impl ChainChange {
    /// Whether it takes blocks in which nothing was found, and changes nothing else.
    fn is_only_blocks_with_nothing(&self) -> bool {
        let changes_more =
            self.drop_from.is_some() || self.safe.is_some() || self.finalized.is_some();
        !changes_more && !self.blocks.is_empty() && self.blocks.iter().all(ScannedBlock::is_empty)
    }
}

fn apply(tx: &Transaction<'_>, change: &ChainChange) -> Result<(), StoreError> {
    if let Some(from) = change.drop_from {
        drop_blocks(tx, from)?;
    }
    let before = finality(tx)?;
    let final_ones = final_ones(tx, &change.blocks, before)?;
    let mut last: Option<Header> = None;
    let mut run = None;
    for block in &change.blocks {
        let next = &block.header;
        if last.is_some_and(|last| !follows(last, next)) {
            return Err(Conflict::NotConnected(next.number).into());
        }
        if is_new(tx, block, change.apart, &mut run)?
            && (next.number >= final_ones || is_kept(tx, block)?)
        {
            keep(tx, block)?;
        }
        last = Some(*next);
    }
    close(tx, run.take())?;
    settle(tx, before, change)?;
    Ok(prune(tx, before.finalized, &change.blocks)?)
}

/// Below this height a block is final and ends no stretch, so that [`prune`] would let go of its header
/// at once: it is not written first. 0 where that is not certain for all of them.
fn final_ones(
    tx: &Transaction<'_>,
    blocks: &[ScannedBlock],
    before: Finality,
) -> Result<u64, StoreError> {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return Ok(0);
    };
    let alike = blocks.iter().all(|block| block.level == first.level);
    let (first, last) = (first.header.number, last.header.number);
    if !alike || coverage::holds_any(tx, first, last)? {
        return Ok(0);
    }
    Ok(before.finalized.unwrap_or(0).min(last))
}

/// Whether anything was found in a block, now or when it was held before.
fn is_kept(tx: &Transaction<'_>, block: &ScannedBlock) -> Result<bool, StoreError> {
    Ok(!block.is_empty() || received::is_any_of(tx, block.header.hash)?)
}

fn follows(last: Header, next: &Header) -> bool {
    last.number.checked_add(1) == Some(next.number) && last.hash == next.parent
}

pub(crate) fn header(row: &Row<'_>) -> rusqlite::Result<Header> {
    Ok(Header {
        number: row.get("number")?,
        hash: columns::hash(row, "hash")?,
        parent: columns::hash(row, "parent")?,
        time: row.get("time")?,
    })
}

/// The hash of a held block, or of one that a held block names as the one before it.
pub(crate) fn hash_at(conn: &Connection, number: u64) -> rusqlite::Result<Option<B256>> {
    let mut statement = conn.prepare_cached(
        "SELECT hash FROM header WHERE number = ?1
         UNION ALL SELECT parent FROM header WHERE number = ?1 + 1
         UNION ALL SELECT tip FROM coverage WHERE last = ?1
         UNION ALL SELECT parent FROM coverage WHERE first = ?1 + 1
         LIMIT 1",
    )?;
    statement
        .query_row([number], |row| columns::hash(row, "hash"))
        .optional()
}

/// The same, whatever the block above it says.
pub(crate) fn own_hash_at(conn: &Connection, number: u64) -> rusqlite::Result<Option<B256>> {
    let mut statement = conn.prepare_cached(
        "SELECT hash FROM header WHERE number = ?1
         UNION ALL SELECT tip FROM coverage WHERE last = ?1
         LIMIT 1",
    )?;
    statement
        .query_row([number], |row| columns::hash(row, "hash"))
        .optional()
}

pub(crate) fn finality(conn: &Connection) -> rusqlite::Result<Finality> {
    conn.prepare_cached("SELECT safe, finalized FROM finality")?
        .query_row([], |row| {
            Ok(Finality {
                safe: row.get("safe")?,
                finalized: row.get("finalized")?,
            })
        })
}

fn drop_blocks(tx: &Transaction<'_>, from: u64) -> Result<(), StoreError> {
    if let Some(last) = finality(tx)?.finalized.filter(|last| from <= *last) {
        return Err(Conflict::Final(last).into());
    }
    coverage::leave(tx, from)?;
    let left = tx.execute("DELETE FROM header WHERE number >= ?1", [from])?;
    if left > 0 {
        branch_left(tx)?;
    }
    Ok(())
}

/// Whoever follows what was received has to read it anew.
pub(crate) fn branch_left(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute("UPDATE branch SET times = times + 1", [])?;
    Ok(())
}

/// Takes a block into what was received, unless it is held. Whether it was not. `run`: blocks that were
/// taken just before and follow each other, of one level; they are written down all at once.
fn is_new(
    tx: &Transaction<'_>,
    block: &ScannedBlock,
    apart: bool,
    run: &mut Option<Stretch>,
) -> Result<bool, StoreError> {
    let next = &block.header;
    if coverage::holds(tx, next.number)? {
        close(tx, run.take())?;
        return same(tx, next).map(|()| false);
    }
    let alone = Stretch {
        first: next.number,
        last: next.number,
        level: block.level,
        parent: next.parent,
        tip: next.hash,
        unreadable: block.unreadable,
    };
    match run {
        Some(run) if run.is_like(&alone) => run.extend(&alone),
        _ => {
            close(tx, run.replace(alone))?;
            let opens_a_gap = coverage::link_below(tx, next)?.opens_a_gap;
            if opens_a_gap && !apart {
                let held = finality(tx)?
                    .finalized
                    .map_or(0, |last| last.saturating_add(1));
                drop_blocks(tx, held)?;
            }
        }
    }
    Ok(true)
}

/// Keeps a block's header and what was found in it.
fn keep(tx: &Transaction<'_>, block: &ScannedBlock) -> Result<(), StoreError> {
    let next = &block.header;
    if received::was_seen(tx, next.hash)? {
        branch_left(tx)?;
    }
    write_header(tx, block, "")?;
    keep_found(tx, block)
}

/// Writes a block's header down; with what is done where one of its height is held.
pub(crate) fn write_header(
    tx: &Transaction<'_>,
    block: &ScannedBlock,
    where_held: &str,
) -> Result<(), StoreError> {
    let header = &block.header;
    tx.prepare_cached(&format!(
        "INSERT INTO header (number, hash, parent, time, unreadable) VALUES (?1, ?2, ?3, ?4, ?5)
         {where_held}"
    ))?
    .execute((
        header.number,
        header.hash.as_slice(),
        header.parent.as_slice(),
        header.time,
        block.unreadable,
    ))?;
    Ok(())
}

/// Keeps what was found in a block whose header is held.
pub(crate) fn keep_found(tx: &Transaction<'_>, block: &ScannedBlock) -> Result<(), StoreError> {
    for seen in &block.messages {
        received::see(tx, block, seen)?;
    }
    for used in &block.own {
        received::used(tx, block.header.hash, used)?;
    }
    Ok(())
}

/// Writes down that the blocks of a run were received.
fn close(tx: &Transaction<'_>, run: Option<Stretch>) -> Result<(), StoreError> {
    run.map_or(Ok(()), |run| coverage::add(tx, &run))
}

/// A block at a height that is held: the same one is passed over. Of a final block whose header was
/// let go only the neighbours can tell.
fn same(tx: &Transaction<'_>, next: &Header) -> Result<(), StoreError> {
    if hash_at(tx, next.number)?.is_none_or(|held| held == next.hash) {
        return Ok(());
    }
    match finality(tx)?.finalized.filter(|last| next.number <= *last) {
        Some(last) => Err(Conflict::Final(last).into()),
        None => Err(Conflict::NotConnected(next.number).into()),
    }
}

pub(crate) fn settle(
    tx: &Transaction<'_>,
    before: Finality,
    change: &ChainChange,
) -> Result<(), StoreError> {
    let top = coverage::top(tx)?;
    let held = |number: Option<u64>| number.filter(|number| Some(*number) <= top);
    // What was dropped is not safe any more, whatever was said of it before.
    let kept = before
        .safe
        .filter(|safe| change.drop_from.is_none_or(|from| *safe < from));
    let finalized = before.finalized.max(held(change.finalized));
    let safe = held(change.safe).or(kept).max(finalized);
    let now = Finality { safe, finalized };
    // A round with nothing new writes nothing.
    if now != before {
        tx.execute(
            "UPDATE finality SET safe = ?1, finalized = ?2",
            (safe, finalized),
        )?;
    }
    // A block below the final height may have been taken now, so this is asked whenever blocks come.
    if finalized != before.finalized || !change.blocks.is_empty() {
        tx.prepare_cached(
            "UPDATE outbox SET settled = place.block_number
             FROM (SELECT message, min(block_number) AS block_number
                   -- In this order: few are on the way, and many were found.
                   FROM (SELECT message, block_number
                         FROM outbox AS own
                         CROSS JOIN variant ON variant.message = own.id
                         CROSS JOIN sighting USING (hash)
                         CROSS JOIN header ON header.hash = sighting.block_hash
                         WHERE own.sealed = 1 AND own.settled IS NULL AND block_number <= ?1
                         UNION ALL
                         SELECT message, header.number
                         FROM outbox AS own
                         CROSS JOIN variant ON variant.message = own.id AND variant.kind = 'blank'
                         CROSS JOIN own_use
                             ON own_use.nonce = variant.nonce AND own_use.hash = variant.hash
                         CROSS JOIN header ON header.hash = own_use.block_hash
                         WHERE own.sealed = 1 AND own.settled IS NULL AND header.number <= ?1)
                   GROUP BY message) AS place
             WHERE outbox.id = place.message",
        )?
        .execute([finalized])?;
    }
    Ok(())
}

/// Lets go of headers below the newest final block, of which nothing is asked any more: where the
/// final height has moved over them, and where blocks were taken below it.
pub(crate) fn prune(
    tx: &Transaction<'_>,
    before: Option<u64>,
    blocks: &[ScannedBlock],
) -> rusqlite::Result<()> {
    let Some(finalized) = finality(tx)?.finalized else {
        return Ok(());
    };
    let mut statement = tx.prepare_cached(
        "DELETE FROM header
         WHERE number BETWEEN ?1 AND ?2 AND number < ?3
             AND NOT EXISTS (SELECT 1 FROM sighting WHERE block_hash = header.hash)
             AND NOT EXISTS (SELECT 1 FROM own_use WHERE block_hash = header.hash)
             AND NOT EXISTS (SELECT 1 FROM witness
                             WHERE witness.number = header.number AND witness.hash = header.hash)
             AND NOT EXISTS (SELECT 1 FROM coverage WHERE last = header.number)",
    )?;
    statement.execute((before.unwrap_or(0), finalized, finalized))?;
    if let (Some(first), Some(last)) = (blocks.first(), blocks.last()) {
        // The one before the first was the end of a stretch.
        let from = first.header.number.saturating_sub(1);
        statement.execute((from, last.header.number, finalized))?;
    }
    Ok(())
}
