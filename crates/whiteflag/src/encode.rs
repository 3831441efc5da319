//! From a message to bytes: fields without gaps, zero bits after the last one (specification 4.1).

use crate::bits::BitWriter;
use crate::{Body, Content, Message, Reference, Sign, hex};

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
        let start = [b'W', b'F', b'1', self.encryption];
        bits.put(u64::from(u32::from_be_bytes(start)), 32);
        bits.put(u64::from(self.duress), 1);
        put_letter(&mut bits, self.code().letter());
        put_reference(&mut bits, &self.reference);
        match &self.body {
            Body::Plain(content) => put_content(&mut bits, content),
            Body::Test(content) => {
                put_letter(&mut bits, content.code().letter());
                put_content(&mut bits, content);
            }
        }
        *octets = bits.finish();
    }
}

/// Room for a sign or a request in a test message: nothing of a fixed length is longer.
const TYPICAL: usize = 80;

fn put_letter(bits: &mut BitWriter, letter: char) {
    bits.put(u64::from(u32::from(letter)), 8);
}

fn put_reference(bits: &mut BitWriter, reference: &Reference) {
    bits.put(u64::from(reference.indicator.digit()), 4);
    bits.put_bytes(reference.message.as_bytes());
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
        Content::Sign { sign, .. } => put_sign(bits, sign),
        Content::Request { sign, objects } => {
            put_sign(bits, sign);
            for object in objects {
                bits.put(u64::from(object.object_type), 8);
                bits.put(object.quantity.packed(), 8);
            }
        }
        Content::FreeText(text) => bits.put_bytes(text.as_str().as_bytes()),
    }
}

/// Neighbours go together as far as they fit into a word.
fn put_sign(bits: &mut BitWriter, sign: &Sign) {
    bits.put(
        (u64::from(sign.subject) << 56) | sign.date_time.packed(),
        64,
    );
    let lasting = (u64::from(sign.duration.packed()) << 8) | u64::from(sign.object_type);
    bits.put((lasting << 29) | u64::from(sign.latitude.packed()), 61);
    bits.put((sign.longitude.packed() << 16) | sign.dim1.packed(), 49);
    bits.put((sign.dim2.packed() << 12) | sign.orientation.packed(), 28);
}
