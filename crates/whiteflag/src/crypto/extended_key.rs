//! Hierarchical deterministic accounts (specification 5.2.1): the extended public key of a K(3)01
//! message, as it was received. Derives nothing from it; the text says not to rely on it.

use crate::{Message, ReferenceIndicator, TransactionHash};

/// A serialised extended public key, in the form of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKey {
    /// The A(0) message it belongs to.
    pub authentication: TransactionHash,
    /// Its octets, not looked at.
    pub octets: Vec<u8>,
}

impl ExtendedKey {
    const DATA_TYPE: u8 = 0x01;

    /// Reads one; `None` for everything else.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let (Self::DATA_TYPE, octets) = super::key_data(message)? else {
            return None;
        };
        let reference = message.reference;
        (reference.indicator == ReferenceIndicator::Add).then(|| Self {
            authentication: reference.message,
            octets: octets.to_vec(),
        })
    }

    /// The message.
    #[must_use]
    pub fn to_message(&self) -> Message {
        let adds = ReferenceIndicator::Add;
        super::key_message(adds, self.authentication, Self::DATA_TYPE, &self.octets)
    }
}
