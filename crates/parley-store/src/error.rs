//! What can go wrong when something is kept, in a few classes, each with words for people.
//! SQLite's codes are classified here once and nowhere else. No message names a key, a position
//! or a message's text.

use parley_core::MessageId;
use rusqlite::{ErrorCode, ffi};

/// Why a read or a write did not happen. A failed write has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No more bytes fit: a full disk, a quota, or a limit on file size.
    #[error(
        "The storage is full, so this was not saved. What was saved before is safe. Free some space and try again."
    )]
    DiskFull,
    /// Another program held the file for more than five seconds.
    #[error(
        "Another program is using the data folder, so this was not done. What was saved before is safe. Try again."
    )]
    Busy,
    /// The file's contents contradict themselves.
    #[error(
        "The data file is damaged. Nothing was changed. Keep the whole data folder as it is and make a copy of it."
    )]
    Damaged,
    /// The device failed to read or write.
    #[error(
        "The storage device failed, so this was not done. What was saved before is kept. Check the device and try again."
    )]
    Io(#[source] rusqlite::Error),
    /// What was asked does not fit what is stored.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// Anything else SQLite says: a fault in this program.
    #[error(
        "The data file refused this, which is a fault in Parley. What was saved before is safe. Please report it."
    )]
    Sql(#[source] rusqlite::Error),
}

/// A rule of the store that the caller broke. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The chain's first block is not the one this folder was made for.
    #[error(
        "This is another chain with the same number: its first block differs. Nothing was changed. Check the endpoint."
    )]
    OtherGenesis,
    /// No message has this number.
    #[error("There is no message {}.", .0.0)]
    UnknownMessage(MessageId),
    /// No transaction with this hash was sealed here.
    #[error("That transaction was not sealed on this device.")]
    UnknownVariant,
    /// The message was cancelled.
    #[error("Message {} was cancelled.", .0.0)]
    Cancelled(MessageId),
    /// A transaction was signed with another nonce than the message's own, or the next free one.
    #[error("The transaction must use nonce {due}.")]
    WrongNonce {
        /// The only nonce that fits.
        due: u64,
    },
    /// The message it refers to has not left the device yet.
    #[error("Message {}, which it refers to, has not been sent yet.", .0.0)]
    ParentNotExposed(MessageId),
    /// A message that refers to this one has left the device with this one's hash in it.
    #[error("Message {} refers to it and has been sent, so it can no longer change.", .0.0)]
    DependentExposed(MessageId),
    /// A final block holds one of its transactions.
    #[error("Message {} is on the chain for good.", .0.0)]
    Settled(MessageId),
    /// A block does not follow the block before it.
    #[error("Block {0} does not follow the chain held here. Nothing was changed.")]
    NotConnected(u64),
    /// A block held as final would be dropped.
    #[error(
        "This endpoint contradicts block {0}, which is final. Nothing was changed. Check the network and the endpoint."
    )]
    Final(u64),
}

/// Why a queued message was not edited or cancelled. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is signed and may be on its way.
    #[error(
        "The message is already being sent, so it cannot be changed. Send a correction that refers to it instead."
    )]
    Sealed,
    /// There is no such message, or none such to refer to.
    #[error("There is no such message.")]
    Unknown,
    /// It was cancelled before.
    #[error("The message was cancelled.")]
    Cancelled,
    /// Another message, not cancelled with it, refers to it.
    #[error("Message {} refers to it. Cancel both, or change that one first.", .0.0)]
    NeededBy(MessageId),
    /// A message that holds its hash has left the device.
    #[error("Message {} refers to it and has left already, so it has to stay as it is.", .0.0)]
    Quoted(MessageId),
    /// It has not left the device yet, so it can simply be withdrawn.
    #[error("The message has not been sent yet. Delete it instead.")]
    NotSealed,
    /// A final block holds it.
    #[error("The message is on the chain for good. Send a correction that refers to it instead.")]
    Settled,
    /// A blank transaction may already have left the device.
    #[error(
        "A blank transaction in its place may already have been sent. Write the message again instead."
    )]
    GivenUp,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the data file could not be opened or made. An existing file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no data file, or its making was never finished.
    #[error("There is no data folder here yet. Make one with init.")]
    Missing,
    /// There is one already.
    #[error("There is a data folder here already. It was not changed.")]
    Exists,
    /// The key does not open the file; a damaged first page looks the same.
    #[error(
        "The data file does not open with this key. It was not changed. Check that the folder is complete."
    )]
    WrongKey,
    /// A newer Parley wrote the file.
    #[error(
        "A newer version of Parley made this data file (format {have}). It was not changed. Update Parley."
    )]
    Newer {
        /// The file's format number.
        have: u32,
    },
    /// The file's contents contradict themselves.
    #[error(
        "The data file is damaged. It was not changed. Keep the whole data folder as it is and make a copy of it."
    )]
    Damaged,
    /// Not even the network and the account can be read in a damaged file.
    #[error(
        "The data file is too damaged to be mended. It was not changed. Keep a copy of the whole data folder, and begin again in another folder."
    )]
    BeyondMending,
    /// No more bytes fit.
    #[error("The storage is full. Nothing was changed. Free some space and try again.")]
    DiskFull,
    /// The device or the file system refused.
    #[error(
        "The data folder cannot be used. Nothing was changed. Check that it can be written to."
    )]
    Io(#[source] std::io::Error),
    /// The store failed otherwise.
    #[error(transparent)]
    Store(StoreError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        let Some(code) = error.sqlite_error() else {
            return StoreError::Sql(error);
        };
        if is_out_of_room(*code) {
            return StoreError::DiskFull;
        }
        if is_unreachable(code.code) {
            return StoreError::Io(error);
        }
        if matches!(
            code.code,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked
        ) {
            return StoreError::Busy;
        }
        if matches!(
            code.code,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
        ) {
            return StoreError::Damaged;
        }
        StoreError::Sql(error)
    }
}

