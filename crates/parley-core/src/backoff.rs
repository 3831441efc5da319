//! How long an endpoint is left alone after a failure. Draws no random number and reads no clock:
//! both are passed in.

/// The pauses between tries: each is drawn from a range that doubles, so that many devices that lost
/// the same endpoint do not all come back at once ("full jitter").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The longest pause after the first failure, in milliseconds.
    pub first_ms: u64,
    /// The longest pause there is, in milliseconds.
    pub most_ms: u64,
}

/// An endpoint that asks for a longer pause than an hour is asked again after an hour: a wrong
/// header must not silence it for good.
const MOST_RETRY_AFTER_MS: u64 = 3_600_000;

impl Backoff {
    /// For public networks: up to 1 s at first, up to 5 min in the end.
    pub const ORDINARY: Self = Self {
        first_ms: 1_000,
        most_ms: 300_000,
    };
    /// For a node on this device or beside it.
    pub const LOCAL: Self = Self {
        first_ms: 200,
        most_ms: 2_000,
    };

    /// The pause before the next try, in milliseconds.
    ///
    /// `attempts` counts the failures in a row before the newest one, `roll` is any random number,
    /// and `retry_after_ms` is the pause that the endpoint asked for itself (RFC 9110, 10.2.3).
    ///
    /// ```
    /// use parley_core::backoff::Backoff;
    /// assert!(Backoff::ORDINARY.delay(3, 123_456_789, None) <= 8_000);
    /// assert!(Backoff::ORDINARY.delay(0, 7, Some(20_000)) >= 20_000);
    /// ```
    #[must_use]
    pub fn delay(&self, attempts: u32, roll: u64, retry_after_ms: Option<u64>) -> u64 {
        let doubled = 2_u64.saturating_pow(attempts);
        let longest = self.first_ms.saturating_mul(doubled).min(self.most_ms);
        let drawn = roll.checked_rem(longest.saturating_add(1)).unwrap_or(0);
        let asked = retry_after_ms.unwrap_or(0).min(MOST_RETRY_AFTER_MS);
        drawn.max(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The longest pause that any draw gives.
    fn longest(backoff: &Backoff, attempts: u32) -> u64 {
        (0..=backoff.most_ms)
            .step_by(50)
            .map(|roll| backoff.delay(attempts, roll, None))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn the_range_doubles_up_to_its_most() {
        let all: Vec<u64> = (0..6).map(|n| longest(&Backoff::LOCAL, n)).collect();
        assert_eq!(all, [200, 400, 800, 1_600, 2_000, 2_000]);
        assert_eq!(longest(&Backoff::ORDINARY, 40), 300_000);
        assert_eq!(longest(&Backoff::ORDINARY, u32::MAX), 300_000);
    }

    #[test]
    fn a_pause_that_is_asked_for_is_kept_up_to_an_hour() {
        assert_eq!(Backoff::LOCAL.delay(0, 3, Some(9_000)), 9_000);
        assert_eq!(Backoff::LOCAL.delay(0, 3, Some(u64::MAX)), 3_600_000);
    }

    proptest! {
        #[test]
        fn no_pause_leaves_its_range(
            first_ms in any::<u64>(),
            most_ms in any::<u64>(),
            attempts in any::<u32>(),
            roll in any::<u64>(),
            asked in proptest::option::of(any::<u64>()),
        ) {
            let delay = Backoff { first_ms, most_ms }.delay(attempts, roll, asked);
            prop_assert!(delay <= most_ms.max(MOST_RETRY_AFTER_MS));
            prop_assert!(delay >= asked.unwrap_or(0).min(MOST_RETRY_AFTER_MS));
        }

        #[test]
        fn every_pause_of_the_range_can_be_drawn(wanted in 0_u64..=1_600) {
            prop_assert_eq!(Backoff::LOCAL.delay(3, wanted, None), wanted);
        }
    }
}
