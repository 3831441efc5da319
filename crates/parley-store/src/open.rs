//! Opens and makes the data file: its key, its pragmas, its schema. It never repairs, replaces or
//! deletes a data file that exists. Why these pragmas: docs/adr/0003-sqlite-pragmas.md.

use std::fmt::Write;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use crate::{
    backup,
    error::{OpenError, StoreError},
    failpoint, folder, mend,
    profile::{self, Profile},
};

pub(crate) const NAME: &str = "parley.db";

/// The schema's version is the number of scripts that were run, so it cannot be mistyped.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_profile.sql"),
    include_str!("../migrations/0002_outbox.sql"),
    include_str!("../migrations/0003_chain.sql"),
    include_str!("../migrations/0004_outbox.sql"),
    include_str!("../migrations/0005_coverage.sql"),
    include_str!("../migrations/0006_endpoint.sql"),
    include_str!("../migrations/0007_waiting.sql"),
    include_str!("../migrations/0008_told.sql"),
];

const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;";

/// So many statements are kept prepared: all that the loops ask in turn.
const STATEMENTS: usize = 64;

/// Apple's fsync does not reach the medium.
#[cfg(any(target_os = "macos", target_os = "ios"))]
const FULL_SYNC: &str = "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;";
#[cfg(not(any(target_os = "macos", target_os = "ios")))]
const FULL_SYNC: &str = "";

/// What a commit waits for (ADR 3).
#[derive(Clone, Copy)]
enum Sync {
    /// The medium.
    Full,
    /// Nothing: a power cut may take it back, whole, with what came after it.
    Normal,
}

impl Sync {
    fn pragma(self) -> &'static str {
        match self {
            Self::Full => "PRAGMA synchronous = FULL",
            Self::Normal => "PRAGMA synchronous = NORMAL",
        }
    }
}

/// One connection to a data folder's file. A write has reached the medium once it returns `Ok`, but
/// for blocks in which nothing was found and for counted traffic; one that fails has changed nothing.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
}

impl Store {
    /// How long a write waits for another program.
    pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

    /// Makes the data file of `dir`, or finishes one whose making was cut off.
    ///
    /// # Errors
    /// There is a finished one already, or it cannot be written.
    pub fn create(dir: &Path, key: &[u8; 32], profile: &Profile) -> Result<Store, OpenError> {
        folder::make(dir)?;
        mend::finish(dir)?;
        let mut store = begin(dir, NAME, key)?;
        if profile::read(&store.conn)?.is_some() {
            return Err(OpenError::Exists);
        }
        store.write("create", |tx| profile::insert(tx, profile))?;
        folder::sync(dir)?;
        Ok(store)
    }

    /// Opens the data file of `dir` and brings its schema up to date.
    ///
    /// # Errors
    /// It is missing, does not open with `key`, is damaged, or is from a newer program.
    pub fn open(dir: &Path, key: &[u8; 32]) -> Result<Store, OpenError> {
        mend::finish(dir)?;
        let path = dir.join(NAME);
        // SQLite takes an empty file for an empty database, and would make a missing one.
        if folder::length(&path)?.unwrap_or(0) == 0 {
            return Err(OpenError::Missing);
        }
        let left_behind = folder::length(&dir.join(format!("{NAME}-wal")))?.unwrap_or(0) > 0;
        let mut conn = connect(&path, key)?;
        let before = version(&conn)?;
        if before == 0 {
            return Err(OpenError::Missing);
        }
        prepare(&conn)?;
        migrate(&mut conn, dir, key)?;
        if profile::read(&conn)?.is_none() {
            return Err(OpenError::Missing);
        }
        let mut store = Store { conn };
        if before as usize == MIGRATIONS.len() {
            // A copy that cannot be removed now is removed the next time.
            let _ = backup::let_go(dir);
        }
        if left_behind {
            store.remember_unclean_end();
        }
        Ok(store)
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
    /// `what` names the commit, for tests that end the program before and after it.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &mut self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.commit(Sync::Full, what, work)
    }

    /// As [`Self::write`], without waiting for the medium: for what an endpoint gives again after a
    /// power cut and nobody was told of. The next write that waits takes it along.
    pub(crate) fn write_unwaited<T, E: From<rusqlite::Error>>(
        &mut self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.commit(Sync::Normal, what, work)
    }

