//! Reading an encrypted message with every key there is for its sender (specification 5.2.4): the
//! message does not say which it needs. Judges only what the octets say.

use super::{DecryptError, EncryptionKey, InitialisationVector, cipher};
use crate::Message;

/// What became of an encrypted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It could be read.
    Read {
        /// Which attempt did it, counted from 0.
        attempt: usize,
        /// The message.
        message: Message,
    },
    /// No attempt did it, but the octets can be read as they stand. Warn: it was said to be
    /// encrypted and everybody could read it.
    InTheClear(Message),
    /// No attempt did it.
    Closed,
}

/// Tries keys with vectors: every secret held for the sender, every vector that came for the
/// message. Keys of the other method are passed over. If several give a message, which can happen
/// by chance, the one counts that breaks the fewest rules about values.
///
/// # Errors
/// The octets are not those of a message encrypted by method 1 or 2.
pub fn open<'a>(
    octets: &[u8],
    attempts: impl IntoIterator<Item = (&'a EncryptionKey, InitialisationVector)>,
) -> Result<Opened, DecryptError> {
    let method = cipher::method(octets)?;
    let fitting = attempts.into_iter().enumerate();
    let fitting = fitting.filter(|(_, (key, _))| key.method() == method);
    let read = fitting.filter_map(|(attempt, (key, vector))| {
        let message = cipher::attempt(octets, key, vector)?;
        Some((message.check().len(), attempt, message))
    });
    let best = read.min_by_key(|(findings, attempt, _)| (*findings, *attempt));
    Ok(match (best, Message::from_plaintext(octets)) {
        (Some((_, attempt, message)), _) => Opened::Read { attempt, message },
        (None, Ok(message)) => Opened::InTheClear(message),
        (None, Err(_)) => Opened::Closed,
    })
}
