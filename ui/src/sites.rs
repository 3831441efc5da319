//! Where a signal is: its own place and those of the further parts of a composite one. A sign of
//! another type that adds or relates to it is a signal of its own. Knows neither map nor words.

use parley_wire::{NetworkKind, Reference, Signal, Validity};
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
    /// How many other originators say that it is true.
    pub(crate) confirmations: usize,
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

    /// Whether it is over.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.validity, Validity::Expired | Validity::Discontinued)
    }
}

/// The signal itself, then its further parts.
pub(crate) fn of(signal: &Signal, viewer: &Viewer) -> Vec<Site> {
    let parts = parts_of(signal).map(|reference| part(signal, reference, viewer));
    std::iter::once(itself(signal, viewer))
        .chain(parts)
        .collect()
}

/// The signal with a hash: its own, or that of a message that refers to it, such as a part.
pub(crate) fn find(signals: &[Signal], hash: &str, viewer: &Viewer) -> Option<(Signal, Site)> {
    let named = |reference: &Reference| reference.transaction_hash == hash;
    let signal = signals
        .iter()
        .find(|signal| signal.transaction_hash == hash)
        .or_else(|| {
            signals
                .iter()
                .find(|signal| signal.references.iter().any(named))
        })?;
    Some((signal.clone(), itself(signal, viewer)))
}

/// The hash of the message that a signal adds or relates to, where it does.
pub(crate) fn related_to(signal: &Signal) -> Option<String> {
    let header = &signal.message["MessageHeader"];
    let relates = matches!(field(header, "ReferenceIndicator").as_str(), "3" | "5");
    relates.then(|| field(header, "ReferencedMessage"))
}

/// How many further parts a signal has.
pub(crate) fn parts(signal: &Signal) -> usize {
    parts_of(signal).count()
}

fn parts_of(signal: &Signal) -> impl Iterator<Item = &Reference> {
    let code = code_of(&signal.message);
    signal.references.iter().filter(move |reference| {
        reference.indicator == "3"
            && code_of(&reference.message) == code
            && pins::place(&reference.message).is_some()
    })
}

fn itself(signal: &Signal, viewer: &Viewer) -> Site {
    let chain = Chain::of(signal, &signal.transaction_hash);
    let original = chain.newest.and_then(|_| protocol::decode(&signal.raw));
    let ended = signal.validity == Validity::Discontinued;
    Site {
        role: Role::Itself,
        signal: signal.transaction_hash.clone(),
        hash: signal.transaction_hash.clone(),
        newest: chain.newest_hash().to_owned(),
        validity: protocol::validity(&signal.message, ended, viewer.now),
        original: original.unwrap_or_else(|| signal.message.clone()),
        message: signal.message.clone(),
        originator: signal.originator.clone(),
        own: signal.own,
        unsent: signal.state == parley_wire::Standing::Unsent,
        time: signal.time,
        confirmations: chain.confirmations(signal),
    }
}

/// A part lasts with the whole: it cannot be ended alone (specification 4.2.1.7).
fn part(signal: &Signal, reference: &Reference, viewer: &Viewer) -> Site {
    let chain = Chain::of(signal, &reference.transaction_hash);
    let message = chain.newest.unwrap_or(reference).message.clone();
    Site {
        role: Role::Part,
        signal: signal.transaction_hash.clone(),
        hash: reference.transaction_hash.clone(),
        newest: chain.newest_hash().to_owned(),
        validity: protocol::validity(&message, false, viewer.now),
        original: reference.message.clone(),
        message,
        originator: reference.originator.clone(),
        own: signal.own,
        unsent: reference.transaction_hash.starts_with('@'),
        time: reference.time,
        confirmations: chain.confirmations(signal),
    }
}

fn code_of(message: &Value) -> Option<char> {
    pins::meant(message).0.map(|sign| sign.code)
}

/// A message with its updates.
struct Chain<'a> {
    versions: Vec<&'a str>,
    newest: Option<&'a Reference>,
}

impl<'a> Chain<'a> {
    fn of(signal: &'a Signal, hash: &'a str) -> Self {
        let mut chain = Self {
            versions: vec![hash],
            newest: None,
        };
        for reference in signal.references.iter().filter(|r| r.indicator == "2") {
            if chain.versions.contains(&target(reference).as_str()) {
                chain.versions.push(&reference.transaction_hash);
                chain.newest = Some(reference);
            }
        }
        chain
    }

    fn newest_hash(&self) -> &'a str {
        self.versions.last().copied().unwrap_or_default()
    }

    /// How many others than its originator confirm one of its versions and did not take that back.
    fn confirmations(&self, signal: &Signal) -> usize {
        let taken_back = |confirmation: &Reference| {
            signal.references.iter().any(|reference| {
                reference.indicator == "4" && target(reference) == confirmation.transaction_hash
            })
        };
        let mut by: Vec<&str> = signal
            .references
            .iter()
            .filter(|reference| {
                reference.indicator == "6" && reference.originator != signal.originator
            })
            .filter(|reference| self.versions.contains(&target(reference).as_str()))
            .filter(|reference| !taken_back(reference))
            .map(|reference| reference.originator.as_str())
            .collect();
        by.sort_unstable();
        by.dedup();
        by.len()
    }
}

/// The hash that a message refers to.
fn target(reference: &Reference) -> String {
    field(&reference.message["MessageHeader"], "ReferencedMessage")
}

#[cfg(test)]
mod tests;
