//! A line of a list of facts: what it is about, and what is known.

use leptos::prelude::*;

/// One fact; belongs into a `<dl>`.
#[component]
pub(crate) fn Fact<L>(
    /// What it is about.
    label: L,
    /// What is known.
    children: Children,
) -> impl IntoView
where
    L: IntoView + 'static,
{
    view! {
        <div class="fact">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
