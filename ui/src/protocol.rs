//! The thin bridge to the `whiteflag` and `parley-core` crates: JSON forms and codes as text in,
//! plain values out. It adds no rule of its own; what a rule means for a form is said here.

use parley_core::geometry;
use parley_wire::Validity;
use serde_json::Value;
use whiteflag::situation::{Standing, State};
use whiteflag::{
    Body, Content, Extent, Finding, JsonError, Message, MessageCode, PrivateUse, Rule,
    TransactionHash, tables,
};

use crate::draft::{Field, Problem, Wrong};
use crate::form::{Shape, Sign};

/// Stands for the hash of an own message that is not sealed yet: any but zeros, which a reference
/// may not have.
const UNKNOWN: TransactionHash = TransactionHash::new([0xFF; 32]);

/// The outline of what a message covers, degrees east and north, closed; `None` where it has none.
pub(crate) fn ring(message: &Value) -> Option<Vec<[f64; 2]>> {
    let message = read(message).ok()?;
    geometry::outline(content(&message).sign()?)
}

/// How far what a message is about reaches; `None` where it does not say.
pub(crate) fn extent(message: &Value) -> Option<Extent> {
    let message = read(message).ok()?;
    Extent::of(content(&message).sign()?)
}

/// How many metres that is from its place, at most.
pub(crate) fn reach(message: &Value) -> Option<f64> {
    Some(match extent(message)? {
        Extent::Circle { radius } => f64::from(radius),
        Extent::Rectangle { along, across, .. } => f64::from(along).hypot(f64::from(across)) / 2.0,
        Extent::Triangle { height, base, .. } => f64::from(height).max(f64::from(base)),
    })
}

/// Whether a message is valid at `now`, seconds since 1970 UTC, where its originator stands by it.
pub(crate) fn validity(message: &Value, now: u64) -> Validity {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let Ok(message) = read(message) else {
        return Validity::Unclear;
    };
    match Standing::of(content(&message), State::InForce, now) {
        Standing::Future => Validity::Future,
        Standing::Current => Validity::Current,
        Standing::Expired => Validity::Expired,
        Standing::Discontinued => Validity::Discontinued,
        Standing::Recalled => Validity::Recalled,
        Standing::Unclear => Validity::Unclear,
    }
}

/// When a message is valid from, or until, whichever comes next after `now`; seconds since 1970 UTC.
pub(crate) fn turns(message: &Value, now: u64) -> Option<u64> {
    let message = read(message).ok()?;
    let times = whiteflag::Validity::of(content(&message).sign()?)?;
    let turns = [Some(times.from), times.until].into_iter().flatten();
    let turns = turns.filter_map(|time| u64::try_from(time).ok());
    turns.filter(|time| *time > now).min()
}

/// The subjects of a message type: two hexadecimal digits and the standard's own name.
pub(crate) fn subjects(code: char) -> Vec<(String, &'static str)> {
    let Some(code) = MessageCode::from_letter(code) else {
        return Vec::new();
    };
    let named = |subject: &tables::Subject| (digits(subject.code), subject.name);
    tables::subjects(code).iter().map(named).collect()
}

/// The object types that a sign may carry, two hexadecimal digits each.
pub(crate) fn objects_for(sign: &Sign) -> Vec<String> {
    let code = MessageCode::from_letter(sign.code);
    let subject = u8::from_str_radix(&sign.subject, 16).ok();
    let (Some(code), Some(subject)) = (code, subject) else {
        return Vec::new();
    };
    tables::object_types_for(code, subject)
        .map(|object| digits(object.code))
        .collect()
}

/// As [`objects_for`], without those that need a place, for a message that gives none.
pub(crate) fn objects_anywhere(sign: &Sign) -> Vec<String> {
    let mut objects = objects_for(sign);
    objects.retain(|object| matches!(Shape::of(object), Shape::Point | Shape::People));
    objects
}

/// The object types that a request may ask for: no groups of people, areas or structures
/// (specification 4.3.1.9).
pub(crate) fn objects_to_request() -> Vec<String> {
    tables::object_types()
        .iter()
        .filter(|object| !matches!(object.code, 0x12..=0x3F))
        .map(|object| digits(object.code))
        .collect()
}

/// The indicators with which a message of the same type may refer to one of type `code`, by the
/// account that sent it or by another one.
pub(crate) fn reply_indicators(code: &str, own: bool) -> Vec<u8> {
    let code = code.chars().next().and_then(MessageCode::from_letter);
    let replies = code.map(|code| tables::replies(code, own));
    let digit = |indicator: whiteflag::ReferenceIndicator| indicator.digit();
    replies.into_iter().flatten().map(digit).collect()
}

/// What is held against a message that was received; each rule once.
pub(crate) fn findings(message: &Value) -> Vec<Finding> {
    let mut found = read(message).map_or_else(|_| Vec::new(), |message| message.check());
    found.dedup_by_key(|finding| finding.rule);
    found
}

