//! The uncompressed form: all field values one after the other (specification
//! 4.1.2). For comparing with other implementations; never sent.

use crate::fields::{self, BodySource, Field, FieldSource};
use crate::written::{self, FieldSink};
use crate::{Body, Content, FormError, MAX_REQUEST_OBJECTS, Message, MessageCode, RequestObjects};

/// Why a text is not the uncompressed form of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlatError {
    /// The text ends within a field.
    #[error("the text ends within {field}")]
    CutShort {
        /// The field's name in the specification.
        field: &'static str,
    },
    /// A field has another form.
    #[error("{field} has the wrong form; give {expected}")]
    Form {
        /// The field's name in the specification.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// Something follows the last field.
    #[error("there is something after the last field")]
    TooLong,
}

impl Message {
    /// The uncompressed form.
    #[must_use]
    pub fn flat(&self) -> String {
        let mut flat = Flat(String::new());
        written::header(self, &mut flat);
        let content = match &self.body {
            Body::Plain(content) => content,
            Body::Test(content) => {
                written::pseudo_code(content, &mut flat);
                content
            }
        };
        written::content(content, &mut flat);
        if let Content::Request { objects, .. } = content {
            for object in objects {
                written::object(object, &mut flat);
            }
        }
        flat.0
    }

    /// Reads the uncompressed form.
    ///
    /// # Errors
    /// [`FlatError`] names the field that is not as it should be.
    pub fn from_flat(text: &str) -> Result<Self, FlatError> {
        let mut source = FlatSource { rest: text };
        let start = fields::read_start(&mut source)?;
        let referenced = fields::read_hash(&mut source)?;
        let body = fields::read_body(&mut source, start.code)?;
        if !source.rest.is_empty() {
            return Err(FlatError::TooLong);
        }
        Ok(start.message(referenced, body))
    }
}

struct Flat(String);

impl FieldSink for Flat {
    fn plain(&mut self, _field: Field, text: &[u8]) {
        self.0.extend(text.iter().copied().map(char::from));
    }

    fn text(&mut self, _field: Field, text: &str) {
        self.0.push_str(text);
    }
}

struct FlatSource<'t> {
    rest: &'t str,
}

impl<'t> FieldSource<'t> for FlatSource<'t> {
    type Error = FlatError;

    fn text(&mut self, field: Field) -> Result<&'t str, FlatError> {
        let Some(length) = field.length else {
            return Ok(std::mem::take(&mut self.rest));
        };
        let (text, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(FlatError::CutShort { field: field.name })?;
        self.rest = rest;
        Ok(text)
    }

    fn wrong(&self, field: Field, expected: FormError) -> FlatError {
        FlatError::Form {
            field: field.name,
            expected: expected.0,
        }
    }
}

impl<'t> BodySource<'t> for FlatSource<'t> {
    fn objects(&mut self) -> Result<RequestObjects, FlatError> {
        let mut objects = RequestObjects::NONE;
        while !self.rest.is_empty() && objects.len() < MAX_REQUEST_OBJECTS {
            // There is room: the loop ends at eight.
            let _ = objects.push(fields::read_object(self)?);
        }
        Ok(objects)
    }

    fn pseudo(&mut self, code: MessageCode) -> Result<Content, FlatError> {
        fields::read_content(self, code)
    }
}
