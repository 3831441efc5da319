//! Blockchain addresses in text and in octets, which key derivation takes (specification 5.2.3).
//! Knows the three chains that have Whiteflag connectors; judges no network within a chain.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use sha3::Keccak256;

use crate::hex;

/// A kind of blockchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// Addresses are Base58Check: version, hash, checksum.
    Bitcoin,
    /// Addresses are 20 octets in hexadecimal digits; those of every compatible chain too.
    Ethereum,
    /// Addresses are SS58 of Substrate: prefix 42, key, checksum.
    Fennel,
}

/// The address of an account. Its checksum, where it has one, is right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Octets);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Octets {
    Bitcoin([u8; 25]),
    Ethereum([u8; 20]),
    Fennel([u8; 35]),
}

/// Why a text or octets are no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Of no known form.
    #[error(
        "this is no address: give 40 hexadecimal digits (Ethereum), or a Base58 address of Bitcoin or Fennel"
    )]
    Form,
    /// Its checksum is wrong.
    #[error("the address has a typing error: its checksum is wrong")]
    Checksum,
}

impl Address {
    /// An address of Ethereum or of a compatible chain.
    #[must_use]
    pub const fn ethereum(octets: [u8; 20]) -> Self {
        Self(Octets::Ethereum(octets))
    }

    /// Takes the binary form: 20 octets of Ethereum, 25 of Bitcoin, 35 of Fennel.
    ///
    /// # Errors
    /// They have another length, or their checksum is wrong.
    pub fn from_octets(octets: &[u8]) -> Result<Self, AddressError> {
        if let Ok(octets) = octets.try_into() {
            return Ok(Self::ethereum(octets));
        }
        if let Ok(octets) = octets.try_into() {
            return checked(Octets::Bitcoin(octets));
        }
        checked(Octets::Fennel(
            octets.try_into().map_err(|_| AddressError::Form)?,
        ))
    }

    /// Which chain it belongs to.
    #[must_use]
    pub const fn chain(&self) -> Chain {
        match self.0 {
            Octets::Bitcoin(_) => Chain::Bitcoin,
            Octets::Ethereum(_) => Chain::Ethereum,
            Octets::Fennel(_) => Chain::Fennel,
        }
    }

    /// The binary form: the whole Base58 decoding with version and checksum, or the 20 octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Octets::Bitcoin(octets) => octets,
            Octets::Ethereum(octets) => octets,
            Octets::Fennel(octets) => octets,
        }
    }

    /// Whether a text names this address: hexadecimal digits of either case and whatever their
    /// capitals say, with or without `0x`; Base58 exactly.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        match &self.0 {
            Octets::Ethereum(octets) => {
                hex::parse_bytes(without_0x(text)).is_some_and(|named| named == octets)
            }
            Octets::Bitcoin(_) | Octets::Fennel(_) => text == self.to_string(),
        }
    }

    /// The text form without `0x`, as JSON Web Signatures have it.
    #[must_use]
    pub fn to_plain(&self) -> String {
        without_0x(&self.to_string()).to_owned()
    }
}

fn without_0x(text: &str) -> &str {
    text.strip_prefix("0x").unwrap_or(text)
}

fn checked(octets: Octets) -> Result<Address, AddressError> {
    let right = match &octets {
        Octets::Ethereum(_) => true,
        Octets::Bitcoin(octets) => ends_with(octets, |start| {
            Sha256::digest(Sha256::digest(start))
                .first_chunk::<4>()
                .copied()
        }),
        Octets::Fennel(octets) => ends_with(octets, |start| {
            let hash = blake2::Blake2b512::new_with_prefix(b"SS58PRE").chain_update(start);
            hash.finalize().first_chunk::<2>().copied()
        }),
    };
    if right {
        Ok(Address(octets))
    } else {
        Err(AddressError::Checksum)
    }
}

/// Whether the last `N` octets are what `checksum` says of those before.
fn ends_with<const N: usize>(octets: &[u8], checksum: impl Fn(&[u8]) -> Option<[u8; N]>) -> bool {
    let split = octets.split_last_chunk::<N>();
    split.is_some_and(|(start, end)| checksum(start) == Some(*end))
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        // Base58 of 25 or 35 octets has never 40 characters; it has at most 48.
        let digits = without_0x(text);
        if let Some(octets) = hex::parse_bytes(digits).and_then(|octets| octets.try_into().ok()) {
            let address = Self::ethereum(octets);
            let mixed = digits.bytes().any(|digit| digit.is_ascii_lowercase())
                && digits.bytes().any(|digit| digit.is_ascii_uppercase());
            return if mixed && address.to_plain() != digits {
                Err(AddressError::Checksum)
            } else {
                Ok(address)
            };
        }
        if text.len() > 48 {
            return Err(AddressError::Form);
        }
        let octets = bs58::decode(text)
            .into_vec()
            .map_err(|_| AddressError::Form)?;
        match Self::from_octets(&octets)? {
            Self(Octets::Ethereum(_)) => Err(AddressError::Form),
            address => Ok(address),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Octets::Ethereum(octets) => write!(f, "0x{}", with_capitals(octets)),
            Octets::Bitcoin(_) | Octets::Fennel(_) => {
                f.write_str(&bs58::encode(self.as_bytes()).into_string())
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// The digits with the capitals of EIP-55: those letters whose place in the hash of the digits has
/// a digit of 8 or more.
fn with_capitals(octets: &[u8; 20]) -> String {
    let digits = hex::lower(octets);
    let hash = hex::lower(&Keccak256::digest(digits.as_bytes()));
    let capital = |(digit, hash): (char, char)| match hash {
        '8'..='f' => digit.to_ascii_uppercase(),
        _ => digit,
    };
    digits.chars().zip(hash.chars()).map(capital).collect()
}
