//! The screen about the network: endpoints, what is received, which network is open; and the time in
//! which a message can still be taken back.

use std::time::Duration;

use parley_testkit::{Anvil, Device, Window, WindowKey, mine_field, until};
use serde_json::{Value, json};

use crate::appearance::{cuts_nothing_off, fits_and_is_translated};
use crate::desk::{
    choose_sign, keep_picture, named, open, open_sized, parleyctl, row_in, see_map, speak_mirrored,
};

/// The row of an endpoint.
fn endpoint(url: &str) -> String {
    format!("[data-testid=endpoint][data-url=\"{url}\"]")
}

/// A part of the row of an endpoint.
fn at_endpoint(url: &str, name: &str) -> String {
    format!("{} {}", endpoint(url), named(name))
}

/// The addresses of the list, in its order.
fn listed(window: &Window) -> Value {
    let script = "return [...document.querySelectorAll('[data-testid=endpoint]')]
        .map((row) => row.dataset.url)";
    window.run_script(script).unwrap()
}

/// Opens the window at the screen about the network.
fn open_network(device: &Device) -> Window {
    let mut window = open(device);
    see_map(&mut window);
    window.click(&named("open-network")).unwrap();
    window.see(&named("endpoint")).unwrap();
    window
}

fn add(window: &Window, url: &str) {
    window.type_into(&named("endpoint-url"), url).unwrap();
    window.click(&named("endpoint-add")).unwrap();
}

/// What is wrong with the endpoint that was typed.
fn refusal(window: &Window) -> String {
    window.text("#endpoint-url-problem:not([hidden])").unwrap()
}

/// Chooses how long a confirmed message waits.
fn choose_undo(window: &Window, seconds: &str) {
    window.click(&named("open-network")).unwrap();
    window.type_into(&named("undo-seconds"), seconds).unwrap();
    window.click(&named("sending-save")).unwrap();
    window
        .see("[data-testid=sending-saved]:not(:empty)")
        .unwrap();
}

/// Writes a mine field and confirms it.
pub(crate) fn confirm_mine_field(window: &Window) {
    window.click(&named("add")).unwrap();
    window
        .type_into(&named("coordinates"), "36.2021, 37.1343")
        .unwrap();
    window.click(&named("coordinates-ok")).unwrap();
    choose_sign(window, "mine", "D21");
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&named("outbox-row")).unwrap();
}

#[test]
fn a_second_endpoint_is_tested_added_put_first_and_removed() {
    let one = Anvil::start();
    // Two chains begun in the same second would have the same first block.
    let two = Anvil::start_with(&["--timestamp", "1700000000"]);
    let (first, second) = (one.url(), two.url());
    let alice = Device::new(&parleyctl(), &first);
    let window = open_network(&alice);
    window
        .see(&format!("{}[data-health=good]", endpoint(&first)))
        .unwrap();

    // The second node has a chain of its own: it is told apart by its first block.
    add(&window, &second);
    let said = refusal(&window);
    assert!(said.contains("reset"), "{said}");
    assert_eq!(listed(&window), json!([first]));

    // The same node by another name is another endpoint.
    let second = first.replace("127.0.0.1", "localhost");
    add(&window, &second);
    window
        .see(&format!("{}[data-health=good]", endpoint(&second)))
        .unwrap();
    assert_eq!(listed(&window), json!([first, second]));
    window
        .click(&at_endpoint(&second, "endpoint-test"))
        .unwrap();
    let tried = format!("{}:not(:empty)", at_endpoint(&second, "endpoint-tried"));
    let said = window.text(&tried).unwrap();
    assert!(said.contains("It is for this network"), "{said}");
    keep_picture(&window, "network");

    window
        .click(&at_endpoint(&second, "endpoint-earlier"))
        .unwrap();
    window
        .see(&format!("{}:first-child", endpoint(&second)))
        .unwrap();
    assert_eq!(listed(&window), json!([second, first]));

    window
        .click(&at_endpoint(&first, "endpoint-remove"))
        .unwrap();
    assert_eq!(listed(&window), json!([second, first]), "asked first");
    window.click(&named("endpoint-remove-yes")).unwrap();
    window.see_gone(&endpoint(&first)).unwrap();
    window
        .see("[data-testid=status][data-online=true]")
        .unwrap();
}

