//! How many transactions are offered in one request where a link is thin: a request that is cut off has
//! to be repeated whole, and each one costs a way there and back. Offers none itself.

/// The number of transactions in one request. It grows while answers are quick, and halves where
/// requests of that size do not come through: one or two that are lost may have been lost by chance,
/// three in a row are taken as too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    count: usize,
    lost: u32,
}

/// An answer that takes less lets the number double.
const QUICK_MS: u64 = 600;
/// An answer that takes less lets the number grow by one.
const GOOD_MS: u64 = 1_000;
/// So many losses in a row halve it.
const TOO_LARGE: u32 = 3;

impl Default for Portion {
    fn default() -> Self {
        Self {
            count: Self::FIRST,
            lost: 0,
        }
    }
}

impl Portion {
    /// What it starts with: these take about a second at 20 kbit/s, a third of the time for which a
    /// link may be up.
    pub const FIRST: usize = 4;
    /// What nodes keep of one account.
    pub const MOST: usize = 16;

    /// How many to offer now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// So many were offered, and the answer came after `ms`. Fewer than might have been offered say
    /// nothing about more.
    pub fn answered(&mut self, offered: usize, ms: u64) {
        if offered > 0 {
            self.came_through();
        }
        if offered < self.count {
            return;
        }
        let more = match ms {
            ..QUICK_MS => self.count,
            QUICK_MS..GOOD_MS => 1,
            GOOD_MS.. => 0,
        };
        self.count = self.count.saturating_add(more).min(Self::MOST);
    }

    /// What was offered last is there, as was learnt later: only the answer was lost.
    pub fn came_through(&mut self) {
        self.lost = 0;
    }

    /// No answer came to so many.
    pub fn lost(&mut self, offered: usize) {
        if offered == 0 {
            return;
        }
        self.lost = self.lost.saturating_add(1);
        if self.lost >= TOO_LARGE {
            (self.count, self.lost) = (self.count.div_ceil(2), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_grows_while_answers_are_quick() {
        let mut portion = Portion::default();
        let mut after = |offered, ms| {
            portion.answered(offered, ms);
            portion.count()
        };
        assert_eq!([after(4, 700), after(5, 200), after(10, 1)], [5, 10, 16]);
        assert_eq!(after(16, 1_000), 16);
        let mut slow = Portion::default();
        slow.answered(4, 1_100);
        slow.answered(3, 10);
        assert_eq!(slow.count(), 4, "slow, and fewer than might have been");
    }

    #[test]
    fn two_losses_are_chance_and_three_in_a_row_are_not() {
        let mut portion = Portion::default();
        (0..2).for_each(|_| portion.lost(4));
        portion.came_through();
        (0..2).for_each(|_| portion.lost(4));
        portion.answered(0, 100);
        portion.lost(0);
        assert_eq!(portion.count(), 4, "questions say nothing about offers");
        portion.lost(4);
        assert_eq!(portion.count(), 2);
        (0..9).for_each(|_| portion.lost(2));
        assert_eq!(portion.count(), 1);
    }

    proptest! {
        #[test]
        fn it_stays_between_one_and_the_most(
            steps in proptest::collection::vec((0_usize..20, proptest::option::of(0_u64..3_000)), 0..60),
        ) {
            let mut portion = Portion::default();
            for (offered, ms) in steps {
                match ms {
                    Some(ms) => portion.answered(offered, ms),
                    None => portion.lost(offered),
                }
                prop_assert!((1..=Portion::MOST).contains(&portion.count()));
            }
        }
    }
}
