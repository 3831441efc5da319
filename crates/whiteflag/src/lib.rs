//! The Whiteflag protocol, version 1: messages to and from bytes and JSON.
//!
//! A [`Message`] holds whatever the bits can say, month 13 and latitude 95 included, and encodes to
//! the same bytes again, up to the padding. Decoding is total: every input is a message or an error.
//!
//! ```
//! use whiteflag::Message;
//!
//! let json = r#"{
//!   "MessageHeader": {"Prefix": "WF", "Version": "1", "EncryptionIndicator": "0",
//!     "DuressIndicator": "0", "MessageCode": "D", "ReferenceIndicator": "0",
//!     "ReferencedMessage": "0000000000000000000000000000000000000000000000000000000000000000"},
//!   "MessageBody": {"SubjectCode": "21", "DateTime": "2026-11-22T09:00:00Z",
//!     "Duration": "P00D00H00M", "ObjectType": "21", "ObjectLatitude": "+36.20210",
//!     "ObjectLongitude": "+037.13430", "ObjectSizeDim1": "0150", "ObjectSizeDim2": "0000",
//!     "ObjectOrientation": "000"}
//! }"#;
//! let mine_field = Message::from_json(json)?;
//! let bytes = mine_field.encode()?;
//! assert_eq!(bytes.len(), 63);
//! assert_eq!(Message::decode(&bytes)?, mine_field);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Written is the JSON of the standard's schema; [`Message::from_json`] reads that of every known
//! implementation. The feature `transliterate`, on by itself, offers plain letters for a text that
//! Whiteflag cannot carry ([`JsonError::offered`]).

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    forbid(clippy::indexing_slicing, clippy::string_slice),
    warn(clippy::arithmetic_side_effects)
)]

mod bcd;
pub mod bits;
mod calendar;
mod checked;
mod codes;
#[cfg(feature = "crypto")]
pub mod crypto;
mod decode;
mod digits;
mod encode;
mod fields;
mod flat;
mod hash;
mod hex;
mod ignored;
mod json;
mod message;
mod packed_sign;
pub mod reference;
mod request;
mod rules;
pub mod situation;
pub mod tables;
mod text;
mod transliterate;
mod written;

pub use checked::{Checked, Extent, Location, Validity};
pub use codes::{MessageCode, ReferenceIndicator};
pub use decode::{DecodeError, HexError};
pub use digits::{DateTimeDigits, DurationDigits, LatitudeDigits, LongitudeDigits};
pub use encode::EncodeError;
pub use flat::FlatError;
pub use hash::TransactionHash;
pub use ignored::Ignored;
pub use json::JsonError;
pub use message::{Body, Content, Decimals, Message, Reference, Sign, SignKind};
pub use request::{MAX_REQUEST_OBJECTS, RequestObject, RequestObjects, TooManyObjects};
pub use rules::{Effect, Finding, PrivateUse, Rule};
pub use text::Text;
#[cfg(feature = "transliterate")]
pub use transliterate::transliterate;

/// A value that does not have the form of its field; says which form that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it must be {0}")]
pub struct FormError(pub &'static str);
