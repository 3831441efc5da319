//! How the network is reached and what is received from it; which network it is.

mod choice;
mod coverage;
mod endpoint;
mod endpoints;
mod followed;
mod learns;
mod receive;
mod sending;
mod start;

use leptos::prelude::*;

use self::choice::ChoicePart;
use self::coverage::CoveragePart;
use self::endpoints::EndpointsPart;
use self::receive::ReceivePart;
use self::sending::SendingPart;
use crate::components::{Emptiness, Frame};
use crate::i18n::*;
use crate::session::Session;

/// The panel about the network.
#[component]
pub(crate) fn Network() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    session.look_at_network();
    let known = Memo::new(move |_| session.network.value.with(Option::is_some));
    view! {
        <Frame
            title=t!(i18n, net_title)
            on_close=Callback::new(move |()| session.close())
            locked=session.busy
        >
            <Emptiness
                answer=session.network.answer
                empty=Signal::derive(move || !known.get())
                nothing=Signal::derive(String::new)
                again=Callback::new(move |()| session.look_at_network())
            />
            <Show when=move || known.get()>
                <EndpointsPart />
                <ReceivePart />
                <CoveragePart />
                <SendingPart />
            </Show>
            <ChoicePart />
        </Frame>
    }
}
