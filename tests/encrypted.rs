//! Alice sends an encrypted message by `parleyctl send --secret`; whoever shares the secret reads it
//! from the chain, and nobody else sees more than that it is encrypted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use parley_testkit::{Anvil, Device, free_text, reference};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const SECRET: &str = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100";

#[test]
fn who_shares_the_secret_reads_what_alice_sent() {
    let node = Anvil::start();
    let (alice, bob) = (
        Device::new(PROGRAM, &node.url()),
        Device::new(PROGRAM, &node.url()),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret").display().to_string();
    std::fs::write(&file, SECRET).unwrap();

    let text = free_text("Meet at the bridge");
    let sent = alice.run(&["send", "--secret", &file], &text.to_string());
    let ids = &sent.expect_code(0).rows()[0];
    let (id, vector) = (ids["id"].as_u64().unwrap(), ids["vector"].as_u64().unwrap());
    let own = alice.own(id);
    assert_eq!(
        (&own["encrypted"], &own["message"]),
        (&true.into(), &serde_json::Value::Null)
    );
    let listed = alice.run(&["outbox"], "").expect_code(0).out;
    assert!(
        listed.contains("encrypted") && !listed.contains("bridge"),
        "{listed}"
    );
    let half = alice.run(&["delete", &vector.to_string()], "");
    assert!(half.expect_code(2).error.contains("Nobody could read"));
    let more = reference(&free_text("more"), 3, &format!("@{id}"));
    let refused = alice.run(&["send", "--secret", &file], &more.to_string());
    let words = refused.expect_code(2).error;
    assert!(words.contains("transaction hash"), "{words}");

    alice.sync();
    bob.sync();
    let rows = bob.rows("inbox");
    let [encrypted, with_vector] = &rows[..] else {
        panic!("two messages")
    };
    assert!(encrypted["error"].as_str().unwrap().contains("encrypted"));
    let referred = &with_vector["message"]["MessageHeader"]["ReferencedMessage"];
    assert_eq!(referred, &encrypted["transactionHash"]);
    let iv = with_vector["message"]["MessageBody"]["CryptoData"]
        .as_str()
        .unwrap();
    let address = alice.address();
    let with = [
        "crypt",
        "decrypt",
        "--address",
        &address,
        "--secret-file",
        &file,
        "--iv",
        iv,
    ];
    let read = bob
        .run(&with, encrypted["raw"].as_str().unwrap())
        .expect_code(0);
    assert_eq!(read.rows()[0]["MessageBody"]["Text"], "Meet at the bridge");
}
