//! Where it is: typed coordinates, a place from the map, or none where that is allowed.

use leptos::prelude::*;

use super::Problems;
use crate::browser;
use crate::components::{Kind, TextField};
use crate::draft::Field;
use crate::form::Form;
use crate::i18n::*;
use crate::place::{Place, PlaceError};
use crate::session::Session;
use crate::words;

/// The part of the form about the place.
#[component]
pub(super) fn PlacePart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let place = Memo::new(move |_| session.form.with(|form| form.place));
    let omitted = Memo::new(move |_| session.form.with(|form| form.without_position));
    let may_omit = Memo::new(move |_| session.form.with(Form::may_omit_position));
    let changing = RwSignal::new(false);
    // A place from the map is the place, whatever was being typed.
    let typing = Memo::new(move |before: Option<&(Option<Place>, bool)>| {
        let same = before.is_some_and(|(before, _)| *before == place.get());
        (place.get(), place.get().is_none() || changing.get() && same)
    });
    view! {
        <section class="part">
            <h3>{t!(i18n, place_title)}</h3>
            <Show when=move || !omitted.get()>
                <Show
                    when=move || typing.get().1
                    fallback=move || view! { <Chosen place changing /> }
                >
                    <Typed place changing />
                </Show>
            </Show>
            <Show when=move || may_omit.get()>
                <Omit omitted />
            </Show>
        </section>
    }
}

/// The place that was chosen.
#[component]
fn Chosen(
    /// Where.
    place: Memo<Option<Place>>,
    /// Set when the person wants another one.
    changing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="chosen">
            <bdi class="code" dir="ltr">
                {move || place.get().map(Place::text)}
            </bdi>
            <button type="button" on:click=move |_| changing.set(true)>
                {t!(i18n, place_change)}
            </button>
        </p>
    }
}

/// Coordinates to type.
#[component]
fn Typed(
    /// The place before.
    place: Memo<Option<Place>>,
    /// Cleared when a place is taken.
    changing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let missing = Problems::current().at(Field::Place);
    let before = place.get_untracked().map(Place::text).unwrap_or_default();
    let typed = RwSignal::new(before);
    let error = RwSignal::new(None::<PlaceError>);
    let problem = Signal::derive(move || {
        let typed = error
            .get()
            .map(|error| words::place_error(i18n.get_locale(), error).to_owned());
        typed.or_else(|| missing.get())
    });
    let take = move || match typed.with(|typed| Place::parse(typed)) {
        Ok(place) => {
            changing.set(false);
            session.form.update(|form| form.place = Some(place));
            session.look_at_form();
            browser::focus("[data-testid=sign-search], [data-testid=object]");
        }
        Err(wrong) => error.set(Some(wrong)),
    };
    view! {
        <p class="hint">{t!(i18n, place_hint)}</p>
        <div class="with-button" on:keydown=move |event| if event.key() == "Enter" { take() }>
            <TextField
                name="coordinates"
                label=t!(i18n, coordinates)
                kind=Kind::Code
                value=typed
                problem
                hint=Signal::derive(move || t_string!(i18n, coordinates_example).to_owned())
                on_input=Callback::new(move |text| {
                    error.set(None);
                    typed.set(text);
                })
            />
            <button type="button" data-testid="coordinates-ok" on:click=move |_| take()>
                {t!(i18n, coordinates_ok)}
            </button>
        </div>
    }
}

/// The choice to give no position.
#[component]
fn Omit(
    /// Whether none is given.
    omitted: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    view! {
        <label class="check">
            <input
                type="checkbox"
                data-testid="without-position"
                prop:checked=omitted
                on:change=move |event| {
                    let withheld = event_target_checked(&event);
                    session.form.update(|form| form.withhold_position(withheld));
                }
            />
            <span>{t!(i18n, without_position)}</span>
        </label>
        <p class="hint">{t!(i18n, without_position_why)}</p>
    }
}
