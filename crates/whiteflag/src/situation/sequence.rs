//! What is told about a sequence: an original, what stands of it and what everyone has said about
//! it. Plain data; how it is found is `walk.rs`.

use std::hash::Hash;

use super::Place;
use crate::{Content, Finding, MessageCode, ReferenceIndicator, TransactionHash, Validity};

/// An original with all that refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence<A> {
    /// Where it begins on the chain.
    pub place: Place,
    /// Who began it.
    pub originator: A,
    /// Whether it is in force, whatever its own time says.
    pub state: State,
    /// The original, or the whole of a composite area or structure.
    pub whole: Statement<A>,
    /// Further parts of a composite area or structure (specification 5.4.2.5), and other additions
    /// of the same type.
    pub parts: Vec<Statement<A>>,
    /// Signs of other types that add or relate to it; each begins a sequence of its own.
    pub related: Vec<TransactionHash>,
    /// Texts, links and the like that its originator added, whole.
    pub notes: Vec<Note>,
    /// Whether the original refers to a message that was not received.
    pub awaits: bool,
    /// What is wrong with the reference that the original makes, where it makes one.
    pub findings: Vec<Finding>,
    /// Everything that refers to it directly or through others, in the order of the chain, with
    /// what came of it.
    pub history: Vec<Event<A>>,
}

/// Whether a sequence is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Its originator stands by it.
    InForce,
    /// Its originator ended it with this message.
    Discontinued(TransactionHash),
    /// Its originator took it back with this message; it must be ignored.
    Recalled(TransactionHash),
}

/// One thing that is said, in its newest version, and what others think of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement<A> {
    /// The message that said it first.
    pub original: TransactionHash,
    /// The message that says it now: the newest update, else the same.
    pub current: TransactionHash,
    /// What others say of any of its versions, in the order of the chain, taken back or not.
    pub opinions: Vec<Opinion<A>>,
}

/// A confirmation, acknowledgement, compliance or rejection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Opinion<A> {
    /// The message that says it.
    pub hash: TransactionHash,
    /// Who says it.
    pub originator: A,
    /// Which of the four.
    pub indicator: ReferenceIndicator,
    /// Which version of the statement it is about.
    pub about: TransactionHash,
    /// Whether it still holds: its originator has neither taken it back nor said otherwise since.
    pub holds: bool,
}

/// A text, link, key or authentication, joined from all its pieces (specification 4.3.2, 4.3.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// The type of its messages.
    pub code: MessageCode,
    /// Its pieces, in their newest versions, in the order in which they go on.
    pub pieces: Vec<TransactionHash>,
    /// What they say together; octets of keys as hexadecimal digits.
    pub text: String,
}

/// A message that refers to a sequence, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event<A> {
    /// The message.
    pub hash: TransactionHash,
    /// Who sent it.
    pub originator: A,
    /// What it refers to: the original or another message of the sequence.
    pub about: TransactionHash,
    /// How it refers to that.
    pub indicator: ReferenceIndicator,
    /// What came of it.
    pub outcome: Outcome,
    /// What is wrong with its reference.
    pub findings: Vec<Finding>,
}

/// What came of a message that refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It held until its originator updated it, ended it or said otherwise.
    Past,
    /// It was recalled, or refers to something that was: it must be ignored.
    Recalled,
    /// It may not refer to that message in that way, and has no effect: its findings say why.
    Wrong,
}

/// Whether something is valid at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its time has not come.
    Future,
    /// Now.
    Current,
    /// Its time is over.
    Expired,
    /// Its originator ended it.
    Discontinued,
    /// Its originator took it back.
    Recalled,
    /// Its time cannot be read; what it says has no effect in time (specification 4.3.1.3).
    Unclear,
}

impl Standing {
    /// Whether what a content says is valid at `now`, seconds since 1970 UTC. What has no time of
    /// its own is valid until something says otherwise.
    #[must_use]
    pub fn of(content: &Content, state: State, now: i64) -> Self {
        match state {
            State::Recalled(_) => return Self::Recalled,
            State::Discontinued(_) => return Self::Discontinued,
            State::InForce => {}
        }
        let Some(sign) = content.sign() else {
            return Self::Current;
        };
        match Validity::of(sign) {
            None => Self::Unclear,
            Some(validity) if now < validity.from => Self::Future,
            Some(validity) if validity.until.is_some_and(|until| until <= now) => Self::Expired,
            Some(_) => Self::Current,
        }
    }
}

impl<A: Eq + Hash> Statement<A> {
    /// Who confirms it, whichever version.
    pub fn confirmed_by(&self) -> impl Iterator<Item = &A> {
        self.by(ReferenceIndicator::Confirm)
    }

    /// Who acknowledges it.
    pub fn acknowledged_by(&self) -> impl Iterator<Item = &A> {
        self.by(ReferenceIndicator::Acknowledge)
    }

    /// Who will act accordingly.
    pub fn complied_by(&self) -> impl Iterator<Item = &A> {
        self.by(ReferenceIndicator::Comply)
    }

    /// Who does not agree, or no longer.
    pub fn rejected_by(&self) -> impl Iterator<Item = &A> {
        self.by(ReferenceIndicator::Reject)
    }

    /// Everyone once: of several opinions of one kind only the newest holds.
    fn by(&self, indicator: ReferenceIndicator) -> impl Iterator<Item = &A> {
        let of_kind = move |opinion: &&Opinion<A>| opinion.holds && opinion.indicator == indicator;
        self.opinions
            .iter()
            .filter(of_kind)
            .map(|opinion| &opinion.originator)
    }
}
