//! JSON Web Signatures of authentication method 1 (specification 5.1.2.1, RFC 7515): their forms,
//! signing and verifying. What was published is kept octet for octet, since that is what is signed.
//! Fetches nothing.

mod account;
mod domain;
mod verify;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use account::{AccountKey, AccountKeyError, PrivateKey};
pub use domain::Domains;
pub use verify::{VerifyError, verify};

use crate::crypto::Address;

/// The longest text that is read, in octets: many times what an authentication needs.
const MAX_TEXT: usize = 64 * 1024;

/// A signed token: three parts as they were published, in Base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jws {
    protected: String,
    payload: String,
    signature: String,
}

/// A token with its header and its claims read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parsed {
    /// The header.
    pub protected: Value,
    /// The claims.
    pub payload: Value,
    /// The signature, as it was published.
    pub signature: String,
}

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// It is longer than any token.
    #[error("it is longer than 65536 octets; no such signature is")]
    TooLong,
    /// Not JSON with the three parts.
    #[error("it is not a JSON object with protected, payload and signature")]
    Flattened,
    /// Not three parts with full stops between them.
    #[error("it is not three parts with full stops between them")]
    Compact,
    /// A part is not Base64url without padding.
    #[error("a part of it is not Base64url without padding")]
    Base64,
    /// The header or the payload is not JSON.
    #[error("its header or its payload is not JSON")]
    Json,
    /// The payload lacks `addr`, `orgname` or `url`, or has one that is no text.
    #[error("its payload must have the texts addr, orgname and url")]
    Claims,
}

/// What the owner of an account says of themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The address of the account; of Ethereum without `0x`.
    pub addr: String,
    /// The originator's name, which they may choose freely.
    pub orgname: String,
    /// Exactly the VerificationData.
    pub url: String,
    /// A serialised extended public key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extpubkey: Option<String>,
    /// When it was signed, in seconds since 1970-01-01T00:00:00Z; whatever number was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<serde_json::Number>,
}

impl Claims {
    /// The claims that everybody makes.
    #[must_use]
    pub fn new(address: &Address, orgname: &str, url: &str) -> Self {
        Self {
            addr: address.to_plain(),
            orgname: orgname.to_owned(),
            url: url.to_owned(),
            extpubkey: None,
            iat: None,
        }
    }
}

impl Jws {
    /// Reads the flattened JSON form, which is what Whiteflag publishes.
    ///
    /// # Errors
    /// It is too long, or lacks one of the three texts. Their content is not looked at.
    pub fn from_flattened(json: &str) -> Result<Self, JwsError> {
        if json.len() > MAX_TEXT {
            return Err(JwsError::TooLong);
        }
        serde_json::from_str(json).map_err(|_| JwsError::Flattened)
    }

    /// The flattened JSON form.
    #[must_use]
    pub fn to_flattened(&self) -> String {
        let Self {
            protected,
            payload,
            signature,
        } = self;
        json!({ "protected": protected, "payload": payload, "signature": signature }).to_string()
    }

    /// Reads the compact form.
    ///
    /// # Errors
    /// It is too long, or has not three parts. Their content is not looked at.
    pub fn from_compact(text: &str) -> Result<Self, JwsError> {
        if text.len() > MAX_TEXT {
            return Err(JwsError::TooLong);
        }
        let mut parts = text.split('.').map(str::to_owned);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(protected), Some(payload), Some(signature), None) => Ok(Self {
                protected,
                payload,
                signature,
            }),
            _ => Err(JwsError::Compact),
        }
    }

    /// The compact form.
    #[must_use]
    pub fn to_compact(&self) -> String {
        format!("{}.{}", self.signed(), self.signature)
    }

    /// The header and the claims, read.
    ///
    /// # Errors
    /// One of them is not Base64url of JSON.
    pub fn parse(&self) -> Result<Parsed, JwsError> {
        Ok(Parsed {
            protected: part(&self.protected)?,
            payload: part(&self.payload)?,
            signature: self.signature.clone(),
        })
    }

    /// The claims. Nothing says yet that they are true: see [`verify`].
    ///
    /// # Errors
    /// The payload is not Base64url of JSON, or lacks one of them.
    pub fn claims(&self) -> Result<Claims, JwsError> {
        serde_json::from_value(part(&self.payload)?).map_err(|_| JwsError::Claims)
    }

    /// Signs claims with the key of an account. The header says `ES256`, as other implementations
    /// expect, although the curve is secp256k1. The signature does not depend on chance (RFC 6979).
    #[must_use]
    pub fn sign(key: &PrivateKey, claims: &Claims) -> Self {
        let header = json!({ "alg": "ES256", "typ": "JWT" });
        let mut jws = Self {
            protected: encode(header.to_string().as_bytes()),
            payload: encode(json!(claims).to_string().as_bytes()),
            signature: String::new(),
        };
        jws.signature = encode(&key.sign(jws.signed().as_bytes()));
        jws
    }

    /// What the signature is over.
    fn signed(&self) -> String {
        format!("{}.{}", self.protected, self.payload)
    }
}

/// Reads one part: Base64url without padding, of JSON.
///
/// # Errors
/// It is too long or something else.
pub fn part(text: &str) -> Result<Value, JwsError> {
    serde_json::from_slice(&decode(text)?).map_err(|_| JwsError::Json)
}

fn encode(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

fn decode(text: &str) -> Result<Vec<u8>, JwsError> {
    if text.len() > MAX_TEXT {
        return Err(JwsError::TooLong);
    }
    Base64UrlUnpadded::decode_vec(text).map_err(|_| JwsError::Base64)
}
