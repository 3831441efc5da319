//! Follow mode for thin links: only the blocks in which followed accounts sent something. Their
//! counts of transactions are asked for; where one grew, halving finds the blocks, which are fetched
//! and recomputed whole. The endpoint learns who is followed; it can hide, not forge.

use alloy_primitives::Address;
use parley_store::Followed;
use parley_wire::Changed;

use super::fetch::linked;
use super::settle::DEPTH;
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

/// What was just asked about one account.
#[derive(Clone, Copy)]
struct Asked {
    head: u64,
    /// Its transactions up to there.
    count: u64,
    /// Another endpoint was asked before.
    doubted: bool,
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
        let by = lead.url().to_owned();
        let doubted = self.counted_by().as_ref() != Some(&by);
        let mut all = true;
        for (one, count) in followed.iter().zip(counts) {
            let Some(count) = count else {
                all = false;
                continue;
            };
            let asked = Asked {
                head,
                count,
                doubted,
            };
            all &= self.catch_up(connection, one, asked).await?;
        }
        if all {
            *self.counted_by() = Some(by);
        }
        Ok(all)
    }

    /// Fetches the blocks in which one account sent something since it was last looked at.
    async fn catch_up(
        &self,
        connection: &Connection,
        one: &Followed,
        asked: Asked,
    ) -> Result<bool, Broken> {
        let account = one.account;
        let Asked { head, count, .. } = asked;
        if let Some(low) = one.looked_to
            && low < head
        {
            let known = self
                .known_below(connection, one, low, asked.doubted)
                .await?;
            let Some((low, low_count)) = known else {
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

    /// Up to where nothing is hidden, and the count there. What another endpoint counted may be less
    /// than there was: then the heights below are gone back over, as far as this one knows them.
    async fn known_below(
        &self,
        connection: &Connection,
        one: &Followed,
        low: u64,
        doubted: bool,
    ) -> Result<Option<(u64, u64)>, Broken> {
        let before = match one.count {
            Some(count) if !doubted => return Ok(Some((low, count))),
            before => before,
        };
        let Some(count) = self.count_at(connection, one.account, low).await? else {
            // It does not know blocks so old; what was counted there is all there is.
            return Ok(before.map(|count| (low, count)));
        };
        let mut known = (low, count);
        let mut back = 1_u64;
        while before.is_some_and(|before| known.1 > before)
            && let Some(height) = low.checked_sub(back)
            && let Some(count) = self.count_at(connection, one.account, height).await?
        {
            known = (height, count);
            back = back.saturating_mul(2);
        }
        Ok(Some(known))
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

    /// Blocks that were replaced since are left, and accounts looked at again from where branches may have
    /// parted.
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
            // What was in it may be in a lower block of the other branch.
            let lowest = number.saturating_sub(DEPTH);
            self.with_store(move |store| {
                store.leave(number..=number)?;
                store.look_again_from(lowest)
            })
            .await?;
            self.say(Changed::Signals);
            self.say(Changed::Outbox);
        }
        Ok(())
    }
}
