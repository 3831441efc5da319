//! A round where each octet counts and a link may be up for seconds only (data saver). What is not known
//! is asked in the same exchange in which messages are offered, and an exchange that is lost is repeated
//! at once. What was offered without an answer is asked about before it is offered again: a question is
//! small, and half of what is lost is lost on the way back.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use alloy_primitives::B256;
use parley_chain::{AccountFacts, Endpoint, Means, ReadFailure, Told, Wanted};
use parley_core::MessageId;
use parley_core::endpoint::Event;
use parley_core::gas::Fork;
use parley_core::portion::Portion;
use parley_store::OutgoingRow;
use parley_wire::{Failure, Link};

use super::heard::look_again_later;
use super::plan::{self, Around, Open};
use super::{Round, WINDOW, pending};
use crate::broken::Broken;
use crate::connect::offline;
use crate::parley::Parley;
use crate::sync::{BREATH, Call};

/// What was told of prices and balance is used for so long. Offers outlast eight base fees, and what is
/// sealed meanwhile is counted against the balance.
const MEANS_MS: u64 = 900_000;
/// For so long where the account itself holds messages up: money may have come.
const BLOCKED_MS: u64 = 60_000;
/// What one endpoint has said to be in a block for so long is not asked about any more.
const SETTLED_S: u64 = 3_600;

/// What is remembered from round to round.
#[derive(Default)]
pub(crate) struct Thin {
    pub(super) portion: Portion,
    /// The account's transactions in blocks, as last told, and when.
    pub(super) count: Option<(u64, u64)>,
    /// Those in final blocks.
    pub(super) settled: Option<u64>,
    pub(super) means: Option<Dated>,
    /// When places in blocks are asked about for their own sake, and after how long again.
    pub(super) look_ms: u64,
    pub(super) look_gap_ms: u64,
    /// There were messages to seal and a place for them, and the account could not.
    pub(super) blocked: bool,
}

/// What was told of the account's means, and when.
#[derive(Clone, Copy)]
pub(super) struct Dated {
    pub(super) means: Means,
    /// So many transactions were in blocks then: the balance is what they have left.
    pub(super) count: u64,
    pub(super) at_ms: u64,
    pub(super) at_s: u64,
}

/// What was asked in this round.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) count: bool,
    pub(super) means: bool,
    pub(super) settled: bool,
    /// Blocks hold something else at their nonces, as this endpoint says.
    pub(super) claimed: Vec<MessageId>,
    /// It is time to ask for places in blocks.
    pub(super) looks: bool,
    /// Their places were asked for.
    pub(super) looked: HashSet<MessageId>,
    /// What follows from the newest answers was sealed.
    pub(super) prepared: bool,
    /// How often an endpoint answered about each transaction that was offered.
    pub(super) answered: HashMap<B256, u32>,
}

impl Parley {
    /// One round. An endpoint that fails is followed by the next one.
    pub(crate) async fn thin_round(&self, call: &mut Call) -> Result<(), Failure> {
        let mut asked = Asked::default();
        let mut why = None;
        while let Some((endpoint, greeted)) = self.usable().into_iter().next() {
            match self.thin_step(&endpoint, greeted, call, &mut asked).await {
                Ok(true) => {}
                Ok(false) => {
                    (call.whole, call.complete, call.caught_up) = (true, true, true);
                    return self.count_traffic().await;
                }
                Err(Broken::Store(failure)) => return Err(failure),
                Err(Broken::Offline(reason)) => {
                    why = Some(reason);
                    tokio::time::sleep(Duration::from_millis(BREATH)).await;
                }
            }
        }
        let why = why.unwrap_or_else(|| self.why_nobody());
        self.lost(why);
        self.count_traffic().await
    }

