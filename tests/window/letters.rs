//! Letters that cannot travel: plain ones are offered while a text is written, and a stranger's text
//! in others is shown with a mark.

use parley_testkit::{Anvil, Window, WindowKey, free_text, with_any_text};
use serde_json::json;

use crate::desk::{choose_sign, device, keep_picture, named, open, open_sized, row_in, see_map};

/// What somebody needs.
const NEED: &str = "Їжа та вода";
/// The same in plain letters.
const PLAIN: &str = "Yizha ta voda";

/// Types a text that cannot travel, and waits for what is offered.
fn write(window: &Window) {
    window.click(&named("add")).unwrap();
    // By its letter, which is the same in every language.
    choose_sign(window, "F", "F");
    window.type_into(&named("text"), NEED).unwrap();
    window.see(&named("take-plain")).unwrap();
}

fn holds(window: &Window, name: &str) -> String {
    let script = format!("return document.querySelector('{}').value", named(name));
    window
        .run_script(&script)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_text_that_cannot_travel_is_offered_in_plain_letters_and_sent_so() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    let mut window = open(&alice);
    see_map(&mut window);
    write(&window);
    let problem = window.text("#text-problem").unwrap();
    assert!(
        problem.contains("\u{2068}Ї ж а т в о д\u{2069}"),
        "{problem}"
    );
    assert_eq!(window.text(&named("plain-text")).unwrap(), PLAIN);
    keep_picture(&window, "plain-offer");

    // By keyboard: from the text it is one step to the offer, and the focus comes back.
    window.click(&named("text")).unwrap();
    window.press(WindowKey::Tab).unwrap();
    let focused = "return document.activeElement.dataset.testid";
    assert_eq!(window.run_script(focused).unwrap(), json!("take-plain"));
    window.press(WindowKey::Enter).unwrap();
    window.see_gone(&named("plain-offer")).unwrap();
    assert_eq!(holds(&window, "text"), PLAIN);
    assert_eq!(window.run_script(focused).unwrap(), json!("text"));
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&row_in("queued")).unwrap();
    let queued = alice.own(1);
    assert_eq!(queued["message"]["MessageBody"]["Text"], PLAIN);
}

#[test]
fn nothing_is_offered_for_letters_that_have_no_plain_ones() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    let mut window = open(&alice);
    see_map(&mut window);
    write(&window);
    // A character of private use, after letters that have plain ones.
    window.write("\u{f8ff}").unwrap();
    window.see_gone(&named("plain-offer")).unwrap();
    let problem = window.text("#text-problem").unwrap();
    assert!(problem.contains("U+F8FF"), "{problem}");
}

#[test]
fn the_offer_fits_a_small_screen_and_another_direction() {
    let node = Anvil::absent();
    let alice = device(&node.url());
    let mut window = open_sized(&alice, 360, 740);
    window.resize(360, 740).unwrap();
    see_map(&mut window);
    window.click(&named("open-about")).unwrap();
    window.choose(&named("language"), "ar-XB").unwrap();
    window.see("html[dir=rtl][lang=ar-XB]").unwrap();
    window.click(&named("close")).unwrap();
    write(&window);
    crate::appearance::fits_and_is_translated(&window, "plain-offer");
    let show = "document.querySelector('[data-testid=take-plain]').scrollIntoView()";
    window.run_script(show).unwrap();
    keep_picture(&window, "mirrored-small-plain-offer");
    window.click(&named("take-plain")).unwrap();
    window.see_gone(&named("plain-offer")).unwrap();
    assert_eq!(holds(&window, "text"), PLAIN);
}

#[test]
fn a_strangers_text_in_other_letters_is_shown_escaped_and_marked() {
    let node = Anvil::start();
    let alice = device(&node.url());
    let octets = with_any_text(&alice.octets(&free_text("x")), "Їжа");
    node.write_as_a_stranger(&octets);
    alice.sync();
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-list")).unwrap();
    let row = window.text(&named("list-row")).unwrap();
    let escaped = r"\xd0\x87\xd0\xb6\xd0\xb0";
    assert!(row.contains(escaped), "{row}");
    window.click(&named("list-row")).unwrap();
    let mark = window.text(&named("escaped")).unwrap();
    assert!(
        mark.contains("letters that Whiteflag does not allow"),
        "{mark}"
    );
    let detail = window.text(&named("detail")).unwrap();
    assert!(detail.contains(escaped), "{detail}");
    let raw = "return document.querySelector('[data-testid=raw]').textContent.trim()";
    assert_eq!(window.run_script(raw).unwrap(), json!(octets));
    keep_picture(&window, "escaped");
}
