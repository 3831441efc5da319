//! Encrypted messages and their initialisation vectors, which are messages of their own and come in
//! either order (specification 5.2.4). Decrypts nothing and forgets nothing by itself.

use std::collections::BTreeMap;

use super::{EncryptionMethod, InitialisationVector, VectorMessage};
use crate::TransactionHash;

/// What waits for its other half. `A` says which account sent something; only vectors of the
/// account that sent the encrypted message count, or strangers could make it unreadable.
///
/// It grows with every call. Bounding it is the caller's: anybody can write vectors for messages
/// that never come. See [`Pairing::len`] and [`Pairing::forget`].
#[derive(Clone, Debug)]
pub struct Pairing<A> {
    waiting: BTreeMap<TransactionHash, Halves<A>>,
}

#[derive(Clone, Debug)]
struct Halves<A> {
    encrypted: Option<(A, EncryptionMethod, Vec<u8>)>,
    vectors: Vec<(A, EncryptionMethod, InitialisationVector)>,
}

/// An encrypted message with the vectors that may be its own, one of them at least: try all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<'a, A> {
    /// The transaction of the encrypted message.
    pub transaction: TransactionHash,
    /// Who sent it.
    pub account: &'a A,
    /// It.
    pub octets: &'a [u8],
    /// In order of arrival, each once.
    pub vectors: Vec<InitialisationVector>,
}

impl<A> Default for Pairing<A> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
        }
    }
}

impl<A: PartialEq> Pairing<A> {
    /// Takes an encrypted message; gives the pair if there is a vector already. Octets that are not
    /// encrypted by method 1 or 2 are not kept.
    pub fn insert_encrypted(
        &mut self,
        transaction: TransactionHash,
        account: A,
        octets: Vec<u8>,
    ) -> Option<Pair<'_, A>> {
        let method = super::cipher::method(&octets).ok()?;
        let halves = self.waiting.entry(transaction).or_default();
        halves.encrypted = Some((account, method, octets));
        self.pair(transaction)
    }

    /// Takes an initialisation vector; gives the pair if the encrypted message is there already
    /// and this vector may be its own.
    pub fn insert_vector(&mut self, account: A, vector: &VectorMessage) -> Option<Pair<'_, A>> {
        let halves = self.waiting.entry(vector.encrypted).or_default();
        let new = (account, vector.method, vector.vector);
        let counts = halves.counts(&new);
        if !halves.vectors.contains(&new) {
            halves.vectors.push(new);
        }
        if counts {
            self.pair(vector.encrypted)
        } else {
            None
        }
    }

    /// The pair of an encrypted message, if both halves are there.
    #[must_use]
    pub fn pair(&self, transaction: TransactionHash) -> Option<Pair<'_, A>> {
        let halves = self.waiting.get(&transaction)?;
        let (account, _, octets) = halves.encrypted.as_ref()?;
        let own = halves.vectors.iter().filter(|vector| halves.counts(vector));
        let vectors: Vec<_> = own.map(|(_, _, vector)| *vector).collect();
        (!vectors.is_empty()).then_some(Pair {
            transaction,
            account,
            octets,
            vectors,
        })
    }

    /// Forgets both halves of an encrypted message; says whether there was anything.
    pub fn forget(&mut self, transaction: TransactionHash) -> bool {
        self.waiting.remove(&transaction).is_some()
    }

    /// How many encrypted messages there is at least one half of.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl<A> Default for Halves<A> {
    fn default() -> Self {
        Self {
            encrypted: None,
            vectors: Vec::new(),
        }
    }
}

impl<A: PartialEq> Halves<A> {
    fn counts(&self, (account, method, _): &(A, EncryptionMethod, InitialisationVector)) -> bool {
        let encrypted = self.encrypted.as_ref();
        encrypted.is_some_and(|(own, own_method, _)| own == account && own_method == method)
    }
}
