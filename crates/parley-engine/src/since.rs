//! What the window was told of the signals, so that it is told only what changed since. Of each signal
//! it holds a digest, in memory and for one window: who asks for what nobody was told is told
//! everything. It reads no clock, and time alone changes nothing here.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use parley_wire::{Failure, Signal, SignalsSince};
use serde_json::Value;
use whiteflag::TransactionHash;

use crate::board::{Board, shown_name};
use crate::parley::{Parley, held};
use crate::signals::{Teller, Telling};

/// The most signals in one answer: few enough that a page takes it in without a pause that is felt.
const AT_ONCE: usize = 500;

/// The last token that was given. One for all, so that none of another network's engine fits.
static LAST: AtomicU64 = AtomicU64::new(0);

impl Parley {
    /// What changed among the [`Parley::signals`] since the answer with this token, at most as much as
    /// one answer holds; everything from the beginning where the token is none, or not of the last
    /// answer or the one before.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn signals_since(&self, token: Option<u64>) -> Result<SignalsSince, Failure> {
        let (teller, inner) = (self.teller(), Arc::clone(&self.inner));
        let tell = move |board: &Board| held(&inner.told).tell(board, teller, token, AT_ONCE);
        self.with_board(tell).await
    }
}

/// What a window has.
#[derive(Default)]
pub(crate) struct Told {
    keys: RandomState,
    /// The token of the last answer that is known to have arrived; `None` before the first.
    token: Option<u64>,
    /// Of each signal that it has.
    digests: HashMap<TransactionHash, u64>,
    /// The last answer, of which it is not known whether it arrived.
    answered: Option<Answered>,
}

struct Answered {
    token: u64,
    changed: Vec<(TransactionHash, u64)>,
    gone: Vec<TransactionHash>,
    left: Left,
}

/// What was left to be told after an answer, in the order of the chain.
struct Left {
    /// For as long as the board is as it was.
    revision: u64,
    changed: Vec<(TransactionHash, u64)>,
}

impl Told {
    /// The next answer to who has the answer with this token.
    pub(crate) fn tell(
        &mut self,
        board: &Board,
        teller: Teller,
        token: Option<u64>,
        at_once: usize,
    ) -> SignalsSince {
        let (anew, left) = self.arrived(token);
        let left = left.filter(|left| left.revision == board.revision());
        let (mut due, gone) = match left {
            Some(left) => (left.changed, Vec::new()),
            None => self.compare(board),
        };
        let later = due.split_off(at_once.min(due.len()));
        let tell = |(name, _): &(TransactionHash, u64)| {
            let sequence = board.situation.sequence(name)?;
            Some(brief(Telling::of(board, &sequence)?.signal(teller)))
        };
        let answer = SignalsSince {
            token: LAST.fetch_add(1, Relaxed).saturating_add(1),
            anew,
            changed: due.iter().filter_map(tell).collect(),
            gone: gone.iter().map(shown_name).collect(),
            more: !later.is_empty(),
        };
        self.answered = Some(Answered {
            token: answer.token,
            changed: due,
            gone,
            left: Left {
                revision: board.revision(),
                changed: later,
            },
        });
        answer
    }

    /// The signals that the window does not have as they are, and those that are there no longer.
    fn compare(&self, board: &Board) -> (Vec<(TransactionHash, u64)>, Vec<TransactionHash>) {
        let mut there = HashSet::new();
        let mut changed = Vec::new();
        for sequence in board.situation.sequences() {
            if let Some(telling) = Telling::of(board, &sequence) {
                let (name, digest) = (sequence.whole.original, self.keys.hash_one(&telling));
                there.insert(name);
                if self.digests.get(&name) != Some(&digest) {
                    changed.push((name, digest));
                }
            }
        }
        let had = self.digests.keys().copied();
        (changed, had.filter(|name| !there.contains(name)).collect())
    }

    /// Takes over what the window has by now. Whether it has nothing, as what it has is not known; and
    /// what was left when it was told last.
    fn arrived(&mut self, token: Option<u64>) -> (bool, Option<Left>) {
        let answered = self.answered.take();
        if let Some(last) = answered.filter(|last| Some(last.token) == token) {
            self.token = token;
            self.digests.extend(last.changed);
            for name in &last.gone {
                self.digests.remove(name);
            }
            return (false, Some(last.left));
        }
        if token.is_some() && token == self.token {
            return (false, None);
        }
        self.token = None;
        self.digests.clear();
        (true, None)
    }
}

/// Says once what an original and what is valid both say.
fn brief(mut signal: Signal) -> Signal {
    if signal.newest == signal.transaction_hash {
        signal.original = Value::Null;
    }
    for part in &mut signal.parts {
        if part.newest == part.transaction_hash {
            part.original = Value::Null;
        }
    }
    signal
}

#[cfg(test)]
mod tests;
