//! How far the chain is safe and final: the least of what endpoints say, and only about blocks that
//! are held here.

use alloy_primitives::B256;
use parley_store::{ChainChange, Store, StoreError};
use parley_wire::Changed;

use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// On chains that name no final block: one this deep is taken for final.
const DEPTH: u64 = 64;

type Named = Option<(u64, B256)>;

impl Parley {
    /// Asks how far the chain is safe and final, and keeps it where it is about blocks held here.
    pub(super) async fn settle(&self, connection: &Connection) -> Result<(), Broken> {
        let lead = &connection.lead;
        let named = lead.settled().await.map_err(|why| self.blame(lead, why))?;
        let (safe, finalized) = (named.safe, named.finalized);
        // A single endpoint that calls everything final would make a message look settled that is
        // not: a second one has to say so too, where there is one.
        let (safe, finalized) = match self.second_settled(lead.url(), finalized).await? {
            Some((other_safe, other_final)) => {
                (least(safe, other_safe), least(finalized, other_final))
            }
            None => (safe, finalized),
        };
        let changed = self
            .with_store(move |store| {
                let Some(tip) = store.tip()? else {
                    return Ok(false);
                };
                let deep = tip.number.checked_sub(DEPTH);
                let before = store.finality()?;
                let change = ChainChange {
                    safe: held(store, safe)?.or(deep),
                    finalized: held(store, finalized)?.or(deep.filter(|_| finalized.is_none())),
                    ..ChainChange::default()
                };
                store.advance(&change)?;
                Ok(store.finality()? != before)
            })
            .await?;
        if changed {
            self.say(Changed::Outbox);
            self.say(Changed::Signals);
        }
        Ok(())
    }

    /// Asked only when the first one names something new: it is settled slowly.
    async fn second_settled(
        &self,
        lead: &str,
        named: Named,
    ) -> Result<Option<(Named, Named)>, Broken> {
        let known = self.with_store(|store| store.finality()).await?.finalized;
        if self.is_thrifty() || named.is_none_or(|(number, _)| Some(number) <= known) {
            return Ok(None);
        }
        let Some(second) = self.second(&[lead]).await? else {
            return Ok(None);
        };
        match second.lead.settled().await {
            Ok(named) => Ok(Some((named.safe, named.finalized))),
            Err(why) => {
                let _ = self.blame(&second.lead, why);
                Ok(None)
            }
        }
    }
}

fn least(first: Named, second: Named) -> Named {
    match (first, second) {
        (Some(first), Some(second)) => Some(if first.0 <= second.0 { first } else { second }),
        // One that knows no such block says nothing against it.
        (first, second) => first.or(second),
    }
}

/// A named block's height, when it is the block that is held at that height.
fn held(store: &Store, named: Named) -> Result<Option<u64>, StoreError> {
    let Some((number, hash)) = named else {
        return Ok(None);
    };
    Ok(store
        .hash_at(number)?
        .filter(|held| *held == hash)
        .map(|_| number))
}
