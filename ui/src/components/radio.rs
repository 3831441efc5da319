//! One of several possibilities, with a word of help under it.

use leptos::prelude::*;

/// One possibility; belongs into a `<fieldset>`.
#[component]
pub(crate) fn Radio(
    /// What it is one possibility of.
    group: &'static str,
    /// Its name in the page.
    name: &'static str,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is the chosen one.
    #[prop(into)]
    chosen: Signal<bool>,
    /// Called when it is chosen.
    on_choose: Callback<()>,
    /// A word of help.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let help = format!("{name}-hint");
    view! {
        <label class="check">
            <input
                type="radio"
                name=group
                data-testid=name
                aria-describedby=help.clone()
                prop:checked=chosen
                on:change=move |_| on_choose.run(())
            />
            <span>{label}</span>
        </label>
        <p class="hint" id=help hidden=move || hint.with(String::is_empty)>
            {hint}
        </p>
    }
}
