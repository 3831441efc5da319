//! Parley's own verification finds the node's blocks right, over HTTP, on both forks.

use std::sync::{Arc, Mutex};

use parley_chain::{Endpoint, Refusal, SendFailure, Whereabouts};
use parley_core::verification::Verification;
use parley_testkit::strict::{Fork, Reinclude, Rules, Signer, StrictServer};

use crate::asking::{GWEI, message, node_with, offer, offer_nonce};

fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

fn server(fork: Fork) -> (StrictServer, Signer) {
    let (node, signer) = node_with(Rules {
        fork,
        ..Rules::default()
    });
    let server = StrictServer::start(Arc::new(Mutex::new(node))).unwrap();
    (server, signer)
}

#[test]
fn every_block_is_verified_whole() {
    for fork in [Fork::Osaka, Fork::Amsterdam, Fork::AmsterdamFrom(4)] {
        let (server, signer) = server(fork);
        for round in 0..6 {
            let mut node = server.node();
            offer_nonce(&mut node, &signer, round).unwrap();
            node.write_as(100 + round, b"WF of a stranger");
            node.add_noise(round, 40);
            node.mine();
        }
        server.node().reorg(3, Reinclude::Some(1));
        let head = server.node().head();
        on_runtime(async {
            let endpoint = Endpoint::new(&server.url()).unwrap();
            let hello = endpoint.hello().await.unwrap();
            assert_eq!((hello.chain_id, hello.head), (31_337, head.number));
            let blocks = endpoint.blocks(0, 7, 31_337, None).await.unwrap().blocks;
            assert_eq!(blocks.len(), 7);
            assert_eq!(blocks[6].header.hash, head.hash);
            for pair in blocks.windows(2) {
                assert_eq!(pair[1].header.parent, pair[0].header.hash);
            }
            for block in &blocks {
                assert_eq!(block.level, Verification::Block);
                assert_eq!(block.unreadable, 0);
            }
            let messages: usize = blocks[..=3].iter().map(|block| block.messages.len()).sum();
            assert_eq!(messages, 6, "three rounds, two messages in each");
        });
    }
}

#[test]
fn what_parley_asks_is_answered() {
    let (server, signer) = server(Fork::Osaka);
    let hash = offer_nonce(&mut server.node(), &signer, 0).unwrap();
    server.node().mine_n(70);
    let waits = offer_nonce(&mut server.node(), &signer, 1).unwrap();
    on_runtime(async {
        let endpoint = Endpoint::new(&server.url()).unwrap();
        let facts = endpoint.account(signer.address()).await.unwrap();
        let nonces = (facts.nonce, facts.pending_nonce, facts.final_nonce);
        assert_eq!(nonces, (1, 2, Some(1)));
        let next = u128::from(server.node().next_base_fee());
        assert_eq!(facts.fees.base_fee, next);
        let settled = endpoint.settled().await.unwrap();
        assert_eq!(settled.safe.unwrap().0, 38);
        let nowhere = alloy_primitives::B256::ZERO;
        let places = endpoint.whereabouts(&[hash, waits, nowhere]).await.unwrap();
        assert_eq!(
            places,
            [Whereabouts::Block, Whereabouts::Pool, Whereabouts::Unknown]
        );
    });
}

#[test]
fn a_server_that_comes_back_at_its_port_has_the_same_node() {
    let (server, signer) = server(Fork::Osaka);
    let node = Arc::new(Mutex::new(server.node().clone()));
    let port = server.port();
    drop(server);
    assert!(parley_testkit::is_free(port));
    let raw = signer.sign(message(&signer, 3, (10 * GWEI, GWEI)));
    let server = StrictServer::start_at(port, Arc::clone(&node)).unwrap();
    let answers = on_runtime(async {
        let endpoint = Endpoint::new(&server.url()).unwrap();
        endpoint.broadcast(&[raw.clone(), raw]).await.unwrap()
    });
    assert_eq!(answers, [Ok(()), Err(SendFailure::Known)]);
    let mut cheap = message(&signer, 3, (10 * GWEI + 1, GWEI + 1));
    cheap.gas_limit += 1;
    assert!(offer(&mut node.lock().unwrap(), &signer, cheap.clone()).is_err());
    let raw = signer.sign(cheap);
    let answers = on_runtime(async {
        let endpoint = Endpoint::new(&server.url()).unwrap();
        endpoint.broadcast(&[raw]).await.unwrap()
    });
    assert_eq!(answers, [Err(SendFailure::Refused(Refusal::NonceTaken))]);
}
