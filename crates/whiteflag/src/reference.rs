//! Which message may refer to which, how, and by whom (specification 4.2.1.7, 5.4): type on type,
//! indicator on indicator, same or other originator. What also needs the other references of the
//! target is judged by [`crate::situation::Situation::check`].

use crate::{MessageCode, ReferenceIndicator, tables};

/// Why a message may not refer to another one in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WrongReference {
    /// Nothing may refer to a test message.
    #[error("nothing may refer to a test message; refer to what counts (Whiteflag 5.4.1.1)")]
    Test,
    /// Not from this type to that type.
    #[error(
        "a message of this type may not refer to that message in this way; send one of another \
         type (Whiteflag 5.4.1.1)"
    )]
    Types,
    /// Not with this indicator to one with that indicator.
    #[error(
        "a message may not refer in this way to one that is itself such a reference; refer to the \
         original (Whiteflag 5.4.1.2)"
    )]
    Indicators,
    /// Only the account that sent the target may say this.
    #[error(
        "only the account that sent that message may recall, update, end or add to it; send a \
         message of your own that relates to it (Whiteflag 4.2.1.7)"
    )]
    NotOwn,
    /// Only another originator may say this.
    #[error(
        "only another account than the one that sent that message may confirm, acknowledge, comply \
         with or reject it (Whiteflag 4.2.1.7)"
    )]
    Own,
    /// It lies before its target on the chain, which its sender alone can bring about.
    #[error("it lies on the chain before the message that it changes (Whiteflag 4.2.1.7)")]
    Early,
    /// The target has an addition of this type already.
    #[error(
        "that message has an addition of this type already; continue that one, or update it \
         (Whiteflag 5.4.1.2)"
    )]
    Twice,
    /// A part has another subject or kind of object than the whole.
    #[error(
        "a part of a composite area or structure must have the subject of the first message and be \
         an area or a structure as that one (Whiteflag 5.4.2.5)"
    )]
    Part,
    /// It should repeat what it refers to, and says something else.
    #[error(
        "a message of this kind must repeat the message that it refers to, unchanged (Whiteflag \
         4.2.1.7)"
    )]
    Repetition,
}

/// What the reference rules look at in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Referring {
    /// Its type; for a test message that stands for its content, the type of that.
    pub code: MessageCode,
    /// How it refers.
    pub indicator: ReferenceIndicator,
}

/// Whether `from` may refer to `to`, by the tables of the specification and by whether one account
/// sent both; `None` when it may.
///
/// Two things are allowed beyond the tables, because the specification's own text needs them: a
/// text, link, key or authentication that does not fit into one message goes on in an addition to
/// an addition, and an initialisation vector may follow whatever was encrypted.
#[must_use]
pub fn wrong(from: Referring, to: Referring, same_account: bool) -> Option<WrongReference> {
    let adds = from.indicator == ReferenceIndicator::Add;
    let vector = adds && from.code == MessageCode::Cryptographic;
    let longer = to.indicator == ReferenceIndicator::Add && continues(from.code, to.code);
    if to.code == MessageCode::Test && from.code != MessageCode::Test {
        return Some(WrongReference::Test);
    }
    if !tables::may_refer(from.code, to.code, from.indicator) {
        return Some(WrongReference::Types);
    }
    let by = tables::indicator_on_indicator(from.indicator, to.indicator);
    match by {
        None if same_account && adds && (vector || longer) => None,
        None => Some(WrongReference::Indicators),
        Some(tables::By::Same) if !same_account => Some(WrongReference::NotOwn),
        Some(tables::By::Other) if same_account => Some(WrongReference::Own),
        Some(_) => None,
    }
}

/// Whether an addition of one type to one of another type goes on with it.
pub(crate) const fn continues(from: MessageCode, to: MessageCode) -> bool {
    use MessageCode as M;
    matches!(
        (from, to),
        (M::Authentication, M::Authentication)
            | (M::Cryptographic, M::Cryptographic)
            | (M::Resource, M::Resource)
            | (M::FreeText, M::FreeText)
    )
}
