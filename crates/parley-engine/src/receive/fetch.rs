//! Blocks from an endpoint, as many at once as it serves in good time, and what is kept of them.

use std::ops::RangeInclusive;

use alloy_primitives::B256;
use parley_chain::{Block, Endpoint, Given, ReadFailure};
use parley_core::chain::{self, Header, Step};
use parley_core::endpoint::{Event, Lie};
use parley_core::verification::Verification;
use parley_store::{ChainChange, OwnUse, ScannedBlock, Seen};
use parley_wire::{Changed, Failure, OfflineReason};

use crate::broken::Broken;
use crate::connect::Connection;
use crate::failure;
use crate::parley::Parley;

/// No branch of a chain changes so far below its newest block between two questions.
const DEEP: u64 = 4;
/// An answer that takes so long, milliseconds, counts among how long an endpoint takes.
const SLOW_MS: u64 = 10_000;

impl Parley {
    /// How many blocks to ask for at once.
    pub(super) fn pace(&self) -> u64 {
        u64::from(self.lock_pace().blocks())
    }

    /// Blocks from `first` on, at most `count`. When they are too much for one answer fewer are asked
    /// for, down to a single one.
    pub(super) async fn fetch(
        &self,
        endpoint: &Endpoint,
        first: u64,
        count: u64,
    ) -> Result<Vec<Block>, Broken> {
        let mut count = count;
        loop {
            if let Some(given) = self.ask(endpoint, first, count).await? {
                let blocks = self.look_into(endpoint, given).await?;
                return self.read_better(endpoint, blocks).await;
            }
            count /= 2;
        }
    }

    /// Blocks up to `last`, as many as are asked for at once and none below `low`, not looked into.
    pub(super) async fn ask_below(
        &self,
        endpoint: &Endpoint,
        part: RangeInclusive<u64>,
    ) -> Result<(u64, Given), Broken> {
        let (low, last) = part.into_inner();
        let mut most = self.pace();
        loop {
            let first = last.saturating_add(1).saturating_sub(most).max(low);
            let count = last.saturating_add(1).saturating_sub(first);
            most = count / 2;
            if let Some(given) = self.ask(endpoint, first, count).await? {
                return Ok((first, given));
            }
        }
    }

    /// `None` where they are too much for one answer; a single block never is.
    async fn ask(
        &self,
        endpoint: &Endpoint,
        first: u64,
        count: u64,
    ) -> Result<Option<Given>, Broken> {
        let started = self.ms();
        match endpoint.given_blocks(first, count).await {
            Ok(given) => {
                let took = self.ms().saturating_sub(started);
                let bytes = usize::try_from(given.bytes()).unwrap_or(usize::MAX);
                if given.is_whole() {
                    self.lock_pace().answered(bytes, took);
                }
                // Who greets at once and gives blocks slowly would lead for ever.
                if took >= SLOW_MS {
                    let latency_ms = u32::try_from(took).unwrap_or(u32::MAX);
                    self.on_endpoint(endpoint.url(), Event::Answered { latency_ms });
                }
                Ok(Some(given))
            }
            Err(ReadFailure::TooLarge | ReadFailure::Refused) if count > 1 => {
                self.lock_pace().too_much();
                Ok(None)
            }
            Err(why) => {
                self.lock_pace().too_much();
                Err(self.blame(endpoint, why))
            }
        }
    }

    /// Recomputes blocks, off the async threads: it is work, and others come meanwhile.
    pub(super) async fn look_into(
        &self,
        endpoint: &Endpoint,
        given: Given,
    ) -> Result<Vec<Block>, Broken> {
        let (chain_id, own) = (self.inner.profile.chain_id, self.inner.profile.address);
        let job = tokio::task::spawn_blocking(move || given.verified(chain_id, Some(own)));
        match job.await {
            Ok(Ok(blocks)) => Ok(blocks),
            Ok(Err(why)) => {
                self.lock_pace().too_much();
                Err(self.blame(endpoint, why))
            }
            Err(_) => Err(failure::broken_off().into()),
        }
    }

    /// Whether the endpoint's own block at a height follows its own block below, as it was `given`. Where it does not, the
    /// endpoint is left alone for now; deep below its newest block, where no branch changes between two
    /// questions, it lies.
    pub(super) async fn check_link(
        &self,
        connection: &Connection,
        height: u64,
        given: Option<B256>,
    ) -> Result<(), Broken> {
        let Some(below) = height
            .checked_sub(1)
            .filter(|_| height <= connection.newest.number)
        else {
            return Ok(());
        };
        let low = self.header_at(connection, below).await?;
        let high = self.header_at(connection, height).await?;
        if high.parent == low.hash && given.is_none_or(|given| given == low.hash) {
            return Ok(());
        }
        let deep = height.saturating_add(DEEP) <= connection.newest.number;
        let event = if deep {
            Event::Lied(Lie::FalseHeader)
        } else {
            Event::Failed {
                retry_after_ms: None,
            }
        };
        self.on_endpoint(connection.lead.url(), event);
        Err(Broken::Offline(OfflineReason::BadAnswer))
    }

