//! The newest blocks: from the newest one held to the endpoint's head, over whatever branch the
//! endpoint is on. Who was away for long begins anew at the head; what lies between is filled later.

use parley_chain::Block;
use parley_core::chain::{self, Header, Step};
use parley_core::endpoint::{Event, Lie};
use parley_wire::OfflineReason;

use super::dispute;
use super::fetch::linked;
use super::settle::Looked;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// A head further away than this is begun anew.
const NEAR: u64 = 64;

/// Branches of sound chains part above so many of the newest blocks: from there on down the final block
/// is asked for first.
const LONG: u64 = 8;

/// The least pause before an endpoint is asked again that contradicts a final block, milliseconds.
const ALARM_PAUSE_MS: u64 = 12_000;

/// So many others outweigh one that is alone.
const MORE: usize = 2;

impl Connection {
    /// Whether its chain ends near this height, or above it.
    fn is_near(&self, height: u64) -> bool {
        self.newest.number.saturating_add(NEAR) >= height
    }
}

/// Whether others with these heads have more weight than one with a head far above them. Those that are
/// only catching up are not near each other, or have not begun.
fn outweigh(others: &[u64], head: u64) -> bool {
    let (low, high) = (others.iter().min(), others.iter().max());
    let (Some(low), Some(high)) = (low, high) else {
        return false;
    };
    others.len() >= MORE
        && high.saturating_add(NEAR) < head
        && low.saturating_add(NEAR) >= *high
        && *low > 0
}

/// Where the endpoint has left our branch.
enum Parting {
    /// Nowhere: it has our newest block, or has not come so far.
    Nowhere,
    /// Above the block at this height.
    Above(u64),
    /// Below the one at this height, and what lies there was not received.
    Below(u64),
}

impl Parley {
    /// Takes everything up to the head that the endpoint named. Whether that was reached.
    pub(super) async fn receive_edge(&self, connection: &Connection) -> Result<bool, Broken> {
        let start = self.first_block(connection).await?;
        let head = connection.newest.number;
        let mut fork = self.branch(connection).await?;
        loop {
            let below = match fork {
                Some(height) => self.with_store(move |store| store.header(height)).await?,
                None => self.with_store(|store| store.tip()).await?,
            };
            let next = match (fork, below) {
                // Below the fork nothing may be held: the whole stretch was on another branch.
                (Some(height), _) => height.saturating_add(1),
                (None, Some(tip)) if head.saturating_sub(tip.number) <= NEAR => {
                    tip.number.saturating_add(1)
                }
                // Nothing that is near: how far it is final is known before a gap opens above it.
                (None, Some(_)) => {
                    self.follow_with_others(connection).await?;
                    self.settle(connection, Looked::AtNewest).await?;
                    return self.begin(connection, start).await;
                }
                (None, None) => {
                    self.follow_with_others(connection).await?;
                    return self.begin(connection, start).await;
                }
            };
            let missing = head.saturating_add(1).saturating_sub(next);
            if missing == 0 && fork.is_none() {
                return Ok(true);
            }
            let blocks = match missing {
                0 => Vec::new(),
                _ => {
                    self.fetch(&connection.lead, next, missing.min(self.pace()))
                        .await?
                }
            };
            let blocks = linked(below, blocks);
            if blocks.is_empty() && fork.is_none() {
                self.check_link(connection, next, None).await?;
                // The endpoint changed its mind meanwhile: the next round looks again.
                return Ok(false);
            }
            let drop_from = fork.take().map(|height| height.saturating_add(1));
            self.take(drop_from, blocks).await?;
        }
    }

    /// Refuses to follow an endpoint to blocks that others, who are more than it and at one with each
    /// other, know nothing near of.
    async fn follow_with_others(&self, connection: &Connection) -> Result<(), Broken> {
        let url = connection.lead.url();
        let others = self.others(&[url]).await?;
        let heads: Vec<u64> = others.iter().map(|other| other.newest.number).collect();
        if !outweigh(&heads, connection.newest.number) {
            return Ok(());
        }
        self.on_endpoint(
            url,
            Event::Failed {
                retry_after_ms: None,
            },
        );
        Err(Broken::Offline(OfflineReason::BadAnswer))
    }

