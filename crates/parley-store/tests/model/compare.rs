//! Whether a file and its model tell the same of everything that can be asked.

use parley_core::MessageId;
use parley_store::{OutgoingRow, Store};
use proptest::prelude::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use crate::outbox::{Message, Outbox};

const ALL: u32 = 1_000;

pub(crate) type Tested = Result<(), TestCaseError>;

/// Everything that can be asked.
pub(crate) fn compare(store: &Store, model: &Outbox, now: u64) -> Tested {
    let rows = store.own_from(None, ALL).unwrap();
    prop_assert_eq!(rows.len(), model.messages.len());
    for (row, id) in rows.iter().zip(model.ids()) {
        compare_message(store, model, row, id)?;
    }
    prop_assert_eq!(store.next_nonce().unwrap(), model.next_nonce);
    let open = store.open_messages(3, now).unwrap();
    let open: Vec<u64> = open.iter().map(|row| row.id.0).collect();
    prop_assert_eq!(open, model.open(3, now));
    let waiting = store.in_no_block().unwrap();
    let nonces = waiting.iter().map(|row| row.variants[0].nonce);
    prop_assert!(nonces.is_sorted());
    let mut waiting: Vec<u64> = waiting.iter().map(|row| row.id.0).collect();
    waiting.sort_unstable();
    let wanted = model.ids().filter(|id| {
        let message = model.at(*id);
        message.is_sealed() && message.settled.is_none() && !model.is_placed(message)
    });
    prop_assert_eq!(waiting, wanted.collect::<Vec<_>>());
    compare_counts(store, model)
}

fn compare_message(store: &Store, model: &Outbox, row: &OutgoingRow, id: u64) -> Tested {
    let message = model.at(id);
    let seen = (
        (row.id.0, row.parent.map(|parent| parent.0), row.revision),
        (row.urgent, row.undo_until, row.stopped, row.cancelled),
        (row.giving_up_at.is_some(), row.more_asked, row.refers),
        (row.sealed, row.settled),
    );
    let wanted = (
        (id, message.parent, message.revision),
        (
            message.urgent,
            message.undo_until,
            message.stopped,
            message.cancelled,
        ),
        (message.giving_up, message.more_asked, message.refers),
        (message.is_sealed(), message.settled),
    );
    prop_assert_eq!(seen, wanted, "message {}", id);
    let variants = row.variants.iter().map(|variant| {
        let block = variant.position.map(|place| place.block_number);
        (
            variant.kind,
            variant.nonce,
            variant.hash,
            variant.displaced,
            block,
        )
    });
    let signed = message.signed.iter().map(|signed| {
        let block = model.place(signed.hash);
        (
            signed.kind,
            signed.nonce,
            signed.hash,
            signed.displaced,
            block,
        )
    });
    prop_assert_eq!(
        variants.collect::<Vec<_>>(),
        signed.collect::<Vec<_>>(),
        "message {}",
        id
    );
    let dependents = store.dependents(MessageId(id)).unwrap();
    let dependents: Vec<u64> = dependents.iter().map(|id| id.0).collect();
    prop_assert_eq!(dependents, model.dependents(id).collect::<Vec<_>>());
    Ok(())
}

fn compare_counts(store: &Store, model: &Outbox) -> Tested {
    let counts = store.counts().unwrap();
    let count = |which: &dyn Fn(&&Message) -> bool| {
        model.messages.iter().filter(|one| which(one)).count() as u64
    };
    let on_the_way = |message: &Message| message.is_sealed() && message.settled.is_none();
    prop_assert_eq!(counts.open, count(&|one| one.is_open()));
    prop_assert_eq!(counts.on_the_way, count(&|one| on_the_way(one)));
    let wanted = |message: &Message| !message.cancelled && message.stopped.is_none();
    let in_no_block = count(&|one| on_the_way(one) && wanted(one) && !model.is_placed(one));
    prop_assert_eq!(counts.unsent, counts.open + in_no_block);
    let waiting = |message: &Message| {
        message.stopped.is_some() && !message.cancelled && message.settled.is_none()
    };
    prop_assert_eq!(counts.waiting_for_person, count(&|one| waiting(one)));
    prop_assert_eq!(store.is_any_open().unwrap(), counts.open > 0);
    Ok(())
}
