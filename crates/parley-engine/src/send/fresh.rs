//! Sealing what was never sealed, as many as there is room for: each with the next nonce, all with
//! their exposure in one commit, and only then offered.

use parley_core::fees::{self, Offer};
use parley_core::gas;
use parley_core::network::NetworkKind;
use parley_store::{Kind, OutgoingRow, Store, StoreError};
use parley_wire::{Changed, Failure};

use super::burst::{Burst, Wanted};
use super::{Known, Round, WINDOW, pending};
use crate::broken::Broken;
use crate::connect::Connection;
use crate::failpoint;
use crate::own;
use crate::pair;
use crate::parley::Parley;
use crate::settings;

impl Parley {
    /// Seals and offers as many messages as there is room for. Whether there was any.
    pub(super) async fn send_fresh(
        &self,
        round: &Round<'_>,
        in_no_block: &[OutgoingRow],
        known: &mut Known,
    ) -> Result<bool, Broken> {
        // Until the keys are protected, nothing leaves where signals count.
        if self.inner.kind == NetworkKind::Main || round.facts.has_code {
            return Ok(false);
        }
        let in_flight = pending(in_no_block);
        let in_flight = in_flight
            .iter()
            .filter(|one| one.nonce >= round.facts.nonce);
        let room = WINDOW.saturating_sub(in_flight.count());
        let now = self.now();
        let rows = self.leaving(room, now).await?;
        let rows = self
            .with_store(move |store| pair::with_vectors(store, rows, room))
            .await?;
        if room == 0 || rows.is_empty() || self.is_used_elsewhere(round).await? {
            return Ok(false);
        }
        let offer = fees::offer(&round.facts.fees, &settings::cap(&self.chosen()));
        let limits = self.gas_limits(round, &rows).await;
        let sealed = self
            .sealed(round, in_no_block, rows, offer, &limits)
            .await?;
        let any = !sealed.is_empty();
        self.offer(round, &sealed, known).await?;
        Ok(any)
    }

    /// The gas of each, by the rules of the network's fork. On a network that Parley does not know a
    /// node is asked too, and believed within limits.
    pub(super) async fn gas_limits(&self, round: &Round<'_>, rows: &[OutgoingRow]) -> Vec<u64> {
        let fork = round.fork;
        let mut limits = Vec::with_capacity(rows.len());
        for row in rows {
            let estimate = match self.inner.preset {
                Some(_) => None,
                None => round
                    .lead
                    .estimate(self.inner.profile.address, &row.wire)
                    .await
                    .ok()
                    .flatten(),
            };
            // The parent's hash has no zeros, as a rule; a place for it is counted as if it had none.
            let mut counted = row.wire.clone();
            if row.parent.is_some() {
                counted
                    .iter_mut()
                    .for_each(|octet| *octet = (*octet).max(1));
            }
            let custom = self.inner.preset.is_none();
            limits.push(gas::limit_checked(&counted, fork, custom, estimate));
        }
        limits
    }

    /// The gas rules in force now.
    pub(super) fn fork(&self, connection: &Connection) -> gas::Fork {
        let forks = self.inner.preset.map_or(&[][..], |preset| preset.forks);
        gas::Fork::at(forks, connection.newest.time, connection.amsterdam)
    }

    /// Signs, and commits all with their exposure. What a person changed meanwhile comes first.
    async fn sealed(
        &self,
        round: &Round<'_>,
        in_no_block: &[OutgoingRow],
        rows: Vec<OutgoingRow>,
        offer: Offer,
        limits: &[u64],
    ) -> Result<Vec<super::Offered>, Failure> {
        let inner = std::sync::Arc::clone(&self.inner);
        let (balance, at) = (round.facts.balance, self.now());
        let paid = round.paid;
        let (mut in_no_block, limits) = (in_no_block.to_vec(), limits.to_vec());
        let (offered, short) = self
            .with_store(move |store| {
                in_no_block.retain(|row| row.variants.iter().any(|variant| variant.nonce >= paid));
                let mut burst = Burst::new(&inner, &in_no_block, store.next_nonce()?, balance, at);
                parents(store, &rows, &mut burst)?;
                failpoint::pass("before", "sign");
                for (row, gas_limit) in rows.iter().zip(limits) {
                    let Some((input, refers)) = burst.input(row) else {
                        continue;
                    };
                    let wanted = Wanted {
                        row,
                        kind: Kind::Message,
                        nonce: None,
                        offer,
                        gas_limit,
                        input,
                        refers,
                    };
                    match burst.seal(wanted) {
                        Ok(true) => {}
                        Ok(false) => break,
                        Err(_) => {
                            tracing::error!(message = row.id.0, "a message could not be signed");
                            break;
                        }
                    }
                }
                burst.part_no_pair(store)?;
                failpoint::pass("after", "sign");
                let kept = store.seal_burst(&burst.sealed, at)?;
                Ok((Burst::offered(&burst.sealed, &kept), burst.short))
            })
            .await?;
        self.see(|seen| seen.short_of_funds = short);
        if !offered.is_empty() {
            self.say(Changed::Outbox);
            self.say(Changed::Status);
        }
        Ok(offered)
    }
}

/// The hashes of parents that left before.
fn parents(store: &Store, rows: &[OutgoingRow], burst: &mut Burst<'_>) -> Result<(), StoreError> {
    for parent in rows.iter().filter_map(|row| row.parent) {
        let row = store.own(parent)?;
        let hash = row.as_ref().and_then(own::lasting_hash);
        if let Some(hash) = hash {
            burst.knows(parent, hash);
        }
    }
    Ok(())
}
