//! What two sides share: agreed before, or by key agreement (specification 5.2). It is wiped from
//! memory when it goes, and can be read only by asking for it by name.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// How many octets a secret must have at least (specification 5.2.3).
const SHORTEST: usize = 16;
/// More than any secret needs, so that a wrong file is noticed.
const LONGEST: usize = 1024;

/// A shared secret: the input of key derivation, never a key itself.
///
/// It is no `Clone`, `Debug` or `Display`, and its octets are overwritten when it is dropped.
#[derive(ZeroizeOnDrop)]
pub struct Secret(Vec<u8>);

/// Why octets or digits are not taken as a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It has fewer than 16 octets.
    #[error("the secret is too short to be safe; use at least 16 random octets (32 digits)")]
    TooShort,
    /// It has no octets, or more than 1,024.
    #[error("a secret has from 1 to 1024 octets")]
    Length,
    /// It is not written in hexadecimal digits.
    #[error("the secret is not an even number of hexadecimal digits")]
    Digits,
}

impl Secret {
    /// A new secret. The octets must come from a source of randomness for keys.
    ///
    /// # Errors
    /// It is too short or too long; then the octets are wiped too.
    pub fn new(octets: Vec<u8>) -> Result<Self, SecretError> {
        match Self::import(octets)? {
            (secret, None) => Ok(secret),
            (_, Some(weakness)) => Err(weakness),
        }
    }

    /// A secret that others made. One that is too short works all the same; the second value says
    /// so, to warn the person with.
    ///
    /// # Errors
    /// It is empty or too long.
    pub fn import(octets: Vec<u8>) -> Result<(Self, Option<SecretError>), SecretError> {
        let secret = Self(octets);
        match secret.0.len() {
            1..SHORTEST => Ok((secret, Some(SecretError::TooShort))),
            SHORTEST..=LONGEST => Ok((secret, None)),
            _ => Err(SecretError::Length),
        }
    }

    /// As [`Secret::import`], from hexadecimal digits of either case.
    ///
    /// # Errors
    /// As [`Secret::import`], or these are no digits.
    pub fn import_hex(digits: &str) -> Result<(Self, Option<SecretError>), SecretError> {
        if digits.len() > LONGEST.saturating_mul(2) {
            return Err(SecretError::Length);
        }
        let mut octets = decode_hex(digits).ok_or(SecretError::Digits)?;
        Self::import(std::mem::take(&mut *octets))
    }

    /// What two keys agreed on, always 32 octets.
    pub(super) fn agreed(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }

    /// The octets, to keep them or to derive from them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Lower-case digits, to be kept in a file.
    #[must_use]
    pub fn expose_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(base16ct::lower::encode_string(&self.0))
    }
}

/// Octets of hexadecimal digits, in time that depends on their number only, in one allocation.
fn decode_hex(digits: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(vec![0; digits.len() / 2]);
    base16ct::mixed::decode(digits, &mut octets).ok()?;
    Some(octets)
}

/// Exactly 32 octets of hexadecimal digits, likewise.
pub(super) fn decode_hex_32(digits: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut octets = Zeroizing::new([0; 32]);
    let read = base16ct::mixed::decode(digits, octets.as_mut_slice()).ok()?;
    (read.len() == 32).then_some(octets)
}

/// Wipes octets that were copied out of a key.
pub(super) fn wiped<const N: usize>(mut octets: [u8; N]) -> Zeroizing<[u8; N]> {
    let copy = Zeroizing::new(octets);
    octets.zeroize();
    copy
}
