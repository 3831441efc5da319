//! Encryption and decryption of one message with one key (specification 5.2.4). The first four
//! octets stay in the clear; there is no tag, so a result counts only if it is a whole message.

use super::{EncryptionKey, EncryptionMethod, InitialisationVector, vector};
use crate::decode::start;
use crate::{Body, Content, DecodeError, Message};

/// Prefix, version and encryption indicator.
const CLEAR: usize = 4;

/// Room for a sign or a request in a test message.
const SHORT: usize = 80;

/// Why a message was not encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// Its indicator names another method than the key is for.
    #[error("the EncryptionIndicator does not fit the key: give 0 or the number of its method")]
    Method,
    /// It carries an initialisation vector, which receivers need in the clear.
    #[error("a message with an initialisation vector must stay in the clear")]
    InitialisationVector,
}

/// Why octets were not decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// What stands in the clear is not that of a message this library knows.
    #[error("{0}")]
    Header(DecodeError),
    /// It is not encrypted.
    #[error("this message is not encrypted; decode it")]
    NotEncrypted,
    /// The method is a letter: an agreement between others.
    #[error(
        "this message is encrypted by a private method, which only those who agreed on it know"
    )]
    PrivateMethod,
    /// The key is for the other method.
    #[error("this message is encrypted by the other method than the key is for")]
    OtherMethod,
    /// The result is no message: the secret, the originator or the vector is another.
    #[error(
        "the result is not a message: the secret, the originator's address or the initialisation vector is another"
    )]
    WrongKey,
    /// As [`DecryptError::WrongKey`], but the octets are a message as they stand. Whoever shows it
    /// must warn: it was said to be encrypted and everybody could read it.
    #[error(
        "the result is not a message, but the octets can be read as they stand: they are said to be encrypted and are not"
    )]
    InTheClear,
}

/// Encrypts a message. Its indicator is 0, for a message that is to be encrypted, or that of the
/// key's method; the octets have the latter.
///
/// The vector must be new and random for each message.
///
/// # Errors
/// See [`EncryptError`].
pub fn encrypt(
    message: &Message,
    key: &EncryptionKey,
    vector: InitialisationVector,
) -> Result<Vec<u8>, EncryptError> {
    let indicator = key.method().indicator();
    if !matches!(message.encryption, b'0') && message.encryption != indicator {
        return Err(EncryptError::Method);
    }
    if carries_vector(message) {
        return Err(EncryptError::InitialisationVector);
    }
    let mut octets = message.plaintext();
    if let Some(octet) = octets.get_mut(CLEAR.saturating_sub(1)) {
        *octet = indicator;
    }
    key.apply(vector, octets.get_mut(CLEAR..).unwrap_or_default());
    Ok(octets)
}

/// Decrypts octets and reads the message, which keeps its indicator.
///
/// # Errors
/// See [`DecryptError`]. Success shows that the key is probably right, not who wrote the message,
/// nor that nobody changed it: there is no tag, and a bit changed on the way is a bit changed here.
pub fn decrypt(
    octets: &[u8],
    key: &EncryptionKey,
    vector: InitialisationVector,
) -> Result<Message, DecryptError> {
    if method(octets)? != key.method() {
        return Err(DecryptError::OtherMethod);
    }
    attempt(octets, key, vector).ok_or_else(|| match Message::from_plaintext(octets) {
        Ok(_) => DecryptError::InTheClear,
        Err(_) => DecryptError::WrongKey,
    })
}

/// The method that the clear octets name.
pub(super) fn method(octets: &[u8]) -> Result<EncryptionMethod, DecryptError> {
    let (indicator, _) = start(octets).map_err(DecryptError::Header)?;
    match indicator {
        b'0' => Err(DecryptError::NotEncrypted),
        known => EncryptionMethod::from_indicator(known).ok_or(DecryptError::PrivateMethod),
    }
}

/// One attempt with a key of the right method. What is no longer than signs are needs no allocation.
pub(super) fn attempt(
    octets: &[u8],
    key: &EncryptionKey,
    vector: InitialisationVector,
) -> Option<Message> {
    let mut short = [0; SHORT];
    let mut long = Vec::new();
    let plain = match short.get_mut(..octets.len()) {
        Some(short) => short,
        None => {
            long.resize(octets.len(), 0);
            long.as_mut_slice()
        }
    };
    plain.copy_from_slice(octets);
    key.apply(vector, plain.get_mut(CLEAR..)?);
    Message::from_plaintext(plain).ok()
}

fn carries_vector(message: &Message) -> bool {
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    matches!(content, Content::Cryptographic { data_type, .. } if vector::method_of(*data_type).is_some())
}
