//! On networks for exercises: a node that holds a transaction and never gives it its turn. anvil decides
//! by the count of blocks when a transaction has its turn, and does not look again: one that comes in
//! just while the block with its predecessor is made is held for ever, and everything after it. Offering
//! it again changes nothing, because it is known. So the node is asked to let go of it, after which it is
//! seen to be unknown and offered as it was, under the same hash.

use alloy_primitives::B256;
use parley_chain::{Endpoint, ReadFailure, SendFailure, Told};
use parley_core::network::NetworkKind;

use super::{Known, Pending, Round};
use crate::parley::Parley;
use crate::sync::Call;

/// What was seen in the rounds before.
#[derive(Default)]
pub(super) struct Watch {
    /// Without its turn when it was last asked about.
    seen: Option<B256>,
    /// The node lets nothing go.
    in_vain: bool,
}

impl Parley {
    /// Looks whether the next transaction is held and has no turn, twice in a row, because it may only
    /// just have come in. `asked` are those whose place was asked for in this round. Whether it has to be
    /// looked at again.
    pub(super) async fn watch_for_mislaid(
        &self,
        round: &Round<'_>,
        asked: &[&Pending<'_>],
        known: &mut Known,
    ) -> bool {
        if self.inner.kind != NetworkKind::Exercise || known.mislaid.in_vain {
            return false;
        }
        let hash = without_turn(round, asked, known);
        let before = std::mem::replace(&mut known.mislaid.seen, hash);
        if hash.is_none() || hash != before {
            return hash.is_some();
        }
        known.mislaid.seen = None;
        self.ask_to_let_go(round.lead, known).await;
        !known.mislaid.in_vain
    }

    /// The same over a thin link, where the answers come apart: that the node does not count the next
    /// transaction, and, when that is offered again, that it knows it.
    pub(super) async fn watch_for_mislaid_thinly(
        &self,
        endpoint: &Endpoint,
        offered: &[B256],
        told: &Told,
        waiting: &[Pending<'_>],
        call: &mut Call,
    ) {
        let (next, known) = (call.thin.count(), &mut call.known);
        if self.inner.kind != NetworkKind::Exercise || known.mislaid.in_vain {
            return;
        }
        let mut answers = offered.iter().zip(&told.offers);
        let before = known.mislaid.seen;
        let is_known = answers.any(|(hash, answer)| {
            before == Some(*hash) && matches!(answer, Err(SendFailure::Known))
        });
        if let Some(pending) = told.pending {
            let one = waiting.iter().find(|one| one.nonce == next);
            let one = one.filter(|_| pending <= next);
            known.mislaid.seen = one.map(|one| one.newest.hash);
        }
        if !is_known {
            return;
        }
        known.mislaid.seen = None;
        if self.ask_to_let_go(endpoint, known).await {
            let live = waiting.iter().filter(|one| one.nonce >= next);
            known.untried.extend(live.map(|one| one.newest.hash));
        }
    }

    /// What the node let go of is not held any more: whoever looks finds it unknown, and offers it.
    /// Whether it did.
    async fn ask_to_let_go(&self, endpoint: &Endpoint, known: &mut Known) -> bool {
        let address = self.inner.profile.address;
        let let_go = endpoint.let_go_on_development_node(address).await;
        // A lost answer refuses nothing.
        known.mislaid.in_vain = let_go == Err(ReadFailure::Refused);
        if let_go.is_ok() {
            tracing::warn!("the node had mislaid a transaction: it is offered once more");
            known.held.clear();
        }
        let_go.is_ok()
    }
}

/// The transaction that must be in the next block, where the node holds it and does not count it among
/// those that have their turn.
fn without_turn(round: &Round<'_>, asked: &[&Pending<'_>], known: &Known) -> Option<B256> {
    let next = round.facts.nonce;
    if round.facts.pending_nonce > next {
        return None;
    }
    let one = asked.iter().find(|one| one.nonce == next)?;
    let hash = one.newest.hash;
    known.held.contains_key(&hash).then_some(hash)
}
