//! Whether a message may say what it says about one that is known here. One that is not known yet is
//! never held against a message: the rules apply once it is.

use alloy_primitives::B256;
use parley_core::situation::{self, WrongReference};
use parley_store::{Store, StoreError};
use parley_wire::Failure;
use whiteflag::{Message, MessageCode, ReferenceIndicator};

use crate::draft::Ready;
use crate::failure;
use crate::parley::Parley;

impl Parley {
    /// Refuses a reference that the standard's tables do not allow (specification 4.2.1.6).
    pub(crate) async fn check_reference(&self, ready: &Ready) -> Result<(), Failure> {
        let outgoing = ready.outgoing.clone();
        let (kind, own) = (self.inner.kind, self.inner.profile.address);
        let wrong = self
            .with_store(move |store| {
                let Ok(message) = Message::decode(outgoing.octets()) else {
                    return Ok(None);
                };
                let target = match outgoing.parent() {
                    Some(parent) => store.wire(parent)?.map(|wire| (wire, true)),
                    None => target(store, &message, |originator| originator == own)?,
                };
                Ok(target.and_then(|(wire, same)| {
                    let about = Message::decode(&wire).ok()?;
                    let code = |message| Some(situation::effective(message, kind)?.code());
                    wrong(&message, code(&message)?, code(&about)?, same)
                }))
            })
            .await?;
        match wrong {
            None => Ok(()),
            Some(wrong) => Err(failure::bad_input(format!(
                "The message was not queued: {wrong}."
            ))),
        }
    }
}

/// The message referred to, received or own, and whether the own account sent it.
fn target(
    store: &Store,
    message: &Message,
    is_own: impl Fn(alloy_primitives::Address) -> bool,
) -> Result<Option<(Vec<u8>, bool)>, StoreError> {
    let hash = B256::from(*message.reference.message.as_bytes());
    if let Some(row) = store.received_one(hash)? {
        return Ok(Some((row.input, is_own(row.originator))));
    }
    Ok(store.wire_of(hash)?.map(|wire| (wire, true)))
}

fn wrong(
    message: &Message,
    from: MessageCode,
    to: MessageCode,
    same: bool,
) -> Option<WrongReference> {
    let indicator = message.reference.indicator;
    if indicator == ReferenceIndicator::Original {
        return None;
    }
    situation::wrong_reference(from, to, indicator, same)
}