    /// What an endpoint says about the account, for the status.
    pub(crate) async fn thin_glance(&self) -> Result<(), Failure> {
        self.refresh_pool().await?;
        let Some((endpoint, greeted)) = self.usable().into_iter().next() else {
            let why = self.why_nobody();
            self.lost(why);
            return Ok(());
        };
        let wanted = Wanted {
            chain: !greeted,
            means: true,
            ..Wanted::default()
        };
        match self.ask_thin(&endpoint, &wanted).await {
            Err(Broken::Store(failure)) => return Err(failure),
            Err(Broken::Offline(reason)) => {
                self.lost(reason);
            }
            Ok(_) => {}
        }
        self.count_traffic().await
    }

    /// One exchange. Whether anything was left to ask or offer.
    async fn thin_step(
        &self,
        endpoint: &Endpoint,
        greeted: bool,
        call: &mut Call,
        asked: &mut Asked,
    ) -> Result<bool, Broken> {
        let up = self.is_link_up(endpoint.url());
        if greeted && up {
            self.prepare(endpoint, call, asked).await?;
        }
        let rows = self.rows_of_round().await?;
        let open = self.wants_to_seal(&rows, call.thin.count()).await?;
        let around = Around {
            greeted,
            up,
            open,
            now_ms: self.ms(),
            now: self.now(),
            next_nonce: self.with_store(|store| store.next_nonce()).await?,
            means_old: self.are_means_old(&call.thin),
        };
        let waiting = pending(&rows);
        let (wanted, offered) = plan::plan(&waiting, &around, call, asked);
        if wanted.is_nothing() {
            return Ok(false);
        }
        for hash in &offered {
            call.known.untried.remove(hash);
        }
        let started = self.ms();
        let told = match self.ask_thin(endpoint, &wanted).await {
            Ok(told) => told,
            Err(broken) => {
                call.thin.portion.lost(offered.len());
                return Err(broken);
            }
        };
        let took = self.ms().saturating_sub(started);
        call.thin.portion.answered(offered.len(), took);
        self.learn(&wanted, &told, &waiting, call, asked);
        self.keep_answers(endpoint, &offered, &told, call, asked)
            .await?;
        self.watch_for_mislaid_thinly(endpoint, &offered, &told, &waiting, call)
            .await;
        look_again_later(&wanted, &told, call, asked, self.ms());
        self.keep_places(endpoint, &wanted, &told, &waiting, call, asked)
            .await?;
        self.check_means(endpoint, &wanted, &rows, call).await?;
        if wanted.settled && !asked.claimed.is_empty() {
            self.displace_claimed(endpoint, &waiting, call, asked)
                .await?;
        }
        Ok(true)
    }

    /// What is on its way, and what may still leave its block.
    async fn rows_of_round(&self) -> Result<Vec<OutgoingRow>, Failure> {
        let told_until = self.now().saturating_sub(SETTLED_S);
        self.with_store(move |store| store.not_told(told_until))
            .await
    }

    /// Whether any message may be sealed now, for which there is a place.
    async fn wants_to_seal(&self, rows: &[OutgoingRow], count: u64) -> Result<Open, Broken> {
        let in_flight = pending(rows)
            .iter()
            .filter(|one| one.nonce >= count)
            .count();
        let room = WINDOW.saturating_sub(in_flight);
        let any = self.may_send() && !self.leaving(room.max(1), self.now()).await?.is_empty();
        Ok(match (any, room) {
            (false, _) => Open::None,
            (true, 0) => Open::NoRoom,
            (true, _) => Open::Room,
        })
    }

    /// Seals what can be sealed by what is known. It leaves with the next exchange.
    async fn prepare(
        &self,
        endpoint: &Endpoint,
        call: &mut Call,
        asked: &mut Asked,
    ) -> Result<(), Broken> {
        if std::mem::replace(&mut asked.prepared, true) {
            return Ok(());
        }
        self.repair_references().await?;
        let Some(round) = self.round_of(endpoint, &call.thin) else {
            return Ok(());
        };
        let mut rows = self.rows_of_round().await?;
        if asked.count && asked.means {
            self.change_prices(&round, &rows, &mut call.known).await?;
            rows = self.rows_of_round().await?;
        }
        let new = self.send_fresh(&round, &rows, &mut call.known).await?;
        let open = self.wants_to_seal(&rows, call.thin.count()).await?;
        call.thin.blocked = !new && open == Open::Room;
        Ok(())
    }

