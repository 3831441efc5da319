//! What a request asks for: kinds of objects and how many of each.

use leptos::prelude::*;
use whiteflag::MAX_REQUEST_OBJECTS;

use super::Problems;
use crate::components::ProblemLine;
use crate::draft::Field;
use crate::form::{Form, Requested};
use crate::i18n::*;
use crate::session::Session;
use crate::{protocol, words};

/// The part of the form about requested objects.
#[component]
pub(super) fn RequestPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problem = Problems::current().at(Field::Requested);
    let count = Memo::new(move |_| session.form.with(|form| form.requested.len()));
    let full = Memo::new(move |_| count.get() >= MAX_REQUEST_OBJECTS);
    let add = move |_| {
        let first = Requested {
            object: "11".to_owned(),
            quantity: "1".to_owned(),
        };
        session.form.update(|form| form.requested.push(first));
    };
    view! {
        <section class="part">
            <h3>{t!(i18n, requests)}</h3>
            <ul class="rows">
                <For each=move || 0..count.get() key=|at| *at let:at>
                    <Line at />
                </For>
            </ul>
            <ProblemLine id="requested-problem".to_owned() problem />
            <Show when=move || full.get()>
                <p class="hint">{t!(i18n, request_full)}</p>
            </Show>
            <button type="button" disabled=full on:click=add>
                {t!(i18n, request_add)}
            </button>
        </section>
    }
}

/// One kind of object.
#[component]
fn Line(
    /// Its place in the list.
    at: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let object = Memo::new(move |_| session.form.with(|form| read(form, at, |one| &one.object)));
    let quantity = Memo::new(move |_| {
        session
            .form
            .with(|form| read(form, at, |one| &one.quantity))
    });
    let change = move |change: &dyn Fn(&mut Requested)| {
        session
            .form
            .update(|form| form.requested.get_mut(at).map(change).unwrap_or_default());
    };
    let option = move |code: String| {
        let (value, named) = (code.clone(), code.clone());
        view! {
            <option value=value prop:selected=move || object.with(|object| *object == code)>
                {move || words::object(i18n.get_locale(), &named)}
            </option>
        }
    };
    view! {
        <li class="requested">
            <select
                aria-label=move || t_string!(i18n, object_any)
                on:change=move |event| change(&|one| one.object = event_target_value(&event))
            >
                {protocol::objects_to_request().into_iter().map(option).collect_view()}
            </select>
            <input
                type="text"
                dir="ltr"
                inputmode="numeric"
                autocomplete="off"
                aria-label=move || t_string!(i18n, quantity)
                prop:value=quantity
                on:input=move |event| change(&|one| one.quantity = event_target_value(&event))
            />
            <button
                type="button"
                on:click=move |_| session.form.update(|form| drop(form.requested.remove(at)))
            >
                {t!(i18n, request_remove)}
            </button>
        </li>
    }
}

fn read(form: &Form, at: usize, part: fn(&Requested) -> &String) -> String {
    form.requested
        .get(at)
        .map(part)
        .cloned()
        .unwrap_or_default()
}
