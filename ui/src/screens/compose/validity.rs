//! From when and for how long it is valid. "Until I end it" is a choice of its own.

use leptos::prelude::*;

use super::{Part, Problems};
use crate::components::{Kind, ProblemLine, TextField};
use crate::draft::Field;
use crate::i18n::*;
use crate::screens::warnings::ClockWarning;
use crate::session::Session;
use crate::{browser, clock};

const START: Part = Part {
    read: |form| form.start.clone(),
    write: |form, typed| form.start = typed,
};
const DAYS: Part = Part {
    read: |form| form.days.clone(),
    write: |form, typed| form.days = typed,
};
const HOURS: Part = Part {
    read: |form| form.hours.clone(),
    write: |form, typed| form.hours = typed,
};
const MINUTES: Part = Part {
    read: |form| form.minutes.clone(),
    write: |form, typed| form.minutes = typed,
};

/// The part of the form about time.
#[component]
pub(super) fn ValidityPart() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="part">
            <h3>{t!(i18n, validity)}</h3>
            <ClockWarning />
            <Start />
            <Lasting />
        </section>
    }
}

/// When it begins: now, or at a given time in UTC.
#[component]
fn Start() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let given = RwSignal::new(session.form.with_untracked(|form| !form.start.is_empty()));
    let choose = move |at_time: bool| {
        given.set(at_time);
        let start = if at_time {
            typed_form(session.now.get_untracked())
        } else {
            String::new()
        };
        session.form.update(|form| form.start = start);
    };
    let local = move || {
        let start = session.form.with(|form| clock::parse_utc(&form.start));
        let time = start.map(browser::local_time);
        time.map(|time| t_string!(i18n, start_local, time = time).to_string())
            .unwrap_or_default()
    };
    view! {
        <fieldset class="choice">
            <legend>{t!(i18n, starts)}</legend>
            <label class="check">
                <input
                    type="radio"
                    name="start"
                    prop:checked=move || !given.get()
                    on:change=move |_| choose(false)
                />
                <span>{t!(i18n, starts_now)}</span>
            </label>
            <label class="check">
                <input
                    type="radio"
                    name="start"
                    prop:checked=given
                    on:change=move |_| choose(true)
                />
                <span>{t!(i18n, starts_at)}</span>
            </label>
        </fieldset>
        <Show when=move || given.get()>
            <TextField
                name="start-time"
                label=t!(i18n, start_utc)
                kind=Kind::Code
                value=START.value(session)
                on_input=START.typed(session)
                problem=Problems::current().at(Field::Start)
                hint=Signal::derive(local)
            />
        </Show>
    }
}

/// A time as it is typed: `2026-11-24 06:00`.
fn typed_form(seconds: u64) -> String {
    clock::utc(seconds).trim_end_matches(" UTC").to_owned()
}

/// For how long.
#[component]
fn Lasting() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problem = Problems::current().at(Field::Duration);
    let open = Memo::new(move |_| session.form.with(|form| form.until_ended));
    let invalid = move || problem.with(Option::is_some).then_some("true");
    view! {
        <div class="lasting" aria-invalid=invalid tabindex="-1">
            <TextField
                name="days"
                label=t!(i18n, days)
                value=DAYS.value(session)
                on_input=DAYS.typed(session)
                disabled=open
            />
            <TextField
                name="hours"
                label=t!(i18n, hours)
                value=HOURS.value(session)
                on_input=HOURS.typed(session)
                disabled=open
            />
            <TextField
                name="minutes"
                label=t!(i18n, minutes)
                value=MINUTES.value(session)
                on_input=MINUTES.typed(session)
                disabled=open
            />
        </div>
        <ProblemLine id="duration-problem".to_owned() problem />
        <label class="check">
            <input
                type="checkbox"
                data-testid="until-ended"
                prop:checked=open
                on:change=move |event| {
                    let open = event_target_checked(&event);
                    session.form.update(|form| form.until_ended = open);
                }
            />
            <span>{t!(i18n, until_ended)}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_start_begins_with_a_time_that_is_understood() {
        let typed = typed_form(1_795_500_000);
        assert_eq!(typed, "2026-11-24 06:00");
        assert_eq!(clock::parse_utc(&typed), Some(1_795_500_000));
    }
}
