//! Where receiving begins: block 0 of an exercise network, a day before the first connection on a
//! public one, or what the person chose. Found once and kept, so no endpoint alone may say it.

use parley_core::network::NetworkKind;
use parley_wire::{Changed, Start};

use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;
use crate::settings;

/// What a public network is received from at first, seconds before its newest block.
const USUAL: u64 = 24 * 60 * 60;

impl Parley {
    /// The first block that is received.
    pub(super) async fn first_block(&self, connection: &Connection) -> Result<u64, Broken> {
        if let Some(first) = self
            .with_store(|store| settings::first_block(store))
            .await?
        {
            return Ok(first);
        }
        let mut named = vec![self.first_by(connection).await?];
        for other in self.others(&[connection.lead.url()]).await?.iter().take(2) {
            match self.first_by(other).await {
                Ok(first) => named.push(first),
                Err(Broken::Offline(_)) => {}
                Err(broken) => return Err(broken),
            }
        }
        let first = lower_middle(named);
        self.with_store(move |store| settings::keep_first_block(store, first))
            .await?;
        self.say(Changed::Network);
        Ok(first)
    }

    /// Where receiving begins by the word of one endpoint.
    async fn first_by(&self, connection: &Connection) -> Result<u64, Broken> {
        let newest = connection.newest;
        Ok(match self.chosen().start {
            Start::Usual if self.inner.kind == NetworkKind::Exercise => 0,
            Start::Usual => {
                let since = newest.time.saturating_sub(USUAL);
                self.block_at(connection, since).await?
            }
            Start::Now => newest.number,
            Start::Time { since } => self.block_at(connection, since).await?,
            Start::Block { number } => number.min(newest.number),
        })
    }

    /// The first block of this time or later, by halving.
    async fn block_at(&self, connection: &Connection, since: u64) -> Result<u64, Broken> {
        let (mut low, mut high) = (0, connection.newest.number);
        if connection.newest.time <= since {
            return Ok(high);
        }
        // Blocks come at an even pace, so a first guess is near; then it is halved.
        let seconds = self.inner.preset.map_or(0, |preset| preset.block_seconds);
        if let Some(back) = connection
            .newest
            .time
            .saturating_sub(since)
            .checked_div(seconds)
        {
            let margin = back / 50 + 8;
            let guess = high.saturating_sub(back.saturating_add(margin));
            if self.header_at(connection, guess).await?.time < since {
                low = guess;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.header_at(connection, middle).await?.time < since {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

/// Of three, what neither of the others can be moved past by one that lies; of two the lower: nothing is
/// missed then.
fn lower_middle(mut named: Vec<u64>) -> u64 {
    named.sort_unstable();
    let middle = named.len().saturating_sub(1) / 2;
    named.get(middle).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alone_moves_the_beginning_neither_up_nor_down_and_of_two_the_lower_counts() {
        assert_eq!(lower_middle(vec![900, 10, 11]), 11);
        assert_eq!(lower_middle(vec![10, 0, 11]), 10);
        assert_eq!(lower_middle(vec![900, 10]), 10);
        assert_eq!(lower_middle(vec![7]), 7);
    }
}
