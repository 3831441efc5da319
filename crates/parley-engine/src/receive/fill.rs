//! What is missing below the newest blocks, newest first, each part on what lies above it.

use std::ops::RangeInclusive;

use parley_chain::Given;
use parley_store::{Conflict, StoreError, Stretch};
use parley_wire::Failure;

use super::fetch::linked;
use super::rest::Rest;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// So many requests for older blocks go at least between two looks at the newest ones and at what is
/// to be sent,
const FEW: u32 = 16;
/// more while they do not take this long together, milliseconds,
const WHILE_MS: u64 = 2_000;
/// fewer where they take longer than this,
const AT_MOST_MS: u64 = 10_000;
/// and never more than this.
const MOST: u32 = 256;

/// The gap whose newest block nobody gave, and until when nobody is asked for it again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Absent {
    last: u64,
    rest: Rest,
}

impl Absent {
    fn may_ask(self, last: u64, now_ms: u64) -> bool {
        self.last != last || self.rest.is_over(now_ms)
    }

    fn not_given(&mut self, last: u64, now_ms: u64) {
        if self.last != last {
            *self = Self {
                last,
                ..Self::default()
            };
        }
        self.rest.fruitless(now_ms);
    }
}

impl Parley {
    /// Fills gaps for a while. Whether none is left. While one answer is looked into and kept the next
    /// one comes; there are never more than these two.
    pub(super) async fn fill(&self, connection: &Connection) -> Result<bool, Broken> {
        let start = self.first_block(connection).await?;
        let began = self.ms();
        let mut ahead = None;
        for turn in 1..=MOST {
            let stretches = self.with_store(|store| store.coverage()).await?;
            let Some((gap, above)) = newest_gap(&stretches, start) else {
                return Ok(!stretches.is_empty());
            };
            if !self.absent().may_ask(*gap.end(), self.ms()) {
                return Ok(false);
            }
            let part = match ahead.take() {
                Some(part) if Part::is_end_of(&part, &gap) => part,
                _ => self.ask_part(connection, gap.clone()).await?,
            };
            let last = part.last;
            let took = self.ms().saturating_sub(began);
            let over = (turn >= FEW && took >= WHILE_MS) || took >= AT_MOST_MS;
            let below = part.below(&gap).filter(|_| !over && turn < MOST);
            let (kept, next) = tokio::join!(
                self.fill_part(connection, part, above),
                self.ask_ahead(connection, below)
            );
            if !kept? {
                let now_ms = self.ms();
                self.absent().not_given(last, now_ms);
                return Ok(false);
            }
            if over {
                return Ok(false);
            }
            ahead = next?;
        }
        Ok(false)
    }

    async fn ask_part(
        &self,
        connection: &Connection,
        gap: RangeInclusive<u64>,
    ) -> Result<Part, Broken> {
        let last = *gap.end();
        let (first, given) = self.ask_below(&connection.lead, gap).await?;
        Ok(Part { first, last, given })
    }

    async fn ask_ahead(
        &self,
        connection: &Connection,
        below: Option<RangeInclusive<u64>>,
    ) -> Result<Option<Part>, Broken> {
        match below {
            Some(gap) => self.ask_part(connection, gap).await.map(Some),
            None => Ok(None),
        }
    }

    /// Keeps the newest part of a gap. `false` where the endpoint is on another branch by now: the next
    /// round looks at the newest blocks first.
    async fn fill_part(
        &self,
        connection: &Connection,
        part: Part,
        above: Stretch,
    ) -> Result<bool, Broken> {
        let (first, last) = (part.first, part.last);
        let count = last.saturating_add(1).saturating_sub(first);
        let lead = &connection.lead;
        let blocks = self.look_into(lead, part.given).await?;
        let mut blocks = linked(None, self.read_better(lead, blocks).await?);
        if blocks.is_empty()
            && let Some(second) = self.second(&[lead.url()]).await?
        {
            // Not everybody keeps old blocks. What comes must fit to what is held, whoever gives it.
            blocks = linked(None, self.fetch(&second.lead, first, count).await?);
        }
        let Some(newest) = blocks.last().map(|block| block.header) else {
            // The lowest of them may be all that nobody keeps any more.
            return Ok(self.ask_fewer(count));
        };
        if newest.number < last {
            let next = newest.number.saturating_add(1);
            self.check_link(connection, next, Some(newest.hash)).await?;
            // Fewer came: the newest part has to be asked for by itself.
            return Ok(self.ask_fewer(count));
        }
        if newest.hash != above.parent {
            self.check_link(connection, above.first, Some(newest.hash))
                .await?;
            return Ok(false);
        }
        match self.keep_checked(blocks).await? {
            Kept::Yes => Ok(true),
            Kept::OffBranch => {
                self.leave_below(connection, first).await?;
                Ok(true)
            }
        }
    }

    /// Whether fewer than so many are asked for next.
    fn ask_fewer(&self, count: u64) -> bool {
        while self.pace() >= count && count > 1 {
            self.lock_pace().too_much();
        }
        self.pace() < count
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

/// The blocks of the newest part of a gap, not looked into.
struct Part {
    first: u64,
    last: u64,
    given: Given,
}

impl Part {
    fn is_end_of(&self, gap: &RangeInclusive<u64>) -> bool {
        self.last == *gap.end() && self.first >= *gap.start()
    }

    /// What of the gap is missing still once this is kept.
    fn below(&self, gap: &RangeInclusive<u64>) -> Option<RangeInclusive<u64>> {
        let last = self.first.checked_sub(1)?;
        (last >= *gap.start()).then(|| *gap.start()..=last)
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
