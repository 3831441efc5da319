//! The signed transactions of own messages and the account's nonce: sealed, taken back, exposed.
//! The nonce moves in the commit that seals and nowhere else; once a transaction may have left
//! the device, nothing here changes or forgets it.

use alloy_primitives::B256;
use parley_core::MessageId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    columns,
    error::{Conflict, StoreError},
    open::Store,
    outbox::{Position, Variant},
};

/// A transaction that was just signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    /// The revision of the message that it was made of.
    pub revision: u64,
    /// The message's own nonce, or [`Store::next_nonce`] if it has none yet.
    pub nonce: u64,
    /// The transaction's hash.
    pub hash: B256,
    /// The EIP-2718 envelope.
    pub raw: Vec<u8>,
    /// The message's final bytes, its parent's hash filled in.
    pub wire: Vec<u8>,
    /// Wei per gas (EIP-1559).
    pub max_fee: u128,
    /// Wei per gas (EIP-1559).
    pub priority_fee: u128,
    /// Gas.
    pub gas_limit: u64,
    /// Now, in seconds since 1970 UTC.
    pub at: u64,
}

impl Store {
    /// The nonce of the next message to be sealed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_nonce(&self) -> Result<u64, StoreError> {
        Ok(next_nonce(&self.conn)?)
    }

    /// Says that the chain has used up every nonce below `at_least`: another device used the key.
    /// Never lowers it. Nonces below are not given back, so pass what is safe, not what is newest.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn raise_nonce(&mut self, at_least: u64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE nonce SET floor = max(floor, ?1), next = max(next, ?1)",
                [at_least],
            )?;
            Ok(())
        })
    }

    /// Keeps a signed transaction and the message's final bytes, in one commit. The first one of a
    /// message takes the next nonce; a further one (another fee) has the message's nonce.
    ///
    /// # Errors
    /// The message was edited meanwhile, is cancelled or stopped, the nonce is not the one due, its
    /// parent has not left the device, or a message that holds its hash has.
    pub fn seal(&mut self, id: MessageId, sealed: &NewVariant) -> Result<(), StoreError> {
        self.write(|tx| {
            let parent = sealable(tx, id, sealed.revision)?;
            let own = nonce_of(tx, id)?;
            let due = own.map_or_else(|| next_nonce(tx), Ok)?;
            if sealed.nonce != due {
                return Err(Conflict::WrongNonce { due }.into());
            }
            if own.is_some() {
                refuse_if_quoted(tx, id)?;
            } else {
                refuse_early(tx, parent)?;
                tx.execute("UPDATE nonce SET next = next + 1", [])?;
            }
            tx.execute(
                "UPDATE outbox SET wire = ?2 WHERE id = ?1",
                (id.0, &sealed.wire),
            )?;
            insert(tx, id, sealed)
        })
    }

    /// Takes back a message's seal and those of all later nonces, and gives their nonces back,
    /// except those the chain has used up. A message that is not sealed is left as it is.
    ///
    /// # Errors
    /// It, or a message at a later nonce, is exposed.
    pub fn unseal(&mut self, id: MessageId) -> Result<(), StoreError> {
        self.write(|tx| {
            let Some(nonce) = nonce_of(tx, id)? else { return Ok(()) };
            let exposed: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM variant WHERE nonce >= ?1 AND exposed_at IS NOT NULL)",
                [nonce],
                |row| row.get(0),
            )?;
            if exposed {
                return Err(Conflict::Exposed.into());
            }
            tx.execute("DELETE FROM variant WHERE nonce >= ?1", [nonce])?;
            tx.execute("UPDATE nonce SET next = max(floor, ?1)", [nonce])?;
            Ok(())
        })
    }

    /// Says that these transactions may leave the device from now on, all in one commit. One that
    /// was exposed before keeps its first time.
    ///
    /// # Errors
    /// One was not sealed here.
    pub fn expose(&mut self, hashes: &[B256], at: u64) -> Result<(), StoreError> {
        self.write(|tx| {
            for hash in hashes {
                let changed = tx
                    .prepare_cached(
                        "UPDATE variant SET exposed_at = coalesce(exposed_at, ?2) WHERE hash = ?1",
                    )?
                    .execute((hash.as_slice(), at))?;
                if changed == 0 {
                    return Err(Conflict::UnknownVariant.into());
                }
            }
            Ok(())
        })
    }
}

/// The nonce of a sealed message.
pub(crate) fn nonce_of(conn: &Connection, id: MessageId) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached("SELECT nonce FROM variant WHERE message = ?1 LIMIT 1")?
        .query_row([id.0], |row| row.get(0))
        .optional()
}

