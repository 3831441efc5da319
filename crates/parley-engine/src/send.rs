//! Sending, in the order that loses nothing and doubles nothing: ask about what may have left, offer
//! again what is unknown, then seal, commit, commit "exposed", and only then offer.

use std::collections::HashSet;

use alloy_primitives::{B256, U256};
use parley_chain::{Endpoint, Sealing, SendFailure, Whereabouts};
use parley_core::delivery::Stop;
use parley_core::fees::{Cap, Offer, offer};
use parley_core::gas::{self, Fork};
use parley_core::{MessageId, outgoing};
use parley_store::{Conflict, NewVariant, Outcome, OutgoingRow, StoreError, Variant};
use parley_wire::{Changed, Failure};
use whiteflag::{Message, TransactionHash};

use crate::clock;
use crate::own::{is_open, may_leave};
use crate::parley::Parley;
use crate::receive::Broken;

/// The most transactions on the way at once: what every client's pool keeps for one account.
const WINDOW: usize = 16;

/// Transactions that a node was seen to hold in this call.
pub(crate) type Known = HashSet<B256>;

/// What one round of sending found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sending {
    /// Something was sealed and offered for the first time.
    pub(crate) new: bool,
    /// Something was offered again.
    pub(crate) again: bool,
    /// The endpoint has an own transaction in a block that was not received so far.
    pub(crate) ahead: bool,
    /// The endpoint holds an own transaction that is in no block.
    pub(crate) pooled: bool,
}

impl Parley {
    /// One round of sending. `caught_up`: everything up to the head was received just before.
    pub(crate) async fn send(
        &self,
        endpoint: &Endpoint,
        known: &mut Known,
        caught_up: bool,
    ) -> Result<Sending, Broken> {
        let mut rows = self.with_store(|store| store.outgoing()).await?;
        if let Some(first) = never_exposed(&rows) {
            self.with_store(move |store| store.unseal(first)).await?;
            rows = self.with_store(|store| store.outgoing()).await?;
        }
        let pending = pending(&rows);
        let mut round = self
            .offer_again(endpoint, &pending, known, caught_up)
            .await?;
        let open = rows.iter().any(|row| is_open(row) && row.stopped.is_none());
        if open && pending.len() < WINDOW {
            let room = WINDOW.saturating_sub(pending.len());
            round.new = self.send_new(endpoint, &rows, known, room).await?;
        }
        Ok(round)
    }

    /// Asks about every own transaction that may have left and is in no block, and offers again, in
    /// the order of their nonces, those that the endpoint does not know.
    async fn offer_again(
        &self,
        endpoint: &Endpoint,
        pending: &[(MessageId, &Variant)],
        known: &mut Known,
        caught_up: bool,
    ) -> Result<Sending, Broken> {
        let hashes: Vec<B256> = pending.iter().map(|(_, variant)| variant.hash).collect();
        let places = endpoint.whereabouts(&hashes).await?;
        let mut round = Sending::default();
        let mut unknown = Vec::new();
        for ((id, variant), place) in pending.iter().zip(places) {
            round.ahead |= place == Whereabouts::Block;
            round.pooled |= place == Whereabouts::Pool;
            if place == Whereabouts::Unknown {
                known.remove(&variant.hash);
                unknown.push((*id, *variant));
            } else {
                self.accepted(endpoint, variant, known).await?;
            }
        }
        if caught_up {
            self.stop_displaced(endpoint, &mut unknown).await?;
        }
        self.expose(unknown.iter().map(|(_, variant)| variant.hash).collect())
            .await?;
        let raw: Vec<_> = unknown
            .iter()
            .map(|(id, v)| (*id, v.hash, v.raw.clone()))
            .collect();
        self.offer(endpoint, &raw, known).await?;
        round.again = !raw.is_empty();
        Ok(round)
    }

    /// A node holds it: kept once, so that the state can say so.
    async fn accepted(
        &self,
        endpoint: &Endpoint,
        variant: &Variant,
        known: &mut Known,
    ) -> Result<(), Failure> {
        known.insert(variant.hash);
        if variant.accepted_by > 0 && !variant.refused {
            return Ok(());
        }
        self.record(endpoint, variant.hash, Outcome::Known).await
    }

    /// Another transaction has used the nonce for ever: the account is in use elsewhere.
    async fn stop_displaced(
        &self,
        endpoint: &Endpoint,
        unknown: &mut Vec<(MessageId, &Variant)>,
    ) -> Result<(), Broken> {
        if unknown.is_empty() {
            return Ok(());
        }
        let used = endpoint
            .final_nonce(self.inner.profile.address)
            .await?
            .unwrap_or(0);
        let (gone, left): (Vec<_>, Vec<_>) = unknown
            .drain(..)
            .partition(|(_, variant)| variant.nonce < used);
        *unknown = left;
        for (id, _) in gone {
            self.stop(id, Stop::Displaced).await?;
        }
        Ok(())
    }

