//! What is forged is genuine in itself for who recomputes it, and what is not is found out.

use parley_chain::{Block, Endpoint, ReadFailure};
use parley_core::endpoint::Lie as Caught;
use parley_core::verification::Verification;
use parley_testkit::{Anvil, Lie, Proxy};
use serde_json::{Value, json};

use crate::{CHAIN, ask, chain};

fn lying(node: &Anvil, lie: Lie, seed: u64) -> Proxy {
    let proxy = Proxy::seeded(&node.url(), seed);
    proxy.script(|script| {
        script.lie(lie);
    });
    proxy
}

/// The chain from the first block on, recomputed by the program's own code.
async fn blocks(url: &str) -> Result<Vec<Block>, ReadFailure> {
    let endpoint = Endpoint::new(url).unwrap();
    let fetched = endpoint.blocks(0, 7, CHAIN, None).await?;
    Ok(fetched.blocks)
}

/// Whether each block was recomputed whole and follows the one before.
fn is_whole(blocks: &[Block]) -> bool {
    let verified = blocks
        .iter()
        .all(|block| block.level == Verification::Block);
    let mut pairs = blocks.windows(2);
    verified && pairs.all(|pair| pair[1].header.parent == pair[0].header.hash)
}

#[tokio::test]
async fn consistent_lies_are_whole_chains_of_their_own() {
    let node = chain();
    let honest = blocks(&node.url()).await.unwrap();
    assert!(is_whole(&honest));
    for (lie, same, messages) in [
        (Lie::OmitAndRecount(1), 1, 0),
        (Lie::OmitAndRecount(3), 3, 2),
        (Lie::ForgeWholeBranch(2), 2, 6),
        (Lie::AlterTimeConsistently(4), 4, 3),
    ] {
        let told = blocks(&lying(&node, lie, 1).url()).await.unwrap();
        assert_eq!(told.len(), 7, "{lie:?}");
        assert!(is_whole(&told), "{lie:?}");
        assert_eq!(told[..same], honest[..same], "{lie:?}");
        for (told, honest) in told[same..].iter().zip(&honest[same..]) {
            assert_ne!(told.header.hash, honest.header.hash, "{lie:?}");
        }
        let found: usize = told.iter().map(|block| block.messages.len()).sum();
        assert_eq!(found, messages, "{lie:?}");
    }
}

#[tokio::test]
async fn a_single_forged_block_is_genuine_and_followed_by_none() {
    let node = chain();
    let told = blocks(&lying(&node, Lie::ForgeBlock(2), 1).url())
        .await
        .unwrap();
    assert!(told.iter().all(|block| block.level == Verification::Block));
    assert_eq!(told[2].messages.len(), 1);
    assert_eq!(told[2].header.parent, told[1].header.hash);
    assert_ne!(told[3].header.parent, told[2].header.hash);
}

#[tokio::test]
async fn lies_that_do_not_fit_together_are_caught() {
    let node = chain();
    for (lie, caught) in [
        (Lie::OmitWhiteflag, Caught::FalseTransactions),
        (Lie::AlterCalldata, Caught::FalseTransactions),
        (Lie::AlterCalldataAndHash, Caught::FalseTransactions),
        (Lie::InsertForged, Caught::FalseTransactions),
        (Lie::InsertValidElsewhere, Caught::FalseTransactions),
        (Lie::DuplicateTransactions, Caught::FalseTransactions),
        (Lie::ReplayOldBlock, Caught::FalseHeader),
        (Lie::WrongNumber, Caught::FalseHeader),
        (Lie::WrongParent, Caught::FalseHeader),
        (Lie::AlterTime, Caught::FalseHeader),
    ] {
        assert!(lie.blamable(), "{lie:?}");
        let told = blocks(&lying(&node, lie, 1).url()).await;
        assert_eq!(told.err(), Some(ReadFailure::Lie(caught)), "{lie:?}");
    }
}

#[tokio::test]
async fn what_need_not_be_read_fools_nobody_who_does_not_read_it() {
    let node = chain();
    let honest = blocks(&node.url()).await.unwrap();
    for lie in [Lie::SwapSender, Lie::SwapHash] {
        assert!(!lie.blamable());
        assert_eq!(
            blocks(&lying(&node, lie, 1).url()).await.unwrap(),
            honest,
            "{lie:?}"
        );
    }
}

