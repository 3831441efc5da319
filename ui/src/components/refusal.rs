//! Why the engine refuses what was typed: at the field, and in its own sentences.

use leptos::prelude::*;
use parley_wire::Failure;

/// The engine's sentences, which are English whatever the language, and marked so.
#[component]
pub(crate) fn Refusal(
    /// What the engine said; nothing while it refuses nothing.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    let said = move || failure.with(|failure| Some(failure.as_ref()?.message.clone()));
    view! {
        <p class="hint" lang="en" dir="ltr" aria-live="polite" hidden=move || said().is_none()>
            {said}
        </p>
    }
}
