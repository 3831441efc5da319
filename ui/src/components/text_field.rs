//! A line to type in, with what it asks for and what is wrong with it.

use leptos::prelude::*;

use super::ProblemLine;

/// What a line is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words, in the direction of their own letters.
    Words,
    /// Digits.
    Number,
    /// Coordinates, times, addresses: from left to right in every language.
    Code,
}

/// One line.
#[component]
pub(crate) fn TextField<L>(
    /// Its name in the page.
    name: &'static str,
    /// What it asks for.
    label: L,
    /// What is in it.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what is typed.
    on_input: Callback<String>,
    /// What it is typed in.
    #[prop(default = Kind::Number)]
    kind: Kind,
    /// What is wrong with it.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// A word of help under it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Whether nothing can be typed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when the person presses Enter in it.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
) -> impl IntoView
where
    L: IntoView + 'static,
{
    let (wrong, help) = (format!("{name}-problem"), format!("{name}-hint"));
    let described = format!("{help} {wrong}");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                data-testid=name
                type="text"
                dir=if kind == Kind::Words { "auto" } else { "ltr" }
                inputmode=(kind == Kind::Number).then_some("numeric")
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                disabled=disabled
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described
                on:input=move |event| on_input.run(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && let Some(entered) = on_enter {
                        entered.run(());
                    }
                }
            />
            <p class="hint" id=help hidden=move || hint.with(String::is_empty)>
                {hint}
            </p>
            <ProblemLine id=wrong problem />
        </div>
    }
}
