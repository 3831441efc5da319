//! Own messages: queueing, editing, withdrawing, and the one state each of them is in.

use parley_core::delivery::{self, Delivery, Facts, Question, Stop, Surroundings};
use parley_core::{MessageId, network};
use parley_store::{Conflict, EditError, Finality, OutgoingRow, StoreError, Variant};
use parley_wire::{Changed, Code, Draft, Failure, Link, Next, OwnMessage, Reason, State};
use serde_json::Value;
use whiteflag::{Body, Message, TransactionHash};

use crate::draft::{Ready, Wrapping};
use crate::parley::{Parley, Seen};
use crate::{clock, failure};

impl Parley {
    /// Queues a message; it is durable when this returns. The answer is its number.
    ///
    /// # Errors
    /// What is wrong with it, or why it could not be kept. Then nothing changed.
    pub async fn queue(&self, draft: Draft) -> Result<u64, Failure> {
        let ready = self.check(&draft, Wrapping::WhereNeeded)?;
        self.queue_checked(ready).await
    }

    /// Queues a message that was checked.
    ///
    /// # Errors
    /// Why it could not be kept. Then nothing changed.
    pub async fn queue_checked(&self, ready: Ready) -> Result<u64, Failure> {
        self.check_reference(&ready, None).await?;
        let row = ready.row();
        let parent = row.parent;
        let ids = self
            .with_store_as(queue_failure, move |store| {
                store.queue(std::slice::from_ref(&row))
            })
            .await
            .map_err(|failure| for_parent(failure, parent))?;
        self.say(Changed::Outbox);
        self.say(Changed::Signals);
        self.say(Changed::Status);
        self.inner.wake.notify_one();
        ids.first()
            .map(|id| id.0)
            .ok_or_else(|| failure::other("The message was not queued."))
    }

    /// Replaces what a message that is not sealed says.
    ///
    /// # Errors
    /// What is wrong with it, or that it is sealed. Then nothing changed.
    pub async fn edit(&self, id: u64, draft: Draft) -> Result<(), Failure> {
        let ready = self.check(&draft, Wrapping::WhereNeeded)?;
        self.check_reference(&ready, Some(MessageId(id))).await?;
        let row = ready.row();
        self.with_store_as(failure::edit, move |store| {
            store.replace(MessageId(id), &row.wire, row.parent, row.urgent)
        })
        .await?;
        self.say(Changed::Outbox);
        self.say(Changed::Signals);
        Ok(())
    }

    /// Withdraws a message that is not sealed; with `with_dependents` also all that refer to it.
    ///
    /// # Errors
    /// It is sealed, or others refer to it and were not to be withdrawn. Then nothing changed.
    pub async fn delete(&self, id: u64, with_dependents: bool) -> Result<(), Failure> {
        self.with_store_as(failure::edit, move |store| {
            let rows = store.outgoing().map_err(EditError::Store)?;
            let mut ids = vec![MessageId(id)];
            if with_dependents {
                ids.extend(descendants(&rows, MessageId(id)));
            }
            store.cancel(&ids, clock::now())
        })
        .await?;
        self.say(Changed::Outbox);
        self.say(Changed::Signals);
        self.say(Changed::Status);
        Ok(())
    }

    /// Every own message with its one state, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn outbox(&self) -> Result<Vec<OwnMessage>, Failure> {
        let (rows, finality) = self
            .with_store(|store| Ok((store.outgoing()?, store.finality()?)))
            .await?;
        let around = surroundings(&self.seen(), finality);
        let rows = rows
            .iter()
            .map(|row| own(row, &rows, &around, self.inner.kind));
        Ok(rows.collect())
    }
}

/// What is known of the world around own messages.
fn surroundings(seen: &Seen, finality: Finality) -> Surroundings {
    Surroundings {
        online: seen.link == Link::Online,
        short_of_funds: seen.short_of_funds,
        used_elsewhere: seen.used_elsewhere,
        has_code: false,
        safe: finality.safe,
        finalized: finality.finalized,
    }
}

/// All messages, not sealed, that refer to this one directly or through others.
fn descendants(rows: &[OutgoingRow], of: MessageId) -> Vec<MessageId> {
    let mut found = vec![of];
    // Parents come before children, so that one pass is enough.
    for row in rows.iter().filter(|row| is_open(row)) {
        if row.parent.is_some_and(|parent| found.contains(&parent)) {
            found.push(row.id);
        }
    }
    found.split_off(1)
}

