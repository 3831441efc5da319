//! What people say in the tests about a situation: short messages, in the order of the chain.

#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "shared by tests that each use a part"
)]

use whiteflag::situation::{Entry, Place, Situation, Tests};
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits,
    Message, Reference, ReferenceIndicator, Sign, SignKind, Text, TransactionHash,
};

pub(crate) const ALICE: &str = "Alice";
pub(crate) const BOB: &str = "Bob";
pub(crate) const CAROL: &str = "Carol";

pub(crate) use ReferenceIndicator::{
    Acknowledge, Add, Comply, Confirm, Discontinue, Original, Recall, Reject, Relate, Update,
};

/// The hash of the message with this number.
pub(crate) fn hash(number: u8) -> TransactionHash {
    TransactionHash::new([number; 32])
}

/// A sign of some kind, within a circle.
pub(crate) fn sign(kind: SignKind, subject: u8) -> Content {
    Content::Sign {
        kind,
        sign: Sign {
            subject,
            date_time: DateTimeDigits::from_unix(1_000_000).unwrap(),
            duration: DurationDigits::NO_END,
            object_type: 0x21,
            latitude: LatitudeDigits::from_e5(3_620_210).unwrap(),
            longitude: LongitudeDigits::from_e5(3_713_430).unwrap(),
            dim1: Decimals::new(150).unwrap(),
            dim2: Decimals::new(0).unwrap(),
            orientation: Decimals::new(0).unwrap(),
        },
    }
}

pub(crate) fn mine_field() -> Content {
    sign(SignKind::Danger, 0x21)
}

pub(crate) fn zone() -> Content {
    sign(SignKind::Protective, 0x31)
}

pub(crate) fn emergency() -> Content {
    sign(SignKind::Emergency, 0x11)
}

pub(crate) fn text(text: &str) -> Content {
    Content::FreeText(Text::new(text).unwrap())
}

pub(crate) fn link(address: &str) -> Content {
    Content::Resource {
        method: 1,
        data: Text::new(address).unwrap(),
    }
}

pub(crate) fn message(indicator: ReferenceIndicator, about: u8, content: Content) -> Message {
    Message {
        encryption: b'0',
        duress: false,
        reference: Reference {
            indicator,
            message: hash(about),
        },
        body: Body::Plain(content),
    }
}

/// Message `number`, on the chain in the order of the numbers.
pub(crate) fn entry(
    number: u8,
    originator: &'static str,
    indicator: ReferenceIndicator,
    about: u8,
    content: Content,
) -> Entry<&'static str> {
    Entry {
        hash: hash(number),
        place: Place {
            block: u64::from(number),
            index: 0,
        },
        originator,
        message: message(indicator, about, content),
    }
}

/// What stands after these.
pub(crate) fn after(
    entries: impl IntoIterator<Item = Entry<&'static str>>,
) -> Situation<&'static str> {
    let mut situation = Situation::new(Tests::Ignored);
    for entry in entries {
        assert_eq!(situation.insert(entry), None, "each once");
    }
    situation
}
