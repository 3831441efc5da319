//! Who says it, when, where, how far, and how sure that is.

use leptos::prelude::*;

use super::{Found, of_signal, of_site};
use crate::components::{Fact, MessageFacts};
use crate::form::field;
use crate::i18n::*;
use crate::session::Session;
use crate::sites::Site;
use crate::{browser, clock, pins, words};

/// The facts of a signal.
#[component]
pub(super) fn Facts(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let located = Memo::new(move |_| of_site(found, has_object) == Some(true));
    view! {
        <dl class="facts">
            <Originator found />
            <Time found />
            <Show when=move || located.get()>
                <Object found />
            </Show>
            <Certainty found />
        </dl>
    }
}

/// Whether it is a sign or signal, which has a place, an object and a time of its own.
fn has_object(site: &Site) -> bool {
    !field(pins::meant(&site.message).1, "ObjectType").is_empty()
}

/// Who sent it.
#[component]
fn Originator(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let originator = move || of_site(found, |site| site.originator.clone());
    let own = Memo::new(move |_| of_site(found, |site| site.own) == Some(true));
    view! {
        <Fact label=t!(i18n, by)>
            <span data-testid="originator">
                <Show when=move || own.get()>
                    <strong>{t!(i18n, you)}</strong>
                    " "
                </Show>
                <bdi class="code" dir="ltr">
                    {originator}
                </bdi>
            </span>
        </Fact>
    }
}

/// When it was sent: how long ago, in UTC, and by the clock on the wall.
#[component]
fn Time(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let time = move || of_site(found, |site| site.time);
    let age = move || Some(words::age(i18n.get_locale(), time()?, session.now.get()));
    let local = move || {
        let time = time().map(browser::local_time)?;
        Some(t_string!(i18n, start_local, time = time).to_string())
    };
    view! {
        <Fact label=t!(i18n, time)>
            <p>
                {age} ", " <bdi dir="ltr">{move || time().map(clock::utc)}</bdi>
            </p>
            <p class="hint">{local}</p>
        </Fact>
    }
}

/// What it says about its object.
#[component]
fn Object(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let message = move || of_site(found, |site| site.message.clone()).unwrap_or_default();
    let parts = move || of_signal(found, |signal| signal.parts.len()).unwrap_or_default();
    view! { <MessageFacts message=Signal::derive(message) parts=Signal::derive(parts) /> }
}

/// How far it was verified and how settled it is.
#[component]
fn Certainty(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let level = move || {
        of_signal(found, |signal| {
            words::verification(i18n.get_locale(), signal.verification)
        })
    };
    let standing = move || of_signal(found, |signal| words::standing(i18n.get_locale(), signal));
    view! {
        <Fact label=t!(i18n, verified)>
            <span data-testid="verification">{level}</span>
        </Fact>
        <Fact label=t!(i18n, block_state)>{standing}</Fact>
    }
}
