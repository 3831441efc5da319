//! The rules for values (specification 4.3), message by message: every finding, not only the first.
//! Rules that need another message are not judged here.

use std::fmt;

use crate::tables;
use crate::{
    Body, Content, Extent, LatitudeDigits, Location, LongitudeDigits, Message, MessageCode,
    ReferenceIndicator, RequestObject, Sign, TransactionHash, Validity,
};

/// One rule that a message breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The field's name in the specification.
    pub field: &'static str,
    /// What is wrong and what to do, after the field's name.
    pub problem: &'static str,
    /// Where the specification says so.
    pub section: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} (Whiteflag {})",
            self.field, self.problem, self.section
        )
    }
}

const fn finding(field: &'static str, section: &'static str, problem: &'static str) -> Finding {
    Finding {
        field,
        problem,
        section,
    }
}

/// Collects findings: `that` must hold.
struct Findings(Vec<Finding>);

impl Findings {
    fn require(&mut self, that: bool, finding: Finding) {
        if !that {
            self.0.push(finding);
        }
    }
}

impl Message {
    /// Every rule about values that this message breaks; none when it may be sent.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut found = Findings(Vec::new());
        header(self, &mut found);
        match &self.body {
            Body::Plain(content) | Body::Test(content) => content_rules(content, &mut found),
        }
        found.0
    }
}

fn header(message: &Message, found: &mut Findings) {
    found.require(
        message.encryption == b'0',
        finding(
            "EncryptionIndicator",
            "4.2.1.3",
            "must be 0: this message is not encrypted",
        ),
    );
    let reference = message.reference;
    let refers = reference.indicator != ReferenceIndicator::Original;
    found.require(
        !refers || reference.message != TransactionHash::ZERO,
        finding(
            "ReferencedMessage",
            "4.2.1.7",
            "must be the hash of the message referred to",
        ),
    );
}

fn content_rules(content: &Content, found: &mut Findings) {
    match content {
        Content::Authentication { method, .. } => found.require(
            matches!(method, 1 | 2 | 0xA..=0xF),
            finding(
                "VerificationMethod",
                "4.3.4.2",
                "is reserved; use 1 (URL) or 2 (token)",
            ),
        ),
        Content::Cryptographic { data_type, data } => cryptographic(*data_type, data, found),
        Content::Resource { method, .. } => found.require(
            matches!(method, 1 | 0xA..=0xF),
            finding("ResourceMethod", "4.3.6", "is reserved; use 1 (URL)"),
        ),
        Content::FreeText(_) => {}
        Content::Sign { sign, .. } => sign_rules(content.code(), sign, found),
        Content::Request { sign, objects } => {
            sign_rules(MessageCode::Request, sign, found);
            request(sign, objects, found);
        }
    }
}

fn cryptographic(data_type: u8, data: &[u8], found: &mut Findings) {
    let length = match data_type {
        0x0A | 0x0B => Some(33),
        0x11 | 0x21 => Some(16),
        _ => None,
    };
    found.require(
        matches!(data_type, 0x01 | 0x0A | 0x0B | 0x11 | 0x21 | 0xA0..),
        finding("CryptoDataType", "4.3.5.2", "is reserved"),
    );
    found.require(
        length.is_none_or(|length| data.len() == length),
        finding("CryptoData", "5.2.2", "does not have the length of its type: 33 octets for a compressed key, 16 for an initialisation vector"),
    );
}

fn sign_rules(code: MessageCode, sign: &Sign, found: &mut Findings) {
    time(sign, found);
    codes(code, sign, found);
    place(code, sign, found);
    extent(sign, found);
}

fn time(sign: &Sign, found: &mut Findings) {
    found.require(
        sign.date_time.unix().is_some(),
        finding("DateTime", "4.3.1.3", "is not a moment of the calendar"),
    );
    let (_, hours, minutes) = sign.duration.parts();
    found.require(
        hours <= 23 && minutes <= 59,
        finding(
            "Duration",
            "4.3.1.4",
            "must have at most 23 hours and 59 minutes beside the days",
        ),
    );
    // Checked apart from the two fields: their sum may leave the calendar.
    let both = sign.date_time.unix().is_some() && hours <= 23 && minutes <= 59;
    found.require(
        !both || Validity::of(sign).is_some(),
        finding("Duration", "4.3.1.4", "ends after the year 9999"),
    );
}

