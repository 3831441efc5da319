//! Finding endpoints that answer for the right chain: only then is there a connection. Who failed or
//! lied is noted; what is asked of an endpoint is decided elsewhere.

use std::time::Duration;

use parley_chain::{AccountFacts, Endpoint, ReadFailure};
use parley_core::backoff::Backoff;
use parley_core::chain::Header;
use parley_core::endpoint::Event;
use parley_wire::{Changed, Failure, Link, OfflineReason};

use crate::broken::Broken;
use crate::parley::Parley;
use crate::settings;

/// How long a command that only wants to tell the person something waits for an endpoint.
const GLANCE: Duration = Duration::from_secs(3);

/// So many others are asked for a second opinion.
const MOST_OTHERS: usize = 4;

/// An endpoint that has just answered for the right chain.
pub(crate) struct Connection {
    pub(crate) lead: Endpoint,
    pub(crate) newest: Header,
    /// The newest header is one of the fork Amsterdam.
    pub(crate) amsterdam: bool,
}

impl Parley {
    /// Looks for a connection, and keeps what was found for everyone to see.
    pub(crate) async fn connect(&self) -> Result<Result<Connection, OfflineReason>, Failure> {
        if !self.refresh_pool().await? {
            return Ok(Err(self.lost(OfflineReason::BadProxy)));
        }
        let mut reason = self.why_nobody();
        for (endpoint, greeted) in self.usable() {
            match self.greet(&endpoint, greeted).await? {
                Ok(connection) => {
                    self.see(|seen| {
                        // A contradiction stays until the endpoint's branch was looked at again.
                        if !seen.is_contradicted() {
                            seen.link = Link::Online;
                        }
                        seen.head = Some(connection.newest.number);
                        seen.head_time = Some(connection.newest.time);
                    });
                    return Ok(Ok(connection));
                }
                Err(why) => reason = why,
            }
        }
        Ok(Err(self.lost(reason)))
    }

    /// The connection, or a better one: at the beginning and now and then another endpoint is asked how
    /// far it is, because one that stands still looks like a chain on which nothing happens.
    pub(crate) async fn compared(&self, connection: Connection) -> Result<Connection, Failure> {
        if !self.pool().is_time_to_compare() {
            return Ok(connection);
        }
        let Some(second) = self.second(&[connection.lead.url()]).await? else {
            return Ok(connection);
        };
        let first = self.usable().into_iter().next();
        let better = first.is_some_and(|(first, _)| first.url() == second.lead.url());
        Ok(if better { second } else { connection })
    }

    /// Another endpoint than this one that answers for the right chain; `None` where there is none.
    pub(crate) async fn second(&self, than: &[&str]) -> Result<Option<Connection>, Failure> {
        for (endpoint, greeted) in self.usable() {
            if than.contains(&endpoint.url()) {
                continue;
            }
            if let Ok(connection) = self.greet(&endpoint, greeted).await? {
                return Ok(Some(connection));
            }
        }
        Ok(None)
    }

    /// The other endpoints that answer for the right chain, not more than are worth to be asked.
    pub(crate) async fn others(&self, than: &[&str]) -> Result<Vec<Connection>, Failure> {
        let mut others = Vec::new();
        for (endpoint, greeted) in self.usable() {
            if others.len() == MOST_OTHERS {
                break;
            }
            if than.contains(&endpoint.url()) {
                continue;
            }
            others.extend(self.greet(&endpoint, greeted).await?);
        }
        Ok(others)
    }

    /// There is no connection, for this reason.
    pub(crate) fn lost(&self, reason: OfflineReason) -> OfflineReason {
        self.see(|seen| seen.link = Link::Offline { reason });
        reason
    }

    /// Looks once and not for long whether there is a connection, and what the account has.
    ///
    /// # Errors
    /// The store fails; no connection is no error.
    pub async fn glance(&self) -> Result<(), Failure> {
        let look = async {
            if self.is_thrifty() {
                return self.thin_glance().await;
            }
            let Ok(connection) = self.connect().await? else {
                return Ok(());
            };
            self.read_account(&connection.lead)
                .await
                .map(drop)
                .unwrap_or_default();
            self.count_traffic().await
        };
        if let Ok(result) = tokio::time::timeout(GLANCE, look).await {
            return result;
        }
        self.lost(OfflineReason::Unreachable);
        Ok(())
    }

    /// What an endpoint says about the account, for the status too.
    pub(crate) async fn read_account(&self, endpoint: &Endpoint) -> Result<AccountFacts, Broken> {
        let facts = endpoint.account(self.inner.profile.address).await;
        let facts = facts.map_err(|why| self.blame(endpoint, why))?;
        self.see_account(&facts);
        Ok(facts)
    }

