//! Coverage against a plain set of blocks.

use std::collections::BTreeMap;

use super::*;
use proptest::prelude::*;

/// The height up to which stretches are made.
const HEIGHTS: u64 = 24;

/// A block's hash on one of the branches.
fn hash(number: Option<u64>, branch: u8) -> B256 {
    let mut hash = B256::repeat_byte(branch);
    if let Some(number) = number {
        hash[..8].copy_from_slice(&number.to_be_bytes());
        hash[8] = 0xFF;
    }
    hash
}

fn stretch(first: u64, last: u64, level: Verification, branch: u8) -> Stretch {
    Stretch {
        first,
        last,
        level,
        parent: hash(first.checked_sub(1), branch),
        tip: hash(Some(last), branch),
    }
}

fn blocks(first: u64, last: u64) -> Stretch {
    stretch(first, last, Verification::Block, 0)
}

fn of(stretches: &[Stretch]) -> Coverage {
    let mut coverage = Coverage::default();
    for stretch in stretches {
        coverage.insert(*stretch).unwrap();
    }
    coverage
}

#[test]
fn neighbours_of_one_level_become_one() {
    let coverage = of(&[blocks(1, 2), blocks(5, 9), blocks(3, 4)]);
    assert_eq!(coverage.stretches(), [blocks(1, 9)]);
}

#[test]
fn a_lower_level_stays_apart() {
    let signer = stretch(3, 4, Verification::Signer, 0);
    let coverage = of(&[blocks(1, 2), blocks(5, 9), signer]);
    assert_eq!(coverage.stretches(), [blocks(1, 2), signer, blocks(5, 9)]);
    assert!(coverage.linked_to(5, 9) && !coverage.linked_to(4, 9) && !coverage.linked_to(1, 9));
    assert!(coverage.linked_to(1, 2) && !coverage.linked_to(3, 3));
    assert_eq!(coverage.contiguous_below(9), 1);
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut coverage = of(&[blocks(4, 6)]);
    let before = coverage.clone();
    let other = |first, last| stretch(first, last, Verification::Block, 1);
    assert_eq!(coverage.insert(blocks(7, 6)), Err(NotConnected::Reversed));
    assert_eq!(coverage.insert(blocks(2, 4)), Err(NotConnected::Overlap(4)));
    assert_eq!(
        coverage.insert(other(7, 8)),
        Err(NotConnected::OtherBranch(7))
    );
    assert_eq!(
        coverage.insert(other(1, 3)),
        Err(NotConnected::OtherBranch(4))
    );
    assert_eq!(coverage, before);
    assert_eq!(coverage.insert(other(1, 2)), Ok(()), "they do not touch");
}

#[test]
fn a_replaced_end_is_left_and_what_lies_apart_stays() {
    let mut coverage = of(&[blocks(1, 3), blocks(6, 9)]);
    coverage.drop_from(8, Some(hash(Some(7), 0)));
    assert_eq!(coverage.stretches(), [blocks(1, 3), blocks(6, 7)]);
    coverage.drop_from(7, None);
    assert_eq!(coverage.stretches(), [blocks(1, 3)], "its tip is not known");
    let mut coverage = of(&[blocks(1, 3), blocks(6, 9)]);
    coverage.drop_from(2, Some(hash(Some(1), 0)));
    assert_eq!(coverage.stretches(), [blocks(1, 3)]);
    coverage.drop_from(0, None);
    assert_eq!(coverage, Coverage::default());
}

#[test]
fn the_ends_of_all_heights_are_heights_too() {
    let mut coverage = of(&[blocks(0, 0)]);
    let top = Stretch {
        first: u64::MAX,
        ..blocks(0, u64::MAX)
    };
    coverage.insert(top).unwrap();
    assert_eq!(coverage.missing(0, u64::MAX), [1..=u64::MAX - 1]);
    assert_eq!(coverage.contiguous_below(u64::MAX), u64::MAX);
    assert_eq!(of(&[blocks(0, u64::MAX)]).missing(0, u64::MAX), []);
}

/// Each received block with its level and branch.
type Model = BTreeMap<u64, (Verification, u8)>;

