//! Own messages as they are read: one by one, what is open, what is on the way, what changed. It
//! changes nothing. What a sending round asks reads no settled row.

use std::collections::HashSet;

use alloy_primitives::B256;
use parley_core::{MessageId, delivery::Stop};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::{
    columns,
    error::StoreError,
    open::Store,
    variant::{self, Variant},
};

/// An undo time further ahead than this, seconds, is that of a clock that jumped back since: it
/// holds nothing.
pub(crate) const FARTHEST_UNDO: u64 = 120;

/// An own message and all that was done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingRow {
    /// Its number; later messages have higher ones.
    pub id: MessageId,
    /// Its Whiteflag bytes; final while it is sealed.
    pub wire: Vec<u8>,
    /// The own message it refers to.
    pub parent: Option<MessageId>,
    /// How often it was edited.
    pub revision: u64,
    /// Seconds since 1970 UTC.
    pub queued_at: u64,
    /// A person withdrew it while it was not sealed.
    pub cancelled: bool,
    /// Why it will not go on by itself.
    pub stopped: Option<Stop>,
    /// It goes before everything that is not sealed.
    pub urgent: bool,
    /// It is not sealed before; seconds since 1970 UTC.
    pub undo_until: Option<u64>,
    /// It is sent although its validity ended.
    pub insists: bool,
    /// When a person asked for a blank transaction in its place; seconds since 1970 UTC.
    pub giving_up_at: Option<u64>,
    /// A person asked to offer more for it.
    pub more_asked: bool,
    /// It is sent in place of this one, whose reference points at nothing.
    pub repairs: Option<MessageId>,
    /// The hash of its parent that is in its sealed bytes.
    pub refers: Option<B256>,
    /// It has a transaction that is not displaced.
    pub sealed: bool,
    /// The height of the final block that holds one of its transactions.
    pub settled: Option<u64>,
    /// The mark of its newest change, for [`Store::changed_since`].
    pub changed: u64,
    /// Its signed transactions, oldest first; those that are not displaced have one nonce.
    pub variants: Vec<Variant>,
}

/// How many own messages there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Wanted, not stopped, and in no block.
    pub unsent: u64,
    /// Wanted, not stopped, and not sealed.
    pub open: u64,
    /// Sealed, and no final block holds them.
    pub on_the_way: u64,
    /// Wanted, and they go on only when a person decides.
    pub waiting_for_person: u64,
}

const ROW: &str = "SELECT id, wire, parent, revision, queued_at, cancelled_at IS NOT NULL AS cancelled,
                          stopped, urgent, undo_until, insists, giving_up_at, more_asked, repairs, refers, sealed,
                          settled, changed
                   FROM outbox";

/// None of a message's transactions is in a block that is held, nor a blank one that took its place.
const IN_NO_BLOCK: &str = "NOT EXISTS (SELECT 1 FROM variant
                 CROSS JOIN sighting ON sighting.hash = variant.hash
                 CROSS JOIN header ON header.hash = sighting.block_hash
                 WHERE variant.message = outbox.id AND variant.displaced_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM variant CROSS JOIN own_use USING (nonce, hash)
                     CROSS JOIN header ON header.hash = own_use.block_hash
                     WHERE variant.message = outbox.id AND variant.displaced_at IS NULL
                         AND variant.kind = 'blank')";

/// In the order of nonces, with the transactions that are not displaced.
fn in_order(mut found: Vec<OutgoingRow>) -> Vec<OutgoingRow> {
    for row in &mut found {
        row.variants.retain(|variant| !variant.displaced);
    }
    found.sort_by_key(|row| row.variants.first().map(|variant| variant.nonce));
    found
}

