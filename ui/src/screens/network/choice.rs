//! Which network is open, and opening another one.

use leptos::prelude::*;
use parley_wire::{NetworkChoice, NetworkKind};

use crate::components::{Chip, Question};
use crate::form::Form;
use crate::i18n::*;
use crate::session::Session;
use crate::words;

/// The part of the screen about the choice of a network.
#[component]
pub(super) fn ChoicePart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let protected = Memo::new(move |_| {
        let protected = |status: &parley_wire::Status| status.protected;
        session
            .status
            .value
            .with(|status| status.as_ref().is_some_and(protected))
    });
    view! {
        <section class="part" data-testid="networks">
            <h3>{t!(i18n, net_change)}</h3>
            <p class="hint">{t!(i18n, net_apart)}</p>
            <ul class="rows">
                <For
                    each=move || session.networks.value.get()
                    key=|choice| (choice.name.clone(), choice.current, choice.set_up)
                    let:choice
                >
                    <Choice choice protected />
                </For>
            </ul>
        </section>
    }
}

/// One network.
#[component]
fn Choice(
    /// The network.
    choice: NetworkChoice,
    /// Whether the keys on this device are protected.
    protected: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (kind, current) = (choice.kind, choice.current);
    let name = StoredValue::new(choice.name);
    let locked = move || kind == NetworkKind::Main && !protected.get();
    let stands = move || match (current, choice.set_up) {
        (true, _) => t_string!(i18n, net_here).to_owned(),
        (false, true) => t_string!(i18n, net_used).to_owned(),
        (false, false) => t_string!(i18n, net_new).to_owned(),
    };
    view! {
        <li
            class="row"
            data-testid="network-choice"
            data-name=name.get_value()
            data-current=current.to_string()
        >
            <p class="standing">
                <bdi class="words">{name.get_value()}</bdi>
                <span>{move || words::kind(i18n.get_locale(), kind)}</span>
                <Chip
                    word=Signal::derive(stands)
                    look=if current { "current" } else { "past" }
                />
            </p>
            <Show when=locked>
                <p class="hint">{t!(i18n, net_main_locked)}</p>
            </Show>
            <Show when=move || !current>
                <Opening name />
            </Show>
        </li>
    }
}

/// The button that opens it, and the question before.
#[component]
fn Opening(
    /// The network's name.
    name: StoredValue<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let asking = RwSignal::new(false);
    let begun = Memo::new(move |_| session.form.with(Form::holds_work));
    let answer = move |yes| {
        asking.set(false);
        if yes {
            session.switch(name.get_value());
        }
    };
    let words = move || match session.busy.get() {
        true => t_string!(i18n, net_opening),
        false => t_string!(i18n, net_open),
    };
    view! {
        <Show when=move || !asking.get()>
            <div class="buttons">
                <button
                    type="button"
                    data-testid="network-open"
                    disabled=session.busy
                    on:click=move |_| asking.set(true)
                >
                    {words}
                </button>
            </div>
        </Show>
        <Show when=move || asking.get()>
            <Question
                name="network-open-yes"
                yes=Signal::derive(move || t_string!(i18n, net_yes).to_owned())
                on_answer=Callback::new(answer)
            >
                <p>{t!(i18n, net_ask, name = move || name.get_value())}</p>
                <Show when=move || begun.get()>
                    <p class="important" data-testid="network-begun">
                        {t!(i18n, net_ask_begun)}
                    </p>
                </Show>
            </Question>
        </Show>
    }
}
