//! What really happened, whatever a device says: what its account has on the chain, read from the
//! node, and whether its data file is whole. Part of the tests that kill and disturb a sender.

use std::collections::BTreeMap;

use parley_store::{Secrets, Store};
use parley_testkit::{Anvil, Device};
use serde_json::{Value, json};
use whiteflag::crypto::{Address, EncryptionKey, EncryptionMethod, Secret, VectorMessage, decrypt};
use whiteflag::{DecodeError, Message, TransactionHash};

/// A transaction of an account that is in a block.
pub(crate) struct Sent {
    pub(crate) hash: [u8; 32],
    pub(crate) nonce: u64,
    pub(crate) input: Vec<u8>,
}

/// Everything that an account has on the chain from this height on, in its order.
pub(crate) fn sent_since(node: &Anvil, address: &str, since: u64) -> Vec<Sent> {
    let head = number(&node.rpc("eth_blockNumber", &json!([])));
    let mut found = Vec::new();
    for height in since..=head {
        let asked = json!([format!("{height:#x}"), true]);
        let block = node.rpc("eth_getBlockByNumber", &asked);
        for transaction in block["transactions"].as_array().unwrap() {
            let from = transaction["from"].as_str().unwrap();
            if from.eq_ignore_ascii_case(address) {
                found.push(Sent {
                    hash: octets(&transaction["hash"]).try_into().unwrap(),
                    nonce: number(&transaction["nonce"]),
                    input: octets(&transaction["input"]),
                });
            }
        }
    }
    found
}

/// A quantity of JSON-RPC.
pub(crate) fn number(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

fn octets(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap().trim_start_matches("0x")).unwrap()
}

/// How often each free text is there; encrypted ones are decrypted with the vectors that are there.
pub(crate) fn texts(sent: &[Sent], address: &str, secret: Option<&str>) -> BTreeMap<String, u32> {
    let vectors = vectors(sent);
    let mut texts = BTreeMap::new();
    // A blank transaction says nothing.
    for one in sent.iter().filter(|one| !one.input.is_empty()) {
        let message = match Message::decode(&one.input) {
            Ok(message) => message,
            Err(DecodeError::Encrypted) => decrypted(one, &vectors, address, secret.unwrap()),
            Err(error) => panic!("{error}"),
        };
        if let Some(text) = message.to_value()["MessageBody"]["Text"].as_str() {
            *texts.entry(text.to_owned()).or_insert(0) += 1;
        }
    }
    texts
}

fn vectors(sent: &[Sent]) -> Vec<VectorMessage> {
    sent.iter()
        .filter_map(|one| VectorMessage::of(&Message::decode(&one.input).ok()?))
        .collect()
}

fn decrypted(one: &Sent, vectors: &[VectorMessage], address: &str, secret: &str) -> Message {
    let address: Address = address.parse().unwrap();
    let (secret, _) = Secret::import_hex(secret).unwrap();
    let key = EncryptionKey::derive(EncryptionMethod::PreShared, &secret, &address);
    let own = |vector: &&VectorMessage| vector.encrypted == TransactionHash::new(one.hash);
    let mut own = vectors.iter().filter(own);
    own.find_map(|vector| decrypt(&one.input, &key, vector.vector).ok())
        .unwrap_or_else(|| panic!("nonce {} can be read by nobody", one.nonce))
}

/// Every nonce from 0 on is used once, and the device knows of no other one.
pub(crate) fn has_no_gap(device: &Device, sent: &[Sent]) {
    let nonces: Vec<u64> = sent.iter().map(|one| one.nonce).collect();
    let whole: Vec<u64> = (0..).take(sent.len()).collect();
    assert_eq!(nonces, whole, "the nonces on the chain");
    let store = is_whole(device);
    assert_eq!(store.next_nonce().unwrap(), sent.len() as u64);
}

/// The data file is sound.
pub(crate) fn is_whole(device: &Device) -> Store {
    let secrets = Secrets::load(&device.data()).unwrap();
    let store = Store::open(&device.data(), secrets.database_key()).unwrap();
    assert!(store.quick_check().unwrap(), "quick_check");
    store
}
