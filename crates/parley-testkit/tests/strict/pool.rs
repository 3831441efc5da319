//! What the pool takes: geth's rules, by their edges.

use alloy_primitives::{Bytes, U256, hex};
use parley_testkit::strict::{Dialect, Fork, Rules, Signer};

use crate::asking::{
    ETHER, GAS, GWEI, message, mined, node, node_with, offer, offer_nonce, small, waiting,
};

const TAKEN: Option<&str> = None;
const TOO_LITTLE: Option<&str> = Some("replacement transaction underpriced");

/// The steps of go-ethereum's `TestReplacementDynamicFee`, for a transaction that has its turn and for
/// one that has not.
#[test]
fn a_replacement_pays_110_percent_of_both_fees() {
    for nonce in [0, 2] {
        let (mut node, signer) = node();
        for (fee, want) in [
            ((2, 1), TAKEN),
            ((2, 1), TOO_LITTLE),
            ((3, 2), TAKEN),
            ((100, 60), TAKEN),
            ((100, 65), TOO_LITTLE),
            ((109, 60), TOO_LITTLE),
            ((100, 66), TOO_LITTLE),
            ((110, 60), TOO_LITTLE),
            ((109, 66), TOO_LITTLE),
            ((110, 65), TOO_LITTLE),
            ((110, 66), TAKEN),
        ] {
            let mut transaction = message(&signer, nonce, fee);
            // Another one, even where the fees are the same.
            transaction.gas_limit += u64::from(want.is_some());
            let said = offer(&mut node, &signer, transaction).err();
            assert_eq!(said.as_deref(), want, "{nonce} {fee:?}");
        }
        assert_eq!(waiting(&node, signer.address()), [nonce]);
    }
}

#[test]
fn the_same_transaction_is_known_and_a_mined_one_has_its_nonce_used() {
    let (mut node, signer) = node();
    offer_nonce(&mut node, &signer, 0).unwrap();
    assert_eq!(
        offer_nonce(&mut node, &signer, 0).unwrap_err(),
        "already known"
    );
    node.mine();
    let said = offer_nonce(&mut node, &signer, 0).unwrap_err();
    assert_eq!(said, "nonce too low: next nonce 1, tx nonce 0");
}

#[test]
fn what_waits_counts_against_the_balance() {
    let (mut node, signer) = node();
    // Each may take 0.3 ether.
    let fee = (ETHER * 3 / 10 / u128::from(GAS), GWEI);
    for nonce in 0..3 {
        offer(&mut node, &signer, message(&signer, nonce, fee)).unwrap();
    }
    let said = offer(&mut node, &signer, message(&signer, 3, fee)).unwrap_err();
    assert_eq!(
        said,
        "insufficient funds for gas * price + value: balance 1000000000000000000, queued cost \
         900000000000000000, tx cost 300000000000000000, overshot 200000000000000000"
    );
    // Of a replacement only the difference counts.
    let dearer = (fee.0 * 13 / 10, fee.1 * 2);
    offer(&mut node, &signer, message(&signer, 2, dearer)).unwrap();
    let dearest = (fee.0 * 15 / 10, fee.1 * 3);
    assert!(offer(&mut node, &signer, message(&signer, 2, dearest)).is_err());
}

/// geth's own gap: only what has its turn counts, so that a queue can promise more than there is.
#[test]
fn what_waits_for_its_turn_does_not_count() {
    let (mut node, signer) = node();
    let fee = (ETHER * 3 / 10 / u128::from(GAS), GWEI);
    for nonce in 1..6 {
        offer(&mut node, &signer, message(&signer, nonce, fee)).unwrap();
    }
}

#[test]
fn a_gap_is_kept_without_a_word_and_closed_later() {
    let (mut node, signer) = node();
    for nonce in [2, 1] {
        offer_nonce(&mut node, &signer, nonce).unwrap();
    }
    node.mine();
    assert_eq!(waiting(&node, signer.address()), [1, 2]);
    offer_nonce(&mut node, &signer, 0).unwrap();
    node.mine();
    assert_eq!(mined(&node, signer.address()), [0, 1, 2]);
}