#[test]
fn an_endpoint_of_another_chain_is_refused_with_the_reason_and_one_that_is_away_may_be_added() {
    let node = Anvil::start();
    let other = Anvil::start_with(&["--chain-id", "4711"]);
    let away = Anvil::absent();
    let alice = Device::new(&parleyctl(), &node.url());
    let window = open_network(&alice);

    add(&window, &other.url());
    let said = refusal(&window);
    assert!(said.contains("4711"), "{said}");
    assert_eq!(
        window.count(&named("endpoint-add-untested")).unwrap(),
        0,
        "what is proven wrong is not added"
    );
    keep_picture(&window, "network-refused");

    add(&window, &away.url());
    window.click(&named("endpoint-add-untested")).unwrap();
    window.see(&endpoint(&away.url())).unwrap();
    assert_eq!(listed(&window), json!([node.url(), away.url()]));
}

#[test]
fn what_was_received_is_drawn_and_the_data_saver_only_sends() {
    let node = Anvil::start();
    let (alice, bob) = (
        Device::new(&parleyctl(), &node.url()),
        Device::new(&parleyctl(), &node.url()),
    );
    let _ = bob.send(&mine_field(400));
    bob.sync();
    let window = open_network(&alice);
    window.click("[data-testid=stretches] summary").unwrap();
    window.see(&named("stretch")).unwrap();
    window.see(".band rect[data-look=whole]").unwrap();
    window.see_gone(&named("gap")).unwrap();
    let said = window.text(&named("received-summary")).unwrap();
    assert!(said.starts_with("Everything"), "{said}");

    window.click(&named("receive-nothing")).unwrap();
    window.see(&named("saver")).unwrap();
    keep_picture(&window, "data-saver");
    let _ = bob.send(&mine_field(900));
    bob.sync();
    choose_undo(&window, "0");
    confirm_mine_field(&window);
    // No block is fetched to see it in one.
    window.see(&row_in("sent")).unwrap();
    window.click(&named("open-list")).unwrap();
    window.see(&named("list-row")).unwrap();
    let hashes = "return document.querySelectorAll('[data-testid=list-row]').length";
    assert_eq!(
        window.run_script(hashes).unwrap(),
        json!(2),
        "hers and the one from before, not the one that came since"
    );
}

#[test]
fn a_confirmed_message_can_be_taken_back_or_sent_at_once() {
    let node = Anvil::start();
    let alice = Device::new(&parleyctl(), &node.url());
    alice.sync();
    let mut window = open(&alice);
    see_map(&mut window);
    choose_undo(&window, "120");

    confirm_mine_field(&window);
    window.see(&row_in("queued")).unwrap();
    let said = window.text(&named("send-now")).unwrap();
    let left: String = said.chars().filter(char::is_ascii_digit).collect();
    assert!((1..=120).contains(&left.parse::<u32>().unwrap()), "{said}");
    keep_picture(&window, "undo");
    window.click(&named("delete")).unwrap();
    window.click(&named("delete-yes")).unwrap();
    window.see(&row_in("cancelled")).unwrap();
    assert_eq!(node.whiteflag_transactions().len(), 0, "it never left");
    window.click(&named("close")).unwrap();

    confirm_mine_field(&window);
    window.click(&named("send-now")).unwrap();
    window.set_patience(Duration::from_secs(30));
    window.see(&row_in("in-block")).unwrap();
    assert_eq!(node.whiteflag_transactions().len(), 1);
    window
        .click(&format!("{} {}", row_in("in-block"), named("tried")))
        .unwrap();
    let said = window.text(&named("attempt")).unwrap();
    assert!(said.contains(&node.url()), "{said}");
}

#[test]
fn another_network_is_opened_and_left_with_nothing_carried_over() {
    let node = Anvil::start();
    let alice = Device::new(&parleyctl(), &node.url());
    let _ = alice.send(&mine_field(400));
    alice.sync();
    let address = alice.address();
    let choice = |name: &str| format!("[data-testid=network-choice][data-name={name}]");
    let is_open = |name: &str| format!("{}[data-current=true]", choice(name));
    let go_to = |window: &Window, name: &str| {
        window
            .click(&format!("{} {}", choice(name), named("network-open")))
            .unwrap();
    };
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("add")).unwrap();
    choose_sign(&window, "mine", "D21");
    window.click(&named("open-network")).unwrap();
    window.see(&is_open("local")).unwrap();

    // What was begun is for this network.
    go_to(&window, "sepolia");
    window.see(&named("network-begun")).unwrap();
    keep_picture(&window, "network-switch");
    window.click(&named("network-open-yes")).unwrap();
    window.see(&is_open("sepolia")).unwrap();
    window.see("[data-testid=banner][data-look=test]").unwrap();
    window.click(&named("open-outbox")).unwrap();
    window.see(".empty").unwrap();
    assert_eq!(window.count(&named("outbox-row")).unwrap(), 0);
    window.click(&named("open-about")).unwrap();
    let shown = window.text(".facts .code").unwrap();
    assert_ne!(shown, address, "an account of its own");
    window.click(&named("add")).unwrap();
    window.see(&named("coordinates")).unwrap();
    assert_eq!(window.count(&named("review")).unwrap(), 1);
    assert_eq!(window.count(&named("dim1")).unwrap(), 0, "a fresh form");

    // The choice lasts, and the first network is as it was.
    drop(window);
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-network")).unwrap();
    window.see(&is_open("sepolia")).unwrap();
    go_to(&window, "local");
    window.click(&named("network-open-yes")).unwrap();
    window.see(&is_open("local")).unwrap();
    window
        .see("[data-testid=banner][data-look=exercise]")
        .unwrap();
    window.click(&named("open-outbox")).unwrap();
    window.see(&named("outbox-row")).unwrap();
    window.click(&named("open-about")).unwrap();
    assert_eq!(window.text(".facts .code").unwrap(), address);
}

