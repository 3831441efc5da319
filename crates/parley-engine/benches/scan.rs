//! How many blocks per second are received from a node into a new data folder, recomputed and
//! committed, beside only fetching the same blocks from the same node: as many in a request, one
//! request after the other. From a node on this machine, and from one at the end of a link. Writes one
//! line of JSON for each figure, for `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark speaks on stdout and fails by panicking"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use parley_chain::Endpoint;
use parley_core::pace::Pace;
use parley_engine::{Init, Parley, Synced, Until};
use parley_testkit::strict::{Rules, Strict, StrictServer};
use parley_testkit::{Conditions, Link, Proxy, Stopwatch};
use tokio::runtime::{Builder, Runtime};

/// Both sides take turns in so many rounds; the median round counts. A link is as slow in each.
const ROUNDS: usize = 7;
const ROUNDS_OVER_LINK: usize = 3;
/// As a phone in a town has it: 50 Mbit/s, 20 ms there and back.
const LINK: Conditions = Conditions {
    octets_per_second: 6_250_000,
    delay_ms: 10,
    loss_percent: 0,
    up_ms: 0,
    period_ms: 0,
};

fn main() {
    for (blocks, crowd, kind) in [
        (20_000, 0, "empty blocks"),
        (1_200, 40, "blocks of 40 transactions"),
    ] {
        let server = StrictServer::start(Arc::new(Mutex::new(chain(blocks, crowd)))).unwrap();
        let proxy = Proxy::before(&server.url());
        proxy.link(Some(Link::new(LINK, 1)));
        measure(&format!("receiving {kind}"), blocks, &server.url(), ROUNDS);
        measure(
            &format!("receiving {kind} over a link"),
            blocks,
            &proxy.url(),
            ROUNDS_OVER_LINK,
        );
    }
}

fn measure(name: &str, blocks: u64, url: &str, rounds: usize) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (mut received, mut fetched) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        received.push(blocks as f64 / receive(&runtime, url));
        fetched.push(blocks as f64 / fetch(&runtime, url, blocks));
    }
    println!(
        "{}",
        serde_json::json!({
            "name": name, "value": median(received), "unit": "1/s",
            "against": "only fetching them", "againstValue": median(fetched),
        })
    );
}

fn chain(blocks: u64, crowd: usize) -> Strict {
    let mut node = Strict::new(Rules::default());
    for number in 0..blocks {
        if crowd > 0 {
            node.add_noise(number, crowd);
        }
        if crowd > 0 && number.is_multiple_of(4) {
            node.write_as(1, b"WF9 a message");
        }
        node.mine();
    }
    node
}

/// Seconds for all blocks into a new data folder.
fn receive(runtime: &Runtime, url: &str) -> f64 {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = folder.path().join("data");
    let init = Init {
        network: "local".to_owned(),
        custom: None,
        rpc: vec![url.to_owned()],
        name: String::new(),
    };
    Parley::init(&data, &init).unwrap();
    let (parley, lock) = Parley::open_to_run(&data, "a benchmark").unwrap();
    let watch = Stopwatch::start();
    let limit = Duration::from_secs(120);
    let synced = runtime.block_on(parley.sync(&lock, Until::Idle, limit));
    let seconds = watch.seconds();
    assert_eq!(synced.unwrap(), Synced::Done);
    seconds
}

/// Seconds for fetching all blocks and looking into none, at the receiver's pace.
fn fetch(runtime: &Runtime, url: &str, blocks: u64) -> f64 {
    let endpoint = Endpoint::new(url).unwrap();
    let watch = Stopwatch::start();
    runtime.block_on(async {
        let mut pace = Pace::new(Pace::MOST);
        let mut first = 0;
        while first <= blocks {
            let count = u64::from(pace.blocks()).min(blocks + 1 - first);
            let asked = Stopwatch::start();
            let given = endpoint.given_blocks(first, count).await.unwrap();
            assert!(given.is_whole());
            let took = asked.elapsed().as_millis().try_into().unwrap();
            pace.answered(given.bytes().try_into().unwrap(), took);
            first += count;
        }
    });
    watch.seconds()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
