//! Rubbish, the wrong chain, no money, no room: a clear refusal each, and nothing lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::process::Command;

use parley_testkit::{Anvil, Device, free_text, mine_field, reference};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");

#[test]
fn rubbish_is_refused_with_words_and_changes_nothing() {
    let node = Anvil::absent();
    let alice = Device::new(PROGRAM, &node.url());
    let mut impossible = mine_field(150);
    impossible["MessageBody"]["ObjectLatitude"] = json!("+95.00000");
    let mut unknown = mine_field(150);
    unknown["MessageBody"]["Colour"] = json!("red");
    let orphan = reference(&free_text("x"), 3, "@77");
    for (input, said) in [
        ("".to_owned(), "not JSON"),
        ("{".to_owned(), "not JSON"),
        ("[1]".to_owned(), "object"),
        ("\u{0}\u{1}".to_owned(), "not JSON"),
        (impossible.to_string(), "ObjectLatitude"),
        (unknown.to_string(), "Colour"),
        (orphan.to_string(), "77"),
        (free_text("caf\u{e9}").to_string(), "Text"),
    ] {
        let answer = alice.run(&["send"], &input).expect_code(2);
        assert!(answer.error.contains(said), "{input}: {}", answer.error);
        assert_eq!(answer.out, "");
    }
    assert!(alice.rows("outbox").is_empty());
}

#[test]
fn a_reference_is_held_to_the_rules_once_its_target_is_known() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let bob = Device::new(PROGRAM, &node.url());
    let field = alice.send(&mine_field(150));
    let own = reference(&mine_field(150), 6, &format!("@{field}"));
    let refused = alice.run(&["send"], &own.to_string()).expect_code(2);
    assert!(
        refused
            .error
            .contains("only for others than the originator"),
        "{}",
        refused.error
    );
    alice.sync();
    let hash = alice.own(field)["transactionHash"].clone();
    let recall = reference(&mine_field(150), 1, hash.as_str().unwrap());
    // Bob has not received it yet, so nobody can say that he may not.
    let _ = bob.send(&recall);
    bob.sync();
    let refused = bob.run(&["send"], &recall.to_string()).expect_code(2);
    assert!(
        refused.error.contains("only for the account"),
        "{}",
        refused.error
    );
    alice.sync();
    let situation = alice.rows("situation");
    assert_eq!(situation.len(), 1, "what Bob may not say has no effect");
    let _ = alice.send(&recall);
}

#[test]
fn a_bad_line_is_answered_in_its_place_and_the_others_are_queued() {
    let node = Anvil::absent();
    let alice = Device::new(PROGRAM, &node.url());
    let input = format!("{}\nnonsense\n{}\n", free_text("one"), free_text("two"));
    let answer = alice.run(&["send", "--lines"], &input).expect_code(2);
    let rows = answer.rows();
    assert_eq!((&rows[0]["id"], &rows[2]["id"]), (&json!(1), &json!(2)));
    assert!(rows[1]["error"].is_string());
    assert_eq!(alice.rows("outbox").len(), 2);
}

#[test]
fn octets_that_are_no_message_are_refused() {
    let device = Device::bare(PROGRAM);
    let whole = device
        .run(&["encode"], &mine_field(150).to_string())
        .expect_code(0)
        .out;
    for input in ["", "zz", "abc", "5746", "00ff00ff", &whole.trim()[..100]] {
        let answer = device.run(&["decode"], input).expect_code(2);
        assert!(
            answer.error.contains("Nothing was decoded"),
            "{input}: {}",
            answer.error
        );
    }
    let lines = format!("garbage\n{whole}");
    let rows = device
        .run(&["decode", "--lines"], &lines)
        .expect_code(0)
        .rows();
    assert!(rows[0]["error"].is_string());
    assert_eq!(rows[1], mine_field(150));
}

