//! The endpoints of the network with what is known of each: who is asked next, who waits, who lied.
//! Health is kept in memory; lies and counted octets also in the store.

use std::sync::Arc;

use parley_chain::{Carrier, Endpoint, Traffic};
use parley_core::backoff::Backoff;
use parley_core::endpoint::{Event, Health, Lie, order};
use parley_store::{EndpointRow, EndpointTraffic};

/// All endpoints, in the person's order.
#[derive(Default)]
pub(crate) struct Pool {
    proxy: Option<String>,
    carrier: Option<Arc<dyn Carrier>>,
    entries: Vec<Entry>,
    /// Rounds so far.
    rounds: u32,
}

/// In so many rounds once endpoints are compared.
const COMPARED: u32 = 8;

struct Entry {
    url: String,
    endpoint: Endpoint,
    health: Health,
    /// It answered for the right chain in this run.
    greeted: bool,
    /// Since which height it was against the majority whenever it was asked, and how often.
    outvoted: Option<(u64, u32)>,
    /// What of its traffic is in the store already.
    noted: Traffic,
}

impl Pool {
    /// Takes over the endpoints and the proxy as they are now; what is known of those that stay is
    /// kept. `false` where the proxy is none.
    pub(crate) fn refresh(
        &mut self,
        rows: &[EndpointRow],
        proxy: Option<&str>,
        carrier: impl FnOnce() -> Option<Arc<dyn Carrier>>,
    ) -> bool {
        if self.carrier.is_none() || self.proxy.as_deref() != proxy {
            self.carrier = carrier();
            self.proxy = proxy.map(str::to_owned);
            self.entries.clear();
        }
        let Some(carrier) = self.carrier.clone() else {
            return false;
        };
        let mut before = std::mem::take(&mut self.entries);
        for row in rows {
            let known = before.iter().position(|entry| entry.url == row.url);
            let entry = match known {
                Some(at) => Some(before.swap_remove(at)),
                None => Entry::new(row, &carrier),
            };
            self.entries.extend(entry.map(|entry| entry.judged(row)));
        }
        true
    }

    /// Those that may be asked now, the best first.
    pub(crate) fn usable(&self, now_ms: u64) -> Vec<(Endpoint, bool)> {
        let healths: Vec<_> = self
            .entries
            .iter()
            .map(|entry| &entry.health)
            .enumerate()
            .collect();
        let newest = self.newest_believed();
        order(&healths, now_ms, newest)
            .into_iter()
            .filter_map(|at| self.entries.get(at))
            .map(|entry| (entry.endpoint.clone(), entry.greeted))
            .collect()
    }

    /// The newest block that one endpoint alone cannot make up, where more than two have told of theirs.
    fn newest_believed(&self) -> Option<u64> {
        let honest = self.entries.iter().map(|entry| &entry.health);
        let mut heads: Vec<u64> = honest
            .filter(|health| health.demoted().is_none())
            .filter_map(|health| health.head())
            .collect();
        heads.sort_unstable_by_key(|head| std::cmp::Reverse(*head));
        let at = usize::from(heads.len() > 2);
        heads.get(at).copied()
    }

    /// Whether endpoints are to be compared in this round, of which there is more than one.
    pub(crate) fn is_time_to_compare(&mut self) -> bool {
        let now = self.rounds.is_multiple_of(COMPARED);
        self.rounds = self.rounds.wrapping_add(1);
        now && self.count() > 1
    }

    /// Whether every endpoint was found to lie.
    pub(crate) fn all_demoted(&self) -> bool {
        !self.entries.is_empty()
            && self
                .entries
                .iter()
                .all(|entry| entry.health.demoted().is_some())
    }

    /// In how many milliseconds the first of those that have to wait may be asked again.
    pub(crate) fn next_due(&self, now_ms: u64) -> Option<u64> {
        let honest = |entry: &&Entry| entry.health.demoted().is_none();
        let entries = self.entries.iter().filter(honest);
        entries
            .map(|entry| entry.health.due_ms().saturating_sub(now_ms))
            .filter(|wait| *wait > 0)
            .min()
    }