    /// Where an endpoint gives transactions that cannot be read, another one may give the same blocks
    /// so that they can: then the first one hides what is in them.
    pub(super) async fn read_better(
        &self,
        endpoint: &Endpoint,
        blocks: Vec<Block>,
    ) -> Result<Vec<Block>, Broken> {
        let unclear = |block: &Block| block.level < Verification::Block;
        let Some(first) = blocks.iter().find(|block| unclear(block)) else {
            return Ok(blocks);
        };
        if self.is_thrifty() || self.nobody_reads_all() {
            return Ok(blocks);
        }
        let now_ms = self.ms();
        self.search().begin_anew(now_ms);
        let Some(second) = self.second(&[endpoint.url()]).await? else {
            return Ok(blocks);
        };
        let (chain_id, own) = (self.inner.profile.chain_id, self.inner.profile.address);
        let from = first.header.number;
        let count = blocks
            .iter()
            .filter(|block| block.header.number >= from)
            .count() as u64;
        let Ok(better) = second.lead.blocks(from, count, chain_id, Some(own)).await else {
            return Ok(blocks);
        };
        // Its hash says all of it, whatever else is said beside an unclear one.
        let there = |block: &Block| {
            let mut theirs = better.blocks.iter();
            theirs.find(|other| other.header.hash == block.header.hash)
        };
        let mut same = blocks
            .iter()
            .filter(|block| unclear(block))
            .filter_map(there);
        if same.clone().any(|other| !unclear(other)) {
            self.hid(&[endpoint.url().to_owned()]);
            return Err(Broken::Offline(OfflineReason::BadAnswer));
        }
        // This chain has transactions of forms of its own.
        if same.next().is_some() {
            self.give_up_reading_all();
        }
        Ok(blocks)
    }

    /// Keeps blocks that were taken from `endpoint`, after leaving others where `drop_from` says so.
    pub(super) async fn take(
        &self,
        drop_from: Option<u64>,
        blocks: Vec<Block>,
    ) -> Result<(), Failure> {
        let news = drop_from.is_some() || blocks.iter().any(|block| !block.messages.is_empty());
        let change = ChainChange {
            drop_from,
            apart: true,
            blocks: blocks.into_iter().map(scanned).collect(),
            ..ChainChange::default()
        };
        self.with_store(move |store| store.advance(&change)).await?;
        self.tell_kept(news);
        Ok(())
    }

    /// Tells that blocks were kept, and whether anything in them matters.
    pub(super) fn tell_kept(&self, news: bool) {
        if news {
            self.say(Changed::Signals);
            self.say(Changed::Outbox);
        }
        self.say(Changed::Status);
    }
}

/// The blocks that follow each other, from `below` on where that is known.
pub(super) fn linked(below: Option<Header>, blocks: Vec<Block>) -> Vec<Block> {
    let mut last = below;
    let mut kept = Vec::with_capacity(blocks.len());
    for block in blocks {
        let follows = last.is_none_or(|last| {
            chain::step(Some(&last), false, None, &block.header) == Step::Append
        });
        if !follows {
            break;
        }
        last = Some(block.header);
        kept.push(block);
    }
    kept
}

pub(super) fn scanned(block: Block) -> ScannedBlock {
    if block.unreadable > 0 {
        tracing::warn!(
            block = block.header.number,
            transactions = block.unreadable,
            "transactions of an unknown form: Whiteflag messages in them cannot be read"
        );
    }
    let messages = block.messages.into_iter().map(|found| Seen {
        hash: found.hash,
        index: found.index,
        originator: found.originator,
        input: found.input,
    });
    let own = block.own.into_iter().map(|used| OwnUse {
        nonce: used.nonce,
        hash: used.hash,
        index: used.index,
    });
    ScannedBlock {
        header: block.header,
        level: block.level,
        messages: messages.collect(),
        own: own.collect(),
        unreadable: block.unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(number: u64, hash: u8, parent: u8) -> Block {
        Block {
            header: Header {
                number,
                hash: B256::with_last_byte(hash),
                parent: B256::with_last_byte(parent),
                time: number,
            },
            level: Verification::Block,
            messages: Vec::new(),
            own: Vec::new(),
            unreadable: 0,
        }
    }

    #[test]
    fn blocks_are_kept_as_far_as_each_follows_the_one_before() {
        let (one, two, four) = (block(1, 1, 0), block(2, 2, 1), block(4, 4, 3));
        let apart = block(3, 3, 9);
        let kept = |below, blocks: &[&Block]| {
            let blocks = blocks.iter().copied().cloned().collect();
            linked(below, blocks).len()
        };
        assert_eq!(kept(None, &[&one, &two]), 2);
        assert_eq!(kept(None, &[&one, &two, &apart, &four]), 2);
        assert_eq!(kept(None, &[&two, &four]), 1, "one is missing between");
        assert_eq!(kept(Some(one.header), &[&two]), 1);
        assert_eq!(kept(Some(four.header), &[&two]), 0);
    }
}
