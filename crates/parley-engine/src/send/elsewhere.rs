//! The same account on another device: nonces that were used there. What is only claimed is waited
//! for; what is proved by final blocks held here, or said alike by two endpoints, is acted on,
//! because a nonce left out by mistake would hold back every later message.

use alloy_primitives::B256;
use parley_chain::AccountFacts;
use parley_core::MessageId;
use parley_wire::Changed;

use super::{Pending, Round};
use crate::broken::Broken;
use crate::parley::Parley;

impl Parley {
    /// Takes out what another transaction has used the nonce of for ever: it is sealed afresh.
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
        let agreed = match claims {
            true => self.agreed(round).await?,
            false => None,
        };
        let agreed = agreed
            .and_then(|second| second.final_nonce)
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
            let nonce = one.nonce;
            let proved = self.with_store(move |store| store.used_by(nonce)).await?;
            let taken = proved.iter().any(|hash| !own.contains(hash));
            if taken || (proved.is_empty() && one.nonce < agreed) {
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
        let second = self.agreed(round).await?;
        let settled = self.settled_nonce(next, round, second.as_ref()).await?;
        if settled > next {
            self.with_store(move |store| store.raise_nonce(settled))
                .await?;
        }
        // One endpoint alone may be wrong about the newest: the lower count is believed.
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
        second: Option<&AccountFacts>,
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

    /// What a second endpoint says of the account.
    async fn agreed(&self, round: &Round<'_>) -> Result<Option<AccountFacts>, Broken> {
        let Some(second) = self.second(&[round.connection.lead.url()]).await? else {
            return Ok(None);
        };
        match second.lead.account(self.inner.profile.address).await {
            Ok(facts) => Ok(Some(facts)),
            Err(why) => {
                let _ = self.blame(&second.lead, why);
                Ok(None)
            }
        }
    }
}
