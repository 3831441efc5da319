//! How well an endpoint serves, and in which order endpoints are asked, as pure data. It asks none,
//! and finds no lie itself: whoever recomputes an answer says what was wrong with it.

use crate::backoff::Backoff;

/// What an endpoint was caught at. One lie is enough: it is not asked again until a person pardons it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lie {
    /// It serves a chain with another chain id.
    OtherChain,
    /// Its chain begins with another block.
    OtherGenesis,
    /// Its chain has another block at a height where the right one is known.
    OtherCheckpoint,
    /// A header that does not have the hash it is said to have.
    FalseHeader,
    /// Transactions that are not those of their block's header.
    FalseTransactions,
    /// Another block in the place of one that was final.
    FinalReplaced,
    /// Other endpoints agree with each other on something else.
    Outvoted,
    /// An answer that cannot be one to what was asked, such as a transaction with another hash.
    ForgedReply,
}

impl Lie {
    /// Every lie.
    pub const ALL: [Self; 8] = [
        Self::OtherChain,
        Self::OtherGenesis,
        Self::OtherCheckpoint,
        Self::FalseHeader,
        Self::FalseTransactions,
        Self::FinalReplaced,
        Self::Outvoted,
        Self::ForgedReply,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OtherChain => "other-chain",
            Self::OtherGenesis => "other-genesis",
            Self::OtherCheckpoint => "other-checkpoint",
            Self::FalseHeader => "false-header",
            Self::FalseTransactions => "false-transactions",
            Self::FinalReplaced => "final-replaced",
            Self::Outvoted => "outvoted",
            Self::ForgedReply => "forged-reply",
        }
    }

    /// The lie for a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lie| lie.word() == word)
    }
}

/// Something that happened with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It answered, whatever it said.
    Answered {
        /// From the question to the end of the answer, in milliseconds.
        latency_ms: u32,
    },
    /// It did not answer, or asked to be left alone.
    Failed {
        /// The pause that it asked for, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// It did not answer over a link that is up for moments only: as long as there was a sign of the
    /// link just now, it is asked again at once, because the next pause may be longer than the link is
    /// up.
    Cut,
    /// The newest block that it knows.
    Head(u64),
    /// It was caught at a lie.
    Lied(Lie),
    /// The device joined another network or came back to it: a pause may have lost its cause.
    NetworkChanged,
    /// A person wants it asked again.
    Pardoned,
}

/// What is remembered of an endpoint.
///
/// Latency and success are moving averages in which the newest observation weighs a quarter: after
/// three failures in a row an endpoint that always answered is below one half (0.75³ = 0.42), and the
/// next answer lifts it above again (0.57).
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    latency_ms: Option<u32>,
    success: f32,
    failures: u32,
    head: Option<u64>,
    due_ms: u64,
    /// When there was last a sign that the link is up.
    sign_ms: Option<u64>,
    /// Exchanges lost since then.
    cut: u32,
    demoted: Option<Lie>,
}

/// For so long after a sign of it a link counts as up.
const UP_MS: u64 = 3_000;
/// So many lost exchanges in a row are not chance any more: even of those that lose one of two, one in
/// 4,096.
const MOST_CUT: u32 = 12;

/// The weight of the newest observation in a moving average.
const NEWEST: f32 = 0.25;

impl Default for Health {
    /// Nothing is known against it.
    fn default() -> Self {
        Self {
            latency_ms: None,
            success: 1.0,
            failures: 0,
            head: None,
            due_ms: 0,
            sign_ms: None,
            cut: 0,
            demoted: None,
        }
    }
}

impl Health {
    /// Takes an event in. `now_ms` is on the same clock as [`Health::due_ms`], one that never goes
    /// back; `roll` is any random number.
    pub fn on(&mut self, event: Event, now_ms: u64, roll: u64, backoff: &Backoff) {
        match event {
            Event::Answered { latency_ms } => {
                self.answered(latency_ms);
                self.sign(now_ms);
            }
            Event::Failed { retry_after_ms } => {
                let delay = backoff.delay(self.failures, roll, retry_after_ms);
                self.failed(now_ms.saturating_add(delay));
            }
            Event::Cut => {
                self.cut = self.cut.saturating_add(1);
                let pause = match self.is_link_up(now_ms) && self.cut <= MOST_CUT {
                    true => 0,
                    false => backoff.delay(self.failures, roll, None),
                };
                self.failed(now_ms.saturating_add(pause));
            }
            Event::Head(number) => self.head = Some(number),
            Event::Lied(lie) => self.demoted = self.demoted.or(Some(lie)),
            Event::NetworkChanged => {
                self.due_ms = 0;
                self.sign(now_ms);
            }
            Event::Pardoned => *self = Self::default(),
        }
    }

