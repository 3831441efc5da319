//! One endpoint of the list: how it stands, what it costs, and what can be done with it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Endpoint, Failure, Health, Tried};

use crate::components::{Chip, Question};
use crate::i18n::*;
use crate::session::{Change, Session};
use crate::{api, words};

/// The order after one endpoint changed places with its neighbour; `None` where it has none there.
fn moved(urls: &[String], url: &str, later: bool) -> Option<Vec<String>> {
    let from = urls.iter().position(|other| other == url)?;
    let to = if later {
        from + 1
    } else {
        from.checked_sub(1)?
    };
    let mut urls = urls.to_vec();
    (to < urls.len()).then(|| urls.swap(from, to))?;
    Some(urls)
}

/// The style that a way of standing has.
fn look(health: &Health) -> &'static str {
    match health {
        Health::Good => "current",
        Health::Failing { .. } => "waiting",
        Health::Demoted { .. } => "stopped",
        Health::NotTried => "past",
    }
}

/// One endpoint; the row follows its changes.
#[component]
pub(super) fn Row(
    /// Its address.
    url: String,
    /// All endpoints in their order.
    all: Memo<Vec<Endpoint>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = url.clone();
    let endpoint = Memo::new(move |_| {
        all.with(|all| all.iter().find(|endpoint| endpoint.url == own).cloned())
    });
    let health = move || endpoint.with(|it| it.as_ref().map(|it| it.health.clone()));
    let key = move || health().as_ref().map(words::health_key);
    let word = move || health().map(|health| words::health(i18n.get_locale(), &health));
    let why = move || health().and_then(|health| words::health_why(i18n.get_locale(), &health));
    let url = StoredValue::new(url);
    view! {
        <li class="row" data-testid="endpoint" data-health=key data-url=url.get_value()>
            <bdi class="code words" dir="ltr">
                {url.get_value()}
            </bdi>
            <p class="standing">
                <Chip
                    word=Signal::derive(move || word().unwrap_or_default().to_owned())
                    look=Signal::derive(move || health().as_ref().map_or("past", look))
                />
                <span class="age">{why}</span>
            </p>
            <Figures endpoint />
            <Doings url all endpoint />
        </li>
    }
}

/// How fast it is, how far it is, what it costs, when it last answered.
#[component]
fn Figures(
    /// The endpoint.
    endpoint: Memo<Option<Endpoint>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let speed = move || {
        let (ms, block) = endpoint.with(|it| it.as_ref()?.latency_ms.zip(it.as_ref()?.head))?;
        Some(t_string!(i18n, endpoint_facts, ms = ms, block = block).to_string())
    };
    let answered = move || {
        let at = endpoint.with(|it| it.as_ref()?.answered_at)?;
        let age = words::age(i18n.get_locale(), at, session.now.get());
        Some(t_string!(i18n, endpoint_answered, age = age).to_string())
    };
    let octets = move || {
        let (sent, received) = endpoint.with(|it| it.as_ref().map(|it| (it.sent, it.received)))?;
        let say = |octets| words::octets(i18n.get_locale(), octets);
        let (sent, received) = (say(sent), say(received));
        Some(t_string!(i18n, endpoint_octets, sent = sent, received = received).to_string())
    };
    view! {
        <p class="standing hint">
            <span>{speed}</span>
            <span>{answered}</span>
            <span data-testid="octets">{octets}</span>
        </p>
    }
}

/// Move, test, remove, and use again.
#[component]
fn Doings(
    /// Its address.
    url: StoredValue<String>,
    /// All endpoints in their order.
    all: Memo<Vec<Endpoint>>,
    /// The endpoint.
    endpoint: Memo<Option<Endpoint>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let asking = RwSignal::new(false);
    let demoted = Memo::new(move |_| {
        endpoint.with(|it| {
            matches!(
                it.as_ref().map(|it| &it.health),
                Some(Health::Demoted { .. })
            )
        })
    });
    let answer = move |yes| {
        asking.set(false);
        if yes {
            session.do_change(Change::Remove(url.get_value()));
        }
    };
    let pardon = move |_| session.do_change(Change::Pardon(url.get_value()));
    view! {
        <div class="buttons">
            <Mover url all later=false />
            <Mover url all later=true />
            <Trial url />
            <Show when=move || demoted.get()>
                <button type="button" data-testid="endpoint-pardon" on:click=pardon>
                    {t!(i18n, endpoint_pardon)}
                </button>
            </Show>
            <button
                type="button"
                data-testid="endpoint-remove"
                aria-expanded=move || asking.get().to_string()
                on:click=move |_| asking.set(true)
            >
                {t!(i18n, endpoint_remove)}
            </button>
        </div>
        <Show when=move || asking.get()>
            <Question
                name="endpoint-remove-yes"
                yes=Signal::derive(move || t_string!(i18n, endpoint_remove_yes).to_owned())
                on_answer=Callback::new(answer)
            >
                <p>{t!(i18n, endpoint_remove_ask)}</p>
                <Show when=move || all.with(Vec::len) == 1>
                    <p>{t!(i18n, endpoint_remove_last)}</p>
                </Show>
            </Question>
        </Show>
    }
}

/// One place up or down. At the end of the list it does nothing, but keeps the focus.
#[component]
fn Mover(
    /// The endpoint's address.
    url: StoredValue<String>,
    /// All endpoints in their order.
    all: Memo<Vec<Endpoint>>,
    /// Down instead of up.
    later: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let order = move || {
        let urls = all.with(|all| all.iter().map(|it| it.url.clone()).collect::<Vec<_>>());
        url.with_value(|url| moved(&urls, url, later))
    };
    let words = move || match later {
        true => t_string!(i18n, endpoint_later),
        false => t_string!(i18n, endpoint_earlier),
    };
    let go = move |_| {
        if let Some(order) = untrack(order) {
            session.do_change(Change::Order(order));
        }
    };
    view! {
        <button
            type="button"
            data-testid=if later { "endpoint-later" } else { "endpoint-earlier" }
            aria-disabled=move || order().is_none().to_string()
            on:click=go
        >
            {words}
        </button>
    }
}

/// Asks it now, and says what came of it.
#[component]
fn Trial(
    /// The endpoint's address.
    url: StoredValue<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Result<Tried, Failure>>);
    let locale = move || i18n.get_locale();
    let said = move || match result.get()? {
        Ok(tried) => Some(words::tried(locale(), &tried)),
        Err(failure) => Some(words::failure(locale(), failure.code).to_owned()),
    };
    let test = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let tried = api::try_endpoint(&url.get_value()).await;
            busy.set(false);
            result.set(Some(tried));
        });
    };
    let words = move || match busy.get() {
        true => t_string!(i18n, endpoint_testing),
        false => t_string!(i18n, endpoint_test),
    };
    view! {
        <button
            type="button"
            data-testid="endpoint-test"
            aria-busy=move || busy.get().to_string()
            on:click=test
        >
            {words}
        </button>
        <p class="result" data-testid="endpoint-tried" aria-live="polite">
            {said}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_changes_places_with_its_neighbour_and_stays_at_the_ends() {
        let urls = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(moved(&urls, "b", false).unwrap(), ["b", "a", "c"]);
        assert_eq!(moved(&urls, "b", true).unwrap(), ["a", "c", "b"]);
        assert_eq!(moved(&urls, "a", false), None);
        assert_eq!(moved(&urls, "c", true), None);
        assert_eq!(moved(&urls, "gone", true), None);
    }
}
