//! What was said about a signal, in the order in which it was said, the original first.

use leptos::prelude::*;
use parley_wire::{Outcome, Reference};
use serde_json::Value;

use super::{Found, of_signal, of_site};
use crate::i18n::*;
use crate::session::Session;
use crate::{pins, sites, words};

/// The original and all that refers to it.
#[component]
pub(super) fn Timeline(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let references = Memo::new(move |_| {
        of_signal(found, |signal| signal.references.clone()).unwrap_or_default()
    });
    let original = Memo::new(move |_| of_site(found, original));
    view! {
        <section class="timeline">
            <h3>{t!(i18n, references)}</h3>
            <ol>
                {move || original.get().map(|reference| view! { <Event reference found /> })}
                <For
                    each=move || references.get()
                    key=|reference| (reference.transaction_hash.clone(), reference.outcome)
                    let:reference
                >
                    <Event reference found />
                </For>
            </ol>
            <Show when=move || references.with(Vec::is_empty)>
                <p class="empty">{t!(i18n, no_references)}</p>
            </Show>
            <WithoutEffect found />
        </section>
    }
}

/// What was said and does not count: taken back, or not for its sender to say.
#[component]
fn WithoutEffect(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let references = Memo::new(move |_| {
        of_signal(found, |signal| signal.without_effect.clone()).unwrap_or_default()
    });
    view! {
        <Show when=move || !references.with(Vec::is_empty)>
            <details data-testid="without-effect">
                <summary>{t!(i18n, without_effect)}</summary>
                <ol>
                    <For
                        each=move || references.get()
                        key=|reference| reference.transaction_hash.clone()
                        let:reference
                    >
                        <Event reference found />
                    </For>
                </ol>
            </details>
        </Show>
    }
}

/// The message that began it, in the form of the others.
fn original(site: &sites::Site) -> Reference {
    Reference {
        transaction_hash: site.hash.clone(),
        indicator: "0".to_owned(),
        outcome: Outcome::Holds,
        findings: Vec::new(),
        originator: site.originator.clone(),
        time: site.time,
        message: site.original.clone(),
        // The mark of the signal itself says so.
        escaped: false,
    }
}

/// Whether a reference says something of its own that the word for it does not say: a text, a link,
/// another sign, an update.
fn says_more(reference: &Reference, about: &Value) -> bool {
    let (said, original) = (pins::meant(&reference.message).0, pins::meant(about).0);
    let own_words = said
        .as_ref()
        .is_some_and(|sign| matches!(sign.code, 'A' | 'F' | 'R'));
    reference.indicator != "0" && (own_words || said != original)
}

/// One thing that was said.
#[component]
fn Event(
    /// The message.
    reference: Reference,
    /// The signal that it is about.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let indicator = reference.indicator.clone();
    let word = move || words::reference(i18n.get_locale(), &indicator);
    let more = of_site(found, |site| says_more(&reference, &site.original)) == Some(true);
    let message = reference.message.clone();
    let said = move || more.then(|| words::message(i18n.get_locale(), &message));
    let message = reference.message.clone();
    let object = matches!(reference.indicator.as_str(), "2" | "3" | "5");
    let extent = move || words::extent(i18n.get_locale(), &message).filter(|_| object);
    let outcome = reference.outcome;
    let escaped = reference.escaped;
    let breaks = move || escaped.then(|| words::text_escaped(i18n.get_locale()));
    let came = move || words::outcome(i18n.get_locale(), outcome).map(|came| format!(" · {came}"));
    let broken = reference.findings.clone();
    let why = move || words::broken(i18n.get_locale(), &broken);
    view! {
        <li>
            <strong>{word}</strong>
            <span class="hint">{came}</span>
            <p class="hint">{why}</p>
            <p class="words">
                <bdi>{said}</bdi>
            </p>
            <p class="hint">{breaks}</p>
            <p>{extent}</p>
            <Source reference />
        </li>
    }
}

/// Who said it, and when.
#[component]
fn Source(
    /// The message.
    reference: Reference,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let unsent = reference.transaction_hash.starts_with('@');
    let time = reference.time;
    let own = Memo::new({
        let originator = reference.originator.clone();
        move |_| {
            let status = session.status.value;
            status.with(|status| status.as_ref().is_some_and(|s| s.address == originator))
        }
    });
    view! {
        <p class="hint">
            <Show when=move || own.get()>{t!(i18n, you)} " "</Show>
            <bdi class="code" dir="ltr">
                {reference.originator}
            </bdi>
            ", "
            {move || words::age(i18n.get_locale(), time, session.now.get())}
            <Show when=move || unsent>" · " {t!(i18n, unsent_mark)}</Show>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::{reference, signal};
    use serde_json::json;

    #[test]
    fn a_confirmation_says_nothing_new_and_a_text_does() {
        let signal = signal("D", "21");
        let mut said = reference(&signal, "6", 'b', "0xB");
        assert!(!says_more(&said, &signal.message));
        said.message["MessageHeader"]["MessageCode"] = json!("F");
        said.message["MessageBody"] = json!({ "Text": "cleared up to the bridge" });
        assert!(says_more(&said, &signal.message));
    }
}