#[test]
fn the_screen_is_translated_mirrored_and_fits_a_small_screen_with_large_letters() {
    let node = Anvil::start();
    let alice = Device::new(&parleyctl(), &node.url());
    let _ = alice.send(&mine_field(400));
    alice.sync();
    let mut window = open_sized(&alice, 360, 740);
    window.resize(360, 740).unwrap();
    see_map(&mut window);
    speak_mirrored(&window);
    window.click(&named("open-network")).unwrap();
    window.see(&named("endpoint")).unwrap();
    for part in ["learns", "stretches"] {
        window
            .click(&format!("[data-testid={part}] summary"))
            .unwrap();
    }
    window.click(&named("receive-followed")).unwrap();
    window.see(&named("follow-account")).unwrap();
    window.click(&named("endpoint-remove")).unwrap();
    fits_and_is_translated(&window, "network");
    keep_picture(&window, "mirrored-network");
    let larger = "document.documentElement.style.fontSize = '200%'; return innerWidth";
    assert_eq!(window.run_script(larger).unwrap(), json!(360));
    cuts_nothing_off(&window, "network with large letters");
    keep_picture(&window, "large-network");
}

#[test]
fn endpoints_are_put_in_order_by_keyboard_alone() {
    let node = Anvil::start();
    let alice = Device::new(&parleyctl(), &node.url());
    let window = open_network(&alice);
    let second = node.url().replace("127.0.0.1", "localhost");
    add(&window, &second);
    window.see(&endpoint(&second)).unwrap();
    let button = at_endpoint(&second, "endpoint-earlier");
    window
        .run_script(&format!("document.querySelector('{button}').focus()"))
        .unwrap();
    window.press(WindowKey::Enter).unwrap();
    window
        .see(&format!("{}:first-child", endpoint(&second)))
        .unwrap();
    // The focus moves with the row, so that the next key is about the same endpoint.
    let focused = "return document.activeElement.closest('[data-testid=endpoint]')?.dataset.url";
    until("the focus is where it was", || {
        (window.run_script(focused).unwrap() == json!(second)).then_some(())
    });
    window.press(WindowKey::Tab).unwrap();
    window.press(WindowKey::Enter).unwrap();
    window
        .see(&format!("{}:last-child", endpoint(&second)))
        .unwrap();
}

#[test]
fn what_is_typed_is_taken_with_enter_and_said_to_be_wrong_where_it_is() {
    let node = Anvil::start();
    let alice = Device::new(&parleyctl(), &node.url());
    let bob = Device::new(&parleyctl(), &node.url());
    let window = open_network(&alice);
    window
        .type_into(&named("endpoint-url"), "rpc.example.org")
        .unwrap();
    window.press(WindowKey::Enter).unwrap();
    let said = refusal(&window);
    assert!(said.contains("begins with https:// or http://"), "{said}");
    let second = node.url().replace("127.0.0.1", "localhost");
    window.type_into(&named("endpoint-url"), &second).unwrap();
    window.press(WindowKey::Enter).unwrap();
    window
        .see(&format!("{}[data-health=good]", endpoint(&second)))
        .unwrap();

    window.click(&named("receive-followed")).unwrap();
    window.type_into(&named("follow-account"), "0x12").unwrap();
    window.press(WindowKey::Enter).unwrap();
    window.see("#follow-account-problem:not([hidden])").unwrap();
    window
        .type_into(&named("follow-account"), &bob.address())
        .unwrap();
    window.press(WindowKey::Enter).unwrap();
    window.see(&named("followed")).unwrap();
    window.click(&named("unfollow")).unwrap();
    window.see_gone(&named("followed")).unwrap();
}
