//! How a file is put into the data folder so that it is there whole or not at all, and readable
//! by its owner only. It knows no contents.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;

/// Makes the folder if need be. One that exists keeps its permissions: it may be shared on purpose.
pub(crate) fn make(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a file for reading and writing, making it for its owner alone if it is missing.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// How long a file is; `None` if there is none.
pub(crate) fn length(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(Some(file.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes every right from group and others, where the platform has such rights.
pub(crate) fn keep_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Locks a file for this program until it is closed, if nobody else has.
///
/// On Linux it does what the standard library does there; on Android, where the same call is there
/// too, the standard library (1.96) does not make it and says that locks are not supported.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    use rustix::fs::{FlockOperation, flock};
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(TryLockError::WouldBlock),
        Err(error) => Err(TryLockError::Error(error.into())),
    }
}

/// Locks a file for this program until it is closed, if nobody else has.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

/// Puts `bytes` into a new file `name` that survives a power cut. Never replaces one.
///
/// The temporary file is locked while it is written, so that of two programs doing this at once
/// exactly one succeeds; one left behind by a kill is written over.
pub(crate) fn put_new(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (path, temporary) = (dir.join(name), dir.join(format!("{name}.new")));
    let mut file = open_private(&temporary)?;
    try_lock(&file)?;
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    keep_private(&file)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &path)?;
    sync(dir)
}

/// Makes the folder's list of names durable.
pub(crate) fn sync(dir: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file; its file systems journal names themselves.
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
