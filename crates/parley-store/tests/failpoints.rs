//! The program ends before and after each kind of commit and of change of a file: what it had said is
//! kept, and the folder opens again. Built with the feature `failpoints` only.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use alloy_primitives::{Address, B256};
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::delivery::Stop;
use parley_core::verification::Verification;
use parley_store::{
    ChainChange, FAILPOINTS, Kind, NewMessage, NewVariant, OpenError, Outcome, Profile,
    ScannedBlock, Seen, Store,
};
use rusqlite::{Connection, OpenFlags};

const KEY: [u8; 32] = [0x5A; 32];
const CHILD: &str = "PARLEY_FAILPOINTS";
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
const URL: &str = "http://a.example/";
const SCRIPTS: [&str; 4] = [
    include_str!("../migrations/0001_profile.sql"),
    include_str!("../migrations/0002_outbox.sql"),
    include_str!("../migrations/0003_chain.sql"),
    include_str!("fixtures/version_3.sql"),
];

fn message(wire: u8) -> NewMessage {
    NewMessage {
        wire: vec![wire],
        parent: None,
        at: 1,
        urgent: false,
        undo_until: Some(9),
        insists: true,
        repairs: None,
    }
}

fn signed(store: &Store, nonce: u64, tag: u8, kind: Kind, id: MessageId) -> NewVariant {
    NewVariant {
        kind,
        revision: store.own(id).unwrap().unwrap().revision,
        nonce,
        hash: B256::repeat_byte(tag),
        raw: vec![2, tag],
        wire: vec![tag],
        refers: None,
        max_fee: 2,
        priority_fee: 1,
        gas_limit: 3,
        at: 1,
    }
}

/// Does everything that has a point, and says what is durable.
fn everything(dir: &Path) {
    outbox(&dir.join("new"));
    drop(Store::open(&dir.join("old"), &KEY).unwrap());
    say("upgraded", 9);
    drop(Store::mend(&dir.join("old"), &KEY, 7).unwrap());
}

/// Standard error is not held back in a buffer.
fn say(word: &str, number: u64) {
    eprintln!("{word} {number}");
}

fn outbox(dir: &Path) {
    let mut store = Store::create(dir, &KEY, &profile()).unwrap();
    let ids: Vec<_> = (1..=4)
        .map(|wire| {
            let id = store.queue(&[message(wire)]).unwrap()[0];
            say("queued", id.0);
            id
        })
        .collect();
    let [a, b, c, d] = ids[..] else {
        panic!("four")
    };
    store.replace(a, &[7], None, true).unwrap();
    store.hurry(a).unwrap();
    store.stop(b, Stop::Over).unwrap();
    store.resume(b).unwrap();
    store.cancel(&[d], 2).unwrap();
    let sealed = signed(&store, 0, 1, Kind::Message, a);
    let hash = sealed.hash;
    let burst = [
        (a, sealed),
        (b, signed(&store, 1, 2, Kind::Message, b)),
        (c, signed(&store, 2, 3, Kind::Message, c)),
    ];
    store.seal_burst(&burst, 3).unwrap();
    say("sent", a.0);
    say("sent", b.0);
    say("sent", c.0);
    store.attempt(hash, URL, 4, &Outcome::Accepted).unwrap();
    store.tell(URL, 4, &[(hash, 1)]).unwrap();
    store.untell_from(0).unwrap();
    store.ask_more(c).unwrap();
    store.give_up(b, 5).unwrap();
    store.keep(b).unwrap();
    store.displace(&[c], 6).unwrap();
    store.raise_nonce(4).unwrap();
    chain(&mut store);
    settings(&mut store);
}

fn chain(store: &mut Store) {
    let seen = Seen {
        hash: B256::repeat_byte(1),
        index: 0,
        originator: Address::ZERO,
        input: vec![1],
    };
    let change = ChainChange {
        blocks: vec![block(1, vec![seen]), block(2, Vec::new())],
        finalized: Some(1),
        ..ChainChange::default()
    };
    store.advance(&change).unwrap();
    store.leave(2..=2).unwrap();
    store.raise(&[block(1, Vec::new())]).unwrap();
    store.witness(1, B256::repeat_byte(0xA1), URL, 2).unwrap();
    store.follow(Address::ZERO, 1).unwrap();
    store.looked_at(Address::ZERO, 2, 3).unwrap();
    store.look_again_from(2).unwrap();
    store.unfollow(Address::ZERO).unwrap();
    store.pin_genesis(B256::repeat_byte(0xA0)).unwrap();
}

