//! Reading every known JSON form from a tree, and saying precisely what is wrong with one that is
//! none. Never guesses: what is there twice is refused.

use std::borrow::Cow;

use super::JsonError;
use super::tree::Node;
use crate::fields::{self, BodySource, Field, FieldSource, Start};
use crate::{
    Content, FormError, MAX_REQUEST_OBJECTS, Message, MessageCode, ReferenceIndicator,
    RequestObjects, TransactionHash, transliterate,
};

/// Whether ReferencedMessage may be the number of a message in the outbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parents {
    Allowed,
    Refused,
}

/// Reads a message, and the number of its parent where it has one.
pub(super) fn read(tree: &Node<'_>, parents: Parents) -> Result<(Message, Option<u64>), JsonError> {
    let mut top = Source::new(String::new(), tree, Spelling::Schema)?;
    if top.has("prefix") || top.has("messageCode") {
        return read_fennel(tree, parents);
    }
    top.find("MetaHeader")?;
    let mut header = top.child("MessageHeader")?;
    let mut body = top.child("MessageBody")?;
    top.finish()?;
    let (start, referenced, parent) = header.start(parents)?;
    header.finish()?;
    let content = fields::read_body(&mut body, start.code)?;
    body.finish()?;
    Ok((start.message(referenced, content), parent))
}

/// Everything in one object, keys with a lower-case initial.
fn read_fennel(tree: &Node<'_>, parents: Parents) -> Result<(Message, Option<u64>), JsonError> {
    let mut all = Source::new(String::new(), tree, Spelling::Fennel)?;
    for (part, of) in [("MessageHeader", "prefix"), ("MessageBody", "messageCode")] {
        if all.has(part) {
            return Err(JsonError::Twice {
                field: part.to_owned(),
                other: of.to_owned(),
            });
        }
    }
    let (start, referenced, parent) = all.start(parents)?;
    let body = fields::read_body(&mut all, start.code)?;
    all.finish()?;
    Ok((start.message(referenced, body), parent))
}

const AN_OBJECT: &str = "a JSON object";
const OBJECTS: &str = "requestObjects";
const PSEUDO_BODY: &str = "PseudoMessageBody";
const AN_OBJECTS_LIST: &str = "a list of at most 8 objects with ObjectType and ObjectTypeQuant";

/// How an implementation writes the names of fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// As the standard: `DateTime`.
    Schema,
    /// As programs for Fennel: `dateTime`; a `null` is not there.
    Fennel,
}

/// Other names of a field that are in use: those of an old draft in whiteflag-js, and one that
/// whiteflag-rust writes beside `dateTime`.
const OTHER_NAMES: [(Spelling, &str, &str); 3] = [
    (Spelling::Schema, "ResourceMethod", "ReferenceMethod"),
    (Spelling::Schema, "ResourceData", "ReferenceData"),
    (Spelling::Fennel, "dateTime", "datetime"),
];

type Entry<'t> = (Cow<'t, str>, Node<'t>);

/// One JSON object, and which of its fields were asked for.
struct Source<'t> {
    path: String,
    entries: &'t [Entry<'t>],
    spelling: Spelling,
    /// Of which request object, where each has a number in its name.
    number: Option<usize>,
    asked: Vec<&'t str>,
}

impl<'t> Source<'t> {
    fn new(path: String, node: &'t Node<'t>, spelling: Spelling) -> Result<Self, JsonError> {
        let Node::Object(entries) = node else {
            let whole = "message".to_owned();
            let field = if path.is_empty() { whole } else { path };
            let expected = AN_OBJECT;
            return Err(JsonError::Form { field, expected });
        };
        Ok(Self {
            path,
            entries,
            spelling,
            number: None,
            asked: Vec::new(),
        })
    }

