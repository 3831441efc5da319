//! The rules themselves, one variant each: what is wrong when one is broken, what to do, where the
//! specification says so, and what a receiver does about it. Judges nothing.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Effect;

/// One line for each rule: variant, stable name, section, effect, problem and fix. The problem goes
/// on after the name of the field; the fix is a request.
macro_rules! rules {
    ($($(#[$doc:meta])+ $rule:ident, $name:literal, $section:expr, $effect:ident, $problem:literal, $fix:literal;)+) => {
        /// A rule about what a message may say, or about what it may refer to.
        ///
        /// The rules about references (names beginning with `Reference`) need the message referred
        /// to; of those, [`Message::check`](crate::Message::check) only judges what is wrong
        /// whatever that message is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// Its name, which stays the same: lower-case words joined by `-`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)+ }
            }

            /// The section of the specification (1-draft.7) that states it; `None` for a rule that
            /// is ours. Such a rule is held to what is sent and never against what is received.
            #[must_use]
            pub const fn section(self) -> Option<&'static str> {
                match self { $(Self::$rule => $section,)+ }
            }

            /// What a receiver does about a message that breaks it.
            #[must_use]
            pub const fn effect(self) -> Effect {
                match self { $(Self::$rule => Effect::$effect,)+ }
            }

            /// What is wrong, after the name of the field.
            #[must_use]
            pub const fn problem(self) -> &'static str {
                match self { $(Self::$rule => $problem,)+ }
            }

            /// What to do about it, as a request.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$rule => $fix,)+ }
            }
        }
    };
}

