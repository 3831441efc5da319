//! The JSON that other implementations write is read, and says the same as the schema's form. And
//! what is none of them, or two at once, is refused with the field that is wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Map, Value, json};
use whiteflag::{JsonError, Message};

const HASH: &str = "3efb4e0cfa83122b242634254c1920a769d615dfcc4c670bb53eb6f12843c3ae";

fn header(code: &str) -> Value {
    json!({
        "Prefix": "WF", "Version": "1", "EncryptionIndicator": "0", "DuressIndicator": "1",
        "MessageCode": code, "ReferenceIndicator": "4", "ReferencedMessage": HASH,
    })
}

fn schema(code: &str, body: &Value) -> Value {
    json!({"MessageHeader": header(code), "MessageBody": body})
}

fn sign() -> Value {
    json!({
        "SubjectCode": "2A", "DateTime": "2013-08-31T04:29:15Z", "Duration": "P00D00H00M",
        "ObjectType": "22", "ObjectLatitude": "+30.79658", "ObjectLongitude": "-037.82602",
        "ObjectSizeDim1": "8765", "ObjectSizeDim2": "3210", "ObjectOrientation": "042",
    })
}

/// An object with the fields of several.
fn joined(parts: &[&Value]) -> Value {
    let entries = parts.iter().flat_map(|part| part.as_object().unwrap());
    entries
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// As programs for Fennel write it: one object, keys with a lower-case initial.
fn fennel(code: &str, body: &Value) -> Value {
    lowered(&joined(&[&header(code), body]))
}

fn lowered(value: &Value) -> Value {
    let lower = |key: &str| format!("{}{}", key[..1].to_lowercase(), &key[1..]);
    match value {
        Value::Object(entries) => {
            let entries = entries.iter().map(|(k, v)| (lower(k), lowered(v)));
            entries.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(lowered).collect::<Vec<_>>().into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn read(value: &Value) -> Message {
    let message = Message::from_value(value).unwrap_or_else(|error| panic!("{error}: {value}"));
    assert_eq!(
        Message::from_json(&value.to_string()).as_ref(),
        Ok(&message)
    );
    message
}

/// What is wrong, which is the same from a text and from a value.
fn refused(value: &Value) -> JsonError {
    let error = Message::from_value(value).unwrap_err();
    assert_eq!(Message::from_json(&value.to_string()), Err(error.clone()));
    error
}

fn bodies() -> Vec<(&'static str, Value)> {
    let objects = json!({"requestObjects": [
        {"ObjectType": "11", "ObjectTypeQuant": "04"}, {"ObjectType": "83", "ObjectTypeQuant": "00"},
    ]});
    vec![
        (
            "A",
            json!({"VerificationMethod": "1", "VerificationData": "https://aid.example/wf"}),
        ),
        (
            "K",
            json!({"CryptoDataType": "11", "CryptoData": "40aa85015d24e4601448c1ba8d7bf1aa"}),
        ),
        (
            "R",
            json!({"ResourceMethod": "1", "ResourceData": "https://aid.example/a"}),
        ),
        ("F", json!({"Text": "we \"are\" here"})),
        ("M", sign()),
        ("Q", joined(&[&sign(), &objects])),
    ]
}

#[test]
fn one_object_of_lower_case_keys_is_read() {
    for (code, body) in bodies() {
        let wanted = read(&schema(code, &body));
        assert_eq!(read(&fennel(code, &body)), wanted, "{code}");
        // A field of another type that is null is not there.
        let mut more = fennel(code, &body);
        more["pseudoMessageCode"] = Value::Null;
        assert_eq!(read(&more), wanted, "{code}");
    }
    // whiteflag-rust writes this one name in two ways.
    let mut other = fennel("M", &sign());
    let time = other.as_object_mut().unwrap().remove("dateTime").unwrap();
    other["datetime"] = time.clone();
    assert_eq!(read(&other), read(&schema("M", &sign())));
    other["dateTime"] = time;
    let error = refused(&other).to_string();
    assert!(
        error.contains("dateTime") && error.contains("datetime"),
        "{error}"
    );
}

#[test]
fn a_test_message_whose_fields_stand_beside_the_code_is_read() {
    for (code, body) in bodies() {
        let pseudo = json!({"PseudoMessageCode": code});
        let nested = joined(&[&pseudo, &json!({"PseudoMessageBody": body})]);
        let wanted = read(&schema("T", &nested));
        let beside = joined(&[&pseudo, &body]);
        assert_eq!(read(&schema("T", &beside)), wanted, "{code}");
        assert_eq!(read(&fennel("T", &beside)), wanted, "{code}");
        // Both at once contradict each other.
        refused(&schema("T", &joined(&[&nested, &body])));
    }
    let empty = schema("T", &json!({"PseudoMessageCode": "F"}));
    assert_eq!(
        refused(&empty).to_string(),
        "MessageBody.PseudoMessageBody is missing; give a JSON object"
    );
}

#[test]
fn request_objects_with_numbers_in_their_names_are_read() {
    let numbered = json!({
        "ObjectType1": "11", "ObjectType1Quant": "04", "ObjectType2": "83", "ObjectType2Quant": "00",
    });
    let (_, listed) = bodies().pop().unwrap();
    let wanted = read(&schema("Q", &listed));
    let body = joined(&[&sign(), &numbered]);
    assert_eq!(read(&schema("Q", &body)), wanted);
    assert_eq!(read(&fennel("Q", &body)), wanted);

    let both = refused(&schema("Q", &joined(&[&listed, &numbered])));
    assert!(matches!(both, JsonError::Twice { .. }), "{both}");
    let gap = joined(&[
        &sign(),
        &json!({"ObjectType2": "11", "ObjectType2Quant": "04"}),
    ]);
    assert_eq!(
        refused(&schema("Q", &gap)).to_string(),
        "MessageBody.ObjectType1 is missing; give two hexadecimal digits"
    );
    let ninth = joined(&[
        &sign(),
        &json!({"ObjectType9": "11", "ObjectType9Quant": "04"}),
    ]);
    let error = refused(&schema("Q", &ninth)).to_string();
    assert!(error.contains("at most 8"), "{error}");
    let nine = vec![json!({"ObjectType": "11", "ObjectTypeQuant": "04"}); 9];
    let error = refused(&schema(
        "Q",
        &joined(&[&sign(), &json!({"requestObjects": nine})]),
    ));
    assert!(error.to_string().contains("at most 8"), "{error}");
}

/// whiteflag-js names two fields as an old draft did, and cuts K messages four bits too early.
#[test]
fn the_fields_of_whiteflag_js_are_read() {
    let wanted = read(&schema("R", &bodies()[2].1));
    let old = json!({"ReferenceMethod": "1", "ReferenceData": "https://aid.example/a"});
    assert_eq!(read(&schema("R", &old)), wanted);
    let both = joined(&[&old, &bodies()[2].1]);
    assert!(matches!(
        refused(&schema("R", &both)),
        JsonError::Twice { .. }
    ));

    let wanted = read(&schema("K", &bodies()[1].1));
    let shifted = json!({"CryptoDataType": "1", "CryptoData": "140aa85015d24e4601448c1ba8d7bf1aa"});
    assert_eq!(read(&schema("K", &shifted)), wanted);
    // One digit with whole octets is neither, nor is an odd number after a whole type.
    for (data_type, data) in [("1", "40aa"), ("11", "40a"), ("1", "")] {
        let body = json!({"CryptoDataType": data_type, "CryptoData": data});
        assert!(matches!(
            refused(&schema("K", &body)),
            JsonError::Form { .. }
        ));
    }
}

#[test]
fn digits_are_read_in_either_case_and_duress_as_a_boolean() {
    let wanted = read(&schema("M", &sign()));
    let mut other = schema("M", &sign());
    other["MessageHeader"]["ReferencedMessage"] = HASH.to_uppercase().into();
    other["MessageHeader"]["DuressIndicator"] = true.into();
    other["MessageBody"]["SubjectCode"] = "2a".into();
    assert_eq!(read(&other), wanted);
    let mut other = fennel("M", &sign());
    other["duressIndicator"] = true.into();
    assert_eq!(read(&other), wanted);
    other["duressIndicator"] = 1.into();
    assert!(matches!(refused(&other), JsonError::Form { .. }));
}

#[test]
fn what_is_there_twice_or_belongs_to_nothing_is_refused() {
    let text = schema("F", &json!({"Text": "a"})).to_string();
    let twice = text.replace(r#""Text":"a""#, r#""Text":"a","Text":"b""#);
    assert!(
        matches!(Message::from_json(&twice), Err(JsonError::Twice { .. })),
        "{twice}"
    );

    let two_forms = joined(&[
        &schema("F", &json!({"Text": "a"})),
        &fennel("F", &json!({})),
    ]);
    assert!(matches!(refused(&two_forms), JsonError::Twice { .. }));
    for mut message in [
        schema("F", &json!({"Text": "a"})),
        fennel("F", &json!({"Text": "a"})),
    ] {
        message["Surprise"] = "x".into();
        assert_eq!(
            refused(&message),
            JsonError::Unknown {
                field: "Surprise".to_owned()
            }
        );
    }
    let mut null = schema("F", &json!({"Text": "a"}));
    null["MessageBody"]["SubjectCode"] = Value::Null;
    assert!(matches!(refused(&null), JsonError::Unknown { .. }));
}

#[test]
fn a_parent_is_read_in_every_form() {
    for mut message in [schema("M", &sign()), fennel("M", &sign())] {
        let (part, key) = match message.get("MessageHeader") {
            Some(_) => (&mut message["MessageHeader"], "ReferencedMessage"),
            None => (&mut message, "referencedMessage"),
        };
        part[key] = "@12".into();
        assert_eq!(
            Message::from_json_with_parent(&message).unwrap().1,
            Some(12)
        );
        assert!(matches!(refused(&message), JsonError::Form { .. }));
    }
}

#[test]
fn a_text_with_other_characters_is_refused_and_another_one_offered() {
    let error = refused(&schema("F", &json!({"Text": "à l’hôpital"})));
    assert_eq!(
        error.to_string(),
        "MessageBody.Text holds characters that Whiteflag cannot carry (à U+00E0 at 1, U+2019 at \
         4, ô U+00F4 at 6); write it in plain letters, digits and signs (up to U+007F)"
    );
    let JsonError::Characters {
        characters,
        offered,
        ..
    } = error
    else {
        panic!("another error");
    };
    assert_eq!(characters, [(1, 'à'), (4, '’'), (6, 'ô')]);
    let wanted = cfg!(feature = "transliterate").then_some("a l'hopital");
    assert_eq!(offered.as_deref(), wanted);

    let many = refused(&fennel(
        "A",
        &json!({"VerificationMethod": "1", "VerificationData": "мы здесь"}),
    ));
    let JsonError::Characters {
        field, characters, ..
    } = many
    else {
        panic!("another error");
    };
    assert_eq!((field.as_str(), characters.len()), ("verificationData", 5));
}
