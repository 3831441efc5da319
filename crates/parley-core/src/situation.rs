//! What stands: each original with all that refers to it, from messages in the order of the chain.
//! Only references that the tables of the specification allow have an effect (4.2.1.6); the others
//! stay in the list of what was received.

use std::collections::{HashMap, HashSet};

use alloy_primitives::Address;
use whiteflag::{
    Body, Content, Message, MessageCode, ReferenceIndicator, Sign, TransactionHash, Validity,
    tables,
};

use crate::network::NetworkKind;

/// A message on the chain, or an own one on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its hash; for an own one without a hash any value that is unique.
    pub hash: TransactionHash,
    /// Who sent it.
    pub originator: Address,
    /// What it says.
    pub message: Message,
}

/// An original and what became of it. The numbers are places in the list of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The original.
    pub original: usize,
    /// What is valid: the newest update, else the original.
    pub current: usize,
    /// All that refers to it or to one of its references, oldest first.
    pub references: Vec<usize>,
    /// Its originator ended it.
    pub discontinued: bool,
}

/// Whether a sign is valid at a moment.
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
    /// Its time cannot be read.
    Unclear,
}

/// The sequences that are not recalled, in the order of their originals.
///
/// A sign that adds to or relates to a sign of another type, such as an emergency in a danger area,
/// is both: an original, so that it is never hidden, and a reference of the other one.
#[must_use]
pub fn sequences(entries: &[Entry], kind: NetworkKind) -> Vec<Sequence> {
    let mut found = Found::default();
    let by_hash: HashMap<TransactionHash, &Entry> =
        entries.iter().map(|entry| (entry.hash, entry)).collect();
    for (place, entry) in entries.iter().enumerate() {
        let Some(content) = effective(&entry.message, kind) else {
            continue;
        };
        let target = by_hash.get(&entry.message.reference.message).copied();
        match role(entry, content, target, kind) {
            Role::Original => found.begin(place, entry),
            Role::Reference(indicator) => found.refer(place, indicator, entry, entries, true),
            Role::Both(indicator) => {
                found.refer(place, indicator, entry, entries, false);
                found.begin(place, entry);
            }
            Role::Nothing => {}
        }
    }
    found.standing()
}

/// The sequences while the entries are gone through.
#[derive(Default)]
struct Found {
    sequences: Vec<Option<Sequence>>,
    /// The place of every entry's sequence.
    home: HashMap<TransactionHash, usize>,
    /// Entries of their own sequence that were recalled.
    recalled: HashSet<usize>,
}

impl Found {
    fn begin(&mut self, place: usize, entry: &Entry) {
        self.home.insert(entry.hash, self.sequences.len());
        self.sequences.push(Some(Sequence {
            original: place,
            current: place,
            references: Vec::new(),
            discontinued: false,
        }));
    }

    /// `follows`: what refers to this entry belongs to the same sequence.
    fn refer(
        &mut self,
        place: usize,
        indicator: ReferenceIndicator,
        entry: &Entry,
        entries: &[Entry],
        follows: bool,
    ) {
        let Some(&at) = self.home.get(&entry.message.reference.message) else {
            return;
        };
        if follows {
            self.home.insert(entry.hash, at);
        }
        let Some(slot) = self.sequences.get_mut(at) else {
            return;
        };
        let original = slot.as_ref().map(|sequence| sequence.original);
        apply(slot, place, indicator, entry, entries);
        if slot.is_none() {
            self.recalled.extend(original);
        }
    }

    fn standing(self) -> Vec<Sequence> {
        let recalled = self.recalled;
        let mut standing: Vec<Sequence> = self.sequences.into_iter().flatten().collect();
        for sequence in &mut standing {
            sequence.references.retain(|at| !recalled.contains(at));
        }
        standing
    }
}

enum Role {
    /// It stands for itself.
    Original,
    /// It says something about another message.
    Reference(ReferenceIndicator),
    /// It stands for itself and says something about another message.
    Both(ReferenceIndicator),
    /// It has no effect.
    Nothing,
}

/// What a message says here: the content of a test message only where tests are all there is.
#[must_use]
pub fn effective(message: &Message, kind: NetworkKind) -> Option<&Content> {
    match (&message.body, kind) {
        (Body::Plain(content), NetworkKind::Exercise | NetworkKind::Main)
        | (Body::Test(content), NetworkKind::Test) => Some(content),
        (Body::Plain(_), NetworkKind::Test)
        | (Body::Test(_), NetworkKind::Exercise | NetworkKind::Main) => None,
    }
}

fn role(entry: &Entry, content: &Content, target: Option<&Entry>, kind: NetworkKind) -> Role {
    let indicator = entry.message.reference.indicator;
    if indicator == ReferenceIndicator::Original {
        // Keys and initialisation vectors say nothing by themselves.
        let mute = content.code() == MessageCode::Cryptographic;
        return if mute { Role::Nothing } else { Role::Original };
    }
    let known = target.and_then(|target| Some((target, effective(&target.message, kind)?)));
    let Some((target, about)) = known else {
        return alone(indicator, content);
    };
    let same = entry.originator == target.originator;
    match wrong_reference(content.code(), about.code(), indicator, same) {
        Some(_) => alone(indicator, content),
        None if sign(content).is_some() && content.code() != about.code() => Role::Both(indicator),
        None => Role::Reference(indicator),
    }
}

