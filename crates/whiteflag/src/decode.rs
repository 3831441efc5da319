//! From bytes to a message. Total: any bytes of any length are a message or an error, in time
//! proportional to their number.

use crate::bits::BitReader;
use crate::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, Ignored, LatitudeDigits,
    LongitudeDigits, MAX_REQUEST_OBJECTS, Message, MessageCode, Reference, ReferenceIndicator,
    RequestObject, RequestObjects, Sign, SignKind, Text, TransactionHash, hex, ignored,
};

/// Why bytes are not a message that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They do not start with `WF`.
    #[error("this is not a Whiteflag message: it does not start with WF")]
    NotWhiteflag,
    /// A version other than 1.
    #[error("this message is of a version of Whiteflag that is not known")]
    Version,
    /// The message is encrypted and there is no key for it.
    #[error("this message is encrypted, and there is no key for it")]
    Encrypted,
    /// An encryption indicator that the protocol reserves.
    #[error("the encryption indicator of this message is not defined")]
    EncryptionIndicator,
    /// A message code that is not defined.
    #[error("the message code is not defined")]
    MessageCode,
    /// A test message inside a test message.
    #[error("a test message cannot wrap another test message")]
    TestInTest,
    /// A reference indicator that is not defined.
    #[error("the reference indicator is not defined")]
    ReferenceIndicator,
    /// A decimal digit above 9.
    #[error("a decimal digit is above 9")]
    Digit,
    /// An octet above 7F in a text.
    #[error("the text holds a character that Whiteflag does not allow")]
    Character,
    /// It ends too early.
    #[error("the message is cut short")]
    CutShort,
}

/// What hexadecimal digits were not a message for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// They are not digits, or of an odd number.
    #[error("these are not octets; give an even number of hexadecimal digits (0 to 9, a to f)")]
    Digits,
    /// The octets are no message.
    #[error(transparent)]
    Message(#[from] DecodeError),
}

impl Message {
    /// Reads a message. Octets after a body of fixed length, and the values of padding bits, are
    /// ignored, as every known implementation does; [`Message::decode_noting`] tells which.
    ///
    /// # Errors
    /// See [`DecodeError`]: nothing else makes bytes unreadable.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match start(bytes)? {
            (b'0', rest) => whole(b'0', &mut BitReader::new(rest), Characters::Refused),
            _ => Err(DecodeError::Encrypted),
        }
    }

    /// As [`Message::decode`], from hexadecimal digits in either case, without `0x`.
    ///
    /// # Errors
    /// As [`Message::decode`], and when they are not hexadecimal digits.
    pub fn from_hex(digits: &str) -> Result<Self, HexError> {
        let octets = hex::parse_bytes(digits).ok_or(HexError::Digits)?;
        Ok(Self::decode(&octets)?)
    }

    /// As [`Message::decode`], and tells what was in the bytes that the message does not say.
    ///
    /// # Errors
    /// As [`Message::decode`].
    pub fn decode_noting(bytes: &[u8]) -> Result<(Self, Vec<Ignored>), DecodeError> {
        let (b'0', rest) = start(bytes)? else {
            return Err(DecodeError::Encrypted);
        };
        let mut bits = BitReader::new(rest);
        let message = whole(b'0', &mut bits, Characters::Refused)?;
        let ignored = ignored::after(&message, bits, bytes.len());
        Ok((message, ignored))
    }

    /// As [`Message::decode`], for showing only: where a text holds an octet above 7F, each such
    /// octet is read as `\xNN` (lower-case digits) and each backslash of that text as `\\`.
    ///
    /// Such a message says something else than its bytes do: never encode it.
    ///
    /// # Errors
    /// As [`Message::decode`], without [`DecodeError::Character`].
    pub fn decode_to_show(bytes: &[u8]) -> Result<Self, DecodeError> {
        match start(bytes)? {
            (b'0', rest) => whole(b'0', &mut BitReader::new(rest), Characters::Escaped),
            _ => Err(DecodeError::Encrypted),
        }
    }

    /// Reads octets that are known not to be encrypted, or no longer, whatever their indicator
    /// says: the output of a cipher.
    ///
    /// # Errors
    /// As [`Message::decode`], without [`DecodeError::Encrypted`].
    pub fn from_plaintext(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (encryption, rest) = start(bytes)?;
        whole(encryption, &mut BitReader::new(rest), Characters::Refused)
    }
}

/// What becomes of octets above 7F in a text.
#[derive(Clone, Copy)]
enum Characters {
    Refused,
    Escaped,
}

/// Prefix, version and encryption indicator: what an encrypted message shows too. And the octets
/// after them.
fn start(bytes: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
    match bytes {
        [
            b'W',
            b'F',
            b'1',
            known @ (b'0'..=b'2' | b'A'..=b'Z'),
            rest @ ..,
        ] => Ok((*known, rest)),
        [b'W', b'F', b'1', _, ..] => Err(DecodeError::EncryptionIndicator),
        [b'W', b'F'] | [b'W', b'F', b'1'] => Err(DecodeError::CutShort),
        [b'W', b'F', ..] => Err(DecodeError::Version),
        _ => Err(DecodeError::NotWhiteflag),
    }
}

fn whole(
    encryption: u8,
    bits: &mut BitReader<'_>,
    characters: Characters,
) -> Result<Message, DecodeError> {
    // One duress bit, eight of the code, four of the reference indicator.
    let marks = take(bits, 13)?;
    let duress = marks >> 12 == 1;
    let code = code((marks >> 4) as u8)?;
    let reference = reference(bits, (marks & 0xF) as u8)?;
    let body = if code == MessageCode::Test {
        let pseudo = self::code(take(bits, 8)? as u8)?;
        Body::Test(content(bits, pseudo, characters)?)
    } else {
        Body::Plain(content(bits, code, characters)?)
    };
    Ok(Message {
        encryption,
        duress,
        reference,
        body,
    })
}

