//! The window. Shows what the engine says and hands it what a person writes; it decides nothing
//! about messages that the `whiteflag` crate decides, and holds nothing that must survive.

#[allow(missing_docs, unreachable_pub)]
mod i18n {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
    pub(crate) use self::i18n::*;
}

mod api;
#[allow(unreachable_pub)] // The component macro adds a public function of its own.
mod app;
mod band;
mod browser;
mod clock;
#[allow(unreachable_pub)] // As above.
mod components;
mod draft;
mod form;
mod listing;
#[allow(unreachable_pub)] // As above.
mod map;
mod pins;
mod place;
mod protocol;
mod reply;
#[allow(unreachable_pub)] // As above.
mod screens;
mod search;
mod session;
mod signals;
mod sites;
mod suggest;
mod units;
mod words;

use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the window into the page's body. The page's script calls it once the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(app::App);
}