/// ENOSPC arrives as SQLITE_FULL; a quota or a limit on file size (EDQUOT, EFBIG) as a failed
/// write, or as a failure to grow the WAL index.
fn is_out_of_room(code: ffi::Error) -> bool {
    code.code == ErrorCode::DiskFull
        || matches!(
            code.extended_code,
            ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE
        )
}

fn is_unreachable(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
    )
}

impl From<rusqlite::Error> for EditError {
    fn from(error: rusqlite::Error) -> EditError {
        EditError::Store(error.into())
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> OpenError {
        match error {
            StoreError::DiskFull => OpenError::DiskFull,
            StoreError::Damaged => OpenError::Damaged,
            other @ (StoreError::Busy
            | StoreError::Io(_)
            | StoreError::Conflict(_)
            | StoreError::Sql(_)) => OpenError::Store(other),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> OpenError {
        StoreError::from(error).into()
    }
}

impl OpenError {
    /// What it means that nothing can be read at all. With another key the first page is no page; a
    /// damaged one cannot be told from that. With the right key SQLite sees when the rest is missing.
    pub(crate) fn at_first_read(error: rusqlite::Error) -> OpenError {
        if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
            OpenError::WrongKey
        } else {
            error.into()
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> OpenError {
        if is_out_of_room_io(&error) {
            OpenError::DiskFull
        } else {
            OpenError::Io(error)
        }
    }
}

/// The same three ways of being full, as the system says them outside of SQLite.
pub(crate) fn is_out_of_room_io(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::NewMessage;
    use crate::test_folder;

    fn message(length: usize) -> NewMessage {
        NewMessage {
            wire: vec![7; length],
            parent: None,
            at: 1,
            urgent: false,
            undo_until: None,
            insists: true,
            repairs: None,
        }
    }

    fn failure(code: std::ffi::c_int) -> StoreError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[test]
    fn a_full_disk_is_called_full_and_what_was_saved_before_is_safe() {
        let (_dir, mut store) = test_folder();
        let first = store.queue(&[message(10)]).unwrap();
        let pages: u32 = store
            .conn
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        store
            .conn
            .pragma_update(None, "max_page_count", pages + 2)
            .unwrap();
        let refused = store.queue(&[message(10), message(100_000)]).unwrap_err();
        assert!(matches!(refused, StoreError::DiskFull), "{refused:?}");
        let kept: Vec<_> = store
            .own_from(None, 9)
            .unwrap()
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(kept, first);
        store
            .conn
            .pragma_update(None, "max_page_count", pages + 200)
            .unwrap();
        store.queue(&[message(100_000)]).unwrap();
        assert!(store.quick_check().unwrap());
    }

    #[test]
    fn a_file_that_another_program_keeps_is_called_busy() {
        let (dir, mut store) = test_folder();
        let other = crate::open::Store::open(dir.path(), &[7; 32]).unwrap();
        other.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        store.conn.pragma_update(None, "busy_timeout", 0).unwrap();
        let refused = store.queue(&[message(10)]).unwrap_err();
        assert!(matches!(refused, StoreError::Busy), "{refused:?}");
        other.conn.execute_batch("ROLLBACK").unwrap();
        store.queue(&[message(10)]).unwrap();
    }

    #[test]
    fn every_way_of_being_full_is_called_full() {
        for code in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_SHMSIZE,
        ] {
            assert!(matches!(failure(code), StoreError::DiskFull), "{code}");
        }
        for kind in [
            std::io::ErrorKind::StorageFull,
            std::io::ErrorKind::QuotaExceeded,
            std::io::ErrorKind::FileTooLarge,
        ] {
            assert!(matches!(
                OpenError::from(std::io::Error::from(kind)),
                OpenError::DiskFull
            ));
        }
    }

    #[test]
    fn a_failing_device_a_damaged_file_and_a_fault_of_ours_are_told_apart() {
        for code in [
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_READ,
            ffi::SQLITE_READONLY,
        ] {
            assert!(matches!(failure(code), StoreError::Io(_)), "{code}");
        }
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            assert!(matches!(failure(code), StoreError::Damaged), "{code}");
        }
        for code in [ffi::SQLITE_BUSY, ffi::SQLITE_LOCKED] {
            assert!(matches!(failure(code), StoreError::Busy), "{code}");
        }
        for code in [
            ffi::SQLITE_CONSTRAINT,
            ffi::SQLITE_ERROR,
            ffi::SQLITE_MISUSE,
        ] {
            assert!(matches!(failure(code), StoreError::Sql(_)), "{code}");
        }
        let fault = StoreError::from(rusqlite::Error::InvalidQuery);
        assert!(matches!(fault, StoreError::Sql(_)));
    }

    #[test]
    fn what_a_person_reads_names_no_code_of_sqlite() {
        for code in [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_CONSTRAINT] {
            let said = failure(code).to_string();
            assert!(!said.to_lowercase().contains("sqlite"), "{said}");
        }
    }
}
