//! A second opinion: whether the other endpoints name the same block at the same height. Blocks are
//! linked by their hashes, so one opinion speaks for everything below it; what no link leads to is asked
//! about by itself. Whoever can be asked is asked: a block that anybody contradicts is not called verified. Where most name another block than
//! the leading one, they are followed; whoever is alone on a branch that goes deeper than branches
//! grow is not asked again.

use alloy_primitives::B256;
use parley_core::endpoint::{Event, Lie};
use parley_store::{Store, StoreError, Unspoken};
use parley_wire::{Changed, OfflineReason, Receive};

use super::dispute;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// Branches of honest endpoints join below this many blocks.
const DEEP: u64 = 8;
/// With the leading one, so many outweigh one that was outvoted.
const ENOUGH: usize = 3;
/// After so many blocks at the latest others are asked about the branch again.
const EVERY: u64 = 32;
/// Whoever is alone over so many blocks, so often in a row, is so on purpose. Two branches at the tip are
/// one within a few blocks, so that a sound endpoint agrees in between; who forges only the newest blocks,
/// ever anew, is never [`DEEP`] below and would hold up each opinion for ever.
const LONG: (u64, u32) = (32, 8);
/// So many separate stretches are asked about in one round.
const AT_ONCE: u32 = 4;

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

/// What is asked about: blocks that follow each other up to `last`.
#[derive(Clone, Copy)]
struct About {
    last: u64,
    /// The newest of them with a message that nobody has spoken for.
    message: Option<u64>,
    /// They are the newest of all.
    is_newest: bool,
}

impl About {
    fn newest(tip: u64, unspoken: Option<Unspoken>) -> Self {
        Self {
            last: tip,
            message: unspoken.map(|one| one.newest),
            is_newest: true,
        }
    }

    fn apart(unspoken: Unspoken) -> Self {
        Self {
            last: unspoken.last,
            message: Some(unspoken.newest),
            is_newest: false,
        }
    }

    /// A block to ask about: at this height, or where its hash is no longer known, the one with the
    /// message.
    fn place(self, store: &Store, height: Option<u64>) -> Result<Option<(u64, B256)>, StoreError> {
        for height in [height, self.message].into_iter().flatten() {
            if let Some(hash) = store.hash_at(height)? {
                return Ok(Some((height, hash)));
            }
        }
        Ok(None)
    }
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Nothing,
    Same,
    Differ,
}

/// The height at which most can be asked about blocks up to `last`. One that lags far behind would hold
/// up every opinion; but where all do, what they know must be the same.
fn common(heads: impl Iterator<Item = u64> + Clone, last: u64) -> Option<u64> {
    let near = heads
        .clone()
        .filter(|head| head.saturating_add(DEEP) > last)
        .min();
    near.or(heads.max()).map(|head| head.min(last))
}

/// What an endpoint names at a height.
struct Vote<'a> {
    by: &'a Connection,
    hash: B256,
}

impl Parley {
    /// Asks for opinions where messages have none, and now and then about the newest block: who leaves
    /// messages out shows none.
    pub(super) async fn ask_witness(&self, connection: &Connection) -> Result<(), Broken> {
        self.see(|seen| seen.dispute = Dispute::default());
        let (tip, open, unspoken) = self
            .with_store(|store| {
                let open = dispute::is_any(store)?;
                Ok((store.tip()?, open, store.unspoken(AT_ONCE)?))
            })
            .await?;
        let Some(tip) = tip else {
            return Ok(());
        };
        let rested = open || self.opinions().is_over(self.ms());
        let due = rested && (open || self.is_branch_due(tip.number));
        let (top, apart): (Vec<_>, Vec<_>) =
            unspoken.into_iter().partition(|one| one.last == tip.number);
        let apart = if rested { apart } else { Vec::new() };
        if !due && top.is_empty() && apart.is_empty() {
            return Ok(());
        }
        let others = self.others(&[connection.lead.url()]).await?;
        if others.is_empty() {
            return Ok(());
        }
        // What lies apart first: what the newest block settles must be settled for all. Of that the oldest:
        // what they differ about above says nothing of it.
        for one in apart.into_iter().rev() {
            let about = About::apart(one);
            if self.ask_about(connection, &others, about).await? == Heard::Differ {
                return Ok(());
            }
        }
        if due || !top.is_empty() {
            let about = About::newest(tip.number, top.first().copied());
            self.ask_about(connection, &others, about).await?;
        }
        Ok(())
    }

    /// Whether nobody else was asked for long whether this is the branch. Where only single blocks are
    /// received there is none.
    fn is_branch_due(&self, tip: u64) -> bool {
        let heard = self.seen().heard;
        self.chosen().receive == Receive::Everything
            && heard.is_none_or(|heard| heard.abs_diff(tip) >= EVERY)
    }

