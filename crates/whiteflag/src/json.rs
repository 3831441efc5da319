//! The JSON forms of a message. Writes the form of the standard's schema, a header and a body whose
//! values are all texts; reads that of every known implementation. Unknown fields are refused,
//! because a misspelt one would be lost.

mod quick;
mod tolerant;
mod tree;
mod write;

use serde::Deserialize;
use serde_json::Value;

use self::tolerant::Parents;
use self::tree::Node;
use crate::Message;

/// The longest JSON text that is read, in bytes. The largest transaction that nodes pass on (128 KiB)
/// can carry a text of control characters, six bytes each in JSON: 768 KiB and the other fields.
const MAX_JSON: usize = 1024 * 1024;

/// Why a JSON text or value is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is longer than any message can be.
    #[error("the JSON text is longer than {limit} bytes; no message is that long")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The text is not JSON.
    #[error("this is not JSON: look at line {line}, column {column}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A field is not there.
    #[error("{field} is missing; give {expected}")]
    Missing {
        /// The path of the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that no such message has.
    #[error("{field} is not a field of this kind of message; remove it or correct its name")]
    Unknown {
        /// The path of the field, shortened and escaped.
        field: String,
    },
    /// The same thing in two places, whatever they say.
    #[error("{field} is there a second time, as {other}; keep one of them")]
    Twice {
        /// The path of the field.
        field: String,
        /// The path of the other one, which may be the same.
        other: String,
    },
    /// A value of another form or JSON type.
    #[error("{field} has the wrong form; give {expected}")]
    Form {
        /// The path of the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A text with characters above U+007F (specification 4.1.2).
    #[error(
        "{field} holds characters that Whiteflag cannot carry ({}); write it in plain letters, digits and signs (up to U+007F)",
        shown(characters)
    )]
    Characters {
        /// The path of the field.
        field: String,
        /// The first few of them, and where in the text, in characters counted from 1.
        characters: Vec<(usize, char)>,
        /// The text in plain letters, as far as one can write it so. To be read by a person before
        /// it is sent: sounds get lost, and short vowels that are not written.
        offered: Option<String>,
    },
}

impl JsonError {
    /// The text that could be sent in place of one with characters that Whiteflag does not have;
    /// never part of what the error says by itself.
    #[must_use]
    pub fn offered(&self) -> Option<&str> {
        match self {
            Self::Characters { offered, .. } => offered.as_deref(),
            Self::TooLong { .. }
            | Self::Syntax { .. }
            | Self::Missing { .. }
            | Self::Unknown { .. }
            | Self::Twice { .. }
            | Self::Form { .. } => None,
        }
    }
}

/// Characters that cannot be seen, or look like others, by their number.
fn shown(characters: &[(usize, char)]) -> String {
    let show = |(position, character): &(usize, char)| {
        let number = u32::from(*character);
        if character.is_alphanumeric() {
            format!("{character} U+{number:04X} at {position}")
        } else {
            format!("U+{number:04X} at {position}")
        }
    };
    let shown: Vec<String> = characters.iter().map(show).collect();
    shown.join(", ")
}

impl Message {
    /// Reads a JSON text: the form of the standard's schema, or that of any known implementation.
    ///
    /// - DuressIndicator may be a boolean, as in annex C of the specification.
    /// - Fields of a test message's content may stand beside PseudoMessageCode (whiteflag-js,
    ///   whiteflag-java).
    /// - Request objects may be `ObjectType1` and `ObjectType1Quant` to `ObjectType8Quant` (the
    ///   specification's own names, whiteflag-java).
    /// - `ReferenceMethod` and `ReferenceData` in a resource message, and a CryptoDataType of one
    ///   digit whose second is the first of CryptoData (whiteflag-js).
    /// - One object with keys such as `messageCode`, also `datetime`, where `null` is left out
    ///   (whiteflag-rust and other programs for Fennel).
    ///
    /// `MetaHeader` may be there and is not looked at.
    ///
    /// # Errors
    /// [`JsonError`] names the field, what is wrong with it and what it should be.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        if text.len() > MAX_JSON {
            return Err(JsonError::TooLong { limit: MAX_JSON });
        }
        if let Some(message) = quick::read(text) {
            return Ok(message);
        }
        let tree: Node<'_> = serde_json::from_str(text).map_err(|error| syntax(&error))?;
        tolerant::read(&tree, Parents::Refused).map(|(message, _)| message)
    }

    /// As [`Message::from_json`], from a value that is parsed already.
    ///
    /// # Errors
    /// As [`Message::from_json`].
    pub fn from_value(value: &Value) -> Result<Self, JsonError> {
        let tree = Node::deserialize(value).map_err(|error| syntax(&error))?;
        tolerant::read(&tree, Parents::Refused).map(|(message, _)| message)
    }

    /// As [`Message::from_value`], but `ReferencedMessage` may also be `"@12"`:
    /// message 12 of the outbox, whose hash is not known yet. Then the hash is
    /// zero and the number is returned.
    ///
    /// # Errors
    /// As [`Message::from_json`].
    pub fn from_json_with_parent(value: &Value) -> Result<(Self, Option<u64>), JsonError> {
        let tree = Node::deserialize(value).map_err(|error| syntax(&error))?;
        tolerant::read(&tree, Parents::Allowed)
    }
}

fn syntax(error: &serde_json::Error) -> JsonError {
    JsonError::Syntax {
        line: error.line(),
        column: error.column(),
    }
}
