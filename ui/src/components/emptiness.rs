//! What is said where a list has no rows: that there are none, that they are on their way, or that
//! they could not be read.

use leptos::prelude::*;

use crate::i18n::*;
use crate::session::Answer;

/// Stands before the rows; shows nothing where they were read and there are some.
#[component]
pub(crate) fn Emptiness(
    /// Whether the rows were read.
    #[prop(into)]
    answer: Signal<Answer>,
    /// Whether there are none.
    #[prop(into)]
    empty: Signal<bool>,
    /// What is said where there are none.
    #[prop(into)]
    nothing: Signal<String>,
    /// Called when the person asks to read them again.
    again: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || match answer.get() {
        Answer::Here => Some(nothing.get()),
        Answer::Awaited => Some(t_string!(i18n, loading).to_owned()),
        Answer::Failed => None,
    };
    view! {
        <Show when=move || answer.get() == Answer::Failed>
            <div class="warning" role="alert">
                <p>{t!(i18n, read_failed)}</p>
                <button type="button" data-testid="try-again" on:click=move |_| again.run(())>
                    {t!(i18n, try_again)}
                </button>
            </div>
        </Show>
        <Show when=move || empty.get()>
            <p class="empty">{said}</p>
        </Show>
    }
}
