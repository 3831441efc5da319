//! What can be read of a damaged data file, row by row past the damage, carried over into a new one.
//! It writes nothing to the damaged file, and what it cannot read it never guesses.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params_from_iter};

use crate::{
    error::{OpenError, StoreError},
    open::{self, Store},
    profile,
};

/// So far past the last row that could be read others are looked for.
const BEYOND: i64 = 1_000;

/// What was carried over of a damaged data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// Own messages whose contents could be read.
    pub messages: u64,
    /// Everything could be read. If not, messages that seem not to have been sent are stopped as
    /// recovered, because what says that they were may be lost.
    pub whole: bool,
}

/// A damaged data file. After each failure it is opened anew: SQLCipher keeps failing otherwise.
pub(crate) struct DamagedFile {
    path: PathBuf,
    key: zeroize::Zeroizing<[u8; 32]>,
    conn: Connection,
    failed: bool,
}

/// Opens a damaged data file for reading.
///
/// # Errors
/// Its key does not fit, or its first page is damaged, which looks the same.
pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<DamagedFile, OpenError> {
    let conn = open::connect(path, key).map_err(|error| {
        if matches!(error, OpenError::Damaged) {
            OpenError::BeyondMending
        } else {
            error
        }
    })?;
    Ok(DamagedFile {
        path: path.to_owned(),
        key: zeroize::Zeroizing::new(*key),
        conn,
        failed: false,
    })
}

/// Carries over what can be read, in one commit.
///
/// # Errors
/// The network and the account cannot be read, or the new file cannot be written.
pub(crate) fn carry_over(
    damaged: &mut DamagedFile,
    new: &mut Store,
    at: u64,
) -> Result<Salvaged, OpenError> {
    let profile = damaged
        .read(profile::read_alone)
        .flatten()
        .ok_or(OpenError::BeyondMending)?;
    let salvaged = new.write("salvage", |tx| {
        profile::insert(tx, &profile)?;
        let messages = messages(damaged, tx, at)?;
        damaged.copy(
            tx,
            "variant",
            "WHERE exposed_at IS NOT NULL",
            &[],
            place_for,
        )?;
        damaged.copy(tx, "acceptance", "", &[], known)?;
        open_displaced(tx)?;
        for table in ["setting", "endpoint"] {
            damaged.copy(tx, table, "", &[], |_, _| Ok(true))?;
        }
        followed(damaged, tx)?;
        nonce(damaged, tx)?;
        let whole = !damaged.failed;
        if !whole {
            tx.execute(
                "UPDATE outbox SET stopped = 'recovered'
                 WHERE sealed = 0 AND settled IS NULL AND cancelled_at IS NULL",
                [],
            )?;
        }
        Ok::<_, StoreError>(Salvaged { messages, whole })
    })?;
    Ok(salvaged)
}

/// A row of a table: its columns' names, and what they hold.
struct Found<'a> {
    columns: &'a [String],
    values: Vec<Value>,
}

impl Found<'_> {
    fn value(&self, column: &str) -> Option<&Value> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.values.get(at)
    }
}

impl DamagedFile {
    /// What can be read; a failure is remembered.
    fn read<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        if let Ok(found) = work(&self.conn) {
            return Some(found);
        }
        self.failed = true;
        if let Ok(conn) = open::connect(&self.path, &self.key) {
            self.conn = conn;
        }
        None
    }

    /// Copies the rows of a table that can be read and are `wanted`, in the order of their numbers,
    /// except some columns. How many rows there were that could not be read is not known.
    fn copy(
        &mut self,
        tx: &Transaction<'_>,
        table: &str,
        which: &str,
        except: &[&str],
        wanted: impl Fn(&Transaction<'_>, &Found<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let Some(columns) = self.columns(tx, table, except)? else {
            return Ok(());
        };
        let (select, insert) = statements(table, which, &columns);
        for number in 1..=self.last(table) {
            let row = self.read(|conn| row(conn, &select, number));
            let Some(values) = row.flatten() else {
                continue;
            };
            let found = Found {
                columns: &columns,
                values,
            };
            if wanted(tx, &found)? {
                tx.prepare_cached(&insert)?
                    .execute(params_from_iter(found.values))?;
            }
        }
        Ok(())
    }

    /// The columns that both files have.
    fn columns(
        &mut self,
        tx: &Transaction<'_>,
        table: &str,
        except: &[&str],
    ) -> Result<Option<Vec<String>>, StoreError> {
        let new = column_names(tx, table)?;
        let Some(old) = self.read(|conn| column_names(conn, table)) else {
            return Ok(None);
        };
        let both = new
            .into_iter()
            .filter(|name| old.contains(name) && !except.contains(&name.as_str()))
            .collect::<Vec<_>>();
        Ok((!both.is_empty()).then_some(both))
    }

    /// The highest number that a row of a table may have: what the table tells, or what its numbering
    /// or an index of it does, or a guess.
    fn last(&mut self, table: &str) -> i64 {
        let told = [
            format!("SELECT coalesce(max(rowid), 0) FROM {table}"),
            format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'"),
            // Not looked up at the end of the table, but gone through in the smallest index.
            format!("SELECT coalesce(max(+rowid), 0) FROM {table}"),
        ];
        for question in told {
            if let Some(last) = self.read(|conn| conn.query_row(&question, [], |row| row.get(0))) {
                return last;
            }
        }
        self.readable(table).saturating_add(BEYOND)
    }

    /// The number of the last row before the damage.
    fn readable(&mut self, table: &str) -> i64 {
        let mut last = 0;
        let _ = self.read(|conn| {
            let mut statement = conn.prepare(&format!(
                "SELECT rowid FROM {table} NOT INDEXED ORDER BY rowid"
            ))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                last = row.get(0)?;
            }
            Ok(())
        });
        last
    }

    /// What a question finds before the damage.
    fn readable_rows(&mut self, select: &str) -> Vec<Vec<Value>> {
        let mut found = Vec::new();
        let _ = self.read(|conn| {
            let mut statement = conn.prepare(select)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                found.push(values(row)?);
            }
            Ok(())
        });
        found
    }
}

