//! The code tables of the specification: subjects, object types, and which message may refer to
//! which. Constant data and look-ups; judges no message.

mod objects;
mod subjects;

use crate::{MessageCode, ReferenceIndicator};

/// The first code of the private-use range of subjects and object types.
const PRIVATE: u8 = 0xF0;

/// What a sign or signal can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// SubjectCode.
    pub code: u8,
    /// The specification's name, English.
    pub name: &'static str,
    categories: u16,
}

/// What a sign or signal can be placed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// ObjectType.
    pub code: u8,
    /// A short name, English.
    pub name: &'static str,
}

/// The subjects that are defined for a type; empty for types without a SubjectCode.
#[must_use]
pub const fn subjects(code: MessageCode) -> &'static [Subject] {
    match code {
        MessageCode::Protective => subjects::PROTECTIVE,
        MessageCode::Emergency => subjects::EMERGENCY,
        MessageCode::Danger => subjects::DANGER,
        MessageCode::Status => subjects::STATUS,
        MessageCode::Infrastructure => subjects::INFRASTRUCTURE,
        MessageCode::Mission => subjects::MISSION,
        MessageCode::Request => subjects::REQUEST,
        MessageCode::Authentication
        | MessageCode::Cryptographic
        | MessageCode::Test
        | MessageCode::Resource
        | MessageCode::FreeText => &[],
    }
}

/// One subject of a type, when it is defined.
#[must_use]
pub fn subject(code: MessageCode, subject: u8) -> Option<&'static Subject> {
    subjects(code).iter().find(|known| known.code == subject)
}

/// Whether a subject is for private use in messages of this type (specification 4.3.1.2).
#[must_use]
pub const fn is_private_subject(code: MessageCode, subject: u8) -> bool {
    let ranged = matches!(
        code,
        MessageCode::Danger
            | MessageCode::Status
            | MessageCode::Infrastructure
            | MessageCode::Mission
            | MessageCode::Request
    );
    ranged && subject >= PRIVATE
}

/// All object types that are defined.
#[must_use]
pub const fn object_types() -> &'static [ObjectType] {
    objects::ALL
}

/// One object type, when it is defined.
#[must_use]
pub fn object_type(code: u8) -> Option<&'static ObjectType> {
    objects::ALL.iter().find(|known| known.code == code)
}

/// Whether an object type is for private use.
#[must_use]
pub const fn is_private_object(code: u8) -> bool {
    code >= PRIVATE
}

/// The object types that a defined subject may carry; none for one that is not defined.
pub fn object_types_for(
    code: MessageCode,
    subject: u8,
) -> impl Iterator<Item = &'static ObjectType> {
    let subject = self::subject(code, subject);
    objects::ALL
        .iter()
        .filter(move |object| subject.is_some_and(|s| s.allows(object.code)))
}

impl Subject {
    /// Whether it may carry an object type; private object types always.
    #[must_use]
    pub const fn allows(&self, object_type: u8) -> bool {
        is_private_object(object_type) || self.categories & (1 << (object_type >> 4)) != 0
    }
}

/// Whether a message of one type may refer to one of another type in this way (specification
/// 5.4.1.1). A test message may refer to everything, and nothing may refer to one.
#[must_use]
pub fn may_refer(from: MessageCode, to: MessageCode, indicator: ReferenceIndicator) -> bool {
    from == MessageCode::Test || type_on_type(from, to).contains(&indicator.digit())
}

/// What a message of the same type may say about an original, by the account that sent it or by
/// another one.
#[must_use]
pub fn replies(original: MessageCode, same_originator: bool) -> Vec<ReferenceIndicator> {
    let by = |indicator: &ReferenceIndicator| match indicator {
        ReferenceIndicator::Original => false,
        ReferenceIndicator::Recall
        | ReferenceIndicator::Update
        | ReferenceIndicator::Add
        | ReferenceIndicator::Discontinue => same_originator,
        ReferenceIndicator::Relate => true,
        ReferenceIndicator::Confirm
        | ReferenceIndicator::Acknowledge
        | ReferenceIndicator::Comply
        | ReferenceIndicator::Reject => !same_originator,
    };
    let allowed = |indicator: &ReferenceIndicator| may_refer(original, original, *indicator);
    ReferenceIndicator::ALL
        .into_iter()
        .filter(by)
        .filter(allowed)
        .collect()
}

/// The indicators with which a type may refer to another one.
const fn type_on_type(from: MessageCode, to: MessageCode) -> &'static [u8] {
    use MessageCode as M;
    match (from, to) {
        (M::Authentication, M::Authentication)
        | (M::Emergency, M::Emergency)
        | (M::Infrastructure, M::Infrastructure) => &[1, 2, 3, 4, 6, 7],
        (M::Cryptographic, M::Cryptographic)
        | (M::FreeText, M::FreeText)
        | (M::Resource, M::Resource) => &[1, 2, 3, 4],
        (M::Protective, M::Protective) => &[1, 2, 3, 4, 6, 7, 8, 9],
        (M::Danger, M::Danger) => &[1, 2, 3, 4, 6, 7, 9],
        (M::Status, M::Status) => &[1, 2, 4, 6, 7],
        (M::Mission, M::Mission) => &[1, 2, 3, 4, 7],
        (M::Request, M::Request) => &[1, 2, 3, 4, 7, 8, 9],
        (M::Protective, M::Infrastructure | M::Mission)
        | (M::Emergency, M::Danger)
        | (M::Status, M::Protective | M::Infrastructure) => &[3, 5],
        (M::Emergency, M::Status | M::Mission)
        | (M::Danger, M::Protective | M::Infrastructure | M::Mission)
        | (M::Mission | M::Request, M::Emergency | M::Danger) => &[5],
        (M::Mission, M::Request) => &[3],
        (M::Cryptographic, M::Authentication) => &[3],
        (
            M::Cryptographic | M::FreeText | M::Resource,
            M::Protective
            | M::Emergency
            | M::Danger
            | M::Status
            | M::Infrastructure
            | M::Request
            | M::Mission
            | M::FreeText
            | M::Resource,
        ) => &[3],
        _ => &[],
    }
}
