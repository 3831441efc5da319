//! The first questions to an endpoint: whether it is for this network. The first block is pinned at
//! the first meeting, so that another chain with the same number is recognised; on networks that
//! Parley knows it is known before.

use alloy_primitives::B256;
use parley_chain::{Endpoint, Hello, ReadFailure};
use parley_core::chain::Header;
use parley_core::endpoint::{Event, Lie};
use parley_core::network::Preset;
use parley_wire::{Failure, OfflineReason};

use crate::connect::{Connection, offline};
use crate::parley::Parley;

impl Parley {
    /// The first time in a run an endpoint has to show which chain it is for; later its newest block
    /// is enough.
    pub(super) async fn greet(
        &self,
        endpoint: &Endpoint,
        greeted: bool,
    ) -> Result<Result<Connection, OfflineReason>, Failure> {
        let started = self.ms();
        let greeting = match Greeting::of(endpoint, greeted).await {
            Ok(greeting) => greeting,
            Err(why) => {
                let _ = self.blame(endpoint, why);
                return Ok(Err(offline(why)));
            }
        };
        let (chain_id, genesis) = (greeting.chain_id, greeting.genesis);
        let same = self
            .is_same_chain(chain_id, genesis, endpoint.url())
            .await?;
        if let Err((lie, reason)) = same {
            self.other_chain(endpoint.url(), lie);
            return Ok(Err(reason));
        }
        if !greeted && self.contradicts_checkpoint(endpoint).await {
            self.on_endpoint(endpoint.url(), Event::Lied(Lie::OtherCheckpoint));
            return Ok(Err(OfflineReason::ChainReset));
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
        }))
    }

    /// Whether it has another block where one is known of this network. One that has none there keeps
    /// no old blocks, which is no lie.
    async fn contradicts_checkpoint(&self, endpoint: &Endpoint) -> bool {
        let Some((height, hash)) = self.inner.preset.and_then(|preset| preset.checkpoint) else {
            return false;
        };
        match endpoint.header(height).await {
            Ok(Some(header)) => header.hash != hash,
            Ok(None) | Err(_) => false,
        }
    }

    /// On a public network that is a lie, and also where two others are on the right chain. A lone
    /// local one may just have been started anew, or its address typed wrongly: it is asked again.
    pub(crate) fn other_chain(&self, url: &str, lie: Lie) {
        let public = self
            .inner
            .preset
            .is_some_and(|preset| preset.genesis.is_some());
        let outvoted = self.pool().greeted_beside(url) >= 2;
        let event = if public || outvoted {
            Event::Lied(lie)
        } else {
            Event::Failed {
                retry_after_ms: None,
            }
        };
        self.on_endpoint(url, event);
    }

    /// Whether what an endpoint says of itself fits this network.
    pub(crate) async fn fits(
        &self,
        hello: &Hello,
        url: &str,
    ) -> Result<Result<(), OfflineReason>, Failure> {
        let met = self
            .with_store(|store| Ok(store.profile()?.genesis.is_some()))
            .await?;
        let public = self
            .inner
            .preset
            .is_some_and(|known| known.genesis.is_some());
        // Trying changes nothing, so it pins nothing.
        let genesis = Some(hello.genesis).filter(|_| met || public);
        let same = self.is_same_chain(hello.chain_id, genesis, url).await?;
        Ok(same.map_err(|(_, reason)| reason))
    }

    /// Whether this is the chain of this network; the first block of its first meeting is pinned.
    pub(crate) async fn is_same_chain(
        &self,
        chain_id: u64,
        genesis: Option<B256>,
        url: &str,
    ) -> Result<Result<(), (Lie, OfflineReason)>, Failure> {
        let wanted = self.inner.profile.chain_id;
        if chain_id != wanted {
            let found = chain_id;
            return Ok(Err((Lie::OtherChain, OfflineReason::WrongChain { found })));
        }
        let Some(genesis) = genesis else {
            return Ok(Ok(()));
        };
        let known = self.inner.preset.and_then(|preset: &Preset| preset.genesis);
        let other = Err((Lie::OtherGenesis, OfflineReason::ChainReset));
        if known.is_some_and(|known| known != genesis) {
            return Ok(other);
        }
        let pinned = self
            .with_store(|store| Ok(store.profile()?.genesis))
            .await?;
        let first = match pinned {
            Some(first) => first,
            None => self.pin_first(genesis, url).await?,
        };
        Ok(if first == genesis { Ok(()) } else { other })
    }

    /// At the first meeting of all nobody knows the first block: what most endpoints name is kept for
    /// ever, so that one alone cannot shut the others out.
    async fn pin_first(&self, named: B256, url: &str) -> Result<B256, Failure> {
        let mut votes = vec![named];
        for (other, _) in self.usable() {
            if other.url() == url {
                continue;
            }
            // Whoever does not answer has no say; that is noted when it is greeted itself.
            let hello = other.hello().await.ok();
            let fitting = hello.filter(|hello| hello.chain_id == self.inner.profile.chain_id);
            votes.extend(fitting.map(|hello| hello.genesis));
        }
        let first = most_named(&votes).unwrap_or(named);
        self.with_store(move |store| store.pin_genesis(first))
            .await?;
        Ok(first)
    }
}

/// What an endpoint says of itself; its first block only at the first meeting.
struct Greeting {
    chain_id: u64,
    genesis: Option<B256>,
    newest: Header,
    amsterdam: bool,
}

impl Greeting {
    async fn of(endpoint: &Endpoint, greeted: bool) -> Result<Self, ReadFailure> {
        if !greeted {
            return endpoint.hello().await.map(Self::from);
        }
        let seen = endpoint.check_in().await?;
        Ok(Self {
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
        }
    }
}

/// What most name; of several, what was named first.
fn most_named(votes: &[B256]) -> Option<B256> {
    let count = |hash: &B256| votes.iter().filter(|vote| *vote == hash).count();
    let most = votes.iter().map(count).max()?;
    votes.iter().find(|vote| count(vote) == most).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_decide_and_of_equals_the_first() {
        let [a, b, c] = [1, 2, 3].map(B256::with_last_byte);
        assert_eq!(most_named(&[a, b, b]), Some(b));
        assert_eq!(most_named(&[a, b]), Some(a));
        assert_eq!(most_named(&[c]), Some(c));
        assert_eq!(most_named(&[]), None);
    }
}
