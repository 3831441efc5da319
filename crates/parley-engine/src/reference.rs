//! Whether a message may say what it says about one that is known here. One that is not known yet is
//! never held against a message: the rules apply once it is.

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
        // Most messages refer to nothing, and for those the board need not be brought in step.
        let message = Message::decode(ready.outgoing.octets()).ok();
        let refers =
            |message: &Message| message.reference.indicator != ReferenceIndicator::Original;
        let Some(mut message) = message.filter(refers) else {
            return Ok(());
        };
        let parent = ready.outgoing.parent();
        let own = self.inner.profile.address;
        let wrong = self
            .with_board(move |board: &Board| {
                if let Some(parent) = parent.and_then(|parent| board.name(parent)) {
                    message.reference.message = parent;
                }
                let edits = edits.and_then(|id| board.name(id));
                board.situation.check(&message, &own, edits.as_ref())
            })
            .await?;
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
