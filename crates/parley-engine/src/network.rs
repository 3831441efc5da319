//! The use cases of the screen about the network: endpoints, followed accounts, what was received.

use alloy_primitives::Address;
use parley_chain::{Endpoint, address_text};
use parley_core::endpoint::Event;
use parley_store::{EndpointRow, Store, StoreError, Stretch};
use parley_wire as wire;
use parley_wire::{Changed, Failure, NetworkView, OfflineReason, Tried};

use crate::connect::offline;
use crate::parley::Parley;
use crate::{failure, settings, signals};

impl Parley {
    /// Everything about the network of this data folder.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn network(&self) -> Result<NetworkView, Failure> {
        self.count_traffic().await?;
        let head = self.seen().head;
        let (rows, settings, coverage, followed) = self
            .with_store(move |store| {
                let coverage = coverage(&store.coverage()?, settings::first_block(store)?, head);
                Ok((
                    store.endpoints()?,
                    settings::read(store)?,
                    coverage,
                    store.followed()?,
                ))
            })
            .await?;
        let received = rows.iter().map(|row| row.received).sum();
        let followed = followed.iter().map(|one| address_text(&one.account));
        Ok(NetworkView {
            endpoints: rows.iter().map(|row| self.endpoint(row)).collect(),
            settings,
            coverage: with_expected(coverage, received),
            followed: followed.collect(),
        })
    }

    /// Adds an endpoint at the end.
    ///
    /// # Errors
    /// It is no address of an endpoint, or there already. Then nothing changed.
    pub async fn add_endpoint(&self, url: &str) -> Result<(), Failure> {
        let url = self.address(url)?;
        let there = self.with_store(|store| store.endpoints()).await?;
        if there.iter().any(|row| row.url == url) {
            return Err(failure::bad_input(
                "This endpoint is in the list already. Nothing was changed.",
            ));
        }
        self.change_endpoints(move |store| store.add_endpoint(&url))
            .await
    }

    /// Removes an endpoint. What was received from it stays.
    ///
    /// # Errors
    /// It is not in the list.
    pub async fn remove_endpoint(&self, url: &str) -> Result<(), Failure> {
        let url = self.listed(url).await?;
        self.change_endpoints(move |store| store.remove_endpoint(&url))
            .await
    }

    /// Puts the endpoints into this order.
    ///
    /// # Errors
    /// These are not the endpoints of the list. Then nothing changed.
    pub async fn order_endpoints(&self, urls: Vec<String>) -> Result<(), Failure> {
        let mut there = self.with_store(|store| store.endpoints()).await?;
        let mut named = urls.clone();
        there.sort_by(|one, other| one.url.cmp(&other.url));
        named.sort();
        if !there.iter().map(|row| &row.url).eq(named.iter()) {
            return Err(failure::bad_input(
                "The order was not changed: the list of endpoints is another one by now. Look at it \
                 again.",
            ));
        }
        self.change_endpoints(move |store| {
            let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
            store.order_endpoints(&urls)
        })
        .await
    }

    /// Uses an endpoint again that was found to lie.
    ///
    /// # Errors
    /// It is not in the list.
    pub async fn pardon_endpoint(&self, url: &str) -> Result<(), Failure> {
        let url = self.listed(url).await?;
        let pool_url = url.clone();
        self.change_endpoints(move |store| store.pardon(&url))
            .await?;
        self.on_endpoint(&pool_url, Event::Pardoned);
        Ok(())
    }

    /// Asks an endpoint, in the list or not, whether it is for this network. Changes nothing.
    ///
    /// # Errors
    /// It is no address of an endpoint.
    pub async fn try_endpoint(&self, url: &str) -> Result<Tried, Failure> {
        let url = self.address(url)?;
        let proxy = self.settings().await?.proxy;
        let Some(carrier) = self.inner.outside.carrier(proxy.as_deref()) else {
            return Ok(Tried::Unfit {
                reason: OfflineReason::BadProxy,
            });
        };
        let endpoint = Endpoint::over(&url, carrier)
            .map_err(|error| failure::bad_input(failure::sentence(&error)))?;
        let started = self.ms();
        let hello = match endpoint.hello().await {
            Ok(hello) => hello,
            Err(why) => {
                return Ok(Tried::Unfit {
                    reason: offline(why),
                });
            }
        };
        let latency_ms = self.ms().saturating_sub(started);
        Ok(match self.fits(&hello, &url).await? {
            Ok(()) => Tried::Fits {
                head: hello.newest.number,
                latency_ms,
            },
            Err(reason) => Tried::Unfit { reason },
        })
    }

    /// Follows an account from now on.
    ///
    /// # Errors
    /// This is no account.
    pub async fn follow(&self, account: &str) -> Result<(), Failure> {
        let (account, now) = (address(account)?, self.now());
        self.change_endpoints(move |store| store.follow(account, now))
            .await
    }

    /// Follows an account no longer. What was received of it stays.
    ///
    /// # Errors
    /// This is no account.
    pub async fn unfollow(&self, account: &str) -> Result<(), Failure> {
        let account = address(account)?;
        self.change_endpoints(move |store| store.unfollow(account))
            .await
    }

    /// The network of the device changed: whoever waits for an endpoint need not wait any longer.
    pub fn network_changed(&self) {
        let now_ms = self.ms();
        self.pool().network_changed(now_ms, &self.backoff());
        self.ask_anew();
        self.inner.wake.notify_one();
    }

    async fn change_endpoints(
        &self,
        change: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), Failure> {
        self.with_store(change).await?;
        self.ask_anew();
        self.say(Changed::Network);
        self.say(Changed::Status);
        self.inner.wake.notify_one();
        Ok(())
    }

    fn address(&self, url: &str) -> Result<String, Failure> {
        let url = url.trim().to_owned();
        Endpoint::new(&url).map_err(|error| failure::bad_input(failure::sentence(&error)))?;
        Ok(url)
    }

    async fn listed(&self, url: &str) -> Result<String, Failure> {
        let rows = self.with_store(|store| store.endpoints()).await?;
        let row = rows.into_iter().find(|row| row.url == url.trim());
        row.map(|row| row.url).ok_or_else(|| {
            failure::bad_input("There is no such endpoint in the list. Nothing was changed.")
        })
    }

    fn endpoint(&self, row: &EndpointRow) -> wire::Endpoint {
        let pool = self.pool();
        let health = pool.health(&row.url);
        let state = match (&row.demoted, health) {
            (Some((lie, _)), _) => wire::Health::Demoted { lie: lie.clone() },
            (None, Some(health)) if health.failures() > 0 => wire::Health::Failing {
                times: health.failures(),
            },
            (None, Some(health)) if health.latency_ms().is_some() => wire::Health::Good,
            (None, _) => wire::Health::NotTried,
        };
        wire::Endpoint {
            url: row.url.clone(),
            health: state,
            latency_ms: health.and_then(|health| health.latency_ms()),
            head: health.and_then(|health| health.head()),
            sent: row.sent,
            received: row.received,
            answered_at: row.answered_at,
        }
    }
}

