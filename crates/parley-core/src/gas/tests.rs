//! Gas against the formulas of the proposals, and which of them are in force.

use super::*;
use proptest::prelude::*;

/// Calldata with so many zeros, spread over it.
fn calldata(length: usize, zeros: usize) -> Vec<u8> {
    let mut octets = vec![0xA7; length];
    for at in 0..zeros {
        octets[at * length / zeros] = 0;
    }
    octets
}

/// EIP-7623 in its own terms: tokens, 4 of standard cost and 10 of floor cost each.
fn eip_7623(length: u64, zeros: u64) -> u64 {
    let tokens = zeros + (length - zeros) * 4;
    21_000 + u64::max(4 * tokens, 10 * tokens)
}

/// EIP-2780 and EIP-7976 for a transaction to oneself: every octet counts four floor tokens of 16.
fn eip_7976(length: u64, zeros: u64) -> u64 {
    let tokens = zeros + (length - zeros) * 4;
    12_000 + u64::max(4 * tokens, 16 * (4 * length))
}

#[test]
fn two_hundred_vectors_and_more_agree_with_the_proposals() {
    let lengths = [
        0, 1, 2, 5, 31, 32, 33, 55, 63, 64, 99, 100, 127, 200, 255, 256, 374, 375, 376, 500, 999,
        1_000, 4_096, 32_768, 130_048,
    ];
    let mut vectors = 0;
    for length in lengths {
        for zeros in [0, 1, length / 3, length / 2, length] {
            let zeros = zeros.min(length);
            let octets = calldata(length, zeros);
            let (length, zeros) = (length as u64, zeros as u64);
            let (osaka, amsterdam) = (eip_7623(length, zeros), eip_7976(length, zeros));
            assert_eq!(limit(&octets, Fork::Osaka), osaka, "{length} {zeros}");
            assert_eq!(
                limit(&octets, Fork::Amsterdam),
                amsterdam,
                "{length} {zeros}"
            );
            assert_eq!(limit(&octets, Fork::Unknown), osaka.max(amsterdam));
            vectors += 3;
        }
    }
    assert!(vectors >= 200, "{vectors}");
}

/// Figures that the proposals and clients' own tests give in words: EIP-7623 prices an octet of data
/// at 10 or 40, EIP-7976 at 64 whatever it is.
#[test]
fn figures_that_are_written_down() {
    assert_eq!(limit(&[], Fork::Osaka), 21_000);
    assert_eq!(limit(&[0; 100], Fork::Osaka), 22_000);
    assert_eq!(limit(&[1; 100], Fork::Osaka), 25_000);
    assert_eq!(limit(&[], Fork::Amsterdam), 12_000);
    assert_eq!(limit(&[7; 63], Fork::Amsterdam), 16_032);
    assert_eq!(limit(&[0; 63], Fork::Amsterdam), 16_032);
    // A real node charged this for 64 random octets.
    assert_eq!(limit(&[9; 64], Fork::Osaka), 23_560);
}

#[test]
fn long_texts_cost_more_on_amsterdam_and_the_unknown_fork_pays_for_that() {
    let text = [b'x'; 1000];
    assert_eq!(limit(&text, Fork::Osaka), 61_000);
    assert_eq!(limit(&text, Fork::Unknown), 76_000);
    assert_eq!(limit(&[b'x'; 200], Fork::Unknown), 29_000);
    assert_eq!(
        limit(&[b'x'; 375], Fork::Osaka),
        limit(&[b'x'; 375], Fork::Amsterdam)
    );
}

#[test]
fn only_a_custom_network_is_believed_and_only_up_to_four_times() {
    let checked = |custom, estimate| limit_checked(&[1; 100], Fork::Osaka, custom, estimate);
    assert_eq!(checked(false, Some(90_000)), 25_000);
    assert_eq!(checked(true, None), 25_000);
    assert_eq!(checked(true, Some(90_000)), 90_000);
    assert_eq!(checked(true, Some(0)), 25_000);
    assert_eq!(checked(true, Some(u64::MAX)), 100_000);
}

const DAY: u64 = 86_400;
const OSAKA_AT: u64 = 1_000 * DAY;
const AMSTERDAM_AT: u64 = 1_100 * DAY;
const BOTH: &[(u64, Fork)] = &[(OSAKA_AT, Fork::Osaka), (AMSTERDAM_AT, Fork::Amsterdam)];

#[test]
fn the_newest_fork_before_the_header_counts() {
    assert_eq!(Fork::at(BOTH, OSAKA_AT - 1, false), Fork::Unknown);
    assert_eq!(Fork::at(BOTH, OSAKA_AT, false), Fork::Osaka);
    assert_eq!(Fork::at(&[], OSAKA_AT, false), Fork::Unknown);
}

#[test]
fn the_header_counts_more_than_the_table() {
    assert_eq!(Fork::at(BOTH, AMSTERDAM_AT, true), Fork::Amsterdam);
    assert_eq!(
        Fork::at(BOTH, OSAKA_AT, true),
        Fork::Amsterdam,
        "it came early"
    );
    assert_eq!(
        Fork::at(BOTH, AMSTERDAM_AT, false),
        Fork::Unknown,
        "it was moved"
    );
}

#[test]
fn a_transaction_that_may_be_mined_after_a_fork_pays_for_both() {
    assert_eq!(Fork::at(BOTH, AMSTERDAM_AT - DAY - 1, false), Fork::Osaka);
    assert_eq!(Fork::at(BOTH, AMSTERDAM_AT - DAY, false), Fork::Unknown);
}

#[test]
fn an_old_table_is_not_believed_but_the_rules_of_a_private_network_last() {
    let forks = &BOTH[..1];
    assert_eq!(Fork::at(forks, OSAKA_AT + 180 * DAY, false), Fork::Osaka);
    assert_eq!(
        Fork::at(forks, OSAKA_AT + 180 * DAY + 1, false),
        Fork::Unknown
    );
    assert_eq!(Fork::at(forks, OSAKA_AT + 300 * DAY, true), Fork::Amsterdam);
    assert_eq!(Fork::at(&[(0, Fork::Osaka)], u64::MAX, false), Fork::Osaka);
}

proptest! {
    /// Whatever the octets are, the unknown fork pays on either.
    #[test]
    fn the_unknown_fork_is_enough_for_both(octets in proptest::collection::vec(0_u8..3, 0..600)) {
        let unknown = limit(&octets, Fork::Unknown);
        prop_assert!(unknown >= limit(&octets, Fork::Osaka));
        prop_assert!(unknown >= limit(&octets, Fork::Amsterdam));
    }
}