/// Neither sealed nor withdrawn.
pub(crate) fn is_open(row: &OutgoingRow) -> bool {
    row.variants.is_empty() && !row.cancelled
}

/// The variant that counts: the one in a block, else the newest.
pub(crate) fn leading(row: &OutgoingRow) -> Option<&Variant> {
    row.variants
        .iter()
        .find(|variant| variant.position.is_some())
        .or(row.variants.last())
}

/// Whether a message may leave on this network. Until the keys are protected, none does on a main one.
pub(crate) fn may_leave(row: &OutgoingRow, kind: network::NetworkKind) -> bool {
    let is_test =
        Message::decode(&row.wire).is_ok_and(|message| matches!(message.body, Body::Test(_)));
    network::may_send(kind, is_test, false)
}

fn own(
    row: &OutgoingRow,
    all: &[OutgoingRow],
    around: &Surroundings,
    kind: network::NetworkKind,
) -> OwnMessage {
    let lead = leading(row);
    let facts = Facts {
        cancelled: row.cancelled,
        stopped: row.stopped,
        waits_for: waits_for(row, all),
        forbidden: !may_leave(row, kind),
        sealed: lead.is_some(),
        exposed: row
            .variants
            .iter()
            .any(|variant| variant.exposed_at.is_some()),
        accepted_by: row
            .variants
            .iter()
            .map(|variant| variant.accepted_by)
            .max()
            .unwrap_or(0),
        refused: lead.is_some_and(|lead| lead.refused),
        sighted: row.variants.iter().any(|variant| variant.sighted),
        block: lead
            .and_then(|lead| lead.position)
            .map(|position| position.block_number),
        ..Facts::default()
    };
    let (state, reason, next) = words(delivery::delivery(&facts, around));
    let dependents = all
        .iter()
        .filter(|other| other.parent == Some(row.id) && is_open(other));
    OwnMessage {
        id: row.id.0,
        state,
        reason,
        next,
        transaction_hash: lead.map(|lead| hex::encode(lead.hash)),
        block_number: facts.block,
        queued_at: row.queued_at,
        editable: is_open(row) && row.stopped.is_none(),
        dependents: dependents.map(|other| other.id.0).collect(),
        message: message(row),
    }
}

/// The parent, while its hash is not fixed.
fn waits_for(row: &OutgoingRow, all: &[OutgoingRow]) -> Option<MessageId> {
    let parent = all.iter().find(|other| Some(other.id) == row.parent)?;
    let exposed = parent
        .variants
        .iter()
        .any(|variant| variant.exposed_at.is_some());
    (!exposed && row.variants.is_empty()).then_some(parent.id)
}

/// The JSON of an own message; a reference to one that is not sealed reads `@ID`.
pub(crate) fn message(row: &OutgoingRow) -> Value {
    let Ok(message) = Message::decode(&row.wire) else {
        return Value::Null;
    };
    let open = row.variants.is_empty() && message.reference.message == TransactionHash::ZERO;
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
        Delivery::SentAgain => (State::Sent, Reason::BlockReplaced, Next::AwaitBlock),
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
        Delivery::Stopped(Stop::Displaced) => (State::Stopped, Reason::Displaced, Next::WriteAgain),
        Delivery::Stopped(Stop::Over | Stop::Recovered) => {
            (State::Stopped, Reason::NotOnThisNetwork, Next::Decide)
        }
        Delivery::Cancelled => (State::Cancelled, Reason::Withdrawn, Next::Nothing),
    }
}

fn queue_failure(error: StoreError) -> Failure {
    if let StoreError::Conflict(Conflict::UnknownMessage(_) | Conflict::Cancelled(_)) = error {
        return Failure {
            code: Code::BadInput,
            message: String::new(),
        };
    }
    failure::store(error)
}

fn for_parent(failure: Failure, parent: Option<MessageId>) -> Failure {
    match parent {
        Some(parent) if failure.code == Code::BadInput => failure::bad_input(format!(
            "The message was not queued: it refers to own message {}, which does not exist or was \
             deleted.",
            parent.0
        )),
        _ => failure,
    }
}
