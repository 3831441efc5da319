//! Messages that may be sent: every type, every subject on every object that it may carry, every
//! shape, every way to refer that the tables allow. What may only be read comes from `as_read`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use whiteflag::{
    Body, Content, DateTimeDigits, Decimals, DurationDigits, Extent, LatitudeDigits,
    LongitudeDigits, Message, MessageCode, Reference, ReferenceIndicator, RequestObject,
    RequestObjects, Sign, SignKind, Text, TransactionHash, tables,
};

use super::as_read::KINDS;

/// The moments that a DateTime can write, less a day and the longest Duration.
const MOMENTS: std::ops::Range<i64> = -62_167_219_200..253_402_300_800 - 101 * 86_400;

/// Any message that may be sent.
pub(crate) fn message() -> impl Strategy<Value = Message> {
    let parts = content().prop_flat_map(|content| {
        let indicator = select(indicators(&content));
        (any::<bool>(), indicator, any::<bool>(), Just(content))
    });
    let hash = any::<[u8; 32]>().prop_filter("64 zeros refer to nothing", |hash| *hash != [0; 32]);
    (parts, hash, any::<bool>()).prop_map(|((duress, indicator, test, content), hash, random)| {
        // What an original refers to is without meaning: zeros as a rule, anything at times.
        let refers = indicator != ReferenceIndicator::Original || random;
        Message {
            encryption: b'0',
            duress: duress && !is_initialisation_vector(&content),
            reference: Reference {
                indicator,
                message: TransactionHash::new(if refers { hash } else { [0; 32] }),
            },
            body: if test {
                Body::Test(content)
            } else {
                Body::Plain(content)
            },
        }
    })
}

/// Every subject of a type, with every object that it may carry.
pub(crate) fn placements(code: MessageCode) -> Vec<(u8, u8)> {
    let on = |subject: u8| tables::object_types_for(code, subject).map(move |o| (subject, o.code));
    tables::subjects(code)
        .iter()
        .flat_map(|subject| on(subject.code))
        .collect()
}

/// A sign or request about one subject, on one object.
pub(crate) fn placed(code: MessageCode, subject: u8, object_type: u8) -> BoxedStrategy<Content> {
    let sign = sign(code, subject, object_type);
    match KINDS.into_iter().find(|kind| kind.code() == code) {
        Some(kind) => sign
            .prop_map(move |sign| Content::Sign { kind, sign })
            .boxed(),
        None => (sign, vec(object(), 0..=8))
            .prop_map(|(sign, objects)| Content::Request {
                sign,
                objects: RequestObjects::collect(objects).unwrap(),
            })
            .boxed(),
    }
}

/// The ways in which a message may refer to another one of some type; a key or an initialisation
/// vector only in its own way (specification 5.2.2 to 5.2.4).
pub(crate) fn indicators(content: &Content) -> Vec<ReferenceIndicator> {
    use ReferenceIndicator as R;
    match content {
        Content::Cryptographic { data_type, .. } => match data_type {
            0x0A | 0x0B => vec![R::Original, R::Recall, R::Update, R::Discontinue],
            _ => vec![R::Add],
        },
        Content::Authentication { .. }
        | Content::Sign { .. }
        | Content::Request { .. }
        | Content::Resource { .. }
        | Content::FreeText(_) => {
            let to_some_type = |indicator: &R| {
                let mut types = MessageCode::ALL.into_iter();
                *indicator == R::Original
                    || types.any(|to| tables::may_refer(content.code(), to, *indicator))
            };
            R::ALL.into_iter().filter(to_some_type).collect()
        }
    }
}

fn content() -> impl Strategy<Value = Content> {
    let signs = select(KINDS.map(SignKind::code).to_vec()).prop_flat_map(placed_anywhere);
    prop_oneof![
        2 => authentication(),
        2 => cryptographic(),
        6 => signs,
        2 => placed_anywhere(MessageCode::Request),
        1 => url().prop_map(|data| Content::Resource { method: 1, data }),
        1 => words().prop_map(Content::FreeText),
    ]
}

/// Each subject as often as any other of its type, whatever it may be placed on.
fn placed_anywhere(code: MessageCode) -> impl Strategy<Value = Content> {
    let subject = select(tables::subjects(code)).prop_map(|subject| subject.code);
    subject.prop_flat_map(move |subject| {
        let objects = tables::object_types_for(code, subject).map(|object| object.code);
        let object = select(objects.collect::<Vec<_>>());
        object.prop_flat_map(move |object| placed(code, subject, object))
    })
}

fn authentication() -> impl Strategy<Value = Content> {
    let token = "[0-9a-f]{64}".prop_map(|token| Text::new(token).unwrap());
    let proof = prop_oneof![(Just(1), url()), (Just(2), token)];
    proof.prop_map(|(method, data)| Content::Authentication { method, data })
}

