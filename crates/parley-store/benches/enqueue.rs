//! How many messages per second are queued so that a power cut does not take them, beside the same
//! SQLite with the same key and pragmas inserting the same octets into a table of its own.
//! Writes one line of JSON for each figure, for `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark speaks on stdout"
)]

use std::path::Path;
use std::time::Instant;

use alloy_primitives::Address;
use parley_store::{NewMessage, Profile, Store};
use rusqlite::{Connection, TransactionBehavior};

const KEY: [u8; 32] = [7; 32];
const KEY_PRAGMA: &str =
    "PRAGMA key = \"x'0707070707070707070707070707070707070707070707070707070707070707'\";";
const PRAGMAS: &str = include_str!("pragmas.sql");
/// A protective sign has so many octets.
const WIRE: [u8; 63] = [0x57; 63];

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut store = Store::create(folder.path(), &KEY, &profile()).expect("a data file");
    let mut bare = bare(&folder.path().join("bare.db"));
    measure("durable enqueue", "", &mut store, &mut bare, 900, 1);
    measure(
        "durable enqueue, 100 at once",
        ", 100 at once",
        &mut store,
        &mut bare,
        180,
        100,
    );
    measure(
        "durable enqueue, 1,000 at once",
        ", 1,000 at once",
        &mut store,
        &mut bare,
        60,
        1_000,
    );
}

/// Measures `commits` commits of `batch` messages on each side, in turns, because what a disk takes
/// changes from minute to minute. The median commit counts.
fn measure(
    name: &str,
    suffix: &str,
    store: &mut Store,
    bare: &mut Connection,
    commits: u32,
    batch: u32,
) {
    let messages = vec![message(); batch as usize];
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..commits {
        ours.push(seconds(|| drop(store.queue(&messages).expect("queued"))));
        theirs.push(seconds(|| insert(bare, batch)));
    }
    let row = serde_json::json!({
        "name": name,
        "value": f64::from(batch) / median(ours),
        "unit": "1/s",
        "against": format!("bare SQLite insert, same pragmas{suffix}"),
        "againstValue": f64::from(batch) / median(theirs),
    });
    println!("{row}");
}

/// The same library, opened in the same folder with the same key and pragmas: a table and no rules.
fn bare(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("a file");
    conn.execute_batch(KEY_PRAGMA).expect("the key");
    conn.execute_batch(PRAGMAS).expect("the pragmas");
    conn.execute_batch("CREATE TABLE message (id INTEGER PRIMARY KEY, wire BLOB NOT NULL) STRICT")
        .expect("a table");
    conn
}

fn insert(conn: &mut Connection, batch: u32) {
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .expect("a transaction");
    for _ in 0..batch {
        tx.prepare_cached("INSERT INTO message (wire) VALUES (?1)")
            .and_then(|mut statement| statement.execute([WIRE.as_slice()]))
            .expect("inserted");
    }
    tx.commit().expect("committed");
}

fn message() -> NewMessage {
    NewMessage {
        wire: WIRE.to_vec(),
        parent: None,
        at: 1_700_000_000,
        urgent: false,
        undo_until: None,
        insists: true,
        repairs: None,
    }
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

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
