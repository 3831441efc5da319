//! Receiving: whole blocks from where it stopped, each on the one before, until the endpoint's head.
//! A branch that was left is left in the same commit that takes the other one.

use alloy_primitives::B256;
use parley_chain::{Block, Endpoint, ReadFailure, Tag};
use parley_core::chain::{self, Header, Step};
use parley_store::{ChainChange, ScannedBlock, Seen};
use parley_wire::{Changed, Failure, OfflineReason};

use crate::connect::{Connection, offline};
use crate::parley::Parley;

/// Blocks in one request, and so in one commit.
const BATCH: u64 = 16;
/// On chains that name no final block: one this deep is taken for final.
const DEPTH: u64 = 64;

/// Why receiving stopped early.
pub(crate) enum Broken {
    /// The store failed.
    Store(Failure),
    /// The endpoint is not usable now.
    Offline(OfflineReason),
}

impl From<ReadFailure> for Broken {
    fn from(failure: ReadFailure) -> Self {
        Self::Offline(offline(failure))
    }
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Store(failure)
    }
}

impl Parley {
    /// Takes everything up to the head that the endpoint named. Whether that was reached.
    pub(crate) async fn receive(&self, connection: &Connection) -> Result<bool, Broken> {
        let mut fork = self.fork(connection).await?;
        loop {
            let tip = match fork {
                Some(height) => self.with_store(move |store| store.header(height)).await?,
                None => self.with_store(|store| store.tip()).await?,
            };
            let next = tip.map_or(0, |tip| tip.number.saturating_add(1));
            let missing = connection.head.saturating_add(1).saturating_sub(next);
            if missing == 0 && fork.is_none() {
                self.settle(&connection.endpoint).await?;
                return Ok(true);
            }
            let chain_id = self.inner.profile.chain_id;
            let blocks = fetch(&connection.endpoint, next, missing.min(BATCH), chain_id).await?;
            let linked = linked(tip, blocks);
            if linked.is_empty() && fork.is_none() {
                // The endpoint changed its mind meanwhile: the next round looks again.
                return Ok(false);
            }
            self.append(fork.take(), linked).await?;
        }
    }

    /// The height of the last block that both sides have, where the endpoint has left our branch.
    async fn fork(&self, connection: &Connection) -> Result<Option<u64>, Broken> {
        let Some(mut tip) = self.with_store(|store| store.tip()).await? else {
            return Ok(None);
        };
        let newest = tip.number;
        let finalized = self.with_store(|store| store.finality()).await?.finalized;
        // A shorter chain at the endpoint may only lag; only another block at a height shows.
        if connection.head < tip.number {
            let height = connection.head;
            let Some(held) = self.with_store(move |store| store.header(height)).await? else {
                return Ok(None);
            };
            tip = held;
        }
        loop {
            let asked = connection.endpoint.header(tip.number).await?;
            let next = asked.ok_or(Broken::Offline(OfflineReason::BadAnswer))?;
            match chain::step(Some(&tip), next.hash == tip.hash, finalized, &next) {
                Step::Idle
                    if tip.number == newest
                        || connection.head < newest && tip.number == connection.head =>
                {
                    return Ok(None);
                }
                Step::Idle | Step::Append | Step::Fetch(_) => return Ok(Some(tip.number)),
                Step::TooDeep => return Err(Broken::Offline(OfflineReason::Contradiction)),
                Step::DropTip => {
                    let height = tip.number.saturating_sub(1);
                    let held = self.with_store(move |store| store.header(height)).await?;
                    tip = held.ok_or(Broken::Offline(OfflineReason::Contradiction))?;
                }
            }
        }
    }

    async fn append(&self, fork: Option<u64>, blocks: Vec<Block>) -> Result<(), Failure> {
        let news = fork.is_some() || blocks.iter().any(|block| !block.messages.is_empty());
        let change = ChainChange {
            drop_from: fork.map(|height| height.saturating_add(1)),
            append: blocks.into_iter().map(scanned).collect(),
            safe: None,
            finalized: None,
        };
        self.with_store(move |store| store.advance(&change)).await?;
        if news {
            self.say(Changed::Signals);
            self.say(Changed::Outbox);
        }
        self.say(Changed::Status);
        Ok(())
    }

    /// Asks how far the chain is safe and final, and keeps it where it is about blocks held here.
    async fn settle(&self, endpoint: &Endpoint) -> Result<(), Broken> {
        let safe = endpoint.tagged(Tag::Safe).await?;
        let finalized = endpoint.tagged(Tag::Finalized).await?;
        let changed = self
            .with_store(move |store| {
                let Some(tip) = store.tip()? else {
                    return Ok(false);
                };
                let deep = tip.number.checked_sub(DEPTH);
                let before = store.finality()?;
                let change = ChainChange {
                    safe: held(store, safe)?.or(deep),
                    finalized: held(store, finalized)?.or(deep.filter(|_| finalized.is_none())),
                    ..ChainChange::default()
                };
                store.advance(&change)?;
                Ok(store.finality()? != before)
            })
            .await?;
        if changed {
            self.say(Changed::Outbox);
            self.say(Changed::Signals);
        }
        Ok(())
    }
}

/// A tagged block's height, when it is the block that is held at that height.
fn held(
    store: &parley_store::Store,
    tagged: Option<(u64, B256)>,
) -> Result<Option<u64>, parley_store::StoreError> {
    let Some((number, hash)) = tagged else {
        return Ok(None);
    };
    let header = store.header(number)?;
    Ok(header
        .filter(|header| header.hash == hash)
        .map(|header| header.number))
}

/// As many blocks as fit into an answer.
async fn fetch(
    endpoint: &Endpoint,
    first: u64,
    count: u64,
    chain_id: u64,
) -> Result<Vec<Block>, ReadFailure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let fetched = match endpoint.blocks(first, count, chain_id, None).await {
        Err(ReadFailure::TooLarge) if count > 1 => endpoint.blocks(first, 1, chain_id, None).await,
        other => other,
    };
    fetched.map(|fetched| fetched.blocks)
}

/// The blocks that follow each other from the tip on.
fn linked(tip: Option<Header>, blocks: Vec<Block>) -> Vec<Block> {
    let mut last = tip;
    let mut kept = Vec::with_capacity(blocks.len());
    for block in blocks {
        if chain::step(last.as_ref(), false, None, &block.header) != Step::Append {
            break;
        }
        last = Some(block.header);
        kept.push(block);
    }
    kept
}

fn scanned(block: Block) -> ScannedBlock {
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
    ScannedBlock {
        header: block.header,
        level: block.level,
        messages: messages.collect(),
    }
}
