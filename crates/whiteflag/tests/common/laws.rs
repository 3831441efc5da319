//! What holds for every message, for all octets and for every text. Each law panics where it is
//! broken. The property tests and the fuzz targets call the same ones.

use serde_json::Value;
use whiteflag::bits::BitReader;
use whiteflag::{
    Body, Content, DecodeError, JsonError, MAX_REQUEST_OBJECTS, Message, ReferenceIndicator,
    TransactionHash,
};

/// Bits of the generic header (specification 4.2).
const HEADER: usize = 301;
/// Bits of the fields of a sign (specification 4.3.1).
const SIGN: usize = 202;
/// Bits of one object of a request.
const OBJECT: usize = 16;

/// A message is the same after each of its forms, and judging it always ends.
pub(crate) fn of_a_message(message: &Message) {
    let octets = message.plaintext();
    assert_eq!(octets.len(), bits(message).div_ceil(8));
    assert_eq!(Message::from_plaintext(&octets).as_ref(), Ok(message));
    if message.encryption == b'0' {
        assert_eq!(message.encode().as_ref(), Ok(&octets));
        assert_eq!(Message::decode(&octets).as_ref(), Ok(message));
        let digits = message.to_hex();
        assert_eq!(
            digits.map(|d| Message::from_hex(&d)),
            Ok(Ok(message.clone()))
        );
    } else {
        message.encode().unwrap_err();
        assert_eq!(Message::decode(&octets), Err(DecodeError::Encrypted));
    }
    assert_eq!(Message::from_flat(&message.flat()).as_ref(), Ok(message));
    let value = message.to_value();
    assert_eq!(message.to_json(), value.to_string());
    assert_eq!(Message::from_json(&message.to_json()).as_ref(), Ok(message));
    let with_parent = Message::from_json_with_parent(&value);
    assert_eq!(with_parent, Ok((message.clone(), None)));
    assert!(message.check().len() < 64);
}

/// Octets are an error or a message that has every bit of its fields from them.
pub(crate) fn of_octets(octets: &[u8]) {
    let plain = Message::from_plaintext(octets);
    match Message::decode(octets) {
        Err(DecodeError::Encrypted) => {
            assert!(plain.as_ref().is_ok_and(is_flagged) || plain.is_err())
        }
        other => assert_eq!(other, plain),
    }
    what_is_ignored_is_told(octets);
    what_is_shown_is_what_is_read(octets);
    if let Ok(message) = plain {
        assert!(matches!(
            octets,
            [b'W', b'F', b'1', b'0'..=b'2' | b'A'..=b'Z', ..]
        ));
        nothing_is_made_up(octets, &message);
        only_what_may_be_ignored_is(octets, &message);
        of_a_message(&message);
    }
}

/// A text is an error or a message, in each of the forms that are texts.
pub(crate) fn of_text(text: &str) {
    if let Ok(message) = Message::from_flat(text) {
        of_a_message(&message);
    }
    let whole = Message::from_json(text);
    if let Ok(message) = &whole {
        of_a_message(message);
    }
    if let Ok(value) = serde_json::from_str(text) {
        let read = of_a_value(&value);
        // A text may say a field twice, which its value cannot.
        assert!(whole.is_err() || whole == read);
    }
}

/// A value is an error or a message, and is read as its text is.
fn of_a_value(value: &Value) -> Result<Message, JsonError> {
    let read = Message::from_value(value);
    assert_eq!(Message::from_json(&value.to_string()), read);
    match Message::from_json_with_parent(value) {
        Ok((message, None)) => assert_eq!(read, Ok(message)),
        Ok((message, Some(_))) => {
            assert_eq!(message.reference.message, TransactionHash::ZERO);
            assert_ne!(message.reference.indicator, ReferenceIndicator::Original);
            assert!(read.is_err());
        }
        // It may name the other form that is possible there.
        Err(_) => assert!(read.is_err()),
    }
    read
}

/// Nothing is told exactly when the octets are those that would be sent.
fn what_is_ignored_is_told(octets: &[u8]) {
    match (Message::decode(octets), Message::decode_noting(octets)) {
        (Ok(message), Ok((noted, ignored))) => {
            assert_eq!(
                ignored.is_empty(),
                message.plaintext() == octets,
                "{ignored:?}"
            );
            assert_eq!(noted, message);
        }
        (read, noted) => assert_eq!(noted.map(|(message, _)| message), read),
    }
}

/// But for characters that cannot be read otherwise.
fn what_is_shown_is_what_is_read(octets: &[u8]) {
    let shown = Message::decode_to_show(octets);
    match Message::decode(octets) {
        Err(DecodeError::Character) => of_a_message(&shown.unwrap()),
        read => assert_eq!(shown, read),
    }
}

fn is_flagged(message: &Message) -> bool {
    message.encryption != b'0'
}

/// How many bits the fields of a message take, counted apart from the encoder.
fn bits(message: &Message) -> usize {
    let (pseudo, content) = match &message.body {
        Body::Plain(content) => (0, content),
        Body::Test(content) => (8, content),
    };
    HEADER
        + pseudo
        + match content {
            Content::Authentication { data, .. } | Content::Resource { data, .. } => {
                4 + 8 * data.len()
            }
            Content::Cryptographic { data, .. } => 8 + 8 * data.len(),
            Content::Sign { .. } => SIGN,
            Content::Request { objects, .. } => SIGN + OBJECT * objects.len(),
            Content::FreeText(text) => 8 * text.len(),
        }
}

fn nothing_is_made_up(octets: &[u8], message: &Message) {
    let again = message.plaintext();
    let (whole, odd) = (bits(message) / 8, bits(message) % 8);
    assert_eq!(again[..whole], octets[..whole]);
    if odd > 0 {
        let padding = 0xFF_u8 >> odd;
        assert_eq!(again[whole], octets[whole] & !padding);
    }
}

/// After a sign anything; after a request what is no whole object or the ninth; after a text NUL;
/// else less than an octet.
fn only_what_may_be_ignored_is(octets: &[u8], message: &Message) {
    let rest = octets.len() * 8 - bits(message);
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    match content {
        Content::Sign { .. } => {}
        Content::Request { objects, .. } => {
            assert!(rest < OBJECT || objects.len() == MAX_REQUEST_OBJECTS);
        }
        Content::Cryptographic { .. } => assert!(rest < 8),
        Content::Authentication { .. } | Content::Resource { .. } | Content::FreeText(_) => {
            let mut bits = BitReader::new(octets);
            while bits.remaining() > rest {
                bits.take(1);
            }
            while let Some(octet) = bits.take(8) {
                assert_eq!(octet, 0, "a character was lost");
            }
        }
    }
}
