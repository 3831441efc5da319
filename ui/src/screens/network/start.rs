//! From when on is received.

use leptos::prelude::*;
use parley_wire::{NetworkKind, Start};

use crate::clock;
use crate::components::{Kind, Radio, TextField};
use crate::i18n::*;
use crate::session::Session;

/// A typed date and time as a start; `None` for what is none, and for what has not been yet.
fn typed_start(text: &str, now: u64) -> Option<Start> {
    let since = clock::parse_utc(text).filter(|since| *since <= now)?;
    Some(Start::Time { since })
}

/// A start as it is typed; empty where it is no date.
fn shown(start: Start) -> String {
    match start {
        Start::Time { since } => clock::utc(since).trim_end_matches(" UTC").to_owned(),
        Start::Usual | Start::Now | Start::Block { .. } => String::new(),
    }
}

/// The choice.
#[component]
pub(super) fn StartPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let start = Memo::new(move |_| session.settings().map(|settings| settings.start));
    let dating = RwSignal::new(matches!(start.get_untracked(), Some(Start::Time { .. })));
    let is =
        move |wanted: Start| Signal::derive(move || !dating.get() && start.get() == Some(wanted));
    let choose = move |start: Start| {
        Callback::new(move |()| {
            dating.set(false);
            session.set(|settings| settings.start = start);
        })
    };
    let usual = move || match session.kind() {
        NetworkKind::Exercise => t_string!(i18n, start_usual_exercise).to_owned(),
        NetworkKind::Test | NetworkKind::Main => t_string!(i18n, start_usual_public).to_owned(),
    };
    view! {
        <fieldset class="choice" data-testid="start-of-receiving">
            <legend>{t!(i18n, start_title)}</legend>
            <Radio
                group="receive-start"
                name="start-usual"
                label=Signal::derive(move || t_string!(i18n, start_usual).to_owned())
                hint=Signal::derive(usual)
                chosen=is(Start::Usual)
                on_choose=choose(Start::Usual)
            />
            <Radio
                group="receive-start"
                name="start-from-now"
                label=Signal::derive(move || t_string!(i18n, start_now).to_owned())
                chosen=is(Start::Now)
                on_choose=choose(Start::Now)
            />
            <Radio
                group="receive-start"
                name="start-date"
                label=Signal::derive(move || t_string!(i18n, start_date).to_owned())
                chosen=dating
                on_choose=Callback::new(move |()| dating.set(true))
            />
            <Show when=move || dating.get()>
                <Date start />
            </Show>
            <FromBlock start />
            <p class="hint">{t!(i18n, start_hint)}</p>
        </fieldset>
    }
}

/// A start that was given as a block, which only a script does.
#[component]
fn FromBlock(
    /// The chosen start.
    start: Memo<Option<Start>>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || match start.get() {
        Some(Start::Block { number }) => {
            Some(view! { <p class="important">{t!(i18n, start_block, block = number)}</p> })
        }
        Some(Start::Usual | Start::Now | Start::Time { .. }) | None => None,
    }
}

/// A date to type.
#[component]
fn Date(
    /// The chosen start.
    start: Memo<Option<Start>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let typed = RwSignal::new(start.get_untracked().map(shown).unwrap_or_default());
    let wrong = RwSignal::new(false);
    let problem = move || wrong.get().then(|| t_string!(i18n, start_wrong).to_owned());
    let save = move |_| {
        let start = typed.with_untracked(|typed| typed_start(typed, session.now.get_untracked()));
        wrong.set(start.is_none());
        if let Some(start) = start {
            session.set(|settings| settings.start = start);
        }
    };
    view! {
        <div class="with-button">
            <TextField
                name="receive-since"
                label=t!(i18n, start_utc)
                kind=Kind::Code
                value=typed
                problem=Signal::derive(problem)
                on_input=Callback::new(move |text| {
                    wrong.set(false);
                    typed.set(text);
                })
            />
            <button type="button" data-testid="receive-since-save" on:click=save>
                {t!(i18n, save)}
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receiving_begins_in_the_past() {
        let start = typed_start("2026-11-24 06:00", 1_795_500_000).unwrap();
        assert_eq!(
            start,
            Start::Time {
                since: 1_795_500_000
            }
        );
        assert_eq!(shown(start), "2026-11-24 06:00");
        assert_eq!(typed_start("2026-11-24 06:01", 1_795_500_000), None);
        assert_eq!(typed_start("yesterday", 1_795_500_000), None);
    }
}
