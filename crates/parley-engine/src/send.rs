//! Sending, in the order that loses nothing and doubles nothing: ask about what may have left, offer
//! again what is unknown, mend what went wrong with its place or price, then seal and expose what is
//! next in one commit, and only then offer it.

mod again;
mod burst;
mod elsewhere;
mod facts;
mod fresh;
mod heard;
mod leaving;
mod mislaid;
mod plan;
mod price;
mod repair;
mod thin;

pub(crate) use thin::Thin;

use std::collections::{HashMap, HashSet};

use alloy_primitives::B256;
use parley_chain::{AccountFacts, Endpoint, ReadFailure, SendFailure};
use parley_core::{MessageId, gas};
use parley_store::{Outcome, OutgoingRow, Variant};
use parley_wire::{Changed, Failure};

use crate::broken::Broken;
use crate::connect::Connection;
use crate::failpoint;
use crate::parley::Parley;

/// The most transactions on the way at once: what every client's pool keeps for one account.
pub(crate) const WINDOW: usize = 16;

/// What is known of own transactions in this call.
#[derive(Default)]
pub(crate) struct Known {
    /// Those that a node was seen to hold, with its newest block then.
    pub(crate) held: HashMap<B256, u64>,
    /// Those that never left, or did not arrive, where each octet counts.
    untried: HashSet<B256>,
    /// When they arrived, seconds since 1970 UTC, where that may be long after they were exposed.
    arrived: HashMap<B256, u64>,
    /// What is next in a block and never comes there.
    mislaid: mislaid::Watch,
}

impl Known {
    /// Since when a transaction may have waited for a block.
    fn since(&self, variant: &Variant) -> u64 {
        let exposed = variant.exposed_at;
        let arrived = self.arrived.get(&variant.hash).copied();
        arrived.unwrap_or(exposed).max(exposed)
    }
}

/// What one round of sending found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sending {
    /// Something was sealed and offered for the first time.
    pub(crate) new: bool,
    /// Something was offered again.
    pub(crate) again: bool,
    /// The endpoint has an own transaction in a block that was not received so far.
    pub(crate) ahead: bool,
    /// The endpoint holds an own transaction that is in no block.
    pub(crate) pooled: bool,
    /// The endpoint may have mislaid one: the next round looks again.
    pub(crate) mislaid: bool,
}

/// A signed transaction that may be offered: its exposure is committed.
pub(crate) struct Offered {
    pub(crate) hash: B256,
    pub(crate) raw: Vec<u8>,
}

impl Offered {
    pub(crate) fn of(pending: &Pending<'_>) -> Self {
        Self {
            hash: pending.newest.hash,
            raw: pending.newest.raw.clone(),
        }
    }
}

/// What a round works with.
pub(crate) struct Round<'a> {
    pub(crate) lead: &'a Endpoint,
    /// The height of its newest block.
    pub(crate) head: u64,
    /// The gas rules in force now.
    pub(crate) fork: gas::Fork,
    pub(crate) facts: AccountFacts,
    /// What has a lower nonce is paid already: it is not in the balance any more.
    pub(crate) paid: u64,
    /// Everything up to the head was received just before; or, where nothing is received, the endpoint
    /// was just asked by hash.
    pub(crate) caught_up: bool,
}

impl Parley {
    /// One round of sending. `caught_up`: everything up to the head was received just before.
    pub(crate) async fn send(
        &self,
        connection: &Connection,
        known: &mut Known,
        caught_up: bool,
    ) -> Result<Sending, Broken> {
        let facts = self.read_account(&connection.lead).await?;
        let mut round = Round {
            lead: &connection.lead,
            head: connection.newest.number,
            fork: self.fork(connection),
            facts,
            paid: 0,
            caught_up,
        };
        let rows = self.with_store(|store| store.in_no_block()).await?;
        self.ask_about_account(&mut round, &rows).await?;
        let mut found = self.offer_again(&round, &pending(&rows), known).await?;
        self.change_prices(&round, &rows, known).await?;
        self.repair_references().await?;
        // What was displaced or repaired is open again, so it is read anew.
        let rows = self.with_store(|store| store.in_no_block()).await?;
        found.new = self.send_fresh(&round, &rows, known).await?;
        Ok(found)
    }

