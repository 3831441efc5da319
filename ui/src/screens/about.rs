//! What this is, in which language, whose account it uses, and what it does not promise.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::components::{Fact, Frame};
use crate::i18n::*;
use crate::session::{Panel, Session};

/// The panel about the app.
#[component]
pub(crate) fn About() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let status = move || session.status.value.get();
    let address = move || status().map(|status| status.address);
    let unprotected = move || status().is_some_and(|status| !status.protected);
    view! {
        <Frame
            title=t!(i18n, about_title)
            on_close=Callback::new(move |()| session.close())
        >
            <p>{t!(i18n, about_what)}</p>
            <p class="important">{t!(i18n, about_no_mark)}</p>
            <Language />
            <button
                type="button"
                data-testid="about-network"
                on:click=move |_| session.open(Panel::Network)
            >
                {t!(i18n, network)}
            </button>
            <dl class="facts">
                <Fact label=t!(i18n, about_account)>
                    <bdi class="code" dir="ltr">
                        {address}
                    </bdi>
                </Fact>
            </dl>
            <Show when=unprotected>
                <p class="warning">{t!(i18n, not_protected_long)}</p>
            </Show>
            <p>{t!(i18n, about_borders)}</p>
            <p class="hint">{t!(i18n, about_credits)}</p>
        </Frame>
    }
}

/// The choice of language; it takes effect at once.
#[component]
fn Language() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::current();
    let choose = move |event| {
        // The map is drawn anew and should stay where it is.
        session.fly_to.set(None);
        if let Ok(locale) = Locale::from_str(&event_target_value(&event)) {
            i18n.set_locale(locale);
        }
    };
    let option = move |locale: Locale| {
        let words = move || match locale {
            Locale::en => t_string!(i18n, language_en),
            Locale::ar_XB => t_string!(i18n, language_pseudo),
        };
        view! {
            <option value=locale.as_str() prop:selected=move || i18n.get_locale() == locale>
                {words}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="language">{t!(i18n, language)}</label>
            <select id="language" data-testid="language" on:change=choose>
                {option(Locale::en)}
                {option(Locale::ar_XB)}
            </select>
        </div>
    }
}
