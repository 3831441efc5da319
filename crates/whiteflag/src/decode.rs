//! From bytes to a message. Total: any bytes of any length are a message or an error, in time
//! proportional to their number.

use crate::bits::BitReader;
use crate::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits,
    MAX_REQUEST_OBJECTS, Message, MessageCode, Reference, ReferenceIndicator, RequestObject, Sign,
    SignKind, Text, TransactionHash,
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

impl Message {
    /// Reads a message. Octets after a body of fixed length, and the values of padding bits, are
    /// ignored, as every known implementation does.
    ///
    /// # Errors
    /// See [`DecodeError`]: nothing else makes bytes unreadable.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        match start(&mut BitReader::new(bytes))? {
            b'0' => Self::from_plaintext(bytes),
            _ => Err(DecodeError::Encrypted),
        }
    }

    /// Reads octets that are known not to be encrypted, or no longer, whatever their indicator
    /// says: the output of a cipher.
    ///
    /// # Errors
    /// As [`Message::decode`], without [`DecodeError::Encrypted`].
    pub fn from_plaintext(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut bits = BitReader::new(bytes);
        let encryption = start(&mut bits)?;
        let duress = take(&mut bits, 1)? == 1;
        let code = code(&mut bits)?;
        let reference = reference(&mut bits)?;
        let body = if code == MessageCode::Test {
            let pseudo = self::code(&mut bits)?;
            Body::Test(content(&mut bits, pseudo)?)
        } else {
            Body::Plain(content(&mut bits, code)?)
        };
        Ok(Self {
            encryption,
            duress,
            reference,
            body,
        })
    }
}

/// Prefix, version and encryption indicator: what an encrypted message shows too.
fn start(bits: &mut BitReader<'_>) -> Result<u8, DecodeError> {
    if bits.take(16) != Some(0x5746) {
        return Err(DecodeError::NotWhiteflag);
    }
    if take(bits, 8)? != u64::from(b'1') {
        return Err(DecodeError::Version);
    }
    match take(bits, 8)? as u8 {
        known @ (b'0'..=b'2' | b'A'..=b'Z') => Ok(known),
        _ => Err(DecodeError::EncryptionIndicator),
    }
}

fn code(bits: &mut BitReader<'_>) -> Result<MessageCode, DecodeError> {
    let letter = char::from(take(bits, 8)? as u8);
    MessageCode::from_letter(letter).ok_or(DecodeError::MessageCode)
}

fn reference(bits: &mut BitReader<'_>) -> Result<Reference, DecodeError> {
    let indicator = ReferenceIndicator::from_digit(take(bits, 4)? as u8)
        .ok_or(DecodeError::ReferenceIndicator)?;
    let mut hash = [0; 32];
    for word in hash.as_chunks_mut::<8>().0 {
        *word = take(bits, 64)?.to_be_bytes();
    }
    Ok(Reference {
        indicator,
        message: TransactionHash::new(hash),
    })
}

fn content(bits: &mut BitReader<'_>, code: MessageCode) -> Result<Content, DecodeError> {
    let kind = match code {
        MessageCode::Authentication => {
            let method = take(bits, 4)? as u8;
            return Ok(Content::Authentication {
                method,
                data: text(bits)?,
            });
        }
        MessageCode::Cryptographic => {
            let data_type = take(bits, 8)? as u8;
            return Ok(Content::Cryptographic {
                data_type,
                data: octets(bits),
            });
        }
        MessageCode::Resource => {
            let method = take(bits, 4)? as u8;
            return Ok(Content::Resource {
                method,
                data: text(bits)?,
            });
        }
        MessageCode::FreeText => return Ok(Content::FreeText(text(bits)?)),
        MessageCode::Request => {
            let sign = sign(bits)?;
            return Ok(Content::Request {
                sign,
                objects: objects(bits)?,
            });
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

fn sign(bits: &mut BitReader<'_>) -> Result<Sign, DecodeError> {
    let digit = DecodeError::Digit;
    Ok(Sign {
        subject: take(bits, 8)? as u8,
        date_time: DateTimeDigits::from_packed(take(bits, 56)?).ok_or(digit)?,
        duration: DurationDigits::from_packed(take(bits, 24)? as u32).ok_or(digit)?,
        object_type: take(bits, 8)? as u8,
        latitude: LatitudeDigits::from_packed(take(bits, 29)? as u32).ok_or(digit)?,
        longitude: LongitudeDigits::from_packed(take(bits, 33)?).ok_or(digit)?,
        dim1: Decimals::from_packed(take(bits, 16)?).ok_or(digit)?,
        dim2: Decimals::from_packed(take(bits, 16)?).ok_or(digit)?,
        orientation: Decimals::from_packed(take(bits, 12)?).ok_or(digit)?,
    })
}

fn objects(bits: &mut BitReader<'_>) -> Result<Vec<RequestObject>, DecodeError> {
    let mut objects = Vec::new();
    while objects.len() < MAX_REQUEST_OBJECTS {
        let (Some(object_type), Some(quantity)) = (bits.take(8), bits.take(8)) else {
            break;
        };
        let quantity = Decimals::from_packed(quantity).ok_or(DecodeError::Digit)?;
        objects.push(RequestObject {
            object_type: object_type as u8,
            quantity,
        });
    }
    Ok(objects)
}

fn text(bits: &mut BitReader<'_>) -> Result<Text, DecodeError> {
    let characters = String::from_utf8(octets(bits)).map_err(|_| DecodeError::Character)?;
    Text::new(characters).map_err(|_| DecodeError::Character)
}

/// Whole octets to the end; what is left of the last one is padding.
fn octets(bits: &mut BitReader<'_>) -> Vec<u8> {
    let mut octets = Vec::with_capacity(bits.remaining() / 8);
    while let Some(octet) = bits.take(8) {
        octets.push(octet as u8);
    }
    octets
}

fn take(bits: &mut BitReader<'_>, count: u32) -> Result<u64, DecodeError> {
    bits.take(count).ok_or(DecodeError::CutShort)
}
