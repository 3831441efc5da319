//! The signed transactions of own messages and the account's nonce: sealed and exposed in one commit,
//! displaced by another device. The nonce moves in the commit that seals and nowhere else; once a
//! transaction may have left the device, nothing here changes or forgets it.

use alloy_primitives::B256;
use parley_core::MessageId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::{
    asked, columns,
    error::{Conflict, StoreError},
    open::Store,
    told::Told,
};

/// What a transaction of a message is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It carries the message.
    #[default]
    Message,
    /// It carries nothing: it uses the message's nonce so that the message is never on the chain.
    Blank,
}

/// A transaction that was just signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    /// What it is for.
    pub kind: Kind,
    /// The revision of the message that it was made of.
    pub revision: u64,
    /// The message's own nonce, or [`Store::next_nonce`] if it has none.
    pub nonce: u64,
    /// The transaction's hash.
    pub hash: B256,
    /// The EIP-2718 envelope.
    pub raw: Vec<u8>,
    /// The message's final bytes, its parent's hash filled in. Not looked at in a blank one.
    pub wire: Vec<u8>,
    /// The parent's hash in those bytes. Not looked at in a blank one.
    pub refers: Option<B256>,
    /// Wei per gas (EIP-1559).
    pub max_fee: u128,
    /// Wei per gas (EIP-1559).
    pub priority_fee: u128,
    /// Gas.
    pub gas_limit: u64,
    /// Now, in seconds since 1970 UTC.
    pub at: u64,
}

/// A signed transaction of an own message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What it is for.
    pub kind: Kind,
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
    pub exposed_at: u64,
    /// Another transaction has used its nonce for ever: it is never offered again.
    pub displaced: bool,
    /// How many different endpoints ever said that they hold it.
    pub accepted_by: u32,
    /// The newest answer of an endpoint about its message was a refusal.
    pub refused: bool,
    /// It was seen in a block, on this branch or another.
    pub sighted: bool,
    /// Where it is on the chain as held now.
    pub position: Option<Position>,
    /// Where it is by one endpoint's word; nothing once its block was received.
    pub told: Option<Told>,
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
        self.write("raise-nonce", |tx| raise(tx, at_least))
    }

    /// Seals and exposes transactions in this order, in one commit: they may leave once it returns.
    /// The first one of a message takes the next nonce; a further one (another fee, or a blank one)
    /// has the message's nonce. A message that was edited, cancelled, stopped or settled meanwhile
    /// ends the burst before it, so that no nonce is left out. The answer names the messages of the
    /// transactions that were kept, in order: those of the first so many of `burst`.
    ///
    /// # Errors
    /// A nonce is not the one due, a parent has not left the device, a message that holds its hash has,
    /// or a blank transaction was not asked for. Then nothing is kept.
    pub fn seal_burst(
        &mut self,
        burst: &[(MessageId, NewVariant)],
        exposed_at: u64,
    ) -> Result<Vec<MessageId>, StoreError> {
        self.write("seal-burst", |tx| {
            let mut kept = Vec::with_capacity(burst.len());
            for (id, sealed) in burst {
                if !is_still_wanted(tx, *id, sealed)? {
                    break;
                }
                seal(tx, *id, sealed, exposed_at)?;
                kept.push(*id);
            }
            Ok(kept)
        })
    }

    /// Says that other transactions have used these messages' nonces for ever: another device used
    /// the key. They are open again and keep their numbers, and are sealed afresh at other nonces.
    /// One that was being given up is cancelled instead. One that is not sealed is left as it is.
    ///
    /// # Errors
    /// One is settled or unknown. Then nothing changed.
    pub fn displace(&mut self, ids: &[MessageId], at: u64) -> Result<(), StoreError> {
        self.write("displace", |tx| {
            ids.iter().try_for_each(|id| displace(tx, *id, at))
        })
    }
}

