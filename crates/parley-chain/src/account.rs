//! The account of a data folder: its address, and transactions sealed with its secret. Nonces, fees
//! and gas are given; nothing is asked of anybody.

use std::fmt;

use alloy_consensus::crypto::secp256k1::{recover_signer, sign_message};
use alloy_consensus::{SignableTransaction, TxEip1559};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use parley_core::fees::Offer;
use zeroize::Zeroizing;

/// Thirty-two octets that are no key of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "The account of this data folder cannot be used. Nothing was changed. Restore the folder from a copy."
)]
pub struct NotAKey;

/// Signs for one account. Its secret is wiped on drop and never shown.
pub struct Account {
    secret: Zeroizing<[u8; 32]>,
    address: Address,
}

/// What is signed: a transaction from the account to itself with value 0 (EIP-1559).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealing {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The account's nonce.
    pub nonce: u64,
    /// Gas.
    pub gas_limit: u64,
    /// Wei per gas.
    pub offer: Offer,
    /// The Whiteflag octets.
    pub input: Vec<u8>,
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its hash.
    pub hash: B256,
    /// The EIP-2718 envelope.
    pub raw: Vec<u8>,
}

impl Account {
    /// The account of a secret (a secp256k1 scalar).
    ///
    /// # Errors
    /// It is zero or above the curve's order.
    pub fn from_secret(secret: [u8; 32]) -> Result<Self, NotAKey> {
        let secret = Zeroizing::new(secret);
        // The address is that of the signer of any signature by this key.
        let probe = B256::repeat_byte(1);
        let signature = sign_message(B256::from(*secret), probe).map_err(|_| NotAKey)?;
        let address = recover_signer(&signature, probe).map_err(|_| NotAKey)?;
        Ok(Self { secret, address })
    }

    /// The account's address.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address
    }

    /// Signs. The same input gives the same octets (RFC 6979).
    ///
    /// # Errors
    /// The key was checked before, so only a fault in the cryptography fails here.
    pub fn seal(&self, sealing: Sealing) -> Result<Sealed, NotAKey> {
        let transaction = TxEip1559 {
            chain_id: sealing.chain_id,
            nonce: sealing.nonce,
            gas_limit: sealing.gas_limit,
            max_fee_per_gas: sealing.offer.max_fee,
            max_priority_fee_per_gas: sealing.offer.priority_fee,
            to: TxKind::Call(self.address),
            value: U256::ZERO,
            access_list: Default::default(),
            input: Bytes::from(sealing.input),
        };
        let signature = sign_message(B256::from(*self.secret), transaction.signature_hash())
            .map_err(|_| NotAKey)?;
        let signed = transaction.into_signed(signature);
        Ok(Sealed {
            hash: *signed.hash(),
            raw: signed.encoded_2718(),
        })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// An address as people read it: `0x` and EIP-55 capitals.
#[must_use]
pub fn address_text(address: &Address) -> String {
    address.to_checksum(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(nonce: u64) -> Sealing {
        Sealing {
            chain_id: 31_337,
            nonce,
            gas_limit: 23_000,
            offer: Offer {
                max_fee: 2_000_000_000,
                priority_fee: 1,
            },
            input: b"WF1".to_vec(),
        }
    }

    #[test]
    fn a_known_secret_has_its_known_address() {
        // The first development account of the usual test mnemonic.
        let secret = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        let secret: B256 = secret.parse().unwrap();
        let account = Account::from_secret(secret.0).unwrap();
        assert_eq!(
            address_text(&account.address()),
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
        );
        assert!(!format!("{account:?}").contains("ac09"));
    }

    #[test]
    fn sealing_twice_gives_the_same_octets_and_another_nonce_others() {
        let account = Account::from_secret([7; 32]).unwrap();
        let first = account.seal(sealing(0)).unwrap();
        assert_eq!(account.seal(sealing(0)).unwrap(), first);
        assert_ne!(account.seal(sealing(1)).unwrap().hash, first.hash);
        assert_eq!(alloy_primitives::keccak256(&first.raw), first.hash);
    }

    #[test]
    fn zero_is_no_key() {
        assert_eq!(Account::from_secret([0; 32]).unwrap_err(), NotAKey);
        assert_eq!(Account::from_secret([0xFF; 32]).unwrap_err(), NotAKey);
    }
}
