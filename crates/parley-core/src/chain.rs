//! Headers, and what a freshly fetched one means for those that are kept. Knows no node.

use alloy_primitives::B256;

/// The part of a block header that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Height.
    pub number: u64,
    /// Keccak-256 of the whole header, recomputed.
    pub hash: B256,
    /// The hash of the header before.
    pub parent: B256,
    /// Seconds since 1970 UTC, by the block's proposer.
    pub time: u64,
}

/// What to do with a header that was just fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It follows the newest kept header.
    Append,
    /// The newest kept header is no longer on the chain: leave it and ask for its height again.
    DropTip,
    /// It is known: there is nothing newer, or the node lags.
    Idle,
    /// Headers between are missing: ask for this height.
    Fetch(u64),
    /// It contradicts a header that was final: write nothing.
    TooDeep,
}

/// What `next` means for the kept headers, of which `tip` is the newest.
///
/// `known` tells whether `next.hash` is among the kept ones, `finalized` is the height of the newest
/// header that must never be dropped. An empty chain takes only its block 0.
#[must_use]
pub fn step(tip: Option<&Header>, known: bool, finalized: Option<u64>, next: &Header) -> Step {
    let Some(tip) = tip else {
        return if next.number == 0 {
            Step::Append
        } else {
            Step::Fetch(0)
        };
    };
    if known {
        return Step::Idle;
    }
    let after_tip = tip.number.saturating_add(1);
    if next.number > after_tip {
        return Step::Fetch(after_tip);
    }
    if next.number == after_tip && next.parent == tip.hash {
        return Step::Append;
    }
    let may_drop = tip.number > 0 && finalized.is_none_or(|height| tip.number > height);
    if may_drop {
        Step::DropTip
    } else {
        Step::TooDeep
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(number: u64, branch: u8, parent_branch: u8) -> Header {
        Header {
            number,
            hash: B256::with_last_byte(branch.wrapping_mul(16).wrapping_add(number as u8)),
            parent: B256::with_last_byte(
                parent_branch
                    .wrapping_mul(16)
                    .wrapping_add(number.wrapping_sub(1) as u8),
            ),
            time: number,
        }
    }

    #[test]
    fn the_next_block_is_appended() {
        let (tip, next) = (header(3, 0, 0), header(4, 0, 0));
        assert_eq!(step(Some(&tip), false, None, &next), Step::Append);
    }

    #[test]
    fn a_block_on_another_parent_drops_the_tip() {
        let (tip, next) = (header(3, 0, 0), header(4, 1, 1));
        assert_eq!(step(Some(&tip), false, None, &next), Step::DropTip);
    }

    #[test]
    fn another_block_at_the_same_height_drops_the_tip() {
        let (tip, next) = (header(3, 0, 0), header(3, 1, 0));
        assert_eq!(step(Some(&tip), false, None, &next), Step::DropTip);
    }

    #[test]
    fn a_final_block_is_never_dropped() {
        let (tip, next) = (header(3, 0, 0), header(3, 1, 0));
        assert_eq!(step(Some(&tip), false, Some(3), &next), Step::TooDeep);
    }

    #[test]
    fn a_lagging_node_changes_nothing() {
        let tip = header(3, 0, 0);
        assert_eq!(step(Some(&tip), true, None, &header(2, 0, 0)), Step::Idle);
    }

    #[test]
    fn a_gap_is_fetched_first() {
        let tip = header(3, 0, 0);
        assert_eq!(
            step(Some(&tip), false, None, &header(9, 0, 0)),
            Step::Fetch(4)
        );
    }

    #[test]
    fn the_first_block_is_never_replaced() {
        let tip = header(0, 0, 0);
        assert_eq!(
            step(Some(&tip), false, None, &header(0, 1, 0)),
            Step::TooDeep
        );
    }
}
