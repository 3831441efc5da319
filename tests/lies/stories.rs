//! How endpoints are used, as a person sees it through `parleyctl`: in which order, when not, how often,
//! and what is said of them.

use parley_testkit::strict::{ETHER, Finality, Rules, Strict, StrictServer};
use parley_testkit::{Answer, Device, Fault, Lie, Proxy, free_text};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

pub(crate) fn serve(rules: Rules) -> StrictServer {
    let server = StrictServer::of(Strict::new(rules));
    server.node().mine_n(3);
    server
}

pub(crate) fn proxies<const N: usize>(server: &StrictServer) -> [Proxy; N] {
    [(); N].map(|()| Proxy::before(&server.url()))
}

/// A device of a network with these endpoints, and with money.
pub(crate) fn device(server: &StrictServer, network: &[&str], urls: &[String]) -> Device {
    let device = Device::bare(PROGRAM);
    let mut arguments = vec!["init", "--network"];
    arguments.extend(network);
    for url in urls {
        arguments.extend(["--rpc", url]);
    }
    device.run(&arguments, "").expect_code(0);
    let address = device.address().parse().unwrap();
    server.node().fund(address, ETHER);
    device
}

pub(crate) fn local(server: &StrictServer, proxies: &[Proxy]) -> Device {
    let urls: Vec<String> = proxies.iter().map(Proxy::url).collect();
    device(server, &["local"], &urls)
}

pub(crate) fn sync(device: &Device, until: &str, seconds: &str) -> Answer {
    device.run(&["sync", "--until", until, "--timeout", seconds], "")
}

pub(crate) fn status(device: &Device) -> Value {
    device.rows("status").remove(0)
}

fn listed(device: &Device) -> Vec<Value> {
    let answer = device.run(&["endpoint", "list", "--json"], "");
    answer.expect_code(0).rows()
}

fn calls(proxy: &Proxy) -> u64 {
    proxy.seen().calls.values().sum()
}

#[test]
fn the_first_of_the_order_serves_blocks_and_the_next_takes_over_in_the_same_round() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 3] = proxies(&server);
    let alice = local(&server, &proxies);
    sync(&alice, "idle", "20").expect_code(0);
    let blocks = |proxy: &Proxy| proxy.seen().octets_out;
    let before: Vec<u64> = proxies.iter().map(blocks).collect();
    assert!(before[0] > before[1] && before[0] > before[2], "{before:?}");

    let urls: Vec<String> = [2, 0, 1].map(|place| proxies[place].url()).into();
    let mut order = vec!["endpoint", "order"];
    order.extend(urls.iter().map(String::as_str));
    alice.run(&order, "").expect_code(0);
    server.node().mine_n(40);
    // The new first one fails in the middle of the round; the next goes on at once.
    proxies[2].script(|script| {
        script.fault(Fault::DropBefore).after(2);
    });
    sync(&alice, "idle", "20").expect_code(0);
    assert_eq!(status(&alice)["receivedTo"], 43);
    let after: Vec<u64> = proxies.iter().map(blocks).collect();
    let grown = |place: usize| after[place] - before[place];
    assert!(grown(0) > grown(1), "{before:?} {after:?}");
}

#[test]
fn whoever_asks_for_a_pause_gets_it() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 2] = proxies(&server);
    let alice = local(&server, &proxies);
    proxies[0].script(|script| {
        script.fault(Fault::Status {
            code: 429,
            retry_after: Some(3_000),
        });
    });
    let before = proxies[0].seen().requests;
    let id = alice.send(&free_text("in spite of it"));
    // Several rounds in one run, so that it would be asked again.
    sync(&alice, "final", "3").expect_code(3);
    assert_eq!(proxies[0].seen().requests, before + 1, "asked in its pause");
    assert_eq!(alice.own(id)["state"], "sent");
}

