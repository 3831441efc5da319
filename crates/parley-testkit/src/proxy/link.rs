//! A bad connection as a model: how fast it is, what it loses, when it is up. It computes with times
//! that it is given, so that a simulation can run hours of it in no time; it never waits and reads no
//! clock.

use super::chance::Chance;

/// What a connection is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Octets per second, both ways together: one radio cannot send and receive at once. 0 carries
    /// nothing.
    pub octets_per_second: u64,
    /// How long an octet is under way, one way, in milliseconds.
    pub delay_ms: u64,
    /// How many of a hundred exchanges are lost, half of them on the way there, half on the way back.
    pub loss_percent: u8,
    /// For how long it is up, in milliseconds, at the beginning of each period.
    pub up_ms: u64,
    /// How long a period is, in milliseconds; 0 where it is always up.
    pub period_ms: u64,
}

impl Conditions {
    /// Up for 3 s in 5 min, 20 kbit/s, 30 % lost: the field at its worst.
    pub const FIELD: Self = Self {
        octets_per_second: 2_500,
        delay_ms: 150,
        loss_percent: 30,
        up_ms: 3_000,
        period_ms: 300_000,
    };

    /// When the connection that is up now will go; `None` when it is down now.
    #[must_use]
    pub fn up_until(&self, now_ms: u64) -> Option<u64> {
        if self.period_ms == 0 {
            return Some(u64::MAX);
        }
        let goes = now_ms - now_ms % self.period_ms + self.up_ms;
        (now_ms < goes).then_some(goes)
    }

    /// When it is up next: now, where it is up.
    #[must_use]
    pub fn up_from(&self, now_ms: u64) -> u64 {
        match self.up_until(now_ms) {
            Some(_) => now_ms,
            None => now_ms.next_multiple_of(self.period_ms),
        }
    }
}

/// What became of a request and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The whole answer is there at this time.
    Arrives {
        /// In milliseconds.
        at_ms: u64,
    },
    /// The request never reached the node whole.
    LostBefore,
    /// The node did what was asked, and its answer never came.
    LostAfter,
}

/// Where an exchange is lost, as drawn before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    LostBefore,
    LostAfter,
}

/// A connection. The same seed, times and sizes give the same outcomes.
///
/// ```
/// use parley_testkit::{Conditions, Link, Outcome};
/// let slow = Conditions { octets_per_second: 1_000, delay_ms: 0, loss_percent: 0, up_ms: 0, period_ms: 0 };
/// let mut link = Link::new(slow, 1);
/// assert_eq!(link.carry(0, 400, 600), Outcome::Arrives { at_ms: 1_000 });
/// ```
#[derive(Clone, Debug)]
pub struct Link {
    conditions: Conditions,
    chance: Chance,
    /// When what was handed to it before is through.
    free_at_ms: u64,
}

impl Link {
    /// A connection with nothing under way.
    #[must_use]
    pub fn new(conditions: Conditions, seed: u64) -> Self {
        Self {
            conditions,
            chance: Chance::new(seed),
            free_at_ms: 0,
        }
    }

