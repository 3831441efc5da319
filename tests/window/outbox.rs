//! Thousands of own messages: the window shows a page of them, further ones when asked, and keeps the
//! place when one goes.

use parley_testkit::{Anvil, Device, Window, WindowKey, free_text, mine_field, reference, until};
use serde_json::json;

use crate::appearance::tab_to;
use crate::desk::{device, keep_picture, named, open, row_in, see_map};
use crate::network::confirm_mine_field;

/// Queues so many texts, in one go.
fn queue_many(device: &Device, texts: usize) {
    let lines = (0..texts).map(|n| format!("{}\n", free_text(&n.to_string())));
    let input: String = lines.collect();
    let queued = device.run(&["send", "--lines"], &input).expect_code(0);
    assert_eq!(queued.out.lines().count(), texts);
}

/// The numbers of the messages that are on the page, from above.
fn shown(window: &Window) -> Vec<u64> {
    let script = "return [...document.querySelectorAll('[data-testid=outbox-row]')]
        .map((row) => Number(row.dataset.id))";
    serde_json::from_value(window.run_script(script).unwrap()).unwrap()
}

/// Waits until these messages are on the page, and no other ones.
fn see_rows(window: &Window, expected: &[u64]) {
    until("the rows of the outbox", || {
        (shown(window) == expected).then_some(())
    });
}

fn row(id: u64) -> String {
    format!("[data-testid=outbox-row][data-id=\"{id}\"]")
}

/// The message whose row has the focus.
fn focused(window: &Window) -> serde_json::Value {
    let script =
        "return document.activeElement.closest('[data-testid=outbox-row]')?.dataset.id ?? null";
    window.run_script(script).unwrap()
}

fn numbers(from: u64, to: u64) -> Vec<u64> {
    (to..=from).rev().collect()
}

#[test]
fn thousands_of_messages_are_shown_a_page_at_a_time() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    queue_many(&alice, 3_000);
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-outbox")).unwrap();
    see_rows(&window, &numbers(3_000, 2_951));
    let said = window.text(&named("outbox-count")).unwrap();
    assert_eq!(said, "3000 messages · 3000 unsent messages");
    assert_eq!(window.text(&named("outbox-badge")).unwrap(), "3000");
    let said = window.text(&named("more")).unwrap();
    assert!(said.contains("2950"), "{said}");
    keep_picture(&window, "outbox-of-thousands");

    window.click(&named("more")).unwrap();
    see_rows(&window, &numbers(3_000, 2_901));
    until("the focus is on what is new", || {
        (focused(&window) == json!("2950")).then_some(())
    });

    // One in the middle goes: what is under it comes up, and the hand stays where it was.
    let row_top = |id: u64| {
        let script = format!(
            "const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
             return top('{}') - top('.panel-body')",
            row(id)
        );
        window.run_script(&script).unwrap().as_f64().unwrap()
    };
    window
        .click(&format!("{} {}", row(2_925), named("delete")))
        .unwrap();
    window.see(&named("delete-yes")).unwrap();
    // A driver scrolls to what it clicks, unless that is in sight.
    let script = format!(
        "document.querySelector('{}').scrollIntoView({{ block: 'center' }})",
        row(2_925)
    );
    window.run_script(&script).unwrap();
    let before = row_top(2_925);
    window.click(&named("delete-yes")).unwrap();
    window.see_gone(&row(2_925)).unwrap();
    let mut left = numbers(3_000, 2_900);
    left.retain(|id| *id != 2_925);
    see_rows(&window, &left);
    assert!((row_top(2_924) - before).abs() < 2.0, "the place is kept");
    assert_eq!(focused(&window), json!("2924"));
    assert_eq!(window.text(&named("outbox-badge")).unwrap(), "2999");
}

