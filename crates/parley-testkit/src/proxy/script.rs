//! What the proxy is told to do, to which questions, and how often. Knows nothing of how it is done.

use super::chance::Chance;
use super::fault::Fault;
use super::lie::Lie;
use super::node::{Call, Questions};

/// The rules that a proxy follows now. An empty one hands everything on unchanged.
///
/// Faults are done to whole HTTP requests: the first rule that applies takes the request, and later
/// ones do not see it. Lies are told in answers to single questions: all that apply are told, in the
/// order in which they were written.
#[derive(Debug)]
pub struct Script {
    faults: Vec<Rule<Fault>>,
    lies: Vec<Rule<Lie>>,
    chance: Chance,
}

/// One rule: unless it is said otherwise, it applies to every question that it can apply to.
///
/// A rule counts what it could apply to, so `.after(2).every(3).at_most(4)` leaves two alone, then
/// takes each third, four in all.
#[derive(Clone, Debug)]
pub struct Rule<T> {
    what: T,
    methods: Vec<String>,
    after: u64,
    every: u64,
    at_most: u64,
    percent: u8,
    seen: u64,
    done: u64,
}

impl Script {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            faults: Vec::new(),
            lies: Vec::new(),
            chance: Chance::new(seed),
        }
    }

    /// Adds a fault. With `.on(method)`, a request is meant that asks that method, perhaps among
    /// others.
    pub fn fault(&mut self, fault: Fault) -> &mut Rule<Fault> {
        add(&mut self.faults, fault)
    }

    /// Adds a lie. It is told of the methods that it concerns; `.on(method)` narrows them.
    pub fn lie(&mut self, lie: Lie) -> &mut Rule<Lie> {
        add(&mut self.lies, lie)
    }

    /// Forgets every rule: from now on the proxy is honest.
    pub fn clear(&mut self) {
        self.faults.clear();
        self.lies.clear();
    }

    /// Whether nothing is to be accepted at all.
    pub(super) fn is_off(&self) -> bool {
        self.faults.iter().any(|rule| rule.what == Fault::Off)
    }

    /// The fault that this request meets.
    pub(super) fn fault_for(&mut self, questions: &Questions) -> Option<Fault> {
        let Self { faults, chance, .. } = self;
        let meant = |rule: &Rule<Fault>| {
            let on = |call: &Call| rule.methods.contains(&call.method);
            rule.what.concerns(questions)
                && (rule.methods.is_empty() || questions.calls.iter().any(on))
        };
        faults
            .iter_mut()
            .find_map(|rule| (meant(rule) && rule.applies(chance)).then_some(rule.what))
    }

    /// The lies that this question is answered with.
    pub(super) fn lies_for(&mut self, call: &Call) -> Vec<Lie> {
        let Self { lies, chance, .. } = self;
        let meant = |rule: &Rule<Lie>| {
            rule.what.concerns(&call.method)
                && (rule.methods.is_empty() || rule.methods.contains(&call.method))
        };
        lies.iter_mut()
            .filter_map(|rule| (meant(rule) && rule.applies(chance)).then_some(rule.what))
            .collect()
    }
}

fn add<T>(rules: &mut Vec<Rule<T>>, what: T) -> &mut Rule<T> {
    rules.push(Rule {
        what,
        methods: Vec::new(),
        after: 0,
        every: 1,
        at_most: u64::MAX,
        percent: 100,
        seen: 0,
        done: 0,
    });
    let last = rules.len() - 1;
    &mut rules[last]
}

impl<T> Rule<T> {
    /// Only questions of this method; said again, of this one too.
    pub fn on(&mut self, method: &str) -> &mut Self {
        self.methods.push(method.to_owned());
        self
    }

    /// Leaves the first so many alone.
    pub fn after(&mut self, count: u64) -> &mut Self {
        self.after = count;
        self
    }

    /// Takes each such one only: with 3 the third, the sixth and so on.
    ///
    /// # Panics
    /// For 0.
    pub fn every(&mut self, nth: u64) -> &mut Self {
        assert!(nth > 0, "every first one at most");
        self.every = nth;
        self
    }

