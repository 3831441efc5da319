//! What the page is asked for: the clock, local time, the focus, the direction of writing.
//! It stores nothing.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};

/// Seconds since 1970 UTC by the device's clock: the one place of the window that reads it.
pub(crate) fn now() -> u64 {
    // The clock says milliseconds as a positive float; below the second nothing matters here.
    (js_sys::Date::now() / 1000.0) as u64
}

/// A time in the device's time zone and habits.
pub(crate) fn local_time(seconds: u64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
    String::from(date.to_locale_string("default", &JsValue::UNDEFINED))
}

/// Turns the whole page to a language and its direction.
pub(crate) fn set_language(language: &str, direction: &str) {
    if let Some(root) = document().document_element() {
        // Both names are constants of ours; a refusal could only mean that the page is gone.
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// Says on the body whether a map is there: `ready` or `none`.
pub(crate) fn mark_map(state: &str) {
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-map", state);
    }
}

/// Moves the focus to the first element that a selector finds.
pub(crate) fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Where tiles come from: the custom scheme has another form where pages are served over http.
pub(crate) fn tile_base() -> &'static str {
    let protocol = document().location().and_then(|location| location.protocol().ok());
    if protocol.as_deref().is_some_and(|protocol| protocol.starts_with("http")) {
        "http://tile.localhost/"
    } else {
        "tile://localhost/"
    }
}
