//! The two loops as one round after the other: connect, receive, send. A round may be cut off at any
//! point; what it did is kept and the next one goes on from there.

use std::time::Duration;

use alloy_primitives::{B256, U256};
use parley_chain::Endpoint;
use parley_wire::{Failure, Link, OfflineReason, Reason, State};
use tokio_util::sync::CancellationToken;

use crate::connect::Connection;
use crate::parley::{Lock, Parley};
use crate::receive::Broken;
use crate::send::Known;

/// The only network whose node gives exercise money away.
const LOCAL: &str = "local";
/// How often a network that has no preset is asked, milliseconds.
const USUAL_POLL: u64 = 12_000;

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
struct Call {
    known: Known,
    funded: bool,
    /// The last round offered something.
    offered: bool,
    caught_up: bool,
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
                self.pause().await;
            }
        };
        match tokio::time::timeout(timeout, rounds).await {
            Ok(result) => result,
            Err(_) => Ok(self.why_not()),
        }
    }

    /// Runs both loops until told to stop. A store that fails is tried again in the next round: the
    /// disk may have room by then.
    pub async fn run(&self, stop: CancellationToken) {
        let mut call = Call::default();
        let rounds = async {
            loop {
                if let Err(failure) = self.round(&mut call).await {
                    tracing::error!(%failure, "a round of sending and receiving broke off");
                }
                self.pause().await;
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
        self.fund_once(&connection.endpoint, &mut call).await;
        Ok(())
    }

    async fn round(&self, call: &mut Call) -> Result<(), Failure> {
        call.caught_up = false;
        let Ok(connection) = self.connect().await? else {
            return Ok(());
        };
        match self.round_with(&connection, call).await {
            Ok(()) => Ok(()),
            Err(Broken::Store(failure)) => Err(failure),
            Err(Broken::Offline(reason)) => {
                self.lost(reason);
                Ok(())
            }
        }
    }

    /// Once more at once after something new was offered, because the chain may have it already; but
    /// not after an old one was offered again, or an endpoint that forgets would be asked without
    /// end. What waits in its pool gets one more look after the usual pause: most nodes of exercises
    /// put it into a block at once, and it would be a pity to say "sent" just before.
    async fn round_with(&self, connection: &Connection, call: &mut Call) -> Result<(), Broken> {
        let caught_up = self.receive(connection).await?;
        self.fund_once(&connection.endpoint, call).await;
        let round = self
            .send(&connection.endpoint, &mut call.known, caught_up)
            .await?;
        let offered = round.new || round.again;
        let just_offered = std::mem::replace(&mut call.offered, offered);
        let unsettled = offered || round.ahead || (round.pooled && just_offered);
        call.caught_up = caught_up && !unsettled;
        if round.new || (round.ahead && just_offered) {
            self.inner.wake.notify_one();
        }
        Ok(())
    }

    async fn fund_once(&self, endpoint: &Endpoint, call: &mut Call) {
        if call.funded || self.inner.profile.network != LOCAL {
            return;
        }
        let Ok(balance) = self.read_balance(endpoint).await else {
            return;
        };
        let address = self.inner.profile.address;
        // A node that gives nothing leaves the messages waiting for funds, which is said there.
        call.funded = balance > U256::ZERO
            || endpoint
                .fund_from_development_account(address)
                .await
                .is_ok();
        let _ = self.read_balance(endpoint).await;
    }

    async fn is_so(&self, until: Until, call: &Call) -> Result<bool, Failure> {
        if until == Until::Forever || self.seen().link != Link::Online {
            return Ok(false);
        }
        let own = self.outbox().await?;
        let wanted = own.iter().filter(|own| !is_left_out(own));
        Ok(match until {
            Until::Forever => false,
            Until::Sent => all_sent(wanted, call),
            Until::Idle => call.caught_up && all_sent(wanted, call),
            Until::Final => wanted.into_iter().all(|own| own.state == State::Final),
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
    async fn pause(&self) {
        let poll = self
            .inner
            .preset
            .map_or(USUAL_POLL, |preset| preset.poll_ms);
        let due = tokio::time::sleep(Duration::from_millis(poll));
        tokio::select! {
            () = due => {}
            () = self.inner.wake.notified() => {}
        }
    }
}

/// Withdrawn, or only a person can go on with it.
fn is_left_out(own: &parley_wire::OwnMessage) -> bool {
    let for_a_person = matches!(
        own.reason,
        Reason::NotOnThisNetwork | Reason::Over | Reason::HasCode
    );
    matches!(own.state, State::Cancelled | State::Stopped) || for_a_person
}

fn all_sent<'a>(
    mut wanted: impl Iterator<Item = &'a parley_wire::OwnMessage>,
    call: &Call,
) -> bool {
    wanted.all(|own| {
        let hash = own
            .transaction_hash
            .as_deref()
            .and_then(|hash| hash.parse::<B256>().ok());
        own.block_number.is_some() || hash.is_some_and(|hash| call.known.contains(&hash))
    })
}
