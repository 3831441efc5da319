//! Own messages: each with its one state, why, what happens next, and what a person can do about it.
//! As many are drawn as were asked for.

mod doings;
mod row;
mod tried;

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::OwnMessage;

use self::row::Row;
use crate::browser;
use crate::components::{Emptiness, Frame};
use crate::i18n::*;
use crate::session::Session;

/// Moves the focus to what a message says, once it is drawn; to the title where there is none.
fn focus_on(message: Option<u64>) {
    match message {
        Some(id) => browser::focus(format!(
            "[data-testid=outbox-row][data-id=\"{id}\"] .headline"
        )),
        None => browser::focus("#panel-title"),
    }
}

/// The message that takes the place of another one that leaves its place in the list.
fn neighbour(messages: &[OwnMessage], id: u64) -> Option<u64> {
    let at = messages.iter().position(|message| message.id == id)?;
    let next = messages.get(at + 1);
    next.or_else(|| messages.get(at.checked_sub(1)?))
        .map(|message| message.id)
}

/// The panel of own messages.
#[component]
pub(crate) fn Outbox() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    session.look_at_outbox();
    let ids = Memo::new(move |_| {
        let id = |message: &OwnMessage| message.id;
        let page = session.outbox.value;
        page.with(|page| page.messages.iter().map(id).collect::<Vec<_>>())
    });
    let by_id = Memo::new(move |_| {
        let messages = session.outbox.value.get().messages.into_iter();
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
            <Count />
            <ul class="rows">
                <For each=move || ids.get() key=|id| *id children=row />
            </ul>
            <More ids />
        </Frame>
    }
}

/// How many own messages there are, and how many of them are in no block yet.
#[component]
fn Count() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let total = Memo::new(move |_| session.outbox.value.with(|page| page.total));
    let unsent = Memo::new(move |_| session.unsent());
    view! {
        <Show when=move || total.get() != 0>
            <p class="hint" data-testid="outbox-count">
                {t!(i18n, messages, count = move || total.get())}
                <Show when=move || unsent.get() != 0>
                    " · " {t!(i18n, unsent, count = move || unsent.get())}
                </Show>
            </p>
        </Show>
    }
}

/// The way to the rest of the list. The focus goes on to the first row that is new.
#[component]
fn More(
    /// The messages that are shown.
    ids: Memo<Vec<u64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let hidden = Memo::new(move |_| {
        let total = session.outbox.value.with(|page| page.total);
        total.saturating_sub(ids.with(Vec::len) as u64)
    });
    let more = move |_| {
        let shown = ids.get_untracked();
        spawn_local(async move {
            session.show_more_messages().await;
            let new = ids.with_untracked(|ids| ids.iter().find(|id| !shown.contains(id)).copied());
            if new.is_some() {
                focus_on(new);
            }
        });
    };
    view! {
        <Show when=move || hidden.get() != 0>
            <button type="button" data-testid="more" on:click=more>
                {t!(i18n, show_more, n = move || hidden.get())}
            </button>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::own;

    #[test]
    fn the_place_of_a_message_that_leaves_is_taken_by_the_next_or_at_the_end_the_one_before() {
        let messages = [own(3), own(2), own(1)];
        assert_eq!(neighbour(&messages, 3), Some(2));
        assert_eq!(neighbour(&messages, 1), Some(2));
        assert_eq!(neighbour(&messages[..1], 3), None);
        assert_eq!(neighbour(&messages, 9), None);
    }
}
