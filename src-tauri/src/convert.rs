//! What the page says, held to the limits of the border before the engine sees it. The engine
//! keeps the rules of Whiteflag; here is only what no honest page would ever send.

use parley_wire::{Code, Draft, Failure, Settings, View};

/// The longest draft in its JSON form, bytes. The longest message that Whiteflag knows is far
/// shorter; the limit keeps a faulty page from filling the memory and the outbox.
const MAX_DRAFT: usize = 256 * 1024;
/// The longest address of an endpoint or a proxy, bytes.
const MAX_URL: usize = 2_048;
/// The most endpoints of a network: each is asked in turn.
const MAX_ENDPOINTS: usize = 32;
/// The length of an account in its usual form, `0x` and 40 hexadecimal digits.
const ACCOUNT: usize = 42;
/// The most rows of a list that are read at once.
const MAX_PAGE: u32 = 200;
/// The longest name of a network, bytes.
const MAX_NAME: usize = 64;

/// A draft of a sensible size.
pub(crate) fn draft(draft: Draft) -> Result<Draft, Failure> {
    let length = serde_json::to_vec(&draft.message).map(|json| json.len());
    match length {
        Ok(length) if length <= MAX_DRAFT => Ok(draft),
        Ok(_) | Err(_) => Err(refusal(
            "The message is too long and was not saved. Shorten its text and save it again.",
        )),
    }
}

/// A text that a draft could hold.
pub(crate) fn text(text: String) -> Result<String, Failure> {
    if text.len() <= MAX_DRAFT {
        return Ok(text);
    }
    Err(refusal(
        "The text is too long for a message. Nothing was changed. Shorten it.",
    ))
}

/// A view that lies on a map.
pub(crate) fn view(view: View) -> Result<View, Failure> {
    let on_map = (-90.0..=90.0).contains(&view.lat)
        && (-180.0..=180.0).contains(&view.lng)
        && (0.0..=30.0).contains(&view.zoom);
    if on_map {
        return Ok(view);
    }
    Err(refusal(
        "The place on the map was not kept: it is on no map. Nothing else changed.",
    ))
}

/// The address of an endpoint, of a sensible length.
pub(crate) fn url(url: String) -> Result<String, Failure> {
    if url.len() <= MAX_URL {
        return Ok(url);
    }
    Err(refusal(
        "The address is too long. Nothing was changed. Give one of at most 2,048 characters.",
    ))
}

/// As many addresses of endpoints as a network may have.
pub(crate) fn urls(urls: Vec<String>) -> Result<Vec<String>, Failure> {
    if urls.len() > MAX_ENDPOINTS {
        return Err(too_many());
    }
    urls.into_iter().map(url).collect()
}

/// Whether a network with so many endpoints may have another one.
pub(crate) fn room_for_one(endpoints: usize) -> Result<(), Failure> {
    if endpoints < MAX_ENDPOINTS {
        return Ok(());
    }
    Err(too_many())
}

/// An account, by its length; the engine reads it.
pub(crate) fn account(account: String) -> Result<String, Failure> {
    let account = account.trim();
    if account.len() == ACCOUNT {
        return Ok(account.to_owned());
    }
    Err(refusal(
        "This is not the address of an account: it has 0x and 40 hexadecimal digits. Nothing was \
         changed.",
    ))
}

/// The name of a network, of a sensible length.
pub(crate) fn network(name: String) -> Result<String, Failure> {
    if name.len() <= MAX_NAME {
        return Ok(name);
    }
    Err(refusal(
        "This network is not known. Nothing was changed. Choose one of the list.",
    ))
}

/// A page of a list that is not too long: the store is held while it is read.
pub(crate) fn page(limit: u32) -> Result<u32, Failure> {
    if (1..=MAX_PAGE).contains(&limit) {
        return Ok(limit);
    }
    Err(refusal(
        "The list was not read: a page of it has 1 to 200 rows. Nothing was changed.",
    ))
}

/// Settings with a proxy of a sensible length; the engine keeps the limits of the rest.
pub(crate) fn settings(settings: Settings) -> Result<Settings, Failure> {
    let proxy = settings.proxy.map(url).transpose()?;
    Ok(Settings { proxy, ..settings })
}

fn too_many() -> Failure {
    refusal("A network has at most 32 endpoints. Nothing was changed. Remove one first.")
}

fn refusal(message: &str) -> Failure {
    Failure {
        code: Code::BadInput,
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_draft_longer_than_any_message_is_refused() {
        let of = |length: usize| Draft {
            message: json!("x".repeat(length - 2)),
        };
        assert!(draft(of(MAX_DRAFT)).is_ok());
        let failure = draft(of(MAX_DRAFT + 1)).unwrap_err();
        assert_eq!(failure.code, Code::BadInput);
    }

    #[test]
    fn a_text_longer_than_any_message_is_refused() {
        assert!(text("x".repeat(MAX_DRAFT)).is_ok());
        let failure = text("x".repeat(MAX_DRAFT + 1)).unwrap_err();
        assert_eq!(failure.code, Code::BadInput);
    }

    #[test]
    fn an_address_longer_than_any_endpoint_has_is_refused() {
        assert!(url("x".repeat(MAX_URL)).is_ok());
        assert_eq!(
            url("x".repeat(MAX_URL + 1)).unwrap_err().code,
            Code::BadInput
        );
        let proxy = |length: usize| Settings {
            proxy: Some("x".repeat(length)),
            ..Settings::default()
        };
        assert!(settings(proxy(MAX_URL)).is_ok());
        assert!(settings(proxy(MAX_URL + 1)).is_err());
    }

    #[test]
    fn more_endpoints_than_anybody_needs_are_refused() {
        let many = |count: usize| vec!["http://localhost".to_owned(); count];
        assert!(urls(many(MAX_ENDPOINTS)).is_ok());
        assert!(urls(many(MAX_ENDPOINTS + 1)).is_err());
        assert!(urls(vec!["x".repeat(MAX_URL + 1)]).is_err());
        assert!(room_for_one(MAX_ENDPOINTS - 1).is_ok());
        assert!(room_for_one(MAX_ENDPOINTS).is_err());
    }

    #[test]
    fn what_cannot_be_an_account_or_a_network_is_refused() {
        assert!(account(format!(" 0x{} ", "0".repeat(40))).is_ok());
        assert!(account("0x".to_owned()).is_err());
        assert!(account("0".repeat(43)).is_err());
        assert!(network("local".to_owned()).is_ok());
        assert!(network("x".repeat(MAX_NAME + 1)).is_err());
    }

    #[test]
    fn a_page_of_no_rows_or_of_too_many_is_refused() {
        assert!(page(1).is_ok());
        assert!(page(MAX_PAGE).is_ok());
        assert_eq!(page(0).unwrap_err().code, Code::BadInput);
        assert!(page(MAX_PAGE + 1).is_err());
    }

    #[test]
    fn a_view_off_the_map_is_refused() {
        let at = |lng, lat, zoom| view(View { lng, lat, zoom });
        assert!(at(-180.0, 90.0, 0.0).is_ok());
        for bad in [
            at(181.0, 0.0, 1.0),
            at(0.0, f64::NAN, 1.0),
            at(0.0, 0.0, -1.0),
        ] {
            assert_eq!(bad.unwrap_err().code, Code::BadInput);
        }
    }
}
