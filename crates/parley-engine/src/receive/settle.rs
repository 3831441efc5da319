//! How far the chain is safe and final: the least of what endpoints say, and only about blocks that
//! are held here and were seen to be on their branch. What lies below a gap may have been replaced
//! meanwhile: it is called neither before the gap is closed.

use alloy_primitives::B256;
use parley_chain::Settled;
use parley_store::{ChainChange, Store, StoreError, Stretch};
use parley_wire::Changed;

use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// On chains that name no final block: one this deep is taken for final.
const DEPTH: u64 = 64;

type Named = Option<(u64, B256)>;

/// Which of the blocks that are not final were just seen to be on the endpoint's branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// The newest one, and so everything that is linked to it.
    AtNewest,
    /// Each by itself.
    AtEach,
}

impl Parley {
    /// Asks how far the chain is safe and final, and keeps it where it is about blocks held here.
    pub(super) async fn settle(
        &self,
        connection: &Connection,
        looked: Looked,
    ) -> Result<(), Broken> {
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
                let held = Held::read(store, looked, before.finalized)?;
                let at_least = held.settled(store, None, deep)?;
                let (safe, finalized) = match opinion {
                    Opinion::NotAsked => (Some(u64::MAX), Some(u64::MAX)),
                    Opinion::Silent => (at_least, at_least),
                    Opinion::Told(other) => (
                        held.settled(store, other.safe, deep)?.max(at_least),
                        held.settled(store, other.finalized, deep)?.max(at_least),
                    ),
                };
                let change = ChainChange {
                    safe: least(held.settled(store, named.safe, deep)?, safe).or(at_least),
                    finalized: least(held.settled(store, named.finalized, deep)?, finalized),
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

/// What is held, where it is sure that its blocks are on the endpoint's branch.
struct Held(Vec<Stretch>);

impl Held {
    /// Nothing, where something was not looked at that may have been replaced.
    fn read(store: &Store, looked: Looked, finalized: Option<u64>) -> Result<Self, StoreError> {
        let stretches = store.coverage()?;
        let doubtful = looked == Looked::AtNewest && is_doubtful(&stretches, finalized);
        Ok(Self(if doubtful { Vec::new() } else { stretches }))
    }

    /// The height up to which held blocks are as settled as the named one, or as one that is `deep`
    /// where none is named.
    fn settled(
        &self,
        store: &Store,
        named: Named,
        deep: Option<u64>,
    ) -> Result<Option<u64>, StoreError> {
        let Some(number) = named.map(|(number, _)| number).or(deep) else {
            return Ok(None);
        };
        let below = self.0.iter().rev().find(|one| one.first <= number);
        let Some(height) = below.map(|one| one.last.min(number)) else {
            return Ok(None);
        };
        let other = match named {
            Some((number, hash)) if number == height => store.hash_at(number)? != Some(hash),
            Some(_) | None => false,
        };
        Ok(Some(height).filter(|_| !other))
    }
}

/// Whether something that is not final lies below a gap.
fn is_doubtful(stretches: &[Stretch], finalized: Option<u64>) -> bool {
    let gap = stretches.windows(2).rev().find_map(|pair| match pair {
        [below, above] if below.last.checked_add(1) != Some(above.first) => Some(below.last),
        _ => None,
    });
    gap.is_some_and(|last| finalized.is_none_or(|finalized| last > finalized))
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_core::verification::Verification;

    fn stretch(first: u64, last: u64) -> Stretch {
        Stretch {
            first,
            last,
            level: Verification::Block,
            parent: B256::ZERO,
            tip: B256::ZERO,
            unreadable: 0,
        }
    }

    #[test]
    fn only_what_is_final_may_lie_below_a_gap() {
        let held = [stretch(0, 9), stretch(20, 29), stretch(30, 40)];
        assert!(is_doubtful(&held, None));
        assert!(is_doubtful(&held, Some(8)));
        assert!(!is_doubtful(&held, Some(9)));
        assert!(!is_doubtful(&held[1..], None), "they touch");
        assert!(!is_doubtful(&[], None));
    }
}
