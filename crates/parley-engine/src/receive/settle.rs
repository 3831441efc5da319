//! How far the chain is safe and final: the least of what endpoints say, and only about blocks that
//! are held here.

use alloy_primitives::B256;
use parley_chain::Settled;
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
        let opinion = self.second_settled(lead.url(), named.finalized).await?;
        let changed = self
            .with_store(move |store| {
                let Some(tip) = store.tip()? else {
                    return Ok(false);
                };
                let deep = tip.number.checked_sub(DEPTH);
                let before = store.finality()?;
                let (safe, finalized) = match opinion {
                    Opinion::NotAsked => (Some(u64::MAX), Some(u64::MAX)),
                    Opinion::Silent => (deep, deep),
                    Opinion::Told(other) => (
                        held(store, other.safe)?.max(deep),
                        held(store, other.finalized)?.max(deep),
                    ),
                };
                let change = ChainChange {
                    safe: least(held(store, named.safe)?, safe).or(deep),
                    finalized: match named.finalized {
                        None => deep,
                        Some(_) => least(held(store, named.finalized)?, finalized),
                    },
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
    async fn second_settled(&self, lead: &str, named: Named) -> Result<Opinion, Broken> {
        let known = self.with_store(|store| store.finality()).await?.finalized;
        if self.is_thrifty() || named.is_none_or(|(number, _)| Some(number) <= known) {
            return Ok(Opinion::NotAsked);
        }
        if self.pool().count() < 2 {
            return Ok(Opinion::NotAsked);
        }
        let Some(second) = self.second(&[lead]).await? else {
            return Ok(Opinion::Silent);
        };
        match second.lead.settled().await {
            Ok(settled) => Ok(Opinion::Told(settled)),
            Err(why) => {
                let _ = self.blame(&second.lead, why);
                Ok(Opinion::Silent)
            }
        }
    }
}

/// What a second endpoint says. A single endpoint that calls everything final would make a message look
/// settled that is not, so its word alone is not enough where there are others, but of deep blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opinion {
    /// There is none, or nothing new to ask about.
    NotAsked,
    /// There are others, and none of them answers now.
    Silent,
    /// This.
    Told(Settled),
}

fn least(first: Option<u64>, second: Option<u64>) -> Option<u64> {
    Some(first?.min(second?))
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