    async fn ask_about(
        &self,
        connection: &Connection,
        others: &[Connection],
        about: About,
    ) -> Result<Heard, Broken> {
        let heads = others.iter().map(|other| other.newest.number);
        let height = common(heads, about.last);
        let known = self.with_store(move |store| about.place(store, height));
        let votes = match known.await? {
            Some((height, held)) => Some((height, held, self.votes(others, height).await?)),
            None => None,
        };
        let Some((height, held, votes)) = votes.filter(|(_, _, votes)| !votes.is_empty()) else {
            let now_ms = self.ms();
            self.opinions().fruitless(now_ms);
            return Ok(Heard::Nothing);
        };
        self.opinions().fruitful();
        if votes.iter().all(|vote| vote.hash == held) {
            self.agree(connection, about, (height, held), &votes)
                .await?;
            return Ok(Heard::Same);
        }
        self.differ(connection, height, held, votes).await?;
        Ok(Heard::Differ)
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
    /// it. The leading one, from which it was received, is for it. What is said of a block says nothing of
    /// those above it.
    async fn agree(
        &self,
        connection: &Connection,
        about: About,
        (height, hash): (u64, B256),
        votes: &[Vote<'_>],
    ) -> Result<(), Broken> {
        let at = self.now();
        let mut for_it = urls_of(votes);
        for_it.push(connection.lead.url().to_owned());
        for_it.iter().for_each(|url| self.pool().agrees(url));
        let urls = urls_of(votes);
        let times = self
            .with_store(move |store| {
                let against = dispute::still_against(store, &for_it)?;
                if about.is_newest {
                    dispute::only(store, &against)?;
                }
                if !against.is_empty() && urls.len() < ENOUGH - 1 {
                    return match dispute::is_said(store)? || !about.is_newest {
                        true => Ok(0),
                        false => dispute::keep(store, &[], false),
                    };
                }
                if about.message.is_some() {
                    urls.iter()
                        .try_for_each(|url| store.witness(height, hash, url, at))?;
                }
                if about.is_newest {
                    dispute::forget(store)?;
                }
                Ok(0)
            })
            .await?;
        self.see(|seen| {
            seen.dispute = Dispute { times };
            if about.is_newest {
                seen.heard = Some(height);
            }
        });
        if about.message.is_some() {
            self.say(Changed::Signals);
        }
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
        let named: Vec<B256> = votes.iter().map(|vote| vote.hash).collect();
        let most = majority(&named);
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

    /// Those against the majority whose branch goes too deep, or who are so for long, are not asked again.
    /// Whether there are any.
    async fn outvote(
        &self,
        height: u64,
        votes: &[Vote<'_>],
        most: Option<B256>,
    ) -> Result<bool, Broken> {
        let Some(most) = most else {
            return Ok(false);
        };
        let Some(judge) = votes.iter().find(|vote| vote.hash == most) else {
            return Ok(false);
        };
        let deep = height.checked_sub(DEEP);
        let mut outvoted = false;
        for vote in votes {
            let url = vote.by.lead.url();
            if vote.hash == most {
                self.pool().agrees(url);
                continue;
            }
            let (blocks, times) = self.pool().outvoted(url, height);
            let for_long = blocks >= LONG.0 && times >= LONG.1;
            if for_long || self.are_apart(judge.by, vote.by, deep).await? {
                self.on_endpoint(url, Event::Lied(Lie::Outvoted));
                outvoted = true;
            }
        }
        Ok(outvoted)
    }

    /// Whether they name different blocks at a height.
    async fn are_apart(
        &self,
        one: &Connection,
        two: &Connection,
        height: Option<u64>,
    ) -> Result<bool, Broken> {
        let Some(height) = height else {
            return Ok(false);
        };
        let one = self.opinion(one, height).await?;
        // The history contract may tell another story than the chain itself.
        let two = self.opinion(two, height).await?;
        Ok(one.is_some() && two.is_some() && one != two)
    }
}

fn urls_of(votes: &[Vote<'_>]) -> Vec<String> {
    let urls = votes.iter().map(|vote| vote.by.lead.url().to_owned());
    urls.collect()
}

/// What more than half of three or more name.
fn majority(named: &[B256]) -> Option<B256> {
    let count = |hash: B256| named.iter().filter(|other| **other == hash).count();
    let mut named_by_most = named.iter().copied();
    named_by_most.find(|hash| named.len() >= ENOUGH && count(*hash) * 2 > named.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_half_of_three_or_more_are_a_majority() {
        let [a, b, c] = [1, 2, 3].map(B256::with_last_byte);
        assert_eq!(majority(&[a, b, b]), Some(b));
        assert_eq!(majority(&[b, a, c, b, b]), Some(b));
        assert_eq!(majority(&[b, a, c, b, a]), None);
        assert_eq!(majority(&[a, a, b, b]), None, "half is none");
        assert_eq!(majority(&[a, a]), None, "two decide nothing");
        assert_eq!(majority(&[a, b, c]), None);
    }

    #[test]
    fn one_that_lags_far_holds_up_no_opinion_and_where_all_do_they_are_asked_about_what_they_have()
    {
        let common = |heads: &[u64]| common(heads.iter().copied(), 100);
        assert_eq!(common(&[100, 98, 105]), Some(98));
        assert_eq!(common(&[105, 103]), Some(100));
        assert_eq!(common(&[100, 92]), Some(100), "8 behind is far");
        assert_eq!(common(&[93, 100]), Some(93));
        assert_eq!(common(&[40, 60]), Some(60));
        assert_eq!(common(&[]), None);
    }
}
