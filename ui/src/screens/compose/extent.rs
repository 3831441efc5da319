//! What kind of object it is and how far it reaches, in metres and degrees. The map shows it while
//! it is typed.

use leptos::prelude::*;

use super::{Part, Problems};
use crate::components::{ProblemLine, TextField};
use crate::draft::Field;
use crate::form::Shape;
use crate::i18n::*;
use crate::session::Session;
use crate::{suggest, words};

const DIM1: Part = Part {
    read: |form| form.dim1.clone(),
    write: |form, typed| form.dim1 = typed,
};
const DIM2: Part = Part {
    read: |form| form.dim2.clone(),
    write: |form, typed| form.dim2 = typed,
};
const ORIENTATION: Part = Part {
    read: |form| form.orientation.clone(),
    write: |form, typed| form.orientation = typed,
};

/// The part of the form about the object.
#[component]
pub(super) fn ExtentPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let shape = Memo::new(move |_| session.form.with(|form| Shape::of(&form.object)));
    view! {
        <section class="part">
            <h3>{t!(i18n, object)}</h3>
            <ObjectChoice />
            <Show when=move || shape.get() != Shape::Point>
                <Sizes shape />
                <p class="hint">{t!(i18n, size_note)}</p>
            </Show>
        </section>
    }
}

/// The object types that the sign may carry; no others are offered.
#[component]
fn ObjectChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problem = Problems::current().at(Field::Object);
    let chosen = Memo::new(move |_| session.form.with(|form| form.object.clone()));
    let offered = Memo::new(move |_| {
        let mut offered = session.form.with(suggest::objects);
        // A message from elsewhere may say what is not offered; it is shown, not changed unasked.
        chosen.with(|chosen| {
            if !offered.contains(chosen) {
                offered.push(chosen.clone());
            }
        });
        offered
    });
    let option = move |code: String| {
        let (value, named) = (code.clone(), code.clone());
        view! {
            <option value=value prop:selected=move || chosen.with(|chosen| *chosen == code)>
                {move || words::object(i18n.get_locale(), &named)}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="object">{t!(i18n, object_any)}</label>
            <select
                id="object"
                data-testid="object"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby="object-problem"
                on:change=move |event| {
                    let code = event_target_value(&event);
                    session.form.update(|form| form.object = code);
                }
            >
                <For each=move || offered.get() key=String::clone children=option />
            </select>
            <ProblemLine id="object-problem".to_owned() problem />
        </div>
    }
}

/// Sizes and direction, as the shape has them.
#[component]
fn Sizes(
    /// The shape of the object.
    shape: Memo<Shape>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problems = Problems::current();
    let first = move || match shape.get() {
        Shape::Point | Shape::People => t_string!(i18n, dim_person),
        Shape::Circle => t_string!(i18n, dim_radius),
        Shape::Rectangle => t_string!(i18n, dim_side),
        Shape::Triangle => t_string!(i18n, dim_height),
    };
    let second = move || match shape.get() {
        Shape::Triangle => t_string!(i18n, dim_base),
        Shape::Point | Shape::People | Shape::Circle | Shape::Rectangle => {
            t_string!(i18n, dim_second)
        }
    };
    view! {
        <TextField
            name="dim1"
            label=first
            value=DIM1.value(session)
            on_input=DIM1.typed(session)
            problem=problems.at(Field::Dim1)
        />
        <Show when=move || shape.get().has_direction()>
            <TextField
                name="dim2"
                label=second
                value=DIM2.value(session)
                on_input=DIM2.typed(session)
                problem=problems.at(Field::Dim2)
            />
            <TextField
                name="orientation"
                label=t!(i18n, orientation)
                value=ORIENTATION.value(session)
                on_input=ORIENTATION.typed(session)
                problem=problems.at(Field::Orientation)
            />
        </Show>
    }
}