/// What is wrong with a reference, from the names of the rules that it breaks.
pub(crate) fn reference_findings(names: &[String]) -> Vec<Finding> {
    let named = |name: &String| Rule::ALL.iter().find(|rule| rule.name() == name);
    let rules = names.iter().filter_map(named);
    rules
        .map(|rule| Finding {
            rule: *rule,
            field: "ReferenceIndicator",
        })
        .collect()
}

/// Whether the subject of a sign is a code for private use.
pub(crate) fn is_private_subject(sign: &Sign) -> bool {
    let code = MessageCode::from_letter(sign.code);
    let subject = u8::from_str_radix(&sign.subject, 16);
    code.zip(subject.ok())
        .is_some_and(|(code, subject)| tables::is_private_subject(code, subject))
}

/// Whether an object type, two hexadecimal digits, is a code for private use.
pub(crate) fn is_private_object(object: &str) -> bool {
    u8::from_str_radix(object, 16).is_ok_and(tables::is_private_object)
}

/// Everything that keeps a message from being sent, at the field of the form that it belongs to.
pub(crate) fn problems(message: &Value) -> Vec<Problem> {
    match read(message) {
        Ok(message) => {
            let found = message.check_to_send(PrivateUse::Refused);
            found.iter().map(problem).collect()
        }
        Err(error) => vec![Problem {
            field: Field::Whole,
            wrong: Wrong::Protocol(error.to_string()),
        }],
    }
}

fn problem(finding: &Finding) -> Problem {
    let rule = finding.rule;
    let (field, wrong) = match rule {
        Rule::SubjectReserved => (Field::Sign, Wrong::UnknownSign),
        Rule::RequestArea => (Field::Object, Wrong::NoArea),
        Rule::ObjectReserved | Rule::ObjectForSubject => (Field::Object, Wrong::Object),
        Rule::LatitudeRange
        | Rule::LongitudeRange
        | Rule::LocationHalf
        | Rule::LocationMissing
        | Rule::LocationAdvised
        | Rule::LocationOfShape
        | Rule::ReferenceLocation => (Field::Place, Wrong::NoPlace),
        Rule::SizeMissing | Rule::SizeNotAllowed | Rule::CircleSecondSize => {
            (size(finding), Wrong::SizeOfObject)
        }
        Rule::OrientationRange | Rule::OrientationMissing | Rule::OrientationWithoutSize => {
            (Field::Orientation, Wrong::Orientation)
        }
        Rule::DateTime => (Field::Start, Wrong::Start),
        Rule::DurationEnd => (Field::Duration, Wrong::Lasting),
        Rule::Duration => (Field::Duration, Wrong::Rule(rule)),
        Rule::RequestPeople | Rule::RequestFixed | Rule::RequestReserved => {
            (Field::Requested, Wrong::Requested)
        }
        Rule::Empty | Rule::VerificationUrl | Rule::VerificationToken | Rule::ResourceUrl => {
            (Field::Text, Wrong::Rule(rule))
        }
        Rule::PrivateUse => (private(finding), Wrong::Rule(rule)),
        Rule::Encrypted
        | Rule::InitVectorEncrypted
        | Rule::InitVectorDuress
        | Rule::InitVectorReference
        | Rule::PublicKeyReference
        | Rule::VerificationMethod
        | Rule::ResourceMethod
        | Rule::CryptoDataType
        | Rule::CryptoDataLength
        | Rule::PublicKeyForm
        | Rule::ReferenceMissing
        | Rule::ReferenceTypes
        | Rule::ReferenceCodes
        | Rule::ReferenceNotOwn
        | Rule::ReferenceOwn
        | Rule::ReferenceEarly
        | Rule::ReferenceOnce
        | Rule::ReferencePart
        | Rule::ReferenceTest
        | Rule::ReferenceRepeats => (Field::Whole, Wrong::Rule(rule)),
    };
    Problem { field, wrong }
}

fn size(finding: &Finding) -> Field {
    match finding.field {
        "ObjectSizeDim1" => Field::Dim1,
        _ => Field::Dim2,
    }
}

fn private(finding: &Finding) -> Field {
    match finding.field {
        "SubjectCode" => Field::Sign,
        "ObjectType" => Field::Object,
        "requestObjects" => Field::Requested,
        _ => Field::Whole,
    }
}

/// A message whose reference may still be the number of an own one.
fn read(message: &Value) -> Result<Message, JsonError> {
    let (mut message, parent) = Message::from_json_with_parent(message)?;
    if parent.is_some() {
        message.reference.message = UNKNOWN;
    }
    Ok(message)
}

/// What a message says; a test message stands for the one inside it.
fn content(message: &Message) -> &Content {
    match &message.body {
        Body::Plain(content) | Body::Test(content) => content,
    }
}

fn digits(code: u8) -> String {
    format!("{code:02X}")
}

#[cfg(test)]
mod tests;
