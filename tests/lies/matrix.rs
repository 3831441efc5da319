//! Every lie and every fault, told by one endpoint of three at each place, by two alike, and over
//! slow connections.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use parley_engine::{Synced, Until};
use parley_testkit::{Conditions, Fault, Lie, Link};
use parley_wire::{State, Verification};

use crate::world::{World, hashes};

/// Without a size, each such case: a different lie or place each time.
const SPARSE: usize = 31;
/// So many cases run at once: most of their time they wait for an answer.
const AT_ONCE: usize = 6;
/// More requests than this, in all, come from a loop without a pause.
const MOST_REQUESTS: u64 = 600;

/// A connection over a satellite.
const SLOW: Conditions = Conditions {
    octets_per_second: 50_000,
    delay_ms: 60,
    loss_percent: 0,
    up_ms: 0,
    period_ms: 0,
};

/// Who does what.
#[derive(Clone, Copy, Debug)]
enum Case {
    /// One endpoint lies, at this place of the order.
    Liar(Lie, usize),
    /// All but the one at this place lie alike.
    Conspiracy(Lie, usize),
    /// All are slow, and the first one lies.
    Slow(Lie),
    /// One endpoint is broken, at this place.
    Broken(Fault, usize),
}

impl Case {
    fn all() -> Vec<Self> {
        let lies = Lie::ALL.into_iter();
        let places = |case: fn(Lie, usize) -> Self| {
            lies.clone()
                .flat_map(move |lie| (0..3).map(move |place| case(lie, place)))
        };
        let faults = Fault::ALL.into_iter();
        places(Self::Liar)
            .chain(places(Self::Conspiracy))
            .chain(lies.clone().map(Self::Slow))
            .chain(faults.flat_map(|fault| (0..3).map(move |place| Self::Broken(fault, place))))
            .collect()
    }

    /// Which endpoints are not honest.
    fn bad(self) -> Vec<usize> {
        match self {
            Self::Liar(_, place) | Self::Broken(_, place) => vec![place],
            Self::Conspiracy(_, honest) => (0..3).filter(|place| *place != honest).collect(),
            Self::Slow(_) => vec![0],
        }
    }

    /// Two endpoints have another chain, whole in itself.
    fn is_about_the_chain(self) -> bool {
        matches!(
            self,
            Self::Conspiracy(
                Lie::OmitAndRecount(_) | Lie::ForgeWholeBranch(_) | Lie::AlterTimeConsistently(_),
                _
            )
        )
    }

    fn begin(self, world: &World) {
        for (place, proxy) in world.proxies.iter().enumerate() {
            if matches!(self, Self::Slow(_)) {
                proxy.link(Some(Link::new(SLOW, place as u64)));
            }
            if !self.bad().contains(&place) {
                continue;
            }
            proxy.script(|script| match self {
                Self::Liar(lie, _) | Self::Conspiracy(lie, _) | Self::Slow(lie) => {
                    script.lie(lie);
                }
                Self::Broken(fault, _) => {
                    script.fault(fault);
                }
            });
        }
    }

    /// What is wrong with how Parley did; empty when nothing is.
    fn faults(self) -> Vec<String> {
        let mut world = World::new();
        self.begin(&world);
        let mut faults = Vec::new();
        let mut want = |so: bool, what: String| {
            if !so {
                faults.push(what);
            }
        };
        let conspiracy = matches!(self, Self::Conspiracy(..));
        // One liar must hold up nothing; two may, so they get little time.
        let limit = if conspiracy {
            std::time::Duration::from_millis(2_500)
        } else {
            crate::world::LIMIT
        };
        let ids = [world.write("one"), world.write("two")];
        let ends = [Until::Sent, Until::Idle, Until::Idle].map(|until| {
            let end = world.sync_for(until, limit);
            if until == Until::Sent || world.own_on_chain().is_empty() {
                world.stranger_writes();
                world.mine(2);
            } else {
                world.mine(6);
            }
            end
        });
        let last = world.sync_for(Until::Idle, limit);
        let (truth, inbox) = (world.truth(), world.inbox());
        if !conspiracy {
            want(
                ends.iter()
                    .chain([&last])
                    .all(|end| *end == Ok(Synced::Done)),
                format!("did not end: {ends:?} {last:?}"),
            );
            let (missing, false_ones) = difference(&truth, &hashes(&inbox));
            want(missing == 0, format!("{missing} true messages missing"));
            want(
                false_ones == 0,
                format!("{false_ones} false messages shown"),
            );
            let outbox = world.outbox();
            let states: Vec<State> = outbox.iter().map(|own| own.state).collect();
            want(
                states == [State::Final; 2],
                format!("own messages are {states:?}, of {ids:?}"),
            );
        }
        self.judge_sent(&world, &mut want);
        self.judge_verified(&world, &mut want);
        for place in 0..3 {
            if !self.bad().contains(&place) && !conspiracy {
                let lie = world.lie_of(place);
                want(
                    lie.is_none(),
                    format!("the honest one at {place} demoted: {lie:?}"),
                );
            }
        }
        if let Self::Liar(lie, place) = self
            && lie.blamable()
            && shows(lie, place)
        {
            want(
                world.lie_of(place).is_some(),
                "the liar is not demoted".to_owned(),
            );
        }
        let requests = world.requests();
        want(requests < MOST_REQUESTS, format!("{requests} requests"));
        faults
    }

