//! What was found in blocks: facts that are only ever added, read together with the blocks that are
//! held now. It takes and leaves no block.

use alloy_primitives::{Address, B256};
use parley_core::verification::Verification;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    chain::{self, OwnUse, ScannedBlock, Seen},
    columns,
    error::StoreError,
    open::Store,
};

/// A Whiteflag transaction on the chain as held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The transaction's hash.
    pub hash: B256,
    /// Who signed it.
    pub originator: Address,
    /// Its calldata, as received.
    pub input: Vec<u8>,
    /// How far it was recomputed on this device.
    pub level: Verification,
    /// Its block's height.
    pub block_number: u64,
    /// Its block's hash.
    pub block_hash: B256,
    /// Its block's time, seconds since 1970 UTC.
    pub block_time: u64,
    /// Its index in the block.
    pub index: u64,
}

/// How far a follower has read what was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The newest sighting it has read.
    sighting: u64,
    /// How often held blocks had been left, or had come back.
    left: u64,
}

impl Store {
    /// Every Whiteflag transaction on the chain as held now, own ones included, in its order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn received(&self) -> Result<Vec<ReceivedRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT received.hash, originator, input, level, block_number, block_hash,
                    block_time, turn
             FROM received JOIN position ON position.hash = received.hash
             ORDER BY block_number, turn",
        )?;
        Ok(statement
            .query_map([], received)?
            .collect::<Result<_, _>>()?)
    }

    /// What was received since this mark and is on the chain as held now, in the order of its coming,
    /// the mark from which to go on, and whether blocks were left or came back since. Then what was
    /// read before may not hold any more, and everything is to be read again from the default mark.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn received_since(
        &self,
        mark: &Mark,
    ) -> Result<(Mark, Vec<ReceivedRow>, bool), StoreError> {
        self.read(|conn| {
            let newest = conn
                .prepare_cached(
                    "SELECT coalesce((SELECT max(rowid) FROM sighting), 0) AS sighting, times FROM branch",
                )?
                .query_row([], |row| {
                    Ok(Mark {
                        sighting: row.get("sighting")?,
                        left: row.get("times")?,
                    })
                })?;
            let found = conn
                .prepare_cached(
                    "SELECT received.hash, originator, input, level, block_number, block_hash,
                            block_time, turn
                     FROM sighting
                     JOIN header ON header.hash = sighting.block_hash
                     JOIN received ON received.hash = sighting.hash
                     WHERE sighting.rowid > ?1 ORDER BY sighting.rowid",
                )?
                .query_map([mark.sighting], received)?
                .collect::<Result<_, _>>()?;
            // Nothing was read from the default mark before.
            let left = newest.left != mark.left && *mark != Mark::default();
            Ok((newest, found, left))
        })
    }

    /// The hashes of the own account's transactions with this nonce in final blocks that are held:
    /// none while that is not known, else one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn used_by(&self, nonce: u64) -> Result<Vec<B256>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT own_use.hash AS hash FROM own_use
             JOIN header ON header.hash = own_use.block_hash
             WHERE nonce = ?1 AND header.number <= (SELECT finalized FROM finality)
             ORDER BY header.number",
        )?;
        let found = statement.query_map([nonce], |row| columns::hash(row, "hash"))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

/// Whether anything was found in this block before: then it was held once.
pub(crate) fn was_seen(conn: &Connection, block: B256) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM sighting WHERE block_hash = ?1)")?
        .query_row([block.as_slice()], |row| row.get(0))
}

/// Whether anything that was ever found was in this block.
pub(crate) fn is_any_of(conn: &Connection, block: B256) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM sighting WHERE block_hash = ?1)
             OR EXISTS (SELECT 1 FROM own_use WHERE block_hash = ?1)",
    )?
    .query_row([block.as_slice()], |row| row.get(0))
}

/// The same transaction may be found again, in this block or another. What an endpoint only claimed
/// of a block gives way to what was recomputed.
pub(crate) fn see(tx: &Transaction<'_>, block: &ScannedBlock, seen: &Seen) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO received (hash, originator, input) VALUES (?1, ?2, ?3)
         ON CONFLICT (hash) DO NOTHING",
    )?
    .execute((
        seen.hash.as_slice(),
        seen.originator.as_slice(),
        &seen.input,
    ))?;
    tx.prepare_cached(
        "INSERT INTO sighting (hash, block_hash, block_number, block_time, turn, level)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hash, block_hash) DO UPDATE
         SET (block_number, block_time, turn, level) =
             (excluded.block_number, excluded.block_time, excluded.turn, excluded.level)
         WHERE excluded.level = 'block'",
    )?
    .execute((
        seen.hash.as_slice(),
        block.header.hash.as_slice(),
        block.header.number,
        block.header.time,
        seen.index,
        level_word(block.level),
    ))?;
    Ok(())
}

