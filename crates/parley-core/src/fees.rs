//! What is offered for a place in a block: a generous cap, because the cap is not the price, and a
//! cap that lasts keeps transaction hashes, which are what Whiteflag references point at.

/// What a node says about prices, in wei per gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeQuote {
    /// The base fee of the newest block (EIP-1559).
    pub base_fee: u128,
    /// The median priority fee of recent blocks.
    pub priority: u128,
}

/// What a transaction offers, in wei per gas (EIP-1559).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// `maxFeePerGas`: the most that is paid in all.
    pub max_fee: u128,
    /// `maxPriorityFeePerGas`: the most that the proposer gets.
    pub priority_fee: u128,
}

/// Eight base fees outlast 17 full blocks in a row (1.125^17.7 = 8).
const BASE_FEES: u128 = 8;
const GWEI: u128 = 1_000_000_000;
/// Below this, nodes' own minimums start to refuse.
const LEAST_MAX_FEE: u128 = 2 * GWEI;
/// A node that asks for more than this is not believed.
const MOST_MAX_FEE: u128 = 2_000 * GWEI;
const MOST_PRIORITY: u128 = 50 * GWEI;

/// The offer for a quote; never above the cap that protects the account from a lying node.
#[must_use]
pub fn offer(quote: &FeeQuote) -> Offer {
    let priority_fee = quote.priority.clamp(1, MOST_PRIORITY);
    let wanted = quote
        .base_fee
        .saturating_mul(BASE_FEES)
        .saturating_add(priority_fee);
    Offer {
        max_fee: wanted.clamp(LEAST_MAX_FEE.max(priority_fee), MOST_MAX_FEE),
        priority_fee,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_outlasts_seventeen_full_blocks() {
        let offer = offer(&FeeQuote {
            base_fee: 10 * GWEI,
            priority: GWEI,
        });
        let mut base = 10 * GWEI;
        for _ in 0..17 {
            base += base / 8;
        }
        assert!(offer.max_fee >= base + offer.priority_fee);
    }

    #[test]
    fn a_lying_node_cannot_empty_the_account() {
        let offer = offer(&FeeQuote {
            base_fee: u128::MAX,
            priority: u128::MAX,
        });
        assert_eq!(offer.max_fee, MOST_MAX_FEE);
        assert_eq!(offer.priority_fee, MOST_PRIORITY);
    }

    #[test]
    fn the_priority_fee_is_never_above_the_cap() {
        let offer = offer(&FeeQuote {
            base_fee: 0,
            priority: 50 * GWEI,
        });
        assert!(offer.priority_fee <= offer.max_fee);
    }
}
