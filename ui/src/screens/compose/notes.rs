//! The words of a text, a link or an introduction. Only plain letters can travel; that is said while
//! they are typed.

use leptos::prelude::*;

use super::plain::PlainOffer;
use super::{Part, Problems};
use crate::components::{Kind, ProblemLine, TextField};
use crate::draft::Field;
use crate::i18n::*;
use crate::session::Session;

const TEXT: Part = Part {
    read: |form| form.text.clone(),
    write: |form, typed| form.text = typed,
};

/// The part of the form with the words.
#[component]
pub(super) fn NotePart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let code = Memo::new(move |_| session.form.with(|form| form.code()));
    let line = move || {
        let label = Signal::derive(move || match code.get() {
            Some('A') => t_string!(i18n, introduction).to_owned(),
            _ => t_string!(i18n, link).to_owned(),
        });
        view! {
            <TextField
                name="text"
                label
                kind=Kind::Code
                value=TEXT.value(session)
                on_input=TEXT.typed(session)
                problem=Problems::current().at(Field::Text)
            />
        }
    };
    view! {
        <section class="part">
            <Show when=move || code.get() == Some('F') fallback=line>
                <Text />
            </Show>
            <p class="hint">{t!(i18n, note_place)}</p>
        </section>
    }
}

/// Free text.
#[component]
fn Text() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problem = Problems::current().at(Field::Text);
    let value = TEXT.value(session);
    let typed = TEXT.typed(session);
    let count = move || value.with(|text| text.trim().chars().count());
    view! {
        <div class="field">
            <label for="text">{t!(i18n, text)}</label>
            <textarea
                id="text"
                data-testid="text"
                dir="auto"
                rows="5"
                prop:value=value
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby="text-hint text-problem"
                on:input=move |event| typed.run(event_target_value(&event))
            ></textarea>
            <p class="hint" id="text-hint">
                {t!(i18n, text_hint, n = count)}
            </p>
            <ProblemLine id="text-problem".to_owned() problem />
            <PlainOffer typed=value take=typed />
        </div>
    }
}
