//! Key agreement on the curve brainpoolP256r1 and the K(0)0A and K(0)0B messages that publish keys
//! (specification 5.2.2). Makes no random numbers; draws keys from those it is given.

use bp256::BrainpoolP256r1;
use elliptic_curve::sec1::ToSec1Point;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Secret, secret};
use crate::{Message, ReferenceIndicator, TransactionHash};

type Curve = BrainpoolP256r1;

/// Why octets are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 64 hexadecimal digits.
    #[error("the private key is not 64 hexadecimal digits")]
    Digits,
    /// Zero, or not below the order of the curve.
    #[error("this number is no private key of the curve brainpoolP256r1")]
    Private,
    /// Not 33 octets that stand for a point of the curve.
    #[error("these are not the 33 octets (66 digits) of a public key of the curve brainpoolP256r1")]
    Public,
}

/// One's own private key.
///
/// It is no `Clone`, `Debug` or `Display`, and is overwritten when it is dropped.
pub struct PrivateKey(
    /// Wipes itself. In a box, so that moving the key leaves no copy behind.
    Box<elliptic_curve::SecretKey<Curve>>,
);

impl ZeroizeOnDrop for PrivateKey {}

impl PrivateKey {
    /// Takes an unsigned number, most significant octet first. One in three random numbers is none:
    /// then draw again.
    ///
    /// # Errors
    /// The number is zero or not below the order of the curve.
    pub fn from_octets(octets: &[u8; 32]) -> Result<Self, KeyError> {
        elliptic_curve::SecretKey::from_bytes(octets.into())
            .map(|key| Self(Box::new(key)))
            .map_err(|_| KeyError::Private)
    }

    /// As [`PrivateKey::from_octets`], from 64 hexadecimal digits.
    ///
    /// # Errors
    /// These are no digits, or no key.
    pub fn from_hex(digits: &str) -> Result<Self, KeyError> {
        Self::from_octets(&*secret::decode_hex_32(digits).ok_or(KeyError::Digits)?)
    }

    /// The number, to be kept.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<[u8; 32]> {
        secret::wiped(self.0.to_bytes().into())
    }

    /// The key to be published.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }

    /// The secret shared with the owner of another key: the x coordinate of the common point, with
    /// its leading zeros. The same on both sides.
    #[must_use]
    pub fn agree(&self, other: &PublicKey) -> Secret {
        let shared = self.0.diffie_hellman(&other.0);
        Secret::agreed(shared.raw_secret_bytes())
    }
}

/// A public key: a point of the curve other than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(elliptic_curve::PublicKey<Curve>);

impl PublicKey {
    /// Takes the compressed form of SEC 1.
    ///
    /// # Errors
    /// It is not that of a point of the curve.
    pub fn from_octets(octets: &[u8]) -> Result<Self, KeyError> {
        if octets.len() != 33 {
            return Err(KeyError::Public);
        }
        elliptic_curve::PublicKey::from_sec1_bytes(octets)
            .map(Self)
            .map_err(|_| KeyError::Public)
    }

    /// As [`PublicKey::from_octets`], from 66 hexadecimal digits.
    ///
    /// # Errors
    /// As [`PublicKey::from_octets`].
    pub fn from_hex(digits: &str) -> Result<Self, KeyError> {
        let octets = crate::hex::parse_bytes(digits).ok_or(KeyError::Public)?;
        Self::from_octets(&octets)
    }

    /// The compressed form: 33 octets.
    #[must_use]
    pub fn to_octets(&self) -> Vec<u8> {
        self.0.to_sec1_point(true).as_bytes().to_vec()
    }
}

/// What a published key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyUse {
    /// 0A: encryption by method 1.
    Encryption,
    /// 0B: authentication by method 2.
    Tokens,
}

/// What a message with a public key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMessage {
    /// What the key is for.
    pub key_use: KeyUse,
    /// The key.
    pub key: PublicKey,
    /// Published (0), replacing another (2), withdrawn (1, 4), or a reference without meaning here.
    pub indicator: ReferenceIndicator,
}

impl KeyMessage {
    /// Reads one; `None` for everything else, and for a key that is no point of the curve.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let (data_type, data) = super::key_data(message)?;
        let key_use = match data_type {
            0x0A => KeyUse::Encryption,
            0x0B => KeyUse::Tokens,
            _ => return None,
        };
        Some(Self {
            key_use,
            key: PublicKey::from_octets(data).ok()?,
            indicator: message.reference.indicator,
        })
    }

    /// The message. `refers_to` is zero for an original.
    #[must_use]
    pub fn to_message(&self, refers_to: TransactionHash) -> Message {
        let data_type = match self.key_use {
            KeyUse::Encryption => 0x0A,
            KeyUse::Tokens => 0x0B,
        };
        super::key_message(self.indicator, refers_to, data_type, &self.key.to_octets())
    }
}