/// What refers to something that was never received, or in a way that is not allowed: a sign that
/// is news stands by itself, because hiding a danger is worse than showing it apart; the rest has no
/// effect.
fn alone(indicator: ReferenceIndicator, content: &Content) -> Role {
    match indicator {
        ReferenceIndicator::Update | ReferenceIndicator::Add | ReferenceIndicator::Relate
            if sign(content).is_some() =>
        {
            Role::Original
        }
        ReferenceIndicator::Original
        | ReferenceIndicator::Update
        | ReferenceIndicator::Add
        | ReferenceIndicator::Relate
        | ReferenceIndicator::Recall
        | ReferenceIndicator::Discontinue
        | ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => Role::Nothing,
    }
}

/// Why a message may not refer to another one in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongReference {
    /// Not from this type to that type.
    #[error("a message of this type may not refer to that message in this way (Whiteflag 4.2.1.6)")]
    Types,
    /// Only the account that sent the original may say this.
    #[error(
        "only the account that sent that message may recall, update, end or add to it (Whiteflag \
         4.2.1.6)"
    )]
    NotOwn,
    /// Only another account may say this.
    #[error(
        "only another account than the one that sent that message may confirm, acknowledge, comply \
         with or reject it (Whiteflag 4.2.1.6)"
    )]
    Own,
}

/// Whether a message of one type may refer to one of another type in this way, by whether both are
/// of the same account (specification 4.2.1.6); `None` when it may.
#[must_use]
pub fn wrong_reference(
    from: MessageCode,
    to: MessageCode,
    indicator: ReferenceIndicator,
    same: bool,
) -> Option<WrongReference> {
    if !tables::may_refer(from, to, indicator) {
        return Some(WrongReference::Types);
    }
    match indicator {
        ReferenceIndicator::Recall
        | ReferenceIndicator::Update
        | ReferenceIndicator::Add
        | ReferenceIndicator::Discontinue => (!same).then_some(WrongReference::NotOwn),
        ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => same.then_some(WrongReference::Own),
        ReferenceIndicator::Original | ReferenceIndicator::Relate => None,
    }
}

fn apply(
    slot: &mut Option<Sequence>,
    place: usize,
    indicator: ReferenceIndicator,
    entry: &Entry,
    entries: &[Entry],
) {
    let Some(sequence) = slot else { return };
    let about = entry.message.reference.message;
    let hash_of = |at: usize| entries.get(at).map(|entry| entry.hash);
    let about_original = hash_of(sequence.original) == Some(about);
    match indicator {
        ReferenceIndicator::Recall if about_original => *slot = None,
        ReferenceIndicator::Recall => {
            sequence.references.retain(|at| hash_of(*at) != Some(about));
            if hash_of(sequence.current) == Some(about) {
                sequence.current = last_update(sequence, entries);
            }
        }
        // An update of a part replaces that part, not the whole.
        ReferenceIndicator::Update
            if about_original || hash_of(sequence.current) == Some(about) =>
        {
            sequence.references.push(place);
            sequence.current = place;
        }
        ReferenceIndicator::Discontinue => {
            sequence.references.push(place);
            // Ending one reference, such as a confirmation, does not end what it is about.
            sequence.discontinued |= about_original || hash_of(sequence.current) == Some(about);
        }
        ReferenceIndicator::Original
        | ReferenceIndicator::Update
        | ReferenceIndicator::Add
        | ReferenceIndicator::Relate
        | ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => sequence.references.push(place),
    }
}

/// The newest update of the original that is left.
fn last_update(sequence: &Sequence, entries: &[Entry]) -> usize {
    let original = entries.get(sequence.original).map(|entry| entry.hash);
    let update = |at: &&usize| {
        entries.get(**at).is_some_and(|entry| {
            let reference = entry.message.reference;
            reference.indicator == ReferenceIndicator::Update && Some(reference.message) == original
        })
    };
    let newest = sequence.references.iter().rev().find(update).copied();
    newest.unwrap_or(sequence.original)
}

/// Whether what a content says is valid at `now`, seconds since 1970 UTC. What has no time of its own
/// is valid until something says otherwise.
#[must_use]
pub fn standing(content: &Content, discontinued: bool, now: i64) -> Standing {
    if discontinued {
        return Standing::Discontinued;
    }
    let Some(sign) = sign(content) else {
        return Standing::Current;
    };
    match Validity::of(sign) {
        None => Standing::Unclear,
        Some(validity) if now < validity.from => Standing::Future,
        Some(validity) if validity.until.is_some_and(|until| until <= now) => Standing::Expired,
        Some(_) => Standing::Current,
    }
}

/// The fields of a sign or signal, when the content has them.
#[must_use]
pub fn sign(content: &Content) -> Option<&Sign> {
    match content {
        Content::Sign { sign, .. } | Content::Request { sign, .. } => Some(sign),
        Content::Authentication { .. }
        | Content::Cryptographic { .. }
        | Content::Resource { .. }
        | Content::FreeText(_) => None,
    }
}

#[cfg(test)]
mod tests;