/// A block of this height, with these messages in it.
fn block(number: u8, messages: Vec<Seen>) -> ScannedBlock {
    ScannedBlock {
        header: Header {
            number: number.into(),
            hash: B256::repeat_byte(0xA0 + number),
            parent: B256::repeat_byte(0xA0 + number - 1),
            time: number.into(),
        },
        level: Verification::Block,
        messages,
        own: Vec::new(),
        unreadable: 0,
    }
}

fn settings(store: &mut Store) {
    store.set("view", "{}").unwrap();
    store.unset("view").unwrap();
    store.add_endpoint(URL).unwrap();
    store.order_endpoints(&[URL]).unwrap();
    store.count_traffic(&[], 3).unwrap();
    store.demote(URL, "outvoted", 4).unwrap();
    store.pardon(URL).unwrap();
    store.remove_endpoint(URL).unwrap();
    assert!(store.check(9).unwrap());
}

fn profile() -> Profile {
    Profile {
        network: "local".to_owned(),
        chain_id: 31_337,
        kind: "exercise".to_owned(),
        name: String::new(),
        rpc: Vec::new(),
        address: Address::ZERO,
        genesis: None,
    }
}

/// A file of the third version in `dir`.
fn third_version(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let conn = Connection::open_with_flags(dir.join("parley.db"), flags).unwrap();
    let mut key = String::from("PRAGMA key = \"x'");
    KEY.iter()
        .for_each(|octet| write!(key, "{octet:02x}").unwrap());
    conn.execute_batch(&(key + "'\"; PRAGMA journal_mode = WAL;"))
        .unwrap();
    SCRIPTS
        .iter()
        .for_each(|script| conn.execute_batch(script).unwrap());
}

#[test]
fn everything_is_done_in_a_program_that_is_not_ended() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return everything(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    third_version(&dir.path().join("old"));
    everything(dir.path());
}

/// The sources name each point as a text, after what passes it.
#[test]
fn every_point_is_in_the_list_and_the_list_is_sorted() {
    let mut named = BTreeSet::new();
    for file in std::fs::read_dir(SOURCES).unwrap() {
        let mut source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        source.retain(|letter| !letter.is_whitespace());
        let passes = [
            ".write(\"",
            ".write_unwaited(\"",
            ".change_endpoint(\"",
            "::pass(\"before\",\"",
        ];
        for passes in passes {
            let after = source.split(passes).skip(1);
            named.extend(after.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
    assert!(named.iter().eq(FAILPOINTS), "{named:?}");
}

#[test]
fn whatever_the_program_does_when_it_ends_what_it_said_is_kept() {
    for what in FAILPOINTS {
        for side in ["before", "after"] {
            let point = format!("{side}-{what}");
            let dir = tempfile::tempdir().unwrap();
            third_version(&dir.path().join("old"));
            let output = Command::new(std::env::current_exe().unwrap())
                .args([
                    "everything_is_done_in_a_program_that_is_not_ended",
                    "--exact",
                    "--nocapture",
                ])
                .env(CHILD, dir.path())
                .env("PARLEY_FAIL", &point)
                .output()
                .unwrap();
            let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
            assert!(signal.is_some(), "{point} is never passed");
            holds(dir.path(), &String::from_utf8_lossy(&output.stderr), &point);
        }
    }
}

fn holds(dir: &Path, told: &str, point: &str) {
    let numbers = |word: &str| {
        let said = told
            .lines()
            .filter_map(|line| line.strip_prefix(word)?.trim().parse().ok());
        said.map(MessageId).collect::<Vec<_>>()
    };
    match Store::open(&dir.join("new"), &KEY) {
        Ok(store) => {
            assert!(store.quick_check().unwrap(), "{point}");
            for id in numbers("queued") {
                assert!(store.own(id).unwrap().is_some(), "{point}: {id:?}");
            }
            for id in numbers("sent") {
                let variants = store.own(id).unwrap().unwrap().variants;
                assert!(!variants.is_empty(), "{point}: {id:?}");
            }
        }
        Err(OpenError::Missing) => assert!(numbers("queued").is_empty(), "{point}"),
        Err(other) => panic!("{point}: {other:?}"),
    }
    let old = Store::open(&dir.join("old"), &KEY).unwrap();
    assert!(old.quick_check().unwrap(), "{point}");
    assert_eq!(old.own_from(None, 99).unwrap().len(), 9, "{point}");
    assert_eq!(old.counts().unwrap().on_the_way, 3, "{point}");
}
