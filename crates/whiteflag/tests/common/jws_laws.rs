//! What holds for every text that is shown as the proof of who somebody is: a signed token, the
//! claims in it, an address. Each law panics where it is broken. Tests and the fuzz target call it.

use whiteflag::crypto::Address;
use whiteflag::crypto::jws::{Claims, Jws, PrivateKey, verify};

/// A text is an error, or is the same after each of its forms and speaks for nobody but its signer.
pub(crate) fn of_text(text: &str) {
    if let Ok(jws) = Jws::from_flattened(text) {
        of_a_token(&jws);
    }
    if let Ok(jws) = Jws::from_compact(text) {
        assert_eq!(jws.to_compact(), text);
        of_a_token(&jws);
    }
    if let Ok(claims) = serde_json::from_str(text) {
        of_claims(&claims);
    }
    if let Ok(address) = text.parse::<Address>() {
        assert_eq!(address.to_string().parse(), Ok(address));
        assert!(address.is_named(text));
    }
}

fn of_a_token(jws: &Jws) {
    assert_eq!(Jws::from_flattened(&jws.to_flattened()).as_ref(), Ok(jws));
    let Ok(claims) = jws.claims() else {
        return;
    };
    let Ok(named) = claims.addr.parse::<Address>() else {
        return;
    };
    let accepted = |sender: &Address, url: &str| verify(jws, sender, url, None, None);
    if let Ok(verified) = accepted(&named, &claims.url) {
        assert_eq!(verified, claims);
        accepted(&named, &format!("{}/", claims.url)).unwrap_err();
        accepted(&Address::ethereum([0x41; 20]), &claims.url).unwrap_err();
    }
}

/// Whatever a signer claims, only the claim to be themselves is accepted.
fn of_claims(claims: &Claims) {
    let key = PrivateKey::from_octets(&[1; 32]).unwrap();
    let own = key.public_key().ethereum_address();
    let jws = Jws::sign(&key, claims);
    let read = jws.claims().unwrap();
    let texts = |claims: &Claims| {
        [
            claims.addr.clone(),
            claims.orgname.clone(),
            claims.url.clone(),
        ]
    };
    assert_eq!(texts(&read), texts(claims));
    assert_eq!(read.extpubkey, claims.extpubkey);
    let verified = verify(&jws, &own, &claims.url, Some(&key.public_key()), None);
    assert_eq!(verified.is_ok(), own.is_named(&claims.addr));
    if let Ok(other) = claims.addr.parse::<Address>()
        && other != own
    {
        verify(&jws, &other, &claims.url, Some(&key.public_key()), None).unwrap_err();
        verify(&jws, &other, &claims.url, None, None).unwrap_err();
    }
}
