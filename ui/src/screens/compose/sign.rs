//! What it is: searched in plain words, or chosen from its group.

use leptos::prelude::*;

use super::Problems;
use crate::browser;
use crate::components::{Kind, Symbol, TextField};
use crate::draft::Field;
use crate::form::Sign;
use crate::i18n::*;
use crate::search::{self, Choice};
use crate::session::Session;
use crate::words;

type Groups = Vec<(char, Vec<Choice>)>;

/// The part of the form about the sign.
#[component]
pub(super) fn SignPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let sign = Memo::new(move |_| session.form.with(|form| form.sign.clone()));
    let changing = RwSignal::new(false);
    let searching = Memo::new(move |_| sign.with(Option::is_none) || changing.get());
    view! {
        <section class="part">
            <h3>{t!(i18n, sign_title)}</h3>
            <Show
                when=move || searching.get()
                fallback=move || view! { <Chosen sign changing /> }
            >
                <Search changing />
            </Show>
        </section>
    }
}

/// The sign that was chosen.
#[component]
fn Chosen(
    /// Which.
    sign: Memo<Option<Sign>>,
    /// Set when the person wants another one.
    changing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let words = move || {
        sign.with(|sign| {
            sign.as_ref()
                .map(|sign| words::sign(i18n.get_locale(), sign))
        })
    };
    // What adds words to a signal is a text or a link for good.
    let fixed = move || {
        session
            .form
            .with(|form| form.refers.is_some() && form.is_note())
    };
    view! {
        <p class="chosen">
            <Symbol sign state="current" />
            <strong>{words}</strong>
            <Show when=move || !fixed()>
                <button type="button" on:click=move |_| changing.set(true)>
                    {t!(i18n, change_sign)}
                </button>
            </Show>
        </p>
    }
}

/// The search with what it finds.
#[component]
fn Search(
    /// Cleared when a sign is taken.
    changing: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let problem = Problems::current().at(Field::Sign);
    let typed = RwSignal::new(String::new());
    let groups = Memo::new(move |_| {
        let mut groups = typed.with(|typed| search::find(typed, i18n.get_locale()));
        // An update stays of the type that it updates.
        let kept = session
            .form
            .with(|form| form.code().filter(|_| form.refers.is_some()));
        groups.retain(|(group, _)| kept.is_none_or(|kept| *group == kept));
        groups
    });
    let choose = Callback::new(move |sign| {
        changing.set(false);
        session.form.update(|form| form.choose(sign));
        session.look_at_form();
        browser::focus("[data-testid=object], [data-testid=text]");
    });
    let narrowed = Signal::derive(move || typed.with(|typed| !typed.trim().is_empty()));
    view! {
        <TextField
            name="sign-search"
            label=t!(i18n, search)
            kind=Kind::Words
            value=typed
            problem
            hint=Signal::derive(move || t_string!(i18n, search_hint).to_owned())
            on_input=Callback::new(move |text| typed.set(text))
        />
        {search::GROUPS
            .into_iter()
            .map(|group| view! { <Group group groups narrowed choose /> })
            .collect_view()}
        <Show when=move || groups.with(Vec::is_empty)>
            <p class="empty" role="status">
                {t!(i18n, nothing_found)}
            </p>
        </Show>
    }
}

/// The signs of one type. They are shown once somebody searches or opens the type.
#[component]
fn Group(
    /// The letter of the type.
    group: char,
    /// Everything that was found.
    groups: Memo<Groups>,
    /// Whether something is searched for.
    narrowed: Signal<bool>,
    /// Called with the sign that is taken.
    choose: Callback<Sign>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Memo::new(move |_| {
        groups.with(|groups| {
            let found = groups.iter().find(|(code, _)| *code == group);
            found
                .map(|(_, choices)| choices.clone())
                .unwrap_or_default()
        })
    });
    let opened = RwSignal::new(false);
    let open = Memo::new(move |_| opened.get() || narrowed.get());
    view! {
        <Show when=move || !choices.with(Vec::is_empty)>
            <section class="group">
                <h4>
                    <button
                        type="button"
                        class="disclosure"
                        aria-expanded=move || open.get().to_string()
                        disabled=narrowed
                        on:click=move |_| opened.update(|opened| *opened = !*opened)
                    >
                        <span class="arrow" aria-hidden="true"></span>
                        <span class="named">{move || words::group(i18n.get_locale(), group)}</span>
                        <span class="count">{move || choices.with(Vec::len)}</span>
                    </button>
                </h4>
                <Show when=move || open.get()>
                    <Choices choices choose />
                </Show>
            </section>
        </Show>
    }
}

/// Signs to choose from.
#[component]
fn Choices(
    /// Which.
    choices: Memo<Vec<Choice>>,
    /// Called with the sign that is taken.
    choose: Callback<Sign>,
) -> impl IntoView {
    let option = move |Choice { sign, words }: Choice| {
        let (key, shown) = (sign.key(), sign.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="option"
                    data-testid="sign-option"
                    data-sign=key
                    on:click=move |_| choose.run(sign.clone())
                >
                    <Symbol sign=Some(shown) state="current" />
                    <span>{words}</span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="options">
            <For
                each=move || choices.get()
                key=|choice| (choice.sign.key(), choice.words.clone())
                children=option
            />
        </ul>
    }
}