fn code(letter: u8) -> Result<MessageCode, DecodeError> {
    MessageCode::from_letter(char::from(letter)).ok_or(DecodeError::MessageCode)
}

fn reference(bits: &mut BitReader<'_>, indicator: u8) -> Result<Reference, DecodeError> {
    let indicator =
        ReferenceIndicator::from_digit(indicator).ok_or(DecodeError::ReferenceIndicator)?;
    let mut hash = [0; 32];
    bits.take_octets(&mut hash).ok_or(DecodeError::CutShort)?;
    Ok(Reference {
        indicator,
        message: TransactionHash::new(hash),
    })
}

fn content(
    bits: &mut BitReader<'_>,
    code: MessageCode,
    characters: Characters,
) -> Result<Content, DecodeError> {
    let kind = match code {
        MessageCode::Authentication => {
            let method = take(bits, 4)? as u8;
            let data = text(bits, characters)?;
            return Ok(Content::Authentication { method, data });
        }
        MessageCode::Cryptographic => {
            let data_type = take(bits, 8)? as u8;
            let data = octets(bits);
            return Ok(Content::Cryptographic { data_type, data });
        }
        MessageCode::Resource => {
            let method = take(bits, 4)? as u8;
            let data = text(bits, characters)?;
            return Ok(Content::Resource { method, data });
        }
        MessageCode::FreeText => return Ok(Content::FreeText(text(bits, characters)?)),
        MessageCode::Request => {
            let sign = sign(bits)?;
            let objects = objects(bits)?;
            return Ok(Content::Request { sign, objects });
        }
        MessageCode::Test => return Err(DecodeError::TestInTest),
        MessageCode::Protective => SignKind::Protective,
        MessageCode::Emergency => SignKind::Emergency,
        MessageCode::Danger => SignKind::Danger,
        MessageCode::Status => SignKind::Status,
        MessageCode::Infrastructure => SignKind::Infrastructure,
        MessageCode::Mission => SignKind::Mission,
    };
    Ok(Content::Sign {
        kind,
        sign: sign(bits)?,
    })
}

/// Neighbours are taken together as far as they fit into a word.
fn sign(bits: &mut BitReader<'_>) -> Result<Sign, DecodeError> {
    let digit = DecodeError::Digit;
    let subject_and_time = take(bits, 64)?;
    let lasting_to_latitude = take(bits, 61)?;
    let longitude_and_dim1 = take(bits, 49)?;
    let dim2_and_orientation = take(bits, 28)?;
    let low = |word: u64, count: u32| word & 1_u64.wrapping_shl(count).wrapping_sub(1);
    Ok(Sign {
        subject: (subject_and_time >> 56) as u8,
        date_time: DateTimeDigits::from_packed(low(subject_and_time, 56)).ok_or(digit)?,
        duration: DurationDigits::from_packed((lasting_to_latitude >> 37) as u32).ok_or(digit)?,
        object_type: (lasting_to_latitude >> 29) as u8,
        latitude: LatitudeDigits::from_packed(low(lasting_to_latitude, 29) as u32).ok_or(digit)?,
        longitude: LongitudeDigits::from_packed(longitude_and_dim1 >> 16).ok_or(digit)?,
        dim1: Decimals::from_packed(low(longitude_and_dim1, 16)).ok_or(digit)?,
        dim2: Decimals::from_packed(dim2_and_orientation >> 12).ok_or(digit)?,
        orientation: Decimals::from_packed(low(dim2_and_orientation, 12)).ok_or(digit)?,
    })
}

fn objects(bits: &mut BitReader<'_>) -> Result<RequestObjects, DecodeError> {
    let mut objects = RequestObjects::NONE;
    while objects.len() < MAX_REQUEST_OBJECTS {
        let Some(pair) = bits.take(16) else {
            break;
        };
        let quantity = Decimals::from_packed(pair & 0xFF).ok_or(DecodeError::Digit)?;
        let object = RequestObject {
            object_type: (pair >> 8) as u8,
            quantity,
        };
        // There is room: the loop ends at eight.
        let _ = objects.push(object);
    }
    Ok(objects)
}

fn text(bits: &mut BitReader<'_>, characters: Characters) -> Result<Text, DecodeError> {
    let octets = octets(bits);
    let text = match characters {
        Characters::Escaped if !octets.is_ascii() => escaped(&octets),
        Characters::Escaped | Characters::Refused => {
            String::from_utf8(octets).map_err(|_| DecodeError::Character)?
        }
    };
    Text::new(text).map_err(|_| DecodeError::Character)
}

/// Two backslashes for one, so that what is shown can be told from what was sent.
fn escaped(octets: &[u8]) -> String {
    let mut text = String::new();
    for octet in octets {
        match octet {
            0x80.. => {
                text.push_str("\\x");
                text.push_str(&hex::lower(&[*octet]));
            }
            b'\\' => text.push_str("\\\\"),
            plain => text.push(char::from(*plain)),
        }
    }
    text
}

/// Whole octets to the end; what is left of the last one is padding.
fn octets(bits: &mut BitReader<'_>) -> Vec<u8> {
    let mut octets = vec![0; bits.remaining() / 8];
    // There are as many.
    let _ = bits.take_octets(&mut octets);
    octets
}

#[inline(always)]
fn take(bits: &mut BitReader<'_>, count: u32) -> Result<u64, DecodeError> {
    bits.take(count).ok_or(DecodeError::CutShort)
}
