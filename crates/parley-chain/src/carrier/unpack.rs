//! Unpacks an answer as it comes in, and stops at the most that is read: what a small body would
//! become is never held.

use std::io::{self, ErrorKind, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;

use crate::failure::ReadFailure;

/// What we say that we understand (RFC 9110, 12.5.3).
pub(super) const UNDERSTOOD: &str = "gzip, br";
/// How much brotli unpacks at a time.
const STEP: usize = 16 * 1024;

/// A body on its way in.
pub(super) enum Unpacking {
    /// As it is.
    Plain(Capped),
    /// RFC 1952.
    Gzip(Box<MultiGzDecoder<Capped>>),
    /// RFC 7932.
    Brotli(Box<DecompressorWriter<Capped>>),
}

/// Octets up to a number.
pub(super) struct Capped {
    bytes: Vec<u8>,
    most: usize,
}

impl Unpacking {
    /// A body that is packed in this way (`Content-Encoding`), of at most so many octets unpacked.
    pub(super) fn new(encoding: Option<&str>, most: usize) -> Result<Self, ReadFailure> {
        let capped = Capped {
            bytes: Vec::new(),
            most,
        };
        match encoding.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "identity") => Ok(Self::Plain(capped)),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(capped)))),
            Some("br") => Ok(Self::Brotli(Box::new(DecompressorWriter::new(
                capped, STEP,
            )))),
            Some(_) => Err(ReadFailure::BadAnswer),
        }
    }

    /// Takes what came in.
    pub(super) fn take(&mut self, part: &[u8]) -> Result<(), ReadFailure> {
        match self {
            Self::Plain(capped) => capped.write_all(part),
            Self::Gzip(decoder) => decoder.write_all(part),
            Self::Brotli(decoder) => decoder.write_all(part),
        }
        .map_err(|error| failure(&error))
    }

    /// The whole body.
    pub(super) fn whole(self) -> Result<Vec<u8>, ReadFailure> {
        match self {
            Self::Plain(capped) => Ok(capped.bytes),
            Self::Gzip(decoder) => match decoder.finish() {
                Ok(capped) => Ok(capped.bytes),
                Err(error) => Err(failure(&error)),
            },
            Self::Brotli(mut decoder) => {
                decoder.close().map_err(|error| failure(&error))?;
                Ok(std::mem::take(&mut decoder.get_mut().bytes))
            }
        }
    }
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(part.len()) > self.most {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failure(error: &io::Error) -> ReadFailure {
    if error.kind() == ErrorKind::FileTooLarge {
        ReadFailure::TooLarge
    } else {
        ReadFailure::BadAnswer
    }
}
