//! What is in the octets of a message that the message does not say, because every known
//! implementation passes over it. Never makes a message unreadable.

use std::fmt;

use crate::bits::BitReader;
use crate::{Body, Content, MAX_REQUEST_OBJECTS, Message};

/// Something in the octets that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// Bits that fill the last octet are not all zero.
    PaddingBits,
    /// A ninth request object, and those after it (specification 4.3.1.9).
    FurtherObjects,
    /// Octets after a body of fixed length.
    FurtherOctets,
    /// NUL characters at the end of a text.
    TrailingNul,
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PaddingBits => "the bits that fill the last octet are not zero",
            Self::FurtherObjects => "there are more than 8 request objects",
            Self::FurtherOctets => "there are octets after the last field",
            Self::TrailingNul => "the text ends with NUL characters",
        })
    }
}

/// What was passed over in `length` octets, of which `rest` is what follows the last field that was
/// read, in the order in which it lies there.
pub(crate) fn after(message: &Message, mut rest: BitReader<'_>, length: usize) -> Vec<Ignored> {
    let mut ignored = Vec::new();
    let padding = (rest.remaining() & 7) as u32;
    if rest.take(padding).is_some_and(|bits| bits != 0) {
        ignored.push(Ignored::PaddingBits);
    }
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    match content {
        Content::Request { objects, .. }
            if objects.len() == MAX_REQUEST_OBJECTS && rest.take(16).is_some() =>
        {
            ignored.push(Ignored::FurtherObjects);
        }
        Content::Sign { .. } | Content::Request { .. } if rest.remaining() > 0 => {
            ignored.push(Ignored::FurtherOctets);
        }
        // Of texts everything was read; what they do not say any more are characters at their end.
        Content::Authentication { .. } | Content::Resource { .. } | Content::FreeText(_)
            if message.plaintext().len() < length =>
        {
            ignored.push(Ignored::TrailingNul);
        }
        Content::Authentication { .. }
        | Content::Cryptographic { .. }
        | Content::Sign { .. }
        | Content::Request { .. }
        | Content::Resource { .. }
        | Content::FreeText(_) => {}
    }
    ignored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decimals, Reference, ReferenceIndicator, RequestObject, RequestObjects, Sign};
    use crate::{Text, TransactionHash};

    fn octets(content: Content) -> Vec<u8> {
        let reference = Reference {
            indicator: ReferenceIndicator::Original,
            message: TransactionHash::ZERO,
        };
        let body = Body::Plain(content);
        let message = Message {
            encryption: b'0',
            duress: false,
            reference,
            body,
        };
        message.encode().unwrap()
    }

    fn request(objects: usize) -> Content {
        let object = RequestObject {
            object_type: 0x40,
            quantity: Decimals::ZERO,
        };
        let sign = Sign {
            subject: 0x20,
            date_time: "2026-11-24T06:00:00Z".parse().unwrap(),
            duration: "P00D00H00M".parse().unwrap(),
            object_type: 0x20,
            latitude: "+36.20210".parse().unwrap(),
            longitude: "+037.13430".parse().unwrap(),
            dim1: Decimals::ZERO,
            dim2: Decimals::ZERO,
            orientation: "999".parse().unwrap(),
        };
        let objects = RequestObjects::collect(vec![object; objects]).unwrap();
        Content::Request { sign, objects }
    }

    fn noted(octets: &[u8]) -> Vec<Ignored> {
        Message::decode_noting(octets).unwrap().1
    }

    #[test]
    fn what_a_message_does_not_say_is_noted_in_its_order() {
        let text = |text: &str| octets(Content::FreeText(Text::new(text).unwrap()));
        assert_eq!(noted(&text("as it is")), []);
        assert_eq!(noted(&octets(request(8))), []);
        assert_eq!(
            noted(&[octets(request(0)), vec![7]].concat()),
            [Ignored::FurtherOctets]
        );
        let ninth = [octets(request(8)), vec![0x41, 0x02, 0x03]].concat();
        assert_eq!(noted(&ninth), [Ignored::FurtherObjects]);

        let mut padded = octets(request(1));
        *padded.last_mut().unwrap() |= 1;
        assert_eq!(noted(&padded), [Ignored::PaddingBits]);

        let mut nul = text("ab");
        nul.push(0);
        assert_eq!(noted(&nul), [Ignored::TrailingNul]);
        *nul.last_mut().unwrap() |= 1;
        assert_eq!(noted(&nul), [Ignored::PaddingBits, Ignored::TrailingNul]);
    }

    #[test]
    fn a_message_with_something_ignored_is_the_same_message() {
        let plain = octets(request(8));
        let longer = [plain.clone(), vec![0x41, 0x02]].concat();
        assert_eq!(Message::decode(&longer), Message::decode(&plain));
    }

    #[test]
    fn a_text_that_cannot_be_read_is_shown_with_its_octets() {
        let mut octets = octets(Content::FreeText(Text::new("a\\b~").unwrap()));
        let mut shown = |at: usize, change: u8| {
            octets[at] ^= change;
            let message = Message::decode_to_show(&octets).unwrap();
            match message.body {
                Body::Plain(Content::FreeText(text)) => text.to_string(),
                Body::Plain(_) | Body::Test(_) => panic!("another message"),
            }
        };
        // Nothing to escape: as it was sent.
        assert_eq!(shown(0, 0), "a\\b~");
        // The top bit of the last character, 3 bits before the end of its octet: 301 = 37 * 8 + 5.
        assert_eq!(shown(40, 0b100), "a\\\\b\\xfe");
        assert_eq!(Message::decode(&octets), Err(crate::DecodeError::Character));
    }
}