    /// A round by what is known; `None` where that is too old, or nothing.
    pub(super) fn round_of<'a>(&self, endpoint: &'a Endpoint, thin: &Thin) -> Option<Round<'a>> {
        let dated = thin.means.filter(|_| !self.are_means_old(thin))?;
        let count = thin.count();
        Some(Round {
            lead: endpoint,
            head: dated.means.head,
            // No header is asked for. Gas that is not used is given back.
            fork: Fork::Unknown,
            facts: AccountFacts {
                nonce: count,
                pending_nonce: count,
                final_nonce: thin.settled,
                balance: dated.means.balance,
                has_code: dated.means.has_code,
                fees: dated.means.fees,
            },
            paid: dated.count,
            caught_up: false,
        })
    }

    fn are_means_old(&self, thin: &Thin) -> bool {
        let most = if thin.blocked { BLOCKED_MS } else { MEANS_MS };
        // A device that slept counts no milliseconds, and its clock may be set.
        thin.means.is_none_or(|dated| {
            self.ms().saturating_sub(dated.at_ms) > most
                || self.now().abs_diff(dated.at_s) > most / 1_000
        })
    }

    /// Asks, and keeps what is to be seen of the answer.
    async fn ask_thin(&self, endpoint: &Endpoint, wanted: &Wanted) -> Result<Told, Broken> {
        let (url, started) = (endpoint.url(), self.ms());
        let told = endpoint.exchange(self.inner.profile.address, wanted).await;
        let told = told.map_err(|why| self.cut(endpoint, why))?;
        if let Some((chain_id, genesis)) = told.chain {
            self.is_for_this_chain(url, chain_id, genesis).await?;
            self.pool().greeted(url);
        }
        let latency_ms = u32::try_from(self.ms().saturating_sub(started)).unwrap_or(u32::MAX);
        self.on_endpoint(url, Event::Answered { latency_ms });
        if let Some(means) = &told.means {
            self.on_endpoint(url, Event::Head(means.head));
        }
        self.see(|seen| {
            seen.link = Link::Online;
            let Some(means) = &told.means else {
                return;
            };
            (seen.balance, seen.fees) = (Some(means.balance), Some(means.fees));
            (seen.head, seen.head_time) = (Some(means.head), means.head_time);
            // Only what several say holds messages up.
            seen.has_code &= means.has_code;
        });
        Ok(told)
    }

    async fn is_for_this_chain(
        &self,
        url: &str,
        chain_id: u64,
        genesis: B256,
    ) -> Result<(), Broken> {
        match self.is_same_chain(chain_id, Some(genesis), url).await? {
            Ok(()) => Ok(()),
            Err((lie, reason)) => {
                self.other_chain(url, lie);
                Err(Broken::Offline(reason))
            }
        }
    }

    /// An exchange failed: where that may be the link, it is repeated at once.
    fn cut(&self, endpoint: &Endpoint, why: ReadFailure) -> Broken {
        if why != ReadFailure::Unreachable {
            return self.blame(endpoint, why);
        }
        self.on_endpoint(endpoint.url(), Event::Cut);
        Broken::Offline(offline(why))
    }

    fn is_link_up(&self, url: &str) -> bool {
        let now_ms = self.ms();
        self.pool()
            .health(url)
            .is_some_and(|health| health.is_link_up(now_ms))
    }
}

impl Thin {
    /// How many of the account's transactions are in blocks, at least.
    pub(super) fn count(&self) -> u64 {
        self.count.map_or(0, |(count, _)| count)
    }
}
