//! The rules of the protocol through `parleyctl`: what is refused, what is only warned about, and
//! what becomes of a stranger's message that breaks them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use parley_testkit::{Anvil, Device, free_text, mine_field, reference};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

/// A mine field in month 13, at latitude 95, a rectangle without direction.
fn wrong() -> Value {
    let mut message = mine_field(150);
    let body = &mut message["MessageBody"];
    body["DateTime"] = json!("2026-13-22T09:00:00Z");
    body["ObjectLatitude"] = json!("+95.00000");
    body["ObjectType"] = json!("22");
    body["ObjectSizeDim2"] = json!("0080");
    body["ObjectOrientation"] = json!("999");
    message
}

/// A mine field with a subject for private use.
fn private() -> Value {
    let mut message = mine_field(150);
    message["MessageBody"]["SubjectCode"] = json!("F1");
    message
}

const RULES: [&str; 3] = ["date-time", "latitude-range", "orientation-missing"];

fn names(row: &Value) -> Vec<&str> {
    let findings = row["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

#[test]
fn what_breaks_rules_is_not_sent_and_everything_about_it_is_said_at_once() {
    let node = Anvil::absent();
    let alice = Device::new(PROGRAM, &node.url());
    let answer = alice.run(&["send"], &wrong().to_string()).expect_code(2);
    for said in [
        "DateTime",
        "4.3.1.3",
        "give -90.00000 to +90.00000",
        "ObjectOrientation",
    ] {
        assert!(answer.error.contains(said), "{said}: {}", answer.error);
    }
    assert!(alice.rows("outbox").is_empty());
    let refused = alice.run(&["send"], &private().to_string()).expect_code(2);
    assert!(refused.error.contains("private use"), "{}", refused.error);
}

#[test]
fn encode_refuses_what_send_refuses_unless_it_is_told_not_to() {
    let device = Device::bare(PROGRAM);
    let text = wrong().to_string();
    let refused = device.run(&["encode"], &text).expect_code(2);
    assert_eq!(refused.out, "");
    for said in [
        "DateTime",
        "ObjectLatitude",
        "ObjectOrientation",
        "--lenient",
    ] {
        assert!(refused.error.contains(said), "{said}: {}", refused.error);
    }
    let encoded = device.run(&["encode", "--lenient"], &text).expect_code(0);
    assert_eq!(encoded.error.lines().count(), 3, "{}", encoded.error);
    let decoded = device.run(&["decode"], &encoded.out).expect_code(0);
    assert_eq!(decoded.rows(), [wrong()]);

    // What is only not sent, and what depends on the message referred to, is encoded with a warning.
    let related = reference(&free_text("more"), 5, &"ab".repeat(32));
    for (message, said) in [
        (private(), "private use"),
        (related, "5.4.1.1"),
        (free_text(""), "empty"),
    ] {
        let warned = device.run(&["encode"], &message.to_string()).expect_code(0);
        assert!(warned.error.contains(said), "{}", warned.error);
    }
}

#[test]
fn a_line_that_breaks_rules_is_answered_in_its_place() {
    let device = Device::bare(PROGRAM);
    let input = format!("{}\n\n{}\n{}\n", mine_field(150), wrong(), mine_field(90));
    let rows = device.run(&["encode", "--lines"], &input).expect_code(0);
    let lines: Vec<&str> = rows.out.lines().collect();
    let error: Value = serde_json::from_str(lines[1]).unwrap();
    assert!(error["error"].as_str().unwrap().contains("ObjectLatitude"));
    let lenient = ["encode", "--lines", "--lenient"];
    let octets = device.run(&lenient, &input).expect_code(0).out;
    let decoded = device.run(&["decode", "--lines"], &octets).expect_code(0);
    assert_eq!(decoded.rows(), [mine_field(150), wrong(), mine_field(90)]);
    let warnings: Vec<&str> = decoded.error.lines().collect();
    assert_eq!(warnings.len(), 3, "{}", decoded.error);
    assert!(warnings.iter().all(|warning| warning.contains("line 2: ")));
    assert!(warnings[1].contains("it is not on the map"), "{warnings:?}");
}

#[test]
fn validate_tells_the_same_of_json_and_of_octets() {
    let device = Device::bare(PROGRAM);
    let good = device.run(&["validate"], &mine_field(150).to_string());
    assert_eq!(good.expect_code(0).out, "No rule is broken.\n");
    let text = wrong().to_string();
    let octets = device
        .run(&["encode", "--lenient"], &text)
        .expect_code(0)
        .out;
    for input in [&text, &octets, &format!("0x{octets}")] {
        let words = device.run(&["validate"], input).expect_code(2);
        assert_eq!(words.out.lines().count(), 3);
        let first = words.out.lines().next().unwrap();
        assert!(first.starts_with("DateTime is no moment"), "{first}");
        assert!(first.contains("its time is not known"), "{first}");
        let row = &device
            .run(&["validate", "--json"], input)
            .expect_code(2)
            .rows()[0];
        assert_eq!(row["valid"], false);
        assert_eq!(names(row), RULES);
        let wanted = json!({
            "field": "ObjectLatitude", "rule": "latitude-range", "problem": "is none on earth",
            "section": "4.3.1.6", "fix": "give -90.00000 to +90.00000", "effect": "not-on-map",
        });
        assert_eq!(row["findings"][1], wanted);
    }
    for input in ["", "zz", "{}", "5746"] {
        let answer = device.run(&["validate"], input).expect_code(2);
        assert!(answer.error.contains("cannot be read"), "{}", answer.error);
        assert_eq!(answer.out, "");
    }
    let unreadable = device.run(&["validate", "--json"], "zz").expect_code(2);
    assert!(unreadable.rows()[0]["error"].is_string());
}

#[test]
fn validate_answers_every_line() {
    let device = Device::bare(PROGRAM);
    let own = reference(&free_text("more"), 3, "@7");
    let input = format!("{}\nnonsense\n{}\n{own}\n", mine_field(150), private());
    let answer = device.run(&["validate", "--lines"], &input).expect_code(2);
    let rows = answer.rows();
    assert_eq!(
        rows[0],
        json!({ "valid": true, "findings": [], "notes": [] })
    );
    assert!(rows[1]["error"].is_string());
    assert_eq!(names(&rows[2]), ["private-use"]);
    assert_eq!(rows[2]["findings"][0]["section"], Value::Null);
    assert_eq!(
        rows[3]["valid"], true,
        "the hash of an own message is filled in later"
    );
    assert!(answer.error.contains("2 messages"), "{}", answer.error);
    for allowing in ["--received", "--private-use"] {
        let text = private().to_string();
        device.run(&["validate", allowing], &text).expect_code(0);
    }
    let good = mine_field(150).to_string();
    device.run(&["validate", "--lines"], &good).expect_code(0);
}

/// What the effects say about references and codes is what the other device shows.
#[test]
fn a_strangers_message_that_breaks_rules_is_kept_and_has_the_effect_that_is_said() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let field = alice.send(&mine_field(150));
    alice.sync();
    let hash = alice.own(field)["transactionHash"].clone();
    let related = reference(&free_text("more"), 5, hash.as_str().unwrap());
    let nowhere = reference(&mine_field(150), 1, &"0".repeat(64));
    let mut reserved = mine_field(150);
    reserved["MessageBody"]["SubjectCode"] = json!("0A");
    let sent = [wrong(), related, nowhere, reserved, private()];
    for message in &sent {
        node.write_as_a_stranger(&alice.octets(message));
    }
    alice.sync();
    let inbox = alice.rows("inbox");
    let received: Vec<&Value> = inbox.iter().skip(1).map(|row| &row["message"]).collect();
    assert_eq!(received, sent.iter().collect::<Vec<_>>(), "all are kept");
    assert_eq!(inbox[0]["findings"], json!([]));
    assert_eq!(inbox[1]["findings"], json!(RULES));
    assert_eq!(inbox[5]["findings"], json!([]), "private use is no fault");
    let situation = alice.rows("situation");
    let own = situation
        .iter()
        .find(|row| row["transactionHash"] == hash)
        .unwrap();
    assert_eq!(
        own["references"],
        json!([]),
        "no effect on the other message"
    );
    let unclear = situation.iter().find(|row| row["message"] == sent[0]);
    assert_eq!(unclear.unwrap()["validity"], "unclear");
    let words = alice.run(&["inbox"], "").expect_code(0).out;
    assert!(words.contains("it breaks rules: date-time, "), "{words}");
    assert!(words.contains("reserved code 0A at"), "{words}");
    assert!(words.contains("private code F1 at"), "{words}");
}