    fn commit<T, E: From<rusqlite::Error>>(
        &mut self,
        sync: Sync,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Each time, whatever the last one asked for and however it ended.
        self.conn.execute_batch(sync.pragma())?;
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&tx)?;
        failpoint::pass("before", what);
        tx.commit()?;
        failpoint::pass("after", what);
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

/// Makes a data file `name` with the schema and without a profile, or finishes making it.
pub(crate) fn begin(dir: &Path, name: &str, key: &[u8; 32]) -> Result<Store, OpenError> {
    let path = dir.join(name);
    drop(folder::open_private(&path)?);
    let mut conn = connect(&path, key)?;
    prepare(&conn)?;
    migrate(&mut conn, dir, key)?;
    Ok(Store { conn })
}

/// A connection that has changed nothing yet.
pub(crate) fn connect(path: &Path, key: &[u8; 32]) -> Result<Connection, OpenError> {
    start();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    // What a killed program left beside the file is not moved into it before it is known to be ours.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // What goes wrong is said once, in our words, and not on whatever stderr is.
    conn.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    unlock(&conn, key)?;
    // A file from the future is left as it is: even the journal mode is part of it.
    refuse_newer(&conn)?;
    Ok(conn)
}

/// SQLite lets other threads in before SQLCipher is ready, and those are then refused their key. So
/// the first connection of the program, which makes it ready, is made by one thread alone.
fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
}

/// Makes a connection to a file of ours one that may change it.
fn prepare(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch(PRAGMAS)?;
    Ok(conn.execute_batch(FULL_SYNC)?)
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

pub(crate) fn version(conn: &Connection) -> rusqlite::Result<u32> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The first read, which is where a wrong key shows.
fn refuse_newer(conn: &Connection) -> Result<(), OpenError> {
    let have = version(conn).map_err(OpenError::at_first_read)?;
    if have as usize > MIGRATIONS.len() {
        return Err(OpenError::Newer { have });
    }
    Ok(())
}

/// Brings the file up to date, or leaves it exactly as it was.
fn migrate(conn: &mut Connection, dir: &Path, key: &[u8; 32]) -> Result<(), OpenError> {
    if version(conn)? as usize == MIGRATIONS.len() {
        return Ok(());
    }
    // A table that others refer to is made anew under its name. This cannot be set in a transaction.
    conn.pragma_update(None, "foreign_keys", false)?;
    run_scripts(conn, dir, key)?;
    Ok(conn.pragma_update(None, "foreign_keys", true)?)
}

fn run_scripts(conn: &mut Connection, dir: &Path, key: &[u8; 32]) -> Result<(), OpenError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again, now that nobody else can change it.
    let have = version(&tx)?;
    let pending = MIGRATIONS
        .get(have as usize..)
        .ok_or(OpenError::Newer { have })?;
    if have > 0 && !pending.is_empty() {
        // Nobody can write now, so that the copy is what the scripts begin with.
        backup::make(dir, key, &connect(&dir.join(NAME), key)?, have)?;
    }
    for script in pending {
        tx.execute_batch(script)?;
    }
    if tx.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(OpenError::Damaged);
    }
    tx.pragma_update(None, "user_version", MIGRATIONS.len())?;
    failpoint::pass("before", "migrate");
    tx.commit()?;
    failpoint::pass("after", "migrate");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder;

    fn ask(conn: &Connection, pragma: &str) -> String {
        conn.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(format!("{value:?}"))
        })
        .unwrap()
    }

    const ASKED: [&str; 6] = [
        "busy_timeout",
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "secure_delete",
        "temp_store",
    ];

    #[test]
    fn the_pragmas_are_in_force_on_a_new_and_on_an_opened_file() {
        let (dir, made) = test_folder();
        let opened = Store::open(dir.path(), &[7; 32]).unwrap();
        for store in [made, opened] {
            let found = ASKED.map(|pragma| ask(&store.conn, pragma));
            let wanted = [
                "Integer(5000)",
                "Text(\"wal\")",
                "Integer(2)",
                "Integer(1)",
                "Integer(1)",
                "Integer(2)",
            ];
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn the_file_is_written_by_sqlcipher() {
        let (_dir, store) = test_folder();
        assert!(ask(&store.conn, "cipher_version").starts_with("Text(\"4."));
        assert_ne!(ask(&store.conn, "cipher_provider"), "Null");
    }

    #[test]
    fn sqlcipher_writes_no_log_of_its_own() {
        let (dir, store) = test_folder();
        assert_eq!(ask(&store.conn, "cipher_log_level"), "Text(\"NONE\")");
        Store::open(dir.path(), &[9; 32]).unwrap_err();
        assert_eq!(ask(&store.conn, "cipher_log_level"), "Text(\"NONE\")");
    }

    #[test]
    fn a_file_that_was_opened_is_tidied_up_when_it_is_closed() {
        let (dir, store) = test_folder();
        let log = dir.path().join("parley.db-wal");
        assert!(log.exists());
        drop(store);
        assert!(!log.exists());
    }

    #[test]
    fn the_benchmark_measures_against_the_same_pragmas() {
        let (dir, store) = test_folder();
        let bare = Connection::open(dir.path().join("bare.db")).unwrap();
        unlock(&bare, &[7; 32]).unwrap();
        bare.execute_batch(include_str!("../benches/pragmas.sql"))
            .unwrap();
        for pragma in ASKED
            .iter()
            .chain(&["cipher_version", "page_size", "wal_autocheckpoint"])
        {
            assert_eq!(ask(&bare, pragma), ask(&store.conn, pragma), "{pragma}");
        }
    }
}
