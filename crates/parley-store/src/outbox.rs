//! What a person or a script does with own messages: queue, edit, withdraw, hurry, stop, go on, give
//! up. Rows are never deleted, and a message's place in a block is read from the chain's facts, never
//! kept here.

use parley_core::{MessageId, delivery::Stop};
use rusqlite::{OptionalExtension, Row, Transaction};

use crate::{
    error::{Conflict, EditError, StoreError},
    open::Store,
    outgoing::stop_word,
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
    /// It goes before everything that is not sealed.
    pub urgent: bool,
    /// It is not sealed before; seconds since 1970 UTC.
    pub undo_until: Option<u64>,
    /// It is sent although its validity ends before it is sealed.
    pub insists: bool,
    /// It is sent in place of this one, whose reference points at nothing.
    pub repairs: Option<MessageId>,
}

/// What decides about a change of a message.
pub(crate) struct Standing {
    pub(crate) cancelled: bool,
    giving_up: bool,
    pub(crate) sealed: bool,
    pub(crate) settled: bool,
}

impl Store {
    /// Queues messages in order, all in one commit or none. None at all need no commit.
    ///
    /// # Errors
    /// A parent does not exist, is cancelled or given up, or nothing can be written.
    pub fn queue(&mut self, new: &[NewMessage]) -> Result<Vec<MessageId>, StoreError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        self.write("queue", |tx| {
            let mark = next_mark(tx)?;
            new.iter()
                .map(|message| insert(tx, message, mark))
                .collect()
        })
    }

    /// Queues pairs in order, all in one commit or none: the second of each refers to the first,
    /// whatever parent it names. The answer has the number of both.
    ///
    /// # Errors
    /// As [`Store::queue`].
    pub fn queue_pairs(
        &mut self,
        new: &[(NewMessage, NewMessage)],
    ) -> Result<Vec<(MessageId, MessageId)>, StoreError> {
        self.write("queue", |tx| {
            let mark = next_mark(tx)?;
            new.iter()
                .map(|(first, second)| {
                    let parent = insert(tx, first, mark)?;
                    let second = NewMessage {
                        parent: Some(parent),
                        ..second.clone()
                    };
                    Ok((parent, insert(tx, &second, mark)?))
                })
                .collect()
        })
    }

    /// Replaces a message's bytes, parent and urgency while it is not sealed. One that was stopped goes
    /// on: a person has decided.
    ///
    /// # Errors
    /// It is sealed, cancelled or unknown; or its new parent is, or comes after it.
    pub fn replace(
        &mut self,
        id: MessageId,
        wire: &[u8],
        parent: Option<MessageId>,
        urgent: bool,
    ) -> Result<(), EditError> {
        self.write("replace", |tx| {
            editable(tx, id)?;
            if let Some(parent) = parent {
                if parent >= id {
                    return Err(EditError::Unknown);
                }
                let parent = standing(tx, parent)?.ok_or(EditError::Unknown)?;
                if parent.cancelled || parent.giving_up {
                    return Err(EditError::Cancelled);
                }
            }
            tx.execute(
                "UPDATE outbox SET wire = ?2, parent = ?3, urgent = ?4, refers = NULL, stopped = NULL,
                                   revision = revision + 1
                 WHERE id = ?1",
                (id.0, wire, parent.map(|parent| parent.0), urgent),
            )?;
            Ok(())
        })
    }

    /// Withdraws messages while none of them is sealed: all of them or none.
    ///
    /// # Errors
    /// One is sealed, cancelled or unknown, or another message that is not among them refers to it.
    pub fn cancel(&mut self, ids: &[MessageId], at: u64) -> Result<(), EditError> {
        self.write("cancel", |tx| {
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

    /// Lets a message leave before its undo time is over. One without such a time is left as it is.
    ///
    /// # Errors
    /// It is cancelled or unknown.
    pub fn hurry(&mut self, id: MessageId) -> Result<(), EditError> {
        self.write("hurry", |tx| {
            if standing(tx, id)?.ok_or(EditError::Unknown)?.cancelled {
                return Err(EditError::Cancelled);
            }
            tx.execute(
                "UPDATE outbox SET undo_until = NULL WHERE id = ?1 AND undo_until IS NOT NULL",
                [id.0],
            )?;
            Ok(())
        })
    }

    /// Marks a message as not going on by itself. Doing so again replaces the reason.
    ///
    /// # Errors
    /// There is no such message, or it was cancelled.
    pub fn stop(&mut self, id: MessageId, reason: Stop) -> Result<(), StoreError> {
        self.write("stop", |tx| {
            wanted(tx, id)?;
            tx.execute(
                "UPDATE outbox SET stopped = ?2 WHERE id = ?1",
                (id.0, stop_word(reason)),
            )?;
            Ok(())
        })
    }

    /// Lets a stopped message go on, and be sent whatever its validity: a person has decided.
    ///
    /// # Errors
    /// There is no such message, or it was cancelled.
    pub fn resume(&mut self, id: MessageId) -> Result<(), StoreError> {
        self.write("resume", |tx| {
            wanted(tx, id)?;
            tx.execute(
                "UPDATE outbox SET stopped = NULL, insists = 1 WHERE id = ?1",
                [id.0],
            )?;
            Ok(())
        })
    }

    /// Asks for a blank transaction in place of a message that may have left and is in no final
    /// block. Asking again keeps the first time.
    ///
    /// # Errors
    /// It is not sealed, settled, cancelled or unknown, or a message that is wanted refers to it.
    pub fn give_up(&mut self, id: MessageId, at: u64) -> Result<(), EditError> {
        self.write("give-up", |tx| {
            let message = standing(tx, id)?.ok_or(EditError::Unknown)?;
            if message.cancelled {
                return Err(EditError::Cancelled);
            }
            if !message.sealed {
                return Err(EditError::NotSealed);
            }
            if message.settled {
                return Err(EditError::Settled);
            }
            if let Some(needed) = dependent(tx, id)? {
                return Err(EditError::NeededBy(needed));
            }
            tx.execute(
                "UPDATE outbox SET giving_up_at = coalesce(giving_up_at, ?2) WHERE id = ?1",
                (id.0, at),
            )?;
            Ok(())
        })
    }

    /// Takes [`Store::give_up`] back, as long as no blank transaction exists and the message was not
    /// withdrawn since, which happens by itself where its place is lost.
    ///
    /// # Errors
    /// There is one, it is cancelled, or no such message.
    pub fn keep(&mut self, id: MessageId) -> Result<(), EditError> {
        self.write("keep", |tx| {
            if standing(tx, id)?.ok_or(EditError::Unknown)?.cancelled {
                return Err(EditError::Cancelled);
            }
            let blank: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM variant
                                WHERE message = ?1 AND kind = 'blank' AND displaced_at IS NULL)",
                [id.0],
                |row| row.get(0),
            )?;
            if blank {
                return Err(EditError::GivenUp);
            }
            tx.execute(
                "UPDATE outbox SET giving_up_at = NULL WHERE id = ?1",
                [id.0],
            )?;
            Ok(())
        })
    }
}