#[test]
fn nethermind_and_reth_refuse_a_gap() {
    for dialect in [Dialect::Nethermind, Dialect::Reth] {
        let (mut node, signer) = node_with(Rules {
            dialect,
            ..Rules::default()
        });
        assert_eq!(
            offer_nonce(&mut node, &signer, 1).unwrap_err(),
            "nonce too high"
        );
        offer_nonce(&mut node, &signer, 0).unwrap();
        offer_nonce(&mut node, &signer, 1).unwrap();
    }
}

#[test]
fn of_a_long_queue_the_end_is_taken_and_dropped() {
    let (mut node, signer) = node();
    for nonce in 1..=70 {
        offer_nonce(&mut node, &signer, nonce).unwrap();
    }
    assert_eq!(
        waiting(&node, signer.address()),
        (1..=64).collect::<Vec<_>>()
    );
}

#[test]
fn what_waits_for_its_turn_is_dropped_after_three_hours() {
    let (mut node, signer) = node();
    offer_nonce(&mut node, &signer, 1).unwrap();
    node.advance_time(3 * 3_600);
    assert_eq!(waiting(&node, signer.address()), [1]);
    node.advance_time(1);
    assert!(waiting(&node, signer.address()).is_empty());
    // What has its turn waits for ever.
    offer(&mut node, &signer, message(&signer, 0, (1, 1))).unwrap();
    node.advance_time(100 * 3_600);
    assert_eq!(waiting(&node, signer.address()), [0]);
}

#[test]
fn a_full_pool_keeps_sixteen_of_each_account() {
    let (mut node, first) = small(40, 100);
    let second = Signer::of(2);
    node.fund(second.address(), ETHER);
    for nonce in 0..16 {
        offer_nonce(&mut node, &second, nonce).unwrap();
    }
    for nonce in 0..60 {
        offer_nonce(&mut node, &first, nonce).unwrap();
    }
    assert_eq!(waiting(&node, second.address()).len(), 16);
    let kept = waiting(&node, first.address());
    assert_eq!(
        kept.iter().filter(|nonce| **nonce < 24).count(),
        24,
        "{kept:?}"
    );
}

#[test]
fn a_full_pool_drives_out_what_pays_least() {
    let (mut node, poor) = small(2, 1);
    let rich = Signer::of(2);
    node.fund(rich.address(), ETHER);
    // What geth holds for passing it calls taken.
    node.set_dialect(Dialect::Reth);
    for nonce in 0..3 {
        offer_nonce(&mut node, &poor, nonce).unwrap();
    }
    let said = offer_nonce(&mut node, &rich, 0).unwrap_err();
    assert_eq!(said, "transaction underpriced");
    offer(&mut node, &rich, message(&rich, 0, (11 * GWEI, 2 * GWEI))).unwrap();
    assert_eq!(waiting(&node, rich.address()), [0]);
    assert_eq!(waiting(&node, poor.address()), [0, 1]);
}

#[test]
fn geth_calls_taken_what_it_refuses_for_now() {
    let (mut node, poor) = small(2, 1);
    let other = Signer::of(2);
    node.fund(other.address(), ETHER);
    for nonce in 0..3 {
        offer_nonce(&mut node, &poor, nonce).unwrap();
    }
    offer_nonce(&mut node, &other, 0).unwrap();
    assert!(waiting(&node, other.address()).is_empty());
}

#[test]
fn a_delegated_account_has_one_on_the_way() {
    let (mut node, signer) = node_with(Rules {
        dialect: Dialect::Reth,
        ..Rules::default()
    });
    let delegation = [hex!("ef0100").as_slice(), &[7; 20]].concat();
    node.set_code(signer.address(), Bytes::from(delegation));
    node.set_dialect(Dialect::Anvil);
    let gap = offer_nonce(&mut node, &signer, 1).unwrap_err();
    assert_eq!(gap, "gapped-nonce tx from delegated accounts");
    offer_nonce(&mut node, &signer, 0).unwrap();
    let second = offer_nonce(&mut node, &signer, 1).unwrap_err();
    assert_eq!(
        second,
        "in-flight transaction limit reached for delegated accounts"
    );
    offer(
        &mut node,
        &signer,
        message(&signer, 0, (20 * GWEI, 2 * GWEI)),
    )
    .unwrap();
    // geth tells neither: it says that it has them.
    node.set_dialect(Dialect::Geth);
    offer_nonce(&mut node, &signer, 1).unwrap();
    assert_eq!(waiting(&node, signer.address()), [0]);
}