    /// What it is like.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        self.conditions
    }

    /// Carries a request of so many octets to a node that answers at once with so many. What was lost
    /// has used the line all the same.
    pub fn carry(&mut self, now_ms: u64, request_octets: u64, response_octets: u64) -> Outcome {
        let fate = self.fate();
        let Some(there) = self.pass(now_ms, request_octets) else {
            return Outcome::LostBefore;
        };
        if fate == Fate::LostBefore {
            return Outcome::LostBefore;
        }
        match self.pass(there, response_octets) {
            Some(at_ms) if fate == Fate::Kept => Outcome::Arrives { at_ms },
            Some(_) | None => Outcome::LostAfter,
        }
    }

    /// What will be lost of the next exchange.
    pub(super) fn fate(&mut self) -> Fate {
        // Both are drawn each time, so that a loss does not shift what follows.
        let (lost, there) = (
            self.chance.hits(self.conditions.loss_percent),
            self.chance.hits(50),
        );
        match (lost, there) {
            (false, _) => Fate::Kept,
            (true, true) => Fate::LostBefore,
            (true, false) => Fate::LostAfter,
        }
    }

    /// One way: when the last octet arrives, unless the connection goes before.
    pub(super) fn pass(&mut self, now_ms: u64, octets: u64) -> Option<u64> {
        let goes = self.conditions.up_until(now_ms)?;
        let begins = now_ms.max(self.free_at_ms);
        let takes = (octets * 1_000).checked_div(self.conditions.octets_per_second)?;
        let arrives = begins + takes + self.conditions.delay_ms;
        self.free_at_ms = goes.min(begins + takes);
        (arrives <= goes).then_some(arrives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: Conditions = Conditions {
        octets_per_second: 1_000,
        delay_ms: 10,
        loss_percent: 0,
        up_ms: 3_000,
        period_ms: 300_000,
    };

    fn outcomes(seed: u64) -> Vec<Outcome> {
        let always = Conditions {
            up_ms: 0,
            period_ms: 0,
            ..Conditions::FIELD
        };
        let mut link = Link::new(always, seed);
        (0..2_000)
            .map(|at| link.carry(at * 1_000, 10, 10))
            .collect()
    }

    #[test]
    fn an_exchange_takes_what_its_octets_and_the_way_take() {
        let mut link = Link::new(CLEAN, 1);
        assert_eq!(link.carry(0, 100, 400), Outcome::Arrives { at_ms: 520 });
    }

    #[test]
    fn what_is_handed_over_meanwhile_waits_for_the_line() {
        let mut link = Link::new(CLEAN, 1);
        assert_eq!(link.carry(0, 500, 500), Outcome::Arrives { at_ms: 1_020 });
        assert_eq!(link.carry(5, 500, 500), Outcome::Arrives { at_ms: 2_030 });
    }

    #[test]
    fn down_nothing_reaches_the_node() {
        let mut link = Link::new(CLEAN, 1);
        for now in [3_000, 10_000, 299_999] {
            assert_eq!(link.carry(now, 1, 1), Outcome::LostBefore, "{now}");
        }
        assert!(matches!(link.carry(300_000, 1, 1), Outcome::Arrives { .. }));
    }

    #[test]
    fn what_is_not_through_when_it_goes_is_lost_there_or_on_the_way_back() {
        let mut link = Link::new(CLEAN, 1);
        assert_eq!(link.carry(2_900, 200, 1), Outcome::LostBefore);
        let mut link = Link::new(CLEAN, 1);
        assert_eq!(link.carry(2_900, 50, 500), Outcome::LostAfter);
        // What was cut off does not hold up the next window.
        let next = link.carry(300_000, 100, 100);
        assert_eq!(next, Outcome::Arrives { at_ms: 300_220 });
    }

    #[test]
    fn it_says_when_it_is_up() {
        assert_eq!(CLEAN.up_until(2_999), Some(3_000));
        assert_eq!(CLEAN.up_until(3_000), None);
        assert_eq!(CLEAN.up_from(2_999), 2_999);
        assert_eq!(CLEAN.up_from(3_000), 300_000);
    }

    #[test]
    fn no_speed_carries_nothing() {
        let still = Conditions {
            octets_per_second: 0,
            ..CLEAN
        };
        assert_eq!(Link::new(still, 1).carry(0, 1, 1), Outcome::LostBefore);
    }

    #[test]
    fn it_loses_about_its_share_on_both_ways() {
        let outcomes = outcomes(7);
        let count = |wanted| outcomes.iter().filter(|one| **one == wanted).count();
        let (before, after) = (count(Outcome::LostBefore), count(Outcome::LostAfter));
        assert!((250..350).contains(&before), "{before}");
        assert!((250..350).contains(&after), "{after}");
    }

    #[test]
    fn a_seed_repeats_a_run_and_another_gives_another() {
        assert_eq!(outcomes(7), outcomes(7));
        assert_ne!(outcomes(7), outcomes(8));
    }
}
