//! Alice and Bob make keys, agree on a secret, encrypt, decrypt and show who they are, with
//! `parleyctl` alone. Eve has everything that is public.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use parley_testkit::{Answer, Device, data_of, free_text, mine_field};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parleyctl");
const ALICE: &str = "0x41aD2bc63A2059f9b623533d87fe99887D794847";
const BOB: &str = "0x194f88933f00F9400b34d75E5987361302208770";
const VECTOR: &str = "40aa85015d24e4601448c1ba8d7bf1aa";

/// A person with a folder for files.
struct Person {
    device: Device,
    folder: tempfile::TempDir,
}

impl Person {
    fn new() -> Self {
        Self {
            device: Device::bare(PROGRAM),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str) -> String {
        data_of(self.folder.path())
            .with_file_name(name)
            .to_str()
            .unwrap()
            .to_owned()
    }

    fn with_file(&self, name: &str, digits: &str) -> String {
        let path = self.file(name);
        std::fs::write(&path, digits).unwrap();
        make_private(Path::new(&path));
        path
    }

    fn run(&self, arguments: &[&str], input: &str) -> Answer {
        self.device.run(arguments, input)
    }

    /// Makes a pair of keys and gives the public one.
    fn key(&self) -> String {
        let made = self.run(&["crypt", "key", "--key-file", &self.file("key")], "");
        made.expect_code(0).out.trim().to_owned()
    }

    fn agree(&self, peer: &str) {
        let (key, secret) = (self.file("key"), self.file("secret"));
        let with = ["--key-file", &key, "--peer", peer, "--secret-file", &secret];
        self.run(&[&["crypt", "agree"][..], &with].concat(), "")
            .expect_code(0);
    }

    fn encrypt(&self, more: &[&str], message: &Value) -> Answer {
        self.encrypt_text(more, &message.to_string())
    }

    fn encrypt_text(&self, more: &[&str], text: &str) -> Answer {
        let secret = self.file("secret");
        let with = [
            "crypt",
            "encrypt",
            "--address",
            ALICE,
            "--secret-file",
            &secret,
        ];
        self.run(&[&with, more].concat(), text)
    }

    fn decrypt(&self, sender: &str, iv: &str, octets: &str) -> Answer {
        let secret = self.file("secret");
        let with = [
            "crypt",
            "decrypt",
            "--address",
            sender,
            "--secret-file",
            &secret,
        ];
        self.run(&[&with[..], &["--iv", iv]].concat(), octets)
    }
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn make_private(_path: &Path) {}

/// A message as it comes out again: its indicator says how it was encrypted.
fn under(message: &Value, indicator: &str) -> Value {
    let mut message = message.clone();
    message["MessageHeader"]["EncryptionIndicator"] = json!(indicator);
    message
}

#[test]
fn alice_and_bob_agree_and_nobody_else_reads_what_she_writes() {
    let (alice, bob, eve) = (Person::new(), Person::new(), Person::new());
    let (of_alice, of_bob, _) = (alice.key(), bob.key(), eve.key());
    assert_eq!((of_alice.len(), of_bob.len()), (66, 66));
    alice.agree(&of_bob);
    bob.agree(&of_alice);
    eve.agree(&of_alice);
    let secret = |person: &Person| std::fs::read_to_string(person.file("secret")).unwrap();
    assert_eq!(secret(&alice), secret(&bob));
    assert_ne!(secret(&alice), secret(&eve));

    let field = mine_field(150);
    let row = alice
        .encrypt(&["--method", "1"], &field)
        .expect_code(0)
        .rows();
    let (octets, iv) = (
        row[0]["hex"].as_str().unwrap(),
        row[0]["iv"].as_str().unwrap(),
    );
    assert!(octets.starts_with("57463131"), "{octets}");
    let read = bob.decrypt(ALICE, iv, octets).expect_code(0);
    assert_eq!(read.rows(), [under(&field, "1")]);
    assert_eq!(read.error, "");

    // Another secret, another sender, another vector: three ways to be wrong.
    let refusals = [
        eve.decrypt(ALICE, iv, octets),
        bob.decrypt(BOB, iv, octets),
        bob.decrypt(ALICE, VECTOR, octets),
    ];
    for refused in refusals {
        // There is no tag: one in four hundred wrong keys gives a message of rubbish.
        let rubbish = refused.code == Some(0) && refused.rows() != [under(&field, "1")];
        assert!(refused.code == Some(2) || rubbish, "{refused:?}");
    }
}

#[test]
fn a_wrong_secret_is_refused_with_words() {
    let alice = Person::new();
    alice.with_file("secret", &"7b".repeat(32));
    let message = free_text("Meet at the bridge");
    let given = ["--method", "2", "--iv", VECTOR];
    let row = alice.encrypt(&given, &message).expect_code(0).rows();
    let octets = row[0]["hex"].as_str().unwrap();
    assert_eq!(
        alice.decrypt(ALICE, VECTOR, octets).expect_code(0).rows(),
        [under(&message, "2")]
    );
    alice.with_file("secret", &"7c".repeat(32));
    let refused = alice.decrypt(ALICE, VECTOR, octets).expect_code(2);
    let said = "Nothing was decrypted: the result is not a message: the secret";
    assert!(refused.error.contains(said), "{}", refused.error);
    assert_eq!(refused.out, "");
}

#[test]
fn each_message_has_a_vector_of_its_own() {
    let alice = Person::new();
    alice.with_file("secret", &"7b".repeat(32));
    let message = free_text("Meet at the bridge");
    let rows: Vec<Value> = (0..3)
        .flat_map(|_| {
            alice
                .encrypt(&["--method", "2"], &message)
                .expect_code(0)
                .rows()
        })
        .collect();
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        assert_ne!(rows[one]["iv"], rows[other]["iv"]);
        assert_ne!(rows[one]["hex"], rows[other]["hex"]);
    }
    let given = ["--method", "2", "--iv", VECTOR];
    let again = |_| alice.encrypt(&given, &message).expect_code(0).out;
    let [first, second] = [0, 1].map(again);
    assert_eq!(first, second);
    // The message itself may say how, and may be octets.
    let said = alice
        .encrypt(&["--iv", VECTOR], &under(&message, "2"))
        .expect_code(0);
    assert_eq!(said.out, first);
    let plain = alice
        .run(&["encode"], &message.to_string())
        .expect_code(0)
        .out;
    let octets = alice.encrypt_text(&given, &plain).expect_code(0);
    assert_eq!(octets.out, first);
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_alone_and_never_written_over() {
    use std::os::unix::fs::PermissionsExt;
    let alice = Person::new();
    let public = alice.key();
    alice.agree(&public);
    for name in ["key", "secret"] {
        let about = std::fs::metadata(alice.file(name)).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let before = std::fs::read(alice.file("key")).unwrap();
    let again = alice.run(&["crypt", "key", "--key-file", &alice.file("key")], "");
    assert!(again.expect_code(2).error.contains("never written over"));
    assert_eq!(std::fs::read(alice.file("key")).unwrap(), before);

    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(alice.file("secret"), open).unwrap();
    let message = free_text("x");
    let warned = alice.encrypt(&["--method", "1"], &message).expect_code(0);
    assert!(warned.error.contains("chmod 600"), "{}", warned.error);
}

#[test]
fn rubbish_is_refused_with_words() {
    let alice = Person::new();
    alice.with_file("secret", "not digits");
    let message = free_text("x");
    let refused = alice.encrypt(&["--method", "2"], &message).expect_code(2);
    assert!(refused.error.contains("hexadecimal"), "{}", refused.error);
    assert!(
        !refused.error.contains("not digits"),
        "secrets are not shown"
    );
    alice.with_file("secret", &"7b".repeat(32));
    for (more, said) in [
        (&["--method", "3"][..], "1 or 2"),
        (&[], "--method"),
        (&["--method", "2", "--iv", "00"], "32 hexadecimal"),
    ] {
        let refused = alice.encrypt(more, &message).expect_code(2);
        assert!(refused.error.contains(said), "{}", refused.error);
    }
    let other = alice
        .encrypt(&["--method", "1"], &under(&message, "2"))
        .expect_code(2);
    assert!(
        other.error.contains("EncryptionIndicator"),
        "{}",
        other.error
    );
    for (octets, said) in [
        ("", "not a Whiteflag message"),
        ("574631", "cut short"),
        ("zz", "hexadecimal"),
        ("57463130", "not encrypted"),
        ("5746314100", "private"),
        ("5746313300", "not defined"),
    ] {
        let refused = alice.decrypt(ALICE, VECTOR, octets).expect_code(2);
        assert!(refused.error.contains(said), "{octets}: {}", refused.error);
    }
    let secret = alice.file("secret");
    let bad = "0x41Ad2bc63A2059f9b623533d87fe99887D794847";
    let token = ["token", "--address", bad, "--secret-file", &secret];
    assert!(
        alice
            .run(&token, "")
            .expect_code(2)
            .error
            .contains("typing error")
    );
    let missing = [
        "token",
        "--address",
        ALICE,
        "--secret-file",
        "/nowhere/secret",
    ];
    assert!(
        alice
            .run(&missing, "")
            .expect_code(2)
            .error
            .contains("cannot be read")
    );
    let taken = ["crypt", "encrypt", "--address", ALICE, "--secret-file", "-"];
    assert!(
        alice
            .run(&taken, "{}")
            .expect_code(2)
            .error
            .contains("taken")
    );
}

#[test]
fn what_is_said_to_be_encrypted_and_is_not_is_shown_with_a_warning() {
    let bob = Person::new();
    bob.with_file("secret", &"7b".repeat(32));
    let message = free_text("everybody can read this");
    let plain = bob
        .run(&["encode"], &message.to_string())
        .expect_code(0)
        .out;
    let flagged = plain.replacen("57463130", "57463132", 1);
    let shown = bob.decrypt(ALICE, VECTOR, &flagged).expect_code(0);
    assert!(
        shown.error.contains("everybody could read it"),
        "{}",
        shown.error
    );
    assert_eq!(shown.rows(), [under(&message, "2")]);
}

#[test]
fn a_token_is_the_published_one_and_a_short_secret_is_warned_of() {
    let alice = Person::new();
    let secret = "7b3c5e8f01a2946d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f";
    let token = ["token", "--address", ALICE, "--secret-file"];
    let file = alice.with_file("secret", secret);
    let from_file = alice
        .run(&[&token[..], &[&file]].concat(), "")
        .expect_code(0);
    let published = "722a7ed7f21ce023cf7d148a92ab97f234e0c82b6f610d6a6f301be8b7f738d9\n";
    assert_eq!(
        (from_file.out.as_str(), from_file.error.as_str()),
        (published, "")
    );
    let from_input = alice
        .run(&[&token[..], &["-"]].concat(), secret)
        .expect_code(0);
    assert_eq!(from_input.out, published);
    let short = alice.run(&[&token[..], &["-"]].concat(), "000102030405060708090a0b0c");
    assert!(short.expect_code(0).error.contains("too short"));
}

#[test]
fn alice_signs_what_stands_at_her_url_and_each_check_is_made() {
    const URL: &str = "https://example.org/whiteflag.json";
    let alice = Person::new();
    // The key of the published address above.
    let key = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let public = "03a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd";
    let stranger = "049eba9b08425ef10dda9fc6b3db7c77bbd490150038a26cf921e27af182799dcb8e7b5e866611\
                    cca661c61689f01da9f37eb01587c5a48cd4be22de3b5935a462";
    let file = alice.with_file("account", key);
    let sign = [
        "jws",
        "sign",
        "--key-file",
        &file,
        "--url",
        URL,
        "--orgname",
        "Alice’s Aid",
    ];
    let signed = alice.run(&sign, "").expect_code(0).out;
    let verify = |address: &str, url: &str, more: &[&str]| {
        let check = ["jws", "verify", "--address", address, "--url", url];
        alice.run(&[&check, more].concat(), &signed)
    };
    for more in [
        &[][..],
        &["--public-key", public],
        &["--domain", "example.org"],
    ] {
        let claims = verify(ALICE, URL, more).expect_code(0).rows();
        assert_eq!(claims[0]["addr"], ALICE[2..], "without 0x");
        assert_eq!(claims[0]["orgname"], "Alice’s Aid");
    }
    for (address, url, more, said) in [
        (
            ALICE,
            URL,
            &["--public-key", stranger][..],
            "the signature is not one",
        ),
        (BOB, URL, &["--public-key", public], "another address"),
        (ALICE, "https://example.org/", &[], "another URL"),
        (ALICE, URL, &["--domain", "un.org"], "not of a domain"),
        (ALICE, URL, &["--public-key", "02"], "--public-key"),
    ] {
        let refused = verify(address, url, more).expect_code(2);
        assert!(refused.error.contains(said), "{}", refused.error);
        assert_eq!(refused.out, "");
    }
    let mut borrowed: Value = serde_json::from_str(&signed).unwrap();
    borrowed["payload"] = json!("e30");
    let check = ["jws", "verify", "--address", ALICE, "--url", URL];
    let refused = alice.run(&check, &borrowed.to_string()).expect_code(2);
    assert!(
        refused.error.contains("addr, orgname and url"),
        "{}",
        refused.error
    );
    let nothing = alice.run(&check, "<html>").expect_code(2);
    assert!(nothing.error.contains("full stops"), "{}", nothing.error);
}
