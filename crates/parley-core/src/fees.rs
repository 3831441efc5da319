//! What is offered for a place in a block: a generous cap, because the cap is not the price, and a
//! cap that lasts keeps transaction hashes, which are what Whiteflag references point at. Asks no
//! node and signs nothing. All prices are in wei per gas (EIP-1559).

use alloy_primitives::U256;

/// What a node says about prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeQuote {
    /// The base fee of the newest block.
    pub base_fee: u128,
    /// The median priority fee of recent blocks.
    pub priority: u128,
}

/// What a transaction offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// `maxFeePerGas`: the most that is paid in all.
    pub max_fee: u128,
    /// `maxPriorityFeePerGas`: the most that the proposer gets.
    pub priority_fee: u128,
}

/// The most that may be offered; it protects the account from a node that lies about prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// The most of [`Offer::max_fee`].
    pub max_fee: u128,
    /// The most of [`Offer::priority_fee`].
    pub priority_fee: u128,
}

/// Eight base fees outlast 17 full blocks in a row (1.125^17.7 = 8).
const BASE_FEES: u128 = 8;
const GWEI: u128 = 1_000_000_000;
/// Below this, nodes' own minimums start to refuse.
const LEAST_MAX_FEE: u128 = 2 * GWEI;

impl Default for Cap {
    /// What holds until a person chooses another: 2,000 and 50 gwei.
    fn default() -> Self {
        Self {
            max_fee: 2_000 * GWEI,
            priority_fee: 50 * GWEI,
        }
    }
}

impl Cap {
    /// Whether blocks cost more than may be paid: nothing is sealed until they are cheaper again.
    #[must_use]
    pub fn is_below(&self, quote: &FeeQuote) -> bool {
        self.max_fee < quote.base_fee
    }
}

/// The offer for a quote; never above the cap.
#[must_use]
pub fn offer(quote: &FeeQuote, cap: &Cap) -> Offer {
    let priority_fee = quote.priority.max(1).min(cap.priority_fee);
    let wanted = quote
        .base_fee
        .saturating_mul(BASE_FEES)
        .saturating_add(priority_fee);
    let max_fee = wanted.max(LEAST_MAX_FEE).min(cap.max_fee);
    Offer {
        max_fee,
        priority_fee: priority_fee.min(max_fee),
    }
}

/// The offer that takes the place of an older one for the same nonce, at today's prices (`market`);
/// `None` where the cap does not allow one that nodes would take.
///
/// geth takes a replacement that is higher in both prices, by 10 % at least. An eighth more clears
/// rounding and pools that are stricter. Just at the cap, 10 % is enough.
#[must_use]
pub fn replacement(old: Offer, market: Offer, cap: &Cap) -> Option<Offer> {
    let max_fee = raised(old.max_fee)?.max(market.max_fee).min(cap.max_fee);
    let priority_fee = raised(old.priority_fee)?
        .max(market.priority_fee)
        .min(cap.priority_fee)
        .min(max_fee);
    let enough = is_enough(old.max_fee, max_fee)? && is_enough(old.priority_fee, priority_fee)?;
    enough.then_some(Offer {
        max_fee,
        priority_fee,
    })
}

/// An eighth more, rounded up, and never the same.
fn raised(old: u128) -> Option<u128> {
    Some(old.checked_mul(9)?.div_ceil(8).max(old.checked_add(1)?))
}

fn is_enough(old: u128, new: u128) -> Option<bool> {
    Some(new > old && new.checked_mul(100)? >= old.checked_mul(110)?)
}

/// What is known of an exposed transaction that is in no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// An endpoint that was asked in this round knows it.
    pub known_to_any: bool,
    /// Its `maxFeePerGas`.
    pub max_fee: u128,
    /// The base fee of the newest block.
    pub base_fee: u128,
    /// Seconds since its newest variant was exposed.
    pub waited_s: u64,
    /// A message that holds its hash was exposed too: another hash would leave that one pointing at
    /// nothing.
    pub dependents_exposed: bool,
    /// After how many seconds a higher price may be offered; [`PATIENCE_S`] as a rule.
    pub patience_s: u64,
}

/// Ten minutes: 50 blocks of Ethereum.
pub const PATIENCE_S: u64 = 600;

/// What to do about a transaction that is in no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// No endpoint knows it: offer the same octets to all of them.
    OfferAgain,
    /// Blocks cost more than it offers: wait, and say so.
    WaitForPrice,
    /// It has waited long enough: a variant with a higher price may be made.
    MayRaise,
    /// Nothing is wrong so far, or nothing may be done about it.
    No,
}

/// The first thing that helps a transaction that is in no block; what costs nothing comes first. What
/// blocks are too dear for is held by no pool of some clients, so offering it again helps only until
/// patience ends.
#[must_use]
pub fn is_stuck(pending: &Pending) -> Stuck {
    let below = pending.max_fee < pending.base_fee;
    let over = pending.waited_s >= pending.patience_s && !pending.dependents_exposed;
    if over && (pending.known_to_any || below) {
        Stuck::MayRaise
    } else if !pending.known_to_any {
        Stuck::OfferAgain
    } else if below {
        Stuck::WaitForPrice
    } else {
        Stuck::No
    }
}

/// What a Whiteflag message takes, roughly: a sign of 63 octets, or a short text (EIP-7623).
const USUAL_GAS: u64 = 24_000;

/// For about how many more messages an account can pay: the last one must be covered at its cap,
/// those before it only cost what blocks cost now.
#[must_use]
pub fn affordable(balance: U256, quote: &FeeQuote, offer: &Offer) -> u64 {
    let gas = U256::from(USUAL_GAS);
    let reserved = gas.saturating_mul(U256::from(offer.max_fee));
    let price = quote.base_fee.saturating_add(offer.priority_fee);
    let paid = gas.saturating_mul(U256::from(price.clamp(1, offer.max_fee.max(1))));
    match balance.checked_sub(reserved) {
        None => 0,
        Some(left) => {
            let more = left.checked_div(paid).unwrap_or(U256::MAX);
            more.saturating_add(U256::ONE).saturating_to()
        }
    }
}

#[cfg(test)]
mod tests;
