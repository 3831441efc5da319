//! The messages this device wants on the chain: queued, edited, cancelled, stopped, listed.
//! Rows are never deleted, and a message's place in a block is read from the chain's facts,
//! never kept here.

use alloy_primitives::B256;
use parley_core::{MessageId, delivery::Stop};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    columns,
    error::{Conflict, EditError, StoreError},
    open::Store,
    variant,
};

/// A message to queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its Whiteflag bytes, with zeros for the hash of a `parent`.
    pub wire: Vec<u8>,
    /// The own message it refers to, if that is not sealed yet.
    pub parent: Option<MessageId>,
    /// Now, in seconds since 1970 UTC.
    pub at: u64,
}

/// An own message and all that was done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingRow {
    /// Its number; later messages have higher ones.
    pub id: MessageId,
    /// Its Whiteflag bytes; final once it is sealed.
    pub wire: Vec<u8>,
    /// The own message it refers to.
    pub parent: Option<MessageId>,
    /// How often it was edited.
    pub revision: u64,
    /// Seconds since 1970 UTC.
    pub queued_at: u64,
    /// A person withdrew it before it was sealed.
    pub cancelled: bool,
    /// Why it will not go on by itself.
    pub stopped: Option<Stop>,
    /// Its signed transactions, oldest first; all have one nonce.
    pub variants: Vec<Variant>,
}

/// A signed transaction of an own message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The transaction's hash.
    pub hash: B256,
    /// The account's nonce it uses.
    pub nonce: u64,
    /// The EIP-2718 envelope, to be offered byte for byte.
    pub raw: Vec<u8>,
    /// Wei per gas (EIP-1559).
    pub max_fee: u128,
    /// Wei per gas (EIP-1559).
    pub priority_fee: u128,
    /// Gas.
    pub gas_limit: u64,
    /// Seconds since 1970 UTC.
    pub sealed_at: u64,
    /// When it may first have left the device.
    pub exposed_at: Option<u64>,
    /// How many different endpoints ever said that they hold it.
    pub accepted_by: u32,
    /// The newest answer of an endpoint about its message was a refusal.
    pub refused: bool,
    /// It was seen in a block, on this branch or another.
    pub sighted: bool,
    /// Where it is on the chain as held now.
    pub position: Option<Position>,
}

/// A transaction's block on the chain as held now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Height.
    pub block_number: u64,
    /// The block's hash.
    pub block_hash: B256,
    /// The block's time, seconds since 1970 UTC.
    pub time: u64,
}

impl Store {
    /// Queues messages in order, all in one commit or none.
    ///
    /// # Errors
    /// A parent does not exist or is cancelled, or nothing can be written.
    pub fn queue(&mut self, new: &[NewMessage]) -> Result<Vec<MessageId>, StoreError> {
        self.write(|tx| new.iter().map(|message| insert(tx, message)).collect())
    }

    /// Replaces a message's bytes and parent while it is not sealed.
    ///
    /// # Errors
    /// It is sealed, cancelled or unknown; or its new parent is, or comes after it.
    pub fn replace(
        &mut self,
        id: MessageId,
        wire: &[u8],
        parent: Option<MessageId>,
    ) -> Result<(), EditError> {
        self.write(|tx| {
            editable(tx, id)?;
            if let Some(parent) = parent {
                if parent >= id {
                    return Err(EditError::Unknown);
                }
                match is_cancelled(tx, parent)? {
                    None => return Err(EditError::Unknown),
                    Some(true) => return Err(EditError::Cancelled),
                    Some(false) => {}
                }
            }
            tx.execute(
                "UPDATE outbox SET wire = ?2, parent = ?3, revision = revision + 1 WHERE id = ?1",
                (id.0, wire, parent.map(|parent| parent.0)),
            )?;
            Ok(())
        })
    }

    /// Withdraws messages while none of them is sealed: all of them or none.
    ///
    /// # Errors
    /// One is sealed, cancelled or unknown, or another message that is not among them refers to it.
    pub fn cancel(&mut self, ids: &[MessageId], at: u64) -> Result<(), EditError> {
        self.write(|tx| {
            for id in ids {
                editable(tx, *id)?;
            }
            for id in ids {
                tx.execute(
                    "UPDATE outbox SET cancelled_at = ?2 WHERE id = ?1",
                    (id.0, at),
                )?;
            }
            match ids.iter().find_map(|id| dependent(tx, *id).transpose()) {
                None => Ok(()),
                Some(needed) => Err(EditError::NeededBy(needed?)),
            }
        })
    }

