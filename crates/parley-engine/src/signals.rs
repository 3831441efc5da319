//! What stands, for whoever shows it: the situation in plain types.

use std::hash::{Hash, Hasher};

use alloy_primitives::Address;
use parley_chain::address_text;
use parley_core::verification::Verification as Level;
use parley_wire as wire;
use parley_wire::{Failure, Signal, Validity, Verification};
use whiteflag::situation::{self, Event, Outcome, Sequence, State, Statement};
use whiteflag::{Content, Finding, MessageCode, ReferenceIndicator, TransactionHash};

use crate::board::{Board, Item, shown_name};
use crate::parley::Parley;
use crate::shown;

impl Parley {
    /// Every original with what refers to it, recalled ones too, own unsent ones last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn signals(&self) -> Result<Vec<Signal>, Failure> {
        let teller = self.teller();
        self.with_board(move |board| teller.all(board)).await
    }

    /// Who tells it, and when.
    pub(crate) fn teller(&self) -> Teller {
        Teller {
            own: self.inner.profile.address,
            now: i64::try_from(self.now()).unwrap_or(i64::MAX),
        }
    }
}

/// What a signal is told by, besides the board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Teller {
    /// The account of this device.
    pub(crate) own: Address,
    /// Seconds since 1970 UTC.
    pub(crate) now: i64,
}

impl Teller {
    pub(crate) fn all(self, board: &Board) -> Vec<Signal> {
        let sequences = board.situation.sequences();
        sequences
            .filter_map(|sequence| Some(Telling::of(board, &sequence)?.signal(self)))
            .collect()
    }
}

/// A sequence that is shown, with what is told of it.
pub(crate) struct Telling<'a> {
    board: &'a Board,
    sequence: &'a Sequence<Address>,
    original: &'a Item,
    current: &'a Item,
    /// What it says now.
    content: &'a Content,
}

impl<'a> Telling<'a> {
    /// `None` for keys and initialisation vectors, which say nothing to a person.
    pub(crate) fn of(board: &'a Board, sequence: &'a Sequence<Address>) -> Option<Self> {
        let entry = board.situation.get(&sequence.whole.current)?;
        let content = board.situation.meant(entry)?;
        if content.code() == MessageCode::Cryptographic {
            return None;
        }
        Some(Self {
            board,
            sequence,
            original: board.item(&sequence.whole.original)?,
            current: board.item(&sequence.whole.current)?,
            content,
        })
    }

    pub(crate) fn signal(&self, teller: Teller) -> Signal {
        let Self {
            board,
            sequence,
            original,
            ..
        } = self;
        let standing = situation::Standing::of(self.content, sequence.state, teller.now);
        let history = sequence.history.iter();
        let (counting, without_effect): (Vec<_>, Vec<_>) = history
            .filter(|event| !is_past_recall(event, sequence))
            .partition(|event| matches!(event.outcome, Outcome::Holds | Outcome::Past));
        let references = |events: Vec<&Event<Address>>| {
            let references = events
                .into_iter()
                .filter_map(|event| reference(board, event));
            references.collect()
        };
        Signal {
            transaction_hash: shown_name(&sequence.whole.original),
            validity: validity(standing),
            message: board.json(&sequence.whole.current),
            newest: shown_name(&sequence.whole.current),
            original: board.json(&sequence.whole.original),
            references: references(counting),
            without_effect: references(without_effect),
            opinions: opinions(&sequence.whole),
            parts: sequence
                .parts
                .iter()
                .filter_map(|one| part(board, one))
                .collect(),
            notes: notes(board, sequence),
            related: names(board, &sequence.related),
            awaits: sequence.awaits,
            findings: rules(&sequence.findings),
            originator: address_text(&sequence.originator),
            own: sequence.originator == teller.own,
            time: original.time,
            block_number: original.height(),
            index: sequence.place.index,
            state: self.standing(),
            verification: self.level().map_or(Verification::Own, verification),
            escaped: original.escaped || self.current.escaped,
            raw: hex::encode(&original.raw),
        }
    }

    fn standing(&self) -> wire::Standing {
        shown::standing(self.original.height(), self.board.finality)
    }

    fn level(&self) -> Option<Level> {
        self.board.level(self.original)
    }
}

