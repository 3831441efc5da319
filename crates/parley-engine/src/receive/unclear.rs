//! Blocks that could not be recomputed when they came. They are asked for again, of everyone, until
//! one endpoint gives them so that they can be; whoever gave the same block otherwise hid what is in
//! it. One block is tried at a time, ever more seldom while nobody helps, and more at once as soon as
//! somebody does. It takes no block that is not held.

use std::ops::RangeInclusive;

use parley_chain::{Block, Endpoint};
use parley_core::endpoint::{Event, Lie};
use parley_core::verification::Verification;
use parley_store::{Conflict, StoreError};
use parley_wire::Failure;

use super::fetch::{linked, scanned};
use super::rest::Rest;
use crate::broken::Broken;
use crate::parley::Parley;

/// So many parts are asked for at most between two looks at what is new.
const PARTS: u32 = 4;
/// So many endpoints are asked for the same block.
const ASKED: usize = 5;
/// Above every block.
const TOP: u64 = i64::MAX as u64;

/// Where the search has come to. What lies below a height comes next, and after that the newest again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    rest: Rest,
    /// Blocks with messages are searched apart from the others, in turn with them.
    found: bool,
    below_found: u64,
    below_any: u64,
    /// How many blocks to ask for at once.
    size: u64,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            rest: Rest::default(),
            found: true,
            below_found: TOP,
            below_any: TOP,
            size: 1,
        }
    }
}

impl Search {
    /// Blocks came that could not be recomputed, although another endpoint was asked for them.
    pub(crate) fn begin_anew(&mut self, now_ms: u64) {
        (self.below_found, self.below_any) = (TOP, TOP);
        self.rest.shorten(now_ms);
    }

    fn below(self, found: bool) -> u64 {
        if found {
            self.below_found
        } else {
            self.below_any
        }
    }

    fn cleared(&mut self, most: u64) {
        self.rest.fruitful();
        self.size = self.size.saturating_mul(2).min(most);
    }

    fn not_cleared(&mut self, wanted: &Wanted, now_ms: u64) {
        let below = if wanted.found {
            &mut self.below_found
        } else {
            &mut self.below_any
        };
        *below = *wanted.blocks.end();
        (self.found, self.size) = (!wanted.found, 1);
        self.rest.fruitless(now_ms);
    }
}

/// Blocks to ask for, the newest of them first of all.
struct Wanted {
    blocks: RangeInclusive<u64>,
    /// It was chosen because there is a message in it.
    found: bool,
}

impl Parley {
    /// Asks for some of the blocks that could not be recomputed, if it is time to.
    pub(super) async fn clear_up(&self) -> Result<(), Failure> {
        for _ in 0..PARTS {
            let search = *self.search();
            if !search.rest.is_over(self.ms()) {
                return Ok(());
            }
            let Some(wanted) = self.wanted(search).await? else {
                return Ok(());
            };
            let cleared = self.clear(wanted.blocks.clone()).await?;
            let (now_ms, most) = (self.ms(), self.pace());
            if cleared {
                self.search().cleared(most);
            } else {
                self.search().not_cleared(&wanted, now_ms);
            }
        }
        Ok(())
    }

    async fn wanted(&self, search: Search) -> Result<Option<Wanted>, Failure> {
        self.with_store(move |store| {
            for found in [search.found, !search.found] {
                let below = search.below(found);
                let next = match store.claimed(below, found)? {
                    None if below < TOP => store.claimed(TOP, found)?,
                    next => next,
                };
                if let Some(blocks) = next {
                    let (first, last) = blocks.into_inner();
                    let first = last
                        .saturating_add(1)
                        .saturating_sub(search.size)
                        .max(first);
                    let blocks = first..=last;
                    return Ok(Some(Wanted { blocks, found }));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Asks one endpoint after the other. Whether one gave the newest of these blocks whole.
    async fn clear(&self, wanted: RangeInclusive<u64>) -> Result<bool, Failure> {
        let newest = *wanted.end();
        let held = self.with_store(move |store| store.hash_at(newest)).await?;
        let mut hid = Vec::new();
        for (endpoint, greeted) in self.usable().into_iter().take(ASKED) {
            if !greeted && self.greet(&endpoint, greeted).await?.is_err() {
                continue;
            }
            let blocks = match self.again(&endpoint, wanted.clone()).await {
                Ok(blocks) => blocks,
                Err(Broken::Store(failure)) => return Err(failure),
                Err(Broken::Offline(_)) => continue,
            };
            let given = blocks.last();
            let Some(given) = given.filter(|given| Some(given.header.hash) == held) else {
                continue;
            };
            if given.level >= Verification::Block {
                self.hid(&hid);
                return self.raise(blocks).await;
            }
            hid.push(endpoint.url().to_owned());
        }
        Ok(false)
    }

    async fn again(
        &self,
        endpoint: &Endpoint,
        wanted: RangeInclusive<u64>,
    ) -> Result<Vec<Block>, Broken> {
        let (_, given) = self.ask_below(endpoint, wanted).await?;
        Ok(linked(None, self.look_into(endpoint, given).await?))
    }

    /// They gave a block that can be recomputed so that it could not be.
    pub(super) fn hid(&self, urls: &[String]) {
        for url in urls {
            self.on_endpoint(url, Event::Lied(Lie::FalseTransactions));
        }
    }

    /// Keeps what was recomputed, from the newest block down. Whether anything changed.
    async fn raise(&self, blocks: Vec<Block>) -> Result<bool, Failure> {
        let mut whole: Vec<_> = blocks
            .into_iter()
            .rev()
            .take_while(|block| block.level >= Verification::Block)
            .map(scanned)
            .collect();
        whole.reverse();
        let parted = self
            .with_store(move |store| match store.raise(&whole) {
                Ok(()) => Ok(None),
                Err(StoreError::Conflict(Conflict::NotConnected(height))) => Ok(Some(height)),
                Err(error) => Err(error),
            })
            .await?;
        self.read_all_again();
        match parted {
            Some(height) => self.leave_parted(height).await,
            None => {
                self.tell_kept(true);
                Ok(true)
            }
        }
    }

    /// A block that is held lies on another one than was claimed: it is left, and what is below it is
    /// looked at when it is filled in again.
    async fn leave_parted(&self, height: u64) -> Result<bool, Failure> {
        let left = self
            .with_store(move |store| match store.leave(height..=height) {
                Ok(()) => Ok(true),
                Err(StoreError::Conflict(Conflict::Final(_))) => Ok(false),
                Err(error) => Err(error),
            })
            .await?;
        if left {
            self.tell_kept(true);
        } else {
            tracing::error!(
                block = height,
                "a final block lies on another one than was said"
            );
        }
        Ok(left)
    }
}