    fn sign(&mut self, now_ms: u64) {
        (self.sign_ms, self.cut) = (Some(now_ms), 0);
    }

    fn failed(&mut self, due_ms: u64) {
        self.due_ms = due_ms;
        self.failures = self.failures.saturating_add(1);
        self.success *= 1.0 - NEWEST;
    }

    fn answered(&mut self, latency_ms: u32) {
        let before = self.latency_ms.unwrap_or(latency_ms);
        // Three parts of what was, one of what is: a quarter, as for success.
        let sum = u64::from(before)
            .saturating_mul(3)
            .saturating_add(u64::from(latency_ms));
        self.latency_ms = u32::try_from(sum / 4).ok();
        self.success += (1.0 - self.success) * NEWEST;
        self.failures = 0;
        self.due_ms = 0;
    }

    /// The moving average of its latency, in milliseconds; `None` before its first answer.
    #[must_use]
    pub fn latency_ms(&self) -> Option<u32> {
        self.latency_ms
    }

    /// How many times in a row it has failed.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The newest block that it has told of.
    #[must_use]
    pub fn head(&self) -> Option<u64> {
        self.head
    }

    /// When it may be asked again, in milliseconds.
    #[must_use]
    pub fn due_ms(&self) -> u64 {
        self.due_ms
    }

    /// The first lie that it was caught at.
    #[must_use]
    pub fn demoted(&self) -> Option<Lie> {
        self.demoted
    }

    /// Whether there was a sign of the link just now: an answer, or another network of the device.
    #[must_use]
    pub fn is_link_up(&self, now_ms: u64) -> bool {
        self.sign_ms
            .is_some_and(|sign| now_ms.saturating_sub(sign) <= UP_MS)
    }

    /// Whether it may be asked now.
    #[must_use]
    pub fn is_usable(&self, now_ms: u64) -> bool {
        self.demoted.is_none() && self.due_ms <= now_ms
    }

    /// Whether others are so much better that the person's order does not count for it: what is
    /// worse comes first in the comparison.
    fn trouble(&self, newest_head: Option<u64>, fastest_ms: Option<u32>) -> Trouble {
        let behind = newest_head
            .zip(self.head)
            .map_or(0, |(newest, head)| newest.saturating_sub(head));
        let slow = fastest_ms
            .zip(self.latency_ms)
            .is_some_and(|(fastest, own)| {
                own > fastest.saturating_mul(4) && own.saturating_sub(fastest) > 1_000
            });
        Trouble {
            fails: self.success < 0.5,
            lags: behind > MOST_BEHIND,
            slow,
        }
    }
}

/// Blocks that an endpoint may be behind: one that is asked a moment earlier is one behind.
const MOST_BEHIND: u64 = 3;

/// In the order in which it weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Trouble {
    fails: bool,
    lags: bool,
    slow: bool,
}

/// The endpoints that may be asked now, best first, by their places in the person's own order.
///
/// That order counts unless another one is clearly better: this one fails in more than half of the
/// cases, is more than 3 blocks behind, or takes more than four times and a second longer than the
/// fastest. `newest_head` is the newest block that was believed: if the word of one endpoint were
/// enough, a made-up height would move all honest ones to the end.
#[must_use]
pub fn order(healths: &[(usize, &Health)], now_ms: u64, newest_head: Option<u64>) -> Vec<usize> {
    let mut usable: Vec<_> = healths
        .iter()
        .filter(|(_, health)| health.is_usable(now_ms))
        .collect();
    let fastest = usable
        .iter()
        .filter_map(|(_, health)| health.latency_ms)
        .min();
    usable.sort_by_key(|(place, health)| (health.trouble(newest_head, fastest), *place));
    usable.into_iter().map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests;
