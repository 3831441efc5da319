//! What is said in passing: it is saved, or it did not work. It stays until the next thing is done.

use leptos::prelude::*;
use parley_wire::Failure;

use crate::i18n::*;
use crate::session::{Notice, Session};
use crate::words;

/// The line of the notice; read out when it changes.
#[component]
pub(crate) fn NoticeLine() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let content = move || {
        Some(match session.notice.get() {
            Notice::None => return None,
            Notice::Queued => view! { <p>{t!(i18n, queued_note)}</p> }.into_any(),
            Notice::Saved => view! { <p>{t!(i18n, saved_note)}</p> }.into_any(),
            Notice::Deleted => view! { <p>{t!(i18n, deleted_note)}</p> }.into_any(),
            Notice::Opened => view! { <p>{t!(i18n, net_opened)}</p> }.into_any(),
            Notice::Failed(failure) => view! { <Failed failure /> }.into_any(),
        })
    };
    let look = move || match session.notice.get() {
        Notice::Failed(_) => "failed",
        Notice::None | Notice::Queued | Notice::Saved | Notice::Deleted | Notice::Opened => "done",
    };
    let there = Memo::new(move |_| session.notice.get() != Notice::None);
    view! {
        <div class="notices" aria-live="polite">
            <Show when=move || there.get()>
                <div class="notice" data-testid="notice" data-look=look>
                    {content}
                    <button type="button" on:click=move |_| session.notice.set(Notice::None)>
                        {t!(i18n, dismiss)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// What did not work. The engine's sentences are English whatever the language, and marked so.
#[component]
fn Failed(
    /// What the engine said.
    failure: Failure,
) -> impl IntoView {
    let i18n = use_i18n();
    let meaning = move || words::failure(i18n.get_locale(), failure.code);
    view! {
        <p>
            <strong>{t!(i18n, failure_title)}</strong>
            " "
            {meaning}
            " "
            <span lang="en" dir="ltr">
                {failure.message}
            </span>
        </p>
    }
}
