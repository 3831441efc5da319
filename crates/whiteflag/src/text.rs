//! The text of A, R and F messages: characters U+0000 to U+007F only
//! (specification 4.1.2). Never holds a NUL at its end.

use std::fmt;
use std::ops::Deref;

use crate::FormError;

/// Text that a message can carry.
///
/// NUL characters at the end are dropped: two implementations produce one for
/// an empty text, and padding looks the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text(String);

impl Text {
    /// Takes text of 7-bit characters.
    ///
    /// # Errors
    /// When a character is above U+007F.
    pub fn new(text: impl Into<String>) -> Result<Self, FormError> {
        let mut text = text.into();
        if !text.is_ascii() {
            return Err(FormError(
                "plain letters, digits and signs only (characters up to U+007F)",
            ));
        }
        text.truncate(text.trim_end_matches('\0').len());
        Ok(Self(text))
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Text {
    type Error = FormError;

    fn try_from(text: &str) -> Result<Self, FormError> {
        Self::new(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