#[test]
fn what_strangers_write_on_the_chain_breaks_nothing() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let id = alice.send(&mine_field(150));
    alice.sync();
    let genuine = alice.rows("inbox")[0]["raw"].clone();
    let genuine = genuine.as_str().unwrap();
    let inputs = [
        "5746".to_owned(),
        "574631".to_owned(),
        "574632303030".to_owned(),
        format!("57463130{}", "ff".repeat(60)),
        genuine[..60].to_owned(),
        genuine.to_owned(),
        format!("{genuine}{}", "00".repeat(20_000)),
    ];
    for input in &inputs {
        node.write_as_a_stranger(input);
    }
    alice.sync();
    let inbox = alice.rows("inbox");
    assert_eq!(inbox.len(), 1 + inputs.len(), "every one of them is kept");
    for (row, input) in inbox[1..].iter().zip(&inputs) {
        assert_eq!(row["raw"], input.as_str());
        assert_eq!(row["message"].is_null(), row["error"].is_string(), "{row}");
    }
    let unreadable = inbox.iter().filter(|row| row["message"].is_null());
    assert_eq!(unreadable.count(), 5);
    assert_eq!(alice.own(id)["state"], "in-block");
    assert_eq!(alice.rows("situation").len(), 3);
}

#[test]
fn an_endpoint_of_another_chain_is_not_used() {
    let node = Anvil::start_with(&["--chain-id", "4242"]);
    let alice = Device::new(PROGRAM, &node.url());
    let id = alice.send(&mine_field(150));
    let answer = alice.run(&["sync", "--timeout", "2"], "").expect_code(3);
    assert!(answer.error.contains("4242"), "{}", answer.error);
    assert_eq!(alice.own(id)["state"], "queued");
    let status = &alice.rows("status")[0];
    assert_eq!(status["online"], false);
    assert!(status["reason"].as_str().unwrap().contains("4242"));
    assert!(node.whiteflag_transactions().is_empty());
}

#[test]
fn a_chain_that_was_reset_is_recognised_and_nothing_is_deleted() {
    let mut node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let _ = alice.send(&mine_field(150));
    alice.sync();
    let before = alice.rows("inbox");
    node.reset();
    let later = alice.send(&free_text("for the old chain"));
    let answer = alice.run(&["sync", "--timeout", "2"], "").expect_code(3);
    assert!(answer.error.contains("was reset"), "{}", answer.error);
    assert_eq!(alice.rows("inbox"), before);
    assert_eq!(alice.own(later)["state"], "queued");
}

#[test]
fn without_funds_a_message_waits_and_leaves_once_there_are_some() {
    let node = Anvil::start_with(&["--accounts", "0"]);
    let alice = Device::new(PROGRAM, &node.url());
    let id = alice.send(&mine_field(150));
    let answer = alice.run(&["sync", "--timeout", "2"], "").expect_code(3);
    assert!(answer.error.contains("Add funds"), "{}", answer.error);
    assert!(node.whiteflag_transactions().is_empty());
    node.rpc(
        "anvil_setBalance",
        &json!([alice.address(), "0xde0b6b3a7640000"]),
    );
    alice.sync();
    assert_eq!(alice.own(id)["state"], "in-block");
}

#[test]
fn on_a_full_disk_nothing_is_acknowledged_and_nothing_is_lost() {
    let node = Anvil::absent();
    let alice = Device::new(PROGRAM, &node.url());
    let kept = alice.send(&free_text("before"));
    // The shell lowers the limit on file size for itself and what it starts; 512-octet units.
    let size = std::fs::metadata(alice.data().join("parley.db"))
        .unwrap()
        .len()
        / 512;
    let script = format!("trap '' XFSZ; ulimit -f {size}; exec \"$0\" \"$@\"");
    let data = alice.data();
    let mut full = Command::new("sh");
    full.args(["-c", &script, PROGRAM, "--data"])
        .arg(&data)
        .args(["send", "--lines"]);
    let many: String = (0..400)
        .map(|n| format!("{}\n", free_text(&"x".repeat(900 + n))))
        .collect();
    let (acknowledged, code, error) = run_with_input(full, &many);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("storage is full"), "{error}");
    let rows = alice.rows("outbox");
    assert_eq!(
        rows.len(),
        acknowledged + 1,
        "exactly what was acknowledged is there"
    );
    assert_eq!(alice.own(kept)["state"], "queued");
    // With room again, everything works.
    let _ = alice.send(&free_text("after"));
}

