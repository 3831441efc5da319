//! A list of JSON that may not be longer than what was asked for: an answer of millions of empty
//! entries is small while it is text, and fills the memory once it is read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// Reads a list of at most so many; a longer one is an error as soon as it is.
pub(crate) struct AtMost<T> {
    most: usize,
    of: PhantomData<T>,
}

impl<T> AtMost<T> {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            of: PhantomData,
        }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {}", self.most)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(one) = list.next_element()? {
            if read.len() == self.most {
                return Err(A::Error::invalid_length(self.most.saturating_add(1), &self));
            }
            read.push(one);
        }
        Ok(read)
    }
}

/// A list that is a few hundred long at most, whoever made it.
pub(crate) struct Few<T>(pub(crate) Vec<T>);

const FEW: usize = 1_024;

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        AtMost::new(FEW).deserialize(from).map(Self)
    }
}

/// Whether a text is one object with no other keys than these. Nothing of it is kept.
pub(crate) fn has_only(json: &str, known: &[&str]) -> bool {
    struct Keys<'k>(&'k [&'k str]);
    impl<'de> Visitor<'de> for Keys<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with known keys only")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<Cow<'_, str>>()? {
                if !self.0.contains(&key.as_ref()) {
                    return Err(A::Error::custom("an unknown key"));
                }
                map.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }
    let mut text = serde_json::Deserializer::from_str(json);
    text.deserialize_map(Keys(known)).is_ok() && text.end().is_ok()
}

/// The list that a whole text is.
pub(crate) fn at_most<'de, T: Deserialize<'de>>(
    most: usize,
    json: &'de [u8],
) -> serde_json::Result<Vec<T>> {
    let mut text = serde_json::Deserializer::from_slice(json);
    let list = AtMost::new(most).deserialize(&mut text)?;
    text.end()?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_far_as_it_may_be_long() {
        assert_eq!(at_most::<u8>(3, b"[1,2,3]").unwrap(), [1, 2, 3]);
        assert!(at_most::<u8>(3, b" [] ").unwrap().is_empty());
        for wrong in ["[1,2,3,4]", "[1,2", "[1] 2", "{}", "1"] {
            assert!(at_most::<u8>(3, wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_unknown_key_is_enough_wherever_it_is() {
        let known = ["a", "b\""];
        for (text, wanted) in [
            (r#"{"a":1,"b\"":{"c":2}}"#, true),
            (r#"{"a":[{"x":1}],"a":2}"#, true),
            ("{}", true),
            (r#"{"a":1,"c":2}"#, false),
            (r#"{"c":2,"#, false),
            (r#"{"a":1} 2"#, false),
            ("[]", false),
        ] {
            assert_eq!(has_only(text, &known), wanted, "{text}");
        }
    }

    #[test]
    fn what_comes_after_too_many_is_not_looked_at() {
        let error = at_most::<u8>(1, b"[1,2,and no JSON at all").unwrap_err();
        assert!(error.to_string().contains("at most 1"), "{error}");
    }
}
