//! Making blocks, dropping them, and what becomes of the transactions of dropped ones. All of it
//! happens when the driver says so.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

use alloy_primitives::Address;

use super::Strict;
use super::chain::Making;
use super::offered::Offered;
use super::seed::Seed;

/// What becomes of the transactions of the blocks that a reorganisation drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reinclude {
    /// The node offers them to the new blocks again.
    All,
    /// The node forgets them.
    None,
    /// Each by chance, with this seed: offered to the new blocks, left waiting after them, forgotten.
    Some(u64),
}

impl Reinclude {
    /// One of the three by chance.
    pub fn draw(seed: &mut Seed) -> Self {
        match seed.below(3) {
            0 => Self::All,
            1 => Self::None,
            _ => Self::Some(seed.number()),
        }
    }
}

impl Strict {
    /// Makes the next block from what waits: whoever pays the highest tip first, then whoever came
    /// first, each account in the order of its nonces. Gives its height. The clock goes on by the time
    /// between blocks.
    pub fn mine(&mut self) -> u64 {
        let time = self.now.max(self.chain.head().header.timestamp) + self.chain.rules.block_time;
        self.mine_at(time)
    }

    /// Makes so many blocks. Gives the height of the last.
    pub fn mine_n(&mut self, count: u64) -> u64 {
        for _ in 0..count {
            self.mine();
        }
        self.chain.height()
    }

    /// Drops so many blocks and makes as many others in their place. Gives the height of the last block
    /// that stayed. Block 0 always stays; a block that was called final does not, if told so: that is a
    /// chain gone wrong.
    pub fn reorg(&mut self, depth: u64, keep: Reinclude) -> u64 {
        self.reorg_to(depth, depth, keep)
    }

    /// The same with more or fewer new blocks than were dropped.
    pub fn reorg_to(&mut self, depth: u64, blocks: u64, keep: Reinclude) -> u64 {
        let dropped = self.chain.rewind(depth);
        let stayed = self.chain.height();
        let (first, later) = fates(dropped, keep);
        self.take_back(first);
        for _ in 0..blocks {
            // The other branch was made meanwhile, not after.
            let parent = self.chain.head().header.timestamp;
            self.mine_at(parent + self.chain.rules.block_time);
        }
        self.take_back(later);
        stayed
    }

    fn take_back(&mut self, dropped: Vec<Arc<Offered>>) {
        for transaction in dropped {
            if transaction.private {
                self.pool.insert(transaction);
            } else {
                // What the pool does not want any more is lost, as in a real node.
                let _ = self.pool.admit(transaction, &self.chain, self.now);
            }
        }
    }

    fn mine_at(&mut self, time: u64) -> u64 {
        self.now = self.now.max(time);
        let base_fee = self.chain.next_base_fee();
        let mut making = self.chain.begin();
        let senders = self.fill(&mut making, base_fee);
        self.chain.finish(making, time);
        for sender in senders {
            self.pool.settle(sender, &self.chain, self.now, false);
        }
        self.pool.expire(&self.chain, self.now);
        self.pool.truncate(&self.chain);
        self.chain.height()
    }

    /// Fills a block. Gives whose transactions are in it.
    fn fill(&mut self, making: &mut Making, base_fee: u64) -> BTreeSet<Address> {
        let mut heads: BinaryHeap<_> = self
            .pool
            .senders()
            .filter_map(|sender| self.bid(sender, base_fee))
            .collect();
        let mut included = BTreeSet::new();
        while let Some((_, _, sender)) = heads.pop() {
            let next = self.chain.accounts.now(sender).nonce;
            let Some(transaction) = self.pool.at(sender, next) else {
                continue;
            };
            // What does not fit holds up whatever follows it of the same account.
            if self.chain.include(making, transaction) {
                included.insert(sender);
                heads.extend(self.bid(sender, base_fee));
            }
        }
        included
    }

    /// What an account's next transaction pays: tip, and how early it came.
    fn bid(&self, sender: Address, base_fee: u64) -> Option<(u128, Reverse<u64>, Address)> {
        let next = self.chain.accounts.now(sender).nonce;
        let transaction = self.pool.executable(sender, next).next()?;
        let tip = transaction.tip(base_fee)?;
        Some((tip, Reverse(transaction.arrival), sender))
    }
}

/// What comes into the new blocks, and what waits after them.
fn fates(dropped: Vec<Arc<Offered>>, keep: Reinclude) -> (Vec<Arc<Offered>>, Vec<Arc<Offered>>) {
    match keep {
        Reinclude::All => (dropped, Vec::new()),
        Reinclude::None => (Vec::new(), Vec::new()),
        Reinclude::Some(seed) => {
            let mut seed = Seed::new(seed);
            let mut fates = (Vec::new(), Vec::new());
            for transaction in dropped {
                match seed.below(3) {
                    0 => fates.0.push(transaction),
                    1 => fates.1.push(transaction),
                    _ => {}
                }
            }
            fates
        }
    }
}
