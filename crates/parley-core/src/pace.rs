//! How many blocks are asked for at once: more while answers are small and quick, half where they
//! are too much. Asks for none itself.

/// The number of blocks in one request: it grows by one and halves, as TCP does (AIMD), so that a
/// thin link and a fat one both find their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    blocks: u32,
    most: u32,
}

/// An answer should not be larger: what is larger is lost whole when the link breaks.
const TARGET_BYTES: usize = 4 * 1024 * 1024;
/// An answer should not take longer.
const TARGET_MS: u64 = 3_000;

impl Pace {
    /// What it starts with.
    pub const FIRST: u32 = 4;
    /// The most that public endpoints take as a rule.
    pub const MOST: u32 = 64;

    /// Starts carefully; `most` is never exceeded, and at least 1.
    #[must_use]
    pub fn new(most: u32) -> Self {
        let most = most.max(1);
        Self {
            blocks: Self::FIRST.min(most),
            most,
        }
    }

    /// How many blocks to ask for now.
    #[must_use]
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// A request for that many blocks was answered: `bytes` long as it came over the link, `ms`
    /// after the question. An answer to fewer says nothing and is not told.
    pub fn answered(&mut self, bytes: usize, ms: u64) {
        if bytes > TARGET_BYTES || ms > TARGET_MS {
            return self.too_much();
        }
        let far_below = bytes < TARGET_BYTES / 8 && ms < TARGET_MS / 8;
        let more = if far_below { self.blocks } else { 1 };
        self.blocks = self.blocks.saturating_add(more).min(self.most);
    }

    /// The endpoint refused, failed or took too long for that many.
    pub fn too_much(&mut self) {
        self.blocks = (self.blocks / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_doubles_while_answers_are_far_below_the_targets() {
        let mut pace = Pace::new(Pace::MOST);
        let all: Vec<u32> = (0..5)
            .map(|_| {
                pace.answered(1_000, 10);
                pace.blocks()
            })
            .collect();
        assert_eq!(all, [8, 16, 32, 64, 64]);
    }

    #[test]
    fn near_a_target_it_grows_by_one_and_beyond_it_halves() {
        let mut pace = Pace::new(Pace::MOST);
        pace.answered(TARGET_BYTES / 8, 10);
        assert_eq!(pace.blocks(), 5);
        pace.answered(10, TARGET_MS / 8);
        assert_eq!(pace.blocks(), 6);
        pace.answered(TARGET_BYTES + 1, 10);
        assert_eq!(pace.blocks(), 3);
        pace.answered(10, TARGET_MS + 1);
        assert_eq!(pace.blocks(), 1);
        pace.too_much();
        assert_eq!(pace.blocks(), 1);
    }

    proptest! {
        #[test]
        fn it_stays_between_one_and_the_most(
            most in any::<u32>(),
            steps in proptest::collection::vec(proptest::option::of((any::<usize>(), any::<u64>())), 0..80),
        ) {
            let mut pace = Pace::new(most);
            for step in steps {
                match step {
                    Some((bytes, ms)) => pace.answered(bytes % (2 * TARGET_BYTES), ms % (2 * TARGET_MS)),
                    None => pace.too_much(),
                }
                prop_assert!((1..=most.max(1)).contains(&pace.blocks()));
            }
        }

        /// Wherever a link has its limit, it is found: never more than one step above it, and in the
        /// end at least half of it.
        #[test]
        fn it_settles_at_the_limit_of_a_link(limit in 1_u32..=64) {
            let mut pace = Pace::new(Pace::MOST);
            let each = TARGET_BYTES / usize::try_from(limit).unwrap();
            for _ in 0..200 {
                let blocks = usize::try_from(pace.blocks()).unwrap();
                pace.answered(each * blocks, 10);
            }
            prop_assert!(pace.blocks() <= limit + 1 && pace.blocks() >= limit / 2, "{}", pace.blocks());
        }
    }
}
