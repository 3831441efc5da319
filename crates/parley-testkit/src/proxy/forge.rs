//! Blocks and transactions that no chain has, and that are genuine in themselves: signatures, roots
//! and hashes are computed as a node does. Asks nobody.

use alloy_consensus::crypto::secp256k1::{recover_signer, sign_message};
use alloy_consensus::{Header, SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, TxKind, hex, keccak256};
use serde_json::{Value, json};

/// A message that is invented: a protective sign, well-formed.
const MESSAGE: &str = "57463130280000000000000000000000000000000000000000000000000000000000000000008901300810182028081019154048d1400aa86420240010008a";
/// More than any chain of a test asks.
const GAS: u64 = 30_000;
const PRICE: u128 = 100_000_000_000;

/// An account that no device has. The same seed makes the same one.
pub(super) struct Stranger {
    secret: B256,
    address: Address,
    chain_id: u64,
}

impl Stranger {
    pub(super) fn new(seed: u64, chain_id: u64) -> Self {
        let secret = keccak256(format!("a stranger {seed}"));
        let probe = B256::repeat_byte(1);
        let signature = sign_message(secret, probe).expect("a key of the curve");
        let address = recover_signer(&signature, probe).expect("its own signature");
        Self {
            secret,
            address,
            chain_id,
        }
    }

    pub(super) fn address(&self) -> Address {
        self.address
    }

    /// An invented message that it signed, as a node shows a transaction that is in no block.
    pub(super) fn message(&self, nonce: u64) -> Value {
        let transaction = TxEip1559 {
            chain_id: self.chain_id,
            nonce,
            gas_limit: GAS,
            max_fee_per_gas: PRICE,
            max_priority_fee_per_gas: 1,
            to: TxKind::Call(self.address),
            input: Bytes::from(hex::decode(MESSAGE).expect("hexadecimal digits")),
            ..TxEip1559::default()
        };
        let signature = sign_message(self.secret, transaction.signature_hash());
        let signed = transaction.into_signed(signature.expect("a key signs"));
        let mut json = json!(TxEnvelope::from(signed));
        json["from"] = json!(self.address);
        for key in ["blockHash", "blockNumber", "transactionIndex"] {
            json[key] = Value::Null;
        }
        json
    }
}

/// Whether this is a transaction with a Whiteflag message.
pub(super) fn is_whiteflag(transaction: &Value) -> bool {
    let input = transaction["input"].as_str().unwrap_or_default();
    input.starts_with("0x5746")
}

/// The transactions of a block; none where it has only hashes of them.
pub(super) fn transactions(block: &mut Value) -> &mut Vec<Value> {
    block["transactions"]
        .as_array_mut()
        .expect("a block has transactions")
}

/// The Whiteflag transactions of a block.
pub(super) fn messages(block: &mut Value) -> impl Iterator<Item = &mut Value> {
    transactions(block)
        .iter_mut()
        .filter(|one| is_whiteflag(one))
}

/// Says in each transaction where it is.
pub(super) fn place(block: &mut Value) {
    let [hash, number, time] = ["hash", "number", "timestamp"].map(|key| block[key].clone());
    for (transaction, index) in transactions(block).iter_mut().zip(0_u64..) {
        transaction["blockHash"] = hash.clone();
        transaction["blockNumber"] = number.clone();
        transaction["transactionIndex"] = json!(format!("{index:#x}"));
        // Some nodes say this too.
        if let Some(said) = transaction.get_mut("blockTimestamp") {
            *said = time.clone();
        }
    }
}

/// Gives a whole block the root and the hash that belong to what it holds.
///
/// # Panics
/// When it holds what is no transaction of Ethereum.
pub(super) fn seal(block: &mut Value) {
    let encoded: Vec<Vec<u8>> = transactions(block)
        .iter()
        .map(|one| envelope(one).encoded_2718())
        .collect();
    block["transactionsRoot"] = json!(alloy_trie::root::ordered_trie_root_encoded(&encoded));
    rehash(block);
}

/// Gives a block the hash that belongs to its header.
pub(super) fn rehash(block: &mut Value) {
    let header: Header = serde_json::from_value(block.clone()).expect("a header of Ethereum");
    block["hash"] = json!(header.hash_slow());
    if block["transactions"][0].is_object() {
        place(block);
    }
}

/// Gives a transaction the hash that belongs to its content.
pub(super) fn rehash_transaction(transaction: &mut Value) {
    transaction["hash"] = json!(keccak256(envelope(transaction).encoded_2718()));
}

/// Makes the signature of a transaction none: no number so high is one.
pub(super) fn unsign(transaction: &mut Value) {
    transaction["s"] = json!(B256::repeat_byte(0xFF));
    rehash_transaction(transaction);
}

/// Leaves only the hashes of the transactions.
pub(super) fn thin(block: &mut Value) {
    for transaction in transactions(block).iter_mut().filter(|one| one.is_object()) {
        *transaction = transaction["hash"].take();
    }
}

fn envelope(transaction: &Value) -> TxEnvelope {
    serde_json::from_value(transaction.clone()).expect("a transaction of Ethereum")
}
