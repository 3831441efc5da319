//! Who sends and receives for a data folder. The system drops the lock when its holder ends,
//! however it ends, so there is nothing to clean up. The file is never deleted: a program that
//! had it open would then hold a lock that nobody sees.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use crate::folder;

const NAME: &str = "lock";

/// The right to send and receive for a folder, until dropped.
#[derive(Debug)]
pub struct FolderLock {
    // Held, never read: the lock lasts as long as the open file.
    _file: File,
}

/// Somebody else has the folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "The data folder is in use by {by}. Nothing was changed. Close that program, or let it do the sending and receiving."
)]
pub struct Locked {
    /// The holder in words, with its process number where it could be read.
    pub by: String,
}

impl FolderLock {
    /// Takes the folder for `holder`, a word such as "the window".
    ///
    /// # Errors
    /// Another program has it, or its lock file cannot be used.
    pub fn take(dir: &Path, holder: &str) -> Result<FolderLock, Locked> {
        let path = dir.join(NAME);
        let mut file = folder::open_private(&path).map_err(|error| unusable(&error))?;
        match folder::try_lock(&file) {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(Locked {
                    by: named(&mut file),
                });
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(unusable(&error)),
        }
        name(&mut file, holder).map_err(|error| unusable(&error))?;
        Ok(FolderLock { _file: file })
    }
}

fn name(file: &mut File, holder: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{holder} (process {})", std::process::id())
}

/// Windows lets nobody read a locked file, and a holder may not have written its name yet.
fn named(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(200).read_to_string(&mut text) {
        Ok(length) if length > 0 => text,
        Ok(_) | Err(_) => "another program".to_owned(),
    }
}

fn unusable(error: &io::Error) -> Locked {
    Locked {
        by: format!(
            "another program, or may not be written to ({})",
            error.kind()
        ),
    }
}
