//! From an original along the links to everything that belongs to its sequence, and what follows
//! from it. Costs as much as there is to tell, never more.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::graph::Slot;
use super::sequence::{Event, Opinion, Outcome, Sequence, State, Statement};
use super::{Entry, Role, Situation};
use super::{notes, rules};
use crate::ReferenceIndicator as Indicator;
use crate::{Content, Finding, MessageCode, Rule, TransactionHash};

/// One message of a sequence.
pub(super) struct Member<'a, A> {
    pub(super) slot: Slot,
    /// What it refers to: another member or the original.
    pub(super) target: Slot,
    pub(super) entry: &'a Entry<A>,
    role: Role,
}

impl<A> Member<'_, A> {
    fn indicator(&self) -> Indicator {
        self.entry.message.reference.indicator
    }

    /// Whether it is a reference with this indicator that counts.
    fn says(&self, indicator: Indicator) -> bool {
        self.role == Role::Reference && self.indicator() == indicator
    }
}

/// A sequence while it is looked through.
pub(super) struct Walk<'a, A> {
    pub(super) situation: &'a Situation<A>,
    root: Slot,
    /// In the order of the chain.
    members: Vec<Member<'a, A>>,
    /// What each member refers to and its place, in the order of both: all that refer to one
    /// message lie together, in the order of the chain.
    by_target: Vec<(Slot, usize)>,
    /// What was recalled, and by which message.
    recalled: HashMap<Slot, TransactionHash>,
    /// Members that were recalled or refer to something that was.
    void: HashSet<Slot>,
}

/// The sequence that the message at `root` begins; `None` where there is no message.
pub(super) fn sequence<A: Clone + Eq + Hash>(
    situation: &Situation<A>,
    root: Slot,
) -> Option<Sequence<A>> {
    let original = situation.graph.entry(root)?;
    let walk = Walk::from(situation, root);
    let (parts, related) = walk.additions(original);
    let mut sequence = Sequence {
        place: original.place,
        originator: original.originator.clone(),
        state: walk.state(),
        whole: walk.statement(root, original.hash),
        parts,
        related,
        notes: notes::of(&walk, root),
        awaits: awaits(situation, root),
        findings: situation.findings(original),
        history: Vec::new(),
    };
    sequence.history = walk.history(&sequence);
    Some(sequence)
}

fn awaits<A>(situation: &Situation<A>, root: Slot) -> bool {
    let target = situation.graph.target(root);
    target.is_some_and(|target| situation.graph.entry(target).is_none())
}

impl<'a, A: Clone + Eq + Hash> Walk<'a, A> {
    fn from(situation: &'a Situation<A>, root: Slot) -> Self {
        let mut walk = Self {
            situation,
            root,
            members: members(situation, root),
            by_target: Vec::new(),
            recalled: HashMap::new(),
            void: HashSet::new(),
        };
        walk.recall();
        walk.members.sort_by_key(|member| member.entry.order());
        let targets = walk.members.iter().map(|member| member.target);
        walk.by_target = targets.zip(0..).collect();
        walk.by_target.sort_unstable();
        walk
    }

    /// Finds what is recalled. A recall lies behind its target on the chain and may be recalled
    /// itself, so the newest ones are settled first. Members come in with targets before what
    /// refers to them.
    fn recall(&mut self) {
        let recalls = self.members.iter().filter(|m| m.says(Indicator::Recall));
        let mut recalls: Vec<&Member<'_, A>> = recalls.collect();
        recalls.sort_by_key(|member| Reverse(member.entry.order()));
        for recall in recalls {
            if !self.recalled.contains_key(&recall.slot) {
                self.recalled.insert(recall.target, recall.entry.hash);
            }
        }
        for member in &self.members {
            let by_target = self.void.contains(&member.target) && !member.says(Indicator::Recall);
            if by_target || self.recalled.contains_key(&member.slot) {
                self.void.insert(member.slot);
            }
        }
    }

