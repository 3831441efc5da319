//! The pool: what waits for a block, under geth's limits. What has its turn and what has not are told
//! apart by the nonces, not kept apart. What the pool lets in is decided in `admission`.
//!
//! Simpler than geth in two points: a transaction of any size takes one slot, and what is driven out
//! of a full pool is what pays least now, without geth's second list by fee cap.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alloy_primitives::{Address, B256};

use super::chain::Chain;
use super::offered::Offered;
use super::rules::Limits;

/// What waits of one account.
#[derive(Clone, Debug, Default)]
struct Waiting {
    by_nonce: BTreeMap<u64, Arc<Offered>>,
    /// When its transactions without a turn began to wait, or it last got one a turn.
    since: Option<u64>,
}

/// All that waits.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    limits: Limits,
    senders: BTreeMap<Address, Waiting>,
    hashes: BTreeMap<B256, (Address, u64)>,
    /// What never gets its turn, as long as it is held.
    mislaid: BTreeSet<B256>,
    /// How many came by the pool's own door.
    public: usize,
}

impl Pool {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            senders: BTreeMap::new(),
            hashes: BTreeMap::new(),
            mislaid: BTreeSet::new(),
            public: 0,
        }
    }

    pub(super) fn by_hash(&self, hash: B256) -> Option<&Arc<Offered>> {
        let (sender, nonce) = self.hashes.get(&hash)?;
        self.at(*sender, *nonce)
    }

    pub(super) fn at(&self, sender: Address, nonce: u64) -> Option<&Arc<Offered>> {
        self.senders.get(&sender)?.by_nonce.get(&nonce)
    }

    /// What waits of an account, by nonce.
    pub(super) fn of(&self, sender: Address) -> impl Iterator<Item = &Arc<Offered>> {
        let waiting = self.senders.get(&sender).into_iter();
        waiting.flat_map(|waiting| waiting.by_nonce.values())
    }

    /// Whose transactions wait.
    pub(super) fn senders(&self) -> impl Iterator<Item = Address> {
        self.senders.keys().copied()
    }

    /// What has its turn when the account's next nonce is this.
    pub(super) fn executable(
        &self,
        sender: Address,
        next: u64,
    ) -> impl Iterator<Item = &Arc<Offered>> {
        let waiting = self.senders.get(&sender).into_iter();
        let from_next = waiting.flat_map(move |waiting| waiting.by_nonce.range(next..));
        let in_turn = from_next.zip(next..).take_while(|((nonce, held), turn)| {
            *nonce == turn && !self.mislaid.contains(&held.hash)
        });
        in_turn.map(|((_, transaction), _)| transaction)
    }

    /// The first nonce that neither a block nor what waits uses without a gap.
    pub(super) fn next_nonce(&self, sender: Address, next: u64) -> u64 {
        let last = self.of_last(sender).filter(|_| self.mislaid.is_empty());
        let unbroken = last.filter(|(last, count)| next.checked_add(*count) == last.checked_add(1));
        match unbroken {
            Some((last, _)) => last + 1,
            None => next + self.executable(sender, next).count() as u64,
        }
    }

    fn of_last(&self, sender: Address) -> Option<(u64, u64)> {
        let by_nonce = &self.senders.get(&sender)?.by_nonce;
        let (last, _) = by_nonce.last_key_value()?;
        Some((*last, by_nonce.len() as u64))
    }

    /// Whether one more would be too many.
    pub(super) fn is_full(&self) -> bool {
        self.public >= self.limits.global_slots + self.limits.global_queue
    }

    /// What would be driven out first at this base fee: what pays least, the highest nonce first.
    pub(super) fn cheapest(&self, base_fee: u64) -> Option<&Arc<Offered>> {
        let all = self
            .senders
            .values()
            .flat_map(|waiting| waiting.by_nonce.values());
        let public = all.filter(|transaction| !transaction.private);
        public.min_by_key(|transaction| {
            (worth(transaction, base_fee), u64::MAX - transaction.nonce())
        })
    }

    /// Puts it in, in place of another with its nonce. Whether it may be there was decided before.
    pub(super) fn insert(&mut self, transaction: Arc<Offered>) {
        let (sender, nonce) = (transaction.from, transaction.nonce());
        self.take(sender, nonce);
        self.public += usize::from(!transaction.private);
        self.hashes.insert(transaction.hash, (sender, nonce));
        let waiting = self.senders.entry(sender).or_default();
        waiting.by_nonce.insert(nonce, transaction);
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, hash: B256) -> Option<Arc<Offered>> {
        let (sender, nonce) = self.hashes.get(&hash).copied()?;
        self.take(sender, nonce)
    }

    /// Holds one from now on without ever giving it a turn.
    pub(super) fn mislay(&mut self, hash: B256) {
        if self.hashes.contains_key(&hash) {
            self.mislaid.insert(hash);
        }
    }

    /// Takes out all that one account has.
    pub(super) fn let_go(&mut self, sender: Address) {
        let all: Vec<u64> = self.of(sender).map(|held| held.nonce()).collect();
        self.drop_all(sender, &all);
    }

    fn take(&mut self, sender: Address, nonce: u64) -> Option<Arc<Offered>> {
        let waiting = self.senders.get_mut(&sender)?;
        let taken = waiting.by_nonce.remove(&nonce)?;
        if waiting.by_nonce.is_empty() {
            self.senders.remove(&sender);
        }
        self.hashes.remove(&taken.hash);
        self.mislaid.remove(&taken.hash);
        self.public -= usize::from(!taken.private);
        Some(taken)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.limits);
    }

    /// Drops what can never be in a block of this account any more, and what is too much of it.
    /// `moved`: one of its transactions just got its turn.
    pub(super) fn settle(&mut self, sender: Address, chain: &Chain, now: u64, moved: bool) {
        let account = chain.accounts.now(sender);
        let dead = |transaction: &&Arc<Offered>| {
            let unpayable = transaction.cost() > account.balance && !transaction.private;
            transaction.nonce() < account.nonce
                || unpayable
                || transaction.gas() > chain.rules.block_gas
        };
        let dead: Vec<u64> = self.of(sender).filter(dead).map(|t| t.nonce()).collect();
        self.drop_all(sender, &dead);
        let queued = self.queued(sender, account.nonce);
        self.drop_all(
            sender,
            queued.get(self.limits.account_queue..).unwrap_or_default(),
        );
        if let Some(waiting) = self.senders.get_mut(&sender) {
            let begins = waiting.since.is_none() || moved;
            let since = if begins { Some(now) } else { waiting.since };
            waiting.since = since.filter(|_| !queued.is_empty());
        }
    }

    /// Nonces of what has no turn yet.
    fn queued(&self, sender: Address, next: u64) -> Vec<u64> {
        let turn = self.next_nonce(sender, next);
        let nonces = self.of(sender).map(|transaction| transaction.nonce());
        nonces.filter(|nonce| *nonce >= turn).collect()
    }

    fn drop_all(&mut self, sender: Address, nonces: &[u64]) {
        for nonce in nonces {
            self.take(sender, *nonce);
        }
    }

    /// Drops what has waited for a turn too long.
    pub(super) fn expire(&mut self, chain: &Chain, now: u64) {
        let lifetime = self.limits.lifetime;
        let old = |(_, waiting): &(&Address, &Waiting)| {
            waiting
                .since
                .is_some_and(|since| now.saturating_sub(since) > lifetime)
        };
        let old: Vec<Address> = self
            .senders
            .iter()
            .filter(old)
            .map(|(who, _)| *who)
            .collect();
        for sender in old {
            let queued = self.queued(sender, chain.accounts.now(sender).nonce);
            self.drop_all(sender, &queued);
            if let Some(waiting) = self.senders.get_mut(&sender) {
                waiting.since = None;
            }
        }
    }

    /// Drops what is above the limits of the whole pool: of what has its turn the last of whoever has
    /// most, down to the slots that each keeps; of what has none, of whoever waits longest.
    pub(super) fn truncate(&mut self, chain: &Chain) {
        let Limits {
            global_slots,
            global_queue,
            ..
        } = self.limits;
        if self.public <= global_slots.min(global_queue) {
            return;
        }
        let mut lists = self.public_lists(chain);
        self.truncate_executable(&mut lists);
        self.truncate_queued(lists, global_queue);
    }

    /// For each account the nonces that have their turn, and those that have not.
    fn public_lists(&self, chain: &Chain) -> BTreeMap<Address, (Vec<u64>, Vec<u64>)> {
        let public = self.senders.iter().filter(|(_, waiting)| {
            waiting
                .by_nonce
                .values()
                .any(|transaction| !transaction.private)
        });
        let lists = public.map(|(sender, _)| {
            let next = chain.accounts.now(*sender).nonce;
            let executable = self.executable(*sender, next).map(|t| t.nonce()).collect();
            (*sender, (executable, self.queued(*sender, next)))
        });
        lists.collect()
    }

    fn truncate_executable(&mut self, lists: &mut BTreeMap<Address, (Vec<u64>, Vec<u64>)>) {
        let mut count: usize = lists.values().map(|(executable, _)| executable.len()).sum();
        let size = |sender: &Address, executable: &Vec<u64>| (executable.len(), *sender);
        let mut by_size: BTreeSet<(usize, Address)> = lists
            .iter()
            .map(|(sender, (executable, _))| size(sender, executable))
            .collect();
        while count > self.limits.global_slots {
            let Some((most, sender)) = by_size.pop_last() else {
                break;
            };
            if most <= self.limits.account_slots {
                break;
            }
            let (executable, _) = lists.get_mut(&sender).expect("an account of the list");
            if let Some(nonce) = executable.pop() {
                self.take(sender, nonce);
            }
            count -= 1;
            by_size.insert((most - 1, sender));
        }
    }

    fn truncate_queued(&mut self, lists: BTreeMap<Address, (Vec<u64>, Vec<u64>)>, most: usize) {
        let mut count: usize = lists.values().map(|(_, queued)| queued.len()).sum();
        let since = |sender: &Address| self.senders.get(sender).and_then(|waiting| waiting.since);
        let mut oldest: Vec<_> = lists
            .into_iter()
            .map(|(sender, (_, queued))| (since(&sender), sender, queued))
            .collect();
        oldest.sort();
        for (_, sender, queued) in oldest {
            let over = count.saturating_sub(most).min(queued.len());
            self.drop_all(sender, &queued[queued.len() - over..]);
            count -= over;
        }
    }
}

/// What a place in the pool is given for, best last: the tip at this base fee, then the caps.
pub(super) fn worth(transaction: &Offered, base_fee: u64) -> (i128, u128, u128) {
    let cap = i128::try_from(transaction.fee_cap()).unwrap_or(i128::MAX);
    let tip = i128::try_from(transaction.tip_cap()).unwrap_or(i128::MAX);
    let effective = tip.min(cap - i128::from(base_fee));
    (effective, transaction.fee_cap(), transaction.tip_cap())
}
