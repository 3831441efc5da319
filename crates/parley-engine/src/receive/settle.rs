//! How far the chain is safe and final: what two endpoints say and none contradicts, and only about
//! blocks that are held here and were seen to be on their branch. What lies below a gap may have been
//! replaced meanwhile: it is called neither before the gap is closed.

use alloy_primitives::B256;
use parley_chain::Settled;
use parley_core::endpoint::{Event, Lie};
use parley_store::{ChainChange, Finality, Store, StoreError, Stretch};
use parley_wire::{Changed, Failure, OfflineReason};

use super::dispute;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// On chains that name no final block: one this deep is taken for final.
pub(super) const DEPTH: u64 = 64;

/// By depth alone, so many blocks become final at once.
const STEP: u64 = 8;
/// Since when nobody but one endpoint answers, seconds since 1970 UTC.
const ALONE: &str = "alone-since";
/// After so many seconds it is believed of deep blocks: whoever cuts a device off from the others can
/// do so for a while.
const LONG_ALONE: u64 = 60 * 60;

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
    /// Others name no such block, or are silent for long: one alone is believed of deep blocks only.
    Alone(Named),
    /// Nothing new, or they contradict each other: nothing more is settled before that is.
    Nothing,
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
        let (before, tip) = self
            .with_store(|store| Ok((store.finality()?, store.tip()?)))
            .await?;
        let deep = tip.and_then(|tip| tip.number.checked_sub(DEPTH));
        // A single endpoint that calls everything final would make a message look settled that is not.
        let (safe, finalized) = if self.is_thrifty() || self.pool().count() <= 1 {
            (Word::On(named.safe), Word::On(named.finalized))
        } else if is_news(named, before, deep) {
            self.agreed_settled(connection, named, deep).await?
        } else {
            (Word::Nothing, Word::Nothing)
        };
        let changed = self
            .with_store(move |store| {
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
        deep: Option<u64>,
    ) -> Result<(Word, Word), Broken> {
        // Whoever contradicts what is held may be right, and is not always there to say so.
        let open = self.with_store(|store| dispute::is_open(store)).await?;
        if open {
            return Ok((Word::Nothing, Word::Nothing));
        }
        let others = self.others(&[connection.lead.url()]).await?;
        if !self.may_be_alone(others.is_empty()).await? {
            return Ok((Word::Nothing, Word::Nothing));
        }
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
        let (safe, finalized) = (named_by_two(&safe), named_by_two(&finalized));
        if let Word::On(Some((height, hash))) = finalized {
            if self.is_contradicted(&others, height, hash).await? {
                return Ok((Word::Nothing, Word::Nothing));
            }
            return Ok((safe, finalized));
        }
        // Depth alone says nothing: who makes up a branch makes it as deep as it likes.
        if !others.is_empty() && !self.is_confirmed(&others, deep).await? {
            return Ok((Word::Nothing, Word::Nothing));
        }
        Ok((safe, finalized))
    }

    /// Whether the others are there, or were silent for so long that one alone has to do.
    async fn may_be_alone(&self, is_alone: bool) -> Result<bool, Failure> {
        let now = self.now();
        self.with_store(move |store| {
            let since = store.setting(ALONE)?;
            let since = since.and_then(|since| since.parse().ok());
            match (is_alone, since) {
                (false, None) => Ok(true),
                (false, Some(_)) => store.unset(ALONE).map(|()| true),
                (true, None) => store.set(ALONE, &now.to_string()).map(|()| false),
                (true, Some(since)) => Ok(now.saturating_sub(since) >= LONG_ALONE),
            }
        })
        .await
    }

    /// Whether others have the highest held block up to this height, and none another one.
    async fn is_confirmed(&self, others: &[Connection], deep: Option<u64>) -> Result<bool, Broken> {
        let held = self.with_store(move |store| highest(store, deep)).await?;
        let Some((height, held)) = held else {
            return Ok(false);
        };
        let mut confirmed = false;
        for other in others.iter().filter(|other| other.newest.number >= height) {
            confirmed |= self.opinion(other, height).await? == Some(held);
        }
        Ok(confirmed && !self.is_contradicted(others, height, held).await?)
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

/// Whether there may be more that is settled than before. By depth alone it moves in steps: others are
/// asked about each.
fn is_news(named: Settled, before: Finality, deep: Option<u64>) -> bool {
    let above =
        |named: Named, known: Option<u64>| named.is_some_and(|(number, _)| Some(number) > known);
    let by_depth = || {
        deep >= before
            .finalized
            .map_or(Some(0), |last| last.checked_add(STEP))
    };
    above(named.safe, before.safe)
        || above(named.finalized, before.finalized)
        || (named.finalized.is_none() && by_depth())
}

/// The highest block that is not only named by one: one alone can neither hurry nor hold up.
fn named_by_two(named: &[Named]) -> Word {
    let mut named: Vec<(u64, B256)> = named.iter().copied().flatten().collect();
    named.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
    match named.get(1) {
        Some(second) => Word::On(Some(*second)),
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
            Word::Nothing => Ok(None),
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

/// The highest held block up to a height.
fn highest(store: &Store, deep: Option<u64>) -> Result<Named, StoreError> {
    let stretches = store.coverage()?;
    let below = |deep: u64| stretches.iter().rev().find(|one| one.first <= deep);
    let Some(height) = deep.and_then(|deep| Some(below(deep)?.last.min(deep))) else {
        return Ok(None);
    };
    Ok(store.hash_at(height)?.map(|hash| (height, hash)))
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
