//! What the page is asked for: the clock, local time, the focus, the direction of writing.
//! It stores nothing.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Seconds since 1970 UTC by the device's clock: the one place of the window that reads it.
pub(crate) fn now() -> u64 {
    // The clock says milliseconds as a positive float; below the second nothing matters here.
    (js_sys::Date::now() / 1000.0) as u64
}

/// As [`now`], in milliseconds.
pub(crate) fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// Waits until a time of [`milliseconds`], at most half a minute, as the clock may have gone back.
pub(crate) async fn rest_until(due: f64) {
    let left = due - milliseconds();
    if left <= 0.0 {
        return;
    }
    let rest = Duration::from_millis(left.min(30_000.0) as u64);
    let rested = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), rest);
    });
    // It is never rejected.
    let _ = JsFuture::from(rested).await;
}

/// A time in the device's time zone and habits.
pub(crate) fn local_time(seconds: u64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
    // The month in letters: 11/12 is another day elsewhere.
    let habits = js_sys::Object::new();
    for (part, length) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // A refusal could only mean that the object is frozen.
        let _ = js_sys::Reflect::set(&habits, &part.into(), &length.into());
    }
    String::from(date.to_locale_string("default", &habits))
}

/// Turns the whole page to a language and its direction.
pub(crate) fn set_language(language: &str, direction: &str) {
    if let Some(root) = document().document_element() {
        // Both names are constants of ours; a refusal could only mean that the page is gone.
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// Says on the body how the map is: `moving` while it moves or is drawn anew, `ready` once all that
/// it was told is drawn, or `none`.
pub(crate) fn mark_map(state: &str) {
    if let Some(body) = document().body() {
        let _ = body.set_attribute("data-map", state);
    }
}

/// Moves the focus to the first element that a selector finds, once what just changed is on the
/// page. It does not wait for a frame, which a busy map may delay until somebody has begun to type.
pub(crate) fn focus(selector: impl Into<String>) {
    let selector = selector.into();
    let move_focus = move || {
        if let Ok(Some(element)) = document().query_selector(&selector) {
            focus_on(&element);
        }
    };
    set_timeout(move_focus, Duration::ZERO);
}

/// What has the focus now.
pub(crate) fn focused() -> Option<web_sys::Element> {
    document().active_element()
}

/// Gives the focus back to an element, if it is still there; otherwise to what a selector finds.
pub(crate) fn focus_again(element: Option<web_sys::Element>, otherwise: &'static str) {
    match element.filter(|element| element.is_connected()) {
        Some(element) => set_timeout(move || focus_on(&element), Duration::ZERO),
        None => focus(otherwise),
    }
}

fn focus_on(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // A refusal could only mean that the element is gone.
        let _ = element.focus();
    }
}

/// Where tiles come from: the custom scheme has another form where pages are served over http.
pub(crate) fn tile_base() -> &'static str {
    let protocol = document()
        .location()
        .and_then(|location| location.protocol().ok());
    if protocol
        .as_deref()
        .is_some_and(|protocol| protocol.starts_with("http"))
    {
        "http://tile.localhost/"
    } else {
        "tile://localhost/"
    }
}