    /// Where something is, for people.
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// The key under which a field is here.
    fn spelled(&self, name: &str) -> String {
        let numbered = match (self.number, name.strip_suffix("Quant")) {
            (Some(number), Some(start)) => format!("{start}{number}Quant"),
            (Some(number), None) => format!("{name}{number}"),
            (None, _) => name.to_owned(),
        };
        let mut letters = numbered.chars();
        match (self.spelling, letters.next()) {
            (Spelling::Fennel, Some(initial)) => {
                format!("{}{}", initial.to_ascii_lowercase(), letters.as_str())
            }
            (Spelling::Fennel | Spelling::Schema, _) => numbered,
        }
    }

    /// The entries that are there.
    fn present(&self) -> impl Iterator<Item = &'t Entry<'t>> + use<'t> {
        let null_is_absent = self.spelling == Spelling::Fennel;
        self.entries
            .iter()
            .filter(move |(_, node)| !(null_is_absent && matches!(node, Node::Null)))
    }

    fn has(&self, key: &str) -> bool {
        self.present().any(|(present, _)| present == key)
    }

    /// The value of a field under any of its names, if it is there, once.
    fn find(&mut self, name: &str) -> Result<Option<&'t Node<'t>>, JsonError> {
        let key = self.spelled(name);
        let is_other =
            |(by, of, _): &&(Spelling, &str, &str)| *by == self.spelling && *of == key.as_str();
        let other = OTHER_NAMES
            .iter()
            .find(is_other)
            .map(|(_, _, other)| *other);
        let named = |present: &str| present == key || other == Some(present);
        let mut found = self.present().filter(|(present, _)| named(present));
        let Some((first, node)) = found.next() else {
            return Ok(None);
        };
        if let Some((second, _)) = found.next() {
            return Err(JsonError::Twice {
                field: self.at(first),
                other: self.at(second),
            });
        }
        self.asked.push(first);
        Ok(Some(node))
    }

    fn value(
        &mut self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<&'t Node<'t>, JsonError> {
        self.find(name)?.ok_or_else(|| JsonError::Missing {
            field: self.at(&self.spelled(name)),
            expected,
        })
    }

    fn child(&mut self, name: &'static str) -> Result<Self, JsonError> {
        let node = self.value(name, AN_OBJECT)?;
        Self::new(self.at(&self.spelled(name)), node, self.spelling)
    }

    /// A key that nobody asked for.
    fn unasked(&self) -> Option<&'t str> {
        let mut keys = self.present().map(|(key, _)| key.as_ref());
        keys.find(|key| !self.asked.contains(key))
    }

    /// Refuses fields that nobody asked for.
    fn finish(self) -> Result<(), JsonError> {
        self.unasked().map_or(Ok(()), |key| {
            let letters = key.chars().take(40);
            let shown: String = letters.flat_map(char::escape_default).collect();
            let field = self.at(&shown);
            Err(JsonError::Unknown { field })
        })
    }

    /// The header, whose hash is zero where it is the number of a parent.
    fn start(
        &mut self,
        parents: Parents,
    ) -> Result<(Start, TransactionHash, Option<u64>), JsonError> {
        let start = fields::read_start(self)?;
        if parents == Parents::Allowed
            && let Some(parent) = self.parent(start.indicator)?
        {
            return Ok((start, TransactionHash::ZERO, Some(parent)));
        }
        Ok((start, fields::read_hash(self)?, None))
    }

    fn parent(&mut self, indicator: ReferenceIndicator) -> Result<Option<u64>, JsonError> {
        let field = fields::REFERENCED_MESSAGE;
        let Some(digits) = self.text(field)?.strip_prefix('@') else {
            return Ok(None);
        };
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
        let parent = digits.parse().ok().filter(|_| is_number);
        if parent.is_none() {
            let expected = "64 hexadecimal digits, or @ and the number of a message in the outbox";
            return Err(self.wrong(field, FormError(expected)));
        }
        if indicator == ReferenceIndicator::Original {
            let expected =
                "64 zeros, or a ReferenceIndicator from 1 to 9: an original refers to nothing";
            return Err(self.wrong(field, FormError(expected)));
        }
        Ok(parent)
    }

    /// The highest number in the name of a request object's field; 0 if there are none.
    fn highest_number(&self) -> usize {
        let start = self.spelled("ObjectType");
        let number = |key: &str| -> Option<usize> {
            let rest = key.strip_prefix(start.as_str())?;
            let digits = rest.strip_suffix("Quant").unwrap_or(rest);
            let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number)
        };
        let numbers = self.present().filter_map(|(key, _)| number(key));
        numbers.max().unwrap_or_default()
    }

    fn listed_objects(&self, node: &'t Node<'t>) -> Result<RequestObjects, JsonError> {
        let path = self.at(&self.spelled(OBJECTS));
        let items = match node {
            Node::List(items) if items.len() <= MAX_REQUEST_OBJECTS => items,
            Node::List(_)
            | Node::Null
            | Node::Bool(_)
            | Node::Number
            | Node::Text(_)
            | Node::Object(_) => return Err(objects_form(path)),
        };
        let mut list = RequestObjects::NONE;
        for (index, item) in items.iter().enumerate() {
            let mut source = Self::new(format!("{path}[{index}]"), item, self.spelling)?;
            let object = fields::read_object(&mut source)?;
            source.finish()?;
            list.push(object).map_err(|_| objects_form(path.clone()))?;
        }
        Ok(list)
    }

    fn numbered_objects(&mut self, highest: usize) -> Result<RequestObjects, JsonError> {
        if highest > MAX_REQUEST_OBJECTS {
            return Err(objects_form(self.at(&format!("ObjectType{highest}"))));
        }
        let mut list = RequestObjects::NONE;
        for number in 1..=highest {
            self.number = Some(number);
            let object = fields::read_object(self)?;
            list.push(object)
                .map_err(|_| objects_form(self.path.clone()))?;
        }
        self.number = None;
        Ok(list)
    }
}

