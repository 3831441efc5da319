//! What the page says, held to the limits of the border before the engine sees it. The engine
//! keeps the rules of Whiteflag; here is only what no honest page would ever send.

use parley_wire::{Code, Draft, Failure, View};

/// The longest draft in its JSON form, bytes. The longest message that Whiteflag knows is far
/// shorter; the limit keeps a faulty page from filling the memory and the outbox.
const MAX_DRAFT: usize = 256 * 1024;

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