fn next_mark(tx: &Transaction<'_>) -> rusqlite::Result<u64> {
    tx.query_row(
        "UPDATE outbox_mark SET value = value + 1 RETURNING value",
        [],
        |row| row.get(0),
    )
}

fn insert(tx: &Transaction<'_>, new: &NewMessage, mark: u64) -> Result<MessageId, StoreError> {
    if let Some(parent) = new.parent {
        let found = standing(tx, parent)?.ok_or(Conflict::UnknownMessage(parent))?;
        if found.cancelled || found.giving_up {
            return Err(Conflict::Cancelled(parent).into());
        }
    }
    if let Some(broken) = new.repairs {
        standing(tx, broken)?.ok_or(Conflict::UnknownMessage(broken))?;
    }
    let id = tx
        .prepare_cached(
            "INSERT INTO outbox (wire, parent, queued_at, urgent, undo_until, insists, repairs, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
        )?
        .query_row(
            (
                &new.wire,
                new.parent.map(|parent| parent.0),
                new.at,
                new.urgent,
                new.undo_until,
                new.insists,
                new.repairs.map(|broken| broken.0),
                mark,
            ),
            |row| row.get(0),
        )?;
    Ok(MessageId(id))
}

/// `None` if there is no such message.
pub(crate) fn standing(tx: &Transaction<'_>, id: MessageId) -> rusqlite::Result<Option<Standing>> {
    let read = |row: &Row<'_>| {
        Ok(Standing {
            cancelled: row.get(0)?,
            giving_up: row.get(1)?,
            sealed: row.get(2)?,
            settled: row.get(3)?,
        })
    };
    tx.prepare_cached(
        "SELECT cancelled_at IS NOT NULL, giving_up_at IS NOT NULL, sealed, settled IS NOT NULL
         FROM outbox WHERE id = ?1",
    )?
    .query_row([id.0], read)
    .optional()
}

fn wanted(tx: &Transaction<'_>, id: MessageId) -> Result<(), StoreError> {
    let found = standing(tx, id)?.ok_or(Conflict::UnknownMessage(id))?;
    if found.cancelled {
        return Err(Conflict::Cancelled(id).into());
    }
    Ok(())
}

fn editable(tx: &Transaction<'_>, id: MessageId) -> Result<(), EditError> {
    let found = standing(tx, id)?.ok_or(EditError::Unknown)?;
    if found.cancelled {
        return Err(EditError::Cancelled);
    }
    if found.sealed {
        return Err(EditError::Sealed);
    }
    Ok(())
}

/// A message that refers to this one and is still wanted.
fn dependent(tx: &Transaction<'_>, id: MessageId) -> rusqlite::Result<Option<MessageId>> {
    tx.prepare_cached(
        "SELECT id FROM outbox WHERE parent = ?1 AND cancelled_at IS NULL ORDER BY id LIMIT 1",
    )?
    .query_row([id.0], |row| row.get(0).map(MessageId))
    .optional()
}
