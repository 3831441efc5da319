//! The answers that the reference rules allow, in plain words.

use leptos::prelude::*;

use super::{Found, of_site};
use crate::i18n::*;
use crate::reply::{self, Reply};
use crate::session::Session;
use crate::words;

/// One button for each answer.
#[component]
pub(super) fn Replies(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let allowed = Memo::new(move |_| of_site(found, reply::allowed).unwrap_or_default());
    let answer = Callback::new(move |reply| begin(session, found, reply));
    view! {
        <Show when=move || !allowed.with(Vec::is_empty)>
            <section class="replies">
                <h3>{t!(i18n, reply)}</h3>
                <div class="buttons">
                    <For each=move || allowed.get() key=|reply| reply.key() let:reply>
                        <Answer reply answer />
                    </For>
                </div>
            </section>
        </Show>
    }
}

/// One answer.
#[component]
fn Answer(
    /// Which.
    reply: Reply,
    /// Called when it is given.
    answer: Callback<Reply>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            type="button"
            data-testid=format!("reply-{}", reply.key())
            on:click=move |_| answer.run(reply)
        >
            {move || words::reply(i18n.get_locale(), reply)}
        </button>
    }
}

/// Opens what has to be written, or at once the review.
fn begin(session: Session, found: Found, reply: Reply) {
    let form =
        found.with_untracked(|found| found.as_ref().map(|(_, site)| reply::form(site, reply)));
    match form {
        Some(form) if reply.is_written() => session.answer(form),
        Some(form) => session.review(form),
        None => {}
    }
}
