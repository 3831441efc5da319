//! Which public key of a participant counts (specification 5.2.2). Holds public keys only, and does
//! not judge who sent a message or what it may refer to.

use std::collections::BTreeMap;

use super::ecdh::{KeyMessage, KeyUse, PublicKey};
use crate::ReferenceIndicator;

/// The one key that counts for each account and use.
#[derive(Clone, Debug)]
pub struct KeyRing<A> {
    keys: BTreeMap<(A, KeyUse), PublicKey>,
}

/// What a message with a key changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The account has its first key.
    First,
    /// Nothing: it is the key that counted already, or it withdraws one that does not count.
    None,
    /// Another key counts: every secret agreed with the one before has expired.
    Replaced,
    /// No key counts any more: every secret agreed with it has expired.
    Withdrawn,
}

impl<A> Default for KeyRing<A> {
    fn default() -> Self {
        Self {
            keys: BTreeMap::new(),
        }
    }
}

impl<A: Ord> KeyRing<A> {
    /// Takes a message in the order of the chain. An original with another key counts as an update.
    /// A recall or an end repeats the key it withdraws; it withdraws no other.
    pub fn receive(&mut self, account: A, message: &KeyMessage) -> Change {
        let place = (account, message.key_use);
        let before = self.keys.get(&place).copied();
        match message.indicator {
            ReferenceIndicator::Original | ReferenceIndicator::Update => {
                self.keys.insert(place, message.key);
                match before {
                    None => Change::First,
                    Some(key) if key == message.key => Change::None,
                    Some(_) => Change::Replaced,
                }
            }
            ReferenceIndicator::Recall | ReferenceIndicator::Discontinue
                if before == Some(message.key) =>
            {
                self.keys.remove(&place);
                Change::Withdrawn
            }
            ReferenceIndicator::Recall
            | ReferenceIndicator::Discontinue
            | ReferenceIndicator::Add
            | ReferenceIndicator::Relate
            | ReferenceIndicator::Confirm
            | ReferenceIndicator::Acknowledge
            | ReferenceIndicator::Comply
            | ReferenceIndicator::Reject => Change::None,
        }
    }

    /// The key that counts.
    #[must_use]
    pub fn key(&self, account: A, key_use: KeyUse) -> Option<&PublicKey> {
        self.keys.get(&(account, key_use))
    }
}
