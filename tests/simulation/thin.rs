//! The field at its worst: a link that is up for three seconds in five minutes, at 20 kbit/s, and loses
//! 30 of 100 exchanges. Data saver is on.

use std::time::Duration;

use parley_engine::{Parley, Wrapping};
use parley_testkit::{Conditions, Link, free_text};
use parley_wire::{Draft, Receive, Settings};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::outside::Sim;
use crate::run::{folder, open, place, runtime};
use crate::world::World;

const MESSAGES: usize = 20;
const MOST_WINDOWS: u64 = 12;

/// What came through.
pub(crate) struct Through {
    /// How many messages were on the chain after each window.
    pub(crate) after: Vec<usize>,
    /// Octets both ways.
    pub(crate) octets: u64,
    /// Other transactions than one for each message.
    pub(crate) doubles: usize,
    /// What was asked, and what became of it.
    pub(crate) trace: String,
}

impl Through {
    /// Whether all were there after five windows, at no more than 1,500 octets for each.
    pub(crate) fn is_within(&self) -> bool {
        let all = self.after.last() == Some(&MESSAGES);
        all && self.after.len() <= 5 && self.octets <= 1_500 * MESSAGES as u64
    }
}

/// Twenty messages of a script over such a link.
pub(crate) fn through(seed: u64) -> Through {
    runtime().block_on(async {
        let mut world = World::simple(seed);
        world.link = Some(Link::new(Conditions::FIELD, seed));
        let sim = Sim::new(world);
        let place = place();
        let dir = folder(&place, "device", &sim);
        let parley = open(&dir, &sim);
        let settings = Settings {
            receive: Receive::Nothing,
            ..Settings::default()
        };
        parley.choose(settings).await.unwrap();
        write(&parley).await;
        let address = sim.world().address();
        let stop = CancellationToken::new();
        let mut after = Vec::new();
        let began = Instant::now();
        tokio::select! {
            biased;
            () = async {
                for window in 0..MOST_WINDOWS {
                    // The system says that there is a network again.
                    parley.network_changed();
                    let next = began + Duration::from_secs(300 * (window + 1));
                    while Instant::now() + Duration::from_secs(12) < next {
                        sleep(Duration::from_secs(12)).await;
                        sim.world().chain.mine();
                    }
                    after.push(sim.world().chain.transactions_of(address).len());
                    if after.last() == Some(&MESSAGES) {
                        return;
                    }
                    sleep_until(next).await;
                }
            } => {}
            () = parley.run(stop) => {}
        }
        let network = parley.network().await.unwrap();
        let sent = sim.world().chain.transactions_of(address);
        let mut different: Vec<_> = sent.iter().map(|sent| &sent.input).collect();
        different.sort();
        different.dedup();
        Through {
            octets: network
                .endpoints
                .iter()
                .map(|end| end.sent + end.received)
                .sum(),
            doubles: sent.len() - different.len(),
            trace: std::mem::take(&mut sim.world().trace),
            after,
        }
    })
}

async fn write(parley: &Parley) {
    let ready: Vec<_> = (0..MESSAGES)
        .map(|number| {
            let message = free_text(&format!("road {number} is closed"));
            parley
                .check(&Draft { message }, Wrapping::WhereNeeded)
                .unwrap()
        })
        .collect();
    let kept = parley.queue_checked(&ready).await.unwrap();
    assert!(kept.iter().all(Result::is_ok));
}
