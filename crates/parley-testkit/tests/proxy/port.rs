//! The proxy's port, threads and link.

use parley_testkit::{Anvil, Conditions, Fault, Link, Proxy, is_free, until};
use serde_json::json;

use crate::{ask, post, question};

fn port(proxy: &Proxy) -> u16 {
    proxy.url().rsplit(':').next().unwrap().parse().unwrap()
}

/// How many threads a proxy has.
fn threads(port: u16) -> usize {
    let name = format!("proxy-{port}");
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|known| known.trim() == name)
        .count()
}

#[test]
fn an_honest_proxy_hands_on_octet_by_octet() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    for body in [
        question("eth_getBlockByNumber", &json!(["latest", true])),
        json!([
            question("eth_chainId", &json!([])),
            question("nothing", &json!([]))
        ]),
        json!("no question"),
    ] {
        let direct = post(&node.url(), &body).unwrap();
        let through = post(&proxy.url(), &body).unwrap();
        assert_eq!(
            (through.status, &through.body),
            (direct.status, &direct.body)
        );
        assert_eq!(
            through.header("content-type"),
            direct.header("content-type")
        );
    }
}

#[test]
fn one_that_is_gone_leaves_no_port_and_no_thread() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    let port = port(&proxy);
    // A connection that is kept, and an answer that never ends.
    let kept = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    proxy.script(|script| {
        script.fault(Fault::SlowDrip);
    });
    let url = proxy.url();
    let client =
        std::thread::spawn(move || post(&url, &question("eth_chainId", &json!([]))).is_err());
    until("the drip has begun", || {
        (proxy.seen().faults == 1).then_some(())
    });
    assert_eq!(threads(port), 3);
    drop(proxy);
    assert_eq!(threads(port), 0);
    assert!(is_free(port));
    let _ = client.join().unwrap();
    drop(kept);
}

#[test]
fn switched_off_nothing_listens_and_switched_on_it_is_where_it_was() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    let url = proxy.url();
    for _ in 0..3 {
        proxy.script(|script| {
            script.fault(Fault::Off);
        });
        let refused = std::net::TcpStream::connect(("127.0.0.1", port(&proxy)));
        assert_eq!(
            refused.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionRefused
        );
        proxy.script(|script| script.clear());
        assert_eq!(ask(&url, "eth_chainId", &json!([])), "0x7a69");
    }
}

#[test]
fn switched_off_it_can_be_dropped() {
    let proxy = Proxy::before("http://127.0.0.1:9");
    let port = port(&proxy);
    proxy.script(|script| {
        script.fault(Fault::Off);
    });
    drop(proxy);
    assert_eq!(threads(port), 0);
}

#[test]
fn a_node_that_is_away_gives_no_answer_and_one_that_comes_back_does() {
    let mut node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    node.down();
    let body = question("eth_chainId", &json!([]));
    assert!(post(&proxy.url(), &body).is_err());
    node.up();
    assert_eq!(ask(&proxy.url(), "eth_chainId", &json!([])), "0x7a69");
}

#[test]
fn a_bad_link_loses_what_it_says_and_takes_its_time() {
    let node = Anvil::start();
    let proxy = Proxy::before(&node.url());
    let slow = Conditions {
        octets_per_second: 2_000,
        delay_ms: 0,
        loss_percent: 0,
        up_ms: 0,
        period_ms: 0,
    };
    proxy.link(Some(Link::new(slow, 1)));
    let watch = parley_testkit::Stopwatch::start();
    assert_eq!(ask(&proxy.url(), "eth_chainId", &json!([])), "0x7a69");
    let seen = proxy.seen();
    let least = (seen.octets_in + seen.octets_out) / 2;
    assert!(
        watch.elapsed().as_millis() + 2 >= u128::from(least),
        "{least} ms"
    );
    let gone = Conditions {
        loss_percent: 100,
        octets_per_second: u64::MAX,
        ..slow
    };
    proxy.link(Some(Link::new(gone, 1)));
    assert!(post(&proxy.url(), &question("eth_chainId", &json!([]))).is_err());
    proxy.link(None);
    assert_eq!(ask(&proxy.url(), "eth_chainId", &json!([])), "0x7a69");
}
