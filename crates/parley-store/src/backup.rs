//! The copy of the data file that is made before its schema changes, and let go of once the new
//! schema has been opened again. It never touches the data file.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::{
    error::{OpenError, StoreError},
    failpoint, folder, open,
};

const BEFORE: &str = "parley.db.before-";
const UNFINISHED: &str = ".new";

/// Copies the data file as it is, and makes the copy durable. `from` is a connection that changes
/// nothing; another one holds the file so that nobody else does. A copy from an earlier try is
/// replaced: the file may have been changed since.
///
/// # Errors
/// There is no room, or the folder cannot be written to.
pub(crate) fn make(
    dir: &Path,
    key: &[u8; 32],
    from: &Connection,
    version: u32,
) -> Result<(), OpenError> {
    let done = dir.join(format!("{BEFORE}{version}"));
    let unfinished = dir.join(format!("{BEFORE}{version}{UNFINISHED}"));
    remove_if_there(&unfinished)?;
    drop(folder::open_private(&unfinished)?);
    let copied = copy(&unfinished, key, from);
    if copied.is_err() {
        // What is cut short only takes the room that is missing.
        remove_if_there(&unfinished)?;
    }
    copied?;
    File::open(&unfinished)?.sync_all()?;
    failpoint::pass("before", "backup");
    std::fs::rename(&unfinished, &done)?;
    folder::sync(dir)?;
    failpoint::pass("after", "backup");
    Ok(())
}

fn copy(path: &Path, key: &[u8; 32], from: &Connection) -> Result<(), OpenError> {
    let mut to = open::connect(path, key)?;
    // The copy is nothing until it is whole, so it needs no journal.
    to.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let backup = Backup::new(from, &mut to)?;
    if backup.step(-1)? == StepResult::Done {
        Ok(())
    } else {
        Err(StoreError::Busy.into())
    }
}

/// Lets go of the copies: the file has been opened with its new schema.
///
/// # Errors
/// The folder cannot be read or written to.
pub(crate) fn let_go(dir: &Path) -> io::Result<()> {
    for path in copies(dir)? {
        remove_if_there(&path)?;
    }
    Ok(())
}

fn copies(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(BEFORE) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
