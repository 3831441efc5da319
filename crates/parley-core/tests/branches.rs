//! Whatever branch an endpoint is on, following `step` ends with its chain, and a final block is
//! never left.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use alloy_primitives::{B256, keccak256};
use parley_core::chain::{Header, Step, step};
use proptest::prelude::*;

/// A chain whose blocks from `fork` on are of another branch.
fn chain(length: u64, fork: u64, branch: u8) -> Vec<Header> {
    let mut blocks: Vec<Header> = Vec::new();
    for number in 0..length {
        let parent = blocks.last().map_or(B256::ZERO, |last| last.hash);
        let salt = if number < fork { 0 } else { branch };
        let mut content = parent.to_vec();
        content.extend([salt, u8::try_from(number).unwrap()]);
        blocks.push(Header {
            number,
            hash: keccak256(content),
            parent,
            time: number,
        });
    }
    blocks
}

/// Follows an endpoint until it has nothing more to say: next height first, and where it has none,
/// its block at the height of ours.
fn follow(kept: &mut Vec<Header>, node: &[Header], finalized: Option<u64>) -> Step {
    for _ in 0..1000 {
        let tip = kept.last().copied();
        let wanted = tip.map_or(0, |tip| tip.number + 1);
        let at = usize::try_from(wanted).unwrap();
        let Some(next) = node.get(at).or_else(|| node.get(at.checked_sub(1)?)) else {
            return Step::Idle;
        };
        let known = kept.iter().any(|held| held.hash == next.hash);
        match step(tip.as_ref(), known, finalized, next) {
            Step::Append => kept.push(*next),
            Step::DropTip => drop(kept.pop()),
            end @ (Step::Idle | Step::TooDeep | Step::Fetch(_)) => return end,
        }
    }
    panic!("it never ends");
}

proptest! {
    #[test]
    fn every_fork_is_followed_to_the_chain_of_the_endpoint(
        ours in 1..60_u64, ahead in 0..30_u64, fork in 1..60_u64,
    ) {
        let node = chain(ours + ahead, fork, 2);
        let mut kept = chain(ours, fork, 1);
        prop_assert_eq!(follow(&mut kept, &node, None), Step::Idle);
        prop_assert_eq!(kept, node);
    }

    #[test]
    fn a_final_block_is_never_left(
        ours in 2..60_u64, theirs in 2..60_u64, fork in 1..60_u64, depth in 0..60_u64,
    ) {
        let finalized = depth.min(ours - 1);
        let node = chain(theirs, fork, 2);
        let before = chain(ours, fork, 1);
        let mut kept = before.clone();
        let _ = follow(&mut kept, &node, Some(finalized));
        let safe = usize::try_from(finalized).unwrap() + 1;
        prop_assert_eq!(&kept[..safe], &before[..safe]);
    }
}