    fn judge_sent(self, world: &World, want: &mut impl FnMut(bool, String)) {
        let sent = world.own_on_chain();
        let nonces: Vec<u64> = sent.iter().map(|one| one.nonce).collect();
        let texts: BTreeSet<_> = sent.iter().map(|one| &one.input).collect();
        want(
            texts.len() == sent.len(),
            "a message is on the chain twice".to_owned(),
        );
        let in_order = nonces.iter().copied().eq(0..nonces.len() as u64);
        want(in_order, format!("nonces {nonces:?}"));
        if !matches!(self, Self::Conspiracy(..)) {
            want(
                sent.len() == 2,
                format!("{} own messages on the chain", sent.len()),
            );
        }
    }

    /// Nothing false is verified, and where the ends disagree it is said.
    fn judge_verified(self, world: &World, want: &mut impl FnMut(bool, String)) {
        let truth = world.truth();
        let inbox = world.inbox();
        let mut wrong = 0;
        for one in &inbox {
            let is_true = truth.contains(&one.transaction_hash)
                && world.block_of(one.block_number).as_deref() == Some(&one.block_hash);
            if !is_true {
                wrong += 1;
                let verified = one.verification == Verification::Witnessed;
                want(
                    !verified,
                    format!("false and verified: {}", one.transaction_hash),
                );
            }
        }
        let on_another_chain = wrong > 0 || self.is_about_the_chain();
        want(
            !on_another_chain || world.is_disputed(),
            format!("{wrong} of {} false and not disputed", inbox.len()),
        );
    }
}

/// Whether a lie shows in what an endpoint at this place is asked: the first is asked for everything
/// but a second opinion, the others for that and little else.
fn shows(lie: Lie, place: usize) -> bool {
    let in_headers = matches!(
        lie,
        Lie::OmitAndRecount(_)
            | Lie::ForgeWholeBranch(_)
            | Lie::AlterTimeConsistently(_)
            | Lie::AlterTime
            | Lie::WrongNumber
            | Lie::WrongParent
            | Lie::FinalizedOtherHash
            | Lie::ChainIdSwap
            | Lie::GenesisSwap
    );
    if lie == Lie::FalseHistoryContract {
        place > 0
    } else {
        place == 0 || (in_headers && place == 1)
    }
}

fn difference(truth: &BTreeSet<String>, shown: &BTreeSet<String>) -> (usize, usize) {
    (
        truth.difference(shown).count(),
        shown.difference(truth).count(),
    )
}

/// Runs cases, several at once, and tells all that went wrong.
fn run(cases: &[Case]) {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Relaxed)) {
                    let faults = case.faults();
                    if !faults.is_empty() {
                        failed
                            .lock()
                            .unwrap()
                            .push(format!("{case:?}: {}", faults.join("; ")));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

#[test]
fn whoever_lies_or_breaks_is_not_believed_and_holds_up_nothing() {
    let all = Case::all();
    let wanted = std::env::var(crate::SIZE).ok();
    let cases: Vec<Case> = match wanted.as_deref().map(str::parse::<usize>) {
        Some(Ok(count)) => all.into_iter().take(count).collect(),
        Some(Err(_)) => {
            let named = wanted.unwrap_or_default();
            let is_meant = |case: &Case| format!("{case:?}").contains(&named);
            all.into_iter().filter(is_meant).collect()
        }
        None => all.into_iter().step_by(SPARSE).collect(),
    };
    println!("{} cases", cases.len());
    run(&cases);
}
