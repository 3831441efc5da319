//! What a receiver does about a message that breaks a rule. Nothing received is dropped: a sign that
//! breaks a rule may be someone's only call.

use std::fmt;

use serde::{Serialize, Serializer};

/// What becomes of what was received. The message itself is always kept and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Everything is shown as it is.
    ShownAsItIs,
    /// Its time is not known: it is neither valid nor over
    /// ([`Validity::of`](crate::Validity::of) is `None`). The specification wants such a message
    /// ignored; hiding a call for help for the sake of its clock would be worse.
    NoTime,
    /// It has no place on the map ([`Location::of`](crate::Location::of) is `None`).
    NotOnMap,
    /// It is a point without extent ([`Extent::of`](crate::Extent::of) is `None`).
    NoExtent,
    /// The size that does not belong is not used.
    SizeIgnored,
    /// The direction is not used: no outline that depends on one is drawn.
    NoDirection,
    /// The code is shown as it is, without a meaning.
    CodeShown,
    /// What it says about another message is not done.
    NoReference,
    /// What it carries proves nothing and decrypts nothing.
    NotUsed,
    /// It is taken for ciphertext ([`Message::decode`](crate::Message::decode) refuses it).
    Unreadable,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Self; 10] = [
        Self::ShownAsItIs,
        Self::NoTime,
        Self::NotOnMap,
        Self::NoExtent,
        Self::SizeIgnored,
        Self::NoDirection,
        Self::CodeShown,
        Self::NoReference,
        Self::NotUsed,
        Self::Unreadable,
    ];

    /// Its name, which stays the same: lower-case words joined by `-`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShownAsItIs => "shown-as-it-is",
            Self::NoTime => "no-time",
            Self::NotOnMap => "not-on-map",
            Self::NoExtent => "no-extent",
            Self::SizeIgnored => "size-ignored",
            Self::NoDirection => "no-direction",
            Self::CodeShown => "code-shown",
            Self::NoReference => "no-reference",
            Self::NotUsed => "not-used",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A plain clause about the message, such as "it is not on the map".
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ShownAsItIs => "it is shown as it is",
            Self::NoTime => "its time is not known, so it is neither valid nor over",
            Self::NotOnMap => "it is not on the map",
            Self::NoExtent => "it is shown as a point",
            Self::SizeIgnored => "that size is not used",
            Self::NoDirection => "no outline that needs a direction is drawn",
            Self::CodeShown => "the code itself is shown",
            Self::NoReference => "what it says about the other message has no effect",
            Self::NotUsed => "what it carries is not used",
            Self::Unreadable => "nobody can read it",
        })
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
