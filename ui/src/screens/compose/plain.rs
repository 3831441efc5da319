//! The offer of the same text in plain letters, where what is typed holds letters that cannot travel.
//! It never changes a text by itself: the person reads the offer and takes it over.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::*;
use crate::{api, browser};

/// What a text would be in plain letters.
#[derive(Clone, PartialEq, Eq)]
struct Plain {
    of: String,
    text: String,
}

/// The offer, while there is one. The tables for it are not in the page: the app is asked.
#[component]
pub(super) fn PlainOffer(
    /// What is typed.
    typed: Signal<String>,
    /// Called with the text that takes its place.
    take: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(None);
    Effect::new(move |_| ask(typed, answer));
    // An answer about what was typed before is none any more.
    let offered = Memo::new(move |_| {
        let plain = answer.get()?;
        typed.with(|typed: &String| plain_of(&plain, typed))
    });
    let take_over = move |_| {
        if let Some(plain) = offered.get_untracked() {
            take.run(plain);
            browser::focus("#text");
        }
    };
    view! {
        <Show when=move || offered.with(Option::is_some)>
            <div class="offer" data-testid="plain-offer">
                <p class="hint">{t!(i18n, plain_offer)}</p>
                <p class="words" id="plain-text" data-testid="plain-text">
                    <bdi>{offered}</bdi>
                </p>
                <button
                    type="button"
                    data-testid="take-plain"
                    aria-describedby="plain-text"
                    on:click=take_over
                >
                    {t!(i18n, plain_take)}
                </button>
            </div>
        </Show>
    }
}

fn plain_of(plain: &Plain, typed: &str) -> Option<String> {
    (plain.of == typed).then(|| plain.text.clone())
}

/// Asks for a text that needs it. An app that does not answer offers nothing.
fn ask(typed: Signal<String>, answer: RwSignal<Option<Plain>>) {
    let text = typed.get();
    if text.is_ascii() {
        return;
    }
    spawn_local(async move {
        let plain = api::plain_text(&text).await.ok().flatten();
        // By then the form may be gone or hold another text, for which the answer may be there.
        if typed.try_get_untracked().as_ref() == Some(&text) {
            answer.set(plain.map(|plain| Plain {
                of: text,
                text: plain,
            }));
        }
    });
}
