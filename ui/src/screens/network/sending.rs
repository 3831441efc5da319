//! How things leave: through which proxy, after which time to change one's mind, at which price.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Failure, Settings};

use crate::components::{Kind, Refusal, TextField};
use crate::i18n::*;
use crate::session::{Change, Session};
use crate::words;

/// The longest time to change one's mind, seconds.
const MOST_UNDO: u32 = 120;

/// The three fields as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    proxy: String,
    undo: String,
    gwei: String,
}

/// A field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Undo,
    Price,
}

impl Typed {
    fn of(settings: &Settings) -> Self {
        Self {
            proxy: settings.proxy.clone().unwrap_or_default(),
            undo: settings.undo_seconds.to_string(),
            gwei: settings
                .most_gwei
                .map(|gwei| gwei.to_string())
                .unwrap_or_default(),
        }
    }

    /// The settings with what is typed here; the first field that is wrong.
    fn into_settings(self, before: Settings) -> Result<Settings, Wrong> {
        let undo = self.undo.trim().parse().map_err(|_| Wrong::Undo)?;
        if undo > MOST_UNDO {
            return Err(Wrong::Undo);
        }
        let most_gwei = match self.gwei.trim() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| Wrong::Price)?),
        };
        if most_gwei == Some(0) {
            return Err(Wrong::Price);
        }
        let proxy = self.proxy.trim();
        Ok(Settings {
            proxy: (!proxy.is_empty()).then(|| proxy.to_owned()),
            undo_seconds: undo,
            most_gwei,
            ..before
        })
    }
}

/// What became of saving.
#[derive(Clone, Debug, PartialEq)]
enum Saved {
    NotYet,
    Done,
    Wrong(Wrong),
    Refused(Failure),
}

/// The part of the screen about sending.
#[component]
pub(super) fn SendingPart() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let before = untrack(|| session.settings()).unwrap_or_default();
    let typed = RwSignal::new(Typed::of(&before));
    let saved = RwSignal::new(Saved::NotYet);
    let save = move |_| {
        let before = untrack(|| session.settings()).unwrap_or_default();
        match typed.get_untracked().into_settings(before) {
            Err(wrong) => saved.set(Saved::Wrong(wrong)),
            Ok(settings) => spawn_local(async move {
                let answer = session.change(Change::Choose(settings)).await;
                saved.set(answer.map_or_else(Saved::Refused, |()| Saved::Done));
            }),
        }
    };
    let done = move || (saved.get() == Saved::Done).then(|| t_string!(i18n, settings_saved));
    view! {
        <section class="part">
            <h3>{t!(i18n, sending_title)}</h3>
            <Fields typed saved />
            <div class="buttons">
                <button type="button" data-testid="sending-save" on:click=save>
                    {t!(i18n, save)}
                </button>
            </div>
            <p class="hint" data-testid="sending-saved" aria-live="polite">
                {done}
            </p>
        </section>
    }
}

/// The three fields. What the engine refuses when the others are right is the proxy.
#[component]
fn Fields(
    /// What is typed.
    typed: RwSignal<Typed>,
    /// What became of saving it.
    saved: RwSignal<Saved>,
) -> impl IntoView {
    let i18n = use_i18n();
    let wrong = move |field: Wrong| saved.get() == Saved::Wrong(field);
    let refused = move || match saved.get() {
        Saved::Refused(failure) => Some(failure),
        Saved::NotYet | Saved::Done | Saved::Wrong(_) => None,
    };
    let write = move |write: fn(&mut Typed, String)| {
        Callback::new(move |text| {
            saved.set(Saved::NotYet);
            typed.update(|typed| write(typed, text));
        })
    };
    let code = move |failure: Failure| words::failure(i18n.get_locale(), failure.code).to_owned();
    let undo = move || wrong(Wrong::Undo).then(|| t_string!(i18n, undo_wrong).to_owned());
    let price = move || wrong(Wrong::Price).then(|| t_string!(i18n, most_gwei_wrong).to_owned());
    view! {
        <TextField
            name="proxy"
            label=t!(i18n, proxy)
            kind=Kind::Code
            value=Signal::derive(move || typed.with(|typed| typed.proxy.clone()))
            on_input=write(|typed, text| typed.proxy = text)
            problem=Signal::derive(move || refused().map(code))
            hint=Signal::derive(move || t_string!(i18n, proxy_example).to_owned())
        />
        <Refusal failure=Signal::derive(refused) />
        <TextField
            name="undo-seconds"
            label=t!(i18n, undo)
            value=Signal::derive(move || typed.with(|typed| typed.undo.clone()))
            on_input=write(|typed, text| typed.undo = text)
            problem=Signal::derive(undo)
            hint=Signal::derive(move || t_string!(i18n, undo_hint).to_owned())
        />
        <TextField
            name="most-gwei"
            label=t!(i18n, most_gwei)
            value=Signal::derive(move || typed.with(|typed| typed.gwei.clone()))
            on_input=write(|typed, text| typed.gwei = text)
            problem=Signal::derive(price)
            hint=Signal::derive(move || t_string!(i18n, most_gwei_hint).to_owned())
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(proxy: &str, undo: &str, gwei: &str) -> Typed {
        Typed {
            proxy: proxy.to_owned(),
            undo: undo.to_owned(),
            gwei: gwei.to_owned(),
        }
    }

    #[test]
    fn what_is_chosen_reads_back_as_it_was_typed() {
        let fields = typed("socks5h://127.0.0.1:9050", "0", "30");
        let settings = fields.clone().into_settings(Settings::default()).unwrap();
        assert_eq!(settings.undo_seconds, 0);
        assert_eq!(settings.most_gwei, Some(30));
        assert_eq!(Typed::of(&settings), fields);
        let without = typed(" ", " 120 ", "").into_settings(settings).unwrap();
        assert_eq!((without.proxy, without.most_gwei), (None, None));
    }

    #[test]
    fn a_field_that_is_wrong_is_named() {
        let wrong = |undo: &str, gwei: &str| {
            let typed = typed("", undo, gwei);
            typed.into_settings(Settings::default()).unwrap_err()
        };
        for undo in ["121", "-1", "", "ten"] {
            assert_eq!(wrong(undo, ""), Wrong::Undo, "{undo}");
        }
        for gwei in ["0", "1.5", "4294967296"] {
            assert_eq!(wrong("10", gwei), Wrong::Price, "{gwei}");
        }
    }
}
