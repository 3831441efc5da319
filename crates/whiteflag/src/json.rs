//! The form of the standard's JSON schema: a header and a body whose values are
//! all texts. Unknown fields are refused, because a misspelt one would be lost.

use serde_json::{Map, Value};

use crate::fields::{self, Field, FieldSource};
use crate::{
    Body, Content, FormError, MAX_REQUEST_OBJECTS, Message, MessageCode, Reference,
    ReferenceIndicator, RequestObject, TransactionHash,
};

/// The longest JSON text that is read, in bytes: more than twice what the
/// largest transaction that nodes pass on (128 KiB) can carry.
const MAX_JSON: usize = 512 * 1024;

/// Why a JSON text or value is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is longer than any message can be.
    #[error("the JSON text is longer than {limit} bytes; no message is that long")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The text is not JSON.
    #[error("this is not JSON: look at line {line}, column {column}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A field is not there.
    #[error("{field} is missing; give {expected}")]
    Missing {
        /// The path of the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that no such message has.
    #[error("{field} is not a field of this kind of message; remove it or correct its name")]
    Unknown {
        /// The path of the field, shortened and escaped.
        field: String,
    },
    /// A value of another form or JSON type.
    #[error("{field} has the wrong form; give {expected}")]
    Form {
        /// The path of the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl Message {
    /// Reads the JSON form. `MetaHeader` may be there and is not looked at.
    ///
    /// # Errors
    /// [`JsonError`] names the field, what is wrong with it and what it should be.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        if text.len() > MAX_JSON {
            return Err(JsonError::TooLong { limit: MAX_JSON });
        }
        let value: Value = serde_json::from_str(text).map_err(|error| JsonError::Syntax {
            line: error.line(),
            column: error.column(),
        })?;
        Self::from_value(&value)
    }

    /// Reads the JSON form from a value that is parsed already.
    ///
    /// # Errors
    /// As [`Message::from_json`].
    pub fn from_value(value: &Value) -> Result<Self, JsonError> {
        let mut parts = Parts::new(value)?;
        let start = fields::read_start(&mut parts.header)?;
        let indicator = fields::read_indicator(&mut parts.header)?;
        let message = fields::read_hash(&mut parts.header)?;
        parts.finish(start, Reference { indicator, message })
    }

    /// As [`Message::from_value`], but `ReferencedMessage` may also be `"@12"`:
    /// message 12 of the outbox, whose hash is not known yet. Then the hash is
    /// zero and the number is returned.
    ///
    /// # Errors
    /// As [`Message::from_json`].
    pub fn from_json_with_parent(value: &Value) -> Result<(Self, Option<u64>), JsonError> {
        let mut parts = Parts::new(value)?;
        let start = fields::read_start(&mut parts.header)?;
        let indicator = fields::read_indicator(&mut parts.header)?;
        let (message, parent) = parts.header.hash_or_parent(indicator)?;
        let message = parts.finish(start, Reference { indicator, message })?;
        Ok((message, parent))
    }

    /// The JSON form, keys in the order of the schema. Codes are in upper case,
    /// hashes and cryptographic data in lower case.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = Map::new();
        let header = Value::Object(object(fields::header(self)));
        value.insert("MessageHeader".to_owned(), header);
        value.insert("MessageBody".to_owned(), body(&self.body));
        Value::Object(value)
    }
}

fn object(fields: impl IntoIterator<Item = fields::Named>) -> Map<String, Value> {
    fields
        .into_iter()
        .map(|(k, v)| (k.to_owned(), Value::String(v)))
        .collect()
}

fn body(body: &Body) -> Value {
    match body {
        Body::Plain(content) => Value::Object(self::content(content)),
        Body::Test(content) => {
            let mut value = Map::new();
            let (name, code) = fields::pseudo_code(content);
            value.insert(name.to_owned(), Value::String(code));
            let wrapped = Value::Object(self::content(content));
            value.insert("PseudoMessageBody".to_owned(), wrapped);
            Value::Object(value)
        }
    }
}

fn content(content: &Content) -> Map<String, Value> {
    let mut value = object(fields::content(content));
    if let Content::Request { objects, .. } = content {
        let objects = objects
            .iter()
            .map(|o| Value::Object(object(fields::object(o))))
            .collect();
        value.insert("requestObjects".to_owned(), Value::Array(objects));
    }
    value
}

/// The two parts of a message that matter.
struct Parts<'a> {
    header: JsonSource<'a>,
    body: JsonSource<'a>,
}

impl<'a> Parts<'a> {
    fn new(value: &'a Value) -> Result<Self, JsonError> {
        let mut message = JsonSource::new("message", value)?;
        message.seen.push("MetaHeader");
        let header = message.child("MessageHeader")?;
        let body = message.child("MessageBody")?;
        message.finish()?;
        Ok(Self { header, body })
    }