/// Forgets what was only claimed to be in a block and is not, now that it was recomputed. Whoever
/// follows what was received has to read it anew.
pub(crate) fn forget_claims(tx: &Transaction<'_>, block: &ScannedBlock) -> rusqlite::Result<()> {
    if !was_seen(tx, block.header.hash)? {
        return forget_uses(tx, block);
    }
    chain::branch_left(tx)?;
    let claimed: Vec<B256> = tx
        .prepare_cached("SELECT hash FROM sighting WHERE block_hash = ?1")?
        .query_map([block.header.hash.as_slice()], |row| {
            columns::hash(row, "hash")
        })?
        .collect::<Result<_, _>>()?;
    let is_in_it = |hash: &B256| block.messages.iter().any(|seen| seen.hash == *hash);
    for hash in claimed.iter().filter(|hash| !is_in_it(hash)) {
        tx.prepare_cached("DELETE FROM sighting WHERE hash = ?1 AND block_hash = ?2")?
            .execute((hash.as_slice(), block.header.hash.as_slice()))?;
        count_change(tx, *hash)?;
    }
    forget_uses(tx, block)
}

fn forget_uses(tx: &Transaction<'_>, block: &ScannedBlock) -> rusqlite::Result<()> {
    let claimed: Vec<B256> = tx
        .prepare_cached("SELECT hash FROM own_use WHERE block_hash = ?1")?
        .query_map([block.header.hash.as_slice()], |row| {
            columns::hash(row, "hash")
        })?
        .collect::<Result<_, _>>()?;
    let is_in_it = |hash: &B256| block.own.iter().any(|used| used.hash == *hash);
    for hash in claimed.iter().filter(|hash| !is_in_it(hash)) {
        tx.prepare_cached("DELETE FROM own_use WHERE hash = ?1 AND block_hash = ?2")?
            .execute((hash.as_slice(), block.header.hash.as_slice()))?;
        count_change(tx, *hash)?;
    }
    Ok(())
}

/// Where a transaction is one of the outbox, its reader has to be told that it changed.
fn count_change(tx: &Transaction<'_>, transaction: B256) -> rusqlite::Result<()> {
    let message: Option<u64> = tx
        .prepare_cached("SELECT message FROM variant WHERE hash = ?1")?
        .query_row([transaction.as_slice()], |row| row.get(0))
        .optional()?;
    if let Some(message) = message {
        tx.execute("UPDATE outbox_mark SET value = value + 1", [])?;
        tx.execute(
            "UPDATE outbox SET changed = (SELECT value FROM outbox_mark) WHERE id = ?1",
            [message],
        )?;
    }
    Ok(())
}

/// A transaction of the own account was in this block. A blank one gives a message up, which its
/// reader has to be told.
pub(crate) fn used(tx: &Transaction<'_>, block: B256, used: &OwnUse) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO own_use (nonce, hash, block_hash, turn) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?
    .execute((
        used.nonce,
        used.hash.as_slice(),
        block.as_slice(),
        used.index,
    ))?;
    let gives_up: Option<B256> = tx
        .prepare_cached("SELECT hash FROM variant WHERE hash = ?1 AND kind = 'blank'")?
        .query_row([used.hash.as_slice()], |row| columns::hash(row, "hash"))
        .optional()?;
    gives_up.map_or(Ok(()), |blank| count_change(tx, blank))
}

fn received(row: &Row<'_>) -> rusqlite::Result<ReceivedRow> {
    Ok(ReceivedRow {
        hash: columns::hash(row, "hash")?,
        originator: columns::address(row, "originator")?,
        input: row.get("input")?,
        level: columns::known(level_from(&row.get::<_, String>("level")?))?,
        block_number: row.get("block_number")?,
        block_hash: columns::hash(row, "block_hash")?,
        block_time: row.get("block_time")?,
        index: row.get("turn")?,
    })
}

/// What was recomputed on this device is kept; what others add to it is asked of them again.
pub(crate) fn level_word(level: Verification) -> &'static str {
    if level < Verification::Block {
        "signer"
    } else {
        "block"
    }
}

pub(crate) fn level_from(word: &str) -> Option<Verification> {
    [Verification::Signer, Verification::Block]
        .into_iter()
        .find(|level| level_word(*level) == word)
}
