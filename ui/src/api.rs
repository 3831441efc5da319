//! The only place that talks to the app behind the window: one function per command, and the event
//! that says what to read again. It translates and decides nothing.

mod network;

use parley_wire::{
    Action, Attempt, Changed, Code, Draft, Failure, OutboxPage, OwnMessage, PageEnd, SignalsSince,
    Status, View,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use wasm_bindgen::prelude::*;

pub(crate) use self::network::{
    add_endpoint, choose, follow, network, network_changed, networks, order_endpoints,
    pardon_endpoint, remove_endpoint, switch_network, try_endpoint, unfollow,
};
use crate::signals::Told;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = invoke, catch)]
    async fn invoke(command: &str, arguments: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback, catch)]
    fn transform_callback(callback: &JsValue, once: bool) -> Result<JsValue, JsValue>;
}

/// Where the device stands.
pub(crate) async fn status() -> Result<Status, Failure> {
    call("status", &json!({})).await
}

/// Takes away the word that a damaged data file was set aside.
pub(crate) async fn acknowledge_mended() -> Result<(), Failure> {
    call("acknowledge_mended", &json!({})).await
}

/// At most so many own messages in the order of the list, after the end of another page.
pub(crate) async fn outbox(after: Option<PageEnd>, limit: usize) -> Result<OutboxPage, Failure> {
    call("outbox", &json!({ "after": after, "limit": limit })).await
}

/// One own message.
pub(crate) async fn own_message(id: u64) -> Result<Option<OwnMessage>, Failure> {
    call("own_message", &json!({ "id": id })).await
}

/// How many messages are withdrawn with one, because they refer to it.
pub(crate) async fn dependents(id: u64) -> Result<u64, Failure> {
    call("dependents", &json!({ "id": id })).await
}

/// What changed among the signals since the answer with this token, or as much as one answer holds.
pub(crate) async fn signals_since(token: Option<u64>) -> Result<SignalsSince<Told>, Failure> {
    call("signals_since", &json!({ "token": token })).await
}

/// Saves a new message; it is durable when this returns. The answer is its id.
pub(crate) async fn queue(draft: &Draft) -> Result<u64, Failure> {
    call("queue", &json!({ "draft": draft })).await
}

/// A text in plain letters; nothing where a letter of it has none.
pub(crate) async fn plain_text(text: &str) -> Result<Option<String>, Failure> {
    call("plain_text", &json!({ "text": text })).await
}

/// Replaces a message that is not sealed yet.
pub(crate) async fn edit(id: u64, draft: &Draft) -> Result<(), Failure> {
    call("edit", &json!({ "id": id, "draft": draft })).await
}

/// Withdraws a message that is not sealed yet, if asked with those that refer to it.
pub(crate) async fn delete(id: u64, with_dependents: bool) -> Result<(), Failure> {
    call(
        "delete",
        &json!({ "id": id, "withDependents": with_dependents }),
    )
    .await
}

/// Does what a person decided about an own message. Changing and withdrawing one have more to say:
/// see [`edit`] and [`delete`].
pub(crate) async fn decide(id: u64, action: Action) -> Result<(), Failure> {
    let command = match action {
        Action::SendNow => "send_now",
        Action::SendAnyway => "send_anyway",
        Action::OfferMore => "offer_more",
        Action::GiveUp => "give_up",
        Action::Keep => "keep",
        Action::Edit | Action::Delete => return Err(other("This is not done in this way.")),
    };
    call(command, &json!({ "id": id })).await
}

/// What endpoints answered when an own message was offered.
pub(crate) async fn attempts(id: u64) -> Result<Vec<Attempt>, Failure> {
    call("attempts", &json!({ "id": id })).await
}

/// The part of the map that was last looked at.
pub(crate) async fn view() -> Result<Option<View>, Failure> {
    call("view", &json!({})).await
}

/// Keeps the part of the map that is looked at for the next start.
pub(crate) async fn save_view(view: View) -> Result<(), Failure> {
    call("save_view", &json!({ "view": view })).await
}

/// Calls `heard` with every change, for as long as the window lives.
pub(crate) async fn listen(heard: impl Fn(Changed) + 'static) -> Result<(), Failure> {
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let payload = js_sys::Reflect::get(&event, &"payload".into());
        if let Some(changed) = payload.ok().and_then(|payload| from_js(&payload)) {
            heard(changed);
        }
    });
    let handler = transform_callback(callback.as_ref(), false).map_err(refused)?;
    // The event may come at any time until the window closes, so the callback is never dropped.
    callback.forget();
    let arguments = to_js(&json!({ "event": "changed", "target": { "kind": "Any" } }))?;
    js_sys::Reflect::set(&arguments, &"handler".into(), &handler).map_err(refused)?;
    invoke("plugin:event|listen", arguments)
        .await
        .map_err(refused)?;
    Ok(())
}

async fn call<T: DeserializeOwned>(
    command: &str,
    arguments: &serde_json::Value,
) -> Result<T, Failure> {
    let answer = invoke(command, to_js(arguments)?).await.map_err(refused)?;
    from_js(&answer).ok_or_else(|| other("The app gave an answer that cannot be read."))
}

/// Plain JSON in the browser's own form: maps become objects, numbers stay numbers.
pub(crate) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, Failure> {
    let text = serde_json::to_string(value).map_err(|_| other("This cannot be written down."))?;
    js_sys::JSON::parse(&text).map_err(refused)
}

/// `None` where the value is not what was asked for.
pub(crate) fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    // `undefined`, the answer of a command without one, has no JSON form.
    if value.is_undefined() {
        return serde_json::from_str("null").ok();
    }
    let text: String = js_sys::JSON::stringify(value).ok()?.into();
    serde_json::from_str(&text).ok()
}

fn refused(error: JsValue) -> Failure {
    from_js(&error).unwrap_or_else(|| other("The app behind this window does not answer."))
}

fn other(message: &str) -> Failure {
    Failure {
        code: Code::Other,
        message: message.to_owned(),
    }
}
