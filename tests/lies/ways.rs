//! Other ways to the network: through a SOCKS proxy, with an eye on few accounts only, and after a time
//! without any connection.

use parley_testkit::strict::{Reinclude, Rules, Signer};
use parley_testkit::{Fault, Proxy, Socks, free_text};
use serde_json::Value;

use crate::stories::{device, local, proxies, serve, status, sync};

fn octets(text: &str) -> Vec<u8> {
    let message = whiteflag::Message::from_json(&free_text(text).to_string());
    message.unwrap().plaintext()
}

#[test]
fn with_a_proxy_nothing_goes_past_it() {
    let server = serve(Rules::default());
    let at = ([127, 0, 0, 1], server.port()).into();
    // Only the proxy knows this name.
    let socks = Socks::knowing(&[("node.invalid", at)]);
    let alice = device(&server, &["local"], &["http://node.invalid:80".to_owned()]);
    let id = alice.send(&free_text("by another way"));
    sync(&alice, "sent", "1").expect_code(3);
    assert_eq!(socks.opened(), 0);

    alice
        .run(&["settings", "--proxy", &socks.url()], "")
        .expect_code(0);
    sync(&alice, "sent", "20").expect_code(0);
    assert!(socks.opened() > 0);
    assert_eq!(alice.own(id)["state"], "sent");
    // Without the proxy there is no way, rather than a direct one.
    let direct = alice.run(&["endpoint", "add", &server.url()], "");
    direct.expect_code(0);
    drop(socks);
    assert_eq!(status(&alice)["online"], false);
}

#[test]
fn following_only_blocks_of_followed_accounts_are_received_and_a_replaced_one_is_left() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 1] = proxies(&server);
    let alice = local(&server, &proxies);
    let followed = Signer::of(1).address().to_string();
    alice
        .run(&["settings", "--receive", "followed"], "")
        .expect_code(0);
    alice.run(&["follow", &followed], "").expect_code(0);
    sync(&alice, "idle", "20").expect_code(0);

    server.node().mine_n(5);
    server.node().write_as(2, &octets("nobody follows me"));
    server.node().mine_n(4);
    server.node().write_as(1, &octets("you follow me"));
    let height = server.node().mine();
    server.node().mine_n(2);
    sync(&alice, "idle", "20").expect_code(0);
    let inbox = alice.rows("inbox");
    assert_eq!(inbox.len(), 1, "{inbox:?}");
    assert_eq!(inbox[0]["originator"], followed);
    let coverage = alice.rows("network").remove(0)["coverage"]["stretches"].clone();
    let heights = |key: &str| coverage[0][key].as_u64();
    assert_eq!(coverage.as_array().map(Vec::len), Some(1), "{coverage}");
    assert_eq!(
        (heights("first"), heights("last")),
        (Some(height), Some(height))
    );

    server.node().reorg_to(3, 4, Reinclude::None);
    sync(&alice, "idle", "20").expect_code(0);
    let inbox: Vec<Value> = alice.rows("inbox");
    assert!(inbox.is_empty(), "{inbox:?}");
}

#[test]
fn when_the_connection_returns_everything_leaves_in_the_first_rounds() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 2] = proxies(&server);
    let alice = local(&server, &proxies);
    for proxy in &proxies {
        proxy.script(|script| {
            script.fault(Fault::Off);
        });
    }
    for number in 0..20 {
        let _ = alice.send(&free_text(&format!("number {number}")));
    }
    sync(&alice, "sent", "1").expect_code(3);
    for proxy in &proxies {
        proxy.script(|script| script.clear());
    }
    let before = proxies[0].seen().calls_of("eth_getBlockByNumber");
    sync(&alice, "sent", "2");
    server.node().mine();
    sync(&alice, "sent", "20").expect_code(0);
    server.node().mine();
    let own = alice.address().parse().unwrap();
    assert_eq!(server.node().transactions_of(own).len(), 20);
    // Each round looks at the newest block; nothing waited for many of them.
    let rounds = proxies[0].seen().calls_of("eth_getBlockByNumber") - before;
    assert!(rounds < 100, "{rounds}");
}
