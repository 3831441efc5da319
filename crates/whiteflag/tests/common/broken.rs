//! Messages that break exactly one rule, and the sound ones that they are made from.

use whiteflag::{
    Body, Content, Decimals, Message, Reference, ReferenceIndicator, RequestObject, RequestObjects,
    Rule, Sign, SignKind, Text, TransactionHash,
};

/// No size and a size.
pub(crate) const SIZES: [Decimals<4>; 2] = [metres(0), metres(80)];

const fn metres(number: u16) -> Decimals<4> {
    Decimals::new(number).unwrap()
}

/// A plain message that refers to nothing.
pub(crate) fn message(content: Content) -> Message {
    Message {
        encryption: b'0',
        duress: false,
        reference: Reference {
            indicator: ReferenceIndicator::Original,
            message: TransactionHash::ZERO,
        },
        body: Body::Plain(content),
    }
}

/// The same message, referring to another one.
fn referring(message: Message, indicator: ReferenceIndicator) -> Message {
    let reference = Reference {
        indicator,
        message: TransactionHash::new([7; 32]),
    };
    Message {
        reference,
        ..message
    }
}

/// A sign at Aleppo on something without a size, changed.
fn sign(kind: SignKind, change: impl FnOnce(&mut Sign)) -> Message {
    let sign = changed(change);
    message(Content::Sign { kind, sign })
}

fn changed(change: impl FnOnce(&mut Sign)) -> Sign {
    let mut sign = Sign {
        subject: 0x00,
        date_time: "2026-11-24T06:00:00Z".parse().unwrap(),
        duration: "P01D00H00M".parse().unwrap(),
        object_type: 0x00,
        latitude: "+36.20210".parse().unwrap(),
        longitude: "+037.13430".parse().unwrap(),
        dim1: SIZES[0],
        dim2: SIZES[0],
        orientation: "999".parse().unwrap(),
    };
    change(&mut sign);
    sign
}

fn protective(change: impl FnOnce(&mut Sign)) -> Message {
    sign(SignKind::Protective, change)
}

/// A sign on an object with both sizes and a direction.
pub(crate) fn shaped(object_type: u8, sizes: (u16, u16), orientation: &str) -> Message {
    protective(|sign| {
        sign.object_type = object_type;
        (sign.dim1, sign.dim2) = (metres(sizes.0), metres(sizes.1));
        sign.orientation = orientation.parse().unwrap();
    })
}

fn nowhere(sign: &mut Sign) {
    sign.latitude = "+99.99999".parse().unwrap();
    sign.longitude = "+999.99999".parse().unwrap();
}

