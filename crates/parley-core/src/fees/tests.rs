//! Offers, their replacements, and what is done about a transaction that is in no block.

use super::*;
use proptest::prelude::*;

fn first(base_fee: u128, priority: u128) -> Offer {
    offer(&FeeQuote { base_fee, priority }, &Cap::default())
}

fn at(max_fee: u128, priority_fee: u128) -> Offer {
    Offer {
        max_fee,
        priority_fee,
    }
}

#[test]
fn the_cap_outlasts_seventeen_full_blocks() {
    let offer = first(10 * GWEI, GWEI);
    let mut base = 10 * GWEI;
    for _ in 0..17 {
        base += base / 8;
    }
    assert!(offer.max_fee >= base + offer.priority_fee);
}

#[test]
fn a_lying_node_cannot_empty_the_account() {
    let offer = first(u128::MAX, u128::MAX);
    assert_eq!(offer, at(2_000 * GWEI, 50 * GWEI));
}

#[test]
fn a_person_may_cap_it_lower() {
    let cap = Cap {
        max_fee: GWEI,
        priority_fee: 2 * GWEI,
    };
    let quote = FeeQuote {
        base_fee: GWEI,
        priority: 5 * GWEI,
    };
    assert_eq!(offer(&quote, &cap), at(GWEI, GWEI));
    assert!(!cap.is_below(&quote));
    let dearer = FeeQuote {
        base_fee: GWEI + 1,
        ..quote
    };
    assert!(cap.is_below(&dearer));
}

#[test]
fn a_replacement_is_an_eighth_more_or_what_the_market_asks() {
    let cap = Cap::default();
    let old = at(80 * GWEI, GWEI);
    assert_eq!(
        replacement(old, first(GWEI, 1), &cap),
        Some(at(90 * GWEI, 1_125_000_000))
    );
    let market = first(100 * GWEI, 4 * GWEI);
    assert_eq!(replacement(old, market, &cap), Some(market));
    assert_eq!(replacement(at(17, 1), at(0, 0), &cap), Some(at(20, 2)));
}

#[test]
fn just_at_the_cap_a_tenth_is_enough_and_less_is_not() {
    let old = at(1_000, 100);
    let cap = |max_fee, priority_fee| Cap {
        max_fee,
        priority_fee,
    };
    let market = at(0, 0);
    assert_eq!(
        replacement(old, market, &cap(1_100, 110)),
        Some(at(1_100, 110))
    );
    assert_eq!(replacement(old, market, &cap(1_099, 110)), None);
    assert_eq!(replacement(old, market, &cap(1_100, 109)), None);
    assert_eq!(replacement(old, market, &cap(0, 0)), None);
}

#[test]
fn what_costs_nothing_is_tried_first() {
    let stuck = Pending {
        known_to_any: false,
        max_fee: 10,
        base_fee: 11,
        waited_s: 599,
        dependents_exposed: false,
        patience_s: PATIENCE_S,
    };
    assert_eq!(is_stuck(&stuck), Stuck::OfferAgain);
    // No pool of some clients holds what blocks are too dear for, however often it is offered.
    let refused = Pending {
        waited_s: 600,
        ..stuck
    };
    assert_eq!(is_stuck(&refused), Stuck::MayRaise);
    let forgotten = Pending {
        base_fee: 10,
        ..refused
    };
    assert_eq!(is_stuck(&forgotten), Stuck::OfferAgain);
    let known = Pending {
        known_to_any: true,
        ..stuck
    };
    assert_eq!(is_stuck(&known), Stuck::WaitForPrice);
    let old = Pending {
        waited_s: 600,
        ..known
    };
    assert_eq!(is_stuck(&old), Stuck::MayRaise);
    let locked = Pending {
        dependents_exposed: true,
        ..old
    };
    assert_eq!(is_stuck(&locked), Stuck::WaitForPrice);
    let cheap = Pending {
        base_fee: 10,
        ..locked
    };
    assert_eq!(is_stuck(&cheap), Stuck::No);
}

fn price() -> impl Strategy<Value = u128> {
    prop_oneof![0..200_u128, 0..5_000 * GWEI, any::<u128>()]
}

proptest! {
    #[test]
    fn no_offer_is_above_the_cap(base_fee in price(), priority in price(), max_fee in price(), tip in price()) {
        let cap = Cap { max_fee, priority_fee: tip };
        let offer = offer(&FeeQuote { base_fee, priority }, &cap);
        prop_assert!(offer.max_fee <= max_fee && offer.priority_fee <= tip);
        prop_assert!(offer.priority_fee <= offer.max_fee);
    }

    /// What geth's pool asks of a replacement, and what the person allows.
    #[test]
    fn every_replacement_is_taken_and_allowed(
        old in (price(), price()),
        market in (price(), price()),
        max_fee in price(),
        tip in price(),
    ) {
        let cap = Cap { max_fee, priority_fee: tip };
        let (old, market) = (at(old.0, old.1), at(market.0, market.1));
        if let Some(new) = replacement(old, market, &cap) {
            prop_assert!(new.max_fee > old.max_fee && new.priority_fee > old.priority_fee);
            prop_assert!(new.max_fee >= old.max_fee * 110 / 100);
            prop_assert!(new.priority_fee >= old.priority_fee * 110 / 100);
            prop_assert!(new.max_fee <= max_fee && new.priority_fee <= tip);
            prop_assert!(new.priority_fee <= new.max_fee);
        }
    }

    #[test]
    fn far_below_the_cap_there_is_always_one(
        max_fee in 1..1_000 * GWEI,
        tip in 1..40 * GWEI,
        market in (0..1_000 * GWEI, 0..40 * GWEI),
    ) {
        let old = at(max_fee, tip.min(max_fee));
        prop_assert!(replacement(old, at(market.0, market.1), &Cap::default()).is_some());
    }
}
