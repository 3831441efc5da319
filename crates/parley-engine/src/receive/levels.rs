//! How far each held block is verified, second opinions included.

use std::ops::RangeInclusive;

use parley_core::verification::Verification;
use parley_store::{Store, StoreError, Stretch};

/// Heights for which a second endpoint spoke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Levels(Vec<RangeInclusive<u64>>);

impl Levels {
    /// As the store says now.
    pub(crate) fn read(store: &Store) -> Result<Self, StoreError> {
        let witnessed = store.witnessed()?;
        Ok(Self::of(&store.coverage()?, &witnessed))
    }

    fn of(stretches: &[Stretch], witnessed: &[u64]) -> Self {
        let spoken = witnessed.iter().filter_map(|height| {
            let low = lowest_below(stretches, *height)?;
            Some(low..=*height)
        });
        Self(spoken.collect())
    }

    /// The level of a block that was recomputed so far.
    pub(crate) fn level(&self, block: u64, recomputed: Verification) -> Verification {
        let witnessed = || self.0.iter().any(|range| range.contains(&block));
        if recomputed == Verification::Block && witnessed() {
            Verification::Witnessed
        } else {
            recomputed
        }
    }
}

/// The lowest block that a block's hash speaks for: without a gap, and with nothing on the way that
/// could not be recomputed.
fn lowest_below(stretches: &[Stretch], height: u64) -> Option<u64> {
    let mut lowest = None;
    let mut want = height;
    for stretch in stretches.iter().rev() {
        let holds = (stretch.first..=stretch.last).contains(&want);
        if holds && stretch.level == Verification::Block {
            lowest = Some(stretch.first);
            match stretch.first.checked_sub(1) {
                Some(below) => want = below,
                None => break,
            }
        } else if stretch.last < want || holds {
            break;
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B256;

    fn stretch(first: u64, last: u64, level: Verification) -> Stretch {
        Stretch {
            first,
            last,
            level,
            parent: B256::ZERO,
            tip: B256::ZERO,
            unreadable: 0,
        }
    }

    #[test]
    fn an_opinion_speaks_for_what_is_linked_below_it_and_no_further() {
        let held = [
            stretch(0, 9, Verification::Block),
            stretch(20, 29, Verification::Signer),
            stretch(30, 49, Verification::Block),
        ];
        let levels = Levels::of(&held, &[40]);
        let level = |block| levels.level(block, Verification::Block);
        assert_eq!(level(40), Verification::Witnessed);
        assert_eq!(level(30), Verification::Witnessed);
        assert_eq!(level(41), Verification::Block, "it may be false");
        assert_eq!(level(5), Verification::Block, "there is a gap between");
        assert_eq!(levels.level(25, Verification::Signer), Verification::Signer);
        assert_eq!(levels.level(35, Verification::Signer), Verification::Signer);
    }

    #[test]
    fn what_could_not_be_recomputed_is_not_spoken_for() {
        let held = [
            stretch(0, 9, Verification::Block),
            stretch(10, 12, Verification::Signer),
            stretch(13, 20, Verification::Block),
        ];
        let levels = Levels::of(&held, &[20]);
        assert_eq!(levels.level(5, Verification::Block), Verification::Block);
        assert_eq!(
            levels.level(13, Verification::Block),
            Verification::Witnessed
        );
    }

    #[test]
    fn levels_join_over_stretches_that_touch() {
        let held = [
            stretch(0, 9, Verification::Block),
            stretch(10, 20, Verification::Block),
        ];
        let levels = Levels::of(&held, &[15]);
        assert_eq!(
            levels.level(3, Verification::Block),
            Verification::Witnessed
        );
    }
}