#[derive(Clone, Debug)]
enum Step {
    Insert(u64, u64, Verification, u8),
    Drop(u64, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let level = prop_oneof![Just(Verification::Signer), Just(Verification::Block)];
    prop_oneof![
        4 => (0..HEIGHTS, 0_u64..6, level, prop_oneof![4 => Just(0_u8), 1 => Just(1)])
            .prop_map(|(first, more, level, branch)| Step::Insert(first, first + more, level, branch)),
        1 => (0..HEIGHTS, any::<bool>()).prop_map(|(height, known)| Step::Drop(height, known)),
    ]
}

/// Whether a stretch may be added, said block by block.
fn fits(model: &Model, first: u64, last: u64, branch: u8) -> bool {
    let free = (first..=last).all(|block| !model.contains_key(&block));
    let agrees = |at: Option<u64>| {
        at.and_then(|at| model.get(&at))
            .is_none_or(|(_, held)| *held == branch)
    };
    free && agrees(first.checked_sub(1)) && agrees(last.checked_add(1))
}

fn lowest(model: &Model, height: u64) -> u64 {
    let mut lowest = height + 1;
    while lowest > 0 && model.contains_key(&(lowest - 1)) {
        lowest -= 1;
    }
    lowest
}

/// The same in the plain set: `run` is the stretch that the height cuts.
fn drop_in(model: &mut Model, coverage: &Coverage, height: u64, known: bool) {
    let Some(top) = model.keys().next_back().copied() else {
        return;
    };
    let from = height.max(lowest(model, top));
    let cut = |held: &&Stretch| held.first < from && held.last >= from;
    let cut = coverage.stretches().iter().find(cut);
    let from = cut.filter(|_| !known).map_or(from, |held| held.first);
    model.split_off(&from);
}

fn same(coverage: &Coverage, model: &Model) -> Result<(), TestCaseError> {
    for pair in coverage.stretches().windows(2) {
        prop_assert!(pair[0].last < pair[1].first);
        let touches = pair[0].last + 1 == pair[1].first;
        prop_assert!(!touches || pair[0].tip == pair[1].parent && pair[0].level != pair[1].level);
    }
    let head = HEIGHTS + 8;
    for block in 0..=head {
        prop_assert_eq!(coverage.contains(block), model.contains_key(&block));
        prop_assert_eq!(coverage.contiguous_below(block), lowest(model, block));
    }
    for (from, to) in (0..=head).flat_map(|from| (0..=head).map(move |to| (from, to))) {
        let gaps: Vec<u64> = coverage
            .missing(from, to)
            .into_iter()
            .flat_map(|gap| gap.rev())
            .collect();
        let missing: Vec<u64> = (from..=to)
            .rev()
            .filter(|n| !model.contains_key(n))
            .collect();
        prop_assert_eq!(coverage.is_complete(from, to), missing.is_empty());
        prop_assert_eq!(gaps, missing);
        let whole = |n: u64| {
            model
                .get(&n)
                .is_some_and(|(level, _)| *level == Verification::Block)
        };
        prop_assert_eq!(
            coverage.linked_to(from, to),
            from <= to && (from..=to).all(whole)
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn it_says_what_a_plain_set_of_blocks_says(steps in proptest::collection::vec(step(), 0..24)) {
        let (mut coverage, mut model) = (Coverage::default(), Model::new());
        for step in steps {
            match step {
                Step::Insert(first, last, level, branch) => {
                    let added = coverage.insert(stretch(first, last, level, branch)).is_ok();
                    prop_assert_eq!(added, fits(&model, first, last, branch));
                    if added {
                        model.extend((first..=last).map(|block| (block, (level, branch))));
                    }
                }
                Step::Drop(height, known) => {
                    let held = height.checked_sub(1).and_then(|below| model.get(&below));
                    let branch = held.map_or(0, |(_, branch)| *branch);
                    drop_in(&mut model, &coverage, height, known);
                    coverage.drop_from(height, known.then(|| hash(height.checked_sub(1), branch)));
                }
            }
            same(&coverage, &model)?;
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(
        stretches in Just((0..8_u64).map(|n| blocks(n * 3, n * 3 + 2)).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let coverage = of(&stretches);
        prop_assert_eq!(coverage.stretches(), [blocks(0, 23)]);
    }
}