fn run_with_input(mut command: Command, input: &str) -> (usize, Option<i32>, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // The program stops reading when it fails.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).is_ok());
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let ids = out
        .lines()
        .filter(|line| serde_json::from_str::<Value>(line).is_ok_and(|row| row["id"].is_u64()));
    (
        ids.count(),
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_data_folder_is_made_once_and_for_one_network() {
    let device = Device::bare(PROGRAM);
    let init = ["init", "--network", "local", "--rpc", "http://127.0.0.1:1"];
    device.run(&["outbox"], "").expect_code(2);
    device.run(&init, "").expect_code(0);
    let address = device.address();
    device.run(&init, "").expect_code(0);
    assert_eq!(device.address(), address);
    for other in [
        [
            "init",
            "--network",
            "sepolia",
            "--rpc",
            "http://127.0.0.1:1",
        ],
        ["init", "--network", "local", "--rpc", "http://127.0.0.1:2"],
        [
            "init",
            "--network",
            "nowhere",
            "--rpc",
            "http://127.0.0.1:1",
        ],
        ["init", "--network", "local", "--rpc", "not a url"],
    ] {
        device.run(&other, "").expect_code(2);
    }
    assert_eq!(device.address(), address);
}

#[test]
fn only_one_program_sends_for_a_data_folder() {
    let node = Anvil::start();
    let alice = Device::new(PROGRAM, &node.url());
    let mut watching = alice.command(&["sync", "--watch"]).spawn().unwrap();
    // Everything else works beside it, and what is queued leaves through it.
    let id = alice.send(&mine_field(150));
    parley_testkit::until("the other program sends it", || {
        (alice.own(id)["state"] == "in-block").then_some(())
    });
    let refused = alice.run(&["sync", "--timeout", "1"], "").expect_code(3);
    assert!(
        refused.error.contains("parleyctl sync"),
        "{}",
        refused.error
    );
    watching.kill().unwrap();
    watching.wait().unwrap();
}

#[test]
fn nothing_can_be_sent_where_signals_count_while_the_keys_are_unprotected() {
    let device = Device::bare(PROGRAM);
    let init = [
        "init",
        "--network",
        "mainnet",
        "--rpc",
        "http://127.0.0.1:1",
    ];
    device.run(&init, "").expect_code(0);
    let id = device.send(&mine_field(150));
    let own = device.own(id);
    assert_eq!(own["state"], "waiting");
    assert!(
        own["reason"].as_str().unwrap().contains("not protected"),
        "{own}"
    );
}

#[test]
fn on_a_public_test_network_everything_is_a_test_message() {
    let device = Device::bare(PROGRAM);
    let init = [
        "init",
        "--network",
        "sepolia",
        "--rpc",
        "http://127.0.0.1:1",
    ];
    device.run(&init, "").expect_code(0);
    let text = mine_field(150).to_string();
    let refused = device.run(&["send"], &text).expect_code(2);
    assert!(refused.error.contains("--wrap"), "{}", refused.error);
    assert!(device.rows("outbox").is_empty());
    device.run(&["send", "--wrap"], &text).expect_code(0);
    let message = &device.rows("outbox")[0]["message"];
    assert_eq!(message["MessageHeader"]["MessageCode"], "T");
    assert_eq!(message["MessageBody"]["PseudoMessageCode"], "D");
    let answer = device.run(&["sync", "--timeout", "1"], "").expect_code(3);
    assert!(
        answer.error.contains("No endpoint answers"),
        "{}",
        answer.error
    );
}

#[test]
fn setting_up_that_was_cut_off_is_completed_with_the_same_account() {
    use std::os::unix::fs::PermissionsExt;
    let device = Device::bare(PROGRAM);
    let init = ["init", "--network", "local", "--rpc", "http://127.0.0.1:1"];
    device.run(&init, "").expect_code(0);
    let address = device.address();
    let mode = std::fs::metadata(device.data())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700, "nobody else looks into it");
    // As a kill leaves it: the secrets are there, the database is not, or is empty so far.
    let database = device.data().join("parley.db");
    std::fs::remove_file(&database).unwrap();
    device.run(&init, "").expect_code(0);
    assert_eq!(device.address(), address);
    std::fs::write(&database, "").unwrap();
    device.run(&init, "").expect_code(0);
    assert_eq!(device.address(), address);
}
