//! The list of endpoints and a field for a further one. What cannot be used is told before it is
//! added.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Endpoint, Failure, OfflineReason, Tried};

use super::endpoint::Row;
use super::learns::LearnsPart;
use crate::components::{Kind, Refusal, TextField};
use crate::i18n::*;
use crate::session::{Change, Session};
use crate::{api, words};

/// Whether an endpoint that was tried in vain may be the right one all the same: a device without a
/// connection can be set up, too.
fn may_add_untested(reason: OfflineReason) -> bool {
    match reason {
        OfflineReason::NotTried
        | OfflineReason::NoEndpoint
        | OfflineReason::Unreachable
        | OfflineReason::NotAnEndpoint
        | OfflineReason::BadClock
        | OfflineReason::AllDemoted
        | OfflineReason::BadProxy => true,
        OfflineReason::WrongChain { .. }
        | OfflineReason::ChainReset
        | OfflineReason::Contradiction
        | OfflineReason::BadAnswer => false,
    }
}

/// The part of the screen about endpoints.
#[component]
pub(super) fn EndpointsPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let all = Memo::new(move |_| {
        let endpoints = |view: &parley_wire::NetworkView| view.endpoints.clone();
        session
            .network
            .value
            .with(|view| view.as_ref().map(endpoints).unwrap_or_default())
    });
    let urls = Memo::new(move |_| {
        let url = |endpoint: &Endpoint| endpoint.url.clone();
        all.with(|all| all.iter().map(url).collect::<Vec<_>>())
    });
    let row = move |url: String| view! { <Row url all /> };
    view! {
        <section class="part">
            <h3>{t!(i18n, endpoints)}</h3>
            <p class="hint">{t!(i18n, endpoints_hint)}</p>
            <Show when=move || urls.with(Vec::is_empty)>
                <p class="warning">{t!(i18n, endpoints_none)}</p>
            </Show>
            <ol class="rows">
                <For each=move || urls.get() key=String::clone children=row />
            </ol>
            <Addition />
            <LearnsPart />
        </section>
    }
}

/// What came of looking at a typed address.
#[derive(Clone, Debug, PartialEq)]
enum Looked {
    NoAddress,
    Tried(Tried),
    Refused(Failure),
}

/// A field for a further endpoint.
#[component]
fn Addition() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let looked = RwSignal::new(None::<Looked>);
    let locale = move || i18n.get_locale();
    let problem = move || match looked.get()? {
        Looked::NoAddress => Some(t_string!(i18n, endpoint_url_empty).to_owned()),
        Looked::Tried(Tried::Fits { .. }) => None,
        Looked::Tried(tried) => Some(words::tried(locale(), &tried)),
        Looked::Refused(failure) => Some(words::failure(locale(), failure.code).to_owned()),
    };
    let failure = move || match looked.get()? {
        Looked::Refused(failure) => Some(failure),
        Looked::NoAddress | Looked::Tried(_) => None,
    };
    let begin = move |test: bool, add: bool| begin(session, typed, busy, looked, test, add);
    view! {
        <div class="with-button">
            <TextField
                name="endpoint-url"
                label=t!(i18n, endpoint_url)
                kind=Kind::Code
                value=typed
                problem=Signal::derive(problem)
                hint=Signal::derive(move || t_string!(i18n, endpoint_url_example).to_owned())
                on_input=Callback::new(move |text| {
                    looked.set(None);
                    typed.set(text);
                })
                on_enter=Callback::new(move |()| begin(true, true))
            />
            <Refusal failure=Signal::derive(failure) />
            <AdditionButtons busy looked begin />
        </div>
    }
}

/// Begins to look at what is typed, unless something is looked at already.
fn begin(
    session: Session,
    typed: RwSignal<String>,
    busy: RwSignal<bool>,
    looked: RwSignal<Option<Looked>>,
    test: bool,
    add: bool,
) {
    let url = typed.get_untracked().trim().to_owned();
    if !looks_like_an_address(&url) {
        return looked.set(Some(Looked::NoAddress));
    }
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        let result = look(session, &url, test, add).await;
        busy.set(false);
        if add && result.is_none() {
            typed.set(String::new());
        }
        looked.set(result);
    });
}

/// Whether the engine can be asked about it: it says what else is wrong.
fn looks_like_an_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
}

/// Test, add, and add without a test where that may be right.
#[component]
fn AdditionButtons(
    /// Whether one is being looked at.
    busy: RwSignal<bool>,
    /// What came of that.
    looked: RwSignal<Option<Looked>>,
    /// Begins to look at the address that is typed: whether to test it, whether to add it.
    begin: impl Fn(bool, bool) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let fits = move || match looked.get()? {
        Looked::Tried(tried @ Tried::Fits { .. }) => Some(words::tried(i18n.get_locale(), &tried)),
        Looked::Tried(Tried::Unfit { .. }) | Looked::NoAddress | Looked::Refused(_) => None,
    };
    let untested = move || match looked.get() {
        Some(Looked::Tried(Tried::Unfit { reason })) => may_add_untested(reason),
        Some(Looked::Tried(Tried::Fits { .. }) | Looked::NoAddress | Looked::Refused(_)) | None => {
            false
        }
    };
    let test = move || match busy.get() {
        true => t_string!(i18n, endpoint_testing),
        false => t_string!(i18n, endpoint_test),
    };
    view! {
        <p class="hint" data-testid="endpoint-fits" aria-live="polite">
            {fits}
        </p>
        <div class="buttons">
            <button
                type="button"
                data-testid="endpoint-url-test"
                aria-busy=move || busy.get().to_string()
                on:click=move |_| begin(true, false)
            >
                {test}
            </button>
            <button type="button" data-testid="endpoint-add" on:click=move |_| begin(true, true)>
                {t!(i18n, endpoint_add)}
            </button>
            <Show when=untested>
                <button
                    type="button"
                    data-testid="endpoint-add-untested"
                    on:click=move |_| begin(false, true)
                >
                    {t!(i18n, endpoint_add_untested)}
                </button>
            </Show>
        </div>
    }
}

/// Tries an endpoint and adds it if it fits; or adds it without. `None` where it was added.
async fn look(session: Session, url: &str, test: bool, add: bool) -> Option<Looked> {
    if test {
        let tried = match api::try_endpoint(url).await {
            Ok(tried) => tried,
            Err(failure) => return Some(Looked::Refused(failure)),
        };
        if !add || matches!(tried, Tried::Unfit { .. }) {
            return Some(Looked::Tried(tried));
        }
    }
    let added = session.change(Change::Add(url.to_owned())).await;
    added.err().map(Looked::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_begins_with_its_scheme() {
        assert!(looks_like_an_address("https://rpc.example.org"));
        assert!(looks_like_an_address("http://127.0.0.1:8545"));
        for wrong in ["", "https://", "rpc.example.org", "ftp://rpc.example.org"] {
            assert!(!looks_like_an_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_proven_wrong_is_not_added_and_what_only_does_not_answer_may_be() {
        assert!(may_add_untested(OfflineReason::Unreachable));
        assert!(!may_add_untested(OfflineReason::WrongChain { found: 5 }));
        assert!(!may_add_untested(OfflineReason::ChainReset));
    }
}