    fn finish(
        mut self,
        (encryption, duress, code): (u8, bool, MessageCode),
        reference: Reference,
    ) -> Result<Message, JsonError> {
        self.header.finish()?;
        let body = fields::read_body(&mut self.body, code)?;
        self.body.finish()?;
        Ok(Message {
            encryption,
            duress,
            reference,
            body,
        })
    }
}

const AN_OBJECT: &str = "a JSON object";

/// One JSON object, and which of its fields were asked for.
struct JsonSource<'a> {
    path: String,
    map: &'a Map<String, Value>,
    seen: Vec<&'static str>,
}

impl<'a> JsonSource<'a> {
    fn new(path: &str, value: &'a Value) -> Result<Self, JsonError> {
        let Value::Object(map) = value else {
            return Err(JsonError::Form {
                field: path.to_owned(),
                expected: AN_OBJECT,
            });
        };
        Ok(Self {
            path: path.to_owned(),
            map,
            seen: Vec::with_capacity(10),
        })
    }

    fn at(&self, name: &str) -> String {
        if self.path == "message" {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn value(
        &mut self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<&'a Value, JsonError> {
        self.seen.push(name);
        self.map.get(name).ok_or_else(|| JsonError::Missing {
            field: self.at(name),
            expected,
        })
    }

    fn child(&mut self, name: &'static str) -> Result<Self, JsonError> {
        let value = self.value(name, AN_OBJECT)?;
        Self::new(&self.at(name), value)
    }

    /// Refuses fields that nobody asked for.
    fn finish(self) -> Result<(), JsonError> {
        let unknown = self
            .map
            .keys()
            .find(|key| !self.seen.contains(&key.as_str()));
        unknown.map_or(Ok(()), |key| {
            let shown: String = key
                .chars()
                .take(40)
                .flat_map(char::escape_default)
                .collect();
            Err(JsonError::Unknown {
                field: self.at(&shown),
            })
        })
    }

    fn hash_or_parent(
        &mut self,
        indicator: ReferenceIndicator,
    ) -> Result<(TransactionHash, Option<u64>), JsonError> {
        let field = fields::REFERENCED_MESSAGE;
        let Some(digits) = self.text(field)?.strip_prefix('@') else {
            return Ok((fields::read_hash(self)?, None));
        };
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
        let parent = digits.parse().ok().filter(|_| is_number);
        let Some(parent) = parent else {
            let expected = "64 hexadecimal digits, or @ and the number of a message in the outbox";
            return Err(self.wrong(field, FormError(expected)));
        };
        if indicator == ReferenceIndicator::Original {
            let expected =
                "64 zeros, or a ReferenceIndicator from 1 to 9: an original refers to nothing";
            return Err(self.wrong(field, FormError(expected)));
        }
        Ok((TransactionHash::ZERO, Some(parent)))
    }
}

impl FieldSource for JsonSource<'_> {
    type Error = JsonError;

    fn text(&mut self, field: Field) -> Result<&str, JsonError> {
        match self.value(field.name, field.expected.0)? {
            Value::String(text) => Ok(text),
            // Annex C of the specification prints this one field so.
            Value::Bool(duress) if field.name == "DuressIndicator" => {
                Ok(if *duress { "1" } else { "0" })
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(self.wrong(field, field.expected)),
        }
    }

    fn wrong(&self, field: Field, expected: FormError) -> JsonError {
        JsonError::Form {
            field: self.at(field.name),
            expected: expected.0,
        }
    }

    fn objects(&mut self) -> Result<Vec<RequestObject>, JsonError> {
        const NAME: &str = "requestObjects";
        self.seen.push(NAME);
        let form = |field| JsonError::Form {
            field,
            expected: "a list of at most 8 objects with ObjectType and ObjectTypeQuant",
        };
        let objects = match self.map.get(NAME) {
            None => return Ok(Vec::new()),
            Some(Value::Array(objects)) if objects.len() <= MAX_REQUEST_OBJECTS => objects,
            Some(_) => return Err(form(self.at(NAME))),
        };
        let numbered = objects.iter().zip(0_u8..);
        let read = numbered.map(|(value, index)| {
            let mut source = Self::new(&self.at(&format!("{NAME}[{index}]")), value)?;
            let object = fields::read_object(&mut source)?;
            source.finish()?;
            Ok(object)
        });
        read.collect()
    }

    fn pseudo(&mut self, code: MessageCode) -> Result<Content, JsonError> {
        let mut source = self.child("PseudoMessageBody")?;
        let content = fields::read_content(&mut source, code)?;
        source.finish()?;
        Ok(content)
    }
}
