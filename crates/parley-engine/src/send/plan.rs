//! What the next exchange over a thin link asks and offers, by what is known. It asks nobody.

use alloy_primitives::B256;
use parley_chain::Wanted;
use parley_core::fees::PATIENCE_S;
use parley_store::{Kind, Told};

use super::Pending;
use super::again::hashes;
use super::thin::Asked;
use crate::sync::Call;

/// Places in blocks are not asked about again before: no chain that is in use makes blocks faster than
/// it pays to ask over a thin link.
const GAP_MS: u64 = 3_000;
/// Nor are prices for what waits for long.
const PRICES_GAP_MS: u64 = 60_000;
/// The places of so many messages are asked at once: each answer repeats a whole transaction.
const MOST_PLACES: usize = 4;
/// So often a transaction is offered in one round: once more where its predecessor came after it.
const MOST_OFFERS: u32 = 2;

/// Messages that were never sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// None that may leave now.
    None,
    /// Some, and all places are taken by what is on the way.
    NoRoom,
    /// Some, and there is a place.
    Room,
}

/// What a plan depends on besides what is remembered.
pub(super) struct Around {
    /// The endpoint showed in this run which chain it is for.
    pub(super) greeted: bool,
    /// There was a sign of the link just now.
    pub(super) up: bool,
    pub(super) open: Open,
    pub(super) now_ms: u64,
    pub(super) now: u64,
    /// The nonce of what is sealed next.
    pub(super) next_nonce: u64,
    /// What was told of prices and balance is not used any more.
    pub(super) means_old: bool,
}

/// What is asked and offered next, and the hashes of what is offered.
pub(super) fn plan(
    waiting: &[Pending<'_>],
    around: &Around,
    call: &Call,
    asked: &Asked,
) -> (Wanted, Vec<B256>) {
    let view = View::new(waiting, around, call, asked);
    let looks = view.looks();
    let means = view.wants_means();
    let wanted = Wanted {
        chain: !around.greeted,
        means,
        count: means || looks || view.wants_count(),
        // Whoever forgets what it held is seen so.
        pending: view.unsure || (looks && !view.live.is_empty()),
        settled: view.is_used_elsewhere() && !asked.settled,
        places: view.places(),
        offers: view.offers().map(|one| one.newest.raw.clone()).collect(),
    };
    let hashes = view.offers().map(|one| one.newest.hash).collect();
    (wanted, hashes)
}

/// What is known, as far as a plan depends on it.
struct View<'a, 'b> {
    waiting: &'a [Pending<'b>],
    around: &'a Around,
    call: &'a Call,
    asked: &'a Asked,
    /// In no block, as last counted.
    live: Vec<&'a Pending<'b>>,
    /// Of some of these it is not known whether they arrived: nothing is offered before that is.
    unsure: bool,
    /// Those that can be offered.
    ready: Vec<&'a Pending<'b>>,
}

