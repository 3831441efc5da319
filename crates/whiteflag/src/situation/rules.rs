//! What may be said about what is in a situation: the reference rules that need the target and what
//! refers to it already (specification 5.4), for what is to be sent and for what was received.

use std::hash::Hash;

use super::graph::Slot;
use super::{Entry, Situation, is_early, walk};
use crate::reference::{self, Referring};
use crate::{
    Content, Finding, Location, Message, MessageCode, ReferenceIndicator as Indicator, Rule,
    TransactionHash,
};

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
    ) -> Vec<Finding> {
        let reference = message.reference;
        if reference.indicator == Indicator::Original {
            return Vec::new();
        }
        let known = self.graph.find(&reference.message);
        let known = known.and_then(|slot| Some((slot, self.graph.entry(slot)?)));
        let Some(((slot, target), content)) = known.zip(self.tests.meant(message)) else {
            return Vec::new();
        };
        let mut found = self.between(message, originator, target);
        let adds = reference.indicator == Indicator::Add;
        let about = self.meant(target).filter(|_| adds);
        let single = about.is_some_and(|about| !is_part(content, about));
        if single && self.has_addition(slot, target, content.code(), edits) {
            found.push(finding(Rule::ReferenceOnce));
        }
        found
    }

    /// What is wrong with the reference that a received message makes; nothing where its target was
    /// not received.
    pub(super) fn findings(&self, entry: &Entry<A>) -> Vec<Finding> {
        let reference = entry.message.reference;
        if reference.indicator == Indicator::Original {
            return Vec::new();
        }
        let target = self.graph.find(&reference.message);
        target.map_or_else(Vec::new, |target| self.findings_between(entry, target))
    }

    /// The same, with the target at hand.
    pub(super) fn findings_between(&self, entry: &Entry<A>, target: Slot) -> Vec<Finding> {
        let Some(target) = self.graph.entry(target) else {
            return Vec::new();
        };
        let mut found = self.between(&entry.message, &entry.originator, target);
        if is_early(entry, target) {
            found.push(finding(Rule::ReferenceEarly));
        }
        found
    }

    /// What is wrong between two messages, whatever else there is.
    fn between(&self, message: &Message, originator: &A, target: &Entry<A>) -> Vec<Finding> {
        let Some(content) = self.tests.meant(message) else {
            return Vec::new();
        };
        let Some(about) = self.meant(target) else {
            return vec![finding(Rule::ReferenceTest)];
        };
        let indicator = message.reference.indicator;
        let referring = |content: &Content, indicator| Referring {
            code: content.code(),
            indicator,
        };
        let from = referring(content, indicator);
        let to = referring(about, target.message.reference.indicator);
        let by_tables = reference::broken(from, to, *originator == target.originator);
        let mut found: Vec<Finding> = by_tables.map(finding).collect();
        found.extend(by_content(indicator, content, about));
        found
    }

    /// Whether an entry adds something that its target takes one of.
    pub(super) fn is_single_addition(&self, entry: &Entry<A>, target: Slot) -> bool {
        let about = self
            .graph
            .entry(target)
            .and_then(|target| self.meant(target));
        let meant = self.meant(entry).zip(about);
        entry.message.reference.indicator == Indicator::Add
            && meant.is_some_and(|(content, about)| !is_part(content, about))
    }

    /// Whether the originator of a target has added a message of this type to it.
    fn has_addition(
        &self,
        slot: Slot,
        target: &Entry<A>,
        code: MessageCode,
        edits: Option<&TransactionHash>,
    ) -> bool {
        let adds = |entry: &&Entry<A>| {
            entry.message.reference.indicator == Indicator::Add
                && entry.originator == target.originator
                && self.meant(entry).map(Content::code) == Some(code)
                && edits != Some(&entry.hash)
        };
        let others = self.graph.referring(slot);
        let mut others = others
            .filter_map(|slot| self.graph.entry(slot))
            .filter(adds);
        others.any(|entry| !walk::is_recalled(self, &entry.hash))
    }
}

/// A broken rule at the field that says how a message refers.
pub(super) const fn finding(rule: Rule) -> Finding {
    Finding {
        rule,
        field: "ReferenceIndicator",
    }
}

/// The rules about what a message says in relation to what it refers to.
fn by_content(indicator: Indicator, content: &Content, about: &Content) -> Vec<Finding> {
    let same_type = content.code() == about.code();
    let mut found = Vec::new();
    if same_type && repeats(indicator) && content != about {
        found.push(finding(Rule::ReferenceRepeats));
    }
    if same_type && indicator == Indicator::Add && !fits(content, about) {
        found.push(finding(Rule::ReferencePart));
    }
    let dangerous = matches!(about.code(), MessageCode::Protective | MessageCode::Danger);
    let nowhere = |content: &Content| {
        content.code() == MessageCode::Status
            && content
                .sign()
                .is_some_and(|sign| Location::of(sign).is_none())
    };
    if dangerous && nowhere(content) {
        found.push(Finding {
            rule: Rule::ReferenceLocation,
            field: "ObjectLatitude",
        });
    }
    found
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

/// Whether an addition is meant as a part of a composite area or structure: only P, D, Q and M have
/// such (specification 5.4.1.2, 5.4.2.5).
fn is_part(content: &Content, about: &Content) -> bool {
    let composite = matches!(
        content.code(),
        MessageCode::Protective | MessageCode::Danger | MessageCode::Request | MessageCode::Mission
    );
    let extended = |content: &Content| {
        content
            .sign()
            .is_some_and(|sign| matches!(sign.object_type >> 4, 2 | 3))
    };
    composite && content.code() == about.code() && extended(content)
}

/// Whether an addition of the same type is no part, or fits to the whole.
fn fits(content: &Content, about: &Content) -> bool {
    let (Some(sign), Some(whole)) = (content.sign(), about.sign()) else {
        return true;
    };
    let same = sign.subject == whole.subject && sign.object_type >> 4 == whole.object_type >> 4;
    same || !is_part(content, about)
}
