//! What stands: from messages in the order of the chain to the signs that are valid, and why
//! (specification 4.2.1.7, 5.4.2). Reads no clock; every time is passed in.
//!
//! A [`Situation`] holds messages and the links between them. Putting one in or taking one out
//! costs the same however many there are, and what is told about them depends only on which are in
//! it, never on the order of their arrival: a message that comes late, or one that a replaced block
//! takes away, needs no care.
//!
//! ```
//! use whiteflag::situation::{Entry, Place, Situation, State, Tests};
//! # use whiteflag::Message;
//! # fn message(indicator: &str, target: &str) -> Message {
//! #     Message::from_json(&format!(r#"{{"MessageHeader": {{"Prefix": "WF", "Version": "1",
//! #         "EncryptionIndicator": "0", "DuressIndicator": "0", "MessageCode": "D",
//! #         "ReferenceIndicator": "{indicator}", "ReferencedMessage": "{target}"}},
//! #         "MessageBody": {{"SubjectCode": "21", "DateTime": "2026-11-22T09:00:00Z",
//! #         "Duration": "P00D00H00M", "ObjectType": "21", "ObjectLatitude": "+36.20210",
//! #         "ObjectLongitude": "+037.13430", "ObjectSizeDim1": "0150", "ObjectSizeDim2": "0000",
//! #         "ObjectOrientation": "000"}}}}"#)).unwrap()
//! # }
//! let (mine_field, confirmation) = (message("0", &"00".repeat(32)), message("6", &"01".repeat(32)));
//! let mut situation = Situation::new(Tests::Ignored);
//! // The confirmation arrives first; that makes no difference.
//! situation.insert(Entry {
//!     hash: [2; 32].into(),
//!     place: Place { block: 7, index: 0 },
//!     originator: "Bob",
//!     message: confirmation,
//! });
//! situation.insert(Entry {
//!     hash: [1; 32].into(),
//!     place: Place { block: 5, index: 3 },
//!     originator: "Alice",
//!     message: mine_field,
//! });
//! let [sequence] = situation.sequences().collect::<Vec<_>>().try_into().unwrap();
//! assert_eq!(sequence.state, State::InForce);
//! assert_eq!(sequence.whole.confirmed_by().collect::<Vec<_>>(), [&"Bob"]);
//! ```

mod graph;
mod notes;
mod rules;
mod sequence;
mod walk;

use std::hash::Hash;

use crate::reference::{self, Referring};
use crate::{Body, Content, Message, MessageCode, ReferenceIndicator, TransactionHash};

use graph::{Graph, Slot};
pub use sequence::{Event, Note, Opinion, Outcome, Sequence, Standing, State, Statement};

/// Where a message lies on the chain; what is not on it yet comes after all that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The height of its block.
    pub block: u64,
    /// Its index in that block.
    pub index: u64,
}

/// A message and where it comes from. `A` tells accounts apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<A> {
    /// The hash of its transaction.
    pub hash: TransactionHash,
    /// Where that lies.
    pub place: Place,
    /// The account that sent it.
    pub originator: A,
    /// What it says.
    pub message: Message,
}

impl<A> Entry<A> {
    /// The order of the chain, total also for what claims the same place.
    fn order(&self) -> (Place, TransactionHash) {
        (self.place, self.hash)
    }
}

/// What test messages count for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tests {
    /// Nothing: only plain messages count (specification 5.5).
    Ignored,
    /// Everything: on a network for tests, what a test message wraps counts as if it were plain,
    /// and plain messages count for nothing.
    Only,
}

impl Tests {
    /// What a message says here; `None` where it counts for nothing.
    #[must_use]
    pub const fn meant(self, message: &Message) -> Option<&Content> {
        match (&message.body, self) {
            (Body::Plain(content), Self::Ignored) | (Body::Test(content), Self::Only) => {
                Some(content)
            }
            (Body::Plain(_), Self::Only) | (Body::Test(_), Self::Ignored) => None,
        }
    }
}

/// All messages that were received, and what stands of them.
pub struct Situation<A> {
    tests: Tests,
    graph: Graph<A>,
}

/// What a message is to the situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// It begins a sequence.
    Original,
    /// It belongs to the sequence of its target.
    Reference,
    /// Both: a sign of another type that adds or relates to one.
    Both,
    /// Neither.
    Nothing,
}

impl Role {
    const fn begins(self) -> bool {
        matches!(self, Self::Original | Self::Both)
    }
}

impl<A: Clone + Eq + Hash> Situation<A> {
    /// Nothing received so far.
    #[must_use]
    pub fn new(tests: Tests) -> Self {
        Self {
            tests,
            graph: Graph::default(),
        }
    }

    /// What test messages count for here.
    #[must_use]
    pub const fn tests(&self) -> Tests {
        self.tests
    }

    /// Puts a message in, at its place on the chain. One of the same hash is replaced and comes
    /// back.
    pub fn insert(&mut self, entry: Entry<A>) -> Option<Entry<A>> {
        self.graph.insert(entry)
    }

