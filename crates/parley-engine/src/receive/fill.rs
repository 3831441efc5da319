//! What is missing below the newest blocks, newest first, each part on what lies above it.

use std::ops::RangeInclusive;

use parley_store::{Conflict, StoreError, Stretch};
use parley_wire::Failure;

use super::fetch::linked;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

impl Parley {
    /// Fills gaps with at most so many requests. Whether none is left.
    pub(super) async fn fill(
        &self,
        connection: &Connection,
        requests: u32,
    ) -> Result<bool, Broken> {
        let start = self.first_block(connection).await?;
        for _ in 0..requests {
            let stretches = self.with_store(|store| store.coverage()).await?;
            let Some((gap, above)) = newest_gap(&stretches, start) else {
                return Ok(!stretches.is_empty());
            };
            if !self.fill_part(connection, gap, above).await? {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Takes the newest part of a gap. `false` where the endpoint is on another branch by now: the
    /// next round looks at the newest blocks first.
    async fn fill_part(
        &self,
        connection: &Connection,
        gap: RangeInclusive<u64>,
        above: Stretch,
    ) -> Result<bool, Broken> {
        let (low, last) = gap.into_inner();
        let first = last.saturating_add(1).saturating_sub(self.pace()).max(low);
        let count = last.saturating_add(1).saturating_sub(first);
        let mut blocks = linked(None, self.fetch(&connection.lead, first, count).await?);
        if blocks.is_empty()
            && let Some(second) = self.second(&[connection.lead.url()]).await?
        {
            // Not everybody keeps old blocks. What comes must fit to what is held, whoever gives it.
            blocks = linked(None, self.fetch(&second.lead, first, count).await?);
        }
        let Some(newest) = blocks.last().map(|block| block.header) else {
            return Ok(false);
        };
        if newest.number < last {
            let next = newest.number.saturating_add(1);
            self.check_link(connection, next, Some(newest.hash)).await?;
            // Fewer came: the newest part has to be asked for by itself.
            while self.pace() >= count && count > 1 {
                self.lock_pace().too_much();
            }
            return Ok(self.pace() < count);
        }
        if newest.hash != above.parent {
            self.check_link(connection, above.first, Some(newest.hash))
                .await?;
            return Ok(false);
        }
        let joined = blocks
            .first()
            .map(|block| (block.header.number, block.header.parent));
        match self.keep_checked(blocks).await? {
            Kept::Yes => Ok(true),
            Kept::OffBranch => {
                let height = joined.map_or(low, |(number, _)| number);
                self.leave_below(connection, height).await?;
                Ok(true)
            }
        }
    }

    async fn keep_checked(&self, blocks: Vec<parley_chain::Block>) -> Result<Kept, Failure> {
        let change = parley_store::ChainChange {
            apart: true,
            blocks: blocks.into_iter().map(super::fetch::scanned).collect(),
            ..parley_store::ChainChange::default()
        };
        let news = change.blocks.iter().any(|block| !block.messages.is_empty());
        let kept = self
            .with_store(move |store| match store.advance(&change) {
                Ok(()) => Ok(Kept::Yes),
                Err(StoreError::Conflict(Conflict::NotConnected(_))) => Ok(Kept::OffBranch),
                Err(error) => Err(error),
            })
            .await?;
        self.tell_kept(news);
        Ok(kept)
    }

    /// What is held just below is on a branch that was left while nobody looked: its newest block
    /// goes, and is missing then. One that is final contradicts the endpoint.
    async fn leave_below(&self, connection: &Connection, height: u64) -> Result<(), Broken> {
        let block = height.saturating_sub(1);
        let held = self
            .with_store(move |store| store.final_header(block))
            .await?;
        if let Some(held) = held {
            return Err(self.contradicts(connection, &held).await?);
        }
        self.with_store(move |store| store.leave(block..=block))
            .await?;
        self.tell_kept(true);
        Ok(())
    }
}

enum Kept {
    Yes,
    OffBranch,
}

/// The newest gap from `start` on below something that is held, and that.
fn newest_gap(stretches: &[Stretch], start: u64) -> Option<(RangeInclusive<u64>, Stretch)> {
    for (place, above) in stretches.iter().enumerate().rev() {
        let below = place.checked_sub(1).and_then(|place| stretches.get(place));
        let low = below
            .map_or(start, |below| below.last.saturating_add(1))
            .max(start);
        if low < above.first {
            return Some((low..=above.first.saturating_sub(1), *above));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B256;
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
    fn the_newest_gap_comes_first_and_nothing_below_the_start_is_one() {
        let held = [stretch(5, 9), stretch(20, 29), stretch(30, 40)];
        let gap = |start| newest_gap(&held, start).map(|(gap, _)| gap);
        assert_eq!(gap(0), Some(10..=19));
        assert_eq!(gap(15), Some(15..=19));
        assert_eq!(gap(20), None);
        let held = [stretch(5, 40)];
        assert_eq!(newest_gap(&held, 0).map(|(gap, _)| gap), Some(0..=4));
        assert_eq!(newest_gap(&held, 5).map(|(gap, _)| gap), None);
        assert_eq!(newest_gap(&[], 0).map(|(gap, _)| gap), None);
    }
}
