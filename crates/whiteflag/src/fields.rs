//! The text form of every field, shared by the JSON and the uncompressed form:
//! reading bodies from any source of named texts, and writing them as named texts.

use crate::{
    Body, FormError, Message, MessageCode, PseudoBody, Reference,
    ReferenceIndicator, RequestObject, SignBody, SignCode, Text, TransactionHash, hex,
};

const HEX_BYTE: FormError = FormError("two hexadecimal digits");
const HEX_DIGIT: FormError = FormError("one hexadecimal digit");
const HEX_OCTETS: FormError = FormError("an even number of hexadecimal digits");
const FOUR_DIGITS: FormError = FormError("four digits");
const THREE_DIGITS: FormError = FormError("three digits");
const TWO_DIGITS: FormError = FormError("two digits");
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
    /// The body that a test message wraps.
    fn pseudo(&mut self, code: MessageCode) -> Result<Body, Self::Error>;

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
        FormError("one digit or upper-case letter, 0 for no encryption"),
    );
    let encryption = source.read(encryption, |text| match text.as_bytes() {
        [octet @ (b'0'..=b'9' | b'A'..=b'Z')] => Some(*octet),
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
    let method = |name| field(name, 1, HEX_DIGIT);
    if let Some(code) = SignCode::from_message_code(code) {
        let sign = read_sign(source, code)?;
        return Ok(if code == SignCode::Request {
            let objects = source.objects()?;
            Body::Request { sign, objects }
        } else {
            Body::Sign(sign)
        });
    }
    Ok(match code {
        MessageCode::Authentication => Body::Authentication {
            method: source.read(method("VerificationMethod"), hex::parse_nibble)?,
            data: read_text(source, "VerificationData")?,
        },
        MessageCode::Cryptographic => Body::Cryptographic {
            data_type: source.read(field("CryptoDataType", 2, HEX_BYTE), hex::parse_byte)?,
            data: source.read(rest("CryptoData", HEX_OCTETS), hex::parse_bytes)?,
        },
        MessageCode::Test => read_test(source)?,
        MessageCode::Resource => Body::Resource {
            method: source.read(method("ResourceMethod"), hex::parse_nibble)?,
            data: read_text(source, "ResourceData")?,
        },
        // What is left is F: the signs and signals were read above.
        _ => Body::FreeText {
            text: read_text(source, "Text")?,
        },
    })
}

const PSEUDO_CODE: Field = field("PseudoMessageCode", 1, LETTER);

fn read_test<S: FieldSource>(source: &mut S) -> Result<Body, S::Error> {
    let no_test = FormError("another message than a test message");
    let code = source.read(PSEUDO_CODE, parse_code)?;
    // Checked before the recursion, so that it is never deeper than one.
    if code == MessageCode::Test {
        return Err(source.wrong(PSEUDO_CODE, no_test));
    }
    let body = source.pseudo(code)?;
    PseudoBody::new(body)
        .map(Body::Test)
        .ok_or_else(|| source.wrong(PSEUDO_CODE, no_test))
}

fn read_text<S: FieldSource>(source: &mut S, name: &'static str) -> Result<Text, S::Error> {
    let expected = FormError("text of plain letters, digits and signs (up to U+007F)");
    source.read(rest(name, expected), |text| Text::new(text).ok())
}

fn read_sign<S: FieldSource>(source: &mut S, code: SignCode) -> Result<SignBody, S::Error> {
    let date_time = FormError("a time in UTC such as 2026-01-31T23:59:59Z");
    let duration = FormError("days, hours and minutes such as P01D12H00M");
    let latitude = FormError("degrees such as +51.50000, or +99.99999 for none");
    let longitude = FormError("degrees such as -000.12000, or +999.99999 for none");
    Ok(SignBody {
        code,
        subject: source.read(field("SubjectCode", 2, HEX_BYTE), hex::parse_byte)?,
        date_time: source.read(field("DateTime", 20, date_time), |t| t.parse().ok())?,
        duration: source.read(field("Duration", 10, duration), |t| t.parse().ok())?,
        object_type: source.read(field("ObjectType", 2, HEX_BYTE), hex::parse_byte)?,
        latitude: source.read(field("ObjectLatitude", 9, latitude), |t| t.parse().ok())?,
        longitude: source.read(field("ObjectLongitude", 10, longitude), |t| t.parse().ok())?,
        dim1: source.read(field("ObjectSizeDim1", 4, FOUR_DIGITS), |t| {
            parse_number(t, 4)
        })?,
        dim2: source.read(field("ObjectSizeDim2", 4, FOUR_DIGITS), |t| {
            parse_number(t, 4)
        })?,
        orientation: source.read(field("ObjectOrientation", 3, THREE_DIGITS), |t| {
            parse_number(t, 3)
        })?,
    })
}

fn parse_code(text: &str) -> Option<MessageCode> {
    let mut letters = text.chars();
    let code = letters.next().and_then(MessageCode::from_letter)?;
    letters.next().is_none().then_some(code)
}

/// A number of exactly `digits` digits.
fn parse_number(text: &str, digits: usize) -> Option<u16> {
    let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// One request object: its type and its quantity.
pub(crate) fn read_object<S: FieldSource>(source: &mut S) -> Result<RequestObject, S::Error> {
    let quantity = field("ObjectTypeQuant", 2, TWO_DIGITS);
    Ok(RequestObject {
        object_type: source.read(field("ObjectType", 2, HEX_BYTE), hex::parse_byte)?,
        quantity: source.read(quantity, |t| u8::try_from(parse_number(t, 2)?).ok())?,
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
        ("EncryptionIndicator", char::from(message.encryption).to_string()),
        ("DuressIndicator", u8::from(message.duress).to_string()),
        ("MessageCode", message.code().to_string()),
        ("ReferenceIndicator", indicator.digit().to_string()),
        ("ReferencedMessage", hash.to_string()),
    ]
}

/// The fields of a body, without request objects and without what a test message wraps.
pub(crate) fn body(body: &Body) -> Vec<Named> {
    match body {
        Body::Authentication { method, data } => vec![
            ("VerificationMethod", format!("{method:X}")),
            ("VerificationData", data.to_string()),
        ],
        Body::Cryptographic { data_type, data } => vec![
            ("CryptoDataType", format!("{data_type:02X}")),
            ("CryptoData", hex::lower(data)),
        ],
        Body::Test(inner) => vec![(PSEUDO_CODE.name, inner.code().to_string())],
        Body::Sign(fields) | Body::Request { sign: fields, .. } => sign(fields),
        Body::Resource { method, data } => vec![
            ("ResourceMethod", format!("{method:X}")),
            ("ResourceData", data.to_string()),
        ],
        Body::FreeText { text } => vec![("Text", text.to_string())],
    }
}

fn sign(sign: &SignBody) -> Vec<Named> {
    vec![
        ("SubjectCode", format!("{:02X}", sign.subject)),
        ("DateTime", sign.date_time.to_string()),
        ("Duration", sign.duration.to_string()),
        ("ObjectType", format!("{:02X}", sign.object_type)),
        ("ObjectLatitude", sign.latitude.to_string()),
        ("ObjectLongitude", sign.longitude.to_string()),
        ("ObjectSizeDim1", format!("{:04}", sign.dim1)),
        ("ObjectSizeDim2", format!("{:04}", sign.dim2)),
        ("ObjectOrientation", format!("{:03}", sign.orientation)),
    ]
}

/// The two texts of a request object.
pub(crate) fn object(object: &RequestObject) -> [Named; 2] {
    [
        ("ObjectType", format!("{:02X}", object.object_type)),
        ("ObjectTypeQuant", format!("{:02}", object.quantity)),
    ]
}
