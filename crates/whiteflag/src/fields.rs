//! The fields of every message in their order, each with its name and what it should be: reading
//! messages from any source of named texts. Owns no syntax around the fields; `written` is the
//! other way.

use std::str::FromStr;

use crate::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, FormError, LatitudeDigits,
    LongitudeDigits, Message, MessageCode, Reference, ReferenceIndicator, RequestObject,
    RequestObjects, Sign, SignKind, Text, TransactionHash, hex,
};

/// A field's name in the schema, the number of characters it has in the
/// uncompressed form (`None`: all that are left) and what it should be.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) length: Option<usize>,
    pub(crate) expected: FormError,
}

/// Declares a field: its constant, its name, its length and what it should be.
macro_rules! field {
    ($constant:ident, $name:literal, $length:literal, $expected:expr) => {
        pub(crate) const $constant: Field = Field {
            name: $name,
            length: Some($length),
            expected: $expected,
        };
    };
    ($constant:ident, $name:literal, rest, $expected:expr) => {
        pub(crate) const $constant: Field = Field {
            name: $name,
            length: None,
            expected: $expected,
        };
    };
}

const HEX_BYTE: FormError = FormError("two hexadecimal digits");
const HEX_DIGIT: FormError = FormError("one hexadecimal digit");
const HEX_OCTETS: FormError = FormError("an even number of hexadecimal digits");
const LETTER: FormError = FormError("one of A K T P E D S I M Q R F");
const PLAIN: FormError = FormError("text of plain letters, digits and signs (up to U+007F)");

field!(PREFIX, "Prefix", 2, FormError("WF"));
field!(VERSION, "Version", 1, FormError("1"));
field!(
    ENCRYPTION,
    "EncryptionIndicator",
    1,
    FormError("0 for no encryption, 1 or 2, or an upper-case letter")
);
field!(
    DURESS,
    "DuressIndicator",
    1,
    FormError("0, or 1 when sent under threat")
);
field!(CODE, "MessageCode", 1, LETTER);
field!(
    INDICATOR,
    "ReferenceIndicator",
    1,
    FormError("a digit from 0 (refers to nothing) to 9")
);
field!(
    REFERENCED_MESSAGE,
    "ReferencedMessage",
    64,
    TransactionHash::FORM
);

field!(VERIFICATION_METHOD, "VerificationMethod", 1, HEX_DIGIT);
field!(VERIFICATION_DATA, "VerificationData", rest, PLAIN);
field!(CRYPTO_DATA_TYPE, "CryptoDataType", 2, HEX_BYTE);
field!(CRYPTO_DATA, "CryptoData", rest, HEX_OCTETS);
field!(RESOURCE_METHOD, "ResourceMethod", 1, HEX_DIGIT);
field!(RESOURCE_DATA, "ResourceData", rest, PLAIN);
field!(TEXT, "Text", rest, PLAIN);
field!(PSEUDO_CODE, "PseudoMessageCode", 1, LETTER);

field!(SUBJECT, "SubjectCode", 2, HEX_BYTE);
field!(DATE_TIME, "DateTime", 20, DateTimeDigits::FORM);
field!(DURATION, "Duration", 10, DurationDigits::FORM);
field!(OBJECT_TYPE, "ObjectType", 2, HEX_BYTE);
field!(LATITUDE, "ObjectLatitude", 9, LatitudeDigits::FORM);
field!(LONGITUDE, "ObjectLongitude", 10, LongitudeDigits::FORM);
field!(DIM1, "ObjectSizeDim1", 4, Decimals::<4>::FORM);
field!(DIM2, "ObjectSizeDim2", 4, Decimals::<4>::FORM);
field!(ORIENTATION, "ObjectOrientation", 3, Decimals::<3>::FORM);
field!(QUANTITY, "ObjectTypeQuant", 2, Decimals::<2>::FORM);

/// Where texts of fields come from, in the order of the specification.
pub(crate) trait FieldSource<'t>: Sized {
    /// Why reading can fail.
    type Error;

    /// The text of the next field.
    fn text(&mut self, field: Field) -> Result<&'t str, Self::Error>;
    /// The error for a text of the wrong form.
    fn wrong(&self, field: Field, expected: FormError) -> Self::Error;
    /// The error for a text with characters that Whiteflag does not have.
    fn characters(&self, field: Field, _text: &str) -> Self::Error {
        self.wrong(field, field.expected)
    }
    /// Reads the next field with `parse`.
    fn read<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Self::Error> {
        let value = parse(self.text(field)?);
        value.ok_or_else(|| self.wrong(field, field.expected))
    }

    /// Reads a field whose type knows its own form.
    fn parse<T: FromStr>(&mut self, field: Field) -> Result<T, Self::Error> {
        self.read(field, |text| text.parse().ok())
    }
}

/// Where the fields of a body come from, and what else it may hold.
pub(crate) trait BodySource<'t>: FieldSource<'t> {
    /// The objects of a request.
    fn objects(&mut self) -> Result<RequestObjects, Self::Error>;
    /// The content that a test message wraps.
    fn pseudo(&mut self, code: MessageCode) -> Result<Content, Self::Error>;
}

