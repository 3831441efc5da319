//! From bytes to a message. Total: any bytes of any length are a message or an error, in time
//! proportional to their number.

use crate::bits::BitReader;
use crate::{
    Body, Content, Decimals, Ignored, MAX_REQUEST_OBJECTS, Message, MessageCode, Reference,
    ReferenceIndicator, RequestObject, RequestObjects, Sign, SignKind, Text, TransactionHash, hex,
    ignored, packed_sign,
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

/// Why hexadecimal digits are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// They are not digits, or of an odd number.
    #[error("give an even number of hexadecimal digits (0 to 9, a to f)")]
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

/// How many bits lie between the first four octets and a body: one for duress, eight of the code,
/// and the reference.
const HEADER: u32 = 1 + 8 + 4 + 256;

/// What becomes of octets above 7F in a text.
#[derive(Clone, Copy)]
enum Characters {
    Refused,
    Escaped,
}

/// Prefix, version and encryption indicator: what an encrypted message shows too. And the octets
/// after them.
pub(crate) fn start(bytes: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
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

/// What follows the first four octets. The fields before the body have their places in octets, so
/// only the body needs a reader of bits.
fn whole(
    encryption: u8,
    bits: &mut BitReader<'_>,
    characters: Characters,
) -> Result<Message, DecodeError> {
    let octets = bits.ahead();
    // One duress bit, eight of the code, four of the reference indicator; then the reference.
    let marks = octets.first_chunk().ok_or(DecodeError::CutShort)?;
    let marks = u16::from_be_bytes(*marks);
    let own = code((marks >> 7) as u8)?;
    let indicator = ReferenceIndicator::from_digit((marks >> 3) as u8 & 0xF)
        .ok_or(DecodeError::ReferenceIndicator)?;
    let hash = octets.get(1..).and_then(<[u8]>::first_chunk);
    let message = TransactionHash::new(unshifted(hash.ok_or(DecodeError::CutShort)?));
    bits.skip(HEADER);
    let test = own == MessageCode::Test;
    let meant = if test {
        code(take(bits, 8)? as u8)?
    } else {
        own
    };
    let content = content(bits, meant, characters)?;
    Ok(Message {
        encryption,
        duress: marks >> 15 == 1,
        reference: Reference { indicator, message },
        body: if test {
            Body::Test(content)
        } else {
            Body::Plain(content)
        },
    })
}

fn code(letter: u8) -> Result<MessageCode, DecodeError> {
    MessageCode::from_letter(char::from(letter)).ok_or(DecodeError::MessageCode)
}

/// The 32 octets that begin five bits into the first of these.
#[inline]
fn unshifted(octets: &[u8; 33]) -> [u8; 32] {
    let ([high @ .., _], [_, low @ ..]) = (octets, octets);
    let mut hash = [0; 32];
    for (octet, (high, low)) in hash.iter_mut().zip(high.iter().zip(low)) {
        *octet = (high << 5) | (low >> 3);
    }
    hash
}

fn content(
    bits: &mut BitReader<'_>,
    code: MessageCode,
    characters: Characters,
) -> Result<Content, DecodeError> {
    let kind = match code {
        MessageCode::Protective => SignKind::Protective,
        MessageCode::Emergency => SignKind::Emergency,
        MessageCode::Danger => SignKind::Danger,
        MessageCode::Status => SignKind::Status,
        MessageCode::Infrastructure => SignKind::Infrastructure,
        MessageCode::Mission => SignKind::Mission,
        MessageCode::Request => return request(bits),
        MessageCode::Test => return Err(DecodeError::TestInTest),
        MessageCode::Cryptographic => return key(bits),
        MessageCode::FreeText => return Ok(Content::FreeText(text(bits, characters)?)),
        MessageCode::Authentication => {
            let (method, data) = method_and_text(bits, characters)?;
            return Ok(Content::Authentication { method, data });
        }
        MessageCode::Resource => {
            let (method, data) = method_and_text(bits, characters)?;
            return Ok(Content::Resource { method, data });
        }
    };
    let sign = sign(bits)?;
    Ok(Content::Sign { kind, sign })
}

/// Signs are the usual content, and their path is the fastest where the others stay out of it.
#[inline(never)]
fn request(bits: &mut BitReader<'_>) -> Result<Content, DecodeError> {
    let sign = sign(bits)?;
    let objects = objects(bits)?;
    Ok(Content::Request { sign, objects })
}

#[inline(never)]
fn key(bits: &mut BitReader<'_>) -> Result<Content, DecodeError> {
    let data_type = take(bits, 8)? as u8;
    let data = octets(bits);
    Ok(Content::Cryptographic { data_type, data })
}

#[inline(never)]
fn method_and_text(
    bits: &mut BitReader<'_>,
    characters: Characters,
) -> Result<(u8, Text), DecodeError> {
    let method = take(bits, 4)? as u8;
    Ok((method, text(bits, characters)?))
}

#[inline]
fn sign(bits: &mut BitReader<'_>) -> Result<Sign, DecodeError> {
    let octets = bits.ahead().first_chunk().ok_or(DecodeError::CutShort)?;
    bits.skip(packed_sign::BITS);
    Sign::from_octets(octets).ok_or(DecodeError::Digit)
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
