//! Own messages: queueing, editing, withdrawing, and what else a person can do about them.

use parley_core::MessageId;
use parley_store::{Conflict, EditError, NewMessage, Outcome, StoreError};
use parley_wire as wire;
use parley_wire::{Changed, Code, Draft, Failure, OwnMessage};

use crate::draft::{Ready, Wrapping};
use crate::failure;
use crate::outbox;
use crate::pair;
use crate::parley::Parley;
use crate::state::View;

pub(crate) use crate::state::{is_given_up, lasting_hash, leading};

/// Own messages that are read at once.
const PAGE: u32 = 500;

impl Parley {
    /// Queues a message that a person wrote at a window; it is durable when this returns. The answer
    /// is its number. For a while it can still be taken back.
    ///
    /// # Errors
    /// What is wrong with it, or why it could not be kept. Then nothing changed.
    pub async fn queue(&self, draft: Draft) -> Result<u64, Failure> {
        let ready = self.check(&draft, Wrapping::WhereNeeded)?;
        self.check_reference(&ready, None).await?;
        let undo = self.settings().await?.undo_seconds;
        let row = ready.row(self.now(), Some(undo));
        let ids = self.keep_queued(vec![row]).await?;
        ids.first()
            .copied()
            .ok_or_else(|| failure::other("The message was not queued."))
    }

