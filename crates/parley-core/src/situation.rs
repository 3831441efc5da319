//! What stands: each original with all that refers to it, from messages in the order of the chain.
//! Only references that the tables of the specification allow have an effect (4.2.1.6); the others
//! stay in the list of what was received.

use std::collections::HashMap;

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
#[must_use]
pub fn sequences(entries: &[Entry], kind: NetworkKind) -> Vec<Sequence> {
    let mut found: Vec<Option<Sequence>> = Vec::new();
    // The place of every entry's sequence.
    let mut home: HashMap<TransactionHash, usize> = HashMap::new();
    let by_hash: HashMap<TransactionHash, &Entry> =
        entries.iter().map(|entry| (entry.hash, entry)).collect();
    for (place, entry) in entries.iter().enumerate() {
        let Some(content) = effective(&entry.message, kind) else {
            continue;
        };
        let target = by_hash.get(&entry.message.reference.message).copied();
        match role(entry, content, target, kind) {
            Role::Original => {
                home.insert(entry.hash, found.len());
                found.push(Some(Sequence {
                    original: place,
                    current: place,
                    references: Vec::new(),
                    discontinued: false,
                }));
            }
            Role::Reference(indicator) => {
                let Some(&at) = home.get(&entry.message.reference.message) else {
                    continue;
                };
                home.insert(entry.hash, at);
                let originals = found.get_mut(at);
                if let Some(slot) = originals {
                    apply(slot, place, indicator, entry, entries);
                }
            }
            Role::Nothing => {}
        }
    }
    found.into_iter().flatten().collect()
}

enum Role {
    Original,
    Reference(ReferenceIndicator),
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
        return alone(indicator);
    };
    let same = entry.originator == target.originator;
    let allowed =
        tables::may_refer(content.code(), about.code(), indicator) && may_say(indicator, same);
    if allowed {
        Role::Reference(indicator)
    } else {
        Role::Nothing
    }
}

/// What refers to something that was never received: news stands by itself, the rest has no effect.
fn alone(indicator: ReferenceIndicator) -> Role {
    match indicator {
        ReferenceIndicator::Update | ReferenceIndicator::Add | ReferenceIndicator::Relate => {
            Role::Original
        }
        ReferenceIndicator::Original
        | ReferenceIndicator::Recall
        | ReferenceIndicator::Discontinue
        | ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => Role::Nothing,
    }
}

/// Whether the originator of the message referred to, or another one, may say this.
fn may_say(indicator: ReferenceIndicator, same: bool) -> bool {
    match indicator {
        ReferenceIndicator::Original | ReferenceIndicator::Relate => true,
        ReferenceIndicator::Recall
        | ReferenceIndicator::Update
        | ReferenceIndicator::Discontinue => same,
        // Additions to one's own message by the standard; free text and links by others are shown
        // as theirs, because people on the ground add what they know.
        ReferenceIndicator::Add => true,
        ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => !same,
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
        ReferenceIndicator::Update if same_type(entry, entries.get(sequence.original)) => {
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

fn same_type(entry: &Entry, original: Option<&Entry>) -> bool {
    original.is_some_and(|original| original.message.code() == entry.message.code())
}

fn last_update(sequence: &Sequence, entries: &[Entry]) -> usize {
    let update = |at: &&usize| {
        entries.get(**at).is_some_and(|entry| {
            entry.message.reference.indicator == ReferenceIndicator::Update
                && same_type(entry, entries.get(sequence.original))
        })
    };
    sequence
        .references
        .iter()
        .rev()
        .find(update)
        .copied()
        .unwrap_or(sequence.original)
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
