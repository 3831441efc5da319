//! The two secrets of a data folder: the key of the database file and the secret of the account.
//! They lie in the clear, readable by their owner only, until a passphrase exists. They are wiped
//! from memory on drop and never shown, compared or logged.

use std::io::{self, Read};
use std::path::Path;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{error::is_out_of_room_io, folder};

const NAME: &str = "secrets";
const MAGIC: &[u8; 16] = b"parley secrets 1";
const LENGTH: usize = MAGIC.len() + 64;

/// What opens a data folder and speaks for its account.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secrets {
    database_key: [u8; 32],
    account: [u8; 32],
}

/// Why the secrets could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The folder has none.
    #[error("There is no data folder here yet. Make one with init.")]
    Missing,
    /// The folder has some already; they are never replaced.
    #[error("This data folder has its secrets already. They were not changed.")]
    Exists,
    /// The file is not one of ours, or is cut short.
    #[error(
        "The secrets of this data folder are damaged. Nothing was changed. Restore the folder from a copy."
    )]
    Damaged,
    /// No more bytes fit.
    #[error("The storage is full. Nothing was changed. Free some space and try again.")]
    DiskFull,
    /// The device or the file system refused.
    #[error("The secrets cannot be read or kept ({}). Check who may use the data folder.", .0.kind())]
    Io(#[source] io::Error),
}

impl Secrets {
    /// Keeps new secrets in `dir`, which is made if need be. They survive a power cut once this
    /// returns, and are never written over existing ones.
    ///
    /// # Errors
    /// The folder has secrets already, or nothing can be written to it.
    pub fn create(
        dir: &Path,
        database_key: [u8; 32],
        account: [u8; 32],
    ) -> Result<Secrets, SecretsError> {
        let secrets = Secrets {
            database_key,
            account,
        };
        let mut bytes = Zeroizing::new([0_u8; LENGTH]);
        let (magic, keys) = bytes.split_at_mut(MAGIC.len());
        magic.copy_from_slice(MAGIC);
        let (first, second) = keys.split_at_mut(32);
        first.copy_from_slice(&secrets.database_key);
        second.copy_from_slice(&secrets.account);
        folder::make(dir)?;
        folder::put_new(dir, NAME, bytes.as_slice())?;
        Ok(secrets)
    }

    /// Reads the secrets of `dir`. A file that others could read is made private again.
    ///
    /// # Errors
    /// There are none, they are damaged, or they cannot be read.
    pub fn load(dir: &Path) -> Result<Secrets, SecretsError> {
        let mut file = std::fs::File::open(dir.join(NAME))?;
        folder::keep_private(&file)?;
        if file.metadata()?.len() != LENGTH as u64 {
            return Err(SecretsError::Damaged);
        }
        let mut bytes = Zeroizing::new([0_u8; LENGTH]);
        file.read_exact(bytes.as_mut_slice())?;
        let (magic, keys) = bytes.split_at(MAGIC.len());
        let (first, second) = keys.split_at(32);
        if magic != MAGIC {
            return Err(SecretsError::Damaged);
        }
        let mut secrets = Secrets {
            database_key: [0; 32],
            account: [0; 32],
        };
        secrets.database_key.copy_from_slice(first);
        secrets.account.copy_from_slice(second);
        Ok(secrets)
    }

    /// The key of the database file.
    #[must_use]
    pub fn database_key(&self) -> &[u8; 32] {
        &self.database_key
    }

    /// The account's secret (a secp256k1 scalar, not checked here).
    #[must_use]
    pub fn account(&self) -> &[u8; 32] {
        &self.account
    }
}

impl From<io::Error> for SecretsError {
    fn from(error: io::Error) -> SecretsError {
        let kind = error.kind();
        if is_out_of_room_io(&error) {
            SecretsError::DiskFull
        } else if kind == io::ErrorKind::NotFound {
            SecretsError::Missing
        } else if kind == io::ErrorKind::AlreadyExists {
            SecretsError::Exists
        } else if kind == io::ErrorKind::UnexpectedEof {
            SecretsError::Damaged
        } else {
            SecretsError::Io(error)
        }
    }
}
