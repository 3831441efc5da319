//! A message that is in a block and refers to one of ours that got another hash refers to nothing.
//! It is sent once more with the right reference; the first stays on the chain without effect.

use parley_core::MessageId;
use parley_core::outgoing;
use parley_store::NewMessage;
use parley_wire::{Changed, Failure};
use whiteflag::{Message, TransactionHash};

use crate::parley::Parley;

impl Parley {
    /// Queues what has to be sent once more.
    pub(super) async fn repair_references(&self) -> Result<(), Failure> {
        let now = self.now();
        let repaired = self
            .with_store(move |store| {
                let mut new = Vec::new();
                for (child, parent, _) in store.dangling()? {
                    let row = store.own(child)?;
                    new.extend(
                        row.and_then(|row| again(&row.wire, row.urgent, child, parent, now)),
                    );
                }
                store.queue(&new)
            })
            .await?;
        if !repaired.is_empty() {
            tracing::warn!(
                messages = repaired.len(),
                "references pointed at nothing and are sent again"
            );
            self.say(Changed::Outbox);
        }
        Ok(())
    }
}

fn again(
    wire: &[u8],
    urgent: bool,
    repairs: MessageId,
    parent: MessageId,
    at: u64,
) -> Option<NewMessage> {
    let message = Message::decode(wire).ok()?;
    let message = outgoing::with_reference(&message, TransactionHash::ZERO);
    Some(NewMessage {
        wire: message.plaintext(),
        parent: Some(parent),
        at,
        urgent,
        undo_until: None,
        insists: true,
        repairs: Some(repairs),
    })
}