    /// Begins at the head; what lies below is missing until it is filled.
    async fn begin(&self, connection: &Connection, start: u64) -> Result<bool, Broken> {
        let head = connection.newest.number;
        let first = head
            .saturating_add(1)
            .saturating_sub(self.pace())
            .max(start.min(head));
        let first = match self.with_store(|store| store.tip()).await? {
            Some(tip) => first.max(tip.number.saturating_add(1)),
            None => first,
        };
        let count = head.saturating_add(1).saturating_sub(first);
        let blocks = linked(None, self.fetch(&connection.lead, first, count).await?);
        match blocks.last().map(|block: &Block| block.header) {
            Some(last) if last.number == head => {
                self.take(None, blocks).await?;
                Ok(true)
            }
            Some(last) => {
                let next = last.number.saturating_add(1);
                self.check_link(connection, next, Some(last.hash)).await?;
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// The height of the last block that both sides have, where the endpoint has left our branch. A
    /// stretch of which the endpoint has nothing is left at once; what lies below it is looked at then.
    async fn branch(&self, connection: &Connection) -> Result<Option<u64>, Broken> {
        loop {
            match self.parting(connection).await? {
                Parting::Nowhere => return Ok(None),
                Parting::Above(height) => return Ok(Some(height)),
                Parting::Below(lowest) => self.take(Some(lowest), Vec::new()).await?,
            }
        }
    }

    async fn parting(&self, connection: &Connection) -> Result<Parting, Broken> {
        let Some(newest) = self.with_store(|store| store.tip()).await? else {
            return Ok(Parting::Nowhere);
        };
        let head = connection.newest.number;
        let finalized = self.with_store(|store| store.finality()).await?.finalized;
        // A shorter chain at the endpoint may only lag; only another block at a height shows.
        let mut tip = newest;
        if head < tip.number {
            match self.with_store(move |store| store.header(head)).await? {
                Some(held) => tip = held,
                None => return self.above(connection, &newest).await,
            }
        }
        let lags = tip.number < newest.number;
        loop {
            let next = self.header_at(connection, tip.number).await?;
            match chain::step(Some(&tip), next.hash == tip.hash, finalized, &next) {
                Step::Idle if tip.number == newest.number || (lags && tip.number == head) => {
                    return Ok(Parting::Nowhere);
                }
                Step::Idle | Step::Append | Step::Fetch(_) => {
                    return Ok(Parting::Above(tip.number));
                }
                Step::TooDeep => return Err(self.contradicts(connection, &tip).await?),
                Step::DropTip => {
                    if newest.number.saturating_sub(tip.number) == LONG {
                        self.has_final(connection, finalized).await?;
                    }
                    let height = tip.number.saturating_sub(1);
                    match self.with_store(move |store| store.header(height)).await? {
                        Some(held) => tip = held,
                        None => return Ok(Parting::Below(tip.number)),
                    }
                }
            }
        }
    }

    /// An endpoint that has left the final block has left everything above it, too: no need to go down
    /// there one by one.
    async fn has_final(
        &self,
        connection: &Connection,
        finalized: Option<u64>,
    ) -> Result<(), Broken> {
        let height = finalized.filter(|height| *height <= connection.newest.number);
        let Some(height) = height else {
            return Ok(());
        };
        let Some(held) = self.with_store(move |store| store.header(height)).await? else {
            return Ok(());
        };
        if self.header_at(connection, height).await?.hash == held.hash {
            return Ok(());
        }
        Err(self.contradicts(connection, &held).await?)
    }

    /// What lies above a gap and far above the endpoint's head, and is known to nobody else, was made up,
    /// or is to be received again when somebody has it.
    async fn above(&self, connection: &Connection, newest: &Header) -> Result<Parting, Broken> {
        let top = self.with_store(|store| store.top()).await?;
        let finalized = self.with_store(|store| store.finality()).await?.finalized;
        let Some(first) = top.map(|top| top.first).filter(|first| {
            connection.newest.number < *first && finalized.is_none_or(|last| last < *first)
        }) else {
            return Ok(Parting::Nowhere);
        };
        if connection.is_near(newest.number) {
            return Ok(Parting::Nowhere);
        }
        let others = self.others(&[connection.lead.url()]).await?;
        if others.iter().any(|other| other.is_near(newest.number)) {
            return Ok(Parting::Nowhere);
        }
        Ok(Parting::Below(first))
    }

    pub(super) async fn header_at(
        &self,
        connection: &Connection,
        height: u64,
    ) -> Result<Header, Broken> {
        if height == connection.newest.number {
            return Ok(connection.newest);
        }
        let asked = connection.lead.header(height).await;
        let asked = asked.map_err(|why| self.blame(&connection.lead, why))?;
        asked.ok_or(Broken::Offline(OfflineReason::BadAnswer))
    }

    /// The endpoint contradicts a final block. Where another one still has that block it lies; where
    /// none has, a person must know.
    pub(super) async fn contradicts(
        &self,
        connection: &Connection,
        held: &Header,
    ) -> Result<Broken, Broken> {
        let url = connection.lead.url();
        if let Some(second) = self.second(&[url]).await? {
            let theirs = second.lead.header(held.number).await.ok().flatten();
            if theirs.is_some_and(|theirs| theirs.hash == held.hash) {
                self.on_endpoint(url, Event::Lied(Lie::FinalReplaced));
                // Of those that differ nobody knows for certain who is right.
                let against = [url.to_owned()];
                self.with_store(move |store| dispute::keep(store, &against, true))
                    .await?;
                return Ok(Broken::Offline(OfflineReason::BadAnswer));
            }
        }
        tracing::error!(
            block = held.number,
            "a final block is contradicted; nothing was changed"
        );
        self.on_endpoint(
            url,
            Event::Failed {
                retry_after_ms: Some(ALARM_PAUSE_MS),
            },
        );
        Ok(Broken::Offline(OfflineReason::Contradiction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_one_outweigh_one_far_ahead_and_those_catching_up_do_not() {
        assert!(outweigh(&[100, 101], 1_000));
        assert!(outweigh(&[100, 100 + NEAR], 101 + 2 * NEAR));
        assert!(
            !outweigh(&[100, 100 + NEAR], 100 + 2 * NEAR),
            "near the higher"
        );
        assert!(!outweigh(&[100, 101 + NEAR], 1_000), "not at one");
        assert!(!outweigh(&[0, 0], 1_000), "they have not begun");
        assert!(!outweigh(&[100], 1_000), "one against one");
        assert!(!outweigh(&[], 1_000));
    }
}
