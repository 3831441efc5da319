//! What a stranger's signs that break rules look like: shown, with what is wrong about them.

use parley_testkit::{Anvil, Window, mine_field, sign};
use serde_json::{Value, json};

use crate::desk::{device, keep_picture, named, open, see_map};

/// A rectangle without direction at latitude 95, from month 13 on.
fn wrong() -> Value {
    let mut message = sign("D21", ("+95.00000", "+037.13430"), "22", (700, 250, 999));
    message["MessageBody"]["DateTime"] = json!("2026-13-22T09:00:00Z");
    message
}

/// The rules and the words of the findings that are shown.
fn findings(window: &Window) -> Vec<(String, String)> {
    let script = "return [...document.querySelectorAll('[data-testid=findings] li')]
        .map((item) => [item.dataset.rule, item.innerText.trim()])";
    let rows = window.run_script(script).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (text(&row[0]), text(&row[1]))).collect()
}

/// Opens the signal of which the list says this.
fn show(window: &Window, words: &str) {
    let script = format!(
        "for (const row of document.querySelectorAll('[data-testid=list-row]'))
            if (row.innerText.includes({words:?})) return row.dataset.hash;"
    );
    let hash = window.run_script(&script).unwrap();
    let hash = hash.as_str().expect("it is in the list");
    window
        .click(&format!("[data-testid=list-row][data-hash=\"{hash}\"]"))
        .unwrap();
    window.see(&named("detail")).unwrap();
}

#[test]
fn a_strangers_sign_that_breaks_rules_is_shown_with_what_is_wrong_about_it() {
    let node = Anvil::start();
    let alice = device(&node.url());
    let mut reserved = mine_field(400);
    reserved["MessageBody"]["SubjectCode"] = json!("0A");
    let harmless = sign("I51", ("+36.19700", "+037.12400"), "30", (0, 0, 999));
    for message in [&wrong(), &reserved, &harmless] {
        node.write_as_a_stranger(&alice.octets(message));
    }
    alice.sync();
    let mut window = open(&alice);
    see_map(&mut window);
    window.click(&named("open-list")).unwrap();
    window.see(&named("list-row")).unwrap();

    show(&window, "Mine field");
    window.see(&named("findings")).unwrap();
    let found = findings(&window);
    let rules: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(
        rules,
        ["date-time", "latitude-range", "orientation-missing"]
    );
    assert_eq!(
        found[1].1,
        "There is no such latitude. It is not on the map."
    );
    let detail = window.text(&named("detail")).unwrap();
    assert!(detail.contains("+95.00000 +037.13430"), "{detail}");
    keep_picture(&window, "findings");
    window.click(&named("close")).unwrap();

    window.click(&named("open-list")).unwrap();
    show(&window, "Reserved code");
    window.see(&named("findings")).unwrap();
    assert_eq!(findings(&window)[0].0, "subject-reserved");
    window.click(&named("close")).unwrap();

    window.click(&named("open-list")).unwrap();
    show(&window, "Hospital");
    assert_eq!(window.count(&named("findings")).unwrap(), 0);
}
