//! Which blocks were received and which were not, as a bar and as a table. Pure; what it draws are
//! thousandths of a width.

use parley_wire::{Coverage, Stretch, Verification};

/// How wide the whole bar is.
pub(crate) const WIDTH: u64 = 1_000;
/// The narrowest piece: what is there, or missing, can be seen.
const LEAST: u64 = 4;

/// Blocks one after another of which the same is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The first.
    pub(crate) first: u64,
    /// The last.
    pub(crate) last: u64,
    /// How far they were checked; `None` where they are missing.
    pub(crate) level: Option<Verification>,
    /// How many transactions in them are of an unknown form.
    pub(crate) unreadable: u64,
}

impl Piece {
    /// Where it lies in the bar: its beginning and its width. `None` outside of it.
    pub(crate) fn extent(&self, range: Range) -> Option<(u64, u64)> {
        let (first, last) = (self.first.max(range.first), self.last.min(range.last));
        let from = range.position(first);
        let to = range.position(last.checked_add(1)?);
        let width = to.checked_sub(from).filter(|_| first <= last)?.max(LEAST);
        Some((from.min(WIDTH - width.min(WIDTH)), width.min(WIDTH)))
    }
}

/// From where receiving begins to the newest block that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The first block.
    pub(crate) first: u64,
    /// The last block.
    pub(crate) last: u64,
}

impl Range {
    /// What should be received; `None` while that is not known.
    pub(crate) fn of(coverage: &Coverage) -> Option<Self> {
        let first = coverage.start?;
        let received = coverage.stretches.last().map(|stretch| stretch.last);
        let last = received.max(coverage.head)?;
        (first <= last).then_some(Self { first, last })
    }

    /// How many blocks it has.
    pub(crate) fn blocks(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }

    /// How far a block lies from the beginning of the bar.
    fn position(self, block: u64) -> u64 {
        let offset = u128::from(block.saturating_sub(self.first));
        let position = offset * u128::from(WIDTH) / u128::from(self.blocks());
        u64::try_from(position).unwrap_or(WIDTH).min(WIDTH)
    }
}

/// Everything from the start to the newest block: stretches and, between them, gaps. What was
/// received before the start is there too, for it counts.
pub(crate) fn pieces(coverage: &Coverage) -> Vec<Piece> {
    let Some(range) = Range::of(coverage) else {
        return coverage.stretches.iter().map(received).collect();
    };
    let mut pieces = Vec::new();
    let mut next = range.first;
    for stretch in &coverage.stretches {
        pieces.extend(gap(next, stretch.first));
        pieces.push(received(stretch));
        next = next.max(stretch.last.saturating_add(1));
    }
    pieces.extend(gap(next, range.last.saturating_add(1)));
    pieces
}

fn received(stretch: &Stretch) -> Piece {
    Piece {
        first: stretch.first,
        last: stretch.last,
        level: Some(stretch.level),
        unreadable: stretch.unreadable,
    }
}

/// The blocks from one to another, without that one.
fn gap(from: u64, to: u64) -> Option<Piece> {
    let last = to.checked_sub(1).filter(|last| *last >= from)?;
    Some(Piece {
        first: from,
        last,
        level: None,
        unreadable: 0,
    })
}

/// How many transactions are of an unknown form.
pub(crate) fn unreadable(coverage: &Coverage) -> u64 {
    let counts = coverage.stretches.iter().map(|stretch| stretch.unreadable);
    counts.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(start: Option<u64>, head: Option<u64>, stretches: &[(u64, u64)]) -> Coverage {
        let stretch = |(first, last): &(u64, u64)| Stretch {
            first: *first,
            last: *last,
            level: Verification::Block,
            unreadable: 1,
        };
        Coverage {
            start,
            head,
            stretches: stretches.iter().map(stretch).collect(),
            missing: 0,
            expected_octets: None,
        }
    }

    fn ends(coverage: &Coverage) -> Vec<(u64, u64, bool)> {
        let ends = |piece: &Piece| (piece.first, piece.last, piece.level.is_some());
        pieces(coverage).iter().map(ends).collect()
    }

    #[test]
    fn what_is_missing_lies_between_what_is_there() {
        let some = coverage(Some(10), Some(99), &[(20, 29), (50, 59)]);
        let expected = [
            (10, 19, false),
            (20, 29, true),
            (30, 49, false),
            (50, 59, true),
            (60, 99, false),
        ];
        assert_eq!(ends(&some), expected);
        assert_eq!(unreadable(&some), 2);
    }

    #[test]
    fn nothing_is_missing_where_everything_is_there() {
        let whole = coverage(Some(0), Some(9), &[(0, 9)]);
        assert_eq!(ends(&whole), [(0, 9, true)]);
        let beyond = coverage(Some(5), Some(8), &[(0, 9)]);
        assert_eq!(ends(&beyond), [(0, 9, true)], "more than was asked for");
    }

    #[test]
    fn before_the_first_connection_nothing_is_said_to_be_missing() {
        assert_eq!(ends(&coverage(None, None, &[])), []);
        assert_eq!(Range::of(&coverage(None, Some(7), &[])), None);
        assert_eq!(ends(&coverage(Some(0), Some(9), &[])), [(0, 9, false)]);
        let last = coverage(Some(u64::MAX), Some(u64::MAX), &[]);
        assert_eq!(ends(&last), [], "a head without a next one");
    }

    #[test]
    fn the_bar_shows_each_piece_in_its_place() {
        let some = coverage(Some(100), Some(199), &[(100, 149)]);
        let range = Range::of(&some).unwrap();
        let drawn: Vec<_> = pieces(&some)
            .iter()
            .map(|piece| piece.extent(range).unwrap())
            .collect();
        assert_eq!(drawn, [(0, 500), (500, 500)]);
    }

    #[test]
    fn a_single_missing_block_among_a_million_is_seen_and_stays_in_the_bar() {
        let some = coverage(Some(0), Some(999_999), &[(0, 999_998)]);
        let range = Range::of(&some).unwrap();
        let (from, width) = pieces(&some)[1].extent(range).unwrap();
        assert_eq!((from, width), (WIDTH - LEAST, LEAST));
        let outside = Piece {
            first: 1_000_001,
            last: 1_000_002,
            level: None,
            unreadable: 0,
        };
        assert_eq!(outside.extent(range), None);
    }
}
