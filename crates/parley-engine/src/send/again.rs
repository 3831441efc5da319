//! What may have left before: where it is now, and offering again, in the order of nonces, what the
//! endpoint does not know.

use std::collections::HashSet;

use alloy_primitives::B256;
use parley_chain::{ReadFailure, Whereabouts};
use parley_store::Outcome;

use super::{Known, Offered, Pending, Round, Sending};
use crate::broken::Broken;
use crate::failpoint;
use crate::parley::Parley;

/// After so many blocks a node is asked again about what it said to hold.
const ASK_AGAIN: u64 = 5;

impl Parley {
    /// Asks about own transactions that may have left and are in no block, and offers again those
    /// that the endpoint does not know.
    pub(super) async fn offer_again(
        &self,
        round: &Round<'_>,
        pending: &[Pending<'_>],
        known: &mut Known,
    ) -> Result<Sending, Broken> {
        let asked: Vec<&Pending<'_>> = pending
            .iter()
            .filter(|one| is_doubtful(one, round, known))
            .collect();
        let mut found = Sending::default();
        let mut unknown = self.look(round, &asked, known, &mut found).await?;
        found.mislaid = self.watch_for_mislaid(round, &asked, known).await;
        found.pooled |= pending
            .iter()
            .any(|one| known.held.contains_key(&one.newest.hash));
        self.displace_taken(round, &mut unknown).await?;
        let offered: Vec<Offered> = unknown.iter().map(|one| Offered::of(one)).collect();
        self.offer(round, &offered, known).await?;
        found.again = !offered.is_empty();
        Ok(found)
    }

    /// Those that the endpoint does not know, asked by hash.
    async fn look<'a, 'b>(
        &self,
        round: &Round<'_>,
        asked: &[&'a Pending<'b>],
        known: &mut Known,
        found: &mut Sending,
    ) -> Result<Vec<&'a Pending<'b>>, Broken> {
        let hashes: Vec<B256> = asked.iter().flat_map(|one| hashes(one)).collect();
        let lead = round.lead;
        failpoint::pass("before", "look");
        let places = lead.whereabouts(&hashes).await;
        failpoint::pass("after", "look");
        let places = places.map_err(|why: ReadFailure| self.blame(lead, why))?;
        let at = |place| {
            let zipped = hashes.iter().zip(&places);
            let there = zipped.filter(move |(_, found)| **found == place);
            there.map(|(hash, _)| *hash).collect::<HashSet<B256>>()
        };
        let (in_block, in_pool) = (at(Whereabouts::Block), at(Whereabouts::Pool));
        found.ahead |= !in_block.is_empty();
        let mut unknown = Vec::new();
        let mut news = Vec::new();
        for one in asked {
            let there =
                hashes_of(one).find(|hash| in_block.contains(hash) || in_pool.contains(hash));
            match there {
                // An older fee in the pool does not mean that the newer one came through.
                Some(hash) if hash == one.newest.hash || in_block.contains(&hash) => {
                    known.held.insert(one.newest.hash, round.head);
                    if one.newest.accepted_by == 0 || one.newest.refused {
                        news.push((hash, Outcome::Known));
                    }
                }
                Some(_) | None => {
                    known.held.remove(&one.newest.hash);
                    unknown.push(*one);
                }
            }
        }
        self.record(lead, news).await?;
        Ok(unknown)
    }
}

/// Not seen to be held in this call, or so long ago, or not by the endpoint's count.
fn is_doubtful(one: &Pending<'_>, round: &Round<'_>, known: &Known) -> bool {
    let Some(seen) = known.held.get(&one.newest.hash) else {
        return true;
    };
    let head = round.head;
    one.nonce >= round.facts.pending_nonce || head >= seen.saturating_add(ASK_AGAIN) || head < *seen
}

/// The hashes of all of its transactions that may be in a block.
pub(super) fn hashes(one: &Pending<'_>) -> Vec<B256> {
    hashes_of(one).collect()
}

fn hashes_of<'a>(one: &'a Pending<'_>) -> impl Iterator<Item = B256> + 'a {
    let live = one.row.variants.iter().filter(|variant| !variant.displaced);
    live.map(|variant| variant.hash)
}