fn displace(tx: &Transaction<'_>, id: MessageId, at: u64) -> Result<(), StoreError> {
    let settled: bool = tx
        .query_row(
            "SELECT settled IS NOT NULL FROM outbox WHERE id = ?1",
            [id.0],
            |row| row.get(0),
        )
        .optional()?
        .ok_or(Conflict::UnknownMessage(id))?;
    if settled {
        return Err(Conflict::Settled(id).into());
    }
    let Some(nonce) = nonce_of(tx, id)? else {
        return Ok(());
    };
    tx.execute(
        "UPDATE variant SET displaced_at = ?2 WHERE message = ?1 AND displaced_at IS NULL",
        (id.0, at),
    )?;
    raise(tx, nonce.saturating_add(1))?;
    tx.execute(
        "UPDATE outbox SET cancelled_at = ?2
         WHERE id = ?1 AND giving_up_at IS NOT NULL AND cancelled_at IS NULL",
        (id.0, at),
    )?;
    Ok(())
}

fn raise(tx: &Transaction<'_>, at_least: u64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE nonce SET floor = max(floor, ?1), next = max(next, ?1)",
        [at_least],
    )?;
    Ok(())
}

/// Whether a message is as it was when it was signed: neither a person nor the chain decided
/// otherwise meanwhile.
fn is_still_wanted(
    tx: &Transaction<'_>,
    id: MessageId,
    sealed: &NewVariant,
) -> Result<bool, StoreError> {
    let wanted = tx
        .prepare_cached(
            "SELECT cancelled_at IS NULL AND stopped IS NULL AND settled IS NULL AND revision = ?2
                    AND (giving_up_at IS NOT NULL OR ?3 = 'message')
             FROM outbox WHERE id = ?1",
        )?
        .query_row((id.0, sealed.revision, kind_word(sealed.kind)), |row| {
            row.get(0)
        })
        .optional()?;
    Ok(wanted.ok_or(Conflict::UnknownMessage(id))?)
}

/// Keeps a signed transaction and the message's final bytes.
fn seal(
    tx: &Transaction<'_>,
    id: MessageId,
    sealed: &NewVariant,
    exposed_at: u64,
) -> Result<(), StoreError> {
    let own = nonce_of(tx, id)?;
    let due = own.map_or_else(|| next_nonce(tx), Ok)?;
    if sealed.nonce != due {
        return Err(Conflict::WrongNonce { due }.into());
    }
    if own.is_some() {
        refuse_if_quoted(tx, id)?;
        tx.execute("UPDATE outbox SET more_asked = 0 WHERE id = ?1", [id.0])?;
    } else {
        refuse_early(tx, id)?;
        tx.execute("UPDATE nonce SET next = next + 1", [])?;
    }
    if sealed.kind == Kind::Message {
        tx.prepare_cached("UPDATE outbox SET wire = ?2, refers = ?3 WHERE id = ?1")?
            .execute((
                id.0,
                &sealed.wire,
                sealed.refers.as_ref().map(|hash| hash.as_slice()),
            ))?;
    }
    insert(tx, id, sealed, exposed_at)
}

/// The nonce of a sealed message.
fn nonce_of(conn: &Connection, id: MessageId) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached(
        "SELECT nonce FROM variant WHERE message = ?1 AND displaced_at IS NULL LIMIT 1",
    )?
    .query_row([id.0], |row| row.get(0))
    .optional()
}