rules! {
    /// Plain text is not said to be encrypted.
    Encrypted, "encrypted", Some("4.2.1.4"), Unreadable,
        "says that this plain text is encrypted", "give 0";
    /// An initialisation vector is not encrypted.
    InitVectorEncrypted, "init-vector-encrypted", Some("5.2.4.1"), Unreadable,
        "says that an initialisation vector is encrypted", "give 0";
    /// An initialisation vector carries no duress indicator.
    InitVectorDuress, "init-vector-duress", Some("5.2.4.1"), ShownAsItIs,
        "is set beside an initialisation vector, where everyone can read it",
        "give 0; the encrypted message itself says whether it was sent under threat";
    /// An initialisation vector is added to the message that it decrypts.
    InitVectorReference, "init-vector-reference", Some("5.2.4.1"), NotUsed,
        "does not tie the initialisation vector to its encrypted message",
        "give 3, and the hash of the encrypted message as ReferencedMessage";
    /// A public key is published, recalled, updated or discontinued, and never added.
    PublicKeyReference, "public-key-reference", Some("5.2.2"), NotUsed,
        "has no meaning for a public key",
        "give 0 for a key, 2 for one that replaces another, 1 or 4 for one that is no longer valid";
    /// A reference names the message that it refers to.
    ReferenceMissing, "reference-missing", Some("4.2.1.8"), NoReference,
        "is all zeros although the message refers to another one",
        "give the transaction hash of that message, or ReferenceIndicator 0";
    /// Private use: refused to send unless it is allowed, because others read such a code otherwise.
    PrivateUse, "private-use", None, CodeShown,
        "is a code for private use, which others cannot read",
        "choose a code that the standard defines";
    /// Text, link, token and key data are there.
    Empty, "empty", None, ShownAsItIs,
        "is empty", "write something or send nothing";

    /// The verification method is defined.
    VerificationMethod, "verification-method", Some("4.3.4.2"), NotUsed,
        "is reserved", "give 1 for a URL or 2 for a token";
    /// The data of verification method 1 is a URL.
    VerificationUrl, "verification-url", Some("4.3.4.3"), NotUsed,
        "is not the address of a page", "give a URL such as https://example.org/whiteflag.json";
    /// The data of verification method 2 is a token.
    VerificationToken, "verification-token", None, NotUsed,
        "is not a token of 32 octets", "give 64 hexadecimal digits, derived as section 5.2.3 says";
    /// The resource method is defined.
    ResourceMethod, "resource-method", Some("4.3.2.2"), ShownAsItIs,
        "is reserved", "give 1 for a URL";
    /// The data of resource method 1 is a URL.
    ResourceUrl, "resource-url", Some("4.3.2.3"), ShownAsItIs,
        "is not the address of a page", "give a URL such as https://example.org/report";
    /// The type of cryptographic data is defined.
    CryptoDataType, "crypto-data-type", Some("4.3.5.2"), NotUsed,
        "is reserved", "give 0A or 0B for a public key, 11 or 21 for an initialisation vector";
    /// Keys and vectors have their lengths.
    CryptoDataLength, "crypto-data-length", Some("4.3.5.3"), NotUsed,
        "does not have the length of its type",
        "give 33 octets for a compressed public key, 16 for an initialisation vector";
    /// A public key is compressed.
    PublicKeyForm, "public-key-form", Some("4.3.5.3"), NotUsed,
        "is not a compressed public key", "give 33 octets of which the first is 02 or 03";

    /// The time is one of the calendar.
    DateTime, "date-time", Some("4.3.1.3"), NoTime,
        "is no moment of the calendar", "give a time in UTC such as 2026-01-31T23:59:59Z";
    /// The duration has hours below 24 and minutes below 60.
    Duration, "duration", Some("4.3.1.4"), NoTime,
        "has more than 23 hours or 59 minutes beside its days", "count them as days and hours";
    /// The end can be written as a time.
    DurationEnd, "duration-end", Some("4.3.1.4"), NoTime,
        "ends after the year 9999", "shorten it, or give P00D00H00M for no end";
    /// The subject is defined for the type of message.
    SubjectReserved, "subject-reserved", Some("4.3.1.2"), CodeShown,
        "is not defined for this type of message", "choose one of the table";
    /// The object type is defined.
    ObjectReserved, "object-reserved", Some("4.3.1.5"), CodeShown,
        "is not defined", "choose one of the table, or 00 when it is not known";
    /// The object may carry the subject.
    ObjectForSubject, "object-for-subject", Some("4.3.1.5"), ShownAsItIs,
        "cannot carry this sign", "choose another object, or 00 when it is not known";
    /// The latitude exists.
    LatitudeRange, "latitude-range", Some("4.3.1.6"), NotOnMap,
        "is none on earth", "give -90.00000 to +90.00000";
    /// The longitude exists.
    LongitudeRange, "longitude-range", Some("4.3.1.6"), NotOnMap,
        "is none on earth", "give -180.00000 to +180.00000";
    /// Both coordinates are omitted, or none.
    LocationHalf, "location-half", Some("4.3.1.6"), NotOnMap,
        "is omitted while the other coordinate is given", "give both or omit both";
    /// Protective and danger signs have a place.
    LocationMissing, "location-missing", Some("4.3.1.6"), NotOnMap,
        "is omitted, and a protective or danger sign must have a place", "give one";
    /// Infrastructure, missions and requests have a place: the specification lets E and S omit it,
    /// and is silent about these.
    LocationAdvised, "location-advised", None, NotOnMap,
        "is omitted, which the standard allows for emergency and status signals only", "give one";
    /// What has a size has a place: a size around no centre says nothing.
    LocationOfShape, "location-of-shape", None, NotOnMap,
        "is omitted for an object that has a shape",
        "give a place, or an object type without a shape";
    /// Shapes have sizes.
    SizeMissing, "size-missing", Some("4.3.1.7"), NoExtent,
        "is omitted for an object that has a shape", "give metres from 0001 to 9999";
    /// What has no shape has no size; people may have one.
    SizeNotAllowed, "size-not-allowed", Some("4.3.1.7"), SizeIgnored,
        "is given for an object that has none", "give 0000, and 999 for ObjectOrientation";
    /// A circle has one size.
    CircleSecondSize, "circle-second-size", Some("4.3.1.7"), SizeIgnored,
        "is given for a circle, which has a radius only", "give 0000";
    /// Directions go from 0 to 359 degrees.
    OrientationRange, "orientation-range", Some("4.3.1.8"), NoDirection,
        "is no direction", "give 000 to 359, or 999 for none";
    /// A size has a direction. A circle needs none: 000 is usual, 999 is as clear.
    OrientationMissing, "orientation-missing", Some("4.3.1.8"), NoDirection,
        "is omitted although a size is given", "give 000 to 359 degrees from north";
    /// Without a size there is no direction, not even the 000 that the schema gives by default.
    OrientationWithoutSize, "orientation-without-size", Some("4.3.1.8"), NoDirection,
        "is given without a size", "give 999";
    /// A request is about an area.
    RequestArea, "request-area", Some("4.3.1.9"), ShownAsItIs,
        "of a request must be an area", "give 20 to 23, or 00 when it is not known";
    /// People are requested by their number.
    RequestPeople, "request-people", Some("4.3.1.9"), ShownAsItIs,
        "names a group of people", "give type 11 with their number";
    /// Only what moves is requested.
    RequestFixed, "request-fixed", Some("4.3.1.9"), ShownAsItIs,
        "names an area or a structure", "ask for people, vehicles or goods";
    /// What is requested is defined.
    RequestReserved, "request-reserved", Some("4.3.1.9"), CodeShown,
        "has an object type that is not defined", "choose one of the table";

    /// A message of one type may refer to another type in this way.
    ReferenceTypes, "reference-types", Some("5.4.1.1"), NoReference,
        "is not allowed from this type of message to that one",
        "choose another reference, or send a message of its own";
    /// A reference may refer to another reference in this way.
    ReferenceCodes, "reference-codes", Some("5.4.1.2"), NoReference,
        "may not point at a message that refers to others as that one does",
        "refer to the original instead";
    /// Only the account of a message recalls, updates, adds to or discontinues it.
    ReferenceNotOwn, "reference-not-own", Some("4.2.1.7"), NoReference,
        "is only for the account that sent the message referred to",
        "relate to it (5), or confirm, acknowledge, comply with or reject it";
    /// Nobody confirms, acknowledges, complies with or rejects what the same originator sent.
    ReferenceOwn, "reference-own", Some("4.2.1.7"), NoReference,
        "is only for others than the originator of the message referred to",
        "update, add to or discontinue your own message";
    /// Who sends both a message and a change of it sends the message first.
    ReferenceEarly, "reference-early", Some("4.2.1.7"), NoReference,
        "changes a message that lies behind it on the chain", "send it again";
    /// Each type adds to an original once.
    ReferenceOnce, "reference-once", Some("5.4.1.2"), ShownAsItIs,
        "adds a second message of this type to the same one",
        "update the first addition instead, or go on with it by an addition to it";
    /// The parts of a composite area or structure refer to its first message, with its subject.
    ReferencePart, "reference-part", Some("5.4.2.5"), ShownAsItIs,
        "does not make a part of an area or structure",
        "refer to its first message, with the same subject and an area (20 to 29) or structure \
         (30 to 39) as object";
    /// Nothing refers to a test message.
    ReferenceTest, "reference-test", Some("5.4.1.1"), NoReference,
        "points at a test message", "refer to a message that counts";
    /// Most references repeat what they refer to.
    ReferenceRepeats, "reference-repeats", Some("4.2.1.7"), ShownAsItIs,
        "does not repeat the message referred to", "copy the body of that message";
    /// A status signal about a protective or danger sign has a place.
    ReferenceLocation, "reference-location", Some("4.3.1.6"), NotOnMap,
        "is omitted in a status signal about a protective or danger sign", "give a place";
}

impl Rule {
    /// Whether it needs the message referred to.
    #[must_use]
    pub const fn needs_target(self) -> bool {
        matches!(
            self,
            Self::ReferenceCodes
                | Self::ReferenceNotOwn
                | Self::ReferenceOwn
                | Self::ReferenceEarly
                | Self::ReferenceOnce
                | Self::ReferencePart
                | Self::ReferenceTest
                | Self::ReferenceRepeats
                | Self::ReferenceLocation
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
