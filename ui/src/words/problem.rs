//! What is wrong, and what to do about it.

use leptos_i18n::td_string;
use parley_wire::Code;

use crate::draft::Wrong;
use crate::i18n::Locale;
use crate::place::PlaceError;
use crate::words;

/// What a refused request means: what happened, what is safe, what to do. The engine's own sentences,
/// which are English, say the rest.
pub(crate) fn failure(locale: Locale, code: Code) -> &'static str {
    match code {
        Code::BadInput => td_string!(locale, fail_bad_input),
        Code::NotNow => td_string!(locale, fail_not_now),
        Code::Sealed => td_string!(locale, fail_sealed),
        Code::HasDependents => td_string!(locale, fail_has_dependents),
        Code::Storage => td_string!(locale, fail_storage),
        Code::Other => td_string!(locale, fail_unknown),
    }
}

/// Why typed coordinates are no place.
pub(crate) fn place_error(locale: Locale, error: PlaceError) -> &'static str {
    match error {
        PlaceError::Empty => td_string!(locale, coord_empty),
        PlaceError::NotAPair => td_string!(locale, coord_pair),
        PlaceError::NotANumber => td_string!(locale, coord_number),
        PlaceError::Latitude => td_string!(locale, coord_latitude),
        PlaceError::Longitude => td_string!(locale, coord_longitude),
        PlaceError::Letter => td_string!(locale, coord_letter),
    }
}

/// How many letters are named.
const MOST_NAMED: usize = 8;

/// A few letters, in the direction of their own script; one that nobody would see by its number.
fn named(letters: &[char]) -> String {
    let name = |letter: &char| {
        let shown = letter.escape_debug();
        if shown.len() == 1 {
            letter.to_string()
        } else {
            format!("U+{:04X}", u32::from(*letter))
        }
    };
    let names: Vec<String> = letters.iter().take(MOST_NAMED).map(name).collect();
    let more = if letters.len() > MOST_NAMED {
        " …"
    } else {
        ""
    };
    format!("\u{2068}{}{more}\u{2069}", names.join(" "))
}

/// What is wrong with a field.
pub(crate) fn wrong(locale: Locale, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoSign => td_string!(locale, err_sign),
        Wrong::NoPlace => td_string!(locale, err_place),
        Wrong::NotANumber => td_string!(locale, err_number),
        Wrong::NoSize => td_string!(locale, err_size_needed),
        Wrong::Size => td_string!(locale, err_size_range),
        Wrong::Orientation => td_string!(locale, err_orientation),
        Wrong::Days => td_string!(locale, err_days),
        Wrong::Hours => td_string!(locale, err_hours),
        Wrong::Minutes => td_string!(locale, err_minutes),
        Wrong::NoDuration => td_string!(locale, err_duration),
        Wrong::Start => td_string!(locale, err_start),
        Wrong::Quantity => td_string!(locale, err_quantity),
        Wrong::NoText => td_string!(locale, err_text_empty),
        Wrong::Letters(letters) => {
            return td_string!(locale, err_text_ascii, letters = named(letters)).to_string();
        }
        Wrong::UnknownSign => td_string!(locale, err_sign_unknown),
        Wrong::Object => td_string!(locale, err_object),
        Wrong::NoArea => td_string!(locale, err_area),
        Wrong::SizeOfObject => td_string!(locale, err_size_object),
        Wrong::Lasting => td_string!(locale, err_lasting),
        Wrong::Requested => td_string!(locale, err_requested),
        Wrong::Rule(rule) => words::rule(locale, *rule),
        Wrong::Protocol(_) => td_string!(locale, err_general),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_named_so_that_they_can_be_found() {
        let named = |text: &str| named(&text.chars().collect::<Vec<_>>());
        assert_eq!(named("жé"), "\u{2068}ж é\u{2069}");
        // Nobody sees a change of direction or a space that is none.
        assert_eq!(named("\u{202e}\u{a0}"), "\u{2068}U+202E U+00A0\u{2069}");
        assert_eq!(named("абвгдежзи"), "\u{2068}а б в г д е ж з …\u{2069}");
    }
}
