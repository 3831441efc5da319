//! A question before something that is not easily undone: what it does, and a way out.

use leptos::prelude::*;

use crate::i18n::*;

/// Stands where the button was that asks it.
#[component]
pub(crate) fn Question(
    /// The name of its yes in the page.
    name: &'static str,
    /// What the button says that does it.
    #[prop(into)]
    yes: Signal<String>,
    /// What the button says that does not; "Cancel" where nothing better is said.
    #[prop(optional, into)]
    no: Option<Signal<String>>,
    /// Whether what it does takes something away.
    #[prop(default = true)]
    grave: bool,
    /// Called with the answer.
    on_answer: Callback<bool>,
    /// What it does.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let no = move || no.map_or_else(|| t_string!(i18n, cancel).to_owned(), |no| no.get());
    view! {
        <div class="question" role="alert">
            {children()}
            <div class="buttons">
                <button type="button" on:click=move |_| on_answer.run(false)>
                    {no}
                </button>
                <button
                    type="button"
                    class=if grave { "danger" } else { "primary" }
                    data-testid=name
                    on:click=move |_| on_answer.run(true)
                >
                    {yes}
                </button>
            </div>
        </div>
    }
}
