//! What a message that is to be sent may say about what is in a situation: the reference rules that
//! need the target and what refers to it already (specification 5.4).

use std::hash::Hash;

use super::{Entry, Situation, walk};
use crate::reference::{self, Referring, WrongReference};
use crate::{Content, Message, MessageCode, ReferenceIndicator as Indicator, TransactionHash};

impl<A: Clone + Eq + Hash> Situation<A> {
    /// Every reference rule that a message of this originator would break, were it sent now. `edits`
    /// is a message that it takes the place of. A target that is not known is held against nobody:
    /// the rules apply once it is. Nor is anything held against a message that counts for nothing
    /// here.
    #[must_use]
    pub fn check(
        &self,
        message: &Message,
        originator: &A,
        edits: Option<&TransactionHash>,
    ) -> Vec<WrongReference> {
        let reference = message.reference;
        if reference.indicator == Indicator::Original {
            return Vec::new();
        }
        let known = self.get(&reference.message);
        let Some((target, content)) = known.zip(self.tests.meant(message)) else {
            return Vec::new();
        };
        let Some(about) = self.tests.meant(&target.message) else {
            return vec![WrongReference::Test];
        };
        let referring = |code, indicator| Referring { code, indicator };
        let from = referring(content.code(), reference.indicator);
        let to = referring(about.code(), target.message.reference.indicator);
        let by_tables = reference::wrong(from, to, *originator == target.originator);
        let repeats = repeats(reference.indicator) && by_tables != Some(WrongReference::Types);
        let found = [
            by_tables,
            (repeats && content != about).then_some(WrongReference::Repetition),
            self.wrong_addition(message, content, target, edits),
        ];
        found.into_iter().flatten().collect()
    }

    fn wrong_addition(
        &self,
        message: &Message,
        content: &Content,
        target: &Entry<A>,
        edits: Option<&TransactionHash>,
    ) -> Option<WrongReference> {
        if message.reference.indicator != Indicator::Add {
            return None;
        }
        let about = self.tests.meant(&target.message)?;
        match part(content, about) {
            Part::Fits => return None,
            Part::DoesNotFit => return Some(WrongReference::Part),
            Part::IsNone => {}
        }
        let code = content.code();
        let slot = self.graph.find(&target.hash)?;
        let sequence_has = |entry: &Entry<A>| {
            let recalled = || walk::is_recalled(self, &entry.hash);
            let said = self.tests.meant(&entry.message).map(Content::code);
            entry.message.reference.indicator == Indicator::Add
                && entry.originator == target.originator
                && said == Some(code)
                && edits != Some(&entry.hash)
                && !recalled()
        };
        let mut others = self
            .graph
            .referring(slot)
            .filter_map(|s| self.graph.entry(s));
        others.any(sequence_has).then_some(WrongReference::Twice)
    }
}

/// Whether a message with this indicator must repeat what it refers to (specification 4.2.1.7).
const fn repeats(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::Recall
            | Indicator::Discontinue
            | Indicator::Confirm
            | Indicator::Acknowledge
            | Indicator::Comply
            | Indicator::Reject
    )
}

/// Whether an addition is a part of a composite area or structure.
enum Part {
    IsNone,
    Fits,
    DoesNotFit,
}

/// Only P, D, Q and M have parts (specification 5.4.1.2, 5.4.2.5).
fn part(content: &Content, about: &Content) -> Part {
    let code = content.code();
    let composite = matches!(
        code,
        MessageCode::Protective | MessageCode::Danger | MessageCode::Request | MessageCode::Mission
    );
    let (Some(sign), Some(whole)) = (content.sign(), about.sign()) else {
        return Part::IsNone;
    };
    let extended = |object_type: u8| matches!(object_type >> 4, 2 | 3);
    if !composite || code != about.code() || !extended(sign.object_type) {
        return Part::IsNone;
    }
    let fits = sign.subject == whole.subject && sign.object_type >> 4 == whole.object_type >> 4;
    if fits { Part::Fits } else { Part::DoesNotFit }
}