    /// How many may still be asked at some time.
    pub(crate) fn count(&self) -> usize {
        let honest = |entry: &&Entry| entry.health.demoted().is_none();
        self.entries.iter().filter(honest).count()
    }

    /// The health of an endpoint.
    pub(crate) fn health(&self, url: &str) -> Option<&Health> {
        self.entries
            .iter()
            .find(|entry| entry.url == url)
            .map(|entry| &entry.health)
    }

    /// How many others answered for the right chain in this run.
    pub(crate) fn greeted_beside(&self, url: &str) -> usize {
        let fits = |entry: &&Entry| entry.greeted && entry.url != url;
        self.entries.iter().filter(fits).count()
    }

    /// It answered for the right chain, and was not asked for that before in this run.
    pub(crate) fn greeted(&mut self, url: &str) {
        if let Some(entry) = self.entry(url) {
            entry.greeted = true;
        }
    }

    /// It names what most name.
    pub(crate) fn agrees(&mut self, url: &str) {
        if let Some(entry) = self.entry(url) {
            entry.outvoted = None;
        }
    }

    /// It names another block at a height than most. Over how many blocks, and how often in a row.
    pub(crate) fn outvoted(&mut self, url: &str, height: u64) -> (u64, u32) {
        let Some(entry) = self.entry(url) else {
            return (0, 0);
        };
        let (since, times) = entry.outvoted.unwrap_or((height, 0));
        let times = times.saturating_add(1);
        entry.outvoted = Some((since, times));
        (height.saturating_sub(since), times)
    }

    /// Something happened with an endpoint.
    pub(crate) fn on(
        &mut self,
        url: &str,
        event: Event,
        now_ms: u64,
        roll: u64,
        backoff: &Backoff,
    ) {
        if let Some(entry) = self.entry(url) {
            entry.health.on(event, now_ms, roll, backoff);
        }
    }

    /// The network of the device changed: nobody has to wait any longer.
    pub(crate) fn network_changed(&mut self, now_ms: u64, backoff: &Backoff) {
        for entry in &mut self.entries {
            entry.health.on(Event::NetworkChanged, now_ms, 0, backoff);
        }
    }

    /// Traffic since the last call, which the caller puts into the store.
    pub(crate) fn take_traffic(&mut self) -> Vec<EndpointTraffic> {
        self.entries
            .iter_mut()
            .filter_map(Entry::take_traffic)
            .collect()
    }

    fn entry(&mut self, url: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.url == url)
    }
}

impl Entry {
    fn new(row: &EndpointRow, carrier: &Arc<dyn Carrier>) -> Option<Self> {
        Some(Self {
            url: row.url.clone(),
            endpoint: Endpoint::over(&row.url, Arc::clone(carrier)).ok()?,
            health: Health::default(),
            greeted: false,
            outvoted: None,
            noted: Traffic::default(),
        })
    }

    /// A lie is in the store, also when it was found by another program, or forgiven.
    fn judged(mut self, row: &EndpointRow) -> Self {
        let lie = row
            .demoted
            .as_ref()
            .and_then(|(word, _)| Lie::from_word(word));
        let event = match (lie, self.health.demoted()) {
            (Some(lie), None) => Event::Lied(lie),
            (None, Some(_)) => Event::Pardoned,
            (Some(_), Some(_)) | (None, None) => return self,
        };
        (self.greeted, self.outvoted) = (false, None);
        self.health.on(event, 0, 0, &Backoff::ORDINARY);
        self
    }

    fn take_traffic(&mut self) -> Option<EndpointTraffic> {
        let now = self.endpoint.traffic();
        let before = std::mem::replace(&mut self.noted, now);
        let (sent, received) = (
            now.sent.saturating_sub(before.sent),
            now.received.saturating_sub(before.received),
        );
        (sent > 0 || received > 0).then(|| EndpointTraffic {
            url: self.url.clone(),
            sent,
            received,
        })
    }
}
