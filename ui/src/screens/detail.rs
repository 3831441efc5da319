//! One signal: what it says, who says so, how sure that is, what was said about it, and the answers
//! that are allowed. Everything received is shown as text.

mod facts;
mod findings;
mod replies;
mod timeline;

use leptos::prelude::*;
use parley_wire::{Signal as Received, Validity};

use self::facts::Facts;
use self::findings::Findings;
use self::replies::Replies;
use self::timeline::Timeline;
use crate::components::{Chip, Frame, Symbol};
use crate::form::field;
use crate::i18n::*;
use crate::session::{Answer, Session};
use crate::sites::{self, Site};
use crate::{pins, words};

/// A signal with the one of its sites that is looked at; `None` where there is none.
type Found = Memo<Option<(Received, Site)>>;

/// Something of the site that is looked at.
fn of_site<T>(found: Found, part: impl FnOnce(&Site) -> T) -> Option<T> {
    found.with(|found| found.as_ref().map(|(_, site)| part(site)))
}

/// Something of the signal that it belongs to.
fn of_signal<T>(found: Found, part: impl FnOnce(&Received) -> T) -> Option<T> {
    found.with(|found| found.as_ref().map(|(signal, _)| part(signal)))
}

/// The panel of one signal.
#[component]
pub(crate) fn Detail(
    /// The hash of a message; for an own one without a hash `@` and its number.
    hash: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let viewer = session.viewer();
    let found = Memo::new(move |_| viewer.with(|viewer| session.find(&hash, viewer)));
    let there = Memo::new(move |_| found.with(Option::is_some));
    let missing = move || match session.signals.answer.get() {
        Answer::Awaited => t_string!(i18n, loading),
        Answer::Here | Answer::Failed => t_string!(i18n, gone),
    };
    view! {
        <Frame title=t!(i18n, detail_title) on_close=Callback::new(move |()| session.close())>
            <Show
                when=move || there.get()
                fallback=move || view! { <p class="empty">{missing}</p> }
            >
                <Content found />
            </Show>
        </Frame>
    }
}

/// Everything about it.
#[component]
fn Content(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let hash = move || of_site(found, |site| site.hash.clone());
    view! {
        <article data-testid="detail" data-hash=hash>
            <Headline found />
            <Whole found />
            <Doubt found />
            <Duress found />
            <Findings found />
            <Facts found />
            <Notes found />
            <Replies found />
            <Timeline found />
            <Raw found />
        </article>
    }
}

/// The symbol, the words, and whether it is valid.
#[component]
fn Headline(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let locale = move || i18n.get_locale();
    let sign = move || of_site(found, Site::sign).flatten();
    let state = move || {
        let kind = session.kind();
        of_site(found, |site| pins::state(site, kind)).unwrap_or("current")
    };
    let own = move || of_site(found, |site| site.own).unwrap_or_default();
    let said = move || of_site(found, |site| words::message(locale(), &site.message));
    let validity = move || of_site(found, |site| site.validity).unwrap_or(Validity::Unclear);
    let look = move || {
        if validity() == Validity::Current {
            "current"
        } else {
            "past"
        }
    };
    let opinions =
        Memo::new(move |_| of_site(found, |site| site.opinions.clone()).unwrap_or_default());
    let confirmations = move || opinions.with(|opinions| opinions.confirmed_by.len());
    let others = move || opinions.with(|opinions| words::opinions(locale(), opinions));
    view! {
        <div class="headline">
            <Symbol
                sign=Signal::derive(sign)
                state=Signal::derive(state)
                own=Signal::derive(own)
            />
            <h3 class="words">
                <bdi>{said}</bdi>
            </h3>
        </div>
        <p class="standing">
            <Chip
                word=Signal::derive(move || words::validity(locale(), validity()).to_owned())
                look=Signal::derive(look)
            />
            <span data-testid="confirmations" data-count=move || confirmations().to_string()>
                {move || words::confirmed(locale(), confirmations())}
            </span>
            <For each=others key=Clone::clone let:opinion>
                <span data-testid="opinion">{opinion}</span>
            </For>
        </p>
    }
}

/// The way to the signal that this one relates to.
#[component]
fn Whole(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let viewer = session.viewer();
    let whole = Memo::new(move |_| {
        let hash = of_signal(found, sites::related_to).flatten()?;
        viewer.with(|viewer| session.find(&hash, viewer))
    });
    let words = move || {
        let locale = i18n.get_locale();
        let said = |(_, site): &(Received, Site)| words::message(locale, &site.message);
        let what = whole.with(|whole| whole.as_ref().map(said));
        t_string!(i18n, relates_to, what = what.unwrap_or_default()).to_string()
    };
    let show = move |_| {
        let hash = |(_, site): &(Received, Site)| site.hash.clone();
        if let Some(hash) = whole.with_untracked(|whole| whole.as_ref().map(hash)) {
            session.show(hash);
        }
    };
    view! {
        <Show when=move || whole.with(Option::is_some)>
            <button type="button" on:click=show>
                {words}
            </button>
        </Show>
    }
}

/// What is not clear about what it refers to.
#[component]
fn Doubt(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let awaits = Memo::new(move |_| of_signal(found, |signal| signal.awaits) == Some(true));
    view! {
        <Show when=move || awaits.get()>
            <p class="hint" data-testid="awaits">
                {t!(i18n, awaits)}
            </p>
        </Show>
    }
}

/// Texts and links that did not fit into one message, whole.
#[component]
fn Notes(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let texts = Memo::new(move |_| {
        let long = |signal: &Received| {
            let notes = signal.notes.iter().filter(|note| note.pieces.len() > 1);
            notes.map(|note| note.text.clone()).collect::<Vec<_>>()
        };
        of_signal(found, long).unwrap_or_default()
    });
    view! {
        <Show when=move || !texts.with(Vec::is_empty)>
            <section class="notes" data-testid="notes">
                <h3>{t!(i18n, in_full)}</h3>
                <For each=move || texts.get() key=Clone::clone let:text>
                    <p class="words">
                        <bdi>{text}</bdi>
                    </p>
                </For>
            </section>
        </Show>
    }
}

/// What a sender who was under threat has said. Never on that sender's own screen, where the threat
/// may be looking.
#[component]
fn Duress(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let under_threat = move |site: &Site| {
        let messages = [&site.original, &site.message];
        !site.own
            && messages
                .iter()
                .any(|message| field(&message["MessageHeader"], "DuressIndicator") == "1")
    };
    let marked = Memo::new(move |_| of_site(found, under_threat) == Some(true));
    view! {
        <Show when=move || marked.get()>
            <p class="warning">{t!(i18n, duress_mark)}</p>
        </Show>
    }
}

/// The message as it is on the wire.
#[component]
fn Raw(
    /// The signal.
    found: Found,
) -> impl IntoView {
    let i18n = use_i18n();
    let raw = move || of_signal(found, |signal| signal.raw.clone());
    view! {
        <details class="raw">
            <summary>{t!(i18n, raw)}</summary>
            <code data-testid="raw" dir="ltr">
                {raw}
            </code>
        </details>
    }
}
