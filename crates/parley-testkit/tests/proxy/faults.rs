//! Every fault, as a client meets it.

use std::io::Read;
use std::time::Duration;

use parley_testkit::{Anvil, Fault, HUGE, Proxy, Stopwatch};
use serde_json::{Value, json};

use crate::{Got, post, post_within, question};

struct Faulty {
    _node: Anvil,
    proxy: Proxy,
}

impl Faulty {
    fn with(fault: Fault) -> Self {
        let node = Anvil::start();
        let proxy = Proxy::before(&node.url());
        proxy.script(|script| {
            script.fault(fault);
        });
        Self { _node: node, proxy }
    }

    fn ask(&self) -> Result<Got, ureq::Error> {
        post(&self.proxy.url(), &question("eth_chainId", &json!([])))
    }

    fn ask_all(&self) -> Result<Got, ureq::Error> {
        let one = |id: u64, method: &str| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": []});
        let batch = json!([
            one(1, "eth_chainId"),
            one(2, "eth_blockNumber"),
            one(3, "eth_gasPrice")
        ]);
        post(&self.proxy.url(), &batch)
    }
}

#[test]
fn lost_reset_and_cut_answers_are_none() {
    for fault in [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::ResetConnection,
        Fault::Truncate(20),
    ] {
        let faulty = Faulty::with(fault);
        assert!(faulty.ask().is_err(), "{fault:?}");
        assert_eq!(faulty.proxy.seen().faults, 1);
        faulty.proxy.script(|script| script.clear());
        assert_eq!(
            faulty.ask().unwrap().json()["result"],
            "0x7a69",
            "{fault:?}"
        );
    }
}