/// Every variant with its message, in the order of their making.
pub(crate) fn all(conn: &Connection) -> rusqlite::Result<Vec<(MessageId, Variant)>> {
    conn.prepare_cached(
        "SELECT variant.*, position.block_number, position.block_hash, position.block_time,
                (SELECT count(*) FROM acceptance WHERE acceptance.hash = variant.hash) AS accepted_by,
                EXISTS (SELECT 1 FROM sighting WHERE sighting.hash = variant.hash) AS sighted,
                coalesce(
                    (SELECT attempt.outcome = 'refused' FROM attempt
                     WHERE attempt.message = variant.message ORDER BY attempt.id DESC LIMIT 1),
                    0) AS refused
         FROM variant LEFT JOIN position ON position.hash = variant.hash
         ORDER BY variant.message, variant.turn",
    )?
    .query_map([], |row| Ok((MessageId(row.get("message")?), variant(row)?)))?
    .collect()
}

fn variant(row: &Row<'_>) -> rusqlite::Result<Variant> {
    Ok(Variant {
        hash: columns::hash(row, "hash")?,
        nonce: row.get("nonce")?,
        raw: row.get("raw")?,
        max_fee: row.get::<_, u64>("max_fee")?.into(),
        priority_fee: row.get::<_, u64>("priority_fee")?.into(),
        gas_limit: row.get("gas_limit")?,
        sealed_at: row.get("sealed_at")?,
        exposed_at: row.get("exposed_at")?,
        accepted_by: row.get("accepted_by")?,
        refused: row.get("refused")?,
        sighted: row.get("sighted")?,
        position: position(row)?,
    })
}

fn position(row: &Row<'_>) -> rusqlite::Result<Option<Position>> {
    let Some(block_hash) = columns::hash_or_none(row, "block_hash")? else {
        return Ok(None);
    };
    Ok(Some(Position {
        block_number: row.get("block_number")?,
        block_hash,
        time: row.get("block_time")?,
    }))
}

fn next_nonce(conn: &Connection) -> rusqlite::Result<u64> {
    conn.query_row("SELECT next FROM nonce", [], |row| row.get(0))
}

/// The parent of a message that may be sealed.
fn sealable(
    tx: &Transaction<'_>,
    id: MessageId,
    revision: u64,
) -> Result<Option<MessageId>, StoreError> {
    let (parent, current, cancelled, stopped): (Option<u64>, u64, bool, bool) = tx
        .query_row(
            "SELECT parent, revision, cancelled_at IS NOT NULL, stopped IS NOT NULL
             FROM outbox WHERE id = ?1",
            [id.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?
        .ok_or(Conflict::UnknownMessage(id))?;
    if cancelled {
        return Err(Conflict::Cancelled(id).into());
    }
    if stopped {
        return Err(Conflict::Stopped(id).into());
    }
    if current != revision {
        return Err(Conflict::Edited(id).into());
    }
    Ok(parent.map(MessageId))
}

/// The parent's hash goes into the message, so the parent must be past changing.
fn refuse_early(tx: &Transaction<'_>, parent: Option<MessageId>) -> Result<(), StoreError> {
    let Some(parent) = parent else { return Ok(()) };
    let exposed: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM variant WHERE message = ?1 AND exposed_at IS NOT NULL)",
        [parent.0],
        |row| row.get(0),
    )?;
    if exposed {
        Ok(())
    } else {
        Err(Conflict::ParentNotExposed(parent).into())
    }
}

/// Another fee is another hash: one that a message on its way refers to must stay.
fn refuse_if_quoted(tx: &Transaction<'_>, id: MessageId) -> Result<(), StoreError> {
    let quoted: Option<u64> = tx
        .query_row(
            "SELECT outbox.id FROM outbox JOIN variant ON variant.message = outbox.id
             WHERE outbox.parent = ?1 AND variant.exposed_at IS NOT NULL LIMIT 1",
            [id.0],
            |row| row.get(0),
        )
        .optional()?;
    match quoted {
        None => Ok(()),
        Some(by) => Err(Conflict::DependentExposed(MessageId(by)).into()),
    }
}

fn insert(tx: &Transaction<'_>, id: MessageId, sealed: &NewVariant) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO variant
             (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at)
         VALUES (?1, ?2, (SELECT count(*) FROM variant WHERE message = ?2), ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            sealed.hash.as_slice(),
            id.0,
            sealed.nonce,
            &sealed.raw,
            columns::fee(sealed.max_fee)?,
            columns::fee(sealed.priority_fee)?,
            sealed.gas_limit,
            sealed.at,
        ),
    )?;
    Ok(())
}