/// Copies the messages. One that cannot be read leaves a cancelled row without contents, so that the
/// others keep their numbers and what they refer to.
fn messages(damaged: &mut DamagedFile, tx: &Transaction<'_>, at: u64) -> Result<u64, StoreError> {
    let Some(columns) = damaged.columns(tx, "outbox", &["sealed", "changed"])? else {
        return Ok(0);
    };
    let (select, insert) = statements("outbox", "", &columns);
    let mut copied = 0_u64;
    for number in 1..=damaged.last("outbox") {
        match damaged.read(|conn| row(conn, &select, number)) {
            Some(Some(values)) => {
                tx.prepare_cached(&insert)?
                    .execute(params_from_iter(values))?;
                copied = copied.saturating_add(1);
            }
            Some(None) => {}
            None => stand_in(tx, number, at)?,
        }
    }
    tx.execute(
        "UPDATE outbox SET changed = (SELECT value FROM outbox_mark)",
        [],
    )?;
    Ok(copied)
}

fn stand_in(tx: &Transaction<'_>, number: i64, at: u64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO outbox (id, wire, queued_at, cancelled_at) VALUES (?1, x'', ?2, ?2)",
    )?
    .execute((number, at))?;
    Ok(())
}

/// A message that another device displaced stopped for good in the third version. Now a person lets it go on
/// at another nonce: what was received is not carried over, so nobody else knows whether it arrived.
fn open_displaced(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "UPDATE variant SET displaced_at = exposed_at
         WHERE message IN (SELECT id FROM outbox WHERE stopped = 'displaced') AND displaced_at IS NULL;
         UPDATE outbox SET stopped = 'recovered' WHERE stopped = 'displaced';",
    )
}

/// Makes room for a transaction that may have left: its message is wanted, whatever is left of it.
fn place_for(tx: &Transaction<'_>, variant: &Found<'_>) -> Result<bool, StoreError> {
    let Some(message) = variant.value("message") else {
        return Ok(false);
    };
    tx.prepare_cached(
        "UPDATE outbox SET cancelled_at = NULL WHERE id = ?1 AND wire = x'' AND cancelled_at IS NOT NULL",
    )?
    .execute([message])?;
    let there = tx
        .prepare_cached("SELECT 1 FROM outbox WHERE id = ?1")?
        .exists([message])?;
    if !there {
        tx.prepare_cached("INSERT INTO outbox (id, wire, queued_at) VALUES (?1, x'', ?2)")?
            .execute((message, variant.value("sealed_at")))?;
    }
    Ok(true)
}

/// Whether an answer is about a transaction that was carried over.
fn known(tx: &Transaction<'_>, answer: &Found<'_>) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM variant WHERE hash = ?1")?
        .exists([answer.value("hash")])?)
}

/// Copies the followed accounts, each with up to where it was looked at. They have no numbers, so they
/// are read from both ends, each time up to the damage.
fn followed(damaged: &mut DamagedFile, tx: &Transaction<'_>) -> Result<(), StoreError> {
    let Some(columns) = damaged.columns(tx, "followed", &[])? else {
        return Ok(());
    };
    let (_, insert) = statements("followed", "", &columns);
    let names = columns.join(", ");
    for order in ["ASC", "DESC"] {
        let select = format!("SELECT {names} FROM followed ORDER BY address {order}");
        for found in damaged.readable_rows(&select) {
            tx.prepare_cached(&insert)?
                .execute(params_from_iter(found))?;
        }
    }
    Ok(())
}

/// The next nonce is above everything that may have left, and above what the chain had used up.
fn nonce(damaged: &mut DamagedFile, tx: &Transaction<'_>) -> Result<(), StoreError> {
    let floor: Option<u64> =
        damaged.read(|conn| conn.query_row("SELECT floor FROM nonce", [], |row| row.get(0)));
    tx.execute(
        "UPDATE nonce SET next = max(next, ?1), floor = ?1",
        [floor.unwrap_or(0)],
    )?;
    tx.execute(
        "UPDATE nonce SET next = max(next, (SELECT coalesce(max(nonce) + 1, 0) FROM variant))",
        [],
    )?;
    Ok(())
}

fn column_names(conn: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    conn.prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

/// How a row is read by its number, and how it is written.
fn statements(table: &str, which: &str, columns: &[String]) -> (String, String) {
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let and = if which.is_empty() {
        "WHERE rowid = ?1".to_owned()
    } else {
        format!("{which} AND rowid = ?1")
    };
    (
        format!("SELECT {names} FROM {table} NOT INDEXED {and}"),
        format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"),
    )
}

fn row(conn: &Connection, select: &str, number: i64) -> rusqlite::Result<Option<Vec<Value>>> {
    conn.prepare_cached(select)?
        .query_row([number], values)
        .optional()
}

fn values(row: &Row<'_>) -> rusqlite::Result<Vec<Value>> {
    (0..row.as_ref().column_count())
        .map(|column| row.get(column))
        .collect()
}
