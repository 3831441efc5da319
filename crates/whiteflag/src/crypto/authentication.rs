//! Whether an authentication message (A) says the truth about its sender (specification 5.1). Pure:
//! whoever calls fetches what is at the URL and holds the secrets.
//!
//! ```
//! use whiteflag::Message;
//! use whiteflag::crypto::authentication::{Evidence, Judgement, by_url};
//! use whiteflag::crypto::jws::{Claims, Jws, PrivateKey};
//!
//! // An organisation signs with the key of its account, and puts the result at its own address.
//! let key = PrivateKey::from_octets(&[7; 32])?;
//! let sender = key.public_key().ethereum_address();
//! let url = "https://aid.example/whiteflag.json";
//! let published = Jws::sign(&key, &Claims::new(&sender, "Aid", url)).to_flattened();
//!
//! // The account sends A1(0) with that address; whoever receives it fetches what is there.
//! let message = Message::from_flat(&format!("WF100A0{}1{url}", "0".repeat(64)))?;
//! let evidence = Evidence::of(&message).ok_or("an A message")?;
//! let judgement = by_url(&evidence, &published, &sender, None, None);
//! assert!(matches!(judgement, Judgement::Claimed(claims) if claims.orgname == "Aid"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::jws::{AccountKey, Claims, Domains, Jws, VerifyError, verify};
use super::{Address, Secret, Token};
use crate::{Body, Content, FormError, Message, ReferenceIndicator, Text};

/// How an originator shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerificationMethod {
    /// 1: by what is at a URL.
    Url,
    /// 2: by a token that few know.
    Token,
}

/// What an A message brings forward, with what continues it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// How.
    pub method: VerificationMethod,
    /// The whole VerificationData.
    pub data: Text,
}

impl Evidence {
    /// Reads an A(0) or A(2) message. `None` for every other one and for reserved and private
    /// methods.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let starts = matches!(
            message.reference.indicator,
            ReferenceIndicator::Original | ReferenceIndicator::Update
        );
        let (method, data) = parts(message).filter(|_| starts)?;
        Some(Self {
            method,
            data: data.clone(),
        })
    }

    /// Adds what an A(3) message of the same method continues. Whoever calls says in which order:
    /// nothing in the messages does but their place on the chain.
    ///
    /// # Errors
    /// The message is no such continuation.
    pub fn continued(self, message: &Message) -> Result<Self, FormError> {
        let wrong = FormError("an A(3) message of the same method");
        let adds = message.reference.indicator == ReferenceIndicator::Add;
        let (method, data) = parts(message).filter(|_| adds).ok_or(wrong)?;
        if method != self.method {
            return Err(wrong);
        }
        let data = Text::new(format!("{}{data}", self.data))?;
        Ok(Self { method, data })
    }
}

fn parts(message: &Message) -> Option<(VerificationMethod, &Text)> {
    let Body::Plain(Content::Authentication { method, data }) = &message.body else {
        return None;
    };
    match method {
        1 => Some((VerificationMethod::Url, data)),
        2 => Some((VerificationMethod::Token, data)),
        _ => None,
    }
}

/// What a judgement found.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// The owner of what is at the URL controls the sender's account, and says this.
    Claimed(Claims),
    /// Who sent it knows the secret of this place in the list, counted from 0.
    Known(usize),
    /// It is not shown: the reason.
    NotShown(Reason),
}

/// Why a judgement found nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The evidence is of the other method.
    #[error("this message authenticates by the other method")]
    Method,
    /// What is at the URL does not authenticate the sender.
    #[error("what is at the URL does not authenticate the sender: {0}")]
    Url(VerifyError),
    /// The token comes from none of the secrets.
    #[error("the token comes from no secret that is known here")]
    Token,
}

/// Judges method 1, given what was found at the URL. See [`verify`].
#[must_use]
pub fn by_url(
    evidence: &Evidence,
    found: &str,
    sender: &Address,
    public_key: Option<&AccountKey>,
    domains: Option<&Domains>,
) -> Judgement {
    if evidence.method != VerificationMethod::Url {
        return Judgement::NotShown(Reason::Method);
    }
    let claims = Jws::from_flattened(found)
        .map_err(VerifyError::from)
        .and_then(|jws| verify(&jws, sender, &evidence.data, public_key, domains));
    claims.map_or_else(
        |error| Judgement::NotShown(Reason::Url(error)),
        Judgement::Claimed,
    )
}

/// Judges method 2, given the secrets that are shared with anybody.
#[must_use]
pub fn by_token<'a>(
    evidence: &Evidence,
    sender: &Address,
    secrets: impl IntoIterator<Item = &'a Secret>,
) -> Judgement {
    if evidence.method != VerificationMethod::Token {
        return Judgement::NotShown(Reason::Method);
    }
    let mut secrets = secrets.into_iter();
    let place = secrets.position(|secret| Token::derive(secret, sender).matches(&evidence.data));
    place.map_or(Judgement::NotShown(Reason::Token), Judgement::Known)
}
