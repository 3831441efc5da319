//! The one component that owns the map object of `js/map.js` and mirrors signals onto it. Text
//! reaches the map only as labels that it draws; nothing received is ever markup.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::Locale as _;
use parley_wire::View;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::i18n::*;
use crate::place::Place;
use crate::session::{Panel, Session};
use crate::signals::Signals;
use crate::{api, browser};

#[wasm_bindgen(raw_module = "/js/map.js")]
extern "C" {
    type ParleyMap;

    #[wasm_bindgen(constructor, catch)]
    fn new(container: &str, options: JsValue) -> Result<ParleyMap, JsValue>;
    #[wasm_bindgen(method, js_name = changeSignals)]
    fn change_signals(this: &ParleyMap, difference: JsValue);
    #[wasm_bindgen(method, js_name = setPreview)]
    fn set_preview(this: &ParleyMap, feature: JsValue);
    #[wasm_bindgen(method, js_name = flyTo)]
    fn fly_to(this: &ParleyMap, lng: f64, lat: f64, zoom: f64);
    #[wasm_bindgen(method)]
    fn select(this: &ParleyMap, id: JsValue);
    #[wasm_bindgen(method)]
    fn on(this: &ParleyMap, event: &str, callback: &Closure<dyn FnMut(JsValue)>);
    #[wasm_bindgen(method)]
    fn remove(this: &ParleyMap);
}

/// The map with the callbacks that it calls; both go together.
struct Owned {
    map: ParleyMap,
    _callbacks: Vec<Closure<dyn FnMut(JsValue)>>,
}

#[derive(Deserialize)]
struct Point {
    lng: f64,
    lat: f64,
}

/// The map behind everything else.
#[component]
pub(crate) fn Map() -> impl IntoView {
    let session = Session::current();
    let i18n = use_i18n();
    let owned = StoredValue::new_local(None::<Owned>);
    let drawn = RwSignal::new(false);
    let container = NodeRef::<html::Div>::new();
    container.on_load(move |_| {
        spawn_local(async move {
            let view = api::view().await.ok().flatten();
            // The window may have drawn another map meanwhile, as for another language.
            if owned.is_disposed() {
                return;
            }
            match open(session, view, i18n.get_locale_untracked()) {
                Some(map) => {
                    owned.set_value(Some(map));
                    let signals = session.signals.value;
                    signals.update_untracked(Signals::begin_drawing);
                    drawn.set(true);
                }
                None => without_map(session),
            }
        });
    });
    mirror(session, owned, drawn, i18n);
    on_cleanup(move || {
        owned.update_value(|owned| {
            if let Some(owned) = owned.take() {
                let signals = session.signals.value;
                signals.update_untracked(Signals::end_drawing);
                owned.map.remove();
            }
        });
    });
    view! {
        <div
            id="map"
            class="map"
            role="region"
            aria-label=move || t_string!(i18n, map_label)
            node_ref=container
        ></div>
    }
}

fn without_map(session: Session) {
    browser::mark_map("none");
    session.without_map.set(true);
    if session.panel.get_untracked() == Panel::Closed {
        session.panel.set(Panel::List);
    }
}

/// Makes the map object; `None` where it cannot be drawn, as without WebGL.
fn open(session: Session, view: Option<View>, locale: Locale) -> Option<Owned> {
    let view = view.unwrap_or(View {
        lng: 20.0,
        lat: 25.0,
        zoom: 1.5,
    });
    let options = json!({
        "view": view,
        "tiles": browser::tile_base(),
        "rtl": locale.direction().as_str() == "rtl",
        "labels": true,
        "locale": {
            "map": td_string!(locale, map_label),
            "zoomIn": td_string!(locale, map_zoom_in),
            "zoomOut": td_string!(locale, map_zoom_out),
            "metres": td_string!(locale, map_metres),
            "kilometres": td_string!(locale, map_kilometres),
        },
    });
    let map = ParleyMap::new("map", api::to_js(&options).ok()?).ok()?;
    let callbacks = vec![
        heard(&map, "select", move |value| {
            session.touched(value.as_string())
        }),
        heard(&map, "place", move |value| {
            if let Some(Point { lng, lat }) = api::from_js(&value) {
                session.placed(Place::on_map(lat, lng));
            }
        }),
        heard(&map, "moveend", move |value| {
            if let Some(view) = api::from_js::<View>(&value) {
                // A view that could not be kept costs the next start its place, nothing more.
                spawn_local(async move { drop(api::save_view(view).await) });
            }
        }),
        heard(&map, "movestart", |_| browser::mark_map("moving")),
        heard(&map, "redraw", |_| browser::mark_map("moving")),
        heard(&map, "idle", |_| browser::mark_map("ready")),
        heard(&map, "error", |value| web_sys::console::warn_1(&value)),
    ];
    Some(Owned {
        map,
        _callbacks: callbacks,
    })
}

fn heard(
    map: &ParleyMap,
    event: &str,
    action: impl FnMut(JsValue) + 'static,
) -> Closure<dyn FnMut(JsValue)> {
    let callback = Closure::<dyn FnMut(JsValue)>::new(action);
    map.on(event, &callback);
    callback
}

/// Keeps the map in step with the signals, the form and the selection.
fn mirror(
    session: Session,
    owned: StoredValue<Option<Owned>, LocalStorage>,
    drawn: RwSignal<bool>,
    i18n: leptos_i18n::I18nContext<Locale>,
) {
    let with_map = move |action: &dyn Fn(&ParleyMap)| {
        if drawn.get() {
            owned.with_value(|owned| {
                if let Some(owned) = owned {
                    action(&owned.map);
                }
            });
        }
    };
    Effect::new(move |_| {
        session.signals.value.track();
        with_map(&|map| {
            let signals = session.signals.value;
            let change = signals.try_update_untracked(Signals::take_untold).flatten();
            // Pins are plain numbers and strings; they always have a JSON form.
            if let Some(Ok(change)) = change.as_ref().map(api::to_js) {
                map.change_signals(change);
            }
        });
    });
    let preview = Memo::new(move |_| session.preview(i18n.get_locale()));
    Effect::new(move |_| {
        let feature = api::to_js(&preview.get()).unwrap_or(JsValue::NULL);
        with_map(&|map| map.set_preview(feature.clone()));
    });
    let selected = Memo::new(move |_| match session.panel.get() {
        Panel::Detail(hash) => Some(session.newest_hash(&hash)),
        Panel::Closed
        | Panel::Compose
        | Panel::Review
        | Panel::Outbox
        | Panel::List
        | Panel::About
        | Panel::Network => None,
    });
    Effect::new(move |_| {
        let id = selected
            .get()
            .map_or(JsValue::NULL, |id| JsValue::from_str(&id));
        with_map(&|map| map.select(id.clone()));
    });
    Effect::new(move |_| {
        if let Some((Place { lat, lng }, zoom)) = session.fly_to.get() {
            with_map(&|map| map.fly_to(lng, lat, zoom));
        }
    });
}