    /// Offers transactions whose exposure is committed: to the leading endpoint, and to a second one
    /// so that one that forgets does not hold them up. Where each octet counts they leave with the next
    /// exchange.
    pub(crate) async fn offer(
        &self,
        round: &Round<'_>,
        offered: &[Offered],
        known: &mut Known,
    ) -> Result<(), Broken> {
        if offered.is_empty() {
            return Ok(());
        }
        let (lead, head) = (round.lead, round.head);
        if self.is_thrifty() {
            known.untried.extend(offered.iter().map(|one| one.hash));
            return Ok(());
        }
        self.offer_to(lead, head, offered, known).await?;
        if let Some(second) = self.second(&[lead.url()]).await? {
            // What the second one says or does not say never holds up the first.
            failpoint::pass("before", "offer-second");
            match self.offer_to(&second.lead, head, offered, known).await {
                Ok(()) | Err(Broken::Offline(_)) => {}
                Err(broken @ Broken::Store(_)) => return Err(broken),
            }
            failpoint::pass("after", "offer-second");
        }
        Ok(())
    }

    async fn offer_to(
        &self,
        endpoint: &Endpoint,
        head: u64,
        offered: &[Offered],
        known: &mut Known,
    ) -> Result<(), Broken> {
        let raw: Vec<Vec<u8>> = offered.iter().map(|one| one.raw.clone()).collect();
        failpoint::pass("before", "offer");
        let answers = endpoint.broadcast(&raw).await;
        failpoint::pass("after", "offer");
        let answers = answers.map_err(|why| self.blame(endpoint, why))?;
        let mut outcomes = Vec::with_capacity(answers.len());
        for (one, answer) in offered.iter().zip(answers) {
            if let Err(SendFailure::Offline(why @ ReadFailure::Lie(_))) = answer {
                let _ = self.blame(endpoint, why);
            }
            let outcome = outcome(answer);
            if matches!(outcome, Outcome::Accepted | Outcome::Known) {
                known.held.insert(one.hash, head);
            }
            outcomes.push((one.hash, outcome));
        }
        self.record(endpoint, outcomes).await?;
        Ok(())
    }

    /// Keeps what an endpoint said about transactions, in one commit.
    pub(crate) async fn record(
        &self,
        endpoint: &Endpoint,
        outcomes: Vec<(B256, Outcome)>,
    ) -> Result<(), Failure> {
        if outcomes.is_empty() {
            return Ok(());
        }
        let (url, at) = (endpoint.url().to_owned(), self.now());
        self.with_store(move |store| store.attempts_made(&url, at, &outcomes))
            .await?;
        self.say(Changed::Outbox);
        Ok(())
    }
}

fn outcome(answer: Result<(), SendFailure>) -> Outcome {
    match answer {
        Ok(()) => Outcome::Accepted,
        Err(SendFailure::Known) => Outcome::Known,
        Err(SendFailure::Offline(_)) => Outcome::Offline,
        Err(SendFailure::Refused(refusal)) => Outcome::Refused(refusal.word().to_owned()),
    }
}

/// An own message on its way that is in no block.
pub(crate) struct Pending<'a> {
    pub(crate) id: MessageId,
    pub(crate) nonce: u64,
    pub(crate) row: &'a OutgoingRow,
    /// The one that is offered: the newest.
    pub(crate) newest: &'a Variant,
}

/// Own messages that may have left and are in no block, in the order of their nonces.
pub(crate) fn pending(rows: &[OutgoingRow]) -> Vec<Pending<'_>> {
    let mut pending: Vec<Pending<'_>> = rows
        .iter()
        .filter_map(|row| {
            let newest = row.variants.last()?;
            Some(Pending {
                id: row.id,
                nonce: newest.nonce,
                row,
                newest,
            })
        })
        .collect();
    pending.sort_by_key(|one| one.nonce);
    pending
}
