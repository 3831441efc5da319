//! The buttons that are always there: add, list, outbox, about.

use leptos::prelude::*;

use crate::i18n::*;
use crate::session::{Panel, Session};

/// The bar of actions.
#[component]
pub(crate) fn Actions() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    view! {
        <nav class="actions" aria-label=move || t_string!(i18n, actions_label)>
            <button
                type="button"
                class="primary"
                data-testid="add"
                on:click=move |_| {
                    if !session.busy.get_untracked() {
                        session.begin(None);
                    }
                }
            >
                {t!(i18n, add)}
            </button>
            <Opener name="open-list" panel=Panel::List>
                {t!(i18n, list)}
            </Opener>
            <Opener name="open-outbox" panel=Panel::Outbox>
                {t!(i18n, outbox)}
                <Badge />
            </Opener>
            <Opener name="open-about" panel=Panel::About>
                {t!(i18n, about)}
            </Opener>
        </nav>
    }
}

/// A button that opens a panel and says whether it is open.
#[component]
fn Opener(
    /// Its name in the page.
    name: &'static str,
    /// What it opens.
    panel: Panel,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let session = Session::current();
    let shown = panel.clone();
    let open = move || (session.panel.get() == shown).to_string();
    view! {
        <button
            type="button"
            data-testid=name
            aria-expanded=open
            on:click=move |_| session.open(panel.clone())
        >
            {children()}
        </button>
    }
}

/// How many own messages are in no block yet.
#[component]
fn Badge() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let count = Memo::new(move |_| session.unsent());
    view! {
        <Show when=move || count.get() != 0>
            <span class="badge" data-testid="outbox-badge" aria-hidden="true">
                {move || count.get()}
            </span>
            <span class="unseen">{t!(i18n, unsent, count = move || count.get())}</span>
        </Show>
    }
}
