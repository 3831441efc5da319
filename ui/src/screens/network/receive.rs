//! What is received: everything, followed accounts, or nothing.

use leptos::prelude::*;
use parley_wire::Receive;

use super::followed::FollowedPart;
use super::start::StartPart;
use crate::components::Radio;
use crate::i18n::*;
use crate::session::Session;
use crate::words;

/// The part of the screen about receiving.
#[component]
pub(super) fn ReceivePart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let chosen = Memo::new(move |_| session.settings().map(|settings| settings.receive));
    view! {
        <section class="part">
            <h3>{t!(i18n, receive_title)}</h3>
            <fieldset class="choice" data-testid="receive">
                <legend class="unseen">{t!(i18n, receive_title)}</legend>
                <Way name="receive-everything" receive=Receive::Everything chosen />
                <Way name="receive-followed" receive=Receive::Followed chosen />
                <Way name="receive-nothing" receive=Receive::Nothing chosen />
            </fieldset>
            <Show when=move || chosen.get() == Some(Receive::Followed)>
                <FollowedPart />
            </Show>
            <Show when=move || chosen.get() == Some(Receive::Everything)>
                <StartPart />
            </Show>
        </section>
    }
}

/// One way of receiving, with what it costs and gives away.
#[component]
fn Way(
    /// Its name in the page.
    name: &'static str,
    /// The way.
    receive: Receive,
    /// The chosen way.
    chosen: Memo<Option<Receive>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let label = move || words::receive(i18n.get_locale(), receive).to_owned();
    let hint = move || words::receive_hint(i18n.get_locale(), receive).to_owned();
    view! {
        <Radio
            group="receive"
            name
            label=Signal::derive(label)
            hint=Signal::derive(hint)
            chosen=Signal::derive(move || chosen.get() == Some(receive))
            on_choose=Callback::new(move |()| session.set(|it| it.receive = receive))
        />
    }
}
