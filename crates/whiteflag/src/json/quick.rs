//! The quick way into the schema's own form: texts borrowed from the input, no tree. Whatever is
//! not exactly that form is `None`, and `tolerant` reads it again or says what is wrong.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::fields::{self, BodySource, Field, FieldSource};
use crate::{Content, FormError, Message, MessageCode, RequestObjects};

/// Reads a message of the schema's form.
pub(super) fn read(json: &str) -> Option<Message> {
    let mut parts: Parts<'_> = serde_json::from_str(json).ok()?;
    let start = fields::read_start(&mut parts.header).ok()?;
    let referenced = fields::read_hash(&mut parts.header).ok()?;
    let body = fields::read_body(&mut parts.body, start.code).ok()?;
    let all_read = parts.header.is_empty() && parts.body.is_empty();
    all_read.then(|| start.message(referenced, body))
}

/// Not this form; `tolerant` knows why.
struct Other;

/// A `null` is not a missing field.
fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// An object of texts, each of which may be missing and is taken once, and of what else it may hold.
macro_rules! texts {
    ($name:ident, $($text:ident = $key:literal),*; $($more:ident: $kind:ty = $more_key:literal),*) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name<'t> {
            $(
                #[serde(rename = $key, borrow, default, deserialize_with = "there")]
                $text: Option<&'t str>,
            )*
            $(
                #[serde(rename = $more_key, borrow, default, deserialize_with = "there")]
                $more: Option<$kind>,
            )*
        }

        impl<'t> FieldSource<'t> for $name<'t> {
            type Error = Other;

            fn text(&mut self, field: Field) -> Result<&'t str, Other> {
                let text = match field.name {
                    $($key => &mut self.$text,)*
                    _ => return Err(Other),
                };
                text.take().ok_or(Other)
            }

            fn wrong(&self, _field: Field, _expected: FormError) -> Other {
                Other
            }
        }

        impl $name<'_> {
            /// Whether everything that was there was taken.
            fn is_empty(&self) -> bool {
                true $(&& self.$text.is_none())* $(&& self.$more.is_none())*
            }
        }
    };
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts<'t> {
    #[serde(rename = "MetaHeader")]
    _meta: Option<IgnoredAny>,
    #[serde(rename = "MessageHeader", borrow)]
    header: Header<'t>,
    #[serde(rename = "MessageBody", borrow)]
    body: MessageBody<'t>,
}

texts!(Header,
    prefix = "Prefix",
    version = "Version",
    encryption = "EncryptionIndicator",
    duress = "DuressIndicator",
    code = "MessageCode",
    indicator = "ReferenceIndicator",
    referenced = "ReferencedMessage";
);

texts!(MessageBody,
    subject = "SubjectCode",
    date_time = "DateTime",
    duration = "Duration",
    object_type = "ObjectType",
    latitude = "ObjectLatitude",
    longitude = "ObjectLongitude",
    dim1 = "ObjectSizeDim1",
    dim2 = "ObjectSizeDim2",
    orientation = "ObjectOrientation",
    verification_method = "VerificationMethod",
    verification_data = "VerificationData",
    crypto_data_type = "CryptoDataType",
    crypto_data = "CryptoData",
    resource_method = "ResourceMethod",
    resource_data = "ResourceData",
    text = "Text",
    pseudo_code = "PseudoMessageCode";
    objects: Vec<Object<'t>> = "requestObjects",
    pseudo_body: Box<MessageBody<'t>> = "PseudoMessageBody"
);

texts!(Object, object_type = "ObjectType", quantity = "ObjectTypeQuant";);

impl<'t> BodySource<'t> for MessageBody<'t> {
    fn objects(&mut self) -> Result<RequestObjects, Other> {
        let mut list = RequestObjects::NONE;
        for mut object in self.objects.take().unwrap_or_default() {
            let read = fields::read_object(&mut object)?;
            if !object.is_empty() || list.push(read).is_err() {
                return Err(Other);
            }
        }
        Ok(list)
    }

    fn pseudo(&mut self, code: MessageCode) -> Result<Content, Other> {
        let mut body = self.pseudo_body.take().ok_or(Other)?;
        let content = fields::read_content(&mut *body, code)?;
        body.is_empty().then_some(content).ok_or(Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body of each type, as a test message and as it is.
    const BODIES: [(&str, &str); 6] = [
        (
            "A",
            r#""VerificationMethod":"1","VerificationData":"https://aid.example""#,
        ),
        ("K", r#""CryptoDataType":"11","CryptoData":"40aa""#),
        (
            "R",
            r#""ResourceMethod":"1","ResourceData":"https://aid.example""#,
        ),
        ("F", r#""Text":"as it is""#),
        ("S", SIGN),
        ("Q", REQUEST),
    ];
    const SIGN: &str = r#""SubjectCode":"10","DateTime":"2026-11-24T06:00:00Z",
        "Duration":"P00D00H00M","ObjectType":"40","ObjectLatitude":"+36.20210",
        "ObjectLongitude":"+037.13430","ObjectSizeDim1":"0000","ObjectSizeDim2":"0000",
        "ObjectOrientation":"999""#;
    const REQUEST: &str = r#""SubjectCode":"20","DateTime":"2026-11-24T06:00:00Z",
        "Duration":"P00D00H00M","ObjectType":"20","ObjectLatitude":"+36.20210",
        "ObjectLongitude":"+037.13430","ObjectSizeDim1":"0000","ObjectSizeDim2":"0000",
        "ObjectOrientation":"999","requestObjects":[{"ObjectType":"11","ObjectTypeQuant":"04"}]"#;

    fn json(code: &str, body: &str) -> String {
        let hash = "0".repeat(64);
        format!(
            r#"{{"MessageHeader":{{"Prefix":"WF","Version":"1","EncryptionIndicator":"0",
            "DuressIndicator":"0","MessageCode":"{code}","ReferenceIndicator":"0",
            "ReferencedMessage":"{hash}"}},"MessageBody":{{{body}}}}}"#
        )
    }

    /// The names stand here and in `fields`: this holds the two against each other.
    #[test]
    fn every_message_of_the_schema_is_read_this_way() {
        for (code, body) in BODIES {
            let plain = json(code, body);
            let read = read(&plain).unwrap_or_else(|| panic!("{code}"));
            assert_eq!(super::read(&read.to_json()), Some(read), "{code}");
            let pseudo = format!(r#""PseudoMessageCode":"{code}","PseudoMessageBody":{{{body}}}"#);
            let test = json("T", &pseudo);
            let read = super::read(&test).unwrap_or_else(|| panic!("T of {code}"));
            assert_eq!(super::read(&read.to_json()), Some(read), "T of {code}");
        }
    }

    #[test]
    fn a_field_too_many_or_too_few_is_left_to_the_tolerant_reader() {
        let more = json("F", r#""Text":"as it is","SubjectCode":"10""#);
        let twice = json("F", r#""Text":"as it is","Text":"as it is""#);
        let nested = r#""PseudoMessageCode":"F","PseudoMessageBody":{"Text":"a"},"Text":"a""#;
        for other in [more, twice, json("F", ""), json("T", nested)] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}
