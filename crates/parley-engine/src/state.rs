//! The one state of each own message, put together from what is stored, what the chain shows and
//! what the loops last saw.

use alloy_primitives::B256;
use parley_core::delivery::{self, Delivery, Facts, Question, Stop, Surroundings};
use parley_core::network::{NetworkKind, may_send};
use parley_store::{Kind, OutgoingRow, Store, StoreError, Variant};
use parley_wire::{Action, Link, Next, OwnMessage, Reason, State};
use serde_json::Value;
use whiteflag::{Message, TransactionHash};

use crate::pair::{self, Part};
use crate::parley::Seen;

/// A clock that jumped back does not hold a message for longer than the longest time for undoing.
const FARTHEST_UNDO: u64 = 120;

/// What all states depend on.
pub(crate) struct View {
    around: Surroundings,
    held_by_price: bool,
    may_send: bool,
    now: u64,
}

impl View {
    /// As things are.
    pub(crate) fn read(
        store: &Store,
        seen: &Seen,
        kind: NetworkKind,
        now: u64,
    ) -> Result<Self, StoreError> {
        let finality = store.finality()?;
        Ok(Self {
            around: Surroundings {
                online: seen.link == Link::Online,
                short_of_funds: seen.short_of_funds,
                used_elsewhere: seen.used_elsewhere,
                has_code: seen.has_code,
                safe: finality.safe,
                finalized: finality.finalized,
            },
            held_by_price: seen.held_by_price,
            may_send: may_send(kind, kind == NetworkKind::Test, false),
            now,
        })
    }

    /// An own message with its state.
    pub(crate) fn own(&self, store: &Store, row: &OutgoingRow) -> Result<OwnMessage, StoreError> {
        let lead = leading(row);
        let repaired_by = store.repaired_by(row.id)?;
        let facts = Facts {
            dangling: repaired_by.is_some(),
            ..self.facts(store, row)?
        };
        // What was final stays so, also where a mended file does not know how far the chain is.
        let around = Surroundings {
            finalized: self.around.finalized.max(row.settled),
            ..self.around
        };
        let (state, reason, next) = words(delivery::delivery(&facts, &around));
        let undo_until = row.undo_until.filter(|_| facts.in_undo_time);
        let dependents = store.dependents(row.id)?;
        Ok(OwnMessage {
            id: row.id.0,
            state,
            reason,
            next: if row.more_asked {
                more_offered(next)
            } else {
                next
            },
            transaction_hash: lead.map(|lead| hex::encode(lead.hash)),
            block_number: facts.block.or(facts.given_up).or(facts.told),
            queued_at: row.queued_at,
            editable: is_open(row),
            urgent: row.urgent,
            undo_until,
            repaired_by: repaired_by.map(|id| id.0),
            actions: actions(row, &facts, store)?,
            dependents: dependents.iter().map(|id| id.0).collect(),
            message: message(row),
        })
    }

    fn facts(&self, store: &Store, row: &OutgoingRow) -> Result<Facts, StoreError> {
        let live = || row.variants.iter().filter(|variant| !variant.displaced);
        let block_of = |kind: Kind| {
            let mut there = live().filter(move |variant| variant.kind == kind);
            there.find_map(|variant| variant.position.map(|position| position.block_number))
        };
        let newest = live().next_back();
        // A mended file knows that it is final, and no longer the block itself.
        let mended = row
            .settled
            .filter(|_| live().all(|variant| variant.position.is_none()));
        let displaced = !row.sealed && !row.variants.is_empty();
        Ok(Facts {
            cancelled: row.cancelled,
            stopped: row.stopped.filter(|stop| *stop != Stop::Over),
            over: row.stopped == Some(Stop::Over),
            in_undo_time: is_open(row) && in_undo_time(row.undo_until, self.now),
            held_by_price: self.held_by_price && row.settled.is_none(),
            waits_for: waits_for(store, row)?,
            forbidden: !self.may_send,
            exposed: row.sealed || displaced,
            accepted_by: live().map(|variant| variant.accepted_by).max().unwrap_or(0),
            refused: newest.is_some_and(|newest| newest.refused),
            sighted: live().any(|variant| variant.sighted),
            block: block_of(Kind::Message).or(mended),
            told: told(row, Kind::Message),
            told_given_up: told(row, Kind::Blank).is_some(),
            giving_up: row.giving_up_at.is_some(),
            given_up: block_of(Kind::Blank),
            displaced,
            dangling: false,
        })
    }
}

