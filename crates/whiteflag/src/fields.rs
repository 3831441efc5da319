//! The text form of every field, shared by the JSON and the uncompressed form: reading messages from
//! any source of named texts, and writing them as named texts. Owns no syntax around the fields.

use std::str::FromStr;

use crate::{
    Body, Content, FormError, Message, MessageCode, Reference, ReferenceIndicator, RequestObject,
    Sign, SignKind, Text, TransactionHash, hex,
};

const HEX_BYTE: FormError = FormError("two hexadecimal digits");
const HEX_DIGIT: FormError = FormError("one hexadecimal digit");
const HEX_OCTETS: FormError = FormError("an even number of hexadecimal digits");
const LETTER: FormError = FormError("one of A K T P E D S I M Q R F");

/// A field's name in the schema, the number of characters it has in the
/// uncompressed form (`None`: all that are left) and what it should be.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) length: Option<usize>,
    pub(crate) expected: FormError,
}

const fn field(name: &'static str, length: usize, expected: FormError) -> Field {
    Field {
        name,
        length: Some(length),
        expected,
    }
}

const fn rest(name: &'static str, expected: FormError) -> Field {
    Field {
        name,
        length: None,
        expected,
    }
}

/// Where texts of fields come from, in the order of the specification.
pub(crate) trait FieldSource: Sized {
    /// Why reading can fail.
    type Error;

    /// The text of the next field.
    fn text(&mut self, field: Field) -> Result<&str, Self::Error>;
    /// The error for a text of the wrong form.
    fn wrong(&self, field: Field, expected: FormError) -> Self::Error;
    /// The objects of a request.
    fn objects(&mut self) -> Result<Vec<RequestObject>, Self::Error>;
    /// The content that a test message wraps.
    fn pseudo(&mut self, code: MessageCode) -> Result<Content, Self::Error>;

    /// Reads the next field with `parse`.
    fn read<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Self::Error> {
        let value = parse(self.text(field)?);
        value.ok_or_else(|| self.wrong(field, field.expected))
    }
}

/// The fixed start, duress bit and code: everything before the reference.
pub(crate) fn read_start<S: FieldSource>(
    source: &mut S,
) -> Result<(u8, bool, MessageCode), S::Error> {
    let is = |wanted: &'static str| move |text: &str| (text == wanted).then_some(());
    source.read(field("Prefix", 2, FormError("WF")), is("WF"))?;
    source.read(field("Version", 1, FormError("1")), is("1"))?;
    let encryption = field(
        "EncryptionIndicator",
        1,
        FormError("0 for no encryption, 1 or 2, or an upper-case letter"),
    );
    // 3 to 9 are reserved (specification 4.2.1.3); letters are for private use.
    let encryption = source.read(encryption, |text| match text.as_bytes() {
        [octet @ (b'0'..=b'2' | b'A'..=b'Z')] => Some(*octet),
        _ => None,
    })?;
    let duress = field(
        "DuressIndicator",
        1,
        FormError("0, or 1 when sent under threat"),
    );
    let duress = source.read(duress, |text| match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    })?;
    let code = source.read(field("MessageCode", 1, LETTER), parse_code)?;
    Ok((encryption, duress, code))
}

pub(crate) const REFERENCED_MESSAGE: Field = field(
    "ReferencedMessage",
    64,
    FormError("64 hexadecimal digits without 0x"),
);

pub(crate) fn read_indicator<S: FieldSource>(
    source: &mut S,
) -> Result<ReferenceIndicator, S::Error> {
    let indicator = field(
        "ReferenceIndicator",
        1,
        FormError("a digit from 0 (refers to nothing) to 9"),
    );
    source.read(indicator, |text| {
        hex::parse_nibble(text).and_then(ReferenceIndicator::from_digit)
    })
}

pub(crate) fn read_hash<S: FieldSource>(source: &mut S) -> Result<TransactionHash, S::Error> {
    source.read(REFERENCED_MESSAGE, |text| text.parse().ok())
}

pub(crate) fn read_body<S: FieldSource>(
    source: &mut S,
    code: MessageCode,
) -> Result<Body, S::Error> {
    if code != MessageCode::Test {
        return read_content(source, code).map(Body::Plain);
    }
    let code = source.read(PSEUDO_CODE, parse_code)?;
    if code == MessageCode::Test {
        let expected = FormError("another message than a test message");
        return Err(source.wrong(PSEUDO_CODE, expected));
    }
    source.pseudo(code).map(Body::Test)
}

const PSEUDO_CODE: Field = field("PseudoMessageCode", 1, LETTER);

pub(crate) fn read_content<S: FieldSource>(
    source: &mut S,
    code: MessageCode,
) -> Result<Content, S::Error> {
    let method = |name| field(name, 1, HEX_DIGIT);
    let kind = match code {
        MessageCode::Authentication => {
            let method = source.read(method("VerificationMethod"), hex::parse_nibble)?;
            let data = read_text(source, "VerificationData")?;
            return Ok(Content::Authentication { method, data });
        }
        MessageCode::Cryptographic => {
            let data_type = source.read(field("CryptoDataType", 2, HEX_BYTE), hex::parse_byte)?;
            let data = source.read(rest("CryptoData", HEX_OCTETS), hex::parse_bytes)?;
            return Ok(Content::Cryptographic { data_type, data });
        }
        MessageCode::Resource => {
            let method = source.read(method("ResourceMethod"), hex::parse_nibble)?;
            let data = read_text(source, "ResourceData")?;
            return Ok(Content::Resource { method, data });
        }
        MessageCode::FreeText => return Ok(Content::FreeText(read_text(source, "Text")?)),
        MessageCode::Request => {
            let sign = read_sign(source)?;
            return Ok(Content::Request {
                sign,
                objects: source.objects()?,
            });
        }
        MessageCode::Test => return Err(source.wrong(PSEUDO_CODE, LETTER)),
        MessageCode::Protective => SignKind::Protective,
        MessageCode::Emergency => SignKind::Emergency,
        MessageCode::Danger => SignKind::Danger,
        MessageCode::Status => SignKind::Status,
        MessageCode::Infrastructure => SignKind::Infrastructure,
        MessageCode::Mission => SignKind::Mission,
    };
    Ok(Content::Sign {
        kind,
        sign: read_sign(source)?,
    })
}