#[test]
fn a_login_page_is_called_one() {
    let server = serve(Rules::default());
    let [proxy] = proxies(&server);
    let alice = local(&server, std::slice::from_ref(&proxy));
    proxy.script(|script| {
        script.fault(Fault::Html);
    });
    sync(&alice, "idle", "1").expect_code(3);
    let said = status(&alice);
    assert_eq!(said["online"], false);
    let reason = said["reason"].as_str().unwrap();
    assert!(reason.contains("login page"), "{reason}");
    let tried = alice
        .run(&["endpoint", "try", &proxy.url()], "")
        .expect_code(3);
    assert!(tried.error.contains("login page"), "{tried:?}");
}

#[test]
fn a_liar_is_out_until_a_person_pardons_it() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 2] = proxies(&server);
    let alice = local(&server, &proxies);
    server.node().write_as(1, b"WF");
    server.node().mine();
    proxies[0].script(|script| {
        script.lie(Lie::OmitWhiteflag);
    });
    sync(&alice, "idle", "20").expect_code(0);
    let health = listed(&alice)[0]["health"].clone();
    assert_eq!(health["is"], "demoted");
    assert_eq!(health["lie"], "false-transactions");
    assert_eq!(alice.rows("inbox").len(), 1);

    proxies[0].script(|script| script.clear());
    let (before, url) = (calls(&proxies[0]), proxies[0].url());
    server.node().mine_n(2);
    sync(&alice, "idle", "20").expect_code(0);
    assert_eq!(calls(&proxies[0]), before, "asked although it lied");
    alice.run(&["endpoint", "pardon", &url], "").expect_code(0);
    sync(&alice, "idle", "20").expect_code(0);
    assert!(calls(&proxies[0]) > before);
    assert_ne!(listed(&alice)[0]["health"]["is"], "demoted");
}

#[test]
fn octets_are_counted_as_they_went_by() {
    let server = serve(Rules::default());
    server.node().add_noise(1, 200);
    server.node().mine_n(20);
    let [proxy] = proxies(&server);
    let alice = local(&server, std::slice::from_ref(&proxy));
    let _ = alice.send(&free_text("counted"));
    sync(&alice, "sent", "20").expect_code(0);
    let (row, seen) = (listed(&alice).remove(0), proxy.seen());
    let near = |said: &Value, true_one: u64| {
        let said = said.as_u64().unwrap();
        assert!(
            said.abs_diff(true_one) * 20 <= true_one,
            "{said} of {true_one}"
        );
    };
    near(&row["sent"], seen.octets_in);
    near(&row["received"], seen.octets_out);
}

#[test]
fn saving_data_no_block_is_received_and_what_is_written_leaves() {
    let server = serve(Rules::default());
    let proxies: [Proxy; 2] = proxies(&server);
    let alice = local(&server, &proxies);
    alice
        .run(&["settings", "--receive", "nothing"], "")
        .expect_code(0);
    server.node().write_as(1, b"WF");
    server.node().mine_n(10);
    let id = alice.send(&free_text("little"));
    sync(&alice, "sent", "20").expect_code(0);
    assert_eq!(alice.own(id)["state"], "sent");
    assert!(alice.rows("inbox").is_empty());
    assert_eq!(status(&alice)["receivedTo"], Value::Null);
    server.node().mine();
    assert_eq!(
        server
            .node()
            .transactions_of(alice.address().parse().unwrap())
            .len(),
        1
    );
}

#[test]
fn a_short_branch_demotes_nobody_and_is_forgotten_when_it_has_joined() {
    let server = serve(Rules::default());
    server.node().mine_n(9);
    server.node().write_as(1, b"WF");
    server.node().mine_n(3);
    let proxies: [Proxy; 3] = proxies(&server);
    for place in 0..3 {
        let alice = local(&server, &proxies);
        // It is on another branch for a while, as an endpoint that heard of a block too late.
        proxies[place].script(|script| {
            script.lie(Lie::ForgeWholeBranch(13));
        });
        sync(&alice, "idle", "20").expect_code(0);
        assert_eq!(status(&alice)["disputed"], true, "{place}");
        assert_eq!(alice.rows("inbox").len(), 1);
        proxies[place].script(|script| script.clear());
        sync(&alice, "idle", "20").expect_code(0);
        let listed = listed(&alice);
        assert!(
            listed.iter().all(|one| one["health"]["is"] != "demoted"),
            "{listed:?}"
        );
        assert_eq!(status(&alice)["disputed"], false, "{place}");
        assert_eq!(alice.rows("inbox")[0]["verification"], "witnessed");
    }
}

