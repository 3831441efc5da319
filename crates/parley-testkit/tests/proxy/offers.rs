//! Lies about transactions that are offered, and what the proxy notes of them.

use parley_testkit::{Anvil, Fault, Lie, Proxy};
use serde_json::{Value, json};

use crate::{ask, hex, post, question, sealed};

fn proxied() -> (Anvil, Proxy) {
    let node = Anvil::start_with(&["--no-mining"]);
    let proxy = Proxy::before(&node.url());
    (node, proxy)
}

fn knows(node: &Anvil, hash: &str) -> bool {
    !node
        .rpc("eth_getTransactionByHash", &json!([hash]))
        .is_null()
}

#[test]
fn what_is_taken_and_forgotten_never_reaches_the_node() {
    let (node, proxy) = proxied();
    proxy.script(|script| {
        script.lie(Lie::AcceptThenForget);
    });
    let one = sealed(0);
    let answer = ask(
        &proxy.url(),
        "eth_sendRawTransaction",
        &json!([hex(&one.raw)]),
    );
    assert_eq!(answer, format!("{:?}", one.hash));
    assert!(!knows(&node, &format!("{:?}", one.hash)));
}

#[test]
fn what_is_taken_under_another_hash_is_with_the_node_under_its_own() {
    let (node, proxy) = proxied();
    proxy.script(|script| {
        script.lie(Lie::AcceptWrongHash);
    });
    let one = sealed(0);
    let answer = ask(
        &proxy.url(),
        "eth_sendRawTransaction",
        &json!([hex(&one.raw)]),
    );
    assert_ne!(answer, format!("{:?}", one.hash));
    assert_eq!(answer.as_str().unwrap().len(), 66);
    assert!(knows(&node, &format!("{:?}", one.hash)));
}

#[test]
fn what_is_refused_is_refused_in_the_words_that_were_given() {
    let (node, proxy) = proxied();
    proxy.script(|script| {
        script.lie(Lie::RefuseAlways("nonce too low"));
    });
    let one = sealed(0);
    let body = question("eth_sendRawTransaction", &json!([hex(&one.raw)]));
    let answer = post(&proxy.url(), &body).unwrap().json();
    assert_eq!(answer["error"]["message"], "nonce too low");
    assert_eq!(answer["result"], Value::Null);
    assert!(!knows(&node, &format!("{:?}", one.hash)));
}

#[test]
fn a_lost_request_never_reaches_the_node_and_a_lost_answer_does() {
    for (fault, known) in [(Fault::DropBefore, false), (Fault::DropAfter, true)] {
        let (node, proxy) = proxied();
        proxy.script(|script| {
            script.fault(fault).on("eth_sendRawTransaction");
        });
        let one = sealed(0);
        let body = question("eth_sendRawTransaction", &json!([hex(&one.raw)]));
        assert!(post(&proxy.url(), &body).is_err(), "{fault:?}");
        assert_eq!(knows(&node, &format!("{:?}", one.hash)), known, "{fault:?}");
    }
}

#[test]
fn every_offer_is_counted_by_its_octets() {
    let (_node, proxy) = proxied();
    let raw = [sealed(0), sealed(1)].map(|one| hex(&one.raw));
    let offer = |raw: &String| question("eth_sendRawTransaction", &json!([raw]));
    post(&proxy.url(), &offer(&raw[0])).unwrap();
    let batch = json!([
        offer(&raw[0]),
        offer(&raw[1]),
        question("eth_chainId", &json!([]))
    ]);
    let answer = post(&proxy.url(), &batch).unwrap();
    let seen = proxy.seen();
    assert_eq!(seen.offers[&raw[0]], 2);
    assert_eq!(seen.offers[&raw[1]], 1);
    assert_eq!((seen.offered(), seen.requests), (3, 2));
    assert_eq!(seen.calls_of("eth_chainId"), 1);
    assert_eq!(seen.calls_of("eth_sendRawTransaction"), 3);
    assert_eq!((seen.faults, seen.lies), (0, 0));
    let batch = batch.to_string().len() as u64;
    assert!(seen.octets_in > batch, "bodies and heads");
    assert!(seen.octets_out > answer.body.len() as u64);
}