    /// Seals and offers as many new messages as there is room for. Whether there was any.
    async fn send_new(
        &self,
        endpoint: &Endpoint,
        rows: &[OutgoingRow],
        known: &mut Known,
        room: usize,
    ) -> Result<bool, Broken> {
        let offer = offer(&endpoint.fees().await?, &Cap::default());
        if self.is_used_elsewhere(endpoint).await? {
            return Ok(false);
        }
        let balance = self.read_balance(endpoint).await?;
        let mut burst = Burst::new(rows, balance);
        let next = rows
            .iter()
            .filter(|row| is_open(row) && row.stopped.is_none() && may_leave(row, self.inner.kind));
        for row in next {
            if burst.sealed.len() >= room {
                break;
            }
            let Some(input) = burst.input(row) else {
                continue;
            };
            let Some(sealing) = self.sealing(input, offer, &mut burst) else {
                break;
            };
            self.seal(row, sealing, &mut burst).await?;
        }
        self.see(|seen| seen.short_of_funds = burst.short);
        self.expose(burst.hashes()).await?;
        self.offer(endpoint, &burst.sealed, known).await?;
        Ok(!burst.sealed.is_empty())
    }

    /// Whether the chain has used nonces that this device has not: then the account is in use on
    /// another one. What is final is skipped for good. What may still be taken back is waited for: a
    /// nonce left out by mistake would hold back every later message.
    async fn is_used_elsewhere(&self, endpoint: &Endpoint) -> Result<bool, Broken> {
        let account = self.inner.profile.address;
        let newest = endpoint.nonce(account).await?;
        let settled = endpoint.final_nonce(account).await?.unwrap_or(0);
        let next = self
            .with_store(move |store| {
                if store.next_nonce()? < settled {
                    store.raise_nonce(settled)?;
                }
                store.next_nonce()
            })
            .await?;
        self.see(|seen| seen.used_elsewhere = next < newest);
        Ok(next < newest)
    }

    /// What to sign, without its nonce; `None` when the account cannot pay for it.
    fn sealing(&self, input: Vec<u8>, offer: Offer, burst: &mut Burst<'_>) -> Option<Sealing> {
        let fork = self.inner.preset.map_or(Fork::Unknown, |preset| {
            Fork::at(preset.forks, clock::now(), false)
        });
        let gas_limit = gas::limit(&input, fork);
        let cost = U256::from(gas_limit).saturating_mul(U256::from(offer.max_fee));
        burst.short = burst.left < cost;
        if burst.short {
            return None;
        }
        burst.left = burst.left.saturating_sub(cost);
        let chain_id = self.inner.profile.chain_id;
        Some(Sealing {
            chain_id,
            nonce: 0,
            gas_limit,
            offer,
            input,
        })
    }

    /// Signs and commits, unless the person has changed or withdrawn it meanwhile. A parent, with all
    /// before it, is exposed before a message that holds its hash is sealed.
    async fn seal(
        &self,
        row: &OutgoingRow,
        mut sealing: Sealing,
        burst: &mut Burst<'_>,
    ) -> Result<(), Failure> {
        if row.parent.is_some_and(|parent| burst.holds(parent)) {
            self.expose(burst.hashes()).await?;
        }
        let inner = std::sync::Arc::clone(&self.inner);
        let (id, revision) = (row.id, row.revision);
        let sealed = self
            .with_store(move |store| {
                sealing.nonce = store.next_nonce()?;
                let (nonce, gas_limit, offer) = (sealing.nonce, sealing.gas_limit, sealing.offer);
                let wire = sealing.input.clone();
                let Ok(sealed) = inner.account.seal(sealing) else {
                    tracing::error!(message = id.0, "a message could not be signed");
                    return Ok(None);
                };
                let variant = NewVariant {
                    revision,
                    nonce,
                    hash: sealed.hash,
                    raw: sealed.raw.clone(),
                    wire,
                    max_fee: offer.max_fee,
                    priority_fee: offer.priority_fee,
                    gas_limit,
                    at: clock::now(),
                };
                unless_changed(store.seal(id, &variant))
                    .map(|kept| kept.map(|()| (sealed.hash, sealed.raw)))
            })
            .await?;
        burst
            .sealed
            .extend(sealed.map(|(hash, raw)| (id, hash, raw)));
        Ok(())
    }

    async fn expose(&self, hashes: Vec<B256>) -> Result<(), Failure> {
        if hashes.is_empty() {
            return Ok(());
        }
        self.with_store(move |store| store.expose(&hashes, clock::now()))
            .await?;
        self.say(Changed::Outbox);
        Ok(())
    }

