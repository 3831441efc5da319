//! How far the chain is safe and final: what two endpoints say and none contradicts, and only about
//! blocks that are held here.

use alloy_primitives::B256;
use parley_chain::Settled;
use parley_core::endpoint::{Event, Lie};
use parley_store::{ChainChange, Store, StoreError};
use parley_wire::{Changed, OfflineReason};

use super::dispute;
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
            (named.safe, named.finalized)
        };
        let no_finality = named.finalized.is_none();
        let changed = self
            .with_store(move |store| {
                let Some(tip) = store.tip()? else {
                    return Ok(false);
                };
                let deep = tip.number.checked_sub(DEPTH);
                let change = ChainChange {
                    safe: held(store, safe)?.or(deep),
                    finalized: held(store, finalized)?.or(deep.filter(|_| no_finality)),
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
    ) -> Result<(Named, Named), Broken> {
        // Whoever contradicts what is held may be right, and is not always there to say so.
        let open = self.with_store(|store| dispute::is_open(store)).await?;
        if open {
            return Ok((None, None));
        }
        let others = self.others(&[connection.lead.url()]).await?;
        let (mut safe, mut finalized) = (vec![named.safe], vec![named.finalized]);
        for other in &others {
            match other.lead.settled().await {
                Ok(named) => {
                    safe.push(named.safe);
                    finalized.push(named.finalized);
                    if self.judge_final(other, named.finalized).await.is_err() {
                        safe.pop();
                        finalized.pop();
                    }
                }
                Err(why) => drop(self.blame(&other.lead, why)),
            }
        }
        let finalized = named_by_two(&finalized);
        let finalized = match finalized {
            Some((height, hash)) if self.is_contradicted(&others, height, hash).await? => None,
            other => other,
        };
        Ok((named_by_two(&safe), finalized))
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
/// hurry nor hold up. One that knows no such block says nothing.
fn named_by_two(named: &[Named]) -> Named {
    let mut named: Vec<(u64, B256)> = named.iter().copied().flatten().collect();
    named.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
    named.get(1).or(named.first()).copied()
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