#[test]
fn two_of_three_that_contradict_the_third_are_said_to() {
    let rules = Rules {
        finality: Finality::None,
        ..Rules::default()
    };
    let server = serve(rules);
    server.node().write_as(1, b"WF");
    server.node().mine_n(12);
    let proxies: [Proxy; 3] = proxies(&server);
    let alice = local(&server, &proxies);
    for proxy in &proxies[..2] {
        proxy.script(|script| {
            script.lie(Lie::ForgeWholeBranch(2));
        });
    }
    sync(&alice, "idle", "20").expect_code(0);
    // Another run of the program knows it still.
    assert_eq!(status(&alice)["disputed"], true);
    let inbox = alice.rows("inbox");
    assert!(
        inbox.iter().all(|one| one["verification"] != "witnessed"),
        "{inbox:?}"
    );
}

#[test]
fn a_private_network_is_for_exercises_and_an_unknown_one_sends_nothing() {
    let rules = Rules {
        chain_id: 4_711,
        ..Rules::default()
    };
    let server = serve(rules);
    let urls = [server.url()];
    let alice = device(
        &server,
        &["field", "--chain-id", "4711", "--private"],
        &urls,
    );
    let id = alice.send(&free_text("an exercise"));
    sync(&alice, "sent", "20").expect_code(0);
    assert_eq!(alice.own(id)["state"], "sent");
    assert_eq!(status(&alice)["kind"], "exercise");

    let bob = device(&server, &["field", "--chain-id", "4711"], &urls);
    let id = bob.send(&free_text("not yet"));
    sync(&bob, "sent", "20").expect_code(0);
    assert_eq!(status(&bob)["kind"], "main");
    assert_eq!(bob.own(id)["state"], "waiting");
    assert!(
        server
            .node()
            .pool_of(bob.address().parse().unwrap())
            .is_empty()
    );
}

#[test]
fn a_public_test_network_without_a_name_takes_test_messages_only() {
    let rules = Rules {
        chain_id: 560_048,
        ..Rules::default()
    };
    let server = serve(rules);
    let alice = device(&server, &["hoodi", "--chain-id", "560048"], &[server.url()]);
    assert_eq!(status(&alice)["kind"], "test");
    let text = free_text("a trial").to_string();
    alice.run(&["send"], &text).expect_code(2);
    let wrapped = alice.run(&["send", "--wrap"], &text).expect_code(0);
    let id = wrapped.rows()[0]["id"].as_u64().unwrap();
    sync(&alice, "sent", "20").expect_code(0);
    server.node().mine();
    sync(&alice, "idle", "20").expect_code(0);
    assert_eq!(alice.own(id)["state"], "in-block");
    let inbox = alice.rows("inbox");
    assert_eq!(
        inbox[0]["message"]["MessageHeader"]["MessageCode"], "T",
        "{inbox:?}"
    );
}

#[test]
fn a_clock_far_behind_the_newest_block_is_reported() {
    // No device's clock is in the year 2100.
    let rules = Rules {
        genesis_time: 4_102_444_800,
        ..Rules::default()
    };
    let server = serve(rules);
    let alice = device(&server, &["local"], &[server.url()]);
    let off = status(&alice)["clockOff"].as_i64().unwrap();
    assert!(off < -300, "{off}");
    let words = alice.run(&["status"], "").expect_code(0).out;
    assert!(words.contains("behind the newest block"), "{words}");
}
