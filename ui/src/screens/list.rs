//! All signals as a list: everything the map shows, and what has no place. It needs neither map nor
//! pointer.

use std::collections::HashMap;

use leptos::prelude::*;
use parley_wire::Validity;

use crate::components::{Chip, Emptiness, Frame, Symbol};
use crate::i18n::*;
use crate::listing::{self, Listed, Order, Row};
use crate::place::Place;
use crate::session::Session;
use crate::words;

/// How many rows are drawn at first, and more with each request: thousands would stop a phone.
const PAGE: usize = 100;

/// The panel of all signals.
#[component]
pub(crate) fn List() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let order = RwSignal::new(Order::Danger);
    let shown = RwSignal::new(PAGE);
    let listed = Memo::new(move |_| {
        let signals = session.signals.value;
        signals.with(|all| listing::rows(all, order.get(), shown.get()))
    });
    view! {
        <Frame title=t!(i18n, list_title) on_close=Callback::new(move |()| session.close())>
            <p class="hint">{t!(i18n, about_no_mark)}</p>
            <Sorting order />
            <Emptiness
                answer=session.signals.answer
                empty=Signal::derive(move || listed.with(|listed| listed.total == 0))
                nothing=Signal::derive(move || t_string!(i18n, list_empty).to_owned())
                again=Callback::new(move |()| session.try_again())
            />
            <Rows listed shown />
        </Frame>
    }
}

/// What comes first.
#[component]
fn Sorting(
    /// The chosen order.
    order: RwSignal<Order>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event| {
        let newest = event_target_value(&event) == "newest";
        order.set(if newest { Order::Newest } else { Order::Danger });
    };
    view! {
        <div class="field">
            <label for="sort">{t!(i18n, sort)}</label>
            <select id="sort" data-testid="sort" on:change=choose>
                <option value="danger">{t!(i18n, sort_danger)}</option>
                <option value="newest">{t!(i18n, sort_newest)}</option>
            </select>
        </div>
    }
}

/// The rows, a page at a time.
#[component]
fn Rows(
    /// The first of them.
    listed: Memo<Listed>,
    /// How many are shown.
    shown: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let hashes = Memo::new(move |_| {
        let hash = |row: &Row| row.hash.clone();
        listed.with(|listed| listed.rows.iter().map(hash).collect::<Vec<_>>())
    });
    let by_hash = Memo::new(move |_| {
        let rows = listed.with(|listed| listed.rows.clone()).into_iter();
        rows.map(|row| (row.hash.clone(), row))
            .collect::<HashMap<_, _>>()
    });
    let hidden =
        Memo::new(move |_| listed.with(|listed| listed.total.saturating_sub(listed.rows.len())));
    let line = move |hash: String| {
        let key = hash.clone();
        let row = Memo::new(move |_| by_hash.with(|rows| rows.get(&key).cloned()));
        view! { <Line hash row /> }
    };
    view! {
        <ul class="rows">
            <For each=move || hashes.get() key=String::clone children=line />
        </ul>
        <Show when=move || hidden.get() != 0>
            <button type="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>
                {t!(i18n, show_more, n = move || hidden.get())}
            </button>
        </Show>
    }
}

/// One signal.
#[component]
fn Line(
    /// The message that it opens.
    hash: String,
    /// What is shown of it; `None` once it is gone.
    row: Memo<Option<Row>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let part = move |part: fn(&Row) -> Option<String>| row.with(|row| row.as_ref().and_then(part));
    let sign = move || row.with(|row| row.as_ref().and_then(|row| row.sign.clone()));
    let state = move || row.with(|row| row.as_ref().map_or("current", |row| row.state));
    let own = move || row.with(|row| row.as_ref().is_some_and(|row| row.own));
    let about = move || {
        let whole = part(|row| row.about.clone())?;
        Some(t_string!(i18n, relates_to, what = whole).to_string())
    };
    let key = hash.clone();
    let open = move |_| session.show(key.clone());
    view! {
        <li class="row">
            <button
                type="button"
                class="headline"
                data-testid="list-row"
                data-hash=hash
                on:click=open
            >
                <Symbol
                    sign=Signal::derive(sign)
                    state=Signal::derive(state)
                    own=Signal::derive(own)
                />
                <span class="said">
                    <span class="words">
                        <bdi>{move || part(|row| Some(row.words.clone()))}</bdi>
                    </span>
                    <span class="about">{about}</span>
                    <Standing row />
                    <bdi class="code hint" dir="ltr">
                        {move || part(|row| row.place.map(Place::text))}
                    </bdi>
                </span>
            </button>
        </li>
    }
}

/// How old it is, whether it is valid, and who says so.
#[component]
fn Standing(
    /// What is shown.
    row: Memo<Option<Row>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let locale = move || i18n.get_locale();
    let age = move || {
        let time = row.with(|row| row.as_ref().map(|row| row.time))?;
        Some(words::age(locale(), time, session.now.get()))
    };
    let validity =
        move || row.with(|row| row.as_ref().map_or(Validity::Unclear, |row| row.validity));
    let look = move || {
        if validity() == Validity::Current {
            "current"
        } else {
            "past"
        }
    };
    // That nobody confirms it is worth a word where it is a danger.
    let confirmed = move || {
        let (count, state) =
            row.with(|row| Some((row.as_ref()?.confirmations, row.as_ref()?.state)))?;
        (count > 0 || state == "unconfirmed").then(|| words::confirmed(locale(), count))
    };
    let unsent = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.unsent)));
    view! {
        <span class="standing">
            <Chip
                word=Signal::derive(move || words::validity(locale(), validity()).to_owned())
                look=Signal::derive(look)
            />
            <Show when=move || unsent.get()>
                <Chip word=Signal::derive(move || t_string!(i18n, unsent_mark).to_owned()) look="queued" />
            </Show>
            <span class="age">{age}</span>
            <span>{confirmed}</span>
        </span>
    }
}
