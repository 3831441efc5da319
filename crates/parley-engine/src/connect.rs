//! Finding endpoints that answer for the right chain: only then is there a connection. The first
//! block is pinned at the first meeting, so that another chain with the same number is recognised;
//! on networks that Parley knows it is known before.

use std::time::Duration;

use alloy_primitives::{Address, B256};
use parley_chain::{AccountFacts, Endpoint, Hello, ReadFailure};
use parley_core::backoff::Backoff;
use parley_core::chain::Header;
use parley_core::endpoint::{Event, Lie};
use parley_core::network::Preset;
use parley_wire::{Changed, Failure, Link, OfflineReason};

use crate::broken::Broken;
use crate::parley::Parley;
use crate::settings;

/// How long a command that only wants to tell the person something waits for an endpoint.
const GLANCE: Duration = Duration::from_secs(3);

/// An endpoint that has just answered for the right chain.
pub(crate) struct Connection {
    pub(crate) lead: Endpoint,
    pub(crate) newest: Header,
    /// The newest header is one of the fork Amsterdam.
    pub(crate) amsterdam: bool,
    /// What it said of the account in the same breath, where each octet counts.
    facts: Option<AccountFacts>,
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
                        seen.link = Link::Online;
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
            seen.has_code = facts.has_code;
        });
    }

    /// What the leading endpoint says about the account, asked now unless it was just said.
    pub(crate) async fn account_facts(
        &self,
        connection: &Connection,
    ) -> Result<AccountFacts, Broken> {
        match connection.facts {
            Some(facts) => {
                self.see_account(&facts);
                Ok(facts)
            }
            None => self.read_account(&connection.lead).await,
        }
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
        let traffic = self.pool().take_traffic();
        let lies = std::mem::take(&mut *self.lies());
        if traffic.is_empty() && lies.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.with_store(move |store| {
            for one in &traffic {
                store.count_traffic(&one.url, one.sent, one.received)?;
                store.answered(&one.url, now)?;
            }
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

    /// Takes over the endpoints as they are in the store. Whether there is a way to any.
    pub(crate) async fn refresh_pool(&self) -> Result<bool, Failure> {
        let (rows, settings) = self
            .with_store(|store| Ok((store.endpoints()?, settings::read(store)?)))
            .await?;
        let proxy = settings.proxy.as_deref();
        let carrier = || self.inner.outside.carrier(proxy);
        let is_way = self.pool().refresh(&rows, proxy, carrier);
        self.choose_for_round(settings);
        Ok(is_way)
    }

    fn why_nobody(&self) -> OfflineReason {
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

    /// The first time in a run an endpoint has to show which chain it is for; later its newest block
    /// is enough.
    async fn greet(
        &self,
        endpoint: &Endpoint,
        greeted: bool,
    ) -> Result<Result<Connection, OfflineReason>, Failure> {
        let started = self.ms();
        let thin = self.is_thrifty().then_some(self.inner.profile.address);
        let greeting = match Greeting::of(endpoint, greeted, thin).await {
            Ok(greeting) => greeting,
            Err(why) => {
                let _ = self.blame(endpoint, why);
                return Ok(Err(offline(why)));
            }
        };
        if let Err((lie, reason)) = self.is_same_chain(&greeting).await? {
            self.other_chain(endpoint, lie);
            return Ok(Err(reason));
        }
        let latency_ms = u32::try_from(self.ms().saturating_sub(started)).unwrap_or(u32::MAX);
        let url = endpoint.url();
        self.on_endpoint(url, Event::Answered { latency_ms });
        self.on_endpoint(url, Event::Head(greeting.newest.number));
        self.pool().greeted(url);
        Ok(Ok(Connection {
            lead: endpoint.clone(),
            newest: greeting.newest,
            amsterdam: greeting.amsterdam,
            facts: greeting.facts,
        }))
    }

    /// On a public network that is a lie. A local one may just have been started anew, or its
    /// address typed wrongly: it is asked again.
    fn other_chain(&self, endpoint: &Endpoint, lie: Lie) {
        let public = self
            .inner
            .preset
            .is_some_and(|preset| preset.genesis.is_some());
        let event = if public {
            Event::Lied(lie)
        } else {
            Event::Failed {
                retry_after_ms: None,
            }
        };
        self.on_endpoint(endpoint.url(), event);
    }

    /// Whether what an endpoint says of itself fits this network.
    pub(crate) async fn fits(&self, hello: &Hello) -> Result<Result<(), OfflineReason>, Failure> {
        let same = self.is_same_chain(&Greeting::from(*hello)).await?;
        Ok(same.map_err(|(_, reason)| reason))
    }

    async fn is_same_chain(
        &self,
        greeting: &Greeting,
    ) -> Result<Result<(), (Lie, OfflineReason)>, Failure> {
        let wanted = self.inner.profile.chain_id;
        if greeting.chain_id != wanted {
            let found = greeting.chain_id;
            return Ok(Err((Lie::OtherChain, OfflineReason::WrongChain { found })));
        }
        let Some(genesis) = greeting.genesis else {
            return Ok(Ok(()));
        };
        let known = self.inner.preset.and_then(|preset: &Preset| preset.genesis);
        let other = Err((Lie::OtherGenesis, OfflineReason::ChainReset));
        if known.is_some_and(|known| known != genesis) {
            return Ok(other);
        }
        let same = self
            .with_store(move |store| match store.profile()?.genesis {
                Some(pinned) => Ok(pinned == genesis),
                None => store.pin_genesis(genesis).map(|()| true),
            })
            .await?;
        Ok(if same { Ok(()) } else { other })
    }
}

/// What an endpoint says of itself; its first block only at the first meeting.
struct Greeting {
    chain_id: u64,
    genesis: Option<B256>,
    newest: Header,
    amsterdam: bool,
    facts: Option<AccountFacts>,
}

impl Greeting {
    /// `thin`: an account that is asked about in the same round trip.
    async fn of(
        endpoint: &Endpoint,
        greeted: bool,
        thin: Option<Address>,
    ) -> Result<Self, ReadFailure> {
        let (seen, facts) = match (greeted, thin) {
            (false, None) => return endpoint.hello().await.map(Self::from),
            (false, Some(account)) => {
                let (hello, facts) = endpoint.hello_with(account).await?;
                return Ok(Self {
                    facts: Some(facts),
                    ..Self::from(hello)
                });
            }
            (true, None) => (endpoint.check_in().await?, None),
            (true, Some(account)) => {
                let (seen, facts) = endpoint.check_in_with(account).await?;
                (seen, Some(facts))
            }
        };
        Ok(Self {
            facts,
            chain_id: seen.chain_id,
            genesis: None,
            newest: seen.newest,
            amsterdam: seen.looks_amsterdam,
        })
    }
}

impl From<Hello> for Greeting {
    fn from(hello: Hello) -> Self {
        Self {
            chain_id: hello.chain_id,
            genesis: Some(hello.genesis),
            newest: hello.newest,
            amsterdam: hello.looks_amsterdam,
            facts: None,
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
