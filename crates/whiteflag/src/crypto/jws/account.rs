//! The keys of accounts, which sign on the curve secp256k1 (RFC 8812), and which address they
//! belong to. Signs digests of SHA-256 only; transactions are signed elsewhere.

use k256::ecdsa::signature::Signer;
use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{RecoveryId, Signature, SigningKey, VerifyingKey};
use ripemd::Ripemd160;
use sha2::{Digest, Sha256};
use sha3::Keccak256;
use zeroize::ZeroizeOnDrop;

use crate::crypto::{Address, Chain, secret};
use crate::hex;

/// Why octets are no key of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountKeyError {
    /// Not 64 hexadecimal digits of a private key.
    #[error("the private key of an account is 64 hexadecimal digits, not all zeros")]
    Private,
    /// Not a public key.
    #[error("the public key of an account is 66 or 130 hexadecimal digits")]
    Public,
}

/// The private key of an account.
///
/// It is no `Clone`, `Debug` or `Display`, and is overwritten when it is dropped.
pub struct PrivateKey(
    /// Wipes itself. In a box, so that moving the key leaves no copy behind.
    Box<SigningKey>,
);

impl ZeroizeOnDrop for PrivateKey {}

impl PrivateKey {
    /// Takes an unsigned number, most significant octet first.
    ///
    /// # Errors
    /// The number is zero or not below the order of the curve.
    pub fn from_octets(octets: &[u8; 32]) -> Result<Self, AccountKeyError> {
        SigningKey::from_bytes(octets.into())
            .map(|key| Self(Box::new(key)))
            .map_err(|_| AccountKeyError::Private)
    }

    /// As [`PrivateKey::from_octets`], from 64 hexadecimal digits.
    ///
    /// # Errors
    /// These are no digits, or no key.
    pub fn from_hex(digits: &str) -> Result<Self, AccountKeyError> {
        let octets = secret::decode_hex_32(digits).ok_or(AccountKeyError::Private)?;
        Self::from_octets(&octets)
    }

    /// The public key of the account.
    #[must_use]
    pub fn public_key(&self) -> AccountKey {
        AccountKey(*self.0.verifying_key())
    }

    /// r and s over the SHA-256 of the octets; s is the lower of the two that would do.
    pub(super) fn sign(&self, octets: &[u8]) -> [u8; 64] {
        let signature: Signature = self.0.sign(octets);
        signature.to_bytes().into()
    }
}

/// The public key of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountKey(VerifyingKey);

impl AccountKey {
    /// Takes the compressed (33 octets) or uncompressed (65 octets) form of SEC 1.
    ///
    /// # Errors
    /// It is not that of a point of the curve.
    pub fn from_octets(octets: &[u8]) -> Result<Self, AccountKeyError> {
        VerifyingKey::from_sec1_bytes(octets)
            .map(Self)
            .map_err(|_| AccountKeyError::Public)
    }

    /// As [`AccountKey::from_octets`], from hexadecimal digits.
    ///
    /// # Errors
    /// As [`AccountKey::from_octets`].
    pub fn from_hex(digits: &str) -> Result<Self, AccountKeyError> {
        let octets = hex::parse_bytes(digits).ok_or(AccountKeyError::Public)?;
        Self::from_octets(&octets)
    }

    /// The address of its account on Ethereum: the end of the Keccak-256 of its coordinates.
    #[must_use]
    pub fn ethereum_address(&self) -> Address {
        let point = self.0.to_sec1_point(false);
        let coordinates = point.as_bytes().get(1..).unwrap_or_default();
        let hash: [u8; 32] = Keccak256::digest(coordinates).into();
        let mut octets = [0; 20];
        octets.copy_from_slice(hash.last_chunk::<20>().unwrap_or(&[0; 20]));
        Address::ethereum(octets)
    }

    /// Whether it is the key of an address. On Bitcoin that of the compressed or the uncompressed
    /// form; never on chains of other curves.
    #[must_use]
    pub fn belongs_to(&self, address: &Address) -> bool {
        match address.chain() {
            Chain::Ethereum => self.ethereum_address() == *address,
            Chain::Bitcoin => [true, false].into_iter().any(|compress| {
                let hash = Ripemd160::digest(Sha256::digest(self.0.to_sec1_point(compress)));
                address.as_bytes().get(1..21) == Some(hash.as_slice())
            }),
            Chain::Fennel => false,
        }
    }

    /// Whether it made a signature (r and s) over the SHA-256 of the octets. Of the two values of
    /// s that fit each r both are right: others publish either.
    pub(super) fn made(&self, signature: &[u8], octets: &[u8]) -> bool {
        let signature = Signature::from_slice(signature).map(|signature| signature.normalize_s());
        signature.is_ok_and(|signature| self.0.verify(octets, &signature).is_ok())
    }

    /// The keys that could have made a signature over the SHA-256 of the octets: at most four.
    pub(super) fn candidates(signature: &[u8], octets: &[u8]) -> impl Iterator<Item = Self> {
        let signature = Signature::from_slice(signature).map(|signature| signature.normalize_s());
        let hash = Sha256::digest(octets);
        signature.into_iter().flat_map(move |signature| {
            (0..4)
                .filter_map(RecoveryId::from_byte)
                .filter_map(move |id| {
                    VerifyingKey::recover_from_prehash(&hash, &signature, id)
                        .ok()
                        .map(Self)
                })
        })
    }
}