fn read_text<S: FieldSource>(source: &mut S, name: &'static str) -> Result<Text, S::Error> {
    let expected = FormError("text of plain letters, digits and signs (up to U+007F)");
    source.read(rest(name, expected), |text| Text::new(text).ok())
}

fn read_sign<S: FieldSource>(source: &mut S) -> Result<Sign, S::Error> {
    Ok(Sign {
        subject: source.read(field("SubjectCode", 2, HEX_BYTE), hex::parse_byte)?,
        date_time: read_form(source, "DateTime", 20)?,
        duration: read_form(source, "Duration", 10)?,
        object_type: source.read(field("ObjectType", 2, HEX_BYTE), hex::parse_byte)?,
        latitude: read_form(source, "ObjectLatitude", 9)?,
        longitude: read_form(source, "ObjectLongitude", 10)?,
        dim1: read_form(source, "ObjectSizeDim1", 4)?,
        dim2: read_form(source, "ObjectSizeDim2", 4)?,
        orientation: read_form(source, "ObjectOrientation", 3)?,
    })
}

/// Reads a field whose type knows its own form and says it.
fn read_form<S: FieldSource, T: FromStr<Err = FormError>>(
    source: &mut S,
    name: &'static str,
    length: usize,
) -> Result<T, S::Error> {
    let mut field = field(name, length, FormError("a text"));
    // An empty text is no value of any field, so its error says the form for a missing one.
    if let Err(form) = T::from_str("") {
        field.expected = form;
    }
    source.read(field, |text| text.parse().ok())
}

fn parse_code(text: &str) -> Option<MessageCode> {
    let mut letters = text.chars();
    let code = letters.next().and_then(MessageCode::from_letter)?;
    letters.next().is_none().then_some(code)
}

/// One request object: its type and its quantity.
pub(crate) fn read_object<S: FieldSource>(source: &mut S) -> Result<RequestObject, S::Error> {
    Ok(RequestObject {
        object_type: source.read(field("ObjectType", 2, HEX_BYTE), hex::parse_byte)?,
        quantity: read_form(source, "ObjectTypeQuant", 2)?,
    })
}

/// A field's name and text.
pub(crate) type Named = (&'static str, String);

/// The seven fields of the generic header.
pub(crate) fn header(message: &Message) -> [Named; 7] {
    let Reference {
        indicator,
        message: hash,
    } = message.reference;
    [
        ("Prefix", "WF".to_owned()),
        ("Version", "1".to_owned()),
        (
            "EncryptionIndicator",
            char::from(message.encryption).to_string(),
        ),
        ("DuressIndicator", u8::from(message.duress).to_string()),
        ("MessageCode", message.code().to_string()),
        ("ReferenceIndicator", indicator.digit().to_string()),
        ("ReferencedMessage", hash.to_string()),
    ]
}

/// The fields of what a message says, without request objects.
pub(crate) fn content(content: &Content) -> Vec<Named> {
    match content {
        Content::Authentication { method, data } => vec![
            ("VerificationMethod", format!("{method:X}")),
            ("VerificationData", data.to_string()),
        ],
        Content::Cryptographic { data_type, data } => vec![
            ("CryptoDataType", format!("{data_type:02X}")),
            ("CryptoData", hex::lower(data)),
        ],
        Content::Sign { sign: fields, .. } | Content::Request { sign: fields, .. } => sign(fields),
        Content::Resource { method, data } => vec![
            ("ResourceMethod", format!("{method:X}")),
            ("ResourceData", data.to_string()),
        ],
        Content::FreeText(text) => vec![("Text", text.to_string())],
    }
}

/// The field that a test message has before what it wraps.
pub(crate) fn pseudo_code(wrapped: &Content) -> Named {
    (PSEUDO_CODE.name, wrapped.code().to_string())
}

fn sign(sign: &Sign) -> Vec<Named> {
    vec![
        ("SubjectCode", format!("{:02X}", sign.subject)),
        ("DateTime", sign.date_time.to_string()),
        ("Duration", sign.duration.to_string()),
        ("ObjectType", format!("{:02X}", sign.object_type)),
        ("ObjectLatitude", sign.latitude.to_string()),
        ("ObjectLongitude", sign.longitude.to_string()),
        ("ObjectSizeDim1", sign.dim1.to_string()),
        ("ObjectSizeDim2", sign.dim2.to_string()),
        ("ObjectOrientation", sign.orientation.to_string()),
    ]
}

/// The two texts of a request object.
pub(crate) fn object(object: &RequestObject) -> [Named; 2] {
    [
        ("ObjectType", format!("{:02X}", object.object_type)),
        ("ObjectTypeQuant", object.quantity.to_string()),
    ]
}
