//! A second opinion: whether another endpoint names the same block at the same height. Blocks are
//! linked by their hashes, so one opinion speaks for everything below it. Where two endpoints differ
//! for longer than a replacement takes, a third one decides; without one it is said that they differ.

use alloy_primitives::B256;
use parley_core::endpoint::{Event, Lie};

use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// How often two endpoints may differ before one of them must be wrong.
const PATIENCE: u32 = 3;

/// Two endpoints that name different blocks at a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dispute {
    height: u64,
    times: u32,
}

impl Parley {
    /// Asks for a second opinion where the newest block with a message has none.
    pub(super) async fn ask_witness(&self, connection: &Connection) -> Result<(), Broken> {
        if self.is_thrifty() || !self.with_store(|store| store.wants_witness()).await? {
            return Ok(());
        }
        let lead = connection.lead.url();
        let Some(second) = self.second(&[lead]).await? else {
            return Ok(());
        };
        let Some(tip) = self.with_store(|store| store.tip()).await? else {
            return Ok(());
        };
        let height = tip.number.min(second.newest.number);
        let Some(held) = self.with_store(move |store| store.hash_at(height)).await? else {
            return Ok(());
        };
        match self.opinion(&second, height).await? {
            None => Ok(()),
            Some(theirs) if theirs == held => self.agree(height, held, &second).await,
            Some(theirs) => self.differ(connection, &second, height, held, theirs).await,
        }
    }

    /// The hash that an endpoint names at a height.
    async fn opinion(&self, of: &Connection, height: u64) -> Result<Option<B256>, Broken> {
        if of.newest.number == height {
            return Ok(Some(of.newest.hash));
        }
        match of.lead.witness(height).await {
            Ok(hash) => Ok(hash),
            Err(why) => {
                let _ = self.blame(&of.lead, why);
                Ok(None)
            }
        }
    }

    async fn agree(&self, height: u64, hash: B256, second: &Connection) -> Result<(), Broken> {
        let (url, at) = (second.lead.url().to_owned(), self.now());
        self.with_store(move |store| store.witness(height, hash, &url, at))
            .await?;
        self.see(|seen| {
            seen.disputed = false;
            seen.dispute = Dispute::default();
        });
        self.say(parley_wire::Changed::Signals);
        Ok(())
    }

    async fn differ(
        &self,
        connection: &Connection,
        second: &Connection,
        height: u64,
        held: B256,
        theirs: B256,
    ) -> Result<(), Broken> {
        // The branch may just be changing: the next round looks again.
        let again = self.opinion(connection, height).await?;
        if again != Some(held) {
            return Ok(());
        }
        let times = self.count_dispute(height);
        if times < PATIENCE {
            return Ok(());
        }
        self.see(|seen| seen.disputed = true);
        let (lead, other) = (connection.lead.url(), second.lead.url());
        let Some(third) = self.second(&[lead, other]).await? else {
            return Ok(());
        };
        let outvoted = match self.opinion(&third, height).await? {
            Some(hash) if hash == held => other,
            Some(hash) if hash == theirs => lead,
            Some(_) | None => return Ok(()),
        };
        self.on_endpoint(outvoted, Event::Lied(Lie::Outvoted));
        self.see(|seen| seen.disputed = false);
        Ok(())
    }

    /// How often in a row, at this height or a later one.
    fn count_dispute(&self, height: u64) -> u32 {
        let mut times = 0;
        self.see(|seen| {
            seen.dispute = Dispute {
                height,
                times: seen.dispute.times.saturating_add(1),
            };
            times = seen.dispute.times;
        });
        times
    }
}
