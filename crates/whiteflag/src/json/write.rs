//! Writing the form of the standard's schema, keys in its order: as a text, or as a value.

use serde_json::{Map, Value};

use crate::fields::Field;
use crate::written::{self, FieldSink};
use crate::{Body, Content, Message};

/// Room for the JSON of a sign.
const TYPICAL: usize = 640;

impl Message {
    /// The JSON form as a text without white space, keys in the order of the schema. Codes are in
    /// upper case, hashes and cryptographic data in lower case.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = Vec::with_capacity(TYPICAL);
        self.write_json(&mut text);
        // Only ASCII is written.
        String::from_utf8(text).unwrap_or_default()
    }

    /// As [`Message::to_json`], appended to `text`.
    pub fn write_json(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(br#"{"MessageHeader":{"#);
        written::header(self, &mut Text(text));
        text.extend_from_slice(br#"},"MessageBody":{"#);
        match &self.body {
            Body::Plain(content) => write_content(text, content),
            Body::Test(content) => {
                written::pseudo_code(content, &mut Text(text));
                text.extend_from_slice(br#","PseudoMessageBody":{"#);
                write_content(text, content);
                text.push(b'}');
            }
        }
        text.extend_from_slice(b"}}");
    }

    /// As [`Message::to_json`], as a value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let header = object(|sink| written::header(self, sink));
        let body = match &self.body {
            Body::Plain(content) => content_value(content),
            Body::Test(content) => {
                let mut body = object(|sink| written::pseudo_code(content, sink));
                let wrapped = Value::Object(content_value(content));
                body.insert("PseudoMessageBody".to_owned(), wrapped);
                body
            }
        };
        let parts = [("MessageHeader", header), ("MessageBody", body)];
        let named = parts.map(|(name, part)| (name.to_owned(), Value::Object(part)));
        Value::Object(named.into_iter().collect())
    }
}

fn write_content(text: &mut Vec<u8>, content: &Content) {
    written::content(content, &mut Text(text));
    let Content::Request { objects, .. } = content else {
        return;
    };
    text.extend_from_slice(br#","requestObjects":["#);
    for (number, object) in objects.iter().enumerate() {
        text.extend_from_slice(if number == 0 { b"{" } else { b",{" });
        written::object(object, &mut Text(text));
        text.push(b'}');
    }
    text.push(b']');
}

/// The fields of one object, into a text that ends with its opening brace or a field.
struct Text<'a>(&'a mut Vec<u8>);

impl Text<'_> {
    fn name(&mut self, field: Field) {
        if self.0.last() != Some(&b'{') {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(field.name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }
}

impl FieldSink for Text<'_> {
    #[inline]
    fn plain(&mut self, field: Field, text: &[u8]) {
        self.name(field);
        self.0.push(b'"');
        self.0.extend_from_slice(text);
        self.0.push(b'"');
    }

    fn text(&mut self, field: Field, text: &str) {
        self.name(field);
        // Writing to a Vec cannot fail, nor can a text.
        let _ = serde_json::to_writer(&mut *self.0, text);
    }
}

fn content_value(content: &Content) -> Map<String, Value> {
    let mut value = object(|sink| written::content(content, sink));
    if let Content::Request { objects, .. } = content {
        let values = objects
            .iter()
            .map(|one| Value::Object(object(|sink| written::object(one, sink))));
        value.insert("requestObjects".to_owned(), values.collect());
    }
    value
}

struct Object(Map<String, Value>);

fn object(fill: impl FnOnce(&mut Object)) -> Map<String, Value> {
    let mut object = Object(Map::new());
    fill(&mut object);
    object.0
}

impl FieldSink for Object {
    fn plain(&mut self, field: Field, text: &[u8]) {
        self.text(field, &String::from_utf8_lossy(text));
    }

    fn text(&mut self, field: Field, text: &str) {
        let value = Value::String(text.to_owned());
        self.0.insert(field.name.to_owned(), value);
    }
}