    /// Marks a message as not going on by itself. Doing so again replaces the reason.
    ///
    /// # Errors
    /// There is no such message, or it was cancelled.
    pub fn stop(&mut self, id: MessageId, reason: Stop) -> Result<(), StoreError> {
        self.write(|tx| {
            match is_cancelled(tx, id)? {
                None => return Err(Conflict::UnknownMessage(id).into()),
                Some(true) => return Err(Conflict::Cancelled(id).into()),
                Some(false) => {}
            }
            tx.execute(
                "UPDATE outbox SET stopped = ?2 WHERE id = ?1",
                (id.0, stop_word(reason)),
            )?;
            Ok(())
        })
    }

    /// Every own message, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn outgoing(&self) -> Result<Vec<OutgoingRow>, StoreError> {
        self.read(|conn| {
            let mut rows = messages(conn)?;
            for (message, found) in variant::all(conn)? {
                let at = rows.binary_search_by_key(&message, |row| row.id);
                if let Some(row) = at.ok().and_then(|at| rows.get_mut(at)) {
                    row.variants.push(found);
                }
            }
            Ok(rows)
        })
    }
}

fn insert(tx: &Transaction<'_>, new: &NewMessage) -> Result<MessageId, StoreError> {
    if let Some(parent) = new.parent {
        match is_cancelled(tx, parent)? {
            None => return Err(Conflict::UnknownMessage(parent).into()),
            Some(true) => return Err(Conflict::Cancelled(parent).into()),
            Some(false) => {}
        }
    }
    let id = tx
        .prepare_cached(
            "INSERT INTO outbox (wire, parent, queued_at) VALUES (?1, ?2, ?3) RETURNING id",
        )?
        .query_row(
            (&new.wire, new.parent.map(|parent| parent.0), new.at),
            |row| row.get(0),
        )?;
    Ok(MessageId(id))
}

/// `None` if there is no such message.
fn is_cancelled(conn: &Connection, id: MessageId) -> rusqlite::Result<Option<bool>> {
    conn.prepare_cached("SELECT cancelled_at IS NOT NULL FROM outbox WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()
}

fn editable(tx: &Transaction<'_>, id: MessageId) -> Result<(), EditError> {
    match is_cancelled(tx, id)? {
        None => Err(EditError::Unknown),
        Some(true) => Err(EditError::Cancelled),
        Some(false) if variant::nonce_of(tx, id)?.is_some() => Err(EditError::Sealed),
        Some(false) => Ok(()),
    }
}

/// A message that refers to this one and is still wanted.
fn dependent(tx: &Transaction<'_>, id: MessageId) -> rusqlite::Result<Option<MessageId>> {
    tx.query_row(
        "SELECT id FROM outbox WHERE parent = ?1 AND cancelled_at IS NULL ORDER BY id LIMIT 1",
        [id.0],
        |row| Ok(MessageId(row.get(0)?)),
    )
    .optional()
}

fn messages(conn: &Connection) -> rusqlite::Result<Vec<OutgoingRow>> {
    conn.prepare_cached(
        "SELECT id, wire, parent, revision, queued_at, cancelled_at IS NOT NULL AS cancelled,
                stopped
         FROM outbox ORDER BY id",
    )?
    .query_map([], message)?
    .collect()
}

fn message(row: &Row<'_>) -> rusqlite::Result<OutgoingRow> {
    let stopped: Option<String> = row.get("stopped")?;
    Ok(OutgoingRow {
        id: MessageId(row.get("id")?),
        wire: row.get("wire")?,
        parent: row.get::<_, Option<u64>>("parent")?.map(MessageId),
        revision: row.get("revision")?,
        queued_at: row.get("queued_at")?,
        cancelled: row.get("cancelled")?,
        stopped: stopped
            .map(|word| columns::known(stop_from(&word)))
            .transpose()?,
        variants: Vec::new(),
    })
}

fn stop_word(stop: Stop) -> &'static str {
    match stop {
        Stop::Displaced => "displaced",
    }
}

fn stop_from(word: &str) -> Option<Stop> {
    [Stop::Displaced]
        .into_iter()
        .find(|stop| stop_word(*stop) == word)
}