#[test]
fn a_reset_is_told_from_a_close() {
    let kind = |fault| match Faulty::with(fault).ask() {
        Err(ureq::Error::Io(error)) => error.kind(),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("an answer"),
    };
    assert_eq!(
        kind(Fault::ResetConnection),
        std::io::ErrorKind::ConnectionReset
    );
    assert_ne!(kind(Fault::DropBefore), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn a_cut_answer_has_as_many_octets_as_were_let_through() {
    let faulty = Faulty::with(Fault::Truncate(20));
    let mut stream = std::net::TcpStream::connect(&faulty.proxy.url()["http://".len()..]).unwrap();
    let body = question("eth_chainId", &json!([])).to_string();
    let head = format!(
        "POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut got = String::new();
    stream.read_to_string(&mut got).unwrap();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 20);
    assert!(
        !head.contains("content-length: 20"),
        "the head promises all of it"
    );
}

#[test]
fn a_late_answer_is_the_same_answer_later() {
    let delay = Duration::from_millis(300);
    let faulty = Faulty::with(Fault::Delay(delay));
    let watch = Stopwatch::start();
    assert_eq!(faulty.ask().unwrap().json()["result"], "0x7a69");
    assert!(watch.elapsed() >= delay);
}

#[test]
fn a_status_says_when_to_come_again() {
    for (code, retry_after) in [(429, Some(7)), (500, None), (503, Some(1))] {
        let got = Faulty::with(Fault::Status { code, retry_after })
            .ask()
            .unwrap();
        assert_eq!(got.status, code);
        let wanted = retry_after.map(|seconds| seconds.to_string());
        assert_eq!(got.header("retry-after"), wanted.as_deref());
    }
}

#[test]
fn what_is_no_json_rpc_says_what_it_is_or_does_not() {
    let html = Faulty::with(Fault::Html).ask().unwrap();
    assert_eq!(
        (html.status, html.header("content-type")),
        (200, Some("text/html"))
    );
    assert!(html.body.starts_with(b"<!doctype html>"));
    let other = Faulty::with(Fault::NotJson).ask().unwrap();
    assert_eq!(other.header("content-type"), Some("application/json"));
    assert!(serde_json::from_slice::<Value>(&other.body).is_err());
    let empty = Faulty::with(Fault::EmptyBody).ask().unwrap();
    assert_eq!((empty.status, empty.body.len()), (200, 0));
}

#[test]
fn who_follows_a_redirection_is_counted() {
    let faulty = Faulty::with(Fault::Redirect);
    let got = faulty.ask().unwrap();
    assert_eq!(got.status, 307);
    assert_eq!(faulty.proxy.seen().followed, 0);
    let elsewhere = faulty.proxy.url() + got.header("location").unwrap();
    post(&elsewhere, &question("eth_chainId", &json!([]))).unwrap();
    assert_eq!(faulty.proxy.seen().followed, 1);
}

#[test]
fn only_the_id_is_another() {
    let faulty = Faulty::with(Fault::WrongId);
    let answer = faulty.ask().unwrap().json();
    assert_ne!(answer["id"], 7);
    assert_eq!(answer["result"], "0x7a69");
    let answers = faulty.ask_all().unwrap().json();
    let ids: Vec<_> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_u64())
        .collect();
    assert!(ids.iter().all(|id| id.is_some_and(|id| id > 3)), "{ids:?}");
}

#[test]
fn batches_are_refused_and_single_questions_answered() {
    let faulty = Faulty::with(Fault::BatchRefused);
    let refused = faulty.ask_all().unwrap().json();
    assert!(refused["error"]["code"].is_i64(), "{refused}");
    assert_eq!(faulty.ask().unwrap().json()["result"], "0x7a69");
}

#[test]
fn a_turned_batch_has_the_same_answers() {
    let faulty = Faulty::with(Fault::BatchShuffled);
    let mut turned = faulty.ask_all().unwrap().json();
    faulty.proxy.script(|script| script.clear());
    let straight = faulty.ask_all().unwrap().json();
    assert_ne!(turned, straight);
    turned.as_array_mut().unwrap().reverse();
    assert_eq!(turned, straight);
}

#[test]
fn a_huge_answer_and_a_packed_one_are_the_same_json() {
    let huge = Faulty::with(Fault::HugeBody).ask().unwrap();
    assert_eq!(
        huge.header("content-length"),
        None,
        "its length is not told before"
    );
    let bomb = Faulty::with(Fault::GzipBomb).ask().unwrap();
    assert_eq!(bomb.header("content-encoding"), Some("gzip"));
    assert!(bomb.body.len() * 500 < HUGE, "{}", bomb.body.len());
    let mut unpacked = Vec::new();
    // Its checksum is right too, or this fails.
    flate2::read::GzDecoder::new(&bomb.body[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert!(unpacked.len() > HUGE);
    assert!(unpacked == huge.body, "the same octets");
    assert!(unpacked.ends_with(br#"0"}"#));
}

#[test]
fn a_dripping_answer_never_ends_by_itself() {
    let faulty = Faulty::with(Fault::SlowDrip);
    let body = question("eth_chainId", &json!([]));
    let patience = Duration::from_millis(400);
    let error = post_within(&faulty.proxy.url(), &body, patience)
        .err()
        .unwrap();
    assert!(matches!(error, ureq::Error::Timeout(_)), "{error:?}");
}

#[test]
fn a_fault_for_a_method_leaves_others_alone() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    proxy.script(|script| {
        script.fault(Fault::DropBefore).on("eth_gasPrice").every(2);
    });
    let fails = |method: &str| post(&proxy.url(), &question(method, &json!([]))).is_err();
    assert!(!fails("eth_chainId"));
    let met: Vec<bool> = (0..4).map(|_| fails("eth_gasPrice")).collect();
    assert_eq!(met, [false, true, false, true]);
    assert_eq!(proxy.seen().faults, 2);
}

#[test]
fn a_seed_repeats_which_requests_are_lost() {
    let node = Anvil::start();
    let lost = |seed| -> Vec<bool> {
        let proxy = Proxy::seeded(&node.url(), seed);
        proxy.script(|script| {
            script.fault(Fault::DropBefore).percent(40);
        });
        (0..24)
            .map(|_| post(&proxy.url(), &question("eth_chainId", &json!([]))).is_err())
            .collect()
    };
    assert_eq!(lost(3), lost(3));
    assert_ne!(lost(3), lost(4));
}
