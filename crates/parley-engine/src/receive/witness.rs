//! A second opinion: whether the other endpoints name the same block at the same height. Blocks are
//! linked by their hashes, so one opinion speaks for everything below it. Whoever can be asked is
//! asked: a block that anybody contradicts is not called verified. Where most name another block than
//! the leading one, they are followed; whoever is alone on a branch that goes deeper than branches
//! grow is not asked again.

use alloy_primitives::B256;
use parley_core::endpoint::{Event, Lie};
use parley_wire::{Changed, OfflineReason};

use super::dispute;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// Branches of honest endpoints join below this many blocks.
const DEEP: u64 = 8;
/// With the leading one, so many outweigh one that was outvoted.
const ENOUGH: usize = 3;

/// How often in a row endpoints named different blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dispute {
    times: u64,
}

impl Dispute {
    /// Endpoints differ, and it is not known so far whether a branch is only just changing.
    pub(crate) fn is_open(self) -> bool {
        (1..dispute::PATIENCE).contains(&self.times)
    }
}

/// What an endpoint names at a height.
struct Vote<'a> {
    by: &'a Connection,
    hash: B256,
}

impl Parley {
    /// Asks for opinions where the newest block with a message has none.
    pub(super) async fn ask_witness(&self, connection: &Connection) -> Result<(), Broken> {
        self.see(|seen| seen.dispute = Dispute::default());
        if self.is_thrifty() || !self.with_store(|store| store.wants_witness()).await? {
            return Ok(());
        }
        let others = self.others(&[connection.lead.url()]).await?;
        let Some(tip) = self.with_store(|store| store.tip()).await? else {
            return Ok(());
        };
        // One that lags far behind would hold up every opinion.
        let heads = others.iter().map(|other| other.newest.number);
        let near = heads.filter(|head| head.saturating_add(DEEP) > tip.number);
        let Some(height) = near.min().map(|lowest| lowest.min(tip.number)) else {
            return Ok(());
        };
        let Some(held) = self.with_store(move |store| store.hash_at(height)).await? else {
            return Ok(());
        };
        let votes = self.votes(&others, height).await?;
        if votes.is_empty() {
            return Ok(());
        }
        if votes.iter().all(|vote| vote.hash == held) {
            return self.agree(connection, height, held, &votes).await;
        }
        self.differ(connection, height, held, votes).await
    }

    /// What others name at a height, of those that have a block there.
    async fn votes<'a>(&self, of: &'a [Connection], height: u64) -> Result<Vec<Vote<'a>>, Broken> {
        let mut votes = Vec::with_capacity(of.len());
        for by in of {
            let hash = self.opinion(by, height).await?;
            votes.extend(hash.map(|hash| Vote { by, hash }));
        }
        Ok(votes)
    }

    /// The hash that an endpoint names at a height.
    pub(super) async fn opinion(
        &self,
        of: &Connection,
        height: u64,
    ) -> Result<Option<B256>, Broken> {
        if of.newest.number == height {
            return Ok(Some(of.newest.hash));
        }
        match of.lead.witness(height).await {
            Ok(hash) => Ok(hash),
            Err(why) => {
                let _ = self.blame(&of.lead, why);
                Ok(None)
            }
        }
    }

    /// Whoever was against it before and cannot be asked now is still against it, unless others outweigh
    /// it.
    async fn agree(
        &self,
        connection: &Connection,
        height: u64,
        hash: B256,
        votes: &[Vote<'_>],
    ) -> Result<(), Broken> {
        let at = self.now();
        let lead = connection.lead.url().to_owned();
        let urls: Vec<String> = votes
            .iter()
            .map(|vote| vote.by.lead.url().to_owned())
            .collect();
        let times = self
            .with_store(move |store| {
                let against = dispute::dissent(store)?;
                // The leading one says the same by now, or it would not lead here.
                let agrees = |url: &String| *url == lead || urls.contains(url);
                let still = !against.iter().all(agrees);
                if still && urls.len() < ENOUGH - 1 {
                    return match dispute::is_said(store)? {
                        true => Ok(0),
                        false => dispute::keep(store, &[], false),
                    };
                }
                urls.iter()
                    .try_for_each(|url| store.witness(height, hash, url, at))?;
                dispute::forget(store)?;
                Ok(0)
            })
            .await?;
        self.see(|seen| seen.dispute = Dispute { times });
        self.say(Changed::Signals);
        Ok(())
    }

    async fn differ(
        &self,
        connection: &Connection,
        height: u64,
        held: B256,
        mut votes: Vec<Vote<'_>>,
    ) -> Result<(), Broken> {
        // The branch may just be changing: the next round looks again.
        if self.opinion(connection, height).await? != Some(held) {
            return Ok(());
        }
        votes.push(Vote {
            by: connection,
            hash: held,
        });
        let most = majority(&votes);
        let outvoted = self.outvote(height, &votes, most).await?;
        let against = votes
            .iter()
            .filter(|vote| vote.hash != most.unwrap_or(held));
        let against: Vec<String> = against.map(|vote| vote.by.lead.url().to_owned()).collect();
        let times = self
            .with_store(move |store| dispute::keep(store, &against, outvoted))
            .await?;
        self.see(|seen| seen.dispute = Dispute { times });
        self.say(Changed::Status);
        if most.is_none_or(|most| most == held) {
            return Ok(());
        }
        // The others are followed at once.
        self.on_endpoint(
            connection.lead.url(),
            Event::Failed {
                retry_after_ms: None,
            },
        );
        Err(Broken::Offline(OfflineReason::BadAnswer))
    }

    /// Those against the majority whose branch goes too deep are not asked again. Whether there are any.
    async fn outvote(
        &self,
        height: u64,
        votes: &[Vote<'_>],
        most: Option<B256>,
    ) -> Result<bool, Broken> {
        let (Some(most), Some(deep)) = (most, height.checked_sub(DEEP)) else {
            return Ok(false);
        };
        let Some(judge) = votes.iter().find(|vote| vote.hash == most) else {
            return Ok(false);
        };
        let right = self.opinion(judge.by, deep).await?;
        let mut outvoted = false;
        for vote in votes.iter().filter(|vote| vote.hash != most) {
            // The history contract may tell another story than the chain itself.
            let theirs = self.opinion(vote.by, deep).await?;
            if right.is_some() && theirs.is_some() && right != theirs {
                self.on_endpoint(vote.by.lead.url(), Event::Lied(Lie::Outvoted));
                outvoted = true;
            }
        }
        Ok(outvoted)
    }
}

/// What more than half of three or more name.
fn majority(votes: &[Vote<'_>]) -> Option<B256> {
    let count = |hash: B256| votes.iter().filter(|vote| vote.hash == hash).count();
    votes
        .iter()
        .map(|vote| vote.hash)
        .find(|hash| votes.len() >= ENOUGH && count(*hash) * 2 > votes.len())
}
