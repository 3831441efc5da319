//! Files with keys and secrets in hexadecimal digits: read into memory that is wiped, written for
//! their owner alone, never written over. Secrets come from files only: a command line is seen by
//! everybody on the machine.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use crate::output::{self, Trouble};

/// Far more than any secret needs.
const MOST: usize = 8 * 1024;

/// The text of a file without the space around it, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Trouble> {
    if path == Path::new("-") {
        return text(io::stdin().lock(), "standard input");
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| {
        Trouble::BadInput(format!(
            "{name} cannot be read ({}). Nothing was done. Name a file with hexadecimal digits.",
            error.kind()
        ))
    })?;
    warn_if_shared(&file, &name);
    text(file, &name)
}

/// As [`read`], for a command that needs standard input for something else.
pub(crate) fn read_beside_input(path: &Path) -> Result<Zeroizing<String>, Trouble> {
    if path == Path::new("-") {
        return Err(Trouble::BadInput(
            "Standard input is taken by the message. Nothing was done. Name a file for the secret."
                .to_owned(),
        ));
    }
    read(path)
}

fn text(source: impl Read, name: &str) -> Result<Zeroizing<String>, Trouble> {
    // All at once, so that no smaller block is left behind on the way.
    let mut octets = Zeroizing::new(vec![0; MOST]);
    let mut source = source.take(MOST as u64);
    let mut length = 0;
    loop {
        match source.read(octets.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => length = length.saturating_add(more),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(Trouble::Other(format!(
                    "{name} could not be read to its end ({}). Nothing was done.",
                    error.kind()
                )));
            }
        }
    }
    let read = octets.get(..length).unwrap_or_default();
    std::str::from_utf8(read)
        .map(|text| Zeroizing::new(text.trim().to_owned()))
        .map_err(|_| {
            Trouble::BadInput(format!(
                "{name} does not hold hexadecimal digits. Nothing was done. Name another file."
            ))
        })
}

#[cfg(unix)]
fn warn_if_shared(file: &File, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let shared = file
        .metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o077 != 0);
    if shared {
        output::warn(&format!(
            "{name} can be read by others on this machine. Take their rights away: chmod 600."
        ));
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_file: &File, _name: &str) {}

/// Writes digits into a new file that only its owner may read.
pub(crate) fn write_new(path: &Path, digits: &str) -> Result<(), Trouble> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let name = path.display();
    let refused = |error: io::Error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return Trouble::BadInput(format!(
                "{name} exists already, and keys are never written over. Nothing was changed. Name \
                 another file."
            ));
        }
        let kind = error.kind();
        Trouble::Other(format!(
            "{name} cannot be written ({kind}). Name another file, or free some space."
        ))
    };
    let mut file = options.open(path).map_err(refused)?;
    let written = writeln!(file, "{digits}").and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a key is none; what was written is taken back.
        let _ = std::fs::remove_file(path);
        refused(error)
    })
}
