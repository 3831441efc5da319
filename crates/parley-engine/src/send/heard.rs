//! What follows from an answer over a thin link: what is known of the account, of what was offered, and
//! of blocks by one endpoint's word. It asks about nothing but money for exercises, and what others say
//! where one alone would hold messages up or displace them.

use std::collections::HashMap;

use alloy_primitives::{B256, U256};
use parley_chain::{Endpoint, ReadFailure, Refusal, SendFailure, Told, Wanted};
use parley_store::{Outcome, OutgoingRow};
use parley_wire::Changed;

use super::again::hashes;
use super::thin::{Asked, Dated};
use super::{Pending, Round, outcome};
use crate::broken::Broken;
use crate::parley::Parley;
use crate::sync::{Call, LOCAL};

/// When it is first asked about blocks that may hold what was offered, and at last.
const LOOK_MS: u64 = 12_000;
const MOST_LOOK_MS: u64 = 300_000;

impl Parley {
    /// Takes in what was told of the account.
    pub(super) fn learn(
        &self,
        wanted: &Wanted,
        told: &Told,
        waiting: &[Pending<'_>],
        call: &mut Call,
        asked: &mut Asked,
    ) {
        let now_ms = self.ms();
        let head = self.seen().head.unwrap_or(0);
        if let Some(count) = told.count {
            call.thin.count = Some((count, now_ms));
            (asked.count, asked.prepared) = (true, false);
        }
        if wanted.settled {
            call.thin.settled = told.settled;
            (asked.settled, asked.prepared) = (true, false);
        }
        if let Some(means) = told.means {
            call.thin.means = Some(Dated {
                means,
                count: call.thin.count(),
                at_ms: now_ms,
                at_s: self.now(),
            });
            (asked.means, asked.prepared) = (true, false);
        }
        let count = call.thin.count();
        let held = told.pending.unwrap_or(0).max(count);
        for one in waiting {
            let hash = one.newest.hash;
            // A guess that costs nothing to be wrong about: offering twice does no harm.
            if one.nonce < held {
                let news = call.known.held.insert(hash, head).is_none();
                if news && one.newest.accepted_by == 0 {
                    call.known.arrived.insert(hash, self.now());
                }
                if news && !call.known.untried.remove(&hash) {
                    call.thin.portion.came_through();
                }
            } else if wanted.pending {
                call.known.held.remove(&hash);
                call.known.untried.insert(hash);
            }
        }
    }

    /// Keeps what became of what was offered.
    pub(super) async fn keep_answers(
        &self,
        endpoint: &Endpoint,
        offered: &[B256],
        told: &Told,
        call: &mut Call,
        asked: &mut Asked,
    ) -> Result<(), Broken> {
        let head = self.seen().head.unwrap_or(0);
        let mut outcomes = Vec::with_capacity(offered.len());
        for (hash, answer) in offered.iter().zip(&told.offers) {
            if let Err(SendFailure::Offline(why @ ReadFailure::Lie(_))) = *answer {
                let _ = self.blame(endpoint, why);
            }
            // Its predecessor came after it.
            if *answer == Err(SendFailure::Refused(Refusal::Gap)) {
                call.known.untried.insert(*hash);
            }
            let outcome = outcome(*answer);
            if outcome != Outcome::Offline {
                let times = asked.answered.entry(*hash).or_default();
                *times = times.saturating_add(1);
            }
            if matches!(outcome, Outcome::Accepted | Outcome::Known) {
                call.known.held.insert(*hash, head);
                call.known.arrived.entry(*hash).or_insert(self.now());
            }
            outcomes.push((*hash, outcome));
        }
        self.record(endpoint, outcomes).await?;
        Ok(())
    }

    /// Keeps which blocks hold own transactions by this endpoint's word, and acts where they hold
    /// something else.
    pub(super) async fn keep_places(
        &self,
        endpoint: &Endpoint,
        wanted: &Wanted,
        told: &Told,
        waiting: &[Pending<'_>],
        call: &mut Call,
        asked: &mut Asked,
    ) -> Result<(), Broken> {
        if let Some(count) = told.count
            && self
                .with_store(move |store| store.untell_from(count))
                .await?
        {
            // What is in no block again is looked for at once.
            call.thin.look_ms = 0;
            self.say(Changed::Outbox);
        }
        if wanted.places.is_empty() {
            return Ok(());
        }
        let found: HashMap<B256, u64> = wanted
            .places
            .iter()
            .zip(&told.places)
            .filter_map(|(hash, (_, height))| Some((*hash, (*height)?)))
            .collect();
        for one in waiting.iter().filter(|one| is_asked_for(one, wanted)) {
            asked.looked.insert(one.id);
            if !hashes(one).iter().any(|hash| found.contains_key(hash)) {
                asked.claimed.push(one.id);
            }
        }
        let (url, at) = (endpoint.url().to_owned(), self.now());
        let places: Vec<_> = found.into_iter().collect();
        self.with_store(move |store| store.tell(&url, at, &places))
            .await?;
        self.say(Changed::Outbox);
        Ok(())
    }

    /// The account was used elsewhere, as this endpoint says: where others say so alike, what lost its
    /// place is sealed afresh.
    pub(super) async fn displace_claimed(
        &self,
        endpoint: &Endpoint,
        waiting: &[Pending<'_>],
        call: &mut Call,
        asked: &mut Asked,
    ) -> Result<(), Broken> {
        let Some(round) = self.round_of(endpoint, &call.thin) else {
            return Ok(());
        };
        let round = Round {
            // Where they are was just asked.
            caught_up: true,
            ..round
        };
        let claimed = std::mem::take(&mut asked.claimed);
        let claimed = waiting.iter().filter(|one| claimed.contains(&one.id));
        self.displace_taken(&round, &mut claimed.collect()).await?;
        asked.prepared = false;
        Ok(())
    }

    /// What one endpoint says of an account that cannot send is compared with what others say; on the
    /// local network it is given exercise money.
    pub(super) async fn check_means(
        &self,
        endpoint: &Endpoint,
        wanted: &Wanted,
        rows: &[OutgoingRow],
        call: &mut Call,
    ) -> Result<(), Broken> {
        if !wanted.means {
            return Ok(());
        }
        let Some(mut round) = self.round_of(endpoint, &call.thin) else {
            return Ok(());
        };
        if round.facts.balance == U256::ZERO && self.inner.profile.network == LOCAL && !call.funded
        {
            let address = self.inner.profile.address;
            call.funded = endpoint
                .fund_from_development_account(address)
                .await
                .is_ok();
            if call.funded {
                call.thin.means = None;
                return Ok(());
            }
        }
        self.ask_about_account(&mut round, rows).await?;
        let facts = round.facts;
        if let Some(dated) = &mut call.thin.means {
            dated.means.balance = facts.balance;
            (dated.means.has_code, dated.means.fees) = (facts.has_code, facts.fees);
        }
        Ok(())
    }
}

/// What was offered comes into a block in the time of one; what is not there then takes longer.
pub(super) fn look_again_later(
    wanted: &Wanted,
    told: &Told,
    call: &mut Call,
    asked: &mut Asked,
    now_ms: u64,
) {
    let thin = &mut call.thin;
    if !wanted.offers.is_empty() {
        (thin.look_gap_ms, asked.looks) = (LOOK_MS, false);
    } else if told.count.is_some() {
        asked.looks |= now_ms >= thin.look_ms;
        let gap = thin.look_gap_ms.saturating_mul(2);
        thin.look_gap_ms = gap.clamp(LOOK_MS, MOST_LOOK_MS);
    } else {
        return;
    }
    thin.look_ms = now_ms.saturating_add(thin.look_gap_ms);
}

fn is_asked_for(one: &Pending<'_>, wanted: &Wanted) -> bool {
    hashes(one).iter().any(|hash| wanted.places.contains(hash))
}
