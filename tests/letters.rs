//! Letters that Whiteflag does not allow: who writes in them is heard all the same, and what is shown
//! says that it breaks the standard.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use parley_testkit::{Anvil, Device, free_text, mine_field, reference, sign, with_any_text};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

/// Help, in Ukrainian, with a backslash that must not be taken for an escape.
const HELP: &str = "\u{407}жа\\";
/// As it is shown.
const ESCAPED: &str = r"\xd0\x87\xd0\xb6\xd0\xb0\\";

fn text_of(message: &Value) -> &Value {
    &message["MessageBody"]["Text"]
}

#[test]
fn a_strangers_text_in_other_letters_is_kept_and_shown_escaped() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let raw = with_any_text(&alice.octets(&free_text("x")), HELP);
    node.write_as_a_stranger(&raw);
    alice.sync();

    let row = &alice.rows("inbox")[0];
    assert!(row["message"].is_null());
    assert_eq!(
        row["error"],
        "the text holds a character that Whiteflag does not allow"
    );
    assert_eq!(row["raw"], raw.as_str());
    assert_eq!(text_of(&row["shown"]), ESCAPED);

    let [signal] = alice.rows("situation").try_into().unwrap();
    assert_eq!(signal["escaped"], true);
    assert_eq!(text_of(&signal["message"]), ESCAPED);
    assert_eq!(signal["raw"], raw.as_str());

    let said = format!("{ESCAPED}  (its text breaks the standard: letters");
    let inbox = alice.run(&["inbox"], "").expect_code(0).out;
    assert!(inbox.contains(&said), "{inbox}");
    let situation = alice.run(&["situation"], "").expect_code(0).out;
    let lines: Vec<&str> = situation.lines().collect();
    assert!(lines[0].contains(ESCAPED), "{situation}");
    assert!(lines[1].contains("breaks the standard"), "{situation}");
}

#[test]
fn a_text_that_adds_to_a_signal_is_marked_where_it_stands() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let ill = sign("E11", ("+36.20210", "+037.13430"), "11", (0, 0, 999));
    node.write_as_a_stranger(&alice.octets(&ill));
    alice.sync();
    let hash = alice.rows("inbox")[0]["transactionHash"].clone();
    let added = reference(&free_text("x"), 3, hash.as_str().unwrap());
    node.write_as_a_stranger(&with_any_text(&alice.octets(&added), HELP));
    alice.sync();
    let [signal] = alice.rows("situation").try_into().unwrap();
    assert_eq!(signal["escaped"], false, "it says what it says");
    let told = &signal["references"][0];
    assert_eq!(told["escaped"], true);
    assert_eq!(text_of(&told["message"]), ESCAPED);
    let situation = alice.run(&["situation"], "").expect_code(0).out;
    assert!(situation.contains("breaks the standard"), "{situation}");
}

#[test]
fn what_keeps_to_the_standard_has_no_mark() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    node.write_as_a_stranger(&alice.octets(&free_text(r"a\x41 \\")));
    alice.sync();
    let row = &alice.rows("inbox")[0];
    assert_eq!(text_of(&row["message"]), r"a\x41 \\");
    assert_eq!(row.get("shown"), None);
    assert_eq!(alice.rows("situation")[0]["escaped"], false);
}

#[test]
fn validate_says_which_octets_a_text_may_not_hold() {
    let device = Device::bare(PROGRAM);
    let raw = with_any_text(&device.octets(&free_text("x")), HELP);
    let answer = device.run(&["validate"], &raw).expect_code(2);
    let said = "octet 1 of the text is d0, octet 2 of the text is 87, \
                octet 3 of the text is d0, octet 4 of the text is b6, and 2 more";
    assert!(answer.error.contains(said), "{}", answer.error);
}

#[test]
fn validate_notes_what_is_passed_over() {
    let device = Device::bare(PROGRAM);
    let note = |octets: &str, code| {
        let row = device.run(&["validate", "--json"], octets);
        let row = row.expect_code(code).rows().remove(0);
        assert_eq!(row["valid"], code == 0, "{row}");
        assert_eq!(row["findings"], json!([]));
        row["notes"][0]["note"].clone()
    };
    let field = device.octets(&mine_field(150));
    assert_eq!(note(&field, 0), Value::Null);
    assert_eq!(note(&format!("{field}00"), 0), "further-octets");
    let ends_with_nul = with_any_text(&device.octets(&free_text("x")), "x\0");
    assert_eq!(note(&ends_with_nul, 0), "trailing-nul");
    let words = device.run(&["validate"], &format!("{field}00"));
    assert_eq!(
        words.expect_code(0).out,
        "No rule is broken.\nNot read: there are octets after the last field.\n"
    );

    let mut request = sign("Q20", ("+36.20210", "+037.13430"), "21", (100, 0, 0));
    let object = json!({ "ObjectType": "40", "ObjectTypeQuant": "01" });
    request["MessageBody"]["requestObjects"] = json!(vec![object; 8]);
    let ninth = format!("{}4101ff", device.octets(&request));
    assert_eq!(note(&ninth, 2), "further-objects");
    let words = device.run(&["validate"], &ninth).expect_code(2);
    assert_eq!(
        words.out,
        "Not read: there are more than 8 request objects.\n"
    );
}
