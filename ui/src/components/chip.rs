//! A word in a frame that says a state. The word says it; the colour only repeats it.

use leptos::prelude::*;

/// One word of state.
#[component]
pub(crate) fn Chip(
    /// The word.
    #[prop(into)]
    word: Signal<String>,
    /// What the style is chosen by: `queued`, `warning`…
    #[prop(into)]
    look: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <span class="chip" data-look=look>
            {word}
        </span>
    }
}
