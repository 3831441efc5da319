//! Blocks that a real node gave, and what a lying one might make of them.

mod forge;
mod forms;
mod lies;
mod messages;
mod own;

use alloy_primitives::{address, b256};
use serde_json::Value;

use super::*;
use forge::{CHAIN, block, input, look};

#[test]
fn a_genuine_block_is_verified_whole() {
    let found = look(&block("mixed")).unwrap().unwrap();
    assert_eq!(found.level, Verification::Block);
    assert_eq!(found.unreadable, 0);
    assert_eq!((found.header.number, found.header.time), (1, 1_700_000_000));
    assert_eq!(
        found.header.hash,
        b256!("f583fec18ae6a9a9a64e6e7e3b5def3e67f59b7c58e60de120b11327da255959")
    );
}

#[test]
fn its_whiteflag_transactions_are_found_with_their_signers_and_calldata() {
    let found = look(&block("mixed")).unwrap().unwrap().messages;
    let told: Vec<_> = found
        .iter()
        .map(|found| (found.index, found.originator, found.input.clone()))
        .collect();
    let first = address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    let second = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");
    let legacy = address!("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
    let wanted = [
        (0, first, input(0)),
        (2, second, input(1)),
        (3, legacy, input(2)),
        (5, first, input(3)),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn their_hashes_are_those_that_the_node_named() {
    let json = block("mixed");
    let found = look(&json).unwrap().unwrap().messages;
    for message in found {
        let named = &json["transactions"][message.index as usize]["hash"];
        assert_eq!(named.as_str().unwrap(), format!("{:?}", message.hash));
    }
}

#[test]
fn the_recorded_blocks_follow_each_other() {
    let blocks = ["genesis", "mixed", "empty", "single"].map(|name| look(&block(name)).unwrap());
    let headers = blocks.map(|block| block.unwrap().header);
    for pair in headers.windows(2) {
        assert_eq!(pair[1].parent, pair[0].hash);
        assert_eq!(pair[1].number, pair[0].number + 1);
    }
}

#[test]
fn a_block_without_transactions_is_verified_too() {
    for name in ["genesis", "empty"] {
        let found = look(&block(name)).unwrap().unwrap();
        assert_eq!(found.level, Verification::Block, "{name}");
        assert!(found.messages.is_empty());
    }
}

#[test]
fn a_header_alone_is_the_one_of_the_block() {
    let json = block("mixed");
    let whole = look(&json).unwrap().unwrap().header;
    assert_eq!(header(&json.to_string()).unwrap(), Some(whole));
    assert_eq!(header_at(&json.to_string(), 1).unwrap(), Some(whole));
    let lie = ReadFailure::Lie(Lie::FalseHeader);
    assert_eq!(header_at(&json.to_string(), 2), Err(lie));
}

#[test]
fn null_is_a_block_that_is_not_there() {
    assert_eq!(verified("null", 5, CHAIN, None), Ok(None));
    assert_eq!(header("null"), Ok(None));
    assert_eq!(header_at("null", 5), Ok(None));
}

#[test]
fn keys_in_another_order_or_unknown_ones_beside_change_nothing() {
    let json = block("mixed");
    let genuine = look(&json).unwrap();
    let mut turned: Vec<_> = json
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .rev()
        .collect();
    turned.push(("laterFork".to_owned(), Value::Null));
    let turned: Value = turned.into_iter().collect();
    assert_eq!(look(&turned).unwrap(), genuine);
}