    /// Queues messages of a script that were checked, in their order and in one commit. They leave as
    /// soon as they can. The answer has the number of each, or why it was not queued.
    ///
    /// # Errors
    /// They could not be kept. Then none was.
    pub async fn queue_checked(
        &self,
        ready: &[Ready],
    ) -> Result<Vec<Result<u64, Failure>>, Failure> {
        let now = self.now();
        let mut answers = Vec::with_capacity(ready.len());
        let mut rows = Vec::with_capacity(ready.len());
        let checked = self.check_references(ready).await?;
        for (one, checked) in ready.iter().zip(checked) {
            if checked.is_ok() {
                rows.push(one.row(now, None));
            }
            answers.push(checked.map(|()| 0));
        }
        let kept: Vec<Result<u64, Failure>> = match self.keep_queued(rows.clone()).await {
            Ok(ids) => ids.into_iter().map(Ok).collect(),
            // One of them refers to what is not there: each is queued by itself.
            Err(failure) if failure.code == Code::BadInput => self.keep_each(rows).await?,
            Err(failure) => return Err(failure),
        };
        let mut kept = kept.into_iter();
        for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
            if let Some(kept) = kept.next() {
                *answer = kept;
            }
        }
        Ok(answers)
    }

    async fn keep_each(&self, rows: Vec<NewMessage>) -> Result<Vec<Result<u64, Failure>>, Failure> {
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            kept.push(match self.keep_queued(vec![row]).await {
                Ok(ids) => ids
                    .first()
                    .copied()
                    .ok_or_else(|| failure::other("The message was not queued.")),
                Err(failure) if failure.code == Code::BadInput => Err(failure),
                Err(failure) => return Err(failure),
            });
        }
        Ok(kept)
    }

    async fn keep_queued(&self, rows: Vec<NewMessage>) -> Result<Vec<u64>, Failure> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let parent = rows.iter().find_map(|row| row.parent);
        let ids = self
            .with_store_as(queue_failure, move |store| store.queue(&rows))
            .await
            .map_err(|failure| for_parent(failure, parent))?;
        self.own_changed();
        Ok(ids.into_iter().map(|id| id.0).collect())
    }

    /// Replaces what a message that is not sealed says. What waited because its time was over goes on.
    ///
    /// # Errors
    /// What is wrong with it, or that it is sealed. Then nothing changed.
    pub async fn edit(&self, id: u64, draft: Draft) -> Result<(), Failure> {
        let ready = self.check(&draft, Wrapping::WhereNeeded)?;
        self.check_reference(&ready, Some(MessageId(id))).await?;
        let row = ready.row(self.now(), None);
        self.refuse_for_pair(id, pair::edit_refused).await?;
        self.with_store_as(failure::edit, move |store| {
            store.replace(MessageId(id), &row.wire, row.parent, row.urgent)
        })
        .await?;
        self.own_changed();
        Ok(())
    }

    /// Withdraws a message that is not sealed; with `with_dependents` also all that refer to it.
    ///
    /// # Errors
    /// It is sealed, or others refer to it and were not to be withdrawn. Then nothing changed.
    pub async fn delete(&self, id: u64, with_dependents: bool) -> Result<(), Failure> {
        let now = self.now();
        self.refuse_for_pair(id, pair::parting_refused).await?;
        self.with_store_as(failure::edit, move |store| {
            let mut ids = vec![MessageId(id)];
            if with_dependents {
                ids = outbox::with_dependents(store, MessageId(id)).map_err(EditError::Store)?;
            }
            store.cancel(&ids, now)
        })
        .await?;
        self.own_changed();
        Ok(())
    }

    /// Lets a message leave before its time for undoing is over.
    ///
    /// # Errors
    /// There is none with this number.
    pub async fn send_now(&self, id: u64) -> Result<(), Failure> {
        self.decide(move |store| store.hurry(MessageId(id))).await
    }

    /// Sends a message although its time is over, or although it was saved from a damaged file.
    ///
    /// # Errors
    /// There is none with this number.
    pub async fn send_anyway(&self, id: u64) -> Result<(), Failure> {
        self.decide(move |store| {
            let id = MessageId(id);
            // What was encrypted is of no use without its vector.
            let vectors = pair::vectors_of(store, id).map_err(EditError::Store)?;
            store.resume(id).map_err(EditError::Store)?;
            let mut rest = vectors.into_iter();
            rest.try_for_each(|id| store.resume(id).map_err(EditError::Store))
        })
        .await
    }

    /// Offers a higher fee for a message that is on its way.
    ///
    /// # Errors
    /// It is not on its way, or withdrawn, or what refers to it has left: another fee would be another hash.
    pub async fn offer_more(&self, id: u64) -> Result<(), Failure> {
        self.decide(move |store| store.ask_more(MessageId(id)))
            .await
    }

    /// Puts a blank transaction in the place of a message that is on its way. The original may still
    /// come into a block before it.
    ///
    /// # Errors
    /// It is not on its way, or what refers to it was queued.
    pub async fn give_up(&self, id: u64) -> Result<(), Failure> {
        let now = self.now();
        self.refuse_for_pair(id, pair::parting_refused).await?;
        self.decide(move |store| store.give_up(MessageId(id), now))
            .await
    }

    /// Wants a message after all that was to be given up.
    ///
    /// # Errors
    /// The blank transaction has left, or the message was withdrawn.
    pub async fn keep(&self, id: u64) -> Result<(), Failure> {
        self.decide(move |store| store.keep(MessageId(id))).await
    }

    /// What was tried to hand a message over: the newest tries, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn attempts(&self, id: u64) -> Result<Vec<wire::Attempt>, Failure> {
        let attempts = self
            .with_store(move |store| store.attempts(MessageId(id)))
            .await?;
        Ok(attempts
            .into_iter()
            .map(|attempt| {
                let (outcome, class) = offered(attempt.outcome);
                wire::Attempt {
                    at: attempt.at,
                    endpoint: attempt.endpoint,
                    outcome,
                    class,
                }
            })
            .collect())
    }

    /// Every own message with its one state, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn outbox(&self) -> Result<Vec<OwnMessage>, Failure> {
        let mut all = Vec::new();
        loop {
            let after = all.last().map(|own: &OwnMessage| own.id);
            let page = self.outbox_after(after).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// Some own messages after this one, oldest first; none where it is the last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn outbox_after(&self, after: Option<u64>) -> Result<Vec<OwnMessage>, Failure> {
        let (seen, kind, now) = (self.seen(), self.inner.kind, self.now());
        self.with_store(move |store| {
            let view = View::read(store, &seen, kind, now)?;
            let rows = store.own_from(after.map(MessageId), PAGE)?;
            rows.iter().map(|row| view.own(store, row)).collect()
        })
        .await
    }

    async fn decide(
        &self,
        decision: impl FnOnce(&mut parley_store::Store) -> Result<(), EditError> + Send + 'static,
    ) -> Result<(), Failure> {
        self.with_store_as(failure::edit, decision).await?;
        self.own_changed();
        Ok(())
    }

    pub(crate) fn own_changed(&self) {
        self.say(Changed::Outbox);
        self.say(Changed::Signals);
        self.say(Changed::Status);
        self.inner.wake.notify_one();
    }
}

fn offered(outcome: Outcome) -> (wire::Offered, Option<String>) {
    match outcome {
        Outcome::Accepted => (wire::Offered::Accepted, None),
        Outcome::Known => (wire::Offered::Known, None),
        Outcome::Offline => (wire::Offered::Offline, None),
        Outcome::Refused(class) => (wire::Offered::Refused, Some(class)),
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