fn address(text: &str) -> Result<Address, Failure> {
    text.trim().parse().map_err(|_| {
        failure::bad_input(
            "This is not the address of an account: it has 0x and 40 hexadecimal digits. Nothing was \
             changed.",
        )
    })
}

/// How many blocks are missing from the first that is received to the newest that is known.
pub(crate) fn missing(store: &Store, head: Option<u64>) -> Result<u64, StoreError> {
    let start = settings::first_block(store)?;
    Ok(coverage(&store.coverage()?, start, head).missing)
}

fn coverage(stretches: &[Stretch], start: Option<u64>, head: Option<u64>) -> wire::Coverage {
    let held: u64 = stretches
        .iter()
        .filter(|stretch| start.is_none_or(|start| stretch.last >= start))
        .map(|stretch| {
            let first = stretch.first.max(start.unwrap_or(0));
            stretch.last.saturating_add(1).saturating_sub(first)
        })
        .sum();
    let top = stretches.last().map(|stretch| stretch.last).max(head);
    let whole = match (start, top) {
        (Some(start), Some(top)) => top.saturating_add(1).saturating_sub(start),
        _ => 0,
    };
    wire::Coverage {
        start,
        head,
        stretches: stretches.iter().map(stretch).collect(),
        missing: whole.saturating_sub(held),
        expected_octets: None,
    }
}

fn stretch(stretch: &Stretch) -> wire::Stretch {
    wire::Stretch {
        first: stretch.first,
        last: stretch.last,
        level: signals::verification(stretch.level),
        unreadable: stretch.unreadable,
    }
}

/// How much the missing blocks are, by the measure of all that was received so far.
fn with_expected(coverage: wire::Coverage, received: u64) -> wire::Coverage {
    let blocks: u64 = coverage
        .stretches
        .iter()
        .map(|stretch| stretch.last.saturating_add(1).saturating_sub(stretch.first))
        .sum();
    let expected_octets = received
        .checked_div(blocks)
        .map(|each| each.saturating_mul(coverage.missing));
    wire::Coverage {
        expected_octets,
        ..coverage
    }
}
