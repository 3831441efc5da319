//! What was received: the headers of the chain as held now, and the facts found in its blocks.
//! Facts are only ever added; a reorganisation edits the headers and nothing else, so a message
//! leaves its block and enters another without any code here.

use alloy_primitives::{Address, B256};
use parley_core::{chain::Header, verification::Verification};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    columns,
    error::{Conflict, StoreError},
    open::Store,
};

/// A change of the chain held here, applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainChange {
    /// Leave every block from this height on.
    pub drop_from: Option<u64>,
    /// Then add these, each on the one before.
    pub append: Vec<ScannedBlock>,
    /// The newest safe height; `None` leaves it as it is.
    pub safe: Option<u64>,
    /// The newest final height; `None` leaves it as it is.
    pub finalized: Option<u64>,
}

/// A verified block and the Whiteflag transactions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedBlock {
    /// Its header.
    pub header: Header,
    /// How far its transactions were recomputed on this device.
    pub level: Verification,
    /// What was found in it.
    pub messages: Vec<Seen>,
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

/// How far the chain held here is settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finality {
    /// The newest safe height.
    pub safe: Option<u64>,
    /// The newest final height; it never falls.
    pub finalized: Option<u64>,
}

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

const HEADER: &str = "SELECT number, hash, parent, time FROM header";
const RECEIVED: &str = "SELECT received.hash, originator, input, level, block_number, block_hash,
                               block_time, turn
                        FROM received JOIN position ON position.hash = received.hash";

impl Store {
    /// The newest header.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tip(&self) -> Result<Option<Header>, StoreError> {
        Ok(tip(&self.conn)?)
    }

    /// The header at this height.
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

    /// Changes the chain held here, in one commit. A height above the newest header is not taken as
    /// safe or final: nothing shows yet that the blocks held here lead to it.
    ///
    /// # Errors
    /// A block does not follow the one before it, or a final one would be dropped. Then nothing
    /// changed.
    pub fn advance(&mut self, change: &ChainChange) -> Result<(), StoreError> {
        self.write(|tx| {
            if let Some(from) = change.drop_from {
                drop_headers(tx, from)?;
            }
            let mut newest = tip(tx)?;
            for block in &change.append {
                append(tx, newest, block)?;
                newest = Some(block.header);
            }
            settle(tx, newest, change)
        })
    }

    /// How far the chain held here is settled.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn finality(&self) -> Result<Finality, StoreError> {
        Ok(finality(&self.conn)?)
    }

    /// Every Whiteflag transaction on the chain as held now, own ones included, in its order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn received(&self) -> Result<Vec<ReceivedRow>, StoreError> {
        self.received_from(0)
    }

    /// As [`Store::received`], from the block at this height on.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn received_from(&self, height: u64) -> Result<Vec<ReceivedRow>, StoreError> {
        let sql = format!("{RECEIVED} WHERE block_number >= ?1 ORDER BY block_number, turn");
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement
            .query_map([height], received)?
            .collect::<Result<_, _>>()?)
    }
}

fn tip(conn: &Connection) -> rusqlite::Result<Option<Header>> {
    let sql = format!("{HEADER} ORDER BY number DESC LIMIT 1");
    conn.prepare_cached(&sql)?.query_row([], header).optional()
}

fn header(row: &Row<'_>) -> rusqlite::Result<Header> {
    Ok(Header {
        number: row.get("number")?,
        hash: columns::hash(row, "hash")?,
        parent: columns::hash(row, "parent")?,
        time: row.get("time")?,
    })
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

fn finality(conn: &Connection) -> rusqlite::Result<Finality> {
    conn.query_row("SELECT safe, finalized FROM finality", [], |row| {
        Ok(Finality {
            safe: row.get("safe")?,
            finalized: row.get("finalized")?,
        })
    })
}

fn drop_headers(tx: &Transaction<'_>, from: u64) -> Result<(), StoreError> {
    if let Some(last) = finality(tx)?.finalized.filter(|last| from <= *last) {
        return Err(Conflict::Final(last).into());
    }
    tx.execute("DELETE FROM header WHERE number >= ?1", [from])?;
    Ok(())
}

fn append(
    tx: &Transaction<'_>,
    newest: Option<Header>,
    block: &ScannedBlock,
) -> Result<(), StoreError> {
    let next = &block.header;
    let connects = newest.is_none_or(|tip| {
        tip.number.checked_add(1) == Some(next.number) && tip.hash == next.parent
    });
    if !connects {
        return Err(Conflict::NotConnected(next.number).into());
    }
    tx.prepare_cached("INSERT INTO header (number, hash, parent, time) VALUES (?1, ?2, ?3, ?4)")?
        .execute((
            next.number,
            next.hash.as_slice(),
            next.parent.as_slice(),
            next.time,
        ))?;
    block
        .messages
        .iter()
        .try_for_each(|seen| see(tx, block, seen))
}

/// The same transaction may be found again, in this block or another. What an endpoint only claimed
/// of a block gives way to what was recomputed.
fn see(tx: &Transaction<'_>, block: &ScannedBlock, seen: &Seen) -> Result<(), StoreError> {
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

fn settle(
    tx: &Transaction<'_>,
    newest: Option<Header>,
    change: &ChainChange,
) -> Result<(), StoreError> {
    let height = newest.map(|tip| tip.number);
    let held = |number: Option<u64>| number.filter(|number| Some(*number) <= height);
    let before = finality(tx)?;
    // What was dropped is not safe any more, whatever was said of it before.
    let kept = before
        .safe
        .filter(|safe| change.drop_from.is_none_or(|from| *safe < from));
    let finalized = before.finalized.max(held(change.finalized));
    let safe = held(change.safe).or(kept).max(finalized);
    tx.execute(
        "UPDATE finality SET safe = ?1, finalized = ?2",
        (safe, finalized),
    )?;
    Ok(())
}

/// How far a sighting was recomputed on this device. That another endpoint names the same block is
/// no fact about the sighting, and not kept with it.
fn level_word(level: Verification) -> &'static str {
    if level.recomputed_block() {
        "block"
    } else {
        "signer"
    }
}

fn level_from(word: &str) -> Option<Verification> {
    [Verification::Signer, Verification::Block]
        .into_iter()
        .find(|level| level_word(*level) == word)
}
