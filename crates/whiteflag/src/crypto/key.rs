//! The key of encryption methods 1 and 2 (specification 5.2.3, 5.2.4): derived from a secret for
//! one originator, with the round keys of its cipher ready. Never gives the key away.

use aes::Aes256Enc;
use aes::cipher::{InnerIvInit, KeyInit, StreamCipher, StreamCipherCoreWrapper};
use ctr::{CtrCore, flavors};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Address, InitialisationVector, Secret};

/// Salt of method 1 (specification 5.2.3).
const NEGOTIATED: [u8; 32] = *b"\x8d\xdb\x03\x08\x5a\x2c\x15\xe6\x9c\x35\xc2\x24\xbc\xe2\x95\x2d\
    \xca\x78\x78\x77\x07\x24\x74\x1c\xbc\xe5\xa1\x35\x32\x8b\xe0\xc0";
/// Salt of method 2.
const PRE_SHARED: [u8; 32] = *b"\xc4\xd0\x28\xbd\x45\xc8\x76\x13\x5e\x80\xef\x78\x89\x83\x58\x22\
    \xa6\xf1\x9a\x31\x83\x55\x57\xd5\x85\x4d\x13\x34\xe8\x49\x7b\x56";

/// Where the secret of an encryption comes from. Both use AES-256 in counter mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EncryptionMethod {
    /// 1: by key agreement between two accounts.
    Negotiated,
    /// 2: shared beforehand.
    PreShared,
}

impl EncryptionMethod {
    /// The EncryptionIndicator, a character.
    #[must_use]
    pub const fn indicator(self) -> u8 {
        match self {
            Self::Negotiated => b'1',
            Self::PreShared => b'2',
        }
    }

    /// The method of an EncryptionIndicator; `None` for every other one.
    #[must_use]
    pub const fn from_indicator(indicator: u8) -> Option<Self> {
        match indicator {
            b'1' => Some(Self::Negotiated),
            b'2' => Some(Self::PreShared),
            _ => None,
        }
    }

    const fn salt(self) -> &'static [u8; 32] {
        match self {
            Self::Negotiated => &NEGOTIATED,
            Self::PreShared => &PRE_SHARED,
        }
    }
}

/// A key for messages of one originator by one method.
///
/// It is no `Clone`, `Debug` or `Display`. Its round keys are overwritten when it is dropped.
pub struct EncryptionKey {
    method: EncryptionMethod,
    /// Wipes itself. In a box, so that moving the key leaves no copy behind.
    cipher: Box<Aes256Enc>,
}

impl ZeroizeOnDrop for EncryptionKey {}

impl EncryptionKey {
    /// Derives the key for messages that `originator` sends, whoever reads them.
    #[must_use]
    pub fn derive(method: EncryptionMethod, secret: &Secret, originator: &Address) -> Self {
        Self::from_octets(method, &derive(secret, method.salt(), originator))
    }

    /// Takes a key that was derived elsewhere, in a keystore of the platform for instance.
    #[must_use]
    pub fn from_octets(method: EncryptionMethod, octets: &[u8; 32]) -> Self {
        Self {
            method,
            cipher: Box::new(Aes256Enc::new(octets.into())),
        }
    }

    /// The method it is for.
    #[must_use]
    pub const fn method(&self) -> EncryptionMethod {
        self.method
    }

    /// The cipher alone: changes plain octets into encrypted ones and back. The counter has 128
    /// bits, as in OpenSSL. [`super::encrypt`] and [`super::decrypt`] know which octets of a
    /// message it is for.
    pub fn apply(&self, vector: InitialisationVector, octets: &mut [u8]) {
        let core =
            CtrCore::<_, flavors::Ctr128BE>::inner_iv_init(&*self.cipher, vector.as_bytes().into());
        StreamCipherCoreWrapper::from_core(core).apply_keystream(octets);
    }
}

/// HKDF-SHA256 of RFC 5869 with the binary address as information.
pub(super) fn derive(secret: &Secret, salt: &[u8; 32], info: &Address) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    // 32 octets are one block of SHA-256, so the only error, more than 255 blocks, cannot be.
    let _ = Hkdf::<Sha256>::new(Some(salt), secret.expose())
        .expand(info.as_bytes(), derived.as_mut_slice());
    derived
}
