//! What a text could be in plain letters: an offer to a person, who reads it before it is sent.
//! Never changes what somebody wrote by itself.

/// The text with every character that Whiteflag cannot carry written in plain letters, the way it
/// is usual for its script; `None` where a character has no such letters, or nothing would be left.
///
/// What scripts do not write, such as the short vowels of Arabic, is not there either, and letters
/// may fall together: it is for a person to judge.
#[cfg(feature = "transliterate")]
#[must_use]
pub fn transliterate(text: &str) -> Option<String> {
    let known = |letter: char| deunicode::deunicode_char(letter).is_some();
    let plain = || deunicode::deunicode(text);
    text.chars()
        .all(known)
        .then(plain)
        .filter(|plain| plain.is_ascii() && !plain.trim().is_empty())
}

#[cfg(feature = "transliterate")]
pub(crate) use self::transliterate as offered;

/// Without the feature nothing is offered.
#[cfg(not(feature = "transliterate"))]
pub(crate) const fn offered(_text: &str) -> Option<String> {
    None
}

#[cfg(all(test, feature = "transliterate"))]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_in_the_field_is_offered_in_plain_letters() {
        let offers = [
            ("Nous sommes à l’hôpital", "Nous sommes a l'hopital"),
            ("Не стріляйте", "Ne striliaite"),
            ("مدرسة ١٢", "mdrs@ 12"),
            ("ကလေး", "kle:"),
            ("plain", "plain"),
        ];
        for (text, wanted) in offers {
            assert_eq!(transliterate(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn nothing_is_offered_where_a_character_would_be_lost() {
        // A private character, and one that is only a direction.
        for text in ["gate \u{E000}", "\u{202E}"] {
            assert_eq!(transliterate(text), None, "{text:?}");
        }
    }
}
