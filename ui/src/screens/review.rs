//! The last look before a message is queued: what it says, where, how far, how long, who can read
//! it, and that it cannot be taken back. What is confirmed is exactly what is shown here.

use leptos::prelude::*;
use parley_wire::NetworkKind;
use serde_json::Value;

use super::warnings::ClockWarning;
use crate::components::{Fact, Frame, MessageFacts, Symbol};
use crate::draft::{self, Problem};
use crate::form::{Form, Sign};
use crate::i18n::*;
use crate::session::{Panel, Session};
use crate::words;

/// Whether a form uses a sign that only some are entitled to. Ending, recalling and answering one
/// does not.
fn needs_authority(form: &Form) -> bool {
    let uses = form
        .refers
        .as_ref()
        .is_none_or(|refers| matches!(refers.indicator, 2 | 3));
    let key = form.sign.as_ref().map(Sign::key).unwrap_or_default();
    let reserved = [
        "P10", "P11", "P12", "P13", "P20", "P40", "P50", "P51", "P52", "P53",
    ];
    uses && reserved.contains(&key.as_str())
}

/// The card with the way on.
#[component]
pub(crate) fn Review() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let form = session.form.get_untracked();
    // Made once, so that the time that is shown is the time that is sent.
    let now = session.now.get_untracked();
    let made = draft::complete(&form, now, untrack(|| session.kind()));
    let authority = needs_authority(&form);
    let authorised = RwSignal::new(!authority);
    let ready = StoredValue::new((form.clone(), made.clone().ok()));
    let foot = move || {
        let (form, message) = ready.get_value();
        let way_on = message.map(|message| {
            let changing = form.editing.is_some();
            view! { <Confirm changing message authorised /> }
        });
        view! {
            <BackButton form />
            {way_on}
        }
    };
    let content = match made {
        Ok(message) => view! { <Card form message authority authorised /> }.into_any(),
        Err(problems) => view! { <Impossible problems /> }.into_any(),
    };
    view! {
        <Frame
            title=t!(i18n, review_title)
            on_close=Callback::new(move |()| session.close())
            locked=session.busy
            foot
        >
            {content}
        </Frame>
    }
}

/// What can be confirmed.
#[component]
fn Card(
    /// The form that was filled in.
    form: Form,
    /// The message that it became.
    message: Value,
    /// Whether only some are entitled to it.
    authority: bool,
    /// Whether the person says that they are, or need not be.
    authorised: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Summary form message />
        <ClockWarning />
        <Consequences />
        <Show when=move || authority>
            <Authority authorised />
        </Show>
    }
}

/// The message in words.
#[component]
fn Summary(
    /// The form that was filled in.
    form: Form,
    /// The message that it became.
    message: Value,
) -> impl IntoView {
    let i18n = use_i18n();
    let (sign, note, said) = (form.sign.clone(), form.is_note(), message.clone());
    let words = move || words::message(i18n.get_locale(), &said);
    let message = StoredValue::new(message);
    view! {
        <div class="headline">
            <Symbol sign state="queued" own=true />
            <div class="said">
                <p class="about">{move || words::about(i18n.get_locale(), &form)}</p>
                <strong class="words">
                    <bdi>{words}</bdi>
                </strong>
            </div>
        </div>
        <Show when=move || !note>
            <dl class="facts">
                <MessageFacts message=Signal::derive(move || message.get_value()) />
            </dl>
        </Show>
    }
}

/// Who can read it, and that it stays, on a network of this kind.
#[component]
fn Consequences() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let readers = move || match session.kind() {
        NetworkKind::Exercise => t_string!(i18n, who_exercise),
        NetworkKind::Test | NetworkKind::Main => t_string!(i18n, who_everyone),
    };
    let lasting = move || match session.kind() {
        NetworkKind::Exercise => t_string!(i18n, permanent_exercise),
        NetworkKind::Test => t_string!(i18n, permanent_test),
        NetworkKind::Main => t_string!(i18n, permanent),
    };
    view! {
        <dl class="facts">
            <Fact label=t!(i18n, who_reads)>{readers}</Fact>
        </dl>
        <p class="important">{lasting}</p>
    }
}

/// The question for signs that only some are entitled to.
#[component]
fn Authority(
    /// Whether the person says so.
    authorised: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="warning">
            <p>{t!(i18n, authority)}</p>
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="authority"
                    prop:checked=authorised
                    on:change=move |event| authorised.set(event_target_checked(&event))
                />
                <span>{t!(i18n, authority_yes)}</span>
            </label>
        </div>
    }
}

/// Confirms it. Nothing closes before the message is durable.
#[component]
fn Confirm(
    /// Whether it changes a message that is in the outbox.
    changing: bool,
    /// The message that the form became.
    message: Value,
    /// Whether it may be confirmed.
    authorised: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let words = move || match (session.busy.get(), changing) {
        (true, _) => t_string!(i18n, queueing),
        (false, true) => t_string!(i18n, confirm_save),
        (false, false) => t_string!(i18n, confirm),
    };
    view! {
        <button
            type="button"
            class="primary"
            data-testid="confirm"
            aria-busy=move || session.busy.get().to_string()
            disabled=move || session.busy.get() || !authorised.get()
            on:click=move |_| session.confirm(message.clone())
        >
            {words}
        </button>
    }
}

/// Back to where the form came from.
#[component]
fn BackButton(
    /// The form that was filled in.
    form: Form,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let before = match (form.repeats, form.refers) {
        (Some(_), Some(refers)) => Panel::Detail(refers.target),
        _ => Panel::Compose,
    };
    view! {
        <button
            type="button"
            data-testid="back"
            disabled=session.busy
            on:click=move |_| session.open(before.clone())
        >
            {t!(i18n, back)}
        </button>
    }
}

/// What cannot be sent, such as an answer that would have to repeat what breaks the rules.
#[component]
fn Impossible(
    /// What is wrong.
    problems: Vec<Problem>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |problem: Problem| {
        view! { <li>{move || words::wrong(i18n.get_locale(), &problem.wrong)}</li> }
    };
    view! {
        <div class="warning" role="alert">
            <p>{t!(i18n, err_general)}</p>
            <ul class="lines">{problems.into_iter().map(line).collect_view()}</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Refers;

    fn form(key: &str, indicator: u8) -> Form {
        let refers = Refers {
            indicator,
            target: "a".repeat(64),
        };
        Form {
            sign: Sign::from_key(key),
            refers: (indicator > 0).then_some(refers),
            ..Form::default()
        }
    }

    #[test]
    fn emblems_ask_for_authority_and_other_signs_do_not() {
        for key in ["P10", "P13", "P20", "P40", "P51", "P53"] {
            assert!(needs_authority(&form(key, 0)), "{key}");
            assert!(
                needs_authority(&form(key, 2)),
                "an update of {key} uses it again"
            );
        }
        for key in ["P00", "P03", "P31", "P60", "D21", "M26"] {
            assert!(!needs_authority(&form(key, 0)), "{key}");
        }
    }

    #[test]
    fn nobody_needs_authority_to_end_or_to_confirm_one() {
        for indicator in [1, 4, 6, 7, 8, 9] {
            assert!(!needs_authority(&form("P11", indicator)), "{indicator}");
        }
    }
}
