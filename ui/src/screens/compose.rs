//! Writing a message: where, what, how large, for how long. What cannot be is not offered, and what
//! is wrong is said at its field.

mod extent;
mod notes;
mod place;
mod plain;
mod request;
mod sign;
mod validity;

use std::time::Duration;

use leptos::prelude::*;

use self::extent::ExtentPart;
use self::notes::NotePart;
use self::place::PlacePart;
use self::request::RequestPart;
use self::sign::SignPart;
use self::validity::ValidityPart;
use crate::components::{Frame, ProblemLine};
use crate::draft::{self, Field, Problem};
use crate::form::Form;
use crate::i18n::*;
use crate::session::{Panel, Session};
use crate::{browser, words};

/// How long after the last key the map follows.
const TYPING: Duration = Duration::from_millis(400);

/// What is wrong with the form, for its parts.
#[derive(Clone, Copy)]
struct Problems {
    all: Memo<Vec<Problem>>,
    /// Whether the person asked for the review: before that, nobody is told what is not there yet.
    asked: RwSignal<bool>,
}

impl Problems {
    fn of(session: Session) -> Self {
        let all = Memo::new(move |_| {
            let now = session.now.get_untracked();
            let kind = session.kind();
            session
                .form
                .with(|form| draft::complete(form, now, kind))
                .err()
                .unwrap_or_default()
        });
        Self {
            all,
            asked: RwSignal::new(false),
        }
    }

    /// The problems of the form that is being written.
    fn current() -> Self {
        // `Compose` provides it before it draws any of its parts.
        use_context().unwrap_or_else(|| Self::of(Session::current()))
    }

    /// What is wrong with a field, in words.
    fn at(self, field: Field) -> Signal<Option<String>> {
        let i18n = use_i18n();
        Signal::derive(move || {
            let asked = self.asked.get();
            let shown = |problem: &&Problem| {
                problem.field == field && (asked || !problem.wrong.is_missing())
            };
            self.all.with(|all| {
                let problem = all.iter().find(shown)?;
                Some(words::wrong(i18n.get_locale(), &problem.wrong))
            })
        })
    }
}

/// One part of a form that is only read and changed through these two.
#[derive(Clone, Copy)]
struct Part {
    read: fn(&Form) -> String,
    write: fn(&mut Form, String),
}

impl Part {
    fn value(self, session: Session) -> Signal<String> {
        Signal::derive(move || session.form.with(self.read))
    }

    fn typed(self, session: Session) -> Callback<String> {
        Callback::new(move |typed| session.form.update(|form| (self.write)(form, typed)))
    }
}

/// The panel in which a message is written.
#[component]
pub(crate) fn Compose() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problems = Problems::of(session);
    provide_context(problems);
    keep_in_sight(session);
    let chosen = Memo::new(move |_| session.form.with(|form| form.sign.is_some()));
    let note = Memo::new(move |_| session.form.with(Form::is_note));
    view! {
        <Frame
            title=move || title(session, i18n)
            on_close=Callback::new(move |()| session.close())
            foot=move || view! { <Foot problems /> }
        >
            <Show when=move || !note.get()>
                <PlacePart />
            </Show>
            <SignPart />
            <Show when=move || chosen.get()>
                <Show when=move || note.get() fallback=|| view! { <SignalParts /> }>
                    <NotePart />
                </Show>
            </Show>
            <ProblemLine id="whole-problem".to_owned() problem=problems.at(Field::Whole) />
        </Frame>
    }
}

/// The ways on and back.
#[component]
fn Foot(
    /// What is wrong with the form.
    problems: Problems,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    view! {
        <StartOver problems />
        <button
            type="button"
            class="primary"
            data-testid="review"
            on:click=move |_| ask_for_review(session, problems)
        >
            {t!(i18n, review)}
        </button>
    }
}

/// Lets the map follow what is typed: an area that grows or shrinks stays in sight as a whole.
fn keep_in_sight(session: Session) {
    let reach = Memo::new(move |_| session.form.with(Form::reach));
    let mut look = debounce(TYPING, move |()| session.look_at_form());
    Effect::new(move |before: Option<Option<f64>>| {
        let now = reach.get();
        if before.is_some_and(|before| before != now) && now.is_some() {
            look(());
        }
        now
    });
}

/// What only signs and signals have.
#[component]
fn SignalParts() -> impl IntoView {
    let session = Session::current();
    let request = Memo::new(move |_| session.form.with(|form| form.code() == Some('Q')));
    view! {
        <ExtentPart />
        <Show when=move || request.get()>
            <RequestPart />
        </Show>
        <ValidityPart />
    }
}

/// A way out of a message that was begun and not finished.
#[component]
fn StartOver(
    /// What is wrong with the form.
    problems: Problems,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let asked = problems.asked;
    let begun = Memo::new(move |_| session.form.with(Form::is_begun));
    let start_over = move |_| {
        asked.set(false);
        session.compose(Form::default());
        browser::focus("#panel-title");
    };
    view! {
        <Show when=move || begun.get()>
            <button type="button" class="quiet" on:click=start_over>
                {t!(i18n, start_over)}
            </button>
        </Show>
    }
}

fn title(session: Session, i18n: leptos_i18n::I18nContext<Locale>) -> String {
    session
        .form
        .with(|form| match (form.editing, &form.refers, form.code()) {
            (Some(id), _, _) => t_string!(i18n, compose_edit, id = id).to_string(),
            (None, Some(_), Some('F')) => t_string!(i18n, text_title).to_owned(),
            (None, Some(_), Some('R')) => t_string!(i18n, link_title).to_owned(),
            (None, Some(_), _) => t_string!(i18n, compose_update).to_owned(),
            (None, None, _) => t_string!(i18n, compose_title).to_owned(),
        })
}

/// Goes on to the review, or to the first field that is wrong.
fn ask_for_review(session: Session, problems: Problems) {
    if problems.all.with_untracked(Vec::is_empty) {
        session.look_at_form();
        session.open(Panel::Review);
    } else {
        problems.asked.set(true);
        browser::focus("[aria-invalid=true]");
    }
}