#[test]
fn gas_is_judged_by_the_fork_of_the_newest_block() {
    let (mut node, signer) = node_with(Rules {
        fork: Fork::AmsterdamFrom(1),
        ..Rules::default()
    });
    let with_gas = |gas_limit| {
        let mut transaction = message(&signer, 0, (10 * GWEI, GWEI));
        transaction.input = vec![1; 100].into();
        transaction.gas_limit = gas_limit;
        transaction
    };
    let osaka = offer(&mut node, &signer, with_gas(24_999)).unwrap_err();
    let floor = "insufficient gas for floor data gas cost: gas";
    assert_eq!(osaka, format!("{floor} 24999, minimum needed 25000"));
    let intrinsic = offer(&mut node, &signer, with_gas(22_599)).unwrap_err();
    assert_eq!(
        intrinsic,
        "intrinsic gas too low: gas 22599, minimum needed 22600"
    );
    let too_much = offer(&mut node, &signer, with_gas(16_777_217)).unwrap_err();
    assert_eq!(
        too_much,
        "transaction gas limit too high (cap: 16777216, tx: 16777217)"
    );
    node.mine();
    let amsterdam = offer(&mut node, &signer, with_gas(18_399)).unwrap_err();
    assert_eq!(amsterdam, format!("{floor} 18399, minimum needed 18400"));
    offer(&mut node, &signer, with_gas(18_400)).unwrap();
    node.mine();
    assert_eq!(mined(&node, signer.address()), [0]);
}

#[test]
fn what_the_next_fork_makes_too_cheap_stays_in_the_pool_for_ever() {
    let (mut node, signer) = node_with(Rules {
        fork: Fork::AmsterdamFrom(1),
        ..Rules::default()
    });
    let mut transaction = message(&signer, 0, (10 * GWEI, GWEI));
    transaction.input = vec![1; 400].into();
    transaction.gas_limit = 37_000;
    offer(&mut node, &signer, transaction).unwrap();
    node.mine_n(3);
    assert_eq!(waiting(&node, signer.address()), [0]);
}

#[test]
fn what_can_never_be_in_a_block_is_refused() {
    let (mut node, signer) = node();
    let plain = || message(&signer, 0, (10 * GWEI, GWEI));
    let mut elsewhere = plain();
    elsewhere.chain_id = 1;
    let mut large = plain();
    large.input = vec![0; 128 * 1_024].into();
    large.gas_limit = 10_000_000;
    let mut upside_down = plain();
    upside_down.max_priority_fee_per_gas = 11 * GWEI;
    let mut dear = plain();
    dear.max_fee_per_gas = ETHER / u128::from(GAS) + 1;
    let mut generous = plain();
    generous.value = U256::from(ETHER);
    let mut no_tip = plain();
    no_tip.max_priority_fee_per_gas = 0;
    for (transaction, want) in [
        (
            elsewhere,
            "invalid sender: invalid chain id for signer: have 1 want 31337",
        ),
        (large, "oversized data: transaction size 131"),
        (
            upside_down,
            "max priority fee per gas higher than max fee per gas",
        ),
        (
            dear,
            "tx fee (1.00 ether) exceeds the configured cap (1.00 ether)",
        ),
        (
            generous,
            "insufficient funds for gas * price + value: balance 1000000000000000000, tx c",
        ),
        (no_tip, "transaction gas price below minimum"),
    ] {
        let said = offer(&mut node, &signer, transaction).unwrap_err();
        assert!(said.starts_with(want), "{said}");
    }
    assert!(waiting(&node, signer.address()).is_empty());
}