fn request(area: u8, objects: &[u8]) -> Message {
    let sign = changed(|sign| (sign.subject, sign.object_type) = (0x20, area));
    let object = |code: &u8| RequestObject {
        object_type: *code,
        quantity: Decimals::new(4).unwrap(),
    };
    let objects = RequestObjects::collect(objects.iter().map(object)).unwrap();
    message(Content::Request { sign, objects })
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

fn authentication(method: u8, data: &str) -> Message {
    let data = text(data);
    message(Content::Authentication { method, data })
}

fn resource(method: u8, data: &str) -> Message {
    let data = text(data);
    message(Content::Resource { method, data })
}

fn cryptographic(data_type: u8, data: Vec<u8>) -> Message {
    message(Content::Cryptographic { data_type, data })
}

fn key(first: u8) -> Vec<u8> {
    let mut key = vec![0x11; 33];
    key[0] = first;
    key
}

fn vector() -> Message {
    referring(cryptographic(0x11, vec![5; 16]), ReferenceIndicator::Add)
}

fn token() -> String {
    "0123456789abcdef".repeat(4)
}

/// Messages that break no rule: the other side of each one.
pub(crate) fn sound() -> Vec<Message> {
    use ReferenceIndicator as By;
    let test = |of: Message| {
        let (Body::Plain(content) | Body::Test(content)) = of.body;
        let body = Body::Test(content);
        Message { body, ..of }
    };
    vec![
        protective(|_| {}),
        protective(|sign| sign.latitude = "-90.00000".parse().unwrap()),
        protective(|sign| sign.longitude = "+180.00000".parse().unwrap()),
        protective(|sign| sign.date_time = "2016-12-31T23:59:60Z".parse().unwrap()),
        protective(|sign| sign.duration = "P99D23H59M".parse().unwrap()),
        shaped(0x21, (80, 0), "000"),
        shaped(0x21, (80, 0), "999"),
        shaped(0x33, (80, 9999), "359"),
        shaped(0x12, (50, 0), "000"),
        sign(SignKind::Emergency, nowhere),
        sign(SignKind::Status, nowhere),
        request(0x20, &[0x10, 0x11, 0x40, 0x50, 0x60, 0x70, 0x80, 0x00]),
        request(0x00, &[]),
        authentication(1, "https://example.org"),
        authentication(1, "ftp://example.org/a?b=%20#c"),
        authentication(2, &token()),
        referring(authentication(1, "/the/rest.json"), By::Add),
        referring(authentication(2, "abcd"), By::Add),
        resource(1, "HTTPS://example.org/report"),
        resource(1, "urn:isbn:0451450523"),
        referring(resource(1, "example.org"), By::Add),
        cryptographic(0x0A, key(2)),
        referring(cryptographic(0x0B, key(3)), By::Update),
        referring(cryptographic(0x0A, key(3)), By::Recall),
        referring(cryptographic(0x0A, key(3)), By::Discontinue),
        referring(cryptographic(0x01, vec![4; 78]), By::Add),
        vector(),
        Message {
            duress: true,
            ..protective(|_| {})
        },
        test(cryptographic(0x21, vec![5; 16])),
        referring(test(message(Content::FreeText(text("x")))), By::Reject),
        referring(message(Content::FreeText(text("x"))), By::Add),
    ]
}

type Examples = Vec<(Rule, Vec<Message>)>;

/// Messages that break this rule and no other; none for a rule that needs the message referred to.
pub(crate) fn examples(rule: Rule) -> Vec<Message> {
    let all = [headers(), data(), keys(), signs(), places(), shapes()].concat();
    let of_rule = all.into_iter().filter(|(broken, _)| *broken == rule);
    of_rule.flat_map(|(_, examples)| examples).collect()
}

fn headers() -> Examples {
    use ReferenceIndicator as By;
    let encrypted = |encryption, message| Message {
        encryption,
        ..message
    };
    let duress = Message {
        duress: true,
        ..vector()
    };
    let mut nothing = referring(protective(|_| {}), By::Update);
    nothing.reference.message = TransactionHash::ZERO;
    vec![
        (
            Rule::Encrypted,
            vec![
                encrypted(b'1', protective(|_| {})),
                encrypted(b'X', protective(|_| {})),
            ],
        ),
        (Rule::InitVectorEncrypted, vec![encrypted(b'1', vector())]),
        (Rule::InitVectorDuress, vec![duress]),
        (
            Rule::InitVectorReference,
            vec![
                cryptographic(0x21, vec![5; 16]),
                referring(vector(), By::Update),
            ],
        ),
        (
            Rule::PublicKeyReference,
            vec![
                referring(cryptographic(0x0A, key(2)), By::Add),
                referring(cryptographic(0x0B, key(2)), By::Confirm),
            ],
        ),
        (Rule::ReferenceMissing, vec![nothing]),
        (
            Rule::ReferenceTypes,
            vec![
                referring(message(Content::FreeText(text("x"))), By::Relate),
                referring(authentication(1, "https://example.org"), By::Reject),
                referring(cryptographic(0x01, vec![4; 78]), By::Confirm),
            ],
        ),
        (
            Rule::PrivateUse,
            vec![
                sign(SignKind::Danger, |sign| sign.subject = 0xF0),
                protective(|sign| sign.object_type = 0xFF),
                request(0x20, &[0xF1]),
                authentication(0xA, "x"),
                resource(0xF, "x"),
                cryptographic(0xA0, vec![1]),
            ],
        ),
    ]
}

/// Of authentication, links and texts.
fn data() -> Examples {
    let add = |message| referring(message, ReferenceIndicator::Add);
    vec![
        (Rule::Empty, vec![message(Content::FreeText(text("")))]),
        (
            Rule::VerificationMethod,
            vec![authentication(0, "x"), authentication(9, "x")],
        ),
        (
            Rule::VerificationUrl,
            vec![
                authentication(1, ""),
                authentication(1, "example.org/page"),
                authentication(1, "https://"),
                authentication(1, "https:///page"),
                authentication(1, "https:example.org"),
                authentication(1, "https://example.org/a page"),
                add(authentication(1, "a page")),
            ],
        ),
        (
            Rule::VerificationToken,
            vec![
                authentication(2, ""),
                authentication(2, "open sesame"),
                authentication(2, &token()[1..]),
                add(authentication(2, "0x12")),
                add(authentication(2, "")),
            ],
        ),
        (
            Rule::ResourceMethod,
            vec![resource(0, "x"), resource(2, "x")],
        ),
        (
            Rule::ResourceUrl,
            vec![
                resource(1, "see below"),
                resource(1, "1http://example.org"),
                add(resource(1, "")),
            ],
        ),
    ]
}

fn keys() -> Examples {
    let add = |message| referring(message, ReferenceIndicator::Add);
    vec![
        (
            Rule::CryptoDataType,
            vec![
                cryptographic(0x00, vec![1]),
                cryptographic(0x0C, key(2)),
                cryptographic(0x9F, vec![1]),
            ],
        ),
        (
            Rule::CryptoDataLength,
            vec![
                cryptographic(0x0A, Vec::new()),
                cryptographic(0x0B, vec![2; 32]),
                add(cryptographic(0x11, vec![2; 15])),
            ],
        ),
        (Rule::PublicKeyForm, vec![cryptographic(0x0A, key(4))]),
    ]
}

/// Of time and codes.
fn signs() -> Examples {
    let time = |text: &str| protective(|sign| sign.date_time = text.parse().unwrap());
    let duration = |text: &str| protective(|sign| sign.duration = text.parse().unwrap());
    let subject = |code| protective(|sign| sign.subject = code);
    let object = |code| protective(|sign| sign.object_type = code);
    vec![
        (
            Rule::DateTime,
            vec![
                time("2026-02-30T00:00:00Z"),
                time("2026-13-01T00:00:00Z"),
                time("2026-01-01T24:00:00Z"),
                time("2026-01-01T00:00:61Z"),
            ],
        ),
        (
            Rule::Duration,
            vec![duration("P00D24H00M"), duration("P00D00H60M")],
        ),
        (Rule::DurationEnd, vec![time("9999-12-31T23:00:00Z")]),
        (
            Rule::SubjectReserved,
            vec![
                subject(0x14),
                subject(0xF0),
                sign(SignKind::Status, |sign| sign.subject = 0x27),
            ],
        ),
        (
            Rule::ObjectReserved,
            vec![object(0x16), object(0x24), object(0xEF)],
        ),
        (
            Rule::ObjectForSubject,
            vec![protective(|sign| {
                (sign.subject, sign.object_type) = (0x30, 0x40);
            })],
        ),
        (
            Rule::RequestArea,
            vec![request(0x40, &[]), request(0x30, &[])],
        ),
        (
            Rule::RequestPeople,
            vec![request(0x20, &[0x11, 0x12]), request(0x20, &[0x1F])],
        ),
        (
            Rule::RequestFixed,
            vec![request(0x20, &[0x21]), request(0x20, &[0x3F])],
        ),
        (
            Rule::RequestReserved,
            vec![request(0x20, &[0x41]), request(0x20, &[0x01])],
        ),
    ]
}

fn places() -> Examples {
    let latitude = |text: &str| protective(|sign| sign.latitude = text.parse().unwrap());
    let longitude = |text: &str| protective(|sign| sign.longitude = text.parse().unwrap());
    vec![
        (
            Rule::LatitudeRange,
            vec![
                latitude("+90.00001"),
                latitude("-90.00001"),
                latitude("-99.99999"),
            ],
        ),
        (
            Rule::LongitudeRange,
            vec![longitude("+180.00001"), longitude("-999.99999")],
        ),
        (
            Rule::LocationHalf,
            vec![latitude("+99.99999"), longitude("+999.99999")],
        ),
        (
            Rule::LocationMissing,
            vec![protective(nowhere), sign(SignKind::Danger, nowhere)],
        ),
        (
            Rule::LocationAdvised,
            vec![
                sign(SignKind::Infrastructure, nowhere),
                sign(SignKind::Mission, nowhere),
            ],
        ),
        (
            Rule::LocationOfShape,
            vec![sign(SignKind::Emergency, |sign| {
                nowhere(sign);
                (sign.object_type, sign.dim1) = (0x31, SIZES[1]);
            })],
        ),
    ]
}

fn shapes() -> Examples {
    vec![
        (
            Rule::SizeMissing,
            vec![
                shaped(0x21, (0, 0), "000"),
                shaped(0x22, (80, 0), "045"),
                shaped(0x33, (0, 80), "045"),
            ],
        ),
        (
            Rule::SizeNotAllowed,
            vec![
                shaped(0x40, (0, 80), "000"),
                shaped(0x20, (80, 0), "999"),
                shaped(0x00, (80, 80), "000"),
            ],
        ),
        (Rule::CircleSecondSize, vec![shaped(0x31, (80, 80), "000")]),
        (
            Rule::OrientationRange,
            vec![
                shaped(0x21, (80, 0), "360"),
                shaped(0x22, (80, 80), "998"),
                shaped(0x40, (0, 0), "400"),
            ],
        ),
        (
            Rule::OrientationMissing,
            vec![
                shaped(0x22, (80, 80), "999"),
                shaped(0x23, (80, 80), "999"),
                shaped(0x12, (80, 0), "999"),
            ],
        ),
        (
            Rule::OrientationWithoutSize,
            vec![
                shaped(0x00, (0, 0), "000"),
                shaped(0x30, (0, 0), "045"),
                shaped(0x11, (0, 0), "000"),
            ],
        ),
    ]
}
