//! From a message to bytes: fields without gaps, zero bits after the last one (specification 4.1).

use crate::bits::BitWriter;
use crate::{Body, Content, Message, MessageCode, Reference, hex, packed_sign};

/// Why a message has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Its indicator says that it is encrypted; plain text is never written under that.
    #[error(
        "the EncryptionIndicator is not 0, and a message that is said to be encrypted is never written in plain text"
    )]
    NotEncrypted,
}

impl Message {
    /// The compressed form of the message.
    ///
    /// # Errors
    /// When the message is said to be encrypted.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut octets = Vec::with_capacity(TYPICAL);
        self.encode_to(&mut octets)?;
        Ok(octets)
    }

    /// As [`Message::encode`], appended to `octets`. Allocates nothing for signs and requests when
    /// there is room for 80 octets.
    ///
    /// # Errors
    /// As [`Message::encode`]; then nothing is appended.
    pub fn encode_to(&self, octets: &mut Vec<u8>) -> Result<(), EncodeError> {
        if self.encryption != b'0' {
            return Err(EncodeError::NotEncrypted);
        }
        self.append(octets);
        Ok(())
    }

    /// As [`Message::encode`], in lower-case hexadecimal digits.
    ///
    /// # Errors
    /// As [`Message::encode`].
    pub fn to_hex(&self) -> Result<String, EncodeError> {
        self.encode().map(|octets| hex::lower(&octets))
    }

    /// The octets as they are before encryption, whatever the indicator says: the input of a
    /// cipher, never to be sent under an indicator other than 0.
    #[must_use]
    pub fn plaintext(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(TYPICAL);
        self.append(&mut octets);
        octets
    }

    fn append(&self, octets: &mut Vec<u8>) {
        let mut bits = BitWriter::after(std::mem::take(octets));
        bits.join(&self.header(), 5);
        match &self.body {
            Body::Plain(content) => put_content(&mut bits, content),
            Body::Test(content) => {
                bits.put(u64::from(letter(content.code())), 8);
                put_content(&mut bits, content);
            }
        }
        *octets = bits.finish();
    }

    /// What every message begins with; the rest begins five bits into the last of these octets.
    #[inline]
    fn header(&self) -> [u8; 38] {
        let Reference { indicator, message } = self.reference;
        let marks = (u16::from(self.duress) << 15)
            | (u16::from(letter(self.code())) << 7)
            | (u16::from(indicator.digit()) << 3);
        let [before, into] = marks.to_be_bytes();
        let mut header = [0; 38];
        let [w, f, version, encryption, mark, hash @ ..] = &mut header;
        (*w, *f, *version, *encryption, *mark) = (b'W', b'F', b'1', self.encryption, before);
        *hash = shifted(into, message.as_bytes());
        header
    }
}

/// Room for a sign or a request in a test message: nothing of a fixed length is longer.
const TYPICAL: usize = 80;

const fn letter(code: MessageCode) -> u8 {
    code.letter() as u8
}

/// The octets, beginning five bits into the first of these, which begins with `before`.
#[inline]
fn shifted(before: u8, hash: &[u8; 32]) -> [u8; 33] {
    let mut octets = [0; 33];
    let [places @ .., last] = &mut octets;
    let mut carried = u128::from(before) << 120;
    let words = hash.as_chunks::<16>().0;
    for (place, word) in places.as_chunks_mut::<16>().0.iter_mut().zip(words) {
        let word = u128::from_be_bytes(*word);
        *place = (carried | (word >> 5)).to_be_bytes();
        carried = word << 123;
    }
    *last = (carried >> 120) as u8;
    octets
}

fn put_content(bits: &mut BitWriter, content: &Content) {
    match content {
        Content::Authentication { method, data } | Content::Resource { method, data } => {
            bits.put(u64::from(*method), 4);
            bits.put_bytes(data.as_str().as_bytes());
        }
        Content::Cryptographic { data_type, data } => {
            bits.put(u64::from(*data_type), 8);
            bits.put_bytes(data);
        }
        Content::Sign { sign, .. } => bits.join(&sign.to_octets(), packed_sign::LAST),
        Content::Request { sign, objects } => {
            bits.join(&sign.to_octets(), packed_sign::LAST);
            for object in objects {
                bits.put(u64::from(object.object_type), 8);
                bits.put(object.quantity.packed(), 8);
            }
        }
        Content::FreeText(text) => bits.put_bytes(text.as_str().as_bytes()),
    }
}
