//! Others who use the chain: signers made from a number, their messages and the noise around them.
//! What they send comes by a way of its own, beside the pool and its limits; they always can pay.

use std::sync::Arc;

use alloy_consensus::crypto::secp256k1::{recover_signer, sign_message};
use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_eips::eip2930::AccessList;
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, keccak256};

use super::Strict;
use super::gas::{Call, needs};
use super::offered::Offered;
use super::seed::Seed;

const GWEI: u128 = 1_000_000_000;
/// Wei per gas that strangers pay, however dear it gets.
const STRANGERS_CAP: u128 = 10_000 * GWEI;
/// Wei that a stranger gets before it has too little: for any number of messages.
const ENOUGH: u128 = u128::MAX / 2;
/// How many accounts make the noise.
const CROWD: u64 = 32;

/// An account with a secret that everyone can know.
#[derive(Clone, Debug)]
pub struct Signer {
    secret: B256,
    address: Address,
}

impl Signer {
    /// The signer with this number.
    ///
    /// # Panics
    /// Never in practice: one number of 2¹²⁸ has no key.
    #[must_use]
    pub fn of(number: u64) -> Self {
        let secret = keccak256([b"a stranger".as_slice(), &number.to_be_bytes()].concat());
        let probe = B256::repeat_byte(1);
        let signature = sign_message(secret, probe).expect("a key");
        Self {
            secret,
            address: recover_signer(&signature, probe).expect("a signer"),
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address
    }

    /// Its secret, for programs that sign themselves.
    #[must_use]
    pub fn secret(&self) -> B256 {
        self.secret
    }

    /// Signs. Gives the EIP-2718 envelope.
    ///
    /// # Panics
    /// When the cryptography fails.
    #[must_use]
    pub fn sign(&self, transaction: TxEip1559) -> Vec<u8> {
        self.signed(transaction).encoded_2718()
    }

    fn signed(&self, transaction: TxEip1559) -> TxEnvelope {
        let hash = transaction.signature_hash();
        let signature = sign_message(self.secret, hash).expect("a signature");
        TxEnvelope::from(transaction.into_signed(signature))
    }
}

impl Strict {
    /// A stranger writes: calldata to itself, in one of the next blocks. Gives the transaction's hash.
    ///
    /// # Panics
    /// When the cryptography fails.
    pub fn write_as(&mut self, signer: u64, calldata: &[u8]) -> B256 {
        let signer = Signer::of(signer);
        let to = signer.address();
        self.send_as(&signer, to, U256::ZERO, calldata.to_vec(), 2 * GWEI)
    }

    /// So many transactions that are no Whiteflag messages, of other signers, in the next blocks.
    ///
    /// # Panics
    /// When the cryptography fails.
    pub fn add_noise(&mut self, seed: u64, count: usize) {
        let mut seed = Seed::new(seed);
        // Numbers from the top, where tests take none from.
        let crowd: Vec<Signer> = (0..CROWD).map(|n| Signer::of(u64::MAX - n)).collect();
        let one = |seed: &mut Seed| crowd[usize::from(seed.below(CROWD).to_le_bytes()[0])].clone();
        for _ in 0..count {
            let (from, to) = (one(&mut seed), one(&mut seed));
            let length = usize::from(seed.below(100).to_le_bytes()[0]);
            let mut input = seed.octets(length);
            if input.starts_with(b"W") {
                input[0] = b'w';
            }
            let value = U256::from(seed.below(2) * seed.below(1_000));
            let tip = u128::from(1 + seed.below(3)) * GWEI;
            self.send_as(&from, to.address(), value, input, tip);
        }
    }

    fn send_as(
        &mut self,
        signer: &Signer,
        to: Address,
        value: U256,
        input: Vec<u8>,
        tip: u128,
    ) -> B256 {
        let from = signer.address();
        let envelope = signer.signed(TxEip1559 {
            chain_id: self.chain.rules.chain_id,
            nonce: self
                .pool
                .next_nonce(from, self.chain.accounts.now(from).nonce),
            gas_limit: enough_gas(from, to, value, &input),
            max_fee_per_gas: STRANGERS_CAP,
            max_priority_fee_per_gas: tip,
            to: TxKind::Call(to),
            value,
            access_list: AccessList::default(),
            input: Bytes::from(input),
        });
        self.arrivals += 1;
        let sent = Offered::signed_by(from, envelope, self.arrivals);
        let mut sent = sent.expect("a transaction to an account");
        sent.private = true;
        if self.chain.accounts.now(from).balance < U256::from(ENOUGH / 2) {
            self.chain.accounts.endow(from, U256::from(ENOUGH));
        }
        let hash = sent.hash;
        self.pool.insert(Arc::new(sent));
        hash
    }
}

/// Enough under every fork.
fn enough_gas(from: Address, to: Address, value: U256, input: &[u8]) -> u64 {
    let access = &AccessList::default();
    let call = Call {
        from,
        to,
        value,
        input,
        access,
    };
    needs(false, call).least().max(needs(true, call).least())
}
