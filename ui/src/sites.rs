//! Where a signal is: its own place and those of the further parts of a composite one. A sign of
//! another type that adds or relates to it is a signal of its own. Knows neither map nor words.

use parley_wire::{NetworkKind, Opinions, Part, Reference, Signal, Validity};
use serde_json::Value;

use crate::form::{Sign, field};
use crate::place::Place;
use crate::{pins, protocol};

/// Who looks, when, and on what network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// What the network may be used for.
    pub(crate) kind: NetworkKind,
    /// Seconds since 1970 UTC.
    pub(crate) now: u64,
    /// The own account.
    pub(crate) address: String,
}

/// What a site is to its signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The signal itself.
    Itself,
    /// A further part of it (reference 3 of the same type).
    Part,
}

/// One place that a signal has, or the one without a place that it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Site {
    /// What it is to the signal.
    pub(crate) role: Role,
    /// The hash of the signal.
    pub(crate) signal: String,
    /// The hash of the message that began it: for the signal itself the same.
    pub(crate) hash: String,
    /// The hash of the message that says it now: the newest update, else the same.
    pub(crate) newest: String,
    /// The message that began it.
    pub(crate) original: Value,
    /// What it says now.
    pub(crate) message: Value,
    /// Whether its text is shown escaped: then it says something else than its octets do.
    pub(crate) escaped: bool,
    /// Who sent it.
    pub(crate) originator: String,
    /// Whether this device's account sent it.
    pub(crate) own: bool,
    /// Whether it is own and in no block yet.
    pub(crate) unsent: bool,
    /// When it was sent, seconds since 1970 UTC.
    pub(crate) time: u64,
    /// Whether it is valid now.
    pub(crate) validity: Validity,
    /// What others think of it.
    pub(crate) opinions: Opinions,
    /// The message in which a text and a link that were added to it end, where there are some: a
    /// further one goes on there (specification 5.4.1.2).
    pub(crate) ends: Ends,
}

/// Where what was added ends: hashes, or `@` and the number of an own message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) text: Option<String>,
    pub(crate) link: Option<String>,
}

impl Site {
    /// Its type and subject; `None` where it cannot be read.
    pub(crate) fn sign(&self) -> Option<Sign> {
        pins::meant(&self.message).0
    }

    /// Where it is, if it says so.
    pub(crate) fn place(&self) -> Option<Place> {
        pins::place(&self.message)
    }

    /// Whether anybody else says that it is true.
    pub(crate) fn is_confirmed(&self) -> bool {
        !self.opinions.confirmed_by.is_empty()
    }

    /// Whether it is over.
    pub(crate) fn is_over(&self) -> bool {
        matches!(
            self.validity,
            Validity::Expired | Validity::Discontinued | Validity::Recalled
        )
    }
}

/// The signal itself, then its further parts.
pub(crate) fn of(signal: &Signal, viewer: &Viewer) -> Vec<Site> {
    let parts = signal.parts.iter().map(|one| part(signal, one, viewer));
    std::iter::once(itself(signal, viewer))
        .chain(parts)
        .collect()
}

/// The hash of the message that a signal adds or relates to, where it does.
pub(crate) fn related_to(signal: &Signal) -> Option<String> {
    let header = &signal.message["MessageHeader"];
    let relates = matches!(field(header, "ReferenceIndicator").as_str(), "3" | "5");
    relates.then(|| field(header, "ReferencedMessage"))
}

fn itself(signal: &Signal, viewer: &Viewer) -> Site {
    let over = matches!(signal.validity, Validity::Discontinued | Validity::Recalled);
    Site {
        role: Role::Itself,
        signal: signal.transaction_hash.clone(),
        hash: signal.transaction_hash.clone(),
        newest: signal.newest.clone(),
        validity: if over {
            signal.validity
        } else {
            protocol::validity(&signal.message, viewer.now)
        },
        original: signal.original.clone(),
        message: signal.message.clone(),
        escaped: signal.escaped,
        originator: signal.originator.clone(),
        own: signal.own,
        unsent: signal.state == parley_wire::Standing::Unsent,
        time: signal.time,
        opinions: signal.opinions.clone(),
        ends: Ends {
            text: end(signal, "F"),
            link: end(signal, "R"),
        },
    }
}

/// A part lasts with the whole: it cannot be ended alone (specification 5.4.1.2).
fn part(signal: &Signal, part: &Part, viewer: &Viewer) -> Site {
    Site {
        role: Role::Part,
        signal: signal.transaction_hash.clone(),
        hash: part.transaction_hash.clone(),
        newest: part.newest.clone(),
        validity: protocol::validity(&part.message, viewer.now),
        original: part.original.clone(),
        message: part.message.clone(),
        // Parts are signs, which have no text.
        escaped: false,
        originator: signal.originator.clone(),
        own: signal.own,
        unsent: part.transaction_hash.starts_with('@'),
        time: part.time,
        opinions: part.opinions.clone(),
        ends: Ends::default(),
    }
}

/// The last message of the text or link that was added to the signal itself, or that it is.
fn end(signal: &Signal, code: &str) -> Option<String> {
    let about_itself = |first: &str| {
        let named = |reference: &&Reference| reference.transaction_hash == first;
        let added = signal.references.iter().find(named);
        let target = added.map(target);
        first == signal.transaction_hash
            || target.is_some_and(|t| t == signal.transaction_hash || t == signal.newest)
    };
    let mut notes = signal.notes.iter().filter(|note| note.code == code);
    let note = notes.find(|note| note.pieces.first().is_some_and(|first| about_itself(first)))?;
    // The signal itself is no addition; the first addition to it refers to it as to any other.
    note.pieces.last().cloned()
}

/// The hash that a message refers to.
fn target(reference: &Reference) -> String {
    field(&reference.message["MessageHeader"], "ReferencedMessage")
}

#[cfg(test)]
mod tests;
