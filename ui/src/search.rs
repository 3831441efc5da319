//! Finding a sign by plain words. Codes are not shown but can be typed.

use crate::form::Sign;
use crate::i18n::Locale;
use crate::{protocol, words};

/// The types in the order in which they are offered: what is urgent first. What only carries words
/// comes last, in one group under the letter of texts.
pub(crate) const GROUPS: [char; 8] = ['D', 'E', 'S', 'P', 'Q', 'I', 'M', 'F'];
/// Texts, links and introductions, which have no subject.
const NOTES: [char; 3] = ['F', 'R', 'A'];

/// A sign that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its type and subject.
    pub(crate) sign: Sign,
    /// What it is called in the chosen language.
    pub(crate) words: String,
}

/// The signs that fit what was typed, by type. Every word must begin one of the sign's words, of the
/// standard's own name or its code.
pub(crate) fn find(typed: &str, locale: Locale) -> Vec<(char, Vec<Choice>)> {
    let typed = typed.to_lowercase();
    let wanted: Vec<&str> = typed.split_whitespace().collect();
    GROUPS
        .into_iter()
        .map(|code| (code, choices(code, &wanted, locale)))
        .filter(|(_, choices)| !choices.is_empty())
        .collect()
}

fn choices(group: char, wanted: &[&str], locale: Locale) -> Vec<Choice> {
    let offered: Vec<(Sign, &str)> = if group == 'F' {
        NOTES
            .into_iter()
            .map(|code| {
                (
                    Sign {
                        code,
                        subject: String::new(),
                    },
                    "",
                )
            })
            .collect()
    } else {
        let sign = |(subject, name)| {
            (
                Sign {
                    code: group,
                    subject,
                },
                name,
            )
        };
        protocol::subjects(group).into_iter().map(sign).collect()
    };
    let kind = words::group(locale, group);
    offered
        .into_iter()
        .map(|(sign, name)| {
            let words = words::sign(locale, &sign);
            let text = format!("{words} {name} {} {kind}", sign.key()).to_lowercase();
            (Choice { sign, words }, text)
        })
        .filter(|(_, text)| wanted.iter().all(|word| begins(text, word)))
        .map(|(choice, _)| choice)
        .collect()
}

/// Whether a word of the text begins so. Scripts that write words together, or put articles before
/// them, are searched anywhere.
fn begins(text: &str, typed: &str) -> bool {
    let inside = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().last());
        before.is_some_and(|letter| letter.is_ascii_alphanumeric())
    };
    text.match_indices(typed).any(|(at, _)| !inside(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(typed: &str) -> Vec<String> {
        let found = find(typed, Locale::en);
        found
            .into_iter()
            .flat_map(|(_, list)| list)
            .map(|choice| choice.sign.key())
            .collect()
    }

    #[test]
    fn plain_words_find_the_sign() {
        assert!(keys("mine field").contains(&"D21".to_owned()));
        assert_eq!(keys("cease"), ["Q10"]);
        assert!(keys("  MEDICAL help ").contains(&"E11".to_owned()));
    }

    #[test]
    fn the_standards_own_name_and_the_code_find_it_too() {
        assert!(keys("uxos").contains(&"D22".to_owned()));
        assert_eq!(keys("d21"), ["D21"]);
    }

    #[test]
    fn what_is_urgent_comes_first() {
        assert_eq!(keys("mine").first().map(String::as_str), Some("D21"));
    }

    #[test]
    fn texts_links_and_introductions_are_found_by_what_they_are() {
        assert!(keys("link").ends_with(&["F".to_owned(), "R".to_owned(), "A".to_owned()]));
        assert!(keys("introduction").contains(&"A".to_owned()));
    }

    #[test]
    fn a_word_is_found_by_its_beginning_not_by_what_is_in_it() {
        assert!(keys("red").contains(&"P11".to_owned()));
        assert!(!keys("red").contains(&"E10".to_owned()), "requi-red");
        assert!(begins("حقل الألغام", "ألغام"), "behind its article");
    }

    #[test]
    fn nothing_typed_offers_all_and_nonsense_none() {
        assert_eq!(keys("").len(), 199 + NOTES.len());
        assert!(keys("xyzzy").is_empty());
    }

    #[test]
    fn every_sign_and_every_object_has_words() {
        for (_, list) in find("", Locale::en) {
            for choice in list {
                let words =
                    choice.sign.subject.is_empty() || words::has_sign(Locale::en, &choice.sign);
                assert!(words, "{}", choice.sign.key());
            }
        }
        for object in protocol::objects_for(&Sign {
            code: 'P',
            subject: "00".to_owned(),
        }) {
            assert!(words::has_object(Locale::en, &object), "{object}");
        }
    }
}
