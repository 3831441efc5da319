//! What the pool lets in: geth's checks in geth's order (core/txpool of summer 2026). It changes the
//! pool only by letting in, and by driving out what pays less from a full one.

use std::sync::Arc;

use alloy_consensus::Transaction;
use alloy_primitives::{B256, U256};

use super::chain::Chain;
use super::gas::MOST_GAS;
use super::offered::Offered;
use super::pool::{Pool, worth};
use super::refusal::Refusal;
use super::rules::{FEE_CAP, MOST_OCTETS};

/// The percentage of both fees of a waiting transaction that another with its nonce must offer.
const REPLACEMENT: u128 = 110;

/// What JSON-RPC asks before the pool: no fee by mistake, and a chain named.
pub(super) fn at_the_door(transaction: &Offered) -> Result<(), Refusal> {
    let fee = U256::from(transaction.fee_cap()) * U256::from(transaction.gas());
    if fee > U256::from(FEE_CAP) {
        return Err(Refusal::FeeCap { fee });
    }
    match transaction.envelope.chain_id() {
        Some(_) => Ok(()),
        None => Err(Refusal::Unprotected),
    }
}

impl Pool {
    /// Lets a transaction in, or says why not.
    pub(super) fn admit(
        &mut self,
        transaction: Arc<Offered>,
        chain: &Chain,
        now: u64,
    ) -> Result<(), Refusal> {
        if self.by_hash(transaction.hash).is_some() {
            return Err(Refusal::Known);
        }
        form(&transaction, chain)?;
        self.account(&transaction, chain)?;
        self.delegation(&transaction, chain)?;
        let driven_out = self.room(&transaction, chain)?;
        self.replacement(&transaction)?;
        if let Some(hash) = driven_out {
            self.remove(hash);
        }
        let sender = transaction.from;
        let in_turn = !self.is_gapped(&transaction, chain);
        self.insert(transaction);
        self.settle(sender, chain, now, in_turn);
        self.truncate(chain);
        Ok(())
    }

    fn is_gapped(&self, transaction: &Offered, chain: &Chain) -> bool {
        let next = chain.accounts.now(transaction.from).nonce;
        transaction.nonce() > self.next_nonce(transaction.from, next)
    }

    /// Nonce and money.
    fn account(&self, transaction: &Offered, chain: &Chain) -> Result<(), Refusal> {
        let (sender, nonce) = (transaction.from, transaction.nonce());
        let account = chain.accounts.now(sender);
        let next = account.nonce;
        if nonce < next {
            return Err(Refusal::NonceUsed { next, nonce });
        }
        if chain.rules.dialect.refuses_gaps() && self.is_gapped(transaction, chain) {
            return Err(Refusal::Gap);
        }
        // Of a replacement only the difference is new.
        let others = self
            .executable(sender, next)
            .filter(|other| other.nonce() != nonce);
        let queued = others.fold(U256::ZERO, |sum, other| sum + other.cost());
        let (balance, cost) = (account.balance, transaction.cost());
        if cost > balance || queued + cost > balance {
            return Err(Refusal::Funds {
                balance,
                queued,
                cost,
            });
        }
        Ok(())
    }

    /// EIP-7702: what a delegated account has may go by other ways, so only one is on the way at once.
    fn delegation(&self, transaction: &Offered, chain: &Chain) -> Result<(), Refusal> {
        let (sender, nonce) = (transaction.from, transaction.nonce());
        if chain.code(sender).is_empty() {
            return Ok(());
        }
        let next = chain.accounts.now(sender).nonce;
        let mut waiting = self.executable(sender, next).peekable();
        if waiting.peek().is_none() {
            let in_turn = nonce == next;
            return in_turn.then_some(()).ok_or(Refusal::DelegatedGap);
        }
        let replaces = waiting.any(|other| other.nonce() == nonce);
        replaces.then_some(()).ok_or(Refusal::DelegatedInFlight)
    }

    /// What must go for it from a full pool.
    fn room(&self, transaction: &Offered, chain: &Chain) -> Result<Option<B256>, Refusal> {
        if !self.is_full() {
            return Ok(None);
        }
        let base_fee = chain.next_base_fee();
        let Some(cheapest) = self.cheapest(base_fee) else {
            return Ok(None);
        };
        if worth(cheapest, base_fee) >= worth(transaction, base_fee) {
            return Err(Refusal::Underpriced);
        }
        let next = chain.accounts.now(cheapest.from).nonce;
        let has_its_turn = cheapest.nonce() < self.next_nonce(cheapest.from, next);
        if has_its_turn && self.is_gapped(transaction, chain) {
            return Err(Refusal::FutureReplaces);
        }
        Ok(Some(cheapest.hash))
    }

    /// Both fees must grow, and to 110 % of what they were, the fraction cut off.
    fn replacement(&self, transaction: &Offered) -> Result<(), Refusal> {
        let Some(old) = self.at(transaction.from, transaction.nonce()) else {
            return Ok(());
        };
        let enough = |old: u128, new: u128| new > old && new >= old * REPLACEMENT / 100;
        let both = enough(old.fee_cap(), transaction.fee_cap())
            && enough(old.tip_cap(), transaction.tip_cap());
        both.then_some(()).ok_or(Refusal::Replacement)
    }
}

/// What can be told from the transaction and the newest block alone.
fn form(transaction: &Offered, chain: &Chain) -> Result<(), Refusal> {
    let (gas, amsterdam) = (transaction.gas(), chain.is_amsterdam());
    if transaction.size > MOST_OCTETS {
        return Err(Refusal::Oversized {
            size: transaction.size,
        });
    }
    if !amsterdam && gas > MOST_GAS {
        return Err(Refusal::TooMuchGas { gas });
    }
    if gas > chain.rules.block_gas {
        return Err(Refusal::BlockGas);
    }
    fees(transaction, chain)?;
    let (have, want) = (transaction.envelope.chain_id(), chain.rules.chain_id);
    if let Some(have) = have.filter(|have| *have != want) {
        return Err(Refusal::Chain { have, want });
    }
    let needs = transaction.needs(amsterdam);
    if gas < needs.intrinsic {
        return Err(Refusal::Intrinsic {
            gas,
            needed: needs.intrinsic,
        });
    }
    if gas < needs.floor || (amsterdam && needs.least() > MOST_GAS) {
        return Err(Refusal::Floor {
            gas,
            needed: needs.floor,
        });
    }
    let tip = transaction.tip_cap();
    (tip > 0)
        .then_some(())
        .ok_or(Refusal::TipBelowMinimum { tip })
}

fn fees(transaction: &Offered, chain: &Chain) -> Result<(), Refusal> {
    let cap = transaction.fee_cap();
    if cap < transaction.tip_cap() {
        return Err(Refusal::TipAboveCap);
    }
    let too_little = cap < u128::from(chain.next_base_fee());
    if too_little && chain.rules.dialect.refuses_below_base_fee() {
        return Err(Refusal::BelowBaseFee);
    }
    Ok(())
}