    /// Takes a message out, as if it had never been received.
    pub fn remove(&mut self, hash: &TransactionHash) -> Option<Entry<A>> {
        self.graph.remove(hash)
    }

    /// A message that is in.
    #[must_use]
    pub fn get(&self, hash: &TransactionHash) -> Option<&Entry<A>> {
        self.graph.entry(self.graph.find(hash)?)
    }

    /// What a message says here; `None` where it counts for nothing.
    #[must_use]
    pub const fn meant<'a>(&self, entry: &'a Entry<A>) -> Option<&'a Content> {
        self.tests.meant(&entry.message)
    }

    /// Every message that is in, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<A>> {
        self.graph.entries().map(|(_, entry)| entry)
    }

    /// Every sequence, recalled ones too, in the order of the chain.
    ///
    /// A sign that adds or relates to one of another type, such as an emergency in a danger area,
    /// begins one as well, so that nothing hides it. So does a sign whose target was not received
    /// or may not be referred to in that way, where it says something by itself.
    pub fn sequences(&self) -> impl Iterator<Item = Sequence<A>> {
        let begin = self.graph.entries();
        let mut begin: Vec<(Place, Slot)> = begin
            .filter(|(slot, entry)| self.role(*slot, entry).begins())
            .map(|(slot, entry)| (entry.place, slot))
            .collect();
        // Hashes lie elsewhere and count only for what claims the same place.
        let hash = |slot: Slot| self.graph.entry(slot).map(|entry| entry.hash);
        begin.sort_by(|(place, slot), (other, its)| {
            let by_place = place.cmp(other);
            by_place.then_with(|| hash(*slot).cmp(&hash(*its)))
        });
        begin
            .into_iter()
            .filter_map(|(_, slot)| walk::sequence(self, slot))
    }

    /// The sequence that a message begins; `None` where it begins none.
    #[must_use]
    pub fn sequence(&self, original: &TransactionHash) -> Option<Sequence<A>> {
        let slot = self.graph.find(original)?;
        let entry = self.graph.entry(slot)?;
        let begins = self.role(slot, entry).begins();
        begins.then(|| walk::sequence(self, slot)).flatten()
    }

    fn role(&self, slot: Slot, entry: &Entry<A>) -> Role {
        let Some(content) = self.tests.meant(&entry.message) else {
            return Role::Nothing;
        };
        let indicator = entry.message.reference.indicator;
        if indicator == ReferenceIndicator::Original {
            return Role::Original;
        }
        let target = self.graph.target(slot);
        let Some(target) = target.and_then(|target| self.graph.entry(target)) else {
            return alone(indicator, content, false);
        };
        let Some(about) = self.tests.meant(&target.message) else {
            return alone(indicator, content, true);
        };
        let code = content.code();
        if is_without_effect(entry, code, target, about.code()) {
            alone(indicator, content, true)
        } else if content.sign().is_some() && code != about.code() {
            Role::Both
        } else {
            Role::Reference
        }
    }
}

impl<A: Clone + Eq + Hash> Extend<Entry<A>> for Situation<A> {
    /// As [`Situation::insert`], with room made at once; what is replaced is dropped.
    fn extend<I: IntoIterator<Item = Entry<A>>>(&mut self, entries: I) {
        let entries = entries.into_iter();
        self.graph.reserve(entries.size_hint().0);
        for entry in entries {
            self.insert(entry);
        }
    }
}

/// Whether the rules keep a message from having an effect on another one.
fn is_without_effect<A: Eq>(
    entry: &Entry<A>,
    code: MessageCode,
    target: &Entry<A>,
    about: MessageCode,
) -> bool {
    let referring = |entry: &Entry<A>, code| Referring {
        code,
        indicator: entry.message.reference.indicator,
    };
    let same = entry.originator == target.originator;
    let (from, to) = (referring(entry, code), referring(target, about));
    reference::broken(from, to, same).next().is_some() || is_early(entry, target)
}

/// Whether a message that changes one of the same account lies before that. Who sends both decides
/// their order; what others say of a message may be mined before it.
fn is_early<A: Eq>(entry: &Entry<A>, target: &Entry<A>) -> bool {
    entry.message.reference.indicator.is_own()
        && entry.originator == target.originator
        && entry.order() < target.order()
}

/// What refers to something that was not received, or in a way that is not allowed: a sign that is
/// news stands by itself, because hiding a danger is worse than showing it apart; the rest has no
/// effect. A confirmation repeats what it confirms, so it is news where that was not received.
fn alone(indicator: ReferenceIndicator, content: &Content, wrong: bool) -> Role {
    let news = match indicator {
        ReferenceIndicator::Update | ReferenceIndicator::Add | ReferenceIndicator::Relate => true,
        ReferenceIndicator::Confirm => !wrong,
        ReferenceIndicator::Original
        | ReferenceIndicator::Recall
        | ReferenceIndicator::Discontinue
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => false,
    };
    if news && content.sign().is_some() {
        Role::Original
    } else {
        Role::Nothing
    }
}
