//! What happens to a damaged data file: what can be read of it is carried over into a new one, and the
//! damaged one is set aside, under another name, never deleted and never written to. A kill at any
//! moment leaves either file, or both; the next open finishes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::{
    error::OpenError,
    failpoint, folder,
    open::{self, NAME, Store},
    salvage::{self, Salvaged},
};

/// A new file in the making.
const MENDING: &str = "parley.db.mending";
/// A new file that is whole, and only has to take the place of the damaged one.
const MENDED: &str = "parley.db.mended";
/// What SQLite calls the files beside its own. The log goes last to the new name of its file, so that
/// it is never found beside another file.
const BESIDE: [&str; 2] = ["-shm", "-wal"];

impl Store {
    /// Puts a new data file in the place of a damaged one: what can be read of it is carried over, and
    /// it is set aside as `parley.db.damaged-<at>`. No other connection to it may be open. What was
    /// received is not carried over, because the chain still has it.
    ///
    /// # Errors
    /// Not even the folder's network and account can be read; or nothing can be written. Then the
    /// damaged file is where it was, or the next [`Store::open`] finishes.
    pub fn mend(dir: &Path, key: &[u8; 32], at: u64) -> Result<(Store, Salvaged), OpenError> {
        finish(dir)?;
        remove(&dir.join(MENDING))?;
        let mut damaged = salvage::open(&dir.join(NAME), key)?;
        let mut new = open::begin(dir, MENDING, key)?;
        let salvaged = salvage::carry_over(&mut damaged, &mut new, at)?;
        drop(damaged);
        // Closing moves everything out of its log.
        drop(new);
        File::open(dir.join(MENDING))?.sync_all()?;
        failpoint::pass("before", "mended");
        std::fs::rename(dir.join(MENDING), dir.join(MENDED))?;
        folder::sync(dir)?;
        failpoint::pass("after", "mended");
        set_aside(dir, at)?;
        put_back(dir)?;
        Ok((Store::open(dir, key)?, salvaged))
    }
}

/// Gives a damaged data file another name, so that nothing is ever written to it again. The answer is
/// that name. No connection to it may be open.
///
/// # Errors
/// There is none, or the folder cannot be written to. [`Store::open`] and [`Store::create`] finish
/// what was begun.
pub fn set_aside(dir: &Path, at: u64) -> io::Result<PathBuf> {
    let name = free_name(dir, at)?;
    failpoint::pass("before", "set-aside");
    std::fs::rename(dir.join(NAME), dir.join(&name))?;
    folder::sync(dir)?;
    failpoint::pass("after", "set-aside");
    move_beside(dir, &name)?;
    Ok(dir.join(name))
}

/// Finishes what a kill interrupted: the log of a file that was set aside follows it, and the new file
/// takes its place.
pub(crate) fn finish(dir: &Path) -> io::Result<()> {
    if dir.join(NAME).try_exists()? {
        // A whole new file that was never put in place was made of a file that may have changed since.
        return remove(&dir.join(MENDED));
    }
    if let Some(name) = newest_damaged(dir)? {
        move_beside(dir, &name)?;
    }
    if dir.join(MENDED).try_exists()? {
        put_back(dir)?;
    }
    Ok(())
}

fn put_back(dir: &Path) -> io::Result<()> {
    failpoint::pass("before", "put-back");
    std::fs::rename(dir.join(MENDED), dir.join(NAME))?;
    folder::sync(dir)?;
    failpoint::pass("after", "put-back");
    Ok(())
}

/// Nothing is overwritten: where the file has company of its own already, this is not its.
fn move_beside(dir: &Path, name: &str) -> io::Result<()> {
    for beside in BESIDE {
        let (from, to) = (
            dir.join(format!("{NAME}{beside}")),
            dir.join(format!("{name}{beside}")),
        );
        if from.try_exists()? && !to.try_exists()? {
            std::fs::rename(from, to)?;
        }
    }
    folder::sync(dir)
}

fn free_name(dir: &Path, at: u64) -> io::Result<String> {
    let mut name = format!("{NAME}.damaged-{at}");
    let mut again = 1_u32;
    while dir.join(&name).try_exists()? {
        again = again.saturating_add(1);
        name = format!("{NAME}.damaged-{at}.{again}");
    }
    Ok(name)
}

/// The file that was set aside last.
fn newest_damaged(dir: &Path) -> io::Result<Option<String>> {
    let mut newest = None;
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let beside = BESIDE.iter().any(|beside| name.ends_with(beside));
        if name.starts_with(&format!("{NAME}.damaged-")) && !beside {
            // A new name does not change when the contents were written; when they were last renamed
            // no portable call tells. The number in the name does.
            newest = newest.max(Some(name));
        }
    }
    Ok(newest)
}

fn remove(path: &Path) -> io::Result<()> {
    let all = BESIDE.iter().copied().chain([""]);
    for end in all {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