impl Store {
    /// An own message.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn own(&self, id: MessageId) -> Result<Option<OutgoingRow>, StoreError> {
        self.read(|conn| own(conn, id))
    }

    /// Up to `limit` own messages after this one, oldest first; from the first on without one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn own_from(
        &self,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<OutgoingRow>, StoreError> {
        let after = after.map_or(0, |id| id.0);
        self.read(|conn| rows(conn, "WHERE id > ?1 ORDER BY id LIMIT ?2", (after, limit)))
    }

    /// What is sealed and in no block, in the order of nonces, with the transactions that are not
    /// displaced.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn in_no_block(&self) -> Result<Vec<OutgoingRow>, StoreError> {
        self.read(|conn| {
            // Far more may be in blocks that are not final than wait for one.
            let which = format!("WHERE sealed = 1 AND settled IS NULL AND {IN_NO_BLOCK}");
            Ok(in_order(rows(conn, &which, [])?))
        })
    }

    /// The same without what an endpoint said to be in a block at `told_until` (seconds since 1970 UTC)
    /// or before: who receives no blocks would read all that was ever sent.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn not_told(&self, told_until: u64) -> Result<Vec<OutgoingRow>, StoreError> {
        self.read(|conn| {
            let which = format!(
                "WHERE sealed = 1 AND settled IS NULL
                     AND NOT EXISTS (SELECT 1 FROM variant CROSS JOIN told USING (hash)
                                     WHERE variant.message = outbox.id
                                         AND variant.displaced_at IS NULL AND told.at <= ?1)
                     AND {IN_NO_BLOCK}"
            );
            Ok(in_order(rows(conn, &which, [told_until])?))
        })
    }

    /// What may be sealed next: up to `limit` messages that are wanted, not sealed and not stopped and
    /// whose undo time is over at `now` (seconds since 1970 UTC), urgent ones first, then in the order
    /// of their numbers. Before each stand those it refers to that are not sealed either, beyond the
    /// limit and whatever holds them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open_messages(&self, limit: u32, now: u64) -> Result<Vec<OutgoingRow>, StoreError> {
        self.read(|conn| {
            let mut found = Vec::new();
            for urgent in [1, 0] {
                let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
                found.extend(rows(
                    conn,
                    "WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL AND urgent = ?1
                         AND (undo_until IS NULL OR undo_until <= ?2 OR undo_until > ?2 + ?3)
                     ORDER BY id LIMIT ?4",
                    (urgent, now, FARTHEST_UNDO, left),
                )?);
            }
            after_their_parents(conn, found)
        })
    }

    /// The messages that are wanted and refer to this one, without those that refer to them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dependents(&self, id: MessageId) -> Result<Vec<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM outbox WHERE parent = ?1 AND cancelled_at IS NULL ORDER BY id",
        )?;
        let found = statement.query_map([id.0], |row| row.get(0).map(MessageId))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The messages of which a reader would see a change since this mark, in the order of their
    /// newest changes, and the mark from which to go on. Everything has changed since 0.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn changed_since(&self, mark: u64) -> Result<(u64, Vec<OutgoingRow>), StoreError> {
        self.read(|conn| {
            let newest = conn.query_row("SELECT value FROM outbox_mark", [], |row| row.get(0))?;
            let found = rows(conn, "WHERE changed > ?1 ORDER BY changed, id", [mark])?;
            Ok((newest, found))
        })
    }

    /// Whether a message is sealed, and no final block holds it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_any_on_the_way(&self) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE sealed = 1 AND settled IS NULL)",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Whether a message is wanted, not sealed and not stopped.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_any_open(&self) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox
                            WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL)",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How many own messages there are of each kind.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|conn| {
            let count = |sql: &str| -> rusqlite::Result<u64> {
                let sql = format!("SELECT count(*) FROM outbox WHERE {sql}");
                conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))
            };
            let open = conn
                .prepare_cached("SELECT open FROM outbox_mark")?
                .query_row([], |row| row.get::<_, u64>(0))?;
            let in_no_block = count(&format!(
                "sealed = 1 AND settled IS NULL AND cancelled_at IS NULL AND stopped IS NULL
                     AND {IN_NO_BLOCK}"
            ))?;
            Ok(Counts {
                unsent: open.saturating_add(in_no_block),
                open,
                on_the_way: count("sealed = 1 AND settled IS NULL")?,
                waiting_for_person: count(
                    "stopped IS NOT NULL AND cancelled_at IS NULL AND settled IS NULL",
                )?,
            })
        })
    }

    /// The messages in a block whose reference points at nothing: the child, its parent, and the hash
    /// of the parent that is in a block now, which the child should refer to. The child refers to
    /// another transaction of its parent, and no message repairs that yet.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dangling(&self) -> Result<Vec<(MessageId, MessageId, B256)>, StoreError> {
        // Only what has more than one transaction can have left a reference behind.
        let mut statement = self.conn.prepare_cached(
            "SELECT child.id AS child, child.parent AS parent, landed.hash AS wanted
             FROM (SELECT DISTINCT message FROM variant INDEXED BY variant_further WHERE turn > 0)
                  AS twice
             CROSS JOIN outbox AS child ON child.parent = twice.message
             CROSS JOIN variant AS landed ON landed.message = twice.message
             CROSS JOIN sighting ON sighting.hash = landed.hash
             CROSS JOIN header ON header.hash = sighting.block_hash
             WHERE landed.kind = 'message' AND child.refers <> landed.hash
                 AND EXISTS (SELECT 1 FROM variant CROSS JOIN position USING (hash)
                             WHERE variant.message = child.id AND variant.kind = 'message')
                 AND NOT EXISTS (SELECT 1 FROM outbox AS repair WHERE repair.repairs = child.id)
             ORDER BY child.id",
        )?;
        let found = statement.query_map([], |row| {
            let id = |column| row.get(column).map(MessageId);
            Ok((id("child")?, id("parent")?, columns::hash(row, "wanted")?))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

/// Puts before each message those it refers to, directly or not, that are not sealed; each once.
fn after_their_parents(
    conn: &Connection,
    found: Vec<OutgoingRow>,
) -> rusqlite::Result<Vec<OutgoingRow>> {
    let mut ordered: Vec<OutgoingRow> = Vec::with_capacity(found.len());
    let mut placed = HashSet::new();
    for row in found {
        let mut line = vec![row];
        while let Some(parent) = line.last().and_then(|row| row.parent) {
            match own(conn, parent)? {
                Some(parent) if !parent.sealed => line.push(parent),
                Some(_) | None => break,
            }
        }
        let new = line.into_iter().rev().filter(|row| placed.insert(row.id));
        ordered.extend(new);
    }
    Ok(ordered)
}

fn own(conn: &Connection, id: MessageId) -> rusqlite::Result<Option<OutgoingRow>> {
    let sql = format!("{ROW} WHERE id = ?1");
    let found = conn
        .prepare_cached(&sql)?
        .query_row([id.0], outgoing)
        .optional()?;
    found.map(|row| with_variants(conn, row)).transpose()
}

/// The own messages that a condition finds, in its order.
pub(crate) fn rows(
    conn: &Connection,
    which: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<OutgoingRow>> {
    conn.prepare_cached(&format!("{ROW} {which}"))?
        .query_map(params, outgoing)?
        .map(|row| with_variants(conn, row?))
        .collect()
}

fn with_variants(conn: &Connection, mut row: OutgoingRow) -> rusqlite::Result<OutgoingRow> {
    row.variants = variant::of(conn, row.id)?;
    Ok(row)
}

fn outgoing(row: &Row<'_>) -> rusqlite::Result<OutgoingRow> {
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
        urgent: row.get("urgent")?,
        undo_until: row.get("undo_until")?,
        insists: row.get("insists")?,
        giving_up_at: row.get("giving_up_at")?,
        more_asked: row.get("more_asked")?,
        repairs: row.get::<_, Option<u64>>("repairs")?.map(MessageId),
        refers: columns::hash_or_none(row, "refers")?,
        sealed: row.get("sealed")?,
        settled: row.get("settled")?,
        changed: row.get("changed")?,
        variants: Vec::new(),
    })
}

pub(crate) fn stop_word(stop: Stop) -> &'static str {
    match stop {
        Stop::Over => "over",
        Stop::Recovered => "recovered",
    }
}

fn stop_from(word: &str) -> Option<Stop> {
    match word {
        // Only a damaged file of the third version that an older program mended left it so.
        "displaced" => Some(Stop::Recovered),
        word => [Stop::Over, Stop::Recovered]
            .into_iter()
            .find(|stop| stop_word(*stop) == word),
    }
}
