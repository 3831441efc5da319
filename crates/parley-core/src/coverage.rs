//! Which blocks were received, exact to the block, and how they hang together. Holds no block and
//! knows no endpoint.

use std::ops::RangeInclusive;

use alloy_primitives::B256;

use crate::verification::Verification;

/// Received blocks without a gap, each the parent of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The height of the lowest.
    pub first: u64,
    /// The height of the highest.
    pub last: u64,
    /// How far each of them was recomputed on this device.
    pub level: Verification,
    /// The hash that block `first - 1` has to have.
    pub parent: B256,
    /// The hash of block `last`.
    pub tip: B256,
}

/// Why a stretch cannot be added. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConnected {
    /// It ends before it begins.
    #[error("the stretch of blocks ends below its first block; give the lower height first")]
    Reversed,
    /// Some of its blocks are there already.
    #[error("block {0} was received before; give only blocks that are missing")]
    Overlap(u64),
    /// Its neighbours are on another branch.
    #[error(
        "block {0} does not follow the block received below it; leave the replaced blocks first"
    )]
    OtherBranch(u64),
}

/// Everything that was received: sorted, disjoint, and neighbours are always linked by hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<Stretch>);

impl Coverage {
    /// The stretches, lowest first. Two that touch differ in level.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    /// Adds received blocks; what is linked and of the same level becomes one.
    ///
    /// # Errors
    /// They do not fit to what is there.
    pub fn insert(&mut self, stretch: Stretch) -> Result<(), NotConnected> {
        if stretch.last < stretch.first {
            return Err(NotConnected::Reversed);
        }
        let at = self.0.partition_point(|held| held.last < stretch.first);
        let above = self.0.get(at);
        if let Some(held) = above.filter(|held| held.first <= stretch.last) {
            return Err(NotConnected::Overlap(held.first.max(stretch.first)));
        }
        let below = at.checked_sub(1).and_then(|at| self.0.get(at));
        let below = touching(below, Some(&stretch))?;
        let above = touching(Some(&stretch), above)?;
        self.0.insert(at, stretch);
        if above {
            self.join(at);
        }
        if below {
            self.join(at.saturating_sub(1));
        }
        Ok(())
    }

    /// Makes one of a stretch and the next, which it touches, where they are of one level.
    fn join(&mut self, at: usize) {
        let pair = self.0.get(at).zip(self.0.get(at.saturating_add(1)));
        let Some((below, above)) = pair.filter(|(below, above)| below.level == above.level) else {
            return;
        };
        let (last, tip) = (above.last, above.tip);
        let both = Stretch {
            last,
            tip,
            ..*below
        };
        self.0.splice(at..=at.saturating_add(1), [both]);
    }

    /// Leaves all blocks at and above a height, as far as they hang together with the highest one:
    /// they were replaced. `new_tip` is the hash of the block below the height; where it is not
    /// known, the whole stretch that is cut is left, because nothing could be linked to it.
    pub fn drop_from(&mut self, height: u64, new_tip: Option<B256>) {
        let Some(top) = self.top() else { return };
        let from = height.max(self.contiguous_below(top.last));
        while let Some(held) = self.0.last_mut().filter(|held| held.last >= from) {
            let kept = from.checked_sub(1).filter(|last| *last >= held.first);
            if let (Some(last), Some(tip)) = (kept, new_tip) {
                (held.last, held.tip) = (last, tip);
                return;
            }
            self.0.pop();
        }
    }

    /// The blocks from `start` to `head` that were not received, newest first.
    #[must_use]
    pub fn missing(&self, start: u64, head: u64) -> Vec<RangeInclusive<u64>> {
        let mut gaps = Vec::new();
        // What lies above was looked at; `None` once nothing lies below.
        let mut open = Some(head);
        for held in self.0.iter().rev().skip_while(|held| held.first > head) {
            let Some(to) = open.filter(|to| *to >= start) else {
                break;
            };
            let from = held.last.saturating_add(1).max(start);
            if held.last < to {
                gaps.push(from..=to);
            }
            open = held.first.checked_sub(1);
        }
        gaps.extend(open.filter(|to| *to >= start).map(|to| start..=to));
        gaps
    }

    /// Whether a block was received.
    #[must_use]
    pub fn contains(&self, block: u64) -> bool {
        self.holding(block).is_some()
    }

    /// The stretch with the highest block.
    #[must_use]
    pub fn top(&self) -> Option<&Stretch> {
        self.0.last()
    }

    /// The lowest block that is reached from a height downwards without a gap; one more than the
    /// height where not even the block at that height was received.
    #[must_use]
    pub fn contiguous_below(&self, height: u64) -> u64 {
        self.run_below(height)
            .last()
            .map_or(height.saturating_add(1), |held| held.first)
    }

    /// Whether every block from `start` to `head` was received.
    #[must_use]
    pub fn is_complete(&self, start: u64, head: u64) -> bool {
        start > head || self.contiguous_below(head) <= start
    }

    /// Whether the hash of the block at `anchor_height` vouches for a block: that one lies there or
    /// below, nothing is missing between, and every block between, both ends included, was
    /// recomputed, so that each names its parent by a hash that is its own.
    #[must_use]
    pub fn linked_to(&self, block: u64, anchor_height: u64) -> bool {
        block <= anchor_height
            && self
                .run_below(anchor_height)
                .take_while(|held| held.level.recomputed_block())
                .any(|held| held.first <= block)
    }

    fn holding(&self, block: u64) -> Option<usize> {
        let at = self.0.partition_point(|held| held.last < block);
        self.0
            .get(at)
            .filter(|held| held.first <= block)
            .map(|_| at)
    }

    /// The stretches from the one that holds a height downwards, as far as they touch.
    fn run_below(&self, height: u64) -> impl Iterator<Item = &Stretch> {
        let end = self.holding(height).map_or(0, |at| at.saturating_add(1));
        let mut next_last = None;
        let below = self.0.get(..end).unwrap_or_default().iter().rev();
        below.take_while(move |held| {
            let touches = next_last.is_none_or(|last| last == Some(held.last));
            next_last = Some(held.first.checked_sub(1));
            touches
        })
    }
}

/// Whether two stretches touch; an error where they do and are not linked.
fn touching(below: Option<&Stretch>, above: Option<&Stretch>) -> Result<bool, NotConnected> {
    let Some((below, above)) = below.zip(above) else {
        return Ok(false);
    };
    if below.last.checked_add(1) != Some(above.first) {
        return Ok(false);
    }
    if below.tip == above.parent {
        Ok(true)
    } else {
        Err(NotConnected::OtherBranch(above.first))
    }
}

#[cfg(test)]
mod tests;
