//! What endpoints learn about the person, for each way of receiving.

use leptos::prelude::*;
use parley_wire::Receive;

use crate::i18n::*;
use crate::session::Session;
use crate::words::{self, Learns};

/// An explanation to open.
#[component]
pub(super) fn LearnsPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let proxy = Memo::new(move |_| session.settings().is_some_and(|it| it.proxy.is_some()));
    let chosen = Memo::new(move |_| session.settings().map(|it| it.receive));
    let ways = [Receive::Everything, Receive::Followed, Receive::Nothing]
        .map(|receive| view! { <Way receive chosen proxy /> });
    view! {
        <details class="more" data-testid="learns">
            <summary>{t!(i18n, learns_title)}</summary>
            {ways}
        </details>
    }
}

/// What they learn with one way of receiving.
#[component]
fn Way(
    /// The way.
    receive: Receive,
    /// The chosen way.
    chosen: Memo<Option<Receive>>,
    /// Whether everything goes through a proxy.
    proxy: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let line = |learns| view! { <li>{words::learns(i18n.get_locale(), learns)}</li> };
        Learns::with(receive, proxy.get()).map(line)
    };
    view! {
        <h4>
            {move || words::receive(i18n.get_locale(), receive)} " "
            <Show when=move || chosen.get() == Some(receive)>{t!(i18n, learns_now)}</Show>
        </h4>
        <ul class="lines">{lines}</ul>
    }
}