/// Whether a message can still be taken back: its time for undoing lasts until then.
pub(crate) fn in_undo_time(until: Option<u64>, now: u64) -> bool {
    let left = until.and_then(|until| until.checked_sub(now));
    left.is_some_and(|left| left > 0 && left <= FARTHEST_UNDO)
}

/// The block that holds it, or what took its place, by one endpoint's word.
fn told(row: &OutgoingRow, kind: Kind) -> Option<u64> {
    let live = row.variants.iter().filter(|variant| !variant.displaced);
    let mut of_kind = live.filter(|variant| variant.kind == kind);
    of_kind.find_map(|variant| variant.told.map(|told| told.number))
}

/// Not sealed, and wanted.
fn is_open(row: &OutgoingRow) -> bool {
    !row.sealed && !row.cancelled
}

/// The variant that counts: the one in a block, else the newest.
pub(crate) fn leading(row: &OutgoingRow) -> Option<&Variant> {
    let live = || row.variants.iter().filter(|variant| !variant.displaced);
    let in_block = live().find(|variant| variant.position.is_some());
    // The name of a message that is being given up stays its own.
    let says_it = || live().rev().filter(|variant| variant.kind == Kind::Message);
    let in_block = in_block.or_else(|| says_it().find(|variant| variant.told.is_some()));
    in_block.or_else(|| says_it().next()).or(live().next_back())
}

/// The hash that others may refer to: of the message itself, not displaced.
pub(crate) fn lasting_hash(row: &OutgoingRow) -> Option<B256> {
    let lead = leading(row).filter(|lead| lead.kind == Kind::Message);
    lead.map(|lead| lead.hash)
}

/// A blank transaction took its place.
pub(crate) fn is_given_up(row: &OutgoingRow) -> bool {
    leading(row).is_some_and(|lead| lead.kind == Kind::Blank && lead.position.is_some())
}

/// The parent, while its hash is not fixed.
fn waits_for(
    store: &Store,
    row: &OutgoingRow,
) -> Result<Option<parley_core::MessageId>, StoreError> {
    let Some(parent) = row.parent.filter(|_| !row.sealed) else {
        return Ok(None);
    };
    let parent = store.own(parent)?;
    Ok(parent
        .filter(|parent| lasting_hash(parent).is_none())
        .map(|parent| parent.id))
}

/// What happens next once a person asked to offer more.
fn more_offered(next: Next) -> Next {
    if matches!(next, Next::AwaitBlock | Next::OfferedAgain) {
        Next::MoreOffered
    } else {
        next
    }
}

fn actions(row: &OutgoingRow, facts: &Facts, store: &Store) -> Result<Vec<Action>, StoreError> {
    let placed = facts.block.or(facts.given_up).or(facts.told);
    if row.cancelled || row.settled.is_some() || placed.is_some() || facts.told_given_up {
        return Ok(Vec::new());
    }
    let mut actions = Vec::new();
    if !row.sealed {
        if row.stopped.is_some() {
            actions.push(Action::SendAnyway);
        }
        if facts.in_undo_time {
            actions.push(Action::SendNow);
        }
        match pair::part(store, row)? {
            Part::None => actions.extend([Action::Edit, Action::Delete]),
            Part::Encrypted => actions.push(Action::Delete),
            Part::Vector(_) => {}
        }
        return Ok(actions);
    }
    let blank = row
        .variants
        .iter()
        .any(|variant| variant.kind == Kind::Blank && !variant.displaced);
    if store.is_quoted(row.id)? {
        return Ok(actions);
    }
    if !row.more_asked {
        actions.push(Action::OfferMore);
    }
    let is_vector = matches!(pair::part(store, row)?, Part::Vector(_));
    if row.giving_up_at.is_none() && store.dependents(row.id)?.is_empty() {
        actions.extend((!is_vector).then_some(Action::GiveUp));
    } else if row.giving_up_at.is_some() && !blank {
        actions.push(Action::Keep);
    }
    Ok(actions)
}

