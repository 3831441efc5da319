//! Opens and makes the data file: its key, its pragmas, its schema. It never repairs, replaces or
//! deletes a file that exists. Why these pragmas: docs/adr/0003-sqlite-pragmas.md.

use std::fmt::Write;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use crate::{
    error::{OpenError, StoreError},
    folder,
    profile::{self, Profile},
};

const NAME: &str = "parley.db";

/// The schema's version is the number of scripts that were run, so it cannot be mistyped.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_profile.sql"),
    include_str!("../migrations/0002_outbox.sql"),
    include_str!("../migrations/0003_chain.sql"),
];

const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;";

/// Apple's fsync does not reach the medium.
#[cfg(any(target_os = "macos", target_os = "ios"))]
const FULL_SYNC: &str = "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;";
#[cfg(not(any(target_os = "macos", target_os = "ios")))]
const FULL_SYNC: &str = "";

/// One connection to a data folder's file. A write has reached the medium once it returns `Ok`;
/// one that fails has changed nothing.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
}

impl Store {
    /// Makes the data file of `dir`, or finishes one whose making was cut off.
    ///
    /// # Errors
    /// There is a finished one already, or it cannot be written.
    pub fn create(dir: &Path, key: &[u8; 32], profile: &Profile) -> Result<Store, OpenError> {
        folder::make(dir)?;
        let path = dir.join(NAME);
        drop(folder::open_private(&path)?);
        let mut conn = connect(&path, key)?;
        migrate(&mut conn)?;
        if profile::read(&conn)?.is_some() {
            return Err(OpenError::Exists);
        }
        let mut store = Store { conn };
        store.write(|tx| profile::insert(tx, profile))?;
        folder::sync(dir)?;
        Ok(store)
    }

    /// Opens the data file of `dir` and brings its schema up to date.
    ///
    /// # Errors
    /// It is missing, does not open with `key`, is damaged, or is from a newer program.
    pub fn open(dir: &Path, key: &[u8; 32]) -> Result<Store, OpenError> {
        let path = dir.join(NAME);
        // SQLite takes an empty file for an empty database, and would make a missing one.
        match std::fs::metadata(&path) {
            Ok(file) if file.len() == 0 => return Err(OpenError::Missing),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(OpenError::Missing);
            }
            Err(error) => return Err(error.into()),
        }
        let mut conn = connect(&path, key)?;
        if version(&conn)? == 0 {
            return Err(OpenError::Missing);
        }
        migrate(&mut conn)?;
        if profile::read(&conn)?.is_none() {
            return Err(OpenError::Missing);
        }
        Ok(Store { conn })
    }

    /// Whether the file's structure is whole. Takes time in proportion to its size.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn quick_check(&self) -> Result<bool, StoreError> {
        let answer: String = self
            .conn
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok(answer == "ok")
    }

    /// Runs `work` in one transaction that waits for its turn first, and commits it.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&tx)?;
        tx.commit()?;
        Ok(result)
    }

    /// Runs several reads on one unchanging view of the file.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let result = work(&tx)?;
        tx.commit()?;
        Ok(result)
    }
}

fn connect(path: &Path, key: &[u8; 32]) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    // The first read is where a wrong key shows. A damaged first page cannot be told from it.
    version(&conn).map_err(|error| match error {
        StoreError::Damaged => OpenError::WrongKey,
        other @ (StoreError::DiskFull
        | StoreError::Busy
        | StoreError::Io(_)
        | StoreError::Conflict(_)
        | StoreError::Sql(_)) => other.into(),
    })?;
    // A file from the future is left as it is: even the journal mode is part of it.
    refuse_newer(&conn)?;
    conn.execute_batch(PRAGMAS)?;
    conn.execute_batch(FULL_SYNC)?;
    Ok(conn)
}

/// A raw key: 256 random bits need no slow derivation (SQLCipher API, `PRAGMA key`).
fn unlock(conn: &Connection, key: &[u8; 32]) -> Result<(), StoreError> {
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key {
        // Writing to a String cannot fail.
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\";");
    Ok(conn.execute_batch(&pragma)?)
}

fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn refuse_newer(conn: &Connection) -> Result<(), OpenError> {
    let have = version(conn)?;
    if have as usize > MIGRATIONS.len() {
        return Err(OpenError::Newer { have });
    }
    Ok(())
}

/// Brings the file up to date, or leaves it exactly as it was.
fn migrate(conn: &mut Connection) -> Result<(), OpenError> {
    if version(conn)? as usize == MIGRATIONS.len() {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again, now that nobody else can change it.
    let have = version(&tx)?;
    let pending = MIGRATIONS
        .get(have as usize..)
        .ok_or(OpenError::Newer { have })?;
    for script in pending {
        tx.execute_batch(script)?;
    }
    tx.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(tx.commit()?)
}
