//! Another fee for what is stuck, and a blank transaction in place of what a person gave up: further
//! variants at the same nonce. Never while a message that holds the hash has left.

use parley_core::fees::{self, Offer, Stuck};
use parley_core::gas;
use parley_store::{Conflict, Kind, OutgoingRow, StoreError};
use parley_wire::{Changed, Failure};

use super::burst::{Burst, Wanted};
use super::{Known, Offered, Pending, Round, pending};
use crate::broken::Broken;
use crate::failpoint;
use crate::parley::Parley;
use crate::settings;

impl Parley {
    /// Seals and offers other prices where that is due or a person asked for it.
    pub(super) async fn change_prices(
        &self,
        round: &Round<'_>,
        rows: &[OutgoingRow],
        known: &mut Known,
    ) -> Result<(), Broken> {
        let cap = settings::cap(&self.chosen());
        let market = fees::offer(&round.facts.fees, &cap);
        // What is in a block by the endpoint's count is past any other price.
        let mut waiting = pending(rows);
        waiting.retain(|one| one.nonce >= round.facts.nonce);
        let mut held_by_price = false;
        for (place, one) in waiting.iter().enumerate() {
            let kind = kind_of(one.row);
            let stuck = self.stuck(round, one, known).await?;
            held_by_price |= stuck == Stuck::WaitForPrice;
            // Only the first in the order of nonces can hold up others, so only that one is raised.
            let due = stuck == Stuck::MayRaise && place == 0;
            let asked =
                one.row.more_asked || (kind == Kind::Blank && one.newest.kind == Kind::Message);
            if !(due || asked) {
                continue;
            }
            let old = Offer {
                max_fee: one.newest.max_fee,
                priority_fee: one.newest.priority_fee,
            };
            let Some(offer) = fees::replacement(old, market, &cap) else {
                held_by_price = true;
                continue;
            };
            let offered = self.replaced(round, one, kind, offer).await?;
            self.offer(round, &offered, known).await?;
        }
        self.see(|seen| seen.held_by_price = held_by_price);
        Ok(())
    }

    async fn stuck(
        &self,
        round: &Round<'_>,
        one: &Pending<'_>,
        known: &Known,
    ) -> Result<Stuck, Failure> {
        let id = one.id;
        let dependents_exposed = self.with_store(move |store| store.is_quoted(id)).await?;
        Ok(fees::is_stuck(&fees::Pending {
            known_to_any: known.held.contains_key(&one.newest.hash),
            max_fee: one.newest.max_fee,
            base_fee: round.facts.fees.base_fee,
            waited_s: self.now().saturating_sub(known.since(one.newest)),
            dependents_exposed,
            patience_s: fees::PATIENCE_S,
        }))
    }

    /// Seals another variant at the same nonce; nothing where what refers to it has left meanwhile.
    async fn replaced(
        &self,
        round: &Round<'_>,
        one: &Pending<'_>,
        kind: Kind,
        offer: Offer,
    ) -> Result<Vec<Offered>, Failure> {
        let inner = std::sync::Arc::clone(&self.inner);
        let (row, nonce, at) = (one.row.clone(), one.nonce, self.now());
        let balance = round.facts.balance;
        let input = match kind {
            Kind::Message => row.wire.clone(),
            Kind::Blank => Vec::new(),
        };
        // A limit that a node found too low is not used again.
        let gas_limit = gas::limit(&input, round.fork).max(match kind {
            Kind::Message => one.newest.gas_limit,
            Kind::Blank => 0,
        });
        let refers = one.row.refers.filter(|_| kind == Kind::Message);
        let offered = self
            .with_store(move |store| {
                let mut burst = Burst::new(&inner, &[], nonce, balance, at);
                let wanted = Wanted {
                    row: &row,
                    kind,
                    nonce: Some(nonce),
                    offer,
                    gas_limit,
                    input,
                    refers,
                };
                failpoint::pass("before", "sign-another");
                let Ok(true) = burst.seal(wanted) else {
                    return Ok(Vec::new());
                };
                failpoint::pass("after", "sign-another");
                let kept = match store.seal_burst(&burst.sealed, at) {
                    Err(StoreError::Conflict(Conflict::DependentExposed(_))) => Vec::new(),
                    other => other?,
                };
                Ok(Burst::offered(&burst.sealed, &kept))
            })
            .await?;
        self.say(Changed::Outbox);
        Ok(offered)
    }
}

/// What is to be at its nonce.
fn kind_of(row: &OutgoingRow) -> Kind {
    if row.giving_up_at.is_some() {
        Kind::Blank
    } else {
        Kind::Message
    }
}
