//! What a command writes and how it ends: lines on standard output, sentences on standard error,
//! and the exit codes that scripts rely on.

use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

use parley_wire::{Code, Failure};

/// The most that is read from standard input at once: far more than any message needs.
const MOST_INPUT: u64 = 64 * 1024 * 1024;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What was given cannot be used; nothing changed. Exit code 2.
    BadInput(String),
    /// It cannot be done now; the queue is kept. Exit code 3.
    NotNow(String),
    /// Anything else. Exit code 1.
    Other(String),
    /// Whoever read the output went away. Exit code 1, without words.
    Closed,
}

impl Trouble {
    /// Says it and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (words, code) = match self {
            Self::BadInput(words) => (words, 2),
            Self::NotNow(words) => (words, 3),
            Self::Other(words) => (words, 1),
            Self::Closed => return ExitCode::FAILURE,
        };
        // Nobody is left to tell when standard error is closed too.
        let _ = writeln!(io::stderr(), "parleyctl: {words}");
        ExitCode::from(code)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure.code {
            Code::BadInput => Self::BadInput(failure.message),
            Code::NotNow => Self::NotNow(failure.message),
            Code::Sealed | Code::HasDependents | Code::Storage | Code::Other => {
                Self::Other(failure.message)
            }
        }
    }
}

/// Says something that is no failure.
pub(crate) fn warn(words: &str) {
    // A warning that nobody can read stops nothing.
    let _ = writeln!(io::stderr(), "parleyctl: warning: {words}");
}

/// Writes one line; it has left the process when this returns.
pub(crate) fn line(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Trouble::Closed;
            }
            Trouble::Other(format!(
                "The result could not be written ({}).",
                error.kind()
            ))
        })
}

/// Everything on standard input, as text.
pub(crate) fn input() -> Result<String, Trouble> {
    let mut octets = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_INPUT)
        .read_to_end(&mut octets)
        .map_err(|e| unreadable(&e))?;
    String::from_utf8(octets).map_err(|_| not_text())
}

/// The lines of standard input that are not empty, one at a time.
pub(crate) fn input_lines() -> impl Iterator<Item = Result<String, Trouble>> {
    numbered_lines().map(|line| line.map(|(_, text)| text))
}

/// The lines of standard input that are not empty, each with its number in the whole input, from 1.
pub(crate) fn numbered_lines() -> impl Iterator<Item = Result<(u64, String), Trouble>> {
    let split = io::stdin().lock().split(b'\n');
    (1..)
        .zip(split)
        .map(|(number, line)| {
            let octets = line.map_err(|error| unreadable(&error))?;
            // Not text: a bad line, which the caller answers like any other.
            Ok((number, String::from_utf8_lossy(&octets).trim().to_owned()))
        })
        .filter(|line| !matches!(line, Ok((_, text)) if text.is_empty()))
}

fn unreadable(error: &io::Error) -> Trouble {
    Trouble::Other(format!(
        "Standard input could not be read ({}).",
        error.kind()
    ))
}

fn not_text() -> Trouble {
    Trouble::BadInput("Standard input is not text (UTF-8). Nothing was changed.".to_owned())
}
