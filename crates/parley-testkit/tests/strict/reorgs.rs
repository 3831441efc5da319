//! What a reorganisation, a restart and a forgetful pool do to transactions.

use alloy_primitives::{B256, U256};
use parley_testkit::strict::{Reinclude, Signer, Strict};
use serde_json::{Value, json};

use crate::asking::{ETHER, ask, mined, node, number, offer_nonce, waiting};

fn whereabouts(node: &mut Strict, hash: B256) -> Option<Option<u64>> {
    let shown = ask(node, "eth_getTransactionByHash", json!([hash])).unwrap();
    (!shown.is_null()).then(|| {
        shown
            .get("blockNumber")
            .filter(|n| !n.is_null())
            .map(number)
    })
}

fn hash_at(node: &mut Strict, height: u64) -> Value {
    let tag = format!("{height:#x}");
    ask(node, "eth_getBlockByNumber", json!([tag, false])).unwrap()["hash"].take()
}

/// Five blocks with a message in each.
fn five() -> (Strict, Signer, Vec<B256>) {
    let (mut node, signer) = node();
    let mut hashes = Vec::new();
    for nonce in 0..5 {
        hashes.push(offer_nonce(&mut node, &signer, nonce).unwrap());
        node.mine();
    }
    (node, signer, hashes)
}

#[test]
fn blocks_are_replaced_above_a_common_one() {
    let (mut node, signer, hashes) = five();
    let before: Vec<Value> = (0..=5).map(|height| hash_at(&mut node, height)).collect();
    assert_eq!(node.reorg(2, Reinclude::All), 3);
    let after: Vec<Value> = (0..=5).map(|height| hash_at(&mut node, height)).collect();
    assert_eq!(before[..=3], after[..=3]);
    assert!(before[4] != after[4] && before[5] != after[5]);
    assert_eq!(mined(&node, signer.address()), [0, 1, 2, 3, 4]);
    assert_eq!(whereabouts(&mut node, hashes[4]), Some(Some(4)));
    // A node still knows the block that it left.
    let left = ask(&mut node, "eth_getBlockByHash", json!([before[5], false])).unwrap();
    assert_eq!(left["number"], "0x5");
    assert!(node.head().time <= node.now());
}

#[test]
fn no_block_is_made_twice() {
    let (mut node, _) = node();
    node.mine_n(3);
    let mut seen = std::collections::BTreeSet::from([node.head().hash]);
    for depth in [1, 2, 1, 2] {
        node.reorg(depth, Reinclude::All);
        assert!(seen.insert(node.head().hash), "empty blocks differ too");
    }
}

#[test]
fn what_was_forgotten_can_be_offered_again() {
    let (mut node, signer, hashes) = five();
    node.reorg(3, Reinclude::None);
    assert_eq!(node.nonce_of(signer.address()), 2);
    assert_eq!(whereabouts(&mut node, hashes[3]), None);
    assert_eq!(
        ask(&mut node, "eth_getTransactionReceipt", json!([hashes[3]])).unwrap(),
        Value::Null
    );
    for nonce in 2..5 {
        let again = offer_nonce(&mut node, &signer, nonce).unwrap();
        assert_eq!(Some(&again), hashes.get(usize::try_from(nonce).unwrap()));
    }
    node.mine();
    assert_eq!(mined(&node, signer.address()), [0, 1, 2, 3, 4]);
    let paid = U256::from(ETHER) - node.balance_of(signer.address());
    assert!(paid > U256::ZERO, "nothing is paid for twice or not at all");
}

#[test]
fn some_are_in_the_new_branch_some_wait_some_are_forgotten() {
    let mut seen = [false; 3];
    for seed in 0..20 {
        let (mut node, signer, hashes) = five();
        node.reorg(5, Reinclude::Some(seed));
        for hash in hashes {
            match whereabouts(&mut node, hash) {
                Some(Some(_)) => seen[0] = true,
                Some(None) => seen[1] = true,
                None => seen[2] = true,
            }
        }
        for nonce in 0..5 {
            let _ = offer_nonce(&mut node, &signer, nonce);
        }
        node.mine();
        assert_eq!(mined(&node, signer.address()), [0, 1, 2, 3, 4]);
    }
    assert_eq!(seen, [true; 3]);
}

#[test]
fn a_branch_may_be_longer_or_shorter() {
    let (mut node, _, _) = five();
    node.reorg_to(1, 3, Reinclude::All);
    assert_eq!(node.head().number, 7);
    node.reorg_to(4, 1, Reinclude::All);
    assert_eq!(node.head().number, 4);
    assert_eq!(node.reorg_to(99, 0, Reinclude::None), 0);
}

#[test]
fn money_and_strangers_survive_a_reorganisation() {
    let (mut node, signer, _) = five();
    let late = Signer::of(9);
    node.fund(late.address(), 77);
    let before = node.balance_of(signer.address());
    node.fund(signer.address(), 5);
    assert_eq!(node.balance_of(signer.address()), before + U256::from(5));
    let hash = node.write_as(4, b"WF of a stranger");
    node.mine();
    node.reorg(1, Reinclude::All);
    assert_eq!(node.balance_of(late.address()), U256::from(77));
    assert_eq!(whereabouts(&mut node, hash), Some(Some(6)));
    node.reorg(1, Reinclude::None);
    assert_eq!(whereabouts(&mut node, hash), None);
    assert_eq!(node.write_as(4, b"WF of a stranger"), hash);
}

#[test]
fn a_pool_forgets_when_told() {
    let (mut node, signer) = node();
    let hashes: Vec<B256> = (0..3)
        .map(|n| offer_nonce(&mut node, &signer, n).unwrap())
        .collect();
    assert!(node.drop_from_pool(hashes[1]));
    assert!(!node.drop_from_pool(hashes[1]));
    node.mine();
    assert_eq!(mined(&node, signer.address()), [0]);
    assert_eq!(waiting(&node, signer.address()), [2]);
    node.forget_pool();
    assert!(waiting(&node, signer.address()).is_empty());
    assert_eq!(whereabouts(&mut node, hashes[2]), None);
}

#[test]
fn noise_fills_blocks_and_is_no_message() {
    let (mut node, _) = node();
    node.add_noise(1, 3_000);
    node.mine_n(2);
    let mut count = 0;
    for height in 1..=2 {
        let params = json!([format!("{height:#x}"), true]);
        let block = ask(&mut node, "eth_getBlockByNumber", params).unwrap();
        let transactions = block["transactions"].as_array().unwrap();
        count += transactions.len();
        assert!(
            transactions
                .iter()
                .all(|t| !t["input"].as_str().unwrap().starts_with("0x5746"))
        );
    }
    assert_eq!(count, 3_000);
}
