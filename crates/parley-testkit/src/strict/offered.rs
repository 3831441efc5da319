//! A transaction as it was offered: decoded from its octets, its signer recovered, and what the pool
//! and the blocks ask of it. Only what needs no code to run is taken.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{Transaction, TxEnvelope};
use alloy_eips::eip2930::AccessList;
use alloy_eips::{Decodable2718, Encodable2718};
use alloy_primitives::{Address, B256, U256};

use super::gas::{Call, Needs, needs};
use super::refusal::Refusal;

/// A signed transaction to an account.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) envelope: TxEnvelope,
    pub(super) hash: B256,
    pub(super) from: Address,
    pub(super) to: Address,
    /// The length of its octets.
    pub(super) size: usize,
    /// Earlier ones go first at the same price.
    pub(super) arrival: u64,
    /// It came by another way than the pool, whose limits it does not know.
    pub(super) private: bool,
    access: AccessList,
}

impl Offered {
    /// Reads an EIP-2718 envelope.
    pub(super) fn decode(raw: &[u8], arrival: u64) -> Result<Self, Refusal> {
        let mut rest = raw;
        let envelope = TxEnvelope::decode_2718(&mut rest).map_err(|_| Refusal::Undecodable)?;
        if !rest.is_empty() {
            return Err(Refusal::Undecodable);
        }
        if envelope.is_eip4844() || envelope.is_eip7702() {
            return Err(Refusal::Type(raw[0]));
        }
        let from = envelope.recover_signer().map_err(|_| Refusal::Signature)?;
        Self::signed_by(from, envelope, arrival)
    }

    /// One whose signer is known.
    pub(super) fn signed_by(
        from: Address,
        envelope: TxEnvelope,
        arrival: u64,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            hash: *envelope.tx_hash(),
            from,
            to: envelope.to().ok_or(Refusal::Creation)?,
            size: envelope.encode_2718_len(),
            arrival,
            private: false,
            access: envelope.access_list().cloned().unwrap_or_default(),
            envelope,
        })
    }

    pub(super) fn nonce(&self) -> u64 {
        self.envelope.nonce()
    }

    pub(super) fn gas(&self) -> u64 {
        self.envelope.gas_limit()
    }

    pub(super) fn input(&self) -> &[u8] {
        self.envelope.input()
    }

    /// Wei per gas, at most.
    pub(super) fn fee_cap(&self) -> u128 {
        self.envelope.max_fee_per_gas()
    }

    /// Wei per gas for the block's maker, at most.
    pub(super) fn tip_cap(&self) -> u128 {
        self.envelope.priority_fee_or_price()
    }

    /// Wei per gas for the block's maker at this base fee; `None` when it cannot pay that.
    pub(super) fn tip(&self, base_fee: u64) -> Option<u128> {
        self.envelope.effective_tip_per_gas(base_fee)
    }

    /// Wei that it may take from its sender.
    pub(super) fn cost(&self) -> U256 {
        U256::from(self.fee_cap()) * U256::from(self.gas()) + self.envelope.value()
    }

    pub(super) fn needs(&self, amsterdam: bool) -> Needs {
        let call = Call {
            from: self.from,
            to: self.to,
            value: self.envelope.value(),
            input: self.input(),
            access: &self.access,
        };
        needs(amsterdam, call)
    }
}
