//! What was tried to hand a message over: when, to whom, and what they answered.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Attempt, OwnMessage};

use crate::i18n::*;
use crate::session::{Answer, Session};
use crate::{api, words};

/// The log of one message, read when it is opened, and again when the message changes.
#[component]
pub(super) fn Tried(
    /// Its number.
    id: u64,
    /// The message.
    message: Memo<Option<OwnMessage>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let attempts = RwSignal::new(Vec::<Attempt>::new());
    let answer = RwSignal::new(Answer::Awaited);
    let read = move || {
        spawn_local(async move {
            let found = api::attempts(id).await;
            answer.set(if found.is_ok() {
                Answer::Here
            } else {
                Answer::Failed
            });
            attempts.set(found.unwrap_or_default());
        });
    };
    Effect::new(move |_| {
        message.track();
        if open.get() {
            read();
        }
    });
    let empty = move || match answer.get() {
        Answer::Awaited => Some(t_string!(i18n, loading)),
        Answer::Failed => Some(t_string!(i18n, read_failed)),
        Answer::Here => attempts
            .with(Vec::is_empty)
            .then(|| t_string!(i18n, tried_nothing)),
    };
    let lines = move || attempts.get().into_iter().map(line).collect_view();
    view! {
        <button
            type="button"
            class="disclosure quiet"
            data-testid="tried"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <span class="arrow" aria-hidden="true"></span>
            {t!(i18n, tried_title)}
        </button>
        <Show when=move || open.get()>
            <p class="hint">{empty}</p>
            <ol class="lines">{lines}</ol>
        </Show>
    }
}

fn line(attempt: Attempt) -> impl IntoView {
    view! { <Line attempt /> }
}

/// One try.
#[component]
fn Line(
    /// The try.
    attempt: Attempt,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let (at, endpoint) = (attempt.at, attempt.endpoint.clone());
    let age = move || words::age(i18n.get_locale(), at, session.now.get());
    let outcome = move || words::attempt(i18n.get_locale(), &attempt);
    view! {
        <li data-testid="attempt">
            <span class="age">{age}</span>
            " "
            <bdi class="code" dir="ltr">
                {endpoint}
            </bdi>
            " "
            <span>{outcome}</span>
        </li>
    }
}
