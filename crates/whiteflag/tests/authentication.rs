//! Who sent a message: addresses, signatures at a URL, tokens, and what each refusal is called.

#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use whiteflag::crypto::authentication::{
    Evidence, Judgement, Reason, VerificationMethod, by_token, by_url,
};
use whiteflag::crypto::jws::{
    AccountKey, Claims, Domains, Jws, JwsError, PrivateKey, VerifyError, verify,
};
use whiteflag::crypto::{Address, AddressError, Chain, Secret, Token};
use whiteflag::{FormError, Message};

const URL: &str = "https://aid.example.org/whiteflag.json";

fn account(seed: u8) -> PrivateKey {
    PrivateKey::from_octets(&[seed; 32]).unwrap()
}

fn address(seed: u8) -> Address {
    account(seed).public_key().ethereum_address()
}

/// A token with any header and payload, signed by an account.
fn token(seed: u8, header: &Value, payload: &Value) -> Jws {
    let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let genuine = Jws::sign(&account(seed), &Claims::new(&address(seed), "", ""));
    let signature = genuine.parse().unwrap().signature;
    let compact = format!("{}.{}.{signature}", part(header), part(payload));
    Jws::from_compact(&compact).unwrap()
}

#[test]
fn each_of_the_four_checks_has_its_own_refusal() {
    let (key, other) = (account(1).public_key(), account(2).public_key());
    let genuine = Jws::sign(&account(1), &Claims::new(&address(1), "Aid", URL));
    let check = |jws: &Jws, sender, url, key: &AccountKey| {
        let verified = verify(jws, &sender, url, Some(key), None);
        verified.map(|claims| claims.orgname)
    };
    assert_eq!(check(&genuine, address(1), URL, &key), Ok("Aid".to_owned()));
    let refused = check(&genuine, address(1), URL, &other);
    assert_eq!(refused, Err(VerifyError::Signature));
    // Signed by 2, whose transaction it is, in the name of 1.
    let borrowed = Jws::sign(&account(2), &Claims::new(&address(1), "Aid", URL));
    let refused = check(&borrowed, address(1), URL, &other);
    assert_eq!(refused, Err(VerifyError::Key));
    let refused = check(&genuine, address(2), URL, &key);
    assert_eq!(refused, Err(VerifyError::Address));
    let refused = check(&genuine, address(1), "https://aid.example.org/", &key);
    assert_eq!(refused, Err(VerifyError::Url));
    let unknown = verify(&borrowed, &address(1), URL, None, None);
    assert_eq!(unknown, Err(VerifyError::Signature), "no key proves it");
}

#[test]
fn the_claims_are_compared_as_the_chain_writes_addresses() {
    let mut claims = Claims::new(&address(1), "Aid", URL);
    for addr in [
        claims.addr.to_lowercase(),
        claims.addr.to_uppercase(),
        format!("0x{}", claims.addr),
    ] {
        claims.addr = addr;
        let jws = Jws::sign(&account(1), &claims);
        assert!(
            verify(&jws, &address(1), URL, None, None).is_ok(),
            "{claims:?}"
        );
    }
    let bitcoin: Address = "1C8KSK68SJjfDSBx9BpSx3qB3bePf23r77".parse().unwrap();
    assert!(bitcoin.is_named("1C8KSK68SJjfDSBx9BpSx3qB3bePf23r77"));
    assert!(!bitcoin.is_named("1c8KSK68SJjfDSBx9BpSx3qB3bePf23r77"));
}

#[test]
fn labels_and_forms_that_are_not_known_are_refused() {
    let claims = json!(Claims::new(&address(1), "Aid", URL));
    let refusal = |header: Value, payload: &Value| {
        let jws = token(1, &header, payload);
        verify(&jws, &address(1), URL, None, None).unwrap_err()
    };
    for alg in ["none", "HS256", "RS256", "es256", ""] {
        assert_eq!(
            refusal(json!({ "alg": alg }), &claims),
            VerifyError::Algorithm
        );
    }
    assert_eq!(refusal(json!({}), &claims), VerifyError::Algorithm);
    for alg in ["ES256", "ES256K"] {
        assert_eq!(
            refusal(json!({ "alg": alg }), &claims),
            VerifyError::Signature
        );
    }
    for payload in [
        json!({}),
        json!([1]),
        json!({"addr": 1, "orgname": "", "url": ""}),
    ] {
        let form = VerifyError::Form(JwsError::Claims);
        assert_eq!(refusal(json!({ "alg": "ES256" }), &payload), form);
    }
    let fennel = "5HNRYTr4mQsAZpta8fXcBjjtu3qJL66dpAKbSh35FUhSUTR4"
        .parse()
        .unwrap();
    let jws = Jws::sign(&account(1), &Claims::new(&address(1), "Aid", URL));
    let refused = verify(&jws, &fennel, URL, None, None);
    assert_eq!(refused, Err(VerifyError::Chain));
    for (compact, why) in [("a.b", JwsError::Compact), ("a.b.c.d", JwsError::Compact)] {
        assert_eq!(Jws::from_compact(compact), Err(why));
    }
    let padded = Jws::from_compact("eyJhbGciOiJFUzI1NiJ9.e30=.AA").unwrap();
    assert_eq!(padded.claims(), Err(JwsError::Base64));
    let long = "a".repeat(65_537);
    assert_eq!(Jws::from_flattened(&long), Err(JwsError::TooLong));
    assert_eq!(Jws::from_compact(&long), Err(JwsError::TooLong));
}

