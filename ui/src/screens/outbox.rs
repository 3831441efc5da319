//! Own messages: each with its one state, why, what happens next, and what a person can do about it.

mod doings;
mod row;
mod tried;

use std::cmp::Reverse;
use std::collections::HashMap;

use leptos::prelude::*;
use parley_wire::{OwnMessage, State};

use self::row::Row;
use crate::components::{Emptiness, Frame};
use crate::i18n::*;
use crate::session::Session;

/// The numbers of the messages in the order of the list: the newest first, withdrawn ones last.
fn order(messages: &[OwnMessage]) -> Vec<u64> {
    let mut order: Vec<(bool, Reverse<u64>)> = messages
        .iter()
        .map(|message| (message.state == State::Cancelled, Reverse(message.id)))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, Reverse(id))| id).collect()
}

/// How many messages refer to one, directly or through others: those that are deleted with it.
fn dependents(messages: &[OwnMessage], id: u64) -> usize {
    let direct = |id: u64| {
        let message = messages.iter().find(|message| message.id == id);
        message.map_or(&[][..], |message| message.dependents.as_slice())
    };
    let mut found = vec![id];
    let mut next = 0;
    while let Some(id) = found.get(next) {
        let new: Vec<u64> = direct(*id)
            .iter()
            .filter(|id| !found.contains(id))
            .copied()
            .collect();
        found.extend(new);
        next += 1;
    }
    found.len() - 1
}

/// The panel of own messages.
#[component]
pub(crate) fn Outbox() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let ids = Memo::new(move |_| session.outbox.value.with(|messages| order(messages)));
    let by_id = Memo::new(move |_| {
        let messages = session.outbox.value.get().into_iter();
        messages
            .map(|message| (message.id, message))
            .collect::<HashMap<_, _>>()
    });
    let row = move |id: u64| {
        let message = Memo::new(move |_| by_id.with(|messages| messages.get(&id).cloned()));
        view! { <Row id message /> }
    };
    view! {
        <Frame title=t!(i18n, outbox_title) on_close=Callback::new(move |()| session.close())>
            <Emptiness
                answer=session.outbox.answer
                empty=Signal::derive(move || ids.with(Vec::is_empty))
                nothing=Signal::derive(move || t_string!(i18n, outbox_empty).to_owned())
                again=Callback::new(move |()| session.try_again())
            />
            <ul class="rows">
                <For each=move || ids.get() key=|id| *id children=row />
            </ul>
        </Frame>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parley_wire::{Next, Reason};

    fn message(id: u64, state: State, dependents: &[u64]) -> OwnMessage {
        OwnMessage {
            id,
            state,
            reason: Reason::ItsTurn,
            next: Next::Soon,
            transaction_hash: None,
            block_number: None,
            queued_at: 0,
            editable: true,
            urgent: false,
            undo_until: None,
            repaired_by: None,
            actions: Vec::new(),
            dependents: dependents.to_vec(),
            message: serde_json::Value::Null,
        }
    }

    #[test]
    fn the_newest_comes_first_and_withdrawn_ones_last() {
        let messages = [
            message(1, State::Final, &[]),
            message(2, State::Cancelled, &[]),
            message(3, State::Queued, &[]),
        ];
        assert_eq!(order(&messages), [3, 1, 2]);
    }

    #[test]
    fn what_refers_to_it_through_others_goes_with_it_too() {
        let messages = [
            message(1, State::Queued, &[2, 3]),
            message(2, State::Waiting, &[4]),
            message(3, State::Waiting, &[4]),
            message(4, State::Waiting, &[]),
        ];
        assert_eq!(dependents(&messages, 1), 3);
        assert_eq!(dependents(&messages, 4), 0);
        assert_eq!(dependents(&messages, 9), 0);
    }
}
