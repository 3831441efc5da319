//! Follow mode for thin links: only the blocks in which followed accounts sent something. Their
//! counts of transactions are asked for; where one grew, halving finds the blocks, which are fetched
//! and recomputed whole. The endpoint learns who is followed; it can hide, not forge.

use alloy_primitives::Address;
use parley_store::Followed;
use parley_wire::Changed;

use super::fetch::linked;
use crate::broken::Broken;
use crate::connect::Connection;
use crate::parley::Parley;

/// An account's count of transactions at two heights.
#[derive(Clone, Copy)]
struct Span {
    account: Address,
    low: u64,
    low_count: u64,
    high: u64,
    high_count: u64,
}

impl Parley {
    /// Looks whether followed accounts sent something. Whether all of it was found.
    pub(super) async fn receive_followed(&self, connection: &Connection) -> Result<bool, Broken> {
        self.leave_replaced(connection).await?;
        let followed = self.with_store(|store| store.followed()).await?;
        let head = connection.newest.number;
        let asked: Vec<_> = followed
            .iter()
            .map(|one| (one.account, Some(head)))
            .collect();
        let lead = &connection.lead;
        let counts = lead
            .nonces_at(&asked)
            .await
            .map_err(|why| self.blame(lead, why))?;
        let mut all = true;
        for (one, count) in followed.iter().zip(counts) {
            let Some(count) = count else {
                all = false;
                continue;
            };
            all &= self.catch_up(connection, one, head, count).await?;
        }
        Ok(all)
    }

    /// Fetches the blocks in which one account sent something since it was last looked at.
    async fn catch_up(
        &self,
        connection: &Connection,
        one: &Followed,
        head: u64,
        count: u64,
    ) -> Result<bool, Broken> {
        let account = one.account;
        if let Some(low) = one.looked_to
            && low < head
        {
            let low_count = match one.count {
                Some(count) => Some(count),
                None => self.count_at(connection, account, low).await?,
            };
            let Some(low_count) = low_count else {
                return Ok(false);
            };
            let span = Span {
                account,
                low,
                low_count,
                high: head,
                high_count: count,
            };
            let Some(blocks) = self.blocks_of(connection, span).await? else {
                return Ok(false);
            };
            for number in blocks {
                if !self.fetch_alone(connection, number).await? {
                    return Ok(false);
                }
            }
        }
        self.with_store(move |store| store.looked_at(account, head, count))
            .await?;
        Ok(true)
    }

    /// The heights at which the count grew, oldest first; `None` where the endpoint no longer knows.
    async fn blocks_of(
        &self,
        connection: &Connection,
        whole: Span,
    ) -> Result<Option<Vec<u64>>, Broken> {
        let mut found = Vec::new();
        let mut open = vec![whole];
        while let Some(span) = open.pop() {
            if span.high_count == span.low_count {
                continue;
            }
            if span.high <= span.low.saturating_add(1) {
                found.push(span.high);
                continue;
            }
            let middle = span.low + (span.high - span.low) / 2;
            let Some(count) = self.count_at(connection, span.account, middle).await? else {
                return Ok(None);
            };
            open.push(Span {
                low: middle,
                low_count: count,
                ..span
            });
            open.push(Span {
                high: middle,
                high_count: count,
                ..span
            });
        }
        found.sort_unstable();
        Ok(Some(found))
    }

    /// How many transactions an account had at a height; `None` where the endpoint does not know.
    async fn count_at(
        &self,
        connection: &Connection,
        account: Address,
        height: u64,
    ) -> Result<Option<u64>, Broken> {
        let lead = &connection.lead;
        let asked = lead.nonces_at(&[(account, Some(height))]).await;
        let asked = asked.map_err(|why| self.blame(lead, why))?;
        Ok(asked.first().copied().flatten())
    }

    /// One block by itself.
    async fn fetch_alone(&self, connection: &Connection, number: u64) -> Result<bool, Broken> {
        if self.with_store(move |store| store.covers(number)).await? {
            return Ok(true);
        }
        let blocks = linked(None, self.fetch(&connection.lead, number, 1).await?);
        let came = !blocks.is_empty();
        self.take(None, blocks).await?;
        Ok(came)
    }

    /// Blocks that were replaced since are left, and their accounts looked at again from there on.
    async fn leave_replaced(&self, connection: &Connection) -> Result<(), Broken> {
        let open = self.with_store(|store| store.not_final()).await?;
        for held in open.iter().rev() {
            if held.number > connection.newest.number {
                continue;
            }
            let theirs = self.header_at(connection, held.number).await?;
            if theirs.hash == held.hash {
                continue;
            }
            let number = held.number;
            self.with_store(move |store| {
                store.leave(number..=number)?;
                store.look_again_from(number)
            })
            .await?;
            self.say(Changed::Signals);
            self.say(Changed::Outbox);
        }
        Ok(())
    }
}