/// The transactions of a message, in the order of their making. A blank one carries no message and so
/// is never received: that it is in a block is known from the nonces that the account has used. The
/// view `position` is not joined from the left: SQLite would go through all of it.
pub(crate) fn of(conn: &Connection, id: MessageId) -> rusqlite::Result<Vec<Variant>> {
    conn.prepare_cached(
        "SELECT variant.*, coalesce(place.block_number, used.number) AS block_number,
                coalesce(place.block_hash, used.hash) AS block_hash,
                coalesce(place.block_time, used.time) AS block_time,
                (SELECT count(*) FROM acceptance WHERE acceptance.hash = variant.hash) AS accepted_by,
                EXISTS (SELECT 1 FROM sighting WHERE sighting.hash = variant.hash) AS sighted,
                told.number AS told_number, told.at AS told_at,
                coalesce(
                    (SELECT attempt.outcome = 'refused' FROM attempt
                     WHERE attempt.message = variant.message ORDER BY attempt.id DESC LIMIT 1),
                    0) AS refused
         FROM variant
         LEFT JOIN told ON told.hash = variant.hash
         LEFT JOIN sighting AS place ON place.hash = variant.hash AND place.block_hash =
             (SELECT position.block_hash FROM position WHERE position.hash = variant.hash)
         LEFT JOIN header AS used ON variant.kind = 'blank' AND used.hash =
             (SELECT header.hash FROM own_use CROSS JOIN header ON header.hash = own_use.block_hash
              WHERE own_use.nonce = variant.nonce AND own_use.hash = variant.hash)
         WHERE variant.message = ?1 ORDER BY variant.turn",
    )?
    .query_map([id.0], variant)?
    .collect()
}

fn variant(row: &Row<'_>) -> rusqlite::Result<Variant> {
    let position = position(row)?;
    let told = row.get::<_, Option<u64>>("told_number")?;
    let told = told.filter(|_| position.is_none());
    Ok(Variant {
        kind: columns::known(kind_from(&row.get::<_, String>("kind")?))?,
        hash: columns::hash(row, "hash")?,
        nonce: row.get("nonce")?,
        raw: row.get("raw")?,
        max_fee: row.get::<_, u64>("max_fee")?.into(),
        priority_fee: row.get::<_, u64>("priority_fee")?.into(),
        gas_limit: row.get("gas_limit")?,
        sealed_at: row.get("sealed_at")?,
        exposed_at: row.get::<_, Option<u64>>("exposed_at")?.map_or_else(
            // The column may be empty, because the second version sealed before it exposed. No row is so
            // since the fourth, and one that were would have to count as exposed.
            || row.get("sealed_at"),
            Ok,
        )?,
        displaced: row.get::<_, Option<u64>>("displaced_at")?.is_some(),
        accepted_by: row.get("accepted_by")?,
        refused: row.get("refused")?,
        sighted: row.get("sighted")?,
        position,
        told: match told {
            Some(number) => Some(Told {
                number,
                at: row.get("told_at")?,
            }),
            None => None,
        },
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

/// The parent's hash goes into the message, so the parent must be past changing.
fn refuse_early(tx: &Transaction<'_>, id: MessageId) -> Result<(), StoreError> {
    let parent: Option<u64> = tx
        .prepare_cached(
            "SELECT parent FROM outbox AS child
             WHERE id = ?1 AND parent IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM variant
                  WHERE message = child.parent AND exposed_at IS NOT NULL AND displaced_at IS NULL)",
        )?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    match parent {
        None => Ok(()),
        Some(parent) => Err(Conflict::ParentNotExposed(MessageId(parent)).into()),
    }
}

/// Another fee is another hash: one that a message on its way refers to must stay.
fn refuse_if_quoted(tx: &Transaction<'_>, id: MessageId) -> Result<(), StoreError> {
    match asked::quoted_by(tx, id)? {
        None => Ok(()),
        Some(by) => Err(Conflict::DependentExposed(by).into()),
    }
}

fn insert(
    tx: &Transaction<'_>,
    id: MessageId,
    sealed: &NewVariant,
    exposed_at: u64,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO variant
             (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at, exposed_at, kind)
         VALUES (?1, ?2, (SELECT coalesce(max(turn) + 1, 0) FROM variant WHERE message = ?2),
                 ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute((
        sealed.hash.as_slice(),
        id.0,
        sealed.nonce,
        &sealed.raw,
        columns::fee(sealed.max_fee)?,
        columns::fee(sealed.priority_fee)?,
        sealed.gas_limit,
        sealed.at,
        exposed_at,
        kind_word(sealed.kind),
    ))?;
    Ok(())
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "message",
        Kind::Blank => "blank",
    }
}

fn kind_from(word: &str) -> Option<Kind> {
    [Kind::Message, Kind::Blank]
        .into_iter()
        .find(|kind| kind_word(*kind) == word)
}