/// All that [`Telling::signal`] tells, but for what the time makes of it: whether it is valid is seen
/// by whoever shows it, who has its times. A message is what its octets, their reading and its
/// reference say.
impl Hash for Telling<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            board,
            sequence,
            original,
            ..
        } = self;
        sequence.hash(hasher);
        (original.height(), self.standing(), self.level()).hash(hasher);
        let statements = std::iter::once(&sequence.whole).chain(&sequence.parts);
        let stated = statements.flat_map(|statement| [statement.original, statement.current]);
        let referring = sequence.history.iter().map(|event| event.hash);
        for name in stated.chain(referring) {
            board.said(&name).hash(hasher);
        }
        let pieces = sequence.notes.iter().flat_map(|note| &note.pieces);
        for name in pieces.chain(&sequence.related) {
            board.item(name).is_some().hash(hasher);
        }
    }
}

/// A recall says no more than that what it names is gone. That of the whole is worth telling.
fn is_past_recall(event: &Event<Address>, sequence: &Sequence<Address>) -> bool {
    event.indicator == ReferenceIndicator::Recall
        && matches!(event.outcome, Outcome::Holds | Outcome::Past)
        && sequence.state != State::Recalled(event.hash)
}

fn reference(board: &Board, event: &Event<Address>) -> Option<wire::Reference> {
    let item = board.item(&event.hash)?;
    Some(wire::Reference {
        transaction_hash: shown_name(&event.hash),
        indicator: event.indicator.digit().to_string(),
        outcome: outcome(event.outcome),
        findings: rules(&event.findings),
        originator: address_text(&event.originator),
        time: item.time,
        message: board.json(&event.hash),
        escaped: item.escaped,
    })
}

fn part(board: &Board, statement: &Statement<Address>) -> Option<wire::Part> {
    let original = board.item(&statement.original)?;
    Some(wire::Part {
        transaction_hash: shown_name(&statement.original),
        newest: shown_name(&statement.current),
        original: board.json(&statement.original),
        message: board.json(&statement.current),
        time: original.time,
        opinions: opinions(statement),
    })
}

fn opinions(statement: &Statement<Address>) -> wire::Opinions {
    wire::Opinions {
        confirmed_by: statement.confirmed_by().map(address_text).collect(),
        acknowledged_by: statement.acknowledged_by().map(address_text).collect(),
        complied_by: statement.complied_by().map(address_text).collect(),
        rejected_by: statement.rejected_by().map(address_text).collect(),
    }
}

fn notes(board: &Board, sequence: &Sequence<Address>) -> Vec<wire::Note> {
    let told = sequence.notes.iter();
    told.filter(|note| note.code != MessageCode::Cryptographic)
        .map(|note| wire::Note {
            code: note.code.to_string(),
            pieces: names(board, &note.pieces),
            text: note.text.clone(),
        })
        .collect()
}

fn names(board: &Board, hashes: &[TransactionHash]) -> Vec<String> {
    let shown = hashes.iter().filter(|hash| board.item(hash).is_some());
    shown.map(shown_name).collect()
}

fn validity(standing: situation::Standing) -> Validity {
    match standing {
        situation::Standing::Future => Validity::Future,
        situation::Standing::Current => Validity::Current,
        situation::Standing::Expired => Validity::Expired,
        situation::Standing::Discontinued => Validity::Discontinued,
        situation::Standing::Recalled => Validity::Recalled,
        situation::Standing::Unclear => Validity::Unclear,
    }
}

fn outcome(outcome: Outcome) -> wire::Outcome {
    match outcome {
        Outcome::Holds => wire::Outcome::Holds,
        Outcome::Past => wire::Outcome::Past,
        Outcome::Recalled => wire::Outcome::Recalled,
        Outcome::Wrong => wire::Outcome::Wrong,
    }
}

fn rules(findings: &[Finding]) -> Vec<String> {
    let names = findings
        .iter()
        .map(|finding| finding.rule.name().to_owned());
    names.collect()
}

pub(crate) fn verification(level: Level) -> Verification {
    match level {
        Level::Signer => Verification::Signer,
        Level::Block => Verification::Block,
        Level::Witnessed => Verification::Witnessed,
    }
}
