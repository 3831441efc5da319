//! The uncompressed form: all field values one after the other (specification
//! 4.1.2). For comparing with other implementations; never sent.

use crate::fields::{self, Field, FieldSource};
use crate::{
    Body, Content, FormError, MAX_REQUEST_OBJECTS, Message, MessageCode, Reference, RequestObject,
};

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
        let mut text: String = fields::header(self).into_iter().map(|(_, v)| v).collect();
        match &self.body {
            Body::Plain(content) => write_content(&mut text, content),
            Body::Test(content) => {
                text.push_str(&fields::pseudo_code(content).1);
                write_content(&mut text, content);
            }
        }
        text
    }

    /// Reads the uncompressed form.
    ///
    /// # Errors
    /// [`FlatError`] names the field that is not as it should be.
    pub fn from_flat(text: &str) -> Result<Self, FlatError> {
        let mut source = FlatSource { rest: text };
        let (encryption, duress, code) = fields::read_start(&mut source)?;
        let indicator = fields::read_indicator(&mut source)?;
        let message = fields::read_hash(&mut source)?;
        let body = fields::read_body(&mut source, code)?;
        if !source.rest.is_empty() {
            return Err(FlatError::TooLong);
        }
        Ok(Self {
            encryption,
            duress,
            reference: Reference { indicator, message },
            body,
        })
    }
}

fn write_content(text: &mut String, content: &Content) {
    text.extend(fields::content(content).into_iter().map(|(_, v)| v));
    if let Content::Request { objects, .. } = content {
        text.extend(objects.iter().flat_map(fields::object).map(|(_, v)| v));
    }
}

struct FlatSource<'a> {
    rest: &'a str,
}

impl FieldSource for FlatSource<'_> {
    type Error = FlatError;

    fn text(&mut self, field: Field) -> Result<&str, FlatError> {
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

    fn objects(&mut self) -> Result<Vec<RequestObject>, FlatError> {
        let mut objects = Vec::new();
        while !self.rest.is_empty() && objects.len() < MAX_REQUEST_OBJECTS {
            objects.push(fields::read_object(self)?);
        }
        Ok(objects)
    }

    fn pseudo(&mut self, code: MessageCode) -> Result<Content, FlatError> {
        fields::read_content(self, code)
    }
}
