//! The published and our own test vectors of cryptography. Exceptions are listed with their reason;
//! that no kind is forgotten is tested in `vectors.rs`.

#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use whiteflag::Message;
use whiteflag::crypto::jws::{AccountKey, Claims, Jws, PrivateKey, VerifyError, part, verify};
use whiteflag::crypto::{
    Address, Chain, DecryptError, EncryptError, EncryptionKey, EncryptionMethod,
    InitialisationVector, Opened, Secret, Token, authentication, decrypt, ecdh, encrypt, open,
};

/// Vectors whose published material contradicts itself.
const CONFLICTS: [(&str, &str); 3] = [
    (
        "jws-004",
        "the payload as printed has a stray first letter and is no Base64url of JSON",
    ),
    (
        "jws-005",
        "the line feed at the end of the payload was dropped and the signature kept",
    ),
    (
        "encrypt-header-001",
        "said to be for method 2, and its fourth octet says method 1",
    ),
];

fn is_conflict(vector: &Value) -> bool {
    let id = text(&vector["id"]);
    CONFLICTS.iter().any(|(conflict, _)| *conflict == id)
}

fn vectors(kind: &str) -> Vec<Value> {
    let file = include_str!("../../../tests/vectors/whiteflag.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let all = file["vectors"].as_array().unwrap().iter();
    let of_kind: Vec<Value> = all.filter(|v| v["kind"] == kind).cloned().collect();
    assert!(!of_kind.is_empty(), "no vectors of kind {kind}");
    of_kind
}

fn rejects(stage: &str) -> Vec<Value> {
    let all = vectors("reject").into_iter();
    let of_stage: Vec<Value> = all.filter(|v| v["stage"] == stage).collect();
    assert!(!of_stage.is_empty(), "no vectors to reject at {stage}");
    of_stage
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn octets(value: &Value) -> Vec<u8> {
    base16ct::mixed::decode_vec(text(value)).unwrap()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    octets(value).try_into().unwrap()
}

fn secret(value: &Value) -> Secret {
    Secret::import(octets(value)).unwrap().0
}

fn address(value: &Value) -> Address {
    Address::from_octets(&octets(value)).unwrap()
}

fn method(vector: &Value) -> EncryptionMethod {
    EncryptionMethod::from_indicator(text(&vector["method"]).as_bytes()[0]).unwrap()
}

/// The hashes and the derivation that keys are made with, from the crates they come from.
#[test]
fn the_building_blocks_are_the_standard_ones() {
    for vector in vectors("sha256") {
        let out = Sha256::digest(octets(&vector["msg"]));
        assert_eq!(out.as_slice(), octets(&vector["out"]), "{}", vector["id"]);
    }
    for vector in vectors("hmac-sha256") {
        let mut mac = Hmac::<Sha256>::new_from_slice(&octets(&vector["key"])).unwrap();
        mac.update(&octets(&vector["msg"]));
        let out = mac.finalize().into_bytes();
        assert_eq!(out.as_slice(), octets(&vector["out"]), "{}", vector["id"]);
    }
    for vector in vectors("hkdf-sha256") {
        let (prk, hkdf) =
            Hkdf::<Sha256>::extract(Some(&octets(&vector["salt"])), &octets(&vector["ikm"]));
        assert_eq!(prk.as_slice(), octets(&vector["prk"]), "{}", vector["id"]);
        let mut okm = vec![0; vector["length"].as_u64().unwrap() as usize];
        hkdf.expand(&octets(&vector["info"]), &mut okm).unwrap();
        assert_eq!(okm, octets(&vector["okm"]), "{}", vector["id"]);
    }
}

#[test]
fn the_cipher_is_the_standard_one() {
    for vector in vectors("aes-256-ctr") {
        let key = EncryptionKey::from_octets(EncryptionMethod::PreShared, &array(&vector["key"]));
        let iv = InitialisationVector::new(array(&vector["iv"]));
        let mut out = octets(&vector["plaintext"]);
        key.apply(iv, &mut out);
        assert_eq!(out, octets(&vector["ciphertext"]), "{}", vector["id"]);
    }
}

#[test]
fn messages_are_encrypted_and_decrypted_as_by_everyone_else() {
    for vector in vectors("encrypt") {
        let id = text(&vector["id"]);
        let key = EncryptionKey::derive(
            method(&vector),
            &secret(&vector["secret"]),
            &address(&vector["address"]),
        );
        let iv = InitialisationVector::new(array(&vector["iv"]));
        let plain = Message::from_plaintext(&octets(&vector["plaintext"])).unwrap();
        let ciphertext = octets(&vector["ciphertext"]);
        assert_eq!(encrypt(&plain, &key, iv).unwrap(), ciphertext, "{id}");
        assert_eq!(decrypt(&ciphertext, &key, iv).unwrap(), plain, "{id}");
        let given = EncryptionKey::from_octets(method(&vector), &array(&vector["key"]));
        assert_eq!(encrypt(&plain, &given, iv).unwrap(), ciphertext, "{id} key");
    }
}

/// No key is published for these, so all that can be seen is that nothing else opens them.
#[test]
fn what_nobody_has_a_key_for_stays_closed() {
    let shared = &vectors("encrypt")[0];
    for vector in vectors("encrypt-unverifiable") {
        let ciphertext = octets(&vector["ciphertext"]);
        let iv = InitialisationVector::new(array(&vector["iv"]));
        let plain = octets(&vector["plaintext"]);
        assert_eq!(
            (ciphertext.len(), &ciphertext[..4]),
            (plain.len(), &plain[..4])
        );
        let secret = secret(&shared["secret"]);
        let address = address(&vector["address"]);
        let methods = [EncryptionMethod::Negotiated, EncryptionMethod::PreShared];
        let keys = methods.map(|method| EncryptionKey::derive(method, &secret, &address));
        let opened = open(&ciphertext, keys.iter().map(|key| (key, iv)));
        assert_eq!(opened, Ok(Opened::Closed), "{}", vector["id"]);
    }
    for vector in rejects("decrypt") {
        assert_eq!(open(&octets(&vector["hex"]), []), Ok(Opened::Closed));
    }
}

#[test]
fn the_indicator_must_fit_the_key() {
    for vector in vectors("encrypt-header") {
        let key = EncryptionKey::from_octets(method(&vector), &[7; 32]);
        let iv = InitialisationVector::new([9; 16]);
        let plain = Message::from_plaintext(&octets(&vector["plaintext"])).unwrap();
        let encrypted = encrypt(&plain, &key, iv);
        if is_conflict(&vector) {
            assert_eq!(encrypted, Err(EncryptError::Method), "{}", vector["id"]);
            continue;
        }
        let encrypted = encrypted.unwrap();
        assert_eq!(decrypt(&encrypted, &key, iv).unwrap(), plain);
        let other = EncryptionKey::from_octets(EncryptionMethod::Negotiated, &[7; 32]);
        let refused = decrypt(&encrypted, &other, iv);
        assert_eq!(refused, Err(DecryptError::OtherMethod), "{}", vector["id"]);
    }
}

#[test]
fn tokens_are_derived_as_by_everyone_else() {
    for vector in vectors("auth-token") {
        let id = text(&vector["id"]);
        let (secret, sender) = (secret(&vector["secret"]), address(&vector["address"]));
        let token = Token::derive(&secret, &sender);
        assert_eq!(token.to_hex(), text(&vector["out"]), "{id}");
        assert!(token.matches(&text(&vector["out"]).to_uppercase()), "{id}");
        let Some(message) = vector.get("message") else {
            continue;
        };
        let message = Message::from_value(message).unwrap();
        assert_eq!(message.encode().unwrap(), octets(&vector["hex"]), "{id}");
        let evidence = authentication::Evidence::of(&message).unwrap();
        let judged = authentication::by_token(&evidence, &sender, [&secret]);
        assert_eq!(judged, authentication::Judgement::Known(0), "{id}");
    }
}

#[test]
fn two_sides_agree_on_the_published_secrets() {
    for vector in vectors("ecdh") {
        let key = |name: &str| ecdh::PrivateKey::from_hex(text(&vector[name])).unwrap();
        let (a, b) = (key("privA"), key("privB"));
        for (key, name) in [(&a, "pubA"), (&b, "pubB")] {
            assert_eq!(key.public_key().to_octets(), octets(&vector[name]));
            let read = ecdh::PublicKey::from_hex(text(&vector[name])).unwrap();
            assert_eq!(read, key.public_key(), "{} {name}", vector["id"]);
        }
        for agreed in [a.agree(&b.public_key()), b.agree(&a.public_key())] {
            assert_eq!(
                agreed.expose(),
                octets(&vector["secret"]),
                "{}",
                vector["id"]
            );
        }
    }
    for vector in rejects("ecdh") {
        let read = ecdh::PublicKey::from_hex(text(&vector["public_key"]));
        assert_eq!(
            read.err(),
            Some(ecdh::KeyError::Public),
            "{}",
            vector["why"]
        );
    }
}

#[test]
fn addresses_have_the_published_octets() {
    for vector in vectors("address") {
        let id = text(&vector["id"]);
        let written = text(&vector["address"]);
        let parsed: Address = written.parse().unwrap();
        assert_eq!(parsed.as_bytes(), octets(&vector["binary"]), "{id}");
        assert_eq!(address(&vector["binary"]), parsed, "{id}");
        let chain = match text(&vector["chain"]) {
            "bitcoin" => Chain::Bitcoin,
            "ethereum" => Chain::Ethereum,
            other => {
                assert_eq!(other, "fennel");
                Chain::Fennel
            }
        };
        assert_eq!(parsed.chain(), chain, "{id}");
        assert!(parsed.is_named(written), "{id}");
        let shown = parsed.to_plain();
        assert!(
            shown == written || shown.eq_ignore_ascii_case(written) && chain == Chain::Ethereum
        );
        if let Some(key) = vector.get("public_key").filter(|_| chain != Chain::Fennel) {
            let key = AccountKey::from_hex(text(key)).unwrap();
            assert!(key.belongs_to(&parsed), "{id}");
        }
        if let Some(key) = vector.get("private_key") {
            let key = PrivateKey::from_hex(text(key)).unwrap();
            assert!(key.public_key().belongs_to(&parsed), "{id}");
        }
    }
}

#[test]
fn published_signatures_are_verified() {
    for vector in vectors("jws") {
        let id = text(&vector["id"]);
        let jws = Jws::from_flattened(&vector["jws"].to_string()).unwrap();
        let sender: Address = text(&vector["address"]).parse().unwrap();
        let key = vector.get("public_key").map(text);
        let key = key.map(|key| AccountKey::from_hex(key).unwrap());
        let url = match jws.claims() {
            Ok(claims) => claims.url,
            Err(_) => String::new(),
        };
        for key in [None, key.as_ref()] {
            let verified = verify(&jws, &sender, &url, key, None);
            assert_eq!(
                verified.is_ok(),
                !is_conflict(&vector),
                "{id}: {verified:?}"
            );
            assert_eq!(verified.is_ok(), vector["valid"] == json!(true), "{id}");
        }
    }
    let dropped = &vectors("jws")[3]["jws"].to_string();
    let dropped = Jws::from_flattened(dropped).unwrap();
    let sender = "1C8KSK68SJjfDSBx9BpSx3qB3bePf23r77".parse().unwrap();
    let url = "https://organisation.int/whiteflag";
    let refused = verify(&dropped, &sender, url, None, None);
    assert_eq!(refused, Err(VerifyError::Signature));
}

#[test]
fn signatures_have_the_published_forms() {
    for vector in vectors("jws-form") {
        let (compact, flat, full) = (&vector["compact"], &vector["flat"], &vector["full"]);
        if flat.is_null() {
            // A header alone is no token; it is read all the same.
            assert_eq!(part(text(compact)).unwrap(), full["protected"]);
            assert!(Jws::from_compact(text(compact)).is_err());
            continue;
        }
        let jws = Jws::from_compact(text(compact)).unwrap();
        assert_eq!(Jws::from_flattened(&flat.to_string()).unwrap(), jws);
        assert_eq!(jws.to_compact(), text(compact));
        assert_eq!(jws.to_flattened(), flat.to_string());
        assert_eq!(serde_json::to_value(jws.parse().unwrap()).unwrap(), *full);
        if let Ok(claims) = jws.claims() {
            let again: Claims = serde_json::from_value(full["payload"].clone()).unwrap();
            assert_eq!(claims, again);
        }
    }
}
