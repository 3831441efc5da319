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

/// Both sides take turns in so many rounds; the median round counts.
const ROUNDS: usize = 15;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut store = Store::create(folder.path(), &KEY, &profile()).expect("a data file");
    let mut bare = bare(&folder.path().join("bare.db"));
    measure("durable enqueue", "", &mut store, &mut bare, 60, 1);
    measure(
        "durable enqueue, 100 at once",
        ", 100 at once",
        &mut store,
        &mut bare,
        12,
        100,
    );
    measure(
        "durable enqueue, 1,000 at once",
        ", 1,000 at once",
        &mut store,
        &mut bare,
        4,
        1_000,
    );
}

/// Measures `commits` commits of `batch` messages each, in every round.
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
    for _ in 0..ROUNDS {
        ours.push(seconds(commits, || {
            store.queue(&messages).expect("queued");
        }));
        theirs.push(seconds(commits, || insert(bare, batch)));
    }
    let all = f64::from(commits * batch);
    let row = serde_json::json!({
        "name": name,
        "value": all / median(ours),
        "unit": "1/s",
        "against": format!("bare SQLite insert, same pragmas{suffix}"),
        "againstValue": all / median(theirs),
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
fn seconds(times: u32, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..times).for_each(|_| work());
    start.elapsed().as_secs_f64()
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
