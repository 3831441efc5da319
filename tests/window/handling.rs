//! The map under the hand, and what can still be done with a message before it is sealed.

use parley_testkit::{Anvil, free_text, mine_field, reference, sign, until};
use serde_json::json;

use crate::desk::{device, keep_picture, named, open, row_in, see_map};

/// The middle of the map, in the window.
const MIDDLE: &str = "const map = document.querySelector('#map').getBoundingClientRect();
    return [map.left + map.width / 2, map.top + map.height / 2]";

#[test]
fn a_right_click_begins_a_message_there_and_a_click_on_a_symbol_opens_it() {
    let node = Anvil::start();
    let alice = device(&node.url());
    let id = alice.send(&mine_field(400));
    alice.sync();
    let hash = alice.own(id)["transactionHash"].clone();
    let mut window = open(&alice);
    see_map(&mut window);

    window.right_click_at(400.0, 500.0).unwrap();
    window.see(&named("sign-search")).unwrap();
    assert_eq!(
        window.count(&named("coordinates")).unwrap(),
        0,
        "it has a place"
    );
    window.click(&named("close")).unwrap();

    // From the list the map goes to the signal, so that its symbol is in the middle.
    window.click(&named("open-list")).unwrap();
    window.click(&named("list-row")).unwrap();
    window.see(&named("detail")).unwrap();
    window.click(&named("close")).unwrap();
    window.see_gone(&named("detail")).unwrap();
    keep_picture(&window, "symbol");
    let middle = window.run_script(MIDDLE).unwrap();
    let at = |axis: usize| middle[axis].as_f64().unwrap();
    window.click_at(at(0), at(1)).unwrap();
    let shown = window.attribute(&named("detail"), "data-hash").unwrap();
    assert_eq!(json!(shown), hash);
}

#[test]
fn everyones_signals_are_on_the_map_and_in_the_list_the_worst_first() {
    let node = Anvil::start();
    let alice = device(&node.url());
    let bob = device(&node.url());
    let field = alice.send(&mine_field(400));
    alice.sync();
    let hash = alice.own(field)["transactionHash"].clone();
    let hash = hash.as_str().unwrap();
    let further = sign("D21", ("+36.20500", "+037.14150"), "22", (700, 250, 60));
    let _ = alice.send(&reference(&further, 3, hash));
    for message in [
        reference(&mine_field(400), 6, hash),
        sign("P31", ("+36.21000", "+037.12700"), "21", (250, 0, 0)),
        sign("D46", ("+36.19800", "+037.14600"), "23", (900, 500, 120)),
        sign("S13", ("+36.20900", "+037.14600"), "12", (0, 0, 999)),
        sign("I51", ("+36.19700", "+037.12400"), "30", (0, 0, 999)),
        sign("M25", ("+36.20100", "+037.12200"), "40", (0, 0, 999)),
    ] {
        let _ = bob.send(&message);
    }
    bob.sync();
    alice.sync();
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-list")).unwrap();
    let signs = "return [...document.querySelectorAll('[data-testid=list-row]')]
        .map((row) => row.querySelector('.words').innerText.trim())";
    let listed = window.run_script(signs).unwrap();
    let listed: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|words| words.as_str().unwrap())
        .collect();
    // Which of two equally bad ones is newer, the blocks say.
    let bad = |words: &&str| matches!(*words, "Alive, help needed" | "Mine field");
    assert!(listed[..2].iter().all(bad), "{listed:?}");
    assert_eq!(listed[2..4], ["Pollution", "Hospital and safety zone"]);
    assert_eq!(listed.len(), 6, "the second part belongs to its field");
    window
        .click(&format!("[data-testid=list-row][data-hash=\"{hash}\"]"))
        .unwrap();
    window.see(&named("detail")).unwrap();
    keep_picture(&window, "everyone");
}

#[test]
fn what_is_not_sealed_can_be_changed_and_withdrawn() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    let id = alice.send(&mine_field(400));
    let _ = alice.send(&reference(
        &free_text("behind the wall"),
        3,
        &format!("@{id}"),
    ));
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-outbox")).unwrap();
    let row = format!("[data-testid=outbox-row][data-id=\"{id}\"]");
    window.click(&format!("{row} {}", named("edit"))).unwrap();
    window.type_into(&named("dim1"), "900").unwrap();
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&row_in("queued")).unwrap();
    let own = alice.own(id);
    assert_eq!(own["message"]["MessageBody"]["ObjectSizeDim1"], "0900");
    assert_eq!(alice.rows("outbox").len(), 2, "changed, not written again");

    // Deleting asks first, and says that another message goes with it.
    window.click(&format!("{row} {}", named("delete"))).unwrap();
    keep_picture(&window, "delete");
    assert_eq!(
        alice.own(id)["state"],
        "queued",
        "nothing before the answer"
    );
    window.click(&named("delete-yes")).unwrap();
    window.see_gone(&row_in("queued")).unwrap();
    window.see_gone(&named("outbox-badge")).unwrap();
    for own in alice.rows("outbox") {
        assert_eq!(own["state"], "cancelled");
    }
}

#[test]
fn a_folder_that_another_program_uses_is_opened_once_it_is_free() {
    let node = Anvil::start();
    let alice = device(&node.url());
    let id = alice.send(&mine_field(400));
    let mut other = alice.command(&["sync", "--watch"]).spawn().unwrap();
    until("the other program has the folder", || {
        (alice.own(id)["state"] == "in-block").then_some(())
    });
    let mut window = open(&alice);
    let said = window.text(&named("notice")).unwrap();
    assert!(said.contains("parleyctl sync"), "{said}");
    window.click(&named("open-list")).unwrap();
    window.see(&named("try-again")).unwrap();
    keep_picture(&window, "in-use");

    other.kill().unwrap();
    other.wait().unwrap();
    window.click(&named("try-again")).unwrap();
    window.see(&named("list-row")).unwrap();
    window
        .see("[data-testid=status][data-online=true]")
        .unwrap();
    window.see_gone(&named("notice")).unwrap();
    see_map(&mut window);
}
