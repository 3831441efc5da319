//! Encryption, key agreement and authentication (specification 5). Every primitive is another
//! crate's; this module only says which of them Whiteflag uses, on what, in which order. Reads no
//! clock, makes no random numbers and keeps nothing: whoever calls passes them in and keeps them.
//!
//! ```
//! use whiteflag::Message;
//! use whiteflag::crypto::{
//!     Address, EncryptionKey, EncryptionMethod, InitialisationVector, Secret, decrypt, encrypt,
//! };
//!
//! # fn random<const N: usize>() -> [u8; N] { [7; N] }
//! let text = Message::from_flat(&format!("WF100F0{}{}", "0".repeat(64), "Meet at the bridge"))?;
//! let secret = Secret::new(random::<32>().to_vec())?;
//! let alice: Address = "0x41aD2bc63A2059f9b623533d87fe99887D794847".parse()?;
//! let key = EncryptionKey::derive(EncryptionMethod::PreShared, &secret, &alice);
//! let vector = InitialisationVector::new(random());
//!
//! let octets = encrypt(&text, &key, vector)?;
//! assert_eq!(&octets[..4], b"WF12");
//! let read = decrypt(&octets, &key, vector)?;
//! assert_eq!(read.body, text.body);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Types that hold a secret cannot be shown:
//!
//! ```compile_fail
//! fn shown(secret: &whiteflag::crypto::Secret) -> String {
//!     format!("{secret:?}")
//! }
//! ```

mod address;
pub mod authentication;
mod cipher;
pub mod ecdh;
mod extended_key;
pub mod jws;
mod key;
mod key_ring;
mod open;
mod pairing;
mod secret;
mod token;
mod vector;

pub use address::{Address, AddressError, Chain};
pub use cipher::{DecryptError, EncryptError, decrypt, encrypt};
pub use extended_key::ExtendedKey;
pub use key::{EncryptionKey, EncryptionMethod};
pub use key_ring::{Change, KeyRing};
pub use open::{Opened, open};
pub use pairing::{Pair, Pairing};
pub use secret::{Secret, SecretError};
pub use token::Token;
pub use vector::{InitialisationVector, VectorMessage};

use crate::{Body, Content, Message, Reference, ReferenceIndicator, TransactionHash};

/// A plain K message without duress: what nobody may encrypt, and what shows nothing but its data.
fn key_message(
    indicator: ReferenceIndicator,
    message: TransactionHash,
    data_type: u8,
    data: &[u8],
) -> Message {
    Message {
        encryption: b'0',
        duress: false,
        reference: Reference { indicator, message },
        body: Body::Plain(Content::Cryptographic {
            data_type,
            data: data.to_vec(),
        }),
    }
}

/// The CryptoDataType and CryptoData of a K message; `None` for others, test messages too.
fn key_data(message: &Message) -> Option<(u8, &[u8])> {
    match &message.body {
        Body::Plain(Content::Cryptographic { data_type, data }) => Some((*data_type, data)),
        Body::Plain(_) | Body::Test(_) => None,
    }
}