    /// Ends after so many: `at_most(1)` is "the next".
    pub fn at_most(&mut self, count: u64) -> &mut Self {
        self.at_most = count;
        self
    }

    /// Takes so many of a hundred, as the proxy's seed will have it.
    pub fn percent(&mut self, percent: u8) -> &mut Self {
        self.percent = percent;
        self
    }

    fn applies(&mut self, chance: &mut Chance) -> bool {
        self.seen += 1;
        let turn = self.seen > self.after && (self.seen - self.after).is_multiple_of(self.every);
        let applies = turn && self.done < self.at_most && chance.hits(self.percent);
        self.done += u64::from(applies);
        applies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the first twelve requests of a method meet the fault.
    fn met(method: &str, seed: u64, write: impl FnOnce(&mut Rule<Fault>)) -> Vec<usize> {
        let mut script = Script::new(seed);
        write(script.fault(Fault::DropBefore));
        let body = format!(r#"{{"id":1,"method":"{method}","params":[]}}"#);
        let questions = Questions::read(body.as_bytes());
        let mut numbers: Vec<usize> = (1..=12).collect();
        numbers.retain(|_| script.fault_for(&questions).is_some());
        numbers
    }

    #[test]
    fn a_rule_without_limits_takes_everything() {
        assert_eq!(met("a", 1, |_| ()).len(), 12);
    }

    #[test]
    fn rules_count_what_they_could_apply_to() {
        let met = |write: fn(&mut Rule<Fault>)| met("a", 1, write);
        assert_eq!(
            met(|rule| {
                rule.at_most(2);
            }),
            [1, 2]
        );
        assert_eq!(
            met(|rule| {
                rule.every(3);
            }),
            [3, 6, 9, 12]
        );
        assert_eq!(
            met(|rule| {
                rule.after(10);
            }),
            [11, 12]
        );
        let all: fn(&mut Rule<Fault>) = |rule| {
            rule.after(2).every(3).at_most(2);
        };
        assert_eq!(met(all), [5, 8]);
    }

    #[test]
    fn a_rule_for_methods_leaves_others_alone() {
        let rule: fn(&mut Rule<Fault>) = |rule| {
            rule.on("a").on("b");
        };
        assert_eq!(met("a", 1, rule).len(), 12);
        assert_eq!(met("b", 1, rule).len(), 12);
        assert_eq!(met("c", 1, rule).len(), 0);
    }

    #[test]
    fn a_seed_repeats_what_chance_did() {
        let half: fn(&mut Rule<Fault>) = |rule| {
            rule.percent(50);
        };
        assert_eq!(met("a", 5, half), met("a", 5, half));
        assert_ne!(met("a", 5, half), met("a", 6, half));
        assert!(
            met("a", 5, |rule| {
                rule.percent(0);
            })
            .is_empty()
        );
    }

    #[test]
    fn what_the_first_rule_takes_the_second_does_not_see() {
        let mut script = Script::new(1);
        script.fault(Fault::DropBefore).at_most(1);
        script.fault(Fault::EmptyBody).at_most(1);
        let questions = Questions::read(br#"{"id":1,"method":"a"}"#);
        assert_eq!(script.fault_for(&questions), Some(Fault::DropBefore));
        assert_eq!(script.fault_for(&questions), Some(Fault::EmptyBody));
        assert_eq!(script.fault_for(&questions), None);
    }

    #[test]
    fn lies_are_all_told_and_only_where_they_belong() {
        let mut script = Script::new(1);
        script.lie(Lie::NoncePlus(1));
        script.lie(Lie::NonceMinus(2)).every(2);
        let body = |method: &str| format!(r#"{{"id":1,"method":"{method}"}}"#);
        let nonce = Questions::read(body("eth_getTransactionCount").as_bytes());
        let other = Questions::read(body("eth_chainId").as_bytes());
        assert_eq!(script.lies_for(&nonce.calls[0]), [Lie::NoncePlus(1)]);
        assert_eq!(script.lies_for(&nonce.calls[0]).len(), 2);
        assert!(script.lies_for(&other.calls[0]).is_empty());
        script.clear();
        assert!(script.lies_for(&nonce.calls[0]).is_empty());
    }
}
