//! A device of somebody else that begins from nothing in the end: what it tells is what ours tells.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use parley_engine::{Parley, Synced, Until};
use parley_wire::{Health, Received, Signal, Verification};

use crate::run::{Run, folder_of};

/// Whose account it has.
const OTHER: u64 = 5_000_000;
const TIME: Duration = Duration::from_secs(600);

impl Run {
    /// Receives everything anew and compares.
    pub(crate) async fn compare_with_a_fresh_device(&self) {
        self.sim.world().note("a fresh device");
        let dir = folder_of(&self.place, "fresh", &self.sim, OTHER);
        let outside = Arc::new(self.sim.clone());
        let (fresh, lock) = Parley::open_to_run_in(&dir, "a fresh device", outside).unwrap();
        let synced = fresh.sync(&lock, Until::Idle, TIME).await.unwrap();
        if synced != Synced::Done {
            self.laws
                .fault(format!("a fresh device ends as {synced:?}"));
        }
        self.laws.received(&fresh).await;
        let (mut ours, mut theirs) = (told(&self.parley).await, told(&fresh).await);
        if knows_liar(&self.parley).await || knows_liar(&fresh).await {
            // Who was asked for a second opinion depends on when the lie was found.
            (ours, theirs) = (without_witnesses(ours), without_witnesses(theirs));
        }
        self.are_alike("inbox", &ours.0, &theirs.0);
        self.are_alike("signals", &ours.1, &theirs.1);
    }

    fn are_alike<T: Debug + PartialEq>(&self, what: &str, ours: &[T], theirs: &[T]) {
        if ours.len() != theirs.len() {
            let (ours, theirs) = (ours.len(), theirs.len());
            self.laws
                .fault(format!("{what}: {ours} here, {theirs} on a fresh device"));
        }
        if let Some((ours, theirs)) = ours.iter().zip(theirs).find(|(a, b)| a != b) {
            self.laws.fault(format!(
                "{what}: {ours:#?} here, {theirs:#?} on a fresh device"
            ));
        }
    }
}

/// Whether an endpoint was found to lie.
async fn knows_liar(parley: &Parley) -> bool {
    let ends = parley.network().await.unwrap().endpoints;
    ends.iter()
        .any(|end| matches!(end.health, Health::Demoted { .. }))
}

/// What a device tells: what it received, and what stands.
type Told = (Vec<Received>, Vec<Signal>);

/// All of it, but for what depends on whose device it is.
async fn told(parley: &Parley) -> Told {
    let mut signals = parley.signals().await.unwrap();
    for signal in &mut signals {
        signal.own = false;
    }
    (parley.inbox().await.unwrap(), signals)
}

fn without_witnesses((mut inbox, mut signals): Told) -> Told {
    let levels = inbox.iter_mut().map(|one| &mut one.verification);
    let levels = levels.chain(signals.iter_mut().map(|one| &mut one.verification));
    levels.for_each(|level| *level = (*level).min(Verification::Block));
    (inbox, signals)
}