    /// Offers transactions whose exposure is committed.
    async fn offer(
        &self,
        endpoint: &Endpoint,
        sealed: &[(MessageId, B256, Vec<u8>)],
        known: &mut Known,
    ) -> Result<(), Broken> {
        if sealed.is_empty() {
            return Ok(());
        }
        let raw: Vec<Vec<u8>> = sealed.iter().map(|(_, _, raw)| raw.clone()).collect();
        let answers = endpoint.broadcast(&raw).await?;
        for ((_, hash, _), answer) in sealed.iter().zip(answers) {
            let outcome = match answer {
                Ok(()) => Outcome::Accepted,
                Err(SendFailure::Known) => Outcome::Known,
                Err(SendFailure::Offline(_)) => Outcome::Offline,
                Err(SendFailure::Refused(refusal)) => Outcome::Refused(refusal.word().to_owned()),
            };
            if matches!(outcome, Outcome::Accepted | Outcome::Known) {
                known.insert(*hash);
            }
            self.record(endpoint, *hash, outcome).await?;
        }
        Ok(())
    }

    async fn record(
        &self,
        endpoint: &Endpoint,
        hash: B256,
        outcome: Outcome,
    ) -> Result<(), Failure> {
        let url = endpoint.url().to_owned();
        self.with_store(move |store| store.attempt(hash, &url, clock::now(), &outcome))
            .await?;
        self.say(Changed::Outbox);
        Ok(())
    }

    async fn stop(&self, id: MessageId, why: Stop) -> Result<(), Failure> {
        tracing::warn!(message = id.0, "a message was stopped and needs a person");
        self.with_store(move |store| store.stop(id, why)).await?;
        self.say(Changed::Outbox);
        Ok(())
    }
}

/// Own transactions that may have left and are in no block, in the order of their nonces.
fn pending(rows: &[OutgoingRow]) -> Vec<(MessageId, &Variant)> {
    let mut pending: Vec<(MessageId, &Variant)> = rows
        .iter()
        .filter(|row| row.stopped.is_none() && row.variants.iter().all(|v| v.position.is_none()))
        .filter_map(|row| row.variants.last().map(|variant| (row.id, variant)))
        .collect();
    pending.sort_by_key(|(_, variant)| variant.nonce);
    pending
}

/// The first message that was sealed and not exposed, as a kill between the two commits leaves it.
/// Its seal is taken back: it never left, and fees are others by now. `None` too where a later one
/// was exposed, because then its nonce is needed.
fn never_exposed(rows: &[OutgoingRow]) -> Option<MessageId> {
    let variants = || {
        rows.iter()
            .flat_map(|row| row.variants.iter().map(|v| (row.id, v)))
    };
    let exposed = variants().filter(|(_, v)| v.exposed_at.is_some());
    let highest = exposed.map(|(_, v)| v.nonce).max();
    variants()
        .filter(|(_, v)| v.exposed_at.is_none() && highest.is_none_or(|nonce| v.nonce > nonce))
        .min_by_key(|(_, v)| v.nonce)
        .map(|(id, _)| id)
}

/// What the person did while the round was under way comes first.
fn unless_changed(kept: Result<(), StoreError>) -> Result<Option<()>, StoreError> {
    match kept {
        Ok(()) => Ok(Some(())),
        Err(StoreError::Conflict(
            Conflict::Edited(_) | Conflict::Cancelled(_) | Conflict::Stopped(_),
        )) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The messages that are sealed in one go, and what the account has left for them.
struct Burst<'a> {
    rows: &'a [OutgoingRow],
    left: U256,
    short: bool,
    sealed: Vec<(MessageId, B256, Vec<u8>)>,
}

impl<'a> Burst<'a> {
    /// What is on the way already is paid for first.
    fn new(rows: &'a [OutgoingRow], balance: U256) -> Self {
        let pending = rows
            .iter()
            .filter(|row| row.variants.iter().all(|v| v.position.is_none()));
        let reserved = pending
            .filter_map(|row| row.variants.last())
            .fold(U256::ZERO, |sum, v| {
                sum.saturating_add(U256::from(v.gas_limit).saturating_mul(U256::from(v.max_fee)))
            });
        Self {
            rows,
            left: balance.saturating_sub(reserved),
            short: false,
            sealed: Vec::new(),
        }
    }

    fn holds(&self, id: MessageId) -> bool {
        self.sealed.iter().any(|(sealed, _, _)| *sealed == id)
    }

    fn hashes(&self) -> Vec<B256> {
        self.sealed.iter().map(|(_, hash, _)| *hash).collect()
    }

    /// The final octets of a message; `None` while its parent's hash is not known.
    fn input(&self, row: &OutgoingRow) -> Option<Vec<u8>> {
        let Some(parent) = row.parent else {
            return Some(row.wire.clone());
        };
        let hash = self.hash_of(parent)?;
        let message = Message::decode(&row.wire).ok()?;
        let hash = TransactionHash::new(hash.0);
        Some(outgoing::with_reference(&message, hash).plaintext())
    }

    fn hash_of(&self, id: MessageId) -> Option<B256> {
        let sealed_now = self.sealed.iter().find(|(sealed, _, _)| *sealed == id);
        if let Some((_, hash, _)) = sealed_now {
            return Some(*hash);
        }
        let row = self.rows.iter().find(|row| row.id == id)?;
        let lead = crate::own::leading(row)?;
        lead.exposed_at.map(|_| lead.hash)
    }
}

#[cfg(test)]
mod tests;
