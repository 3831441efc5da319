//! How far the chain is safe and final: what two endpoints say and none contradicts, and only about
//! blocks that are held here and were seen to be on their branch. What lies below a gap may have been
//! replaced meanwhile: it is called neither before the gap is closed.

use alloy_primitives::B256;
use parley_chain::Settled;
use parley_core::endpoint::{Event, Lie};
use parley_store::{ChainChange, Store, StoreError, Stretch};
use parley_wire::{Changed, OfflineReason};

use super::dispute;
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

/// What endpoints say together of how far the chain is settled in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// This far.
    On(Named),
    /// Others are there and silent, or know no such block: one alone is believed of deep blocks only.
    Alone(Named),
    /// They contradict each other: nothing more is settled before that is.
    Disputed,
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
        self.judge_final(connection, named.finalized).await?;
        let before = self.with_store(|store| store.finality()).await?;
        let is_news = |named: Named, known: Option<u64>| {
            named.is_some_and(|(number, _)| Some(number) > known)
        };
        let news = is_news(named.safe, before.safe) || is_news(named.finalized, before.finalized);
        // A single endpoint that calls everything final would make a message look settled that is not.
        let (safe, finalized) = if news && !self.is_thrifty() {
            self.agreed_settled(connection, named).await?
        } else {
            (Word::On(named.safe), Word::On(named.finalized))
        };
        let changed = self
            .with_store(move |store| {
                let Some(tip) = store.tip()? else {
                    return Ok(false);
                };
                let deep = tip.number.checked_sub(DEPTH);
                let held = Held::read(store, looked, before.finalized)?;
                let change = ChainChange {
                    safe: held.by(store, safe, deep)?,
                    finalized: held.by(store, finalized, deep)?,
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

    /// What the others say too. Asked only when the first one names something new: it is settled
    /// slowly.
    async fn agreed_settled(
        &self,
        connection: &Connection,
        named: Settled,
    ) -> Result<(Word, Word), Broken> {
        // Whoever contradicts what is held may be right, and is not always there to say so.
        let open = self.with_store(|store| dispute::is_open(store)).await?;
        if open {
            return Ok((Word::Disputed, Word::Disputed));
        }
        let others = self.others(&[connection.lead.url()]).await?;
        let (mut safe, mut finalized) = (vec![named.safe], vec![named.finalized]);
        for other in &others {
            match other.lead.settled().await {
                Ok(named) => {
                    if self.judge_final(other, named.finalized).await.is_ok() {
                        safe.push(named.safe);
                        finalized.push(named.finalized);
                    }
                }
                Err(why) => drop(self.blame(&other.lead, why)),
            }
        }
        let is_only_one = self.pool().count() <= 1;
        let finalized = named_by_two(&finalized, is_only_one);
        let finalized = if let Word::On(Some((height, hash))) = finalized
            && self.is_contradicted(&others, height, hash).await?
        {
            Word::Disputed
        } else {
            finalized
        };
        Ok((named_by_two(&safe, is_only_one), finalized))
    }

    /// Whether anybody names another block at a height: then it is not final so far.
    async fn is_contradicted(
        &self,
        others: &[Connection],
        height: u64,
        hash: B256,
    ) -> Result<bool, Broken> {
        for other in others.iter().filter(|other| other.newest.number >= height) {
            if !self.is_usable(other.lead.url())
                || self
                    .opinion(other, height)
                    .await?
                    .is_none_or(|theirs| theirs == hash)
            {
                continue;
            }
            let own = other.lead.header(height).await;
            if own.is_ok_and(|own| own.is_none_or(|own| own.hash != hash)) {
                return Ok(true);
            }
            // Its history contract says something else than its own chain.
            self.on_endpoint(other.lead.url(), Event::Lied(Lie::ForgedReply));
        }
        Ok(false)
    }

    /// A final block that is not the one which the same endpoint has at its height is none.
    async fn judge_final(&self, of: &Connection, named: Named) -> Result<(), Broken> {
        let Some((number, hash)) = named else {
            return Ok(());
        };
        let held = self.with_store(move |store| store.hash_at(number)).await?;
        if held.is_none_or(|held| held == hash) {
            return Ok(());
        }
        let own = of.lead.header(number).await;
        let own = own.map_err(|why| self.blame(&of.lead, why))?;
        if own.is_some_and(|own| own.hash != hash) {
            self.on_endpoint(of.lead.url(), Event::Lied(Lie::FinalReplaced));
            return Err(Broken::Offline(OfflineReason::BadAnswer));
        }
        Ok(())
    }
}

/// The highest block that is not only named by one, where there are others: one alone can neither
/// hurry nor hold up.
fn named_by_two(named: &[Named], is_only_one: bool) -> Word {
    let mut named: Vec<(u64, B256)> = named.iter().copied().flatten().collect();
    named.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
    match named.get(1) {
        Some(second) => Word::On(Some(*second)),
        None if is_only_one => Word::On(named.first().copied()),
        None => Word::Alone(named.first().copied()),
    }
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

    /// The height up to which held blocks are settled by this word.
    fn by(&self, store: &Store, word: Word, deep: Option<u64>) -> Result<Option<u64>, StoreError> {
        match word {
            Word::On(named) => self.settled(store, named, deep),
            Word::Alone(named) => {
                let named = self.settled(store, named, deep)?;
                Ok(named.min(self.settled(store, None, deep)?))
            }
            Word::Disputed => Ok(None),
        }
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