fn codes(code: MessageCode, sign: &Sign, found: &mut Findings) {
    let subject = tables::subject(code, sign.subject);
    found.require(
        subject.is_some() || tables::is_private_subject(code, sign.subject),
        finding(
            "SubjectCode",
            "4.3.1.2",
            "is not defined for this type of message",
        ),
    );
    let defined = tables::object_type(sign.object_type).is_some();
    found.require(
        defined || tables::is_private_object(sign.object_type),
        finding("ObjectType", "4.3.1.5", "is not defined"),
    );
    found.require(
        !defined || subject.is_none_or(|subject| subject.allows(sign.object_type)),
        finding(
            "ObjectType",
            "4.3.1.5",
            "cannot carry this sign; choose another object",
        ),
    );
}

fn place(code: MessageCode, sign: &Sign, found: &mut Findings) {
    let no_latitude = sign.latitude == LatitudeDigits::OMITTED;
    let no_longitude = sign.longitude == LongitudeDigits::OMITTED;
    let omitted = no_latitude && no_longitude;
    found.require(
        omitted || sign.latitude.e5().abs() <= 9_000_000,
        finding(
            "ObjectLatitude",
            "4.3.1.6",
            "must be from -90 to +90 degrees",
        ),
    );
    found.require(
        omitted || sign.longitude.e5().abs() <= 18_000_000,
        finding(
            "ObjectLongitude",
            "4.3.1.6",
            "must be from -180 to +180 degrees",
        ),
    );
    let needs_place = matches!(code, MessageCode::Protective | MessageCode::Danger);
    found.require(
        !(omitted && needs_place),
        finding(
            "ObjectLatitude",
            "4.3.1.6",
            "must be given in protective and danger signs",
        ),
    );
    let needs_shape = Extent::is_shape(sign.object_type);
    found.require(
        !(omitted && needs_shape && Location::of(sign).is_none()),
        finding(
            "ObjectLatitude",
            "4.3.1.6",
            "must be given for something that has a size",
        ),
    );
}

fn extent(sign: &Sign, found: &mut Findings) {
    let (dim1, dim2) = (sign.dim1.get(), sign.dim2.get());
    let orientation = sign.orientation.get();
    let sized = dim1 != 0 || dim2 != 0;
    found.require(
        orientation <= 359 || orientation == 999,
        finding(
            "ObjectOrientation",
            "4.3.1.8",
            "must be from 000 to 359, or 999 for none",
        ),
    );
    let persons = sign.object_type >> 4 == 1;
    let private = tables::is_private_object(sign.object_type);
    let shape = Extent::is_shape(sign.object_type);
    let circle = matches!(sign.object_type, 0x21 | 0x31);
    found.require(
        !sized || persons || private || shape,
        finding(
            "ObjectSizeDim1",
            "4.3.1.7",
            "must be 0000 for an object of this type",
        ),
    );
    found.require(
        !shape || dim1 != 0,
        finding(
            "ObjectSizeDim1",
            "4.3.1.7",
            "must be given for an object with a shape",
        ),
    );
    found.require(
        !circle || dim2 == 0,
        finding("ObjectSizeDim2", "4.3.1.7", "must be 0000 for a circle"),
    );
    found.require(
        !shape || circle || dim2 != 0,
        finding(
            "ObjectSizeDim2",
            "4.3.1.7",
            "must be given for a rectangle or a triangle",
        ),
    );
    // A circle has no direction: both 000 and 999 are in use for it.
    found.require(
        circle || !sized || orientation != 999,
        finding(
            "ObjectOrientation",
            "4.3.1.8",
            "must be given together with a size",
        ),
    );
}

fn request(sign: &Sign, objects: &[RequestObject], found: &mut Findings) {
    let area = sign.object_type >> 4 == 2 || tables::is_private_object(sign.object_type);
    found.require(
        area || sign.object_type == 0,
        finding("ObjectType", "4.3.1.9", "of a request must be an area"),
    );
    let allowed = |object: &RequestObject| {
        let code = object.object_type;
        let known = tables::object_type(code).is_some() || tables::is_private_object(code);
        known && !matches!(code, 0x12..=0x3F)
    };
    found.require(
        objects.iter().all(allowed),
        finding(
            "requestObjects",
            "4.3.1.9",
            "cannot hold groups of people (give type 11 with their number), areas or structures",
        ),
    );
}