impl<'a, 'b> View<'a, 'b> {
    fn new(
        waiting: &'a [Pending<'b>],
        around: &'a Around,
        call: &'a Call,
        asked: &'a Asked,
    ) -> Self {
        let count = call.thin.count();
        let live: Vec<_> = waiting.iter().filter(|one| one.nonce >= count).collect();
        let unsure = live.iter().any(|one| is_unsure(one, call, asked));
        let mut ready = Vec::new();
        if !unsure && around.greeted {
            ready.extend(live.iter().filter(|one| is_ready(one, call, asked)));
        }
        Self {
            waiting,
            around,
            call,
            asked,
            live,
            unsure,
            ready,
        }
    }

    /// As many as get through at once.
    fn offers(&self) -> impl Iterator<Item = &Pending<'b>> {
        let most = self.call.thin.portion.count();
        self.ready.iter().take(most).copied()
    }

    /// Nothing else is left to do.
    fn is_idle(&self) -> bool {
        let sealed = !self.has_room() || self.call.thin.blocked;
        self.around.greeted && sealed && self.ready.is_empty() && !self.unsure
    }

    /// Something can be sealed, and there is a place for it.
    fn has_room(&self) -> bool {
        self.around.open == Open::Room
    }

    /// It is time to ask about blocks for their own sake.
    fn looks(&self) -> bool {
        let due = !self.asked.count && self.around.now_ms >= self.call.thin.look_ms;
        due && self.is_idle() && !self.waiting.is_empty()
    }

    fn places(&self) -> Vec<B256> {
        match self.asked.looks && self.is_idle() {
            true => unplaced(self.waiting, self.call, self.asked),
            false => Vec::new(),
        }
    }

    /// The account was used on another device, as an endpoint says.
    fn is_used_elsewhere(&self) -> bool {
        let ahead = self.call.thin.count() > self.around.next_nonce;
        !self.asked.claimed.is_empty() || (self.has_room() && ahead)
    }

    /// Another price may be due. Only the first in the order of nonces can hold up others.
    fn wants_prices(&self) -> bool {
        let (call, asked) = (self.call, self.asked);
        let first = self.live.first();
        let waits = first.is_some_and(|one| waits_long(one, call, self.around.now));
        let may_ask = self.is_count_older(PRICES_GAP_MS) || asked.count || asked.means;
        self.live.iter().any(|one| is_asked(one)) || (waits && may_ask)
    }

    /// What costs and balance are is to be known. What lost its place is sealed afresh.
    fn wants_means(&self) -> bool {
        let seals = self.has_room() || !self.asked.claimed.is_empty();
        let uses = (seals && self.around.means_old) || (self.asked.count && self.wants_prices());
        !self.around.greeted || (!self.unsure && !self.asked.means && uses)
    }

    /// How many are in blocks is to be known: at first, to have room again, or before another price.
    fn wants_count(&self) -> bool {
        let thin = &self.call.thin;
        let anything = self.unsure || self.around.open != Open::None;
        let all = self.ready.len() <= thin.portion.count();
        let for_room = self.around.open == Open::NoRoom && all && self.is_count_older(GAP_MS);
        (thin.count.is_none() && anything)
            || for_room
            || (!self.asked.count && self.wants_prices())
            || (self.is_silent() && !thin.blocked)
    }

    /// What is sealed now leaves at once: nothing is sealed for a link that may not be there.
    fn is_silent(&self) -> bool {
        self.has_room() && !self.around.up && self.offers().next().is_none() && !self.unsure
    }

    fn is_count_older(&self, ms: u64) -> bool {
        let told = self.call.thin.count;
        told.is_none_or(|(_, at)| self.around.now_ms.saturating_sub(at) >= ms)
    }
}

/// What an endpoint said of its place in a block.
fn told_of(one: &Pending<'_>) -> Option<Told> {
    one.row.variants.iter().find_map(|variant| variant.told)
}

/// The hashes of the first of those whose nonce is used and whose place in a block is not known.
fn unplaced(waiting: &[Pending<'_>], call: &Call, asked: &Asked) -> Vec<B256> {
    let used = waiting.iter().filter(|one| {
        one.nonce < call.thin.count() && told_of(one).is_none() && !asked.looked.contains(&one.id)
    });
    used.take(MOST_PLACES).flat_map(hashes).collect()
}

/// It may have left, and whether it arrived is not known.
fn is_unsure(one: &Pending<'_>, call: &Call, asked: &Asked) -> bool {
    let hash = &one.newest.hash;
    !call.known.untried.contains(hash)
        && !call.known.held.contains_key(hash)
        && !asked.answered.contains_key(hash)
}

/// It was never offered, or is known not to be there.
fn is_ready(one: &Pending<'_>, call: &Call, asked: &Asked) -> bool {
    let hash = &one.newest.hash;
    let times = asked.answered.get(hash).copied().unwrap_or(0);
    call.known.untried.contains(hash) && times < MOST_OFFERS
}

/// A person asked for another price, or for a blank transaction in its place.
fn is_asked(one: &Pending<'_>) -> bool {
    one.row.more_asked || one.row.giving_up_at.is_some() && one.newest.kind == Kind::Message
}

/// It arrived, and another price for it may be due.
fn waits_long(one: &Pending<'_>, call: &Call, now: u64) -> bool {
    let arrived = call.known.held.contains_key(&one.newest.hash) || one.newest.refused;
    arrived && now.saturating_sub(call.known.since(one.newest)) >= PATIENCE_S
}