    /// The members that refer to `target` and count, in the order of the chain.
    fn about(&self, target: Slot) -> impl Iterator<Item = &Member<'a, A>> {
        let first = self.by_target.partition_point(|(of, _)| *of < target);
        let ahead = self.by_target.get(first..).unwrap_or_default();
        ahead
            .iter()
            .take_while(move |(of, _)| *of == target)
            .filter_map(|(_, place)| self.members.get(*place))
            .filter(|member| member.role == Role::Reference && !self.void.contains(&member.slot))
    }

    /// Those of them that refer to it in this way.
    pub(super) fn referring(
        &self,
        target: Slot,
        indicator: Indicator,
    ) -> impl Iterator<Item = &Member<'a, A>> {
        let about = self.about(target);
        about.filter(move |member| member.indicator() == indicator)
    }

    /// All members that add something and count.
    pub(super) fn adding(&self) -> impl Iterator<Item = &Member<'a, A>> {
        let counts = |member: &&Member<'_, A>| !self.void.contains(&member.slot);
        self.members
            .iter()
            .filter(|member| member.says(Indicator::Add))
            .filter(counts)
    }

    /// A message and its updates.
    pub(super) fn versions(&self, slot: Slot) -> Vec<Slot> {
        let updates = self.referring(slot, Indicator::Update);
        std::iter::once(slot)
            .chain(updates.map(|member| member.slot))
            .collect()
    }

    fn state(&self) -> State {
        if let Some(by) = self.recalled.get(&self.root) {
            return State::Recalled(*by);
        }
        let mut ends = self.referring(self.root, Indicator::Discontinue);
        ends.next()
            .map_or(State::InForce, |end| State::Discontinued(end.entry.hash))
    }

    fn statement(&self, slot: Slot, original: TransactionHash) -> Statement<A> {
        let newest = self.referring(slot, Indicator::Update).last();
        Statement {
            original,
            current: newest.map_or(original, |update| update.entry.hash),
            opinions: self.opinions(slot),
        }
    }

    /// What others say of a message or its updates.
    fn opinions(&self, slot: Slot) -> Vec<Opinion<A>> {
        if self.members.is_empty() {
            return Vec::new();
        }
        let versions = self.versions(slot);
        let about = versions.iter().flat_map(|version| self.about(*version));
        let mut found: Vec<&Member<'_, A>> = about
            .filter(|member| is_opinion(member.indicator()))
            .collect();
        found.sort_by_key(|member| member.entry.order());
        let taken_back = |member: &Member<'_, A>| {
            let mut ends = self.referring(member.slot, Indicator::Discontinue);
            ends.next().is_some()
        };
        let opinion = |member: &&Member<'_, A>| Opinion {
            hash: member.entry.hash,
            originator: member.entry.originator.clone(),
            indicator: member.indicator(),
            about: member.entry.message.reference.message,
            holds: !taken_back(member),
        };
        let mut opinions: Vec<Opinion<A>> = found.iter().map(opinion).collect();
        keep_newest(&mut opinions);
        opinions
    }

    /// Further parts, and signs of other types that add or relate to the original.
    fn additions(&self, original: &Entry<A>) -> (Vec<Statement<A>>, Vec<TransactionHash>) {
        let code = |entry: &Entry<A>| {
            let content = self.situation.tests.meant(&entry.message)?;
            content.sign().map(|_| content.code())
        };
        let of_same_type = |member: &&Member<'_, A>| code(member.entry) == code(original);
        let parts = self
            .adding()
            .filter(of_same_type)
            .filter(|_| code(original).is_some());
        let related = self
            .members
            .iter()
            .filter(|member| member.role == Role::Both && !self.void.contains(&member.slot));
        (
            parts
                .map(|member| self.statement(member.slot, member.entry.hash))
                .collect(),
            related.map(|member| member.entry.hash).collect(),
        )
    }

    fn history(&self, sequence: &Sequence<A>) -> Vec<Event<A>> {
        let statements = || std::iter::once(&sequence.whole).chain(&sequence.parts);
        let opinions = statements().flat_map(|statement| &statement.opinions);
        let past: HashSet<TransactionHash> = opinions
            .filter(|opinion| !opinion.holds)
            .map(|opinion| opinion.hash)
            .collect();
        let mut added = HashSet::new();
        let events = self.members.iter().filter_map(|member| {
            let outcome = self.outcome(member, &past)?;
            Some(Event {
                hash: member.entry.hash,
                originator: member.entry.originator.clone(),
                about: member.entry.message.reference.message,
                indicator: member.indicator(),
                outcome,
                findings: self.findings(member, outcome, &mut added),
            })
        });
        events.collect()
    }

    /// What is wrong with a member's reference. `added` are the additions so far: each message takes
    /// one of a type.
    fn findings(
        &self,
        member: &Member<'_, A>,
        outcome: Outcome,
        added: &mut HashSet<(Slot, MessageCode)>,
    ) -> Vec<Finding> {
        let mut findings = self.situation.findings_between(member.entry, member.target);
        let counts = matches!(outcome, Outcome::Holds | Outcome::Past);
        if counts
            && self
                .situation
                .is_single_addition(member.entry, member.target)
        {
            let content = self.situation.meant(member.entry);
            let again = |content: &Content| !added.insert((member.target, content.code()));
            if content.is_some_and(again) {
                findings.push(rules::finding(Rule::ReferenceOnce));
            }
        }
        findings
    }

    /// What came of a member; `None` for what does not count here at all, such as a test message.
    fn outcome(&self, member: &Member<'_, A>, past: &HashSet<TransactionHash>) -> Option<Outcome> {
        match member.role {
            Role::Nothing | Role::Original => {
                let counts = self.situation.meant(member.entry).is_some();
                return counts.then_some(Outcome::Wrong);
            }
            Role::Reference | Role::Both => {}
        }
        if self.void.contains(&member.slot) {
            return Some(Outcome::Recalled);
        }
        let newer = || {
            let newest = self.referring(member.target, Indicator::Update).last();
            newest.is_some_and(|newest| newest.slot != member.slot)
        };
        let ended = || {
            self.referring(member.slot, Indicator::Discontinue)
                .next()
                .is_some()
        };
        let is_past = past.contains(&member.entry.hash)
            || member.says(Indicator::Update) && newer()
            || ended();
        Some(if is_past {
            Outcome::Past
        } else {
            Outcome::Holds
        })
    }
}