#[test]
fn only_trusted_domains_count_if_there_is_a_list() {
    let domains = Domains::new(["Example.org", "un.org", ""]);
    for url in [
        URL,
        "https://example.org",
        "http://EXAMPLE.org:8080/x",
        "HTTPS://un.org?x",
    ] {
        assert!(domains.hold(url), "{url}");
    }
    for url in [
        "https://example.org.evil.net/",
        "https://badexample.org/",
        "https://example.org@evil.net/",
        "https://evil.net/example.org",
        "https://evil.net#.example.org",
        "https://evil.net\\.example.org",
        "https://evil.net:80:example.org",
        "ftp://example.org/",
        "example.org",
        "https://",
        "https://[::1]/",
    ] {
        assert!(!domains.hold(url), "{url}");
    }
    let jws = Jws::sign(&account(1), &Claims::new(&address(1), "Aid", URL));
    assert!(verify(&jws, &address(1), URL, None, Some(&domains)).is_ok());
    let refused = verify(
        &jws,
        &address(1),
        URL,
        None,
        Some(&Domains::new(["un.org"])),
    );
    assert_eq!(refused, Err(VerifyError::Domain));
}

fn authentication(method: u8, indicator: u8, data: &str) -> Message {
    let hash = "ab".repeat(32);
    Message::from_flat(&format!("WF100A{indicator}{hash}{method}{data}")).unwrap()
}

#[test]
fn a_url_that_is_continued_is_judged_as_a_whole() {
    let (start, end) = URL.split_at(20);
    let evidence = Evidence::of(&authentication(1, 0, start)).unwrap();
    let evidence = evidence.continued(&authentication(1, 3, end)).unwrap();
    assert_eq!(evidence.data.as_str(), URL);
    let found = Jws::sign(&account(1), &Claims::new(&address(1), "Aid", URL)).to_flattened();
    let Judgement::Claimed(claims) = by_url(&evidence, &found, &address(1), None, None) else {
        panic!("it is shown");
    };
    assert_eq!(claims.orgname, "Aid");
    let updated = Evidence::of(&authentication(1, 2, URL));
    assert_eq!(updated.as_ref(), Some(&evidence));
    let refused = by_url(&evidence, "<html>", &address(1), None, None);
    let reason = Reason::Url(VerifyError::Form(JwsError::Flattened));
    assert_eq!(refused, Judgement::NotShown(reason));
    for wrong in [
        authentication(2, 3, end),
        authentication(1, 0, end),
        Message::from_flat(&format!("WF100F3{}x", "ab".repeat(32))).unwrap(),
    ] {
        let refused = evidence.clone().continued(&wrong);
        assert_eq!(
            refused,
            Err(FormError("an A(3) message of the same method"))
        );
    }
    for (method, indicator) in [(1, 1), (1, 3), (1, 4), (3, 0), (9, 0)] {
        assert_eq!(Evidence::of(&authentication(method, indicator, URL)), None);
    }
}

#[test]
fn a_token_is_judged_for_its_sender_by_every_known_secret() {
    let secrets = [1, 2, 3].map(|seed| Secret::new(vec![seed; 16]).unwrap());
    let digits = Token::derive(&secrets[1], &address(1)).to_hex();
    for digits in [digits.clone(), digits.to_uppercase()] {
        let evidence = Evidence::of(&authentication(2, 0, &digits)).unwrap();
        assert_eq!(evidence.method, VerificationMethod::Token);
        assert_eq!(
            by_token(&evidence, &address(1), &secrets),
            Judgement::Known(1)
        );
        let not_shown = Judgement::NotShown(Reason::Token);
        assert_eq!(by_token(&evidence, &address(2), &secrets), not_shown);
        assert_eq!(by_token(&evidence, &address(1), &secrets[..1]), not_shown);
        let other = by_url(&evidence, "{}", &address(1), None, None);
        assert_eq!(other, Judgement::NotShown(Reason::Method));
    }
    let evidence = Evidence::of(&authentication(1, 0, URL)).unwrap();
    let other = by_token(&evidence, &address(1), &secrets);
    assert_eq!(other, Judgement::NotShown(Reason::Method));
}

#[test]
fn typing_errors_in_addresses_are_found() {
    for (text, error) in [
        (
            "0x41aD2bc63A2059f9b623533d87fe99887D794848",
            AddressError::Checksum,
        ),
        (
            "0x41Ad2bc63A2059f9b623533d87fe99887D794847",
            AddressError::Checksum,
        ),
        ("1C8KSK68SJjfDSBx9BpSx3qB3bePf23r78", AddressError::Checksum),
        (
            "5HNRYTr4mQsAZpta8fXcBjjtu3qJL66dpAKbSh35FUhSUTR5",
            AddressError::Checksum,
        ),
        ("0x41ad", AddressError::Form),
        ("", AddressError::Form),
        ("0OIl", AddressError::Form),
        (&"1".repeat(20), AddressError::Form),
        (&"1".repeat(5000), AddressError::Form),
    ] {
        assert_eq!(text.parse::<Address>(), Err(error), "{text}");
    }
    let address: Address = "41AD2BC63A2059F9B623533D87FE99887D794847".parse().unwrap();
    let shown = "0x41aD2bc63A2059f9b623533d87fe99887D794847";
    assert_eq!(
        (address.chain(), address.to_string()),
        (Chain::Ethereum, shown.to_owned())
    );
}
