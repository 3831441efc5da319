//! What lies do to the content of a block. Where the block then needs roots and hashes to match, that
//! is seen to by who calls.

use alloy_primitives::{B256, hex, keccak256};
use serde_json::{Value, json};

use crate::proxy::forge::{self, Stranger};
use crate::proxy::node::{number, quantity};

const DAY: u64 = 86_400;

pub(super) fn omit(block: &mut Value, _: &Stranger) {
    forge::transactions(block).retain(|one| !forge::is_whiteflag(one));
}

pub(super) fn only_invented(block: &mut Value, stranger: &Stranger) {
    *forge::transactions(block) = vec![stranger.message(height(block))];
}

pub(super) fn later(block: &mut Value, _: &Stranger) {
    block["timestamp"] = quantity(number(&block["timestamp"]).unwrap_or_default() + DAY);
}

pub(super) fn other_content(block: &mut Value, _: &Stranger) {
    forge::messages(block).for_each(other_end);
}

pub(super) fn other_content_and_hash(block: &mut Value, _: &Stranger) {
    forge::messages(block).for_each(|message| {
        other_end(message);
        forge::rehash_transaction(message);
    });
}

pub(super) fn other_sender(block: &mut Value, stranger: &Stranger) {
    forge::messages(block).for_each(|message| message["from"] = json!(stranger.address()));
}

pub(super) fn other_hashes(block: &mut Value, _: &Stranger) {
    forge::messages(block).for_each(|message| message["hash"] = other_hash(&message["hash"]));
}

pub(super) fn add_unsigned(block: &mut Value, stranger: &Stranger) {
    let mut message = stranger.message(height(block));
    forge::unsign(&mut message);
    insert(block, message);
}

pub(super) fn add_signed(block: &mut Value, stranger: &Stranger) {
    let message = stranger.message(height(block));
    insert(block, message);
}

pub(super) fn next_number(block: &mut Value, _: &Stranger) {
    block["number"] = quantity(height(block) + 1);
}

pub(super) fn other_parent(block: &mut Value, _: &Stranger) {
    block["parentHash"] = other_hash(&block["parentHash"]);
}

pub(super) fn double(block: &mut Value, _: &Stranger) {
    let twice = forge::transactions(block);
    *twice = (twice.iter().flat_map(|one| [one.clone(), one.clone()])).collect();
}

pub(super) fn only_hashes(block: &mut Value, _: &Stranger) {
    forge::thin(block);
}

pub(super) fn other_types(block: &mut Value, _: &Stranger) {
    for transaction in forge::transactions(block) {
        transaction["type"] = json!("0x7e");
    }
}

fn height(block: &Value) -> u64 {
    number(&block["number"]).unwrap_or_default()
}

fn insert(block: &mut Value, message: Value) {
    forge::transactions(block).push(message);
    forge::place(block);
}

fn other_end(message: &mut Value) {
    let input = message["input"].as_str().unwrap_or_default();
    if let Ok(mut octets) = hex::decode(input)
        && let Some(last) = octets.last_mut()
    {
        *last ^= 0x80;
        message["input"] = json!(hex::encode_prefixed(octets));
    }
}

/// A hash of nothing, always the same for the same hash.
pub(super) fn other_hash(hash: &Value) -> Value {
    let hash = hash.as_str().unwrap_or_default();
    json!(keccak256(hash.parse::<B256>().unwrap_or_default()))
}
