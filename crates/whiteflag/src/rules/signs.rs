//! The rules for signs and signals (specification 4.3.1): time, subject, object, place, size and
//! direction, and what a request asks for.

use super::{Code, Findings, Rule};
use crate::{
    Extent, LatitudeDigits, LongitudeDigits, MessageCode, RequestObject, Sign, Validity, tables,
};

/// Judges the fields that all signs and signals share.
pub(super) fn check(code: MessageCode, sign: &Sign, found: &mut Findings) {
    time(sign, found);
    codes(code, sign, found);
    place(code, sign, found);
    size(sign, found);
    orientation(sign, found);
}

fn time(sign: &Sign, found: &mut Findings) {
    let begins = sign.date_time.unix().is_some();
    let (_, hours, minutes) = sign.duration.parts();
    let lasts = hours <= 23 && minutes <= 59;
    found.require(begins, Rule::DateTime, "DateTime");
    found.require(lasts, Rule::Duration, "Duration");
    // Apart from the two fields: their sum may leave the calendar.
    let ends = !(begins && lasts) || Validity::of(sign).is_some();
    found.require(ends, Rule::DurationEnd, "Duration");
}

fn codes(code: MessageCode, sign: &Sign, found: &mut Findings) {
    let subject = tables::subject(code, sign.subject);
    let private = tables::is_private_subject(code, sign.subject);
    found.code(
        Code::of(subject.is_some(), private),
        Rule::SubjectReserved,
        "SubjectCode",
    );
    let object = object_code(sign.object_type);
    found.code(object, Rule::ObjectReserved, "ObjectType");
    // The rule for requests is stricter and told by itself.
    let judged = matches!(object, Code::Defined) && code != MessageCode::Request;
    let allowed = subject.is_none_or(|subject| subject.allows(sign.object_type));
    found.require(!judged || allowed, Rule::ObjectForSubject, "ObjectType");
}

fn object_code(object_type: u8) -> Code {
    let defined = tables::object_type(object_type).is_some();
    Code::of(defined, tables::is_private_object(object_type))
}

fn place(code: MessageCode, sign: &Sign, found: &mut Findings) {
    const LATITUDE: &str = "ObjectLatitude";
    let no_latitude = sign.latitude == LatitudeDigits::OMITTED;
    let no_longitude = sign.longitude == LongitudeDigits::OMITTED;
    let north = no_latitude || sign.latitude.e5().abs() <= 9_000_000;
    let east = no_longitude || sign.longitude.e5().abs() <= 18_000_000;
    found.require(north, Rule::LatitudeRange, LATITUDE);
    found.require(east, Rule::LongitudeRange, "ObjectLongitude");
    match (no_latitude, no_longitude) {
        (false, false) => {}
        (true, false) => found.require(false, Rule::LocationHalf, LATITUDE),
        (false, true) => found.require(false, Rule::LocationHalf, "ObjectLongitude"),
        (true, true) => {
            let rule = without_place(code, sign);
            found.0.extend(rule.map(|rule| super::Finding {
                rule,
                field: LATITUDE,
            }));
        }
    }
}

/// The rule that a sign without any place breaks. Emergencies and status signals may have none,
/// unless a shape lies around it.
fn without_place(code: MessageCode, sign: &Sign) -> Option<Rule> {
    let shape = Extent::is_shape(sign.object_type);
    match code {
        MessageCode::Protective | MessageCode::Danger => Some(Rule::LocationMissing),
        MessageCode::Emergency | MessageCode::Status => shape.then_some(Rule::LocationOfShape),
        MessageCode::Infrastructure | MessageCode::Mission | MessageCode::Request => {
            Some(Rule::LocationAdvised)
        }
        MessageCode::Authentication
        | MessageCode::Cryptographic
        | MessageCode::Test
        | MessageCode::Resource
        | MessageCode::FreeText => None,
    }
}

/// What the sizes of an object mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sizes {
    /// A radius.
    Radius,
    /// Two lengths.
    Two,
    /// Two lengths, or none.
    Optional,
    /// None.
    None,
    /// Nobody but its users can say: private use, and the reserved shapes.
    Unknown,
}

impl Sizes {
    const fn of(object_type: u8) -> Self {
        match object_type {
            0x21 | 0x31 => Self::Radius,
            0x22 | 0x23 | 0x32 | 0x33 => Self::Two,
            0x10..=0x1F => Self::Optional,
            0x24..=0x2F | 0x34..=0x3F | 0xF0.. => Self::Unknown,
            _ => Self::None,
        }
    }
}

fn size(sign: &Sign, found: &mut Findings) {
    const DIM1: &str = "ObjectSizeDim1";
    const DIM2: &str = "ObjectSizeDim2";
    let (first, second) = (sign.dim1.get() != 0, sign.dim2.get() != 0);
    match Sizes::of(sign.object_type) {
        Sizes::Radius => {
            found.require(first, Rule::SizeMissing, DIM1);
            found.require(!second, Rule::CircleSecondSize, DIM2);
        }
        Sizes::Two => {
            found.require(first, Rule::SizeMissing, DIM1);
            found.require(second, Rule::SizeMissing, DIM2);
        }
        Sizes::None => {
            let field = if first { DIM1 } else { DIM2 };
            found.require(!first && !second, Rule::SizeNotAllowed, field);
        }
        Sizes::Optional | Sizes::Unknown => {}
    }
}

fn orientation(sign: &Sign, found: &mut Findings) {
    const FIELD: &str = "ObjectOrientation";
    let orientation = sign.orientation.get();
    let given = orientation != 999;
    found.require(!given || orientation <= 359, Rule::OrientationRange, FIELD);
    let sized = sign.dim1.get() != 0 || sign.dim2.get() != 0;
    let sizes = Sizes::of(sign.object_type);
    // A circle looks the same from everywhere, and what must have no size is told so by itself.
    let needed = sized && matches!(sizes, Sizes::Two | Sizes::Optional | Sizes::Unknown);
    found.require(given || !needed, Rule::OrientationMissing, FIELD);
    // What must have a size is told so by itself.
    let refused = !sized && !matches!(sizes, Sizes::Radius | Sizes::Two | Sizes::Unknown);
    let strange = given && orientation <= 359;
    found.require(!(refused && strange), Rule::OrientationWithoutSize, FIELD);
}

/// Judges what a request is about and what it asks for. An object that is not given is accepted, as
/// for every other subject.
pub(super) fn request(sign: &Sign, objects: &[RequestObject], found: &mut Findings) {
    let about = sign.object_type;
    let elsewhere =
        matches!(object_code(about), Code::Defined) && !matches!(about, 0 | 0x20..=0x2F);
    found.require(!elsewhere, Rule::RequestArea, "ObjectType");
    let any = |that: fn(u8) -> bool| objects.iter().any(|object| that(object.object_type));
    let people = any(|code| matches!(code, 0x12..=0x1F));
    let fixed = any(|code| matches!(code, 0x20..=0x3F));
    let reserved =
        any(|code| matches!(object_code(code), Code::Reserved) && !matches!(code, 0x12..=0x3F));
    let private = any(tables::is_private_object);
    for (broken, rule) in [
        (people, Rule::RequestPeople),
        (fixed, Rule::RequestFixed),
        (reserved, Rule::RequestReserved),
        (private, Rule::PrivateUse),
    ] {
        found.require(!broken, rule, "requestObjects");
    }
}
