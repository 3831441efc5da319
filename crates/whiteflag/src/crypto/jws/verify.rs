//! The four checks of authentication by URL (specification 5.1.2.1), in their order: the signature,
//! its key, the address, the URL. What failed is said; what was not reached is not.

use serde::Deserialize;

use super::{AccountKey, Claims, Domains, Jws, JwsError, decode, part};
use crate::crypto::{Address, Chain};

/// Why a token does not authenticate a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Form(#[from] JwsError),
    /// Its header names no algorithm of this library.
    #[error("its algorithm is not known; ES256 and ES256K are, both with the curve secp256k1")]
    Algorithm,
    /// The sender's chain signs in another way.
    #[error(
        "accounts of this chain sign in a way that is not known; only those of Ethereum and Bitcoin are"
    )]
    Chain,
    /// The first check.
    #[error("the signature is not one that this account made over these octets")]
    Signature,
    /// The second check.
    #[error("the key that signed is not the key of the address that the token names")]
    Key,
    /// The third check.
    #[error("the token names another address than that of the sender")]
    Address,
    /// The fourth check.
    #[error("the token names another URL than the message")]
    Url,
    /// The URL's domain is not in the list of those that are trusted.
    #[error("the URL is not of a domain in the list of those that are trusted")]
    Domain,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// Verifies a token against the message it was found through.
///
/// `sender` is the account that sent the message and `url` its VerificationData. With
/// `public_key`, that of the transaction, each check stands for itself. Without it the key is
/// recovered from the signature, and the address that the token names proves it: the first two
/// checks are one. `domains`, if given, are those that the URL may be of.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    jws: &Jws,
    sender: &Address,
    url: &str,
    public_key: Option<&AccountKey>,
    domains: Option<&Domains>,
) -> Result<Claims, VerifyError> {
    let header: Header =
        serde_json::from_value(part(&jws.protected)?).map_err(|_| VerifyError::Algorithm)?;
    if sender.chain() == Chain::Fennel {
        return Err(VerifyError::Chain);
    }
    if !matches!(header.alg.as_str(), "ES256" | "ES256K") {
        return Err(VerifyError::Algorithm);
    }
    let claims = jws.claims()?;
    signature(jws, sender, &claims, public_key)?;
    require(sender.is_named(&claims.addr), VerifyError::Address)?;
    require(claims.url == url, VerifyError::Url)?;
    require(
        domains.is_none_or(|domains| domains.hold(url)),
        VerifyError::Domain,
    )?;
    Ok(claims)
}

fn signature(
    jws: &Jws,
    sender: &Address,
    claims: &Claims,
    public_key: Option<&AccountKey>,
) -> Result<(), VerifyError> {
    let signature = decode(&jws.signature)?;
    let signed = jws.signed();
    let owner = named(claims, sender);
    let owns = |key: &AccountKey| owner.is_some_and(|owner| key.belongs_to(&owner));
    let Some(key) = public_key else {
        let mut keys = AccountKey::candidates(&signature, signed.as_bytes());
        return require(keys.any(|key| owns(&key)), VerifyError::Signature);
    };
    require(
        key.made(&signature, signed.as_bytes()),
        VerifyError::Signature,
    )?;
    require(owns(key), VerifyError::Key)
}

/// The address that the claims name. Capitals of hexadecimal digits do not matter here.
fn named(claims: &Claims, sender: &Address) -> Option<Address> {
    if sender.is_named(&claims.addr) {
        return Some(*sender);
    }
    claims.addr.parse().ok()
}

fn require(that: bool, error: VerifyError) -> Result<(), VerifyError> {
    if that { Ok(()) } else { Err(error) }
}
