//! Whether a message may say what it says about one that is known here. One that is not known yet is
//! never held against a message: the rules apply once it is.

use alloy_primitives::Address;
use parley_core::MessageId;
use parley_wire::Failure;
use whiteflag::{Message, ReferenceIndicator};

use crate::board::Board;
use crate::draft::Ready;
use crate::failure;
use crate::parley::Parley;

impl Parley {
    /// Refuses a reference that the standard does not allow (specification 5.4). `edits` is the own
    /// message that it takes the place of.
    pub(crate) async fn check_reference(
        &self,
        ready: &Ready,
        edits: Option<MessageId>,
    ) -> Result<(), Failure> {
        let asked = Vec::from_iter(Asked::of(ready, edits));
        let checked = self.check_asked(asked).await?;
        checked.into_iter().collect()
    }

    /// As [`Self::check_reference`], for messages that take no place of another: what is wrong with each.
    pub(crate) async fn check_references(
        &self,
        ready: &[Ready],
    ) -> Result<Vec<Result<(), Failure>>, Failure> {
        let asked: Vec<_> = ready.iter().map(|one| Asked::of(one, None)).collect();
        let refers: Vec<bool> = asked.iter().map(Option::is_some).collect();
        let checked = self.check_asked(asked.into_iter().flatten().collect());
        let mut checked = checked.await?.into_iter();
        let mut answer = |refers: bool| refers.then(|| checked.next()).flatten().unwrap_or(Ok(()));
        Ok(refers.into_iter().map(&mut answer).collect())
    }

    /// Brings the board in step once for all of them, and not at all where there are none.
    async fn check_asked(&self, asked: Vec<Asked>) -> Result<Vec<Result<(), Failure>>, Failure> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let own = self.inner.profile.address;
        self.with_board(move |board: &Board| {
            asked
                .into_iter()
                .map(|one| one.check(board, &own))
                .collect()
        })
        .await
    }
}

/// A message that refers to another one.
struct Asked {
    message: Message,
    parent: Option<MessageId>,
    edits: Option<MessageId>,
}

impl Asked {
    /// `None` for a message that refers to nothing, as most do.
    fn of(ready: &Ready, edits: Option<MessageId>) -> Option<Self> {
        let message = Message::decode(ready.outgoing.octets()).ok()?;
        let refers = message.reference.indicator != ReferenceIndicator::Original;
        refers.then(|| Self {
            message,
            parent: ready.outgoing.parent(),
            edits,
        })
    }

    fn check(mut self, board: &Board, own: &Address) -> Result<(), Failure> {
        if let Some(parent) = self.parent.and_then(|parent| board.name(parent)) {
            self.message.reference.message = parent;
        }
        let edits = self.edits.and_then(|id| board.name(id));
        let wrong = board.situation.check(&self.message, own, edits.as_ref());
        if wrong.is_empty() {
            return Ok(());
        }
        let words: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        Err(failure::bad_input(format!(
            "The message was not queued: {}.",
            words.join("; ")
        )))
    }
}
