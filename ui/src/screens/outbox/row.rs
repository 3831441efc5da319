//! One own message in the outbox.

use leptos::prelude::*;
use parley_wire::{OwnMessage, State};

use crate::components::{Chip, Symbol};
use crate::form::Form;
use crate::i18n::*;
use crate::session::Session;
use crate::{draft, pins, words};

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
            <Changes id message />
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

/// Edit and delete, until the message is sealed.
#[component]
fn Changes(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let open = Memo::new(move |_| {
        message.with(|message| message.as_ref().is_some_and(|own| own.editable))
    });
    let changeable = Memo::new(move |_| {
        let kind = session.kind();
        let can_edit = |own: &OwnMessage| draft::can_edit(&own.message, kind);
        message.with(|message| message.as_ref().is_some_and(can_edit))
    });
    let asking = RwSignal::new(false);
    let edit = move |_| {
        let form = message.with_untracked(|own| Some(Form::of_message(&own.as_ref()?.message)));
        if let Some(form) = form {
            session.compose(Form {
                editing: Some(id),
                ..form
            });
        }
    };
    view! {
        <Show when=move || open.get() && !asking.get()>
            <div class="buttons">
                <Show when=move || changeable.get()>
                    <button type="button" data-testid="edit" on:click=edit>
                        {t!(i18n, edit)}
                    </button>
                </Show>
                <button type="button" data-testid="delete" on:click=move |_| asking.set(true)>
                    {t!(i18n, delete)}
                </button>
            </div>
        </Show>
        <Show when=move || open.get() && asking.get()>
            <Deletion id asking />
        </Show>
    }
}

/// The question before a message is deleted, and what goes with it.
#[component]
fn Deletion(
    /// Its number.
    id: u64,
    /// Cleared when it is answered.
    asking: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let dependents =
        Memo::new(move |_| session.outbox.value.with(|all| super::dependents(all, id)));
    let delete = move |_| {
        asking.set(false);
        session.delete(id, dependents.get_untracked() > 0);
    };
    view! {
        <div class="question" role="alert">
            <p>{t!(i18n, delete_ask)}</p>
            <Show when=move || dependents.get() != 0>
                <p>{t!(i18n, delete_ask_dependents, count = move || dependents.get())}</p>
            </Show>
            <div class="buttons">
                <button type="button" on:click=move |_| asking.set(false)>
                    {t!(i18n, keep)}
                </button>
                <button type="button" class="danger" data-testid="delete-yes" on:click=delete>
                    {t!(i18n, delete_yes)}
                </button>
            </div>
        </div>
    }
}
