//! The messages that are sealed in one go: what goes into each, and what the account has left for
//! them. It asks nobody and keeps nothing.

use std::collections::HashMap;

use alloy_primitives::{B256, U256};
use parley_chain::{NotAKey, Sealing};
use parley_core::fees::Offer;
use parley_core::{MessageId, outgoing};
use parley_store::{Kind, NewVariant, OutgoingRow, Store, StoreError};
use whiteflag::{Message, TransactionHash};

use super::Offered;
use crate::pair;
use crate::parley::Inner;

/// What is being sealed.
pub(super) struct Burst<'a> {
    inner: &'a Inner,
    next_nonce: u64,
    left: U256,
    at: u64,
    /// Hashes of own messages that have left or will leave in this burst.
    hashes: HashMap<MessageId, B256>,
    pub(super) sealed: Vec<(MessageId, NewVariant)>,
    /// The account could not pay for the next one.
    pub(super) short: bool,
}

/// What a message costs at most and what is signed of it.
pub(super) struct Wanted<'a> {
    pub(super) row: &'a OutgoingRow,
    pub(super) kind: Kind,
    pub(super) nonce: Option<u64>,
    pub(super) offer: Offer,
    pub(super) gas_limit: u64,
    pub(super) input: Vec<u8>,
    pub(super) refers: Option<B256>,
}

impl<'a> Burst<'a> {
    /// What is on the way already is paid for first.
    pub(super) fn new(
        inner: &'a Inner,
        in_no_block: &[OutgoingRow],
        next_nonce: u64,
        balance: U256,
        at: u64,
    ) -> Self {
        let reserved = in_no_block
            .iter()
            .filter_map(|row| row.variants.last())
            .fold(U256::ZERO, |sum, variant| {
                sum.saturating_add(cost(variant.gas_limit, variant.max_fee))
            });
        Self {
            inner,
            next_nonce,
            left: balance.saturating_sub(reserved),
            at,
            hashes: HashMap::new(),
            sealed: Vec::new(),
            short: false,
        }
    }

    /// Names the hash of a message that has left before.
    pub(super) fn knows(&mut self, id: MessageId, hash: B256) {
        self.hashes.insert(id, hash);
    }

    /// The final octets of a message with the hash that it refers to; `None` while its parent's hash
    /// is not known.
    pub(super) fn input(&self, row: &OutgoingRow) -> Option<(Vec<u8>, Option<B256>)> {
        let Some(parent) = row.parent else {
            return Some((row.wire.clone(), None));
        };
        let hash = *self.hashes.get(&parent)?;
        let message = Message::decode(&row.wire).ok()?;
        let message = outgoing::with_reference(&message, TransactionHash::new(hash.0));
        Some((message.plaintext(), Some(hash)))
    }

    /// Signs one more. Whether the account can pay for it.
    pub(super) fn seal(&mut self, wanted: Wanted<'_>) -> Result<bool, NotAKey> {
        let cost = cost(wanted.gas_limit, wanted.offer.max_fee);
        self.short = self.left < cost;
        if self.short {
            return Ok(false);
        }
        let nonce = wanted.nonce.unwrap_or(self.next_nonce);
        let sealed = self.inner.account.seal(Sealing {
            chain_id: self.inner.profile.chain_id,
            nonce,
            gas_limit: wanted.gas_limit,
            offer: wanted.offer,
            input: wanted.input.clone(),
        })?;
        if wanted.nonce.is_none() {
            self.next_nonce = self.next_nonce.saturating_add(1);
        }
        self.left = self.left.saturating_sub(cost);
        self.hashes.insert(wanted.row.id, sealed.hash);
        let wire = match wanted.kind {
            Kind::Message => wanted.input,
            Kind::Blank => wanted.row.wire.clone(),
        };
        let variant = NewVariant {
            revision: wanted.row.revision,
            nonce,
            kind: wanted.kind,
            hash: sealed.hash,
            raw: sealed.raw,
            wire,
            refers: wanted.refers,
            max_fee: wanted.offer.max_fee,
            priority_fee: wanted.offer.priority_fee,
            gas_limit: wanted.gas_limit,
            at: self.at,
        };
        self.sealed.push((wanted.row.id, variant));
        Ok(true)
    }

    /// An encrypted message whose vector found no place, or no money, waits for both.
    pub(super) fn part_no_pair(&mut self, store: &Store) -> Result<(), StoreError> {
        let Some((id, variant)) = self.sealed.last() else {
            return Ok(());
        };
        let lonely = pair::is_encrypted(&variant.wire) && !pair::vectors_of(store, *id)?.is_empty();
        if lonely {
            self.sealed.pop();
        }
        Ok(())
    }

    /// What is offered of those that were kept.
    pub(super) fn offered(sealed: &[(MessageId, NewVariant)], kept: &[MessageId]) -> Vec<Offered> {
        let kept = sealed.iter().filter(|(id, _)| kept.contains(id));
        kept.map(|(_, variant)| Offered {
            hash: variant.hash,
            raw: variant.raw.clone(),
        })
        .collect()
    }
}

fn cost(gas: u64, max_fee: u128) -> U256 {
    U256::from(gas).saturating_mul(U256::from(max_fee))
}
