//! A Whiteflag symbol as a picture. It is drawn by the same script as the map's and reaches the page
//! as the address of an image, never as markup.

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::form::Sign;
use crate::i18n::*;
use crate::{api, words};

#[wasm_bindgen(raw_module = "/js/symbols.js")]
extern "C" {
    #[wasm_bindgen(js_name = symbolSvg)]
    fn symbol_svg(code: &str, subject: &str, options: JsValue) -> String;
}

/// The symbol of a sign. Its text says the type, which the outline stands for; the words beside it
/// say the rest.
#[component]
pub(crate) fn Symbol(
    /// The sign; `None` for what cannot be read.
    #[prop(into)]
    sign: Signal<Option<Sign>>,
    /// How it stands, in the symbols' own words.
    #[prop(into, default = "current".into())]
    state: Signal<&'static str>,
    /// Whether this device's account sent it.
    #[prop(optional, into)]
    own: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let source = move || sign.with(|sign| address(sign.as_ref(), state.get(), own.get()));
    let kind = move || {
        let code = sign.with(|sign| sign.as_ref().map_or('?', |sign| sign.code));
        words::message_type(i18n.get_locale(), code)
    };
    view! { <img class="symbol" src=source alt=kind draggable="false" /> }
}

fn address(sign: Option<&Sign>, state: &str, own: bool) -> String {
    let (code, subject) = match sign {
        Some(sign) => (sign.code.to_string(), sign.subject.as_str()),
        None => (String::new(), ""),
    };
    let options = json!({ "state": state, "own": own });
    let options = api::to_js(&options).unwrap_or(JsValue::UNDEFINED);
    let svg = symbol_svg(&code, subject, options);
    format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg))
}