#[tokio::test]
async fn unknown_types_lower_the_level_and_hide_nothing_else() {
    let node = chain();
    let told = blocks(&lying(&node, Lie::UnknownTypeEverywhere, 1).url())
        .await
        .unwrap();
    assert_eq!(told[2].level, Verification::Signer);
    assert_eq!((told[2].unreadable, told[2].messages.len()), (2, 0));
    assert_eq!(told[4].level, Verification::Block, "without transactions");
}

#[tokio::test]
async fn another_first_and_another_final_block_are_genuine_in_themselves() {
    let node = chain();
    let hello = |url: String| async move { Endpoint::new(&url).unwrap().hello().await.unwrap() };
    let honest = hello(node.url()).await;
    let told = hello(lying(&node, Lie::GenesisSwap, 1).url()).await;
    assert_ne!(told.genesis, honest.genesis);
    let settled = |url: String| async move {
        let endpoint = Endpoint::new(&url).unwrap();
        endpoint.settled().await.unwrap().finalized.unwrap()
    };
    let honest = settled(node.url()).await;
    let told = settled(lying(&node, Lie::FinalizedOtherHash, 1).url()).await;
    assert_eq!(told.0, honest.0);
    assert_ne!(told.1, honest.1);
}

#[tokio::test]
async fn two_with_the_same_seed_invent_the_same_chain() {
    let node = chain();
    for lie in [Lie::OmitAndRecount(1), Lie::ForgeWholeBranch(2)] {
        let one = blocks(&lying(&node, lie, 5).url()).await.unwrap();
        let other = blocks(&lying(&node, lie, 5).url()).await.unwrap();
        assert_eq!(one, other, "{lie:?}");
    }
    let forged = |seed| lying(&node, Lie::ForgeWholeBranch(2), seed);
    let one = blocks(&forged(5).url()).await.unwrap();
    assert_ne!(blocks(&forged(6).url()).await.unwrap(), one);
}

#[test]
fn the_whole_censored_chain_hangs_together() {
    let node = chain();
    let proxy = lying(&node, Lie::OmitAndRecount(1), 1);
    let url = proxy.url();
    let block = |at: &str| ask(&url, "eth_getBlockByNumber", &json!([at, true]));
    let (second, latest) = (block("0x2"), block("latest"));
    let by_hash = ask(&url, "eth_getBlockByHash", &json!([second["hash"], true]));
    assert_eq!(by_hash, second);
    let history = json!([{
        "to": "0x0000f90827f1c53a10cb7a02335b175320002935",
        "data": format!("0x{:064x}", 2),
    }, "latest"]);
    assert_eq!(ask(&url, "eth_call", &history), second["hash"]);
    let plain = &second["transactions"][0];
    let same = ask(&url, "eth_getTransactionByHash", &json!([plain["hash"]]));
    assert_eq!(same["blockHash"], second["hash"]);
    let receipt = ask(&url, "eth_getTransactionReceipt", &json!([plain["hash"]]));
    assert_eq!(receipt["blockHash"], second["hash"]);
    assert_eq!(latest["transactions"][0]["blockHash"], latest["hash"]);
}

#[tokio::test]
async fn an_invented_chain_follows_the_node_through_a_replacement() {
    let node = chain();
    let proxy = lying(&node, Lie::OmitAndRecount(1), 1);
    let before = blocks(&proxy.url()).await.unwrap();
    node.rpc("anvil_reorg", &json!([3, []]));
    let after = blocks(&proxy.url()).await.unwrap();
    assert!(is_whole(&after));
    assert_eq!(after[..4], before[..4]);
    assert_ne!(after[4..], before[4..]);
    // One that never saw the chain before tells the same.
    let fresh = lying(&node, Lie::OmitAndRecount(1), 1);
    assert_eq!(blocks(&fresh.url()).await.unwrap(), after);
}

#[test]
fn a_chain_that_grows_is_followed_from_any_height() {
    let node = chain();
    node.rpc("anvil_mine", &json!(["0x96"]));
    let proxy = lying(&node, Lie::OmitAndRecount(1), 1);
    let block = |at: u64| -> Value {
        ask(
            &proxy.url(),
            "eth_getBlockByNumber",
            &json!([format!("{at:#x}"), true]),
        )
    };
    let far = block(150);
    assert_eq!(far["parentHash"], block(149)["hash"]);
    assert_eq!(block(3)["parentHash"], block(2)["hash"]);
}