/// Everything that belongs to the sequence, targets before what refers to them. Of a sign of another
/// type only what recalls it belongs here; the rest belongs to that sign's own sequence.
fn members<A: Clone + Eq + Hash>(situation: &Situation<A>, root: Slot) -> Vec<Member<'_, A>> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut next = Some((root, false));
    while let Some((target, only_recalls)) = next {
        for slot in situation.graph.referring(target) {
            let Some(entry) = situation.graph.entry(slot).filter(|_| slot != root) else {
                continue;
            };
            let role = situation.role(slot, entry);
            let member = Member {
                slot,
                target,
                entry,
                role,
            };
            if only_recalls && !member.says(Indicator::Recall) {
                continue;
            }
            if matches!(role, Role::Reference | Role::Both) {
                open.push((slot, only_recalls || role == Role::Both));
            }
            found.push(member);
        }
        next = open.pop();
    }
    found
}

/// Whether a message was recalled, and that not itself.
pub(super) fn is_recalled<A: Clone + Eq + Hash>(
    situation: &Situation<A>,
    hash: &TransactionHash,
) -> bool {
    let slot = situation.graph.find(hash);
    slot.is_some_and(|slot| {
        let walk = Walk::from(situation, slot);
        walk.recalled.contains_key(&slot)
    })
}

/// Whether a message with this indicator says what an account thinks of another one's message.
const fn is_opinion(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::Confirm | Indicator::Acknowledge | Indicator::Comply | Indicator::Reject
    )
}

/// Of several opinions of one account only the newest of a kind holds, and who rejects neither
/// confirms nor complies.
fn keep_newest<A: Clone + Eq + Hash>(opinions: &mut [Opinion<A>]) {
    if opinions.len() < 2 {
        return;
    }
    let mut newer: HashSet<(A, Indicator)> = HashSet::new();
    for opinion in opinions.iter_mut().rev().filter(|opinion| opinion.holds) {
        let key = |indicator| (opinion.originator.clone(), indicator);
        let against: &[Indicator] = match opinion.indicator {
            Indicator::Reject => &[Indicator::Reject, Indicator::Confirm, Indicator::Comply],
            Indicator::Confirm => &[Indicator::Confirm, Indicator::Reject],
            Indicator::Comply => &[Indicator::Comply, Indicator::Reject],
            Indicator::Acknowledge => &[Indicator::Acknowledge],
            Indicator::Original
            | Indicator::Recall
            | Indicator::Update
            | Indicator::Add
            | Indicator::Discontinue
            | Indicator::Relate => &[],
        };
        opinion.holds = !against
            .iter()
            .any(|indicator| newer.contains(&key(*indicator)));
        newer.insert(key(opinion.indicator));
    }
}
