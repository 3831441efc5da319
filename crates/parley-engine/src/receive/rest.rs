//! How long to leave alone what nobody could help with: longer each time, so that the same questions
//! do not fill a thin link. It asks nothing itself.

/// The first pause, milliseconds.
const FIRST_MS: u64 = 15_000;
/// So often it doubles: to about half an hour.
const DOUBLINGS: u32 = 7;

/// A pause that grows while nothing comes of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    due_ms: u64,
    fruitless: u32,
}

impl Rest {
    /// Whether it may be asked again.
    pub(crate) fn is_over(self, now_ms: u64) -> bool {
        self.due_ms <= now_ms
    }

    /// Nothing came of it.
    pub(crate) fn fruitless(&mut self, now_ms: u64) {
        let pause = FIRST_MS << self.fruitless.min(DOUBLINGS);
        self.due_ms = now_ms.saturating_add(pause);
        self.fruitless = self.fruitless.saturating_add(1);
    }

    /// Something came of it.
    pub(crate) fn fruitful(&mut self) {
        *self = Self::default();
    }

    /// There is something new to ask about, of which somebody was asked just now.
    pub(crate) fn shorten(&mut self, now_ms: u64) {
        if self.fruitless > 0 {
            self.due_ms = self.due_ms.min(now_ms.saturating_add(FIRST_MS));
            self.fruitless = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_to_half_an_hour_and_ends_with_the_first_success() {
        let mut rest = Rest::default();
        assert!(rest.is_over(0));
        let mut now = 0;
        let pauses = (0..10).map(|_| {
            rest.fruitless(now);
            let from = now;
            while !rest.is_over(now) {
                now += 5_000;
            }
            (now - from) / 1_000
        });
        let pauses: Vec<u64> = pauses.collect();
        assert_eq!(
            pauses,
            [15, 30, 60, 120, 240, 480, 960, 1_920, 1_920, 1_920]
        );
        rest.fruitless(now);
        rest.shorten(now);
        assert!(!rest.is_over(now + 14_999) && rest.is_over(now + 15_000));
        rest.fruitless(now);
        rest.fruitful();
        assert!(rest.is_over(now));
    }
}
