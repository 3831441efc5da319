//! The two loops as one round after the other: connect, receive the newest, send, receive what is
//! older. A round may be cut off at any point; what it did is kept and the next one goes on from
//! there. Whatever an endpoint does wrong in a round, the next endpoint goes on with it at once.

use std::time::Duration;

use alloy_primitives::U256;
use parley_store::OutgoingRow;
use parley_wire::{Failure, Link, OfflineReason};
use tokio_util::sync::CancellationToken;

use crate::broken::Broken;
use crate::connect::Connection;
use crate::failpoint;
use crate::parley::{Lock, Parley};
use crate::receive::Older;
use crate::send::{Known, Thin};

/// The only network whose node gives exercise money away.
pub(crate) const LOCAL: &str = "local";
/// How often a network that has no preset is asked, milliseconds.
const USUAL_POLL: u64 = 12_000;
/// The least pause between two rounds, milliseconds, while there is more to receive.
pub(crate) const BREATH: u64 = 5;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Every own message is in a block, or a node holds it and all before it.
    Sent,
    /// That, and everything up to the node's head was received.
    Idle,
    /// Every own message is final.
    Final,
    /// Nothing: until the time is over.
    Forever,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synced {
    /// What was waited for is so.
    Done,
    /// The time was over, and there was no connection.
    Offline(OfflineReason),
    /// The time was over, and the account cannot pay.
    ShortOfFunds,
    /// The time was over.
    TimeOver,
}

/// What one call remembers from round to round.
#[derive(Default)]
pub(crate) struct Call {
    pub(crate) known: Known,
    /// What is remembered over thin links.
    pub(crate) thin: Thin,
    pub(crate) funded: bool,
    /// The last round offered something.
    offered: bool,
    /// The edge was reached, and nothing is unsettled that the next round would change.
    pub(crate) caught_up: bool,
    /// Nothing from the start to the edge is missing.
    pub(crate) complete: bool,
    /// Something is missing and comes as fast as it is asked for.
    more: bool,
    /// The last round went through.
    pub(crate) whole: bool,
}

impl Parley {
    /// Runs both loops until something is so, or the time is over.
    ///
    /// # Errors
    /// The store fails. What was kept before is safe.
    pub async fn sync(
        &self,
        _lock: &Lock,
        until: Until,
        timeout: Duration,
    ) -> Result<Synced, Failure> {
        let mut call = Call::default();
        let rounds = async {
            loop {
                self.round(&mut call).await?;
                if self.is_so(until, &call).await? {
                    return Ok(Synced::Done);
                }
                self.pause(&call).await?;
            }
        };
        let result = match tokio::time::timeout(timeout, rounds).await {
            Ok(result) => result,
            Err(_) => Ok(self.why_not()),
        };
        self.count_traffic().await?;
        result
    }

