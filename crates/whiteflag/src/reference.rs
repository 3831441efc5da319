//! Which message may refer to which, how, and by whom (specification 4.2.1.7, 5.4): type on type,
//! indicator on indicator, same or other originator. What also needs the other references of the
//! target is judged by [`crate::situation::Situation::check`].

use crate::{MessageCode, ReferenceIndicator, Rule, tables};

/// What the reference rules look at in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Referring {
    /// Its type; for a test message that stands for its content, the type of that.
    pub code: MessageCode,
    /// How it refers.
    pub indicator: ReferenceIndicator,
}

/// Every rule that `from` breaks by referring to `to`, by the tables of the specification and by
/// whether one account sent both; none when it may.
///
/// Two things are allowed beyond the tables, because the specification's own text needs them: a
/// text, link, key or authentication that does not fit into one message goes on in an addition to
/// an addition, and an initialisation vector may follow whatever was encrypted.
pub fn broken(from: Referring, to: Referring, same_account: bool) -> impl Iterator<Item = Rule> {
    let to_test = to.code == MessageCode::Test && from.code != MessageCode::Test;
    let may = tables::may_refer(from.code, to.code, from.indicator);
    let by_types = if to_test {
        Some(Rule::ReferenceTest)
    } else {
        (!may).then_some(Rule::ReferenceTypes)
    };
    [by_types, by_indicators(from, to, same_account)]
        .into_iter()
        .flatten()
}

fn by_indicators(from: Referring, to: Referring, same_account: bool) -> Option<Rule> {
    let adds = from.indicator == ReferenceIndicator::Add;
    let vector = adds && from.code == MessageCode::Cryptographic;
    let longer = adds && to.indicator == ReferenceIndicator::Add && continues(from.code, to.code);
    let by = match tables::indicator_on_indicator(from.indicator, to.indicator) {
        None if vector || longer => tables::By::Same,
        None => return Some(Rule::ReferenceCodes),
        Some(by) => by,
    };
    match by {
        tables::By::Same => (!same_account).then_some(Rule::ReferenceNotOwn),
        tables::By::Other => same_account.then_some(Rule::ReferenceOwn),
        tables::By::Both => None,
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
