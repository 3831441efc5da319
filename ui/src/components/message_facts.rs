//! What a sign or signal says beside its name: where, what kind of object and how far, what is asked
//! for, from when and for how long.

use leptos::prelude::*;
use serde_json::Value;

use super::Fact;
use crate::form::field;
use crate::i18n::*;
use crate::place::Place;
use crate::{browser, clock, pins, words};

/// Facts of a message; belong into a `<dl>`.
#[component]
pub(crate) fn MessageFacts(
    /// The message in the standard's JSON form.
    #[prop(into)]
    message: Signal<Value>,
    /// How many further parts it has.
    #[prop(optional, into)]
    parts: Signal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let place = move || {
        message.with(|message| {
            let place = pins::place(message).map(Place::text);
            place.or_else(|| pins::no_place_on_earth(message))
        })
    };
    let place = move || match place() {
        Some(place) => view! { <bdi class="code" dir="ltr">{place}</bdi> }.into_any(),
        None => view! { <span>{t!(i18n, no_position)}</span> }.into_any(),
    };
    let extent = move || message.with(|message| words::extent(i18n.get_locale(), message));
    let further = move || words::parts(i18n.get_locale(), parts.get());
    view! {
        <Fact label=t!(i18n, place)>{place}</Fact>
        <Fact label=t!(i18n, object)>
            <p>{extent}</p>
            <p>{further}</p>
            <Requested message />
        </Fact>
        <Fact label=t!(i18n, validity)>
            <Period message />
        </Fact>
    }
}

/// What a request asks for; nothing for other messages.
#[component]
fn Requested(
    /// The message.
    message: Signal<Value>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || message.with(|message| words::requested(i18n.get_locale(), message));
    let items = move || {
        lines()
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    view! {
        <Show when=move || !lines().is_empty()>
            <ul class="lines">{items}</ul>
        </Show>
    }
}

/// The time in words, and its beginning by the clock on the wall.
#[component]
fn Period(
    /// The message.
    message: Signal<Value>,
) -> impl IntoView {
    let i18n = use_i18n();
    let period = move || message.with(|message| words::period(i18n.get_locale(), message));
    let local = move || {
        let start = message.with(|message| field(pins::meant(message).1, "DateTime"));
        let time = browser::local_time(clock::parse_utc(&start)?);
        Some(t_string!(i18n, start_local, time = time).to_string())
    };
    view! {
        <p>{period}</p>
        <p class="hint">{local}</p>
    }
}
