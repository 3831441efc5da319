//! The same account on another device: nonces that were used there. What is only claimed is waited
//! for; what is proved by final blocks held here, or said alike by all endpoints that can be asked, is acted on,
//! because a nonce left out by mistake would hold back every later message.

use alloy_primitives::B256;
use parley_chain::Whereabouts;
use parley_core::MessageId;
use parley_wire::Changed;

use super::{Pending, Round};
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;
use crate::receive::is_contradicted;

impl Parley {
    /// Takes out, of what the endpoint does not have in a block, what another transaction has used the nonce of for ever: it is sealed afresh.
    pub(super) async fn displace_taken(
        &self,
        round: &Round<'_>,
        unknown: &mut Vec<&Pending<'_>>,
    ) -> Result<(), Broken> {
        // Final blocks held here prove it also where the chain names none as final.
        let used = round.facts.nonce;
        if !round.caught_up || unknown.iter().all(|one| one.nonce >= used) {
            return Ok(());
        }
        let claims = unknown
            .iter()
            .any(|one| Some(one.nonce) < round.facts.final_nonce);
        let others = if claims {
            self.others(&[round.lead.url()]).await?
        } else {
            Vec::new()
        };
        let agreed = self.agreed(&others).await?;
        let agreed = agreed
            .and_then(|others| others.final_nonce)
            .min(round.facts.final_nonce)
            .unwrap_or(0);
        let mut gone = Vec::new();
        for one in unknown.iter().filter(|one| one.nonce < used) {
            let own: Vec<B256> = one
                .row
                .variants
                .iter()
                .map(|variant| variant.hash)
                .collect();
            let mine = own.clone();
            let nonce = one.nonce;
            let proved = self.with_store(move |store| store.used_by(nonce)).await?;
            let taken = proved.iter().any(|hash| !own.contains(hash));
            let said = proved.is_empty() && one.nonce < agreed;
            if taken || (said && self.nobody_has(&others, &mine).await?) {
                gone.push(one.id);
            }
        }
        unknown.retain(|one| !gone.contains(&one.id));
        self.displace(gone).await
    }

    async fn displace(&self, gone: Vec<MessageId>) -> Result<(), Broken> {
        if gone.is_empty() {
            return Ok(());
        }
        tracing::warn!(
            messages = gone.len(),
            "the account is in use elsewhere: sealing afresh"
        );
        let now = self.now();
        self.with_store(move |store| store.displace(&gone, now))
            .await?;
        self.see(|seen| seen.displaced_at = Some(now));
        self.say(Changed::Outbox);
        Ok(())
    }

    /// Whether the chain has used nonces that this device has not. Those that are final are skipped
    /// for good; those that may still be taken back are waited for.
    pub(super) async fn is_used_elsewhere(&self, round: &Round<'_>) -> Result<bool, Broken> {
        let next = self.with_store(|store| store.next_nonce()).await?;
        if round.facts.nonce <= next {
            self.see(|seen| seen.used_elsewhere = false);
            return Ok(false);
        }
        let others = self.others(&[round.lead.url()]).await?;
        let second = self.least(&others).await;
        let agreed = if self.is_chain_contradicted().await? {
            None
        } else {
            second
        };
        let settled = self.settled_nonce(next, round, agreed.as_ref()).await?;
        if settled > next {
            self.with_store(move |store| store.raise_nonce(settled))
                .await?;
        }
        // One endpoint alone may be wrong about the newest: the lower count is believed, whatever else
        // they contradict each other about. At worst a nonce that is used is tried, and given up later.
        let newest = second.map_or(round.facts.nonce, |second| {
            second.nonce.min(round.facts.nonce)
        });
        let elsewhere = newest > settled.max(next);
        self.see(|seen| seen.used_elsewhere = elsewhere);
        Ok(elsewhere)
    }

    /// The first nonce from `next` on that is not used for ever.
    async fn settled_nonce(
        &self,
        next: u64,
        round: &Round<'_>,
        second: Option<&Counts>,
    ) -> Result<u64, Broken> {
        let claimed = round.facts.final_nonce.unwrap_or(0);
        let agreed = second
            .and_then(|second| second.final_nonce)
            .unwrap_or(0)
            .min(claimed);
        let proved = self
            .with_store(move |store| {
                let mut nonce = next;
                while !store.used_by(nonce)?.is_empty() {
                    nonce = nonce.saturating_add(1);
                }
                Ok(nonce)
            })
            .await?;
        Ok(proved.max(agreed).max(next))
    }

    /// What all others say of the account at least; `None` where there is nobody, or endpoints
    /// contradict each other about the chain itself: a nonce left out by mistake cannot be mended.
    async fn agreed(&self, others: &[Connection]) -> Result<Option<Counts>, Broken> {
        if self.is_chain_contradicted().await? {
            return Ok(None);
        }
        Ok(self.least(others).await)
    }

    async fn is_chain_contradicted(&self) -> Result<bool, Broken> {
        Ok(self.with_store(|store| is_contradicted(store)).await?)
    }

    /// What all others say of the account at least; `None` where nobody answers.
    async fn least(&self, others: &[Connection]) -> Option<Counts> {
        let mut least: Option<Counts> = None;
        for other in others {
            match other.lead.account(self.inner.profile.address).await {
                Ok(facts) => {
                    let before = least.unwrap_or(Counts::MOST);
                    least = Some(Counts {
                        nonce: before.nonce.min(facts.nonce),
                        final_nonce: before.final_nonce.min(facts.final_nonce),
                    });
                }
                Err(why) => drop(self.blame(&other.lead, why)),
            }
        }
        least
    }

    /// Whether no other endpoint has any of these in a block.
    async fn nobody_has(&self, others: &[Connection], hashes: &[B256]) -> Result<bool, Broken> {
        for other in others {
            match other.lead.whereabouts(hashes).await {
                Ok(places) if places.contains(&Whereabouts::Block) => return Ok(false),
                Ok(_) => {}
                Err(why) => drop(self.blame(&other.lead, why)),
            }
        }
        Ok(true)
    }
}

/// How many transactions the account has sent.
#[derive(Clone, Copy)]
struct Counts {
    nonce: u64,
    /// In final blocks; none where none is final.
    final_nonce: Option<u64>,
}

impl Counts {
    const MOST: Self = Self {
        nonce: u64::MAX,
        final_nonce: Some(u64::MAX),
    };
}