/// The JSON of an own message; a reference to one that is not sealed reads `@ID`. Null for an
/// encrypted one: its words are nowhere on this device.
fn message(row: &OutgoingRow) -> Value {
    let Ok(message) = Message::decode(&row.wire) else {
        return Value::Null;
    };
    let open = !row.sealed && message.reference.message == TransactionHash::ZERO;
    let mut json = message.to_value();
    if let (Some(parent), true) = (row.parent, open)
        && let Some(field) = json.pointer_mut("/MessageHeader/ReferencedMessage")
    {
        *field = Value::String(format!("@{}", parent.0));
    }
    json
}

fn words(delivery: Delivery) -> (State, Reason, Next) {
    match delivery {
        Delivery::QueuedUndo => (State::Queued, Reason::UndoTime, Next::AfterUndo),
        Delivery::QueuedOffline => (State::Queued, Reason::NoConnection, Next::WhenConnected),
        Delivery::QueuedInTurn => (State::Queued, Reason::ItsTurn, Next::Soon),
        Delivery::WaitingForPerson(Question::Over) => {
            (State::Waiting, Reason::Over, Next::SendChangeOrDrop)
        }
        Delivery::WaitingForMessage(id) => (
            State::Waiting,
            Reason::ForMessage { id: id.0 },
            Next::AfterMessage,
        ),
        Delivery::WaitingForFunds => (State::Waiting, Reason::ForFunds, Next::AddFunds),
        Delivery::WaitingForAccount => (State::Waiting, Reason::UsedElsewhere, Next::WhenSettled),
        Delivery::WaitingForCode => (State::Waiting, Reason::HasCode, Next::ClearAccount),
        Delivery::WaitingForPrice => (State::Waiting, Reason::PriceTooHigh, Next::WhenCheaper),
        Delivery::Displaced => (State::Waiting, Reason::PlaceTaken, Next::SealedAfresh),
        Delivery::Forbidden => (State::Waiting, Reason::NotOnThisNetwork, Next::Decide),
        Delivery::Sending => (State::Sending, Reason::NoAnswer, Next::AwaitBlock),
        Delivery::Sent(nodes) => (State::Sent, Reason::Accepted { nodes }, Next::AwaitBlock),
        Delivery::SentBelowPrice(0) => (State::Sending, Reason::PriceTooHigh, Next::WhenCheaper),
        Delivery::SentBelowPrice(_) => (State::Sent, Reason::PriceTooHigh, Next::WhenCheaper),
        Delivery::GivingUp(nodes) => (
            State::Sending,
            Reason::GivingUp { nodes },
            Next::WhicheverFirst,
        ),
        Delivery::ToldGivenUp(nodes) => (
            State::Sending,
            Reason::GivingUp { nodes },
            Next::ReceiveToVerify,
        ),
        Delivery::SentAgain => (State::Sent, Reason::BlockReplaced, Next::AwaitBlock),
        Delivery::ToldInBlock(block) => (
            State::InBlock,
            Reason::ToldInBlock { block },
            Next::ReceiveToVerify,
        ),
        Delivery::InBlock(block) => (
            State::InBlock,
            Reason::InBlock { block },
            Next::AwaitFinality,
        ),
        Delivery::Safe(block) => (State::Safe, Reason::InBlock { block }, Next::AwaitFinality),
        Delivery::Final(block) => (State::Final, Reason::InBlock { block }, Next::Nothing),
        Delivery::Refused => (State::Sending, Reason::Refused, Next::OfferedAgain),
        Delivery::Dangling => (
            State::Stopped,
            Reason::ReferenceReplaced,
            Next::SentAsAnother,
        ),
        Delivery::GivenUp { block, is_final } => {
            let next = if is_final {
                Next::Nothing
            } else {
                Next::AwaitFinality
            };
            (State::Cancelled, Reason::GivenUp { block }, next)
        }
        Delivery::Stopped(Stop::Over) => (State::Waiting, Reason::Over, Next::SendChangeOrDrop),
        Delivery::Stopped(Stop::Recovered) => {
            (State::Waiting, Reason::Recovered, Next::SendChangeOrDrop)
        }
        Delivery::Cancelled => (State::Cancelled, Reason::Withdrawn, Next::Nothing),
    }
}