/// Everything of the generic header but what is referred to.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    pub(crate) encryption: u8,
    pub(crate) duress: bool,
    pub(crate) code: MessageCode,
    pub(crate) indicator: ReferenceIndicator,
}

impl Start {
    pub(crate) fn message(self, referenced: TransactionHash, body: Body) -> Message {
        Message {
            encryption: self.encryption,
            duress: self.duress,
            reference: Reference {
                indicator: self.indicator,
                message: referenced,
            },
            body,
        }
    }
}

/// The fields before the last one of the header.
pub(crate) fn read_start<'t, S: FieldSource<'t>>(source: &mut S) -> Result<Start, S::Error> {
    let is = |wanted: &'static str| move |text: &str| (text == wanted).then_some(());
    source.read(PREFIX, is("WF"))?;
    source.read(VERSION, is("1"))?;
    // 3 to 9 are reserved (specification 4.2.1.3); letters are for private use.
    let encryption = source.read(ENCRYPTION, |text| match text.as_bytes() {
        [octet @ (b'0'..=b'2' | b'A'..=b'Z')] => Some(*octet),
        _ => None,
    })?;
    let duress = source.read(DURESS, |text| match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    })?;
    let code = source.read(CODE, parse_code)?;
    let indicator = source.read(INDICATOR, |text| {
        hex::parse_nibble(text).and_then(ReferenceIndicator::from_digit)
    })?;
    Ok(Start {
        encryption,
        duress,
        code,
        indicator,
    })
}

/// The last field of the header.
pub(crate) fn read_hash<'t, S: FieldSource<'t>>(
    source: &mut S,
) -> Result<TransactionHash, S::Error> {
    source.parse(REFERENCED_MESSAGE)
}

pub(crate) fn read_body<'t, S: BodySource<'t>>(
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

pub(crate) fn read_content<'t, S: BodySource<'t>>(
    source: &mut S,
    code: MessageCode,
) -> Result<Content, S::Error> {
    let kind = match code {
        MessageCode::Authentication => {
            let method = source.read(VERIFICATION_METHOD, hex::parse_nibble)?;
            let data = read_text(source, VERIFICATION_DATA)?;
            return Ok(Content::Authentication { method, data });
        }
        MessageCode::Cryptographic => return read_cryptographic(source),
        MessageCode::Resource => {
            let method = source.read(RESOURCE_METHOD, hex::parse_nibble)?;
            let data = read_text(source, RESOURCE_DATA)?;
            return Ok(Content::Resource { method, data });
        }
        MessageCode::FreeText => return Ok(Content::FreeText(read_text(source, TEXT)?)),
        MessageCode::Request => {
            let sign = read_sign(source)?;
            let objects = source.objects()?;
            return Ok(Content::Request { sign, objects });
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

/// whiteflag-js cuts four bits too early: one digit of type, and the other before the data. Its
/// data has an odd number of digits then, which no data has.
fn read_cryptographic<'t, S: FieldSource<'t>>(source: &mut S) -> Result<Content, S::Error> {
    let data_type = source.text(CRYPTO_DATA_TYPE)?;
    let data = source.text(CRYPTO_DATA)?;
    let shifted = data.split_at_checked(1);
    let (data_type, data) = match (data_type.len(), shifted) {
        (1, Some((digit, rest))) if data.len() % 2 == 1 => (format!("{data_type}{digit}"), rest),
        _ => (data_type.to_owned(), data),
    };
    let wrong = |field: Field| source.wrong(field, field.expected);
    Ok(Content::Cryptographic {
        data_type: hex::parse_byte(&data_type).ok_or_else(|| wrong(CRYPTO_DATA_TYPE))?,
        data: hex::parse_bytes(data).ok_or_else(|| wrong(CRYPTO_DATA))?,
    })
}

fn read_text<'t, S: FieldSource<'t>>(source: &mut S, field: Field) -> Result<Text, S::Error> {
    let text = source.text(field)?;
    Text::new(text).map_err(|_| source.characters(field, text))
}

fn read_sign<'t, S: FieldSource<'t>>(source: &mut S) -> Result<Sign, S::Error> {
    Ok(Sign {
        subject: source.read(SUBJECT, hex::parse_byte)?,
        date_time: source.parse(DATE_TIME)?,
        duration: source.parse(DURATION)?,
        object_type: source.read(OBJECT_TYPE, hex::parse_byte)?,
        latitude: source.parse(LATITUDE)?,
        longitude: source.parse(LONGITUDE)?,
        dim1: source.parse(DIM1)?,
        dim2: source.parse(DIM2)?,
        orientation: source.parse(ORIENTATION)?,
    })
}

/// One request object: its type and its quantity.
pub(crate) fn read_object<'t, S: FieldSource<'t>>(
    source: &mut S,
) -> Result<RequestObject, S::Error> {
    Ok(RequestObject {
        object_type: source.read(OBJECT_TYPE, hex::parse_byte)?,
        quantity: source.parse(QUANTITY)?,
    })
}

fn parse_code(text: &str) -> Option<MessageCode> {
    let mut letters = text.chars();
    let code = letters.next().and_then(MessageCode::from_letter)?;
    letters.next().is_none().then_some(code)
}
