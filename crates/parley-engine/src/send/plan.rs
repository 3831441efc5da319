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
    let thin = &call.thin;
    let live: Vec<&Pending<'_>> = waiting
        .iter()
        .filter(|one| one.nonce >= thin.count())
        .collect();
    let unsure = live.iter().any(|one| is_unsure(one, call, asked));
    let ready: Vec<&Pending<'_>> = match unsure || !around.greeted {
        true => Vec::new(),
        false => live
            .iter()
            .filter(|one| is_ready(one, call, asked))
            .copied()
            .collect(),
    };
    let offers: Vec<_> = ready.iter().take(thin.portion.count()).collect();
    let all = offers.len() == ready.len();
    let age = |(_, at): (u64, u64)| around.now_ms.saturating_sub(at);
    let count_old = thin.count.map(age).is_none_or(|age| age >= GAP_MS);
    let long_ago = thin.count.map(age).is_none_or(|age| age >= PRICES_GAP_MS);
    // Only the first in the order of nonces can hold up others.
    let waits = live
        .first()
        .is_some_and(|one| waits_long(one, call, around.now));
    let prices =
        live.iter().any(|one| is_asked(one)) || waits && (long_ago || asked.count || asked.means);
    // Nothing else is left to do.
    let sealed = around.open != Open::Room || thin.blocked;
    let idle = around.greeted && sealed && ready.is_empty() && !unsure;
    let due = idle && !asked.count && around.now_ms >= thin.look_ms;
    let look = due && !waiting.is_empty();
    let places: Vec<B256> = match idle && asked.looks {
        true => unplaced(waiting, call, asked),
        false => Vec::new(),
    };
    let elsewhere =
        !asked.claimed.is_empty() || around.open == Open::Room && thin.count() > around.next_nonce;
    // What is sealed now leaves at once: nothing is sealed for a link that may not be there.
    let silent = around.open == Open::Room && !around.up && offers.is_empty() && !unsure;
    // What lost its place is sealed afresh.
    let seals = around.open == Open::Room || !asked.claimed.is_empty();
    let sealing = seals && around.means_old;
    let means =
        !around.greeted || (!unsure && !asked.means && (sealing || (prices && asked.count)));
    let count = means
        || thin.count.is_none() && (unsure || around.open != Open::None)
        || (around.open == Open::NoRoom && all && count_old)
        || (prices && !asked.count)
        || (silent && !thin.blocked)
        || look;
    let wanted = Wanted {
        chain: !around.greeted,
        means,
        count,
        // Whoever forgets what it held is seen so.
        pending: unsure || (look && !live.is_empty()),
        settled: elsewhere && !asked.settled,
        places,
        offers: offers.iter().map(|one| one.newest.raw.clone()).collect(),
    };
    let hashes = offers.iter().map(|one| one.newest.hash).collect();
    (wanted, hashes)
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
