//! What is wrong with a field, under it and read out with it.

use leptos::prelude::*;

/// The words of a problem; nothing while there is none.
#[component]
pub(crate) fn ProblemLine(
    /// The identifier that the field describes itself by.
    id: String,
    /// What is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="problem" id=id aria-live="polite" hidden=move || problem.with(Option::is_none)>
            {move || problem.get()}
        </p>
    }
}
