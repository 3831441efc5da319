//! One own message in the outbox.

use leptos::prelude::*;
use parley_wire::{OwnMessage, State};

use super::doings::Doings;
use super::tried::Tried;
use crate::components::{Chip, Symbol};
use crate::form::Form;
use crate::i18n::*;
use crate::session::Session;
use crate::{pins, words};

/// The symbols' word for how an own message stands.
fn symbol_state(state: State) -> &'static str {
    match state {
        State::InBlock | State::Safe | State::Final => "current",
        State::Cancelled => "expired",
        State::Draft
        | State::Queued
        | State::Waiting
        | State::Sending
        | State::Sent
        | State::Stopped => "queued",
    }
}

/// A message with its state; the row follows its changes.
#[component]
pub(super) fn Row(
    /// Its number.
    id: u64,
    /// The message; `None` once it is gone from the list.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| message.with(|message| Some(message.as_ref()?.state)));
    let look = move || state.get().map(words::state_key).unwrap_or_default();
    let reason = move || {
        message.with(|message| Some(words::reason_and_next(i18n.get_locale(), message.as_ref()?)))
    };
    // What was never signed was never offered to anybody.
    let left = Memo::new(move |_| {
        message.with(|own| {
            own.as_ref()
                .is_some_and(|own| own.transaction_hash.is_some())
        })
    });
    let word = move || {
        state
            .get()
            .map(|state| words::state(i18n.get_locale(), state))
    };
    view! {
        <li class="row" data-testid="outbox-row" data-state=look data-id=id>
            <Headline message state />
            <p class="standing">
                <Chip
                    word=Signal::derive(move || word().unwrap_or_default().to_owned())
                    look=Signal::derive(look)
                />
                <Age message />
            </p>
            <p data-testid="reason">{reason}</p>
            <Marks message />
            <Doings id message />
            <Show when=move || left.get()>
                <Tried id message />
            </Show>
        </li>
    }
}

/// The symbol and the words, which open the signal.
#[component]
fn Headline(
    /// The message.
    message: Memo<Option<OwnMessage>>,
    /// Its state.
    state: Memo<Option<State>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let sign = move || message.with(|message| pins::meant(&message.as_ref()?.message).0);
    let said = move || {
        let words = |own: &OwnMessage| words::message(i18n.get_locale(), &own.message);
        message.with(|message| message.as_ref().map(words))
    };
    let about = move || {
        let form = message.with(|message| Some(Form::of_message(&message.as_ref()?.message)));
        form.and_then(|form| words::about(i18n.get_locale(), &form))
    };
    let show = move |_| {
        let hash = message.with_untracked(|message| {
            let own = message.as_ref()?;
            Some(
                own.transaction_hash
                    .clone()
                    .unwrap_or_else(|| format!("@{}", own.id)),
            )
        });
        if let Some(hash) = hash {
            session.show(hash);
        }
    };
    let shown = move || state.get().map_or("queued", symbol_state);
    view! {
        <button type="button" class="headline" on:click=show>
            <Symbol sign=Signal::derive(sign) state=Signal::derive(shown) own=true />
            <span class="said">
                <span class="about">{about}</span>
                <span class="words">
                    <bdi>{said}</bdi>
                </span>
            </span>
        </button>
    }
}

/// Since when it is in the outbox.
#[component]
fn Age(
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let age = move || {
        let queued = message.with(|message| message.as_ref().map(|own| own.queued_at))?;
        let age = words::age(i18n.get_locale(), queued, session.now.get());
        Some(t_string!(i18n, queued_at, age = age).to_string())
    };
    let number = move || {
        let id = message.with(|message| message.as_ref().map(|own| own.id))?;
        Some(t_string!(i18n, message_n, id = id).to_string())
    };
    view! { <span class="age">{number} " · " {age}</span> }
}

/// That it goes before the others, and that another message went in its place.
#[component]
fn Marks(
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let urgent = Memo::new(move |_| {
        message.with(|own| {
            own.as_ref()
                .is_some_and(|own| own.urgent && !is_settled(own.state))
        })
    });
    let repaired = Memo::new(move |_| message.with(|own| own.as_ref()?.repaired_by));
    let by = move || Some(t_string!(i18n, repaired_by, id = repaired.get()?).to_string());
    view! {
        <Show when=move || urgent.get()>
            <p class="important" data-testid="urgent">
                {t!(i18n, urgent_mark)}
            </p>
        </Show>
        <Show when=move || repaired.get().is_some()>
            <p data-testid="repaired-by">{by}</p>
        </Show>
    }
}

/// Whether nothing more happens with a message that its order could matter for.
fn is_settled(state: State) -> bool {
    match state {
        State::InBlock | State::Safe | State::Final | State::Stopped | State::Cancelled => true,
        State::Draft | State::Queued | State::Waiting | State::Sending | State::Sent => false,
    }
}