const fn objects_form(field: String) -> JsonError {
    let expected = AN_OBJECTS_LIST;
    JsonError::Form { field, expected }
}

impl<'t> FieldSource<'t> for Source<'t> {
    type Error = JsonError;

    fn text(&mut self, field: Field) -> Result<&'t str, JsonError> {
        match self.value(field.name, field.expected.0)? {
            Node::Text(text) => Ok(text),
            // Annex C of the specification prints this one field so.
            Node::Bool(duress) if field.name == fields::DURESS.name => {
                Ok(if *duress { "1" } else { "0" })
            }
            Node::Null | Node::Bool(_) | Node::Number | Node::List(_) | Node::Object(_) => {
                Err(self.wrong(field, field.expected))
            }
        }
    }

    fn wrong(&self, field: Field, expected: FormError) -> JsonError {
        JsonError::Form {
            field: self.at(&self.spelled(field.name)),
            expected: expected.0,
        }
    }

    fn characters(&self, field: Field, text: &str) -> JsonError {
        let foreign = (1..).zip(text.chars()).filter(|(_, c)| !c.is_ascii());
        JsonError::Characters {
            field: self.at(&self.spelled(field.name)),
            characters: foreign.take(5).collect(),
            offered: transliterate::offered(text),
        }
    }
}

impl<'t> BodySource<'t> for Source<'t> {
    fn objects(&mut self) -> Result<RequestObjects, JsonError> {
        let listed = self.find(OBJECTS)?;
        match (listed, self.highest_number()) {
            (None, 0) => Ok(RequestObjects::NONE),
            (None, highest) => self.numbered_objects(highest),
            (Some(node), 0) => self.listed_objects(node),
            (Some(_), number) => Err(JsonError::Twice {
                field: self.at(&self.spelled(OBJECTS)),
                other: self.at(&self.spelled(&format!("ObjectType{number}"))),
            }),
        }
    }

    /// The wrapped fields are in an object of their own, or beside the code.
    fn pseudo(&mut self, code: MessageCode) -> Result<Content, JsonError> {
        let beside = !self.has(&self.spelled(PSEUDO_BODY)) && self.unasked().is_some();
        if beside {
            return fields::read_content(self, code);
        }
        let mut body = self.child(PSEUDO_BODY)?;
        let content = fields::read_content(&mut body, code)?;
        body.finish()?;
        Ok(content)
    }
}