fn cryptographic() -> impl Strategy<Value = Content> {
    let extended = vec(any::<u8>(), 74)
        .prop_map(|rest| (0x01, [&[0x04, 0x88, 0xB2, 0x1E], &rest[..]].concat()));
    let public = (select(vec![2_u8, 3]), vec(any::<u8>(), 32))
        .prop_map(|(sign, x)| [&[sign], &x[..]].concat());
    let key = (select(vec![0x0A, 0x0B]), public);
    let vector = (select(vec![0x11, 0x21]), vec(any::<u8>(), 16));
    prop_oneof![extended, key, vector]
        .prop_map(|(data_type, data)| Content::Cryptographic { data_type, data })
}

fn is_initialisation_vector(content: &Content) -> bool {
    matches!(
        content,
        Content::Cryptographic {
            data_type: 0x11 | 0x21,
            ..
        }
    )
}

fn url() -> impl Strategy<Value = Text> {
    "https://[a-z]{1,12}\\.int(/[A-Za-z0-9._~-]{0,12}){0,3}".prop_map(|url| Text::new(url).unwrap())
}

/// Any characters; the last one can be seen.
fn words() -> impl Strategy<Value = Text> {
    "[\\x00-\\x7f]{0,150}[!-~]".prop_map(|words| Text::new(words).unwrap())
}

fn object() -> impl Strategy<Value = RequestObject> {
    let known = tables::object_types().iter().map(|object| object.code);
    let countable: Vec<u8> = known.filter(|code| !matches!(code, 0x12..=0x3F)).collect();
    (select(countable), decimals::<2>(0..=99)).prop_map(|(object_type, quantity)| RequestObject {
        object_type,
        quantity,
    })
}

fn sign(code: MessageCode, subject: u8, object_type: u8) -> impl Strategy<Value = Sign> {
    let shape = Extent::is_shape(object_type);
    let placeless = matches!(code, MessageCode::Emergency | MessageCode::Status) && !shape;
    (moment(), duration(), place(placeless), size(object_type)).prop_map(
        move |(date_time, duration, (latitude, longitude), (dim1, dim2, orientation))| Sign {
            subject,
            date_time,
            duration,
            object_type,
            latitude,
            longitude,
            dim1,
            dim2,
            orientation,
        },
    )
}

/// Any moment of the calendar; at times a leap second. The standard's text allows second 60 in every
/// minute, the format `date-time` of its schema only in the last one of a day (RFC 3339, 5.7).
fn moment() -> impl Strategy<Value = DateTimeDigits> {
    let moments = prop_oneof![MOMENTS, 1_546_300_800_i64..2_000_000_000];
    (moments, 0..10).prop_map(|(seconds, leap)| {
        let moment = DateTimeDigits::from_unix(seconds).unwrap();
        if leap > 0 {
            return moment;
        }
        DateTimeDigits::from_packed(moment.packed() & !0xFF_FFFF | 0x23_5960).unwrap()
    })
}

fn duration() -> impl Strategy<Value = DurationDigits> {
    let any = (0..=99, 0..=23, 0..=59).prop_map(|(days, hours, minutes)| {
        let text = format!("P{days:02}D{hours:02}H{minutes:02}M");
        text.parse().unwrap()
    });
    prop_oneof![1 => Just(DurationDigits::NO_END), 3 => any]
}

fn place(placeless: bool) -> BoxedStrategy<(LatitudeDigits, LongitudeDigits)> {
    let latitude =
        prop_oneof![6 => -9_000_000..=9_000_000, 1 => select(vec![-9_000_000, 0, 9_000_000])];
    let longitude =
        prop_oneof![6 => -18_000_000..=18_000_000, 1 => select(vec![-18_000_000, 0, 18_000_000])];
    let given = (latitude, longitude).prop_map(|(north, east)| {
        (
            LatitudeDigits::from_e5(north).unwrap(),
            LongitudeDigits::from_e5(east).unwrap(),
        )
    });
    if placeless {
        let none = Just((LatitudeDigits::OMITTED, LongitudeDigits::OMITTED));
        prop_oneof![given, none].boxed()
    } else {
        given.boxed()
    }
}

/// Two lengths and a direction, as the object needs, allows or forbids them.
fn size(object_type: u8) -> BoxedStrategy<(Decimals<4>, Decimals<4>, Decimals<3>)> {
    let length = || decimals::<4>(1..=9999);
    let none = || decimals::<4>(0..=0);
    let direction = || decimals::<3>(0..=359);
    let undirected = || decimals::<3>(999..=999);
    let nothing = (none(), none(), undirected()).boxed();
    let rectangle = (length(), length(), direction()).boxed();
    match object_type {
        0x21 | 0x31 => {
            let direction = prop_oneof![decimals::<3>(0..=0), undirected()];
            (length(), none(), direction).boxed()
        }
        0x22 | 0x23 | 0x32 | 0x33 => rectangle,
        0x10..=0x1F => prop_oneof![nothing, rectangle].boxed(),
        _ => nothing,
    }
}

fn decimals<const N: u32>(
    range: std::ops::RangeInclusive<u16>,
) -> impl Strategy<Value = Decimals<N>> + Clone {
    range.prop_map(|number| Decimals::new(number).unwrap())
}