    fn see_account(&self, facts: &AccountFacts) {
        self.see(|seen| {
            seen.balance = Some(facts.balance);
            seen.fees = Some(facts.fees);
            // Only what several say holds messages up.
            seen.has_code &= facts.has_code;
        });
    }

    /// An endpoint failed or lied: it is asked later or never again, and the round breaks off.
    pub(crate) fn blame(&self, endpoint: &Endpoint, why: ReadFailure) -> Broken {
        let event = match why {
            ReadFailure::Lie(lie) => Event::Lied(lie),
            ReadFailure::Busy { retry_after_ms } => Event::Failed { retry_after_ms },
            ReadFailure::Unreachable
            | ReadFailure::BadAnswer
            | ReadFailure::TooLarge
            | ReadFailure::Refused
            | ReadFailure::NotAnEndpoint
            | ReadFailure::BadClock => Event::Failed {
                retry_after_ms: None,
            },
        };
        self.on_endpoint(endpoint.url(), event);
        Broken::Offline(offline(why))
    }

    /// Something happened with an endpoint. A lie is kept for ever.
    pub(crate) fn on_endpoint(&self, url: &str, event: Event) {
        let (now_ms, roll) = (self.ms(), self.inner.outside.roll());
        self.pool().on(url, event, now_ms, roll, &self.backoff());
        if let Event::Lied(lie) = event {
            tracing::warn!(
                lie = lie.word(),
                "an endpoint lied and is not used any more"
            );
            self.lies().push((url.to_owned(), lie));
        }
        self.say(Changed::Network);
    }

    /// Keeps what endpoints cost, and which of them lied.
    pub(crate) async fn count_traffic(&self) -> Result<(), Failure> {
        self.keep_lies().await?;
        let traffic = self.pool().take_traffic();
        if traffic.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.with_store(move |store| store.count_traffic(&traffic, now))
            .await
    }

    async fn keep_lies(&self) -> Result<(), Failure> {
        let lies = std::mem::take(&mut *self.lies());
        if lies.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.with_store(move |store| {
            lies.iter()
                .try_for_each(|(url, lie)| store.demote(url, lie.word(), now))
        })
        .await
    }

    pub(crate) fn backoff(&self) -> Backoff {
        if self
            .inner
            .preset
            .is_some_and(|preset| preset.block_seconds == 0)
        {
            Backoff::LOCAL
        } else {
            Backoff::ORDINARY
        }
    }

    pub(crate) fn usable(&self) -> Vec<(Endpoint, bool)> {
        let now_ms = self.ms();
        self.pool().usable(now_ms)
    }

    /// Whether an endpoint was not found to lie, and need not be left alone.
    pub(crate) fn is_usable(&self, url: &str) -> bool {
        let now_ms = self.ms();
        let pool = self.pool();
        pool.health(url)
            .is_some_and(|health| health.is_usable(now_ms))
    }

    /// Takes over the endpoints as they are in the store. Whether there is a way to any.
    pub(crate) async fn refresh_pool(&self) -> Result<bool, Failure> {
        // What the store does not know of would look as if a person had pardoned it.
        self.keep_lies().await?;
        let (rows, settings) = self
            .with_store(|store| Ok((store.endpoints()?, settings::read(store)?)))
            .await?;
        let proxy = settings.proxy.as_deref();
        let carrier = || self.inner.outside.carrier(proxy);
        let is_way = self.pool().refresh(&rows, proxy, carrier);
        self.choose_for_round(settings);
        Ok(is_way)
    }

    pub(crate) fn why_nobody(&self) -> OfflineReason {
        let pool = self.pool();
        if pool.all_demoted() {
            return OfflineReason::AllDemoted;
        }
        match (pool.count(), self.seen().link) {
            (0, _) => OfflineReason::NoEndpoint,
            // Whoever failed last waits: the reason stays what it was.
            (_, Link::Offline { reason }) => reason,
            (_, Link::Online) => OfflineReason::Unreachable,
        }
    }
}

/// What a failed question says about the connection.
pub(crate) fn offline(failure: ReadFailure) -> OfflineReason {
    match failure {
        ReadFailure::Unreachable | ReadFailure::Busy { .. } => OfflineReason::Unreachable,
        ReadFailure::NotAnEndpoint => OfflineReason::NotAnEndpoint,
        ReadFailure::BadClock => OfflineReason::BadClock,
        ReadFailure::BadAnswer
        | ReadFailure::TooLarge
        | ReadFailure::Refused
        | ReadFailure::Lie(_) => OfflineReason::BadAnswer,
    }
}