    /// Runs both loops until told to stop. A store that fails is tried again in the next round: the
    /// disk may have room by then.
    pub async fn run(&self, stop: CancellationToken) {
        let mut call = Call::default();
        let rounds = async {
            loop {
                let round = self.round(&mut call).await;
                let paused = match round {
                    Ok(()) => self.pause(&call).await,
                    Err(failure) => Err(failure),
                };
                if let Err(failure) = paused {
                    tracing::error!(%failure, "a round of sending and receiving broke off");
                    self.rest().await;
                }
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = rounds => {}
        }
    }

    /// Asks the development node of the local network for exercise money, if the account has none.
    ///
    /// # Errors
    /// The store fails. A node that does not answer is none: the next round asks again.
    pub async fn fund(&self) -> Result<(), Failure> {
        let Ok(connection) = self.connect().await? else {
            return Ok(());
        };
        let mut call = Call::default();
        self.fund_once(&connection, &mut call).await;
        self.count_traffic().await
    }

    /// One round; an endpoint that fails in it is followed by the next one.
    async fn round(&self, call: &mut Call) -> Result<(), Failure> {
        call.whole = false;
        call.caught_up = false;
        let is_way = self.refresh_pool().await?;
        if self.is_thrifty() && is_way {
            return self.thin_round(call).await;
        }
        let mut tries = self.pool().count().max(1);
        while tries > 0 {
            tries = tries.saturating_sub(1);
            let Ok(connection) = self.connect().await? else {
                break;
            };
            failpoint::pass("before", "round");
            let connection = self.compared(connection).await?;
            match self.round_with(&connection, call).await {
                Ok(()) => {
                    failpoint::pass("after", "round");
                    call.whole = true;
                    break;
                }
                Err(Broken::Store(failure)) => return Err(failure),
                Err(Broken::Offline(reason)) => {
                    self.lost(reason);
                }
            }
        }
        self.count_traffic().await
    }

    /// Once more at once after something new was offered, because the chain may have it already; but
    /// not after an old one was offered again, or an endpoint that forgets would be asked without
    /// end. What waits in its pool gets one more look after the usual pause: most nodes of exercises
    /// put it into a block at once, and it would be a pity to say "sent" just before.
    async fn round_with(&self, connection: &Connection, call: &mut Call) -> Result<(), Broken> {
        let edge = self.receive(connection).await?;
        self.see(|seen| seen.link = Link::Online);
        self.fund_once(connection, call).await;
        let round = self.send(connection, &mut call.known, edge).await?;
        let offered = round.new || round.again;
        let just_offered = std::mem::replace(&mut call.offered, offered);
        let looks_again = round.ahead || round.mislaid || (round.pooled && just_offered);
        let unsettled = offered || looks_again;
        call.caught_up = edge && !unsettled;
        let older = self.receive_older(connection).await?;
        call.complete = older == Older::Complete;
        call.more = older == Older::More;
        if round.new || (round.ahead && just_offered) {
            self.inner.wake.notify_one();
        }
        Ok(())
    }

    async fn fund_once(&self, connection: &Connection, call: &mut Call) {
        if call.funded || self.inner.profile.network != LOCAL {
            return;
        }
        let Ok(facts) = self.read_account(&connection.lead).await else {
            return;
        };
        let address = self.inner.profile.address;
        // A node that gives nothing leaves the messages waiting for funds, which is said there.
        call.funded = facts.balance > U256::ZERO
            || connection
                .lead
                .fund_from_development_account(address)
                .await
                .is_ok();
    }

    async fn is_so(&self, until: Until, call: &Call) -> Result<bool, Failure> {
        if until == Until::Forever || self.seen().link != Link::Online || !call.whole {
            return Ok(false);
        }
        // What only a person can go on with does not count; on a main network that is all of it.
        let waits_for_nobody =
            !self.may_send() || !self.with_store(|store| store.is_any_open()).await?;
        let in_no_block = self.with_store(|store| store.in_no_block()).await?;
        let sent = waits_for_nobody && in_no_block.iter().all(|row| is_held(row, call));
        Ok(match until {
            Until::Forever => false,
            Until::Sent => sent,
            Until::Idle => {
                let settled = !self.seen().dispute.is_open();
                sent && call.caught_up && call.complete && settled
            }
            Until::Final => {
                waits_for_nobody && !self.with_store(|store| store.is_any_on_the_way()).await?
            }
        })
    }

    fn why_not(&self) -> Synced {
        let seen = self.seen();
        match seen.link {
            Link::Offline { reason } => Synced::Offline(reason),
            Link::Online if seen.short_of_funds => Synced::ShortOfFunds,
            Link::Online => Synced::TimeOver,
        }
    }

    /// Until the next round is due, or there is something new to send.
    async fn pause(&self, call: &Call) -> Result<(), Failure> {
        if call.whole && call.more {
            tokio::time::sleep(Duration::from_millis(BREATH)).await;
            return Ok(());
        }
        let now = self.now();
        let undo = self.with_store(move |store| store.next_due(now)).await?;
        // Whoever did not answer is asked again as soon as its own pause is over: a link may be up for
        // seconds only.
        let poll = match self.pool().next_due(self.ms()) {
            Some(wait) if !call.whole => wait.clamp(BREATH, self.poll_ms()),
            _ => self.poll_ms(),
        };
        let poll = Duration::from_millis(poll);
        let due = match undo {
            // The clock counts whole seconds.
            Some(at) => poll.min(Duration::from_secs(at.saturating_sub(now).max(1))),
            None => poll,
        };
        tokio::select! {
            () = tokio::time::sleep(due) => {}
            () = self.inner.wake.notified() => {}
        }
        Ok(())
    }

    async fn rest(&self) {
        tokio::time::sleep(Duration::from_millis(self.poll_ms())).await;
    }

    pub(crate) fn poll_ms(&self) -> u64 {
        self.inner
            .preset
            .map_or(USUAL_POLL, |preset| preset.poll_ms)
    }
}

/// Held by a node in this call, or in a block by an endpoint's word.
fn is_held(row: &OutgoingRow, call: &Call) -> bool {
    let newest = row.variants.last();
    let told = row.variants.iter().any(|variant| variant.told.is_some());
    told || newest.is_some_and(|newest| call.known.held.contains_key(&newest.hash))
}
