//! Messages as they may be read: whatever the bits can say, month 13, latitude 95 and reserved codes
//! included. And octets from anywhere. What may be sent comes from `valid`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, LatitudeDigits, LongitudeDigits,
    Message, Reference, ReferenceIndicator, RequestObject, RequestObjects, Sign, SignKind, Text,
    TransactionHash,
};

/// Every type of sign.
pub(crate) const KINDS: [SignKind; 6] = [
    SignKind::Protective,
    SignKind::Emergency,
    SignKind::Danger,
    SignKind::Status,
    SignKind::Infrastructure,
    SignKind::Mission,
];

/// Any message that is not encrypted.
pub(crate) fn message() -> impl Strategy<Value = Message> {
    let reference = (select(ReferenceIndicator::ALL.to_vec()), any::<[u8; 32]>());
    (any::<bool>(), reference, any::<bool>(), content()).prop_map(
        |(duress, (indicator, hash), test, content)| Message {
            encryption: b'0',
            duress,
            reference: Reference {
                indicator,
                message: TransactionHash::new(hash),
            },
            body: if test {
                Body::Test(content)
            } else {
                Body::Plain(content)
            },
        },
    )
}

/// Any message, also under an indicator that says that it is encrypted.
pub(crate) fn message_under_any_indicator() -> impl Strategy<Value = Message> {
    let indicators = [b'0', b'1', b'2', b'A', b'Q', b'Z'];
    (message(), select(indicators.to_vec())).prop_map(|(message, encryption)| Message {
        encryption,
        ..message
    })
}

/// Octets of any length: mere noise, noise that begins as messages do, or a message followed by
/// noise.
pub(crate) fn octets() -> impl Strategy<Value = Vec<u8>> {
    let noise = || vec(any::<u8>(), 0..200);
    let letter = select(b"AKTPEDSIMQRFx".to_vec());
    let started = (any::<bool>(), letter, noise()).prop_map(|(duress, letter, noise)| {
        // The letter begins one bit after the fourth octet, behind the duress indicator.
        let duress = u8::from(duress) << 7;
        [b"WF10", &[duress | letter >> 1, letter << 7][..], &noise].concat()
    });
    prop_oneof![
        1 => noise(),
        1 => noise().prop_map(|noise| [b"WF1", &noise[..]].concat()),
        3 => started,
        3 => (message(), noise()).prop_map(|(message, noise)| [message.plaintext(), noise].concat()),
    ]
}

fn content() -> impl Strategy<Value = Content> {
    let object = (any::<u8>(), decimals::<2>()).prop_map(|(object_type, quantity)| RequestObject {
        object_type,
        quantity,
    });
    prop_oneof![
        (0_u8..16, text()).prop_map(|(method, data)| Content::Authentication { method, data }),
        (any::<u8>(), any::<Vec<u8>>())
            .prop_map(|(data_type, data)| Content::Cryptographic { data_type, data }),
        (select(KINDS.to_vec()), sign()).prop_map(|(kind, sign)| Content::Sign { kind, sign }),
        (sign(), vec(object, 0..=8)).prop_map(|(sign, objects)| Content::Request {
            sign,
            objects: RequestObjects::collect(objects).unwrap()
        }),
        (0_u8..16, text()).prop_map(|(method, data)| Content::Resource { method, data }),
        text().prop_map(Content::FreeText),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    "[\\x00-\\x7f]{0,60}".prop_map(|text| Text::new(text).unwrap())
}

fn sign() -> impl Strategy<Value = Sign> {
    let time = (packed(14), packed(6));
    let place = (any::<bool>(), packed(7), any::<bool>(), packed(8));
    let size = (decimals::<4>(), decimals::<4>(), decimals::<3>());
    (any::<u8>(), time, any::<u8>(), place, size).prop_map(
        |(subject, (date_time, duration), object_type, place, (dim1, dim2, orientation))| {
            let (north, latitude, east, longitude) = place;
            Sign {
                subject,
                date_time: DateTimeDigits::from_packed(date_time).unwrap(),
                duration: DurationDigits::from_packed(duration as u32).unwrap(),
                object_type,
                latitude: LatitudeDigits::from_packed(u32::from(north) << 28 | latitude as u32)
                    .unwrap(),
                longitude: LongitudeDigits::from_packed(u64::from(east) << 32 | longitude).unwrap(),
                dim1,
                dim2,
                orientation,
            }
        },
    )
}

fn packed(digits: usize) -> impl Strategy<Value = u64> {
    vec(0_u64..10, digits).prop_map(|d| d.into_iter().fold(0, |packed, digit| packed << 4 | digit))
}

fn decimals<const N: u32>() -> impl Strategy<Value = Decimals<N>> {
    (0..10_u16.pow(N)).prop_map(|n| Decimals::new(n).unwrap())
}
