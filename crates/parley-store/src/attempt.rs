//! What endpoints answered when a transaction was offered: the newest answers as a log for the
//! person, and for ever which endpoints said that they hold it.

use alloy_primitives::B256;
use parley_core::MessageId;
use rusqlite::{OptionalExtension, Row, Transaction};

use crate::{
    columns,
    error::{Conflict, StoreError},
    open::Store,
};

/// How many answers are kept per message.
const KEPT: u32 = 50;

/// What came of offering a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint took it.
    Accepted,
    /// The endpoint had it already.
    Known,
    /// No answer came.
    Offline,
    /// The endpoint refused it; a word that says why, never its own text. Not empty.
    Refused(String),
}

/// One try to hand a transaction over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The transaction.
    pub hash: B256,
    /// The endpoint's URL.
    pub endpoint: String,
    /// Seconds since 1970 UTC.
    pub at: u64,
    /// What came of it.
    pub outcome: Outcome,
}

impl Store {
    /// Keeps what an endpoint answered.
    ///
    /// # Errors
    /// The transaction was not sealed here.
    pub fn attempt(
        &mut self,
        hash: B256,
        endpoint: &str,
        at: u64,
        outcome: &Outcome,
    ) -> Result<(), StoreError> {
        self.attempts_made(endpoint, at, &[(hash, outcome.clone())])
    }

    /// Keeps what an endpoint answered about several transactions, in one commit.
    ///
    /// # Errors
    /// One was not sealed here. Then nothing is kept.
    pub fn attempts_made(
        &mut self,
        endpoint: &str,
        at: u64,
        outcomes: &[(B256, Outcome)],
    ) -> Result<(), StoreError> {
        self.write("attempt", |tx| {
            outcomes
                .iter()
                .try_for_each(|(hash, outcome)| keep(tx, *hash, endpoint, at, outcome))
        })
    }

    /// The newest answers about a message, oldest first; at most 50.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn attempts(&self, id: MessageId) -> Result<Vec<Attempt>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT hash, endpoint, at, outcome, class FROM attempt WHERE message = ?1 ORDER BY id",
        )?;
        let found = statement
            .query_map([id.0], attempt)?
            .collect::<Result<_, _>>()?;
        Ok(found)
    }
}

fn keep(
    tx: &Transaction<'_>,
    hash: B256,
    endpoint: &str,
    at: u64,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let message = message_of(tx, hash)?;
    if matches!(outcome, Outcome::Accepted | Outcome::Known) {
        tx.prepare_cached(
            "INSERT INTO acceptance (hash, endpoint, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (hash, endpoint) DO NOTHING",
        )?
        .execute((hash.as_slice(), endpoint, at))?;
    }
    let (word, class) = words(outcome);
    tx.prepare_cached(
        "INSERT INTO attempt (message, hash, endpoint, at, outcome, class)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((message, hash.as_slice(), endpoint, at, word, class))?;
    tx.prepare_cached(
        "DELETE FROM attempt WHERE message = ?1 AND id NOT IN
             (SELECT id FROM attempt WHERE message = ?1 ORDER BY id DESC LIMIT ?2)",
    )?
    .execute((message, KEPT))?;
    Ok(())
}

/// The message that a transaction of ours carries. Whatever is kept here may have left the device.
fn message_of(tx: &Transaction<'_>, hash: B256) -> Result<u64, StoreError> {
    let message = tx
        .query_row(
            "SELECT message FROM variant WHERE hash = ?1",
            [hash.as_slice()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(message.ok_or(Conflict::UnknownVariant)?)
}

fn words(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Accepted => ("accepted", ""),
        Outcome::Known => ("known", ""),
        Outcome::Offline => ("offline", ""),
        Outcome::Refused(class) => ("refused", class),
    }
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let outcome = match row.get::<_, String>("outcome")?.as_str() {
        "accepted" => Some(Outcome::Accepted),
        "known" => Some(Outcome::Known),
        "offline" => Some(Outcome::Offline),
        "refused" => Some(Outcome::Refused(row.get("class")?)),
        _ => None,
    };
    Ok(Attempt {
        hash: columns::hash(row, "hash")?,
        endpoint: row.get("endpoint")?,
        at: row.get("at")?,
        outcome: columns::known(outcome)?,
    })
}
