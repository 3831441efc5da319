//! What others think of a sign, what has no effect, and a text that goes on.

use parley_testkit::{Anvil, Window, reference, sign};

use crate::desk::{device, keep_picture, named, open, row_in, see_map};

/// Writes a text about the sign that is open, and sees it leave.
fn add_text(window: &Window, text: &str) {
    window.click(&named("reply-text")).unwrap();
    window.type_into(&named("text"), text).unwrap();
    window.click(&named("review")).unwrap();
    window.click(&named("confirm")).unwrap();
    window.see(&named("outbox-row")).unwrap();
    window.see_gone(&row_in("queued")).unwrap();
    window.see_gone(&named("outbox-badge")).unwrap();
    window.click(&named("close")).unwrap();
}

#[test]
fn a_zone_is_told_with_every_opinion_and_the_whole_text() {
    let node = Anvil::start();
    let [alice, bob, carol] = [(); 3].map(|()| device(&node.url()));
    let zone = sign("P31", ("+36.21000", "+037.12700"), "21", (250, 0, 0));
    let id = alice.send(&zone);
    alice.sync();
    let hash = alice.own(id)["transactionHash"]
        .as_str()
        .unwrap()
        .to_owned();
    let _ = bob.send(&reference(&zone, 8, &hash));
    bob.sync();
    // Carol has not received the zone, so nothing keeps her from taking it back.
    let _ = carol.send(&reference(&zone, 1, &hash));
    let _ = carol.send(&reference(&zone, 9, &hash));
    carol.sync();

    let mut window = open(&alice);
    see_map(&mut window);
    let show = || {
        window.click(&named("open-list")).unwrap();
        window.click(&named("list-row")).unwrap();
        window.see(&named("detail")).unwrap();
    };
    show();
    window.see(&named("without-effect")).unwrap();
    let opinions = "return [...document.querySelectorAll('[data-testid=opinion]')]
        .map((opinion) => opinion.innerText.trim())";
    let said = window.run_script(opinions).unwrap();
    assert_eq!(said, serde_json::json!(["Rejected by 1", "1 will comply"]));
    window
        .click(&format!("{} summary", named("without-effect")))
        .unwrap();
    let refused = window.text(&named("without-effect")).unwrap();
    assert!(
        refused.contains("Only the account that sent the other message"),
        "{refused}"
    );
    keep_picture(&window, "opinions");

    add_text(&window, "Behind the school,");
    show();
    add_text(&window, "left of the gate.");
    show();
    window.see(&named("notes")).unwrap();
    let whole = window.text(&named("notes")).unwrap();
    assert!(
        whole.contains("Behind the school,\nleft of the gate."),
        "{whole}"
    );
    keep_picture(&window, "whole-text");
}
