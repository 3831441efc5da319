//! How a refused request looks from outside.

use serde::{Deserialize, Serialize};

/// What the interface does differently; a code exists only where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// What was given cannot be used; nothing changed.
    BadInput,
    /// It cannot be done now; what was queued is kept.
    NotNow,
    /// The message is sealed: it can no longer be edited or deleted.
    Sealed,
    /// Other own messages refer to this one.
    HasDependents,
    /// The disk is full or refuses to write.
    Storage,
    /// Something else went wrong.
    Other,
}

/// A refused request: what happened, what is safe and what to do, in plain English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What the interface does with it.
    pub code: Code,
    /// Sentences for a person, without keys, positions or message text.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
