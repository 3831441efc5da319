//! The Whiteflag protocol, version 1: all twelve types of messages to and from octets and JSON, every
//! rule about them, both encryptions, both ways to authenticate, and what stands of many messages.
//!
//! Whiteflag lets people in conflicts and disasters say what everybody should know: here are mines,
//! this is a hospital, we are alive, let us through. A message is a few dozen octets in a transaction
//! of a public blockchain; who signed the transaction sent the message, and its hash is its name.
//! This crate knows no chain and no network: it takes octets, accounts and hashes as they come.
//!
//! # A message
//!
//! Every message has a header: whether it is encrypted, whether it was sent under duress, its type,
//! and how it refers to another message. Signs and signals (P, E, D, S, I, M and Q) say what is where,
//! from when and for how long, and how large it is; A introduces an account, K carries keys, R a link,
//! F a text, and T wraps any other for a test.
//!
//! ```
//! use whiteflag::{Body, Extent, Location, Message, Validity};
//!
//! let octets = "57463130220000000000000000000000000000000000000000000000000000000000000000010901\
//!     3089104800000000010cd88084206e2686002a00000000";
//! let mine_field = Message::from_hex(octets)?;
//! assert_eq!(mine_field.notation(), "D21(0)");
//!
//! let Body::Plain(content) = &mine_field.body else { panic!("not a test") };
//! let sign = content.sign().ok_or("a sign")?;
//! assert_eq!(Location::of(sign).map(Location::latitude), Some(36.2021));
//! assert_eq!(Extent::of(sign), Some(Extent::Circle { radius: 150 }));
//! assert_eq!(Validity::of(sign).and_then(|validity| validity.until), None, "until it is ended");
//! assert_eq!(mine_field.to_hex()?, octets);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Decoding is total: any octets of any length are a message or a [`DecodeError`], without a panic and
//! in time proportional to their number.
//!
//! # Two layers
//!
//! A [`Message`] is what was read. It holds whatever the bits can say, month 13 and latitude 95
//! included, and encodes to the same octets again, up to the padding. A [`Checked`] breaks no rule
//! about its own values: it is what may be sent. Between the two stand [`Finding`]s, all of them at
//! once, each with the [`Rule`], the field, the section of the specification, what to do about it, and
//! what a receiver does ([`Effect`]).
//!
//! ```
//! use whiteflag::{Checked, Effect, Message, Rule};
//!
//! let json = r#"{
//!   "MessageHeader": {"Prefix": "WF", "Version": "1", "EncryptionIndicator": "0",
//!     "DuressIndicator": "0", "MessageCode": "D", "ReferenceIndicator": "0",
//!     "ReferencedMessage": "0000000000000000000000000000000000000000000000000000000000000000"},
//!   "MessageBody": {"SubjectCode": "21", "DateTime": "2026-13-22T09:00:00Z",
//!     "Duration": "P00D00H00M", "ObjectType": "21", "ObjectLatitude": "+95.00000",
//!     "ObjectLongitude": "+037.13430", "ObjectSizeDim1": "0150", "ObjectSizeDim2": "0000",
//!     "ObjectOrientation": "000"}
//! }"#;
//! let findings = Checked::new(Message::from_json(json)?).unwrap_err();
//! let rules: Vec<Rule> = findings.iter().map(|finding| finding.rule).collect();
//! assert_eq!(rules, [Rule::DateTime, Rule::LatitudeRange]);
//! assert_eq!(findings[1].effect(), Effect::NotOnMap);
//! assert_eq!(
//!     findings[1].to_string(),
//!     "ObjectLatitude is none on earth: give -90.00000 to +90.00000 (Whiteflag 4.3.1.6)"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # References, and what stands
//!
//! A message may recall, update, add to or discontinue one of the same account, relate to any, and
//! confirm, acknowledge, comply with or reject one of another account. [`reference`](mod@reference) and
//! [`tables`] know which type may say which; [`situation`] tells what stands of everything received:
//! what is valid and why, who confirms it, what parts it has, and the whole of a text that did not fit
//! into one message. The order in which messages arrive makes no difference.
//!
//! # Text
//!
//! Whiteflag carries the characters U+0000 to U+007F only. A JSON text with others is refused with the
//! offending characters and, where the feature `transliterate` is on, an offer in plain letters;
//! octets with others are refused by [`Message::decode`] and shown by [`Message::decode_to_show`].
//!
//! ```
//! use whiteflag::{JsonError, Message};
//!
//! let json = r#"{
//!   "MessageHeader": {"Prefix": "WF", "Version": "1", "EncryptionIndicator": "0",
//!     "DuressIndicator": "0", "MessageCode": "F", "ReferenceIndicator": "0",
//!     "ReferencedMessage": "0000000000000000000000000000000000000000000000000000000000000000"},
//!   "MessageBody": {"Text": "Pont bombard\u00e9"}
//! }"#;
//! let Err(error @ JsonError::Characters { .. }) = Message::from_json(json) else {
//!     panic!("an accented letter")
//! };
//! # #[cfg(feature = "transliterate")]
//! assert_eq!(error.offered(), Some("Pont bombarde"));
//! ```
//!
//! # JSON
//!
//! Written is the form of the standard's schema; [`Message::from_json`] reads that of every known
//! implementation: whiteflag-api, whiteflag-js, whiteflag-java and whiteflag-rust.
//!
//! # Encryption and authentication
//!
#![cfg_attr(
    feature = "crypto",
    doc = "The module [`crypto`] encrypts and decrypts, agrees on keys, and judges who an account is."
)]
#![cfg_attr(
    not(feature = "crypto"),
    doc = "The feature `crypto` brings what encrypts, agrees on keys and judges who an account is."
)]
//! It makes no random numbers and fetches nothing: whoever calls passes them in.
//!
//! # Features
//!
//! | feature | on by itself | what it brings |
//! | --- | --- | --- |
//! | `crypto` | yes | encryption, key agreement, tokens, signatures at URLs, addresses |
//! | `transliterate` | yes | plain letters for texts that Whiteflag cannot carry; half a megabyte of tables |
//!
//! Without features the crate needs `hashbrown`, `serde`, `serde_json` and `thiserror` only. It builds for
//! `wasm32-unknown-unknown` with any of them.

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