#[test]
fn the_last_page_is_reached_by_keyboard_alone() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    queue_many(&alice, 60);
    let mut window = open(&alice);
    see_map(&mut window);
    tab_to(&window, "open-outbox");
    window.press(WindowKey::Enter).unwrap();
    see_rows(&window, &numbers(60, 11));
    let back = "document.querySelector('[data-testid=more]').focus()";
    window.run_script(back).unwrap();
    window.press(WindowKey::Enter).unwrap();
    see_rows(&window, &numbers(60, 1));
    assert_eq!(window.count(&named("more")).unwrap(), 0);
    until("the focus is on what is new", || {
        (focused(&window) == json!("10")).then_some(())
    });
}

#[test]
fn what_goes_with_a_message_is_counted_although_it_is_on_no_page() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    let id = alice.send(&mine_field(400));
    queue_many(&alice, 80);
    let more = |id: u64| reference(&free_text("and more"), 3, &format!("@{id}"));
    let addition = alice.send(&more(id));
    let _ = alice.send(&more(addition));
    queue_many(&alice, 60);
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-outbox")).unwrap();
    window.see(&row(143)).unwrap();
    for _ in 0..2 {
        let before = shown(&window).len();
        window.click(&named("more")).unwrap();
        until("more rows", || {
            (shown(&window).len() > before).then_some(())
        });
    }
    window
        .click(&format!("{} {}", row(id), named("delete")))
        .unwrap();
    let said = format!("{} .question", row(id));
    until("the question names both", || {
        window
            .text(&said)
            .unwrap()
            .contains("2 other messages")
            .then_some(())
    });
    window.click(&named("delete-yes")).unwrap();
    window.see(&row_in("cancelled")).unwrap();
    assert_eq!(window.text(&named("outbox-badge")).unwrap(), "140");
}

#[test]
fn a_message_that_is_looked_at_by_its_number_is_followed_to_its_hash() {
    let node = Anvil::start();
    let alice = device(&node.url());
    // It has money from now on, and no block comes any more.
    let _ = alice.send(&free_text("first"));
    alice.sync();
    node.rpc("evm_setAutomine", &json!([false]));
    alice.run(&["settings", "--undo", "120"], "").expect_code(0);
    let mut window = open(&alice);
    see_map(&mut window);
    confirm_mine_field(&window);
    window.see(&row_in("queued")).unwrap();
    let id = 2;
    window.click(&format!("{} .headline", row(id))).unwrap();
    let shown = |window: &Window| window.attribute(&named("detail"), "data-hash").unwrap();
    assert_eq!(shown(&window), format!("@{id}"));
    // It is sealed, and no block holds it so far: it is still there.
    let send_now = "return await window.__TAURI_INTERNALS__.invoke('send_now', { id: 2 })";
    window.run_async_script(send_now).unwrap();
    until("it has left", || {
        alice.own(id)["transactionHash"].is_string().then_some(())
    });
    assert_eq!(window.count(&named("detail")).unwrap(), 1);
    node.rpc("evm_mine", &json!([]));
    let hash = alice.own(id)["transactionHash"].clone();
    until("the details follow", || {
        (json!(shown(&window)) == hash).then_some(())
    });
}

#[test]
fn more_signals_than_one_answer_holds_are_all_in_the_list_and_what_changes_follows() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    queue_many(&alice, 1_200);
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-list")).unwrap();
    // The button for further rows says how many they are.
    let see_further = |count: u32| {
        let script = format!(
            "return [...document.querySelectorAll('.rows + button')]
                .some((button) => button.textContent.includes('{count}'))"
        );
        until("the further rows", || {
            let said = window.run_script(&script).unwrap();
            (said == json!(true)).then_some(())
        });
    };
    see_further(1_100);
    let delete = "return await window.__TAURI_INTERNALS__
        .invoke('delete', { id: 7, withDependents: false })";
    window.run_async_script(delete).unwrap();
    see_further(1_099);
    queue_many(&alice, 2);
    // It is another program that saved them: the next change of this one shows them, too.
    let other = delete.replace("id: 7", "id: 8");
    window.run_async_script(&other).unwrap();
    see_further(1_100);
}
