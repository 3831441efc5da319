//! The window as a whole: language, session, the order of what is on the screen, the keyboard. What
//! is in a panel is the screens' business.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::i18n::*;
use crate::map::Map;
use crate::screens::{
    About, Actions, Banner, Compose, Detail, List, Network, NoticeLine, Outbox, Review, StatusLine,
    Warnings,
};
use crate::session::{Panel, Session};
use crate::{api, browser};

/// Everything.
#[component]
pub(crate) fn App() -> impl IntoView {
    view! {
        <I18nContextProvider set_lang_attr_on_html=false set_dir_attr_on_html=false>
            <Window />
        </I18nContextProvider>
    }
}

#[component]
fn Window() -> impl IntoView {
    let i18n = use_i18n();
    let session = Session::start();
    provide_context(session);
    Effect::new(move || {
        let locale = i18n.get_locale();
        browser::set_language(locale.as_str(), locale.direction().as_str());
    });
    let viewer = session.viewer();
    Effect::new(move || viewer.with(|viewer| session.look(viewer, i18n.get_locale())));
    close_on_escape(session);
    hear_of_connections();
    let panel = Memo::new(move |_| session.panel.get());
    follow_with_focus(panel);
    view! {
        <div class="window">
            <Banner />
            <StatusLine />
            <Actions />
            <div class="told">
                <Warnings />
                <NoticeLine />
            </div>
            <main class="stage" data-panel=move || look(&panel.get())>
                // The map's controls have words and sides, too.
                <For each=move || [i18n.get_locale()] key=|locale| locale.as_str() let:_locale>
                    <Map />
                </For>
                <Show when=move || session.without_map.get()>
                    <p class="no-map">{t!(i18n, no_map)}</p>
                </Show>
                {move || screen(panel.get())}
            </main>
        </div>
    }
}

fn screen(panel: Panel) -> Option<AnyView> {
    Some(match panel {
        Panel::Closed => return None,
        Panel::Compose => view! { <Compose /> }.into_any(),
        Panel::Review => view! { <Review /> }.into_any(),
        Panel::Outbox => view! { <Outbox /> }.into_any(),
        Panel::Detail(hash) => view! { <Detail hash /> }.into_any(),
        Panel::List => view! { <List /> }.into_any(),
        Panel::About => view! { <About /> }.into_any(),
        Panel::Network => view! { <Network /> }.into_any(),
    })
}

/// How much room a panel takes: what belongs to a place leaves the map in sight on small screens.
fn look(panel: &Panel) -> &'static str {
    match panel {
        Panel::Closed => "none",
        Panel::Compose | Panel::Detail(_) => "sheet",
        Panel::Review | Panel::Outbox | Panel::List | Panel::About | Panel::Network => "full",
    }
}

fn close_on_escape(session: Session) {
    let listening = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            session.close();
        }
    });
    on_cleanup(move || listening.remove());
}

/// A connection that returns is used at once, whatever pause was left. It is only a hint: whether an
/// endpoint answers shows when it does.
fn hear_of_connections() {
    let listening = window_event_listener(ev::online, |_| {
        leptos::task::spawn_local(async {
            // Without it the next try comes a little later.
            let _ = api::network_changed().await;
        });
    });
    on_cleanup(move || listening.remove());
}

/// Moves the focus into a panel that opens, and back to where it was when it closes.
fn follow_with_focus(panel: Memo<Panel>) {
    let opener = StoredValue::new_local(None::<web_sys::Element>);
    Effect::new(move |before: Option<Panel>| {
        let now = panel.get();
        match (before, &now) {
            (None, _) | (Some(Panel::Closed), Panel::Closed) => {}
            (Some(_), Panel::Closed) => {
                browser::focus_again(opener.get_value(), "[data-testid=add]");
            }
            (Some(before), _) => {
                if before == Panel::Closed {
                    opener.set_value(browser::focused());
                }
                browser::focus("#panel-title");
            }
        }
        now
    });
}
