//! Initialisation vectors and the K(3)11 and K(3)21 messages that carry them (specification 5.2.4).
//! Makes no vector of its own: they must be random, and randomness comes from outside.

use super::EncryptionMethod;
use crate::{Message, ReferenceIndicator, TransactionHash};

/// The first counter block of an encryption. Public; random and fresh for every message, since two
/// messages under one key and one vector show each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InitialisationVector([u8; 16]);

impl InitialisationVector {
    /// Takes 16 octets.
    #[must_use]
    pub const fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// What a message with an initialisation vector says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VectorMessage {
    /// The encryption method it belongs to.
    pub method: EncryptionMethod,
    /// The vector.
    pub vector: InitialisationVector,
    /// The transaction of the encrypted message.
    pub encrypted: TransactionHash,
}

impl VectorMessage {
    /// Reads one. `None` for everything else, and for one that was encrypted itself. A test
    /// message is without effect: where it counts, take the message out of it first.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let (data_type, data) = super::key_data(message)?;
        let method = method_of(data_type)?;
        let plain = message.encryption == b'0';
        let adds = message.reference.indicator == ReferenceIndicator::Add;
        let vector = data.try_into().ok().filter(|_| plain && adds)?;
        Some(Self {
            method,
            vector: InitialisationVector(vector),
            encrypted: message.reference.message,
        })
    }

    /// The message: plain and without duress, whatever the encrypted message says.
    #[must_use]
    pub fn to_message(&self) -> Message {
        let data_type = match self.method {
            EncryptionMethod::Negotiated => 0x11,
            EncryptionMethod::PreShared => 0x21,
        };
        let adds = ReferenceIndicator::Add;
        super::key_message(adds, self.encrypted, data_type, self.vector.as_bytes())
    }
}

/// The method whose vectors a CryptoDataType stands for.
pub(super) const fn method_of(data_type: u8) -> Option<EncryptionMethod> {
    match data_type {
        0x11 => Some(EncryptionMethod::Negotiated),
        0x21 => Some(EncryptionMethod::PreShared),
        _ => None,
    }
}
