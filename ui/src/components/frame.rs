//! The frame of a panel: its title, which takes the focus when it opens, and its way out.

use leptos::prelude::*;

use crate::i18n::*;

/// A panel beside or over the map.
#[component]
pub(crate) fn Frame<T>(
    /// What the panel is called.
    title: T,
    /// Called when the person closes it.
    on_close: Callback<()>,
    /// Whether it may be closed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// What stays at its foot while the rest is scrolled.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// What is in it.
    children: Children,
) -> impl IntoView
where
    T: IntoView + 'static,
{
    let i18n = use_i18n();
    view! {
        <section class="panel" aria-labelledby="panel-title">
            <header class="panel-head">
                <h2 id="panel-title" tabindex="-1">
                    {title}
                </h2>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="close"
                    aria-label=move || t_string!(i18n, close)
                    disabled=locked
                    on:click=move |_| on_close.run(())
                >
                    <span class="cross" aria-hidden="true"></span>
                </button>
            </header>
            <div class="panel-body">{children()}</div>
            {foot.map(|foot| view! { <div class="panel-foot">{foot.run()}</div> })}
        </section>
    }
}
