//! Why a message could not be read or written. Never quotes what was read:
//! a message can hold a position or a text that does not belong in a log.

use thiserror::Error;

/// A value does not have the form that its field needs; says which form that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected {0}")]
pub struct FormError(pub &'static str);

/// Why octets are not a readable message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The first two octets are not `WF`.
    #[error("this is not a Whiteflag message: it does not start with WF")]
    NotWhiteflag,
    /// The version octet is not `1`.
    #[error("this message has a version of the protocol other than 1; keep it for a later release")]
    Version,
    /// The encryption indicator is not `0`.
    #[error("the message is encrypted; it can be read only with the key")]
    Encrypted,
    /// The message code, or the pseudo message code of a test message, is not defined.
    #[error("the message code is not defined")]
    MessageCode,
    /// The reference indicator is above 9.
    #[error("the reference indicator is not a digit from 0 to 9")]
    ReferenceIndicator,
    /// A test message wraps a test message.
    #[error("a test message cannot contain another test message")]
    TestInTest,
    /// A nibble of a decimal field is above 9.
    #[error("{field} contains something that is not a decimal digit")]
    NotDecimal {
        /// The field's name in the specification.
        field: &'static str,
    },
    /// An octet of a text is above 7F.
    #[error("{field} contains a character above U+007F")]
    NotAscii {
        /// The field's name in the specification.
        field: &'static str,
    },
    /// The octets end before the last field that every such message has.
    #[error("the message is cut short")]
    CutShort,
}

/// Why a message cannot be put into octets. All of these are values that no
/// message read from octets can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The encryption indicator promises ciphertext, and this is plain text.
    #[error(
        "EncryptionIndicator says the message is encrypted, but it is not; nothing was written. \
         Set it to 0 to send the message for everyone to read"
    )]
    NotEncrypted,
    /// A number does not fit into its field.
    #[error("{field} is too large for its field")]
    TooLarge {
        /// The field's name in the specification.
        field: &'static str,
    },
    /// More request objects than a message can carry.
    #[error("requestObjects has more than 8 entries; send the rest in another request")]
    TooManyRequestObjects,
}

/// Why a JSON text or value is not a message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
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
    /// A value of another form or JSON type.
    #[error("{field} has the wrong form; give {expected}")]
    Form {
        /// The path of the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// Why a text is not the uncompressed form of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FlatError {
    /// The text ends within a field.
    #[error("the text ends within {field}")]
    CutShort {
        /// The field's name in the specification.
        field: &'static str,
    },
    /// A field has another form.
    #[error("{field} has the wrong form; give {expected}")]
    Form {
        /// The field's name in the specification.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// Something follows the last field.
    #[error("there is something after the last field")]
    TooLong,
}
