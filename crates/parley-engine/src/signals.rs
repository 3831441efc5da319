//! What stands, for whoever shows it: the situation in plain types.

use alloy_primitives::Address;
use parley_chain::address_text;
use parley_core::verification::Verification as Level;
use parley_wire as wire;
use parley_wire::{Failure, Signal, Validity, Verification};
use whiteflag::situation::{self, Event, Outcome, Sequence, State, Statement};
use whiteflag::{Finding, MessageCode, ReferenceIndicator, TransactionHash};

use crate::board::{Board, shown_name};
use crate::parley::Parley;
use crate::shown;

impl Parley {
    /// Every original with what refers to it, recalled ones too, own unsent ones last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn signals(&self) -> Result<Vec<Signal>, Failure> {
        let own = self.inner.profile.address;
        let now = i64::try_from(self.now()).unwrap_or(i64::MAX);
        self.with_board(move |board| {
            let sequences = board.situation.sequences();
            sequences
                .filter_map(|sequence| signal(board, &sequence, own, now))
                .collect()
        })
        .await
    }
}

/// `None` for keys and initialisation vectors, which say nothing to a person.
fn signal(board: &Board, sequence: &Sequence<Address>, own: Address, now: i64) -> Option<Signal> {
    let original = board.item(&sequence.whole.original)?;
    let current = board.item(&sequence.whole.current)?;
    let entry = board.situation.get(&sequence.whole.current)?;
    let content = board.situation.meant(entry)?;
    if content.code() == MessageCode::Cryptographic {
        return None;
    }
    let standing = situation::Standing::of(content, sequence.state, now);
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
    Some(Signal {
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
        own: sequence.originator == own,
        time: original.time,
        block_number: original.height(),
        state: shown::standing(original.height(), board.finality),
        verification: board
            .level(original)
            .map_or(Verification::Own, verification),
        escaped: original.escaped || current.escaped,
        raw: hex::encode(&original.raw),
    })
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
