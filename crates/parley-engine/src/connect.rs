//! Finding an endpoint that answers for the right chain: only then is there a connection. The first
//! block is pinned at the first meeting, so that a reset chain with the same number is recognised.

use std::time::Duration;

use alloy_primitives::U256;
use parley_chain::{Endpoint, Hello, ReadFailure};
use parley_core::network::NetworkKind;
use parley_wire::{Failure, Link, OfflineReason};

use crate::parley::Parley;

/// How long a command that only wants to tell the person something waits for an endpoint.
const GLANCE: Duration = Duration::from_secs(3);

/// An endpoint that has just answered for the right chain.
pub(crate) struct Connection {
    pub(crate) endpoint: Endpoint,
    pub(crate) head: u64,
}

impl Parley {
    /// Looks for a connection, and keeps what was found for everyone to see.
    pub(crate) async fn connect(&self) -> Result<Result<Connection, OfflineReason>, Failure> {
        // Public networks need gas rules, finality and second opinions that are not built yet.
        if self.inner.kind != NetworkKind::Exercise {
            self.lost(OfflineReason::NotInThisVersion);
            return Ok(Err(OfflineReason::NotInThisVersion));
        }
        let mut reason = OfflineReason::NoEndpoint;
        for url in &self.inner.profile.rpc {
            match self.try_endpoint(url).await? {
                Ok(connection) => {
                    let head = connection.head;
                    self.see(|seen| {
                        seen.link = Link::Online;
                        seen.head = Some(head);
                    });
                    return Ok(Ok(connection));
                }
                Err(why) => reason = why,
            }
        }
        self.lost(reason);
        Ok(Err(reason))
    }

    /// There is no connection, for this reason.
    pub(crate) fn lost(&self, reason: OfflineReason) {
        self.see(|seen| seen.link = Link::Offline { reason });
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
            self.read_balance(&connection.endpoint)
                .await
                .unwrap_or_default();
            Ok(())
        };
        if let Ok(result) = tokio::time::timeout(GLANCE, look).await {
            return result;
        }
        self.lost(OfflineReason::Unreachable);
        Ok(())
    }

    pub(crate) async fn read_balance(&self, endpoint: &Endpoint) -> Result<U256, ReadFailure> {
        let balance = endpoint.balance(self.inner.profile.address).await?;
        self.see(|seen| seen.balance = Some(balance));
        Ok(balance)
    }

    async fn try_endpoint(&self, url: &str) -> Result<Result<Connection, OfflineReason>, Failure> {
        let Ok(endpoint) = Endpoint::new(url) else {
            return Ok(Err(OfflineReason::NoEndpoint));
        };
        let hello = match endpoint.hello().await {
            Ok(hello) => hello,
            Err(failure) => return Ok(Err(offline(failure))),
        };
        let wanted = self.inner.profile.chain_id;
        if hello.chain_id != wanted {
            return Ok(Err(OfflineReason::WrongChain {
                found: hello.chain_id,
            }));
        }
        if !self.is_same_chain(&hello).await? {
            return Ok(Err(OfflineReason::ChainReset));
        }
        Ok(Ok(Connection {
            endpoint,
            head: hello.head,
        }))
    }

    async fn is_same_chain(&self, hello: &Hello) -> Result<bool, Failure> {
        let genesis = hello.genesis;
        self.with_store(move |store| match store.profile()?.genesis {
            Some(pinned) => Ok(pinned == genesis),
            None => store.pin_genesis(genesis).map(|()| true),
        })
        .await
    }
}

/// What a failed question says about the connection.
pub(crate) fn offline(failure: ReadFailure) -> OfflineReason {
    match failure {
        ReadFailure::Unreachable | ReadFailure::Busy { .. } | ReadFailure::BadClock => {
            OfflineReason::Unreachable
        }
        ReadFailure::NotAnEndpoint
        | ReadFailure::BadAnswer
        | ReadFailure::TooLarge
        | ReadFailure::Refused => OfflineReason::BadAnswer,
    }
}
