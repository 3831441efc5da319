//! Files of every released schema, with rows of every kind, come up to the newest one: whole, or not at
//! all when the program is killed on the way.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alloy_primitives::B256;
use parley_core::{MessageId, delivery::Stop};
use parley_store::{Store, StoreError};
use rusqlite::Connection;

use crate::folder::{Folder, KEY, hash, ids, row};

const SCRIPTS: [&str; 3] = [
    include_str!("../../migrations/0001_profile.sql"),
    include_str!("../../migrations/0002_outbox.sql"),
    include_str!("../../migrations/0003_chain.sql"),
];
const ROWS: &str = include_str!("../fixtures/version_3.sql");
/// What a killed child opens.
const CHILD: &str = "PARLEY_UPGRADE";
/// How many messages there are besides, so that the upgrade takes its time.
const MANY: u32 = 2_000;
const KILLS: u64 = 100;

/// A folder with a file of the third version and its rows.
fn third_version() -> Folder {
    let folder = Folder::empty();
    let conn = folder.raw();
    conn.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    for script in SCRIPTS {
        conn.execute_batch(script).unwrap();
    }
    conn.execute_batch(ROWS).unwrap();
    folder
}

fn version(conn: &Connection) -> u32 {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn the_rows_of_the_third_version_mean_the_same_in_the_newest() {
    let folder = third_version();
    let store = folder.open().unwrap();
    let own = |id| row(&store, MessageId(id));
    let sealed: Vec<u64> = (1..=9).filter(|id| own(*id).sealed).collect();
    assert_eq!(sealed, [1, 2, 3, 5], "what never left was taken back");
    assert_eq!(own(1).settled, Some(20));
    assert_eq!(own(2).variants[0].position.unwrap().block_number, 38);
    assert_eq!(own(3).variants[0].accepted_by, 1);
    assert_eq!(own(5).refers, Some(hash(0x33)));
    let displaced = store.own(MessageId(4)).unwrap().unwrap();
    assert!(displaced.stopped.is_none() && displaced.variants[0].displaced);
    assert_eq!((own(7).revision, own(9).cancelled), (2, true));
    assert_eq!(
        store.next_nonce().unwrap(),
        5,
        "the nonce of 6 was given back"
    );
    let open = ids(&store.open_messages(9, 0).unwrap());
    assert_eq!(open, [4, 6, 7, 8].map(MessageId));
    assert_eq!(ids(&store.in_no_block().unwrap()), [3, 5].map(MessageId));
    let counts = store.counts().unwrap();
    assert_eq!((counts.open, counts.on_the_way), (4, 3));
    assert_eq!(store.changed_since(0).unwrap().1.len(), 9);
    let [stretch] = store.coverage().unwrap()[..] else {
        panic!("one stretch")
    };
    assert_eq!((stretch.first, stretch.last), (0, 40));
    assert_eq!(
        stretch.tip,
        B256::left_padding_from(&(4096_u16 + 40).to_be_bytes())
    );
    assert_eq!(
        store.profile().unwrap().rpc,
        ["http://b.example/", "http://a.example/"]
    );
    assert_eq!(store.setting("view").unwrap().as_deref(), Some("{}"));
    assert!(store.quick_check().unwrap());
}

#[test]
fn a_displaced_message_of_a_damaged_third_version_waits_for_a_person() {
    let folder = third_version();
    let (mut store, salvaged) = Store::mend(folder.path(), &KEY, 7).unwrap();
    assert!(salvaged.whole);
    let id = MessageId(4);
    let displaced = row(&store, id);
    assert_eq!(displaced.stopped, Some(Stop::Recovered));
    assert!(displaced.variants[0].displaced && !displaced.sealed);
    store.resume(id).unwrap();
    let open = store.open_messages(9, 8).unwrap();
    assert!(open.iter().any(|row| row.id == id));
}

#[test]
fn a_seal_below_an_exposed_one_counts_as_exposed() {
    let folder = third_version();
    folder
        .raw()
        .execute_batch("UPDATE variant SET exposed_at = 12 WHERE nonce = 5;
             INSERT INTO variant (hash, message, turn, nonce, raw, max_fee, priority_fee, gas_limit, sealed_at, exposed_at)
             VALUES (zeroblob(32), 7, 0, 7, x'02', 1, 1, 1, 14, 15),
                    (randomblob(32), 8, 0, 6, x'02', 1, 1, 1, 14, NULL);")
        .unwrap();
    let store = folder.open().unwrap();
    assert_eq!(row(&store, MessageId(8)).variants[0].exposed_at, 14);
    assert_eq!(store.next_nonce().unwrap(), 8);
}

#[test]
fn the_copy_that_was_made_before_is_the_old_file_and_goes_after_the_next_open() {
    let folder = third_version();
    drop(folder.open().unwrap());
    let copy = folder.path().join("parley.db.before-3");
    let old = Folder::empty();
    std::fs::copy(&copy, old.file()).unwrap();
    let conn = old.raw();
    assert_eq!(version(&conn), 3);
    let stopped: u64 = conn
        .query_row(
            "SELECT count(*) FROM outbox WHERE stopped = 'displaced'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(stopped, 1);
    drop(folder.open().unwrap());
    assert!(!copy.exists());
}

#[test]
fn without_room_for_the_copy_nothing_is_changed() {
    let folder = third_version();
    // A folder in its place stands for a disk that refuses it.
    std::fs::create_dir_all(folder.path().join("parley.db.before-3.new/x")).unwrap();
    folder.open().unwrap_err();
    assert_eq!(version(&folder.raw()), 3);
    std::fs::remove_dir_all(folder.path().join("parley.db.before-3.new")).unwrap();
    folder.open().unwrap();
}

/// Opens what it is given, or a file of its own.
#[test]
fn a_file_with_many_rows_is_upgraded() {
    if let Some(dir) = std::env::var_os(CHILD) {
        drop(Store::open(Path::new(&dir), &KEY));
        return;
    }
    let folder = large();
    assert_eq!(count(&folder.open().unwrap()), 9 + u64::from(MANY));
}

fn large() -> Folder {
    let folder = third_version();
    let sql = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {MANY})
         INSERT INTO outbox (wire, queued_at) SELECT randomblob(200), n FROM n"
    );
    folder.raw().execute_batch(&sql).unwrap();
    folder
}

fn count(store: &Store) -> u64 {
    store.own_from(None, u32::MAX).unwrap().len() as u64
}

fn child(folder: &Folder) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["upgrading::a_file_with_many_rows_is_upgraded", "--exact"])
        .env(CHILD, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "it measures how long an upgrade takes, to be killed within"
)]
fn a_program_killed_while_upgrading_leaves_the_old_file_or_the_new_one() {
    let template = large();
    let begun = Instant::now();
    assert!(child(&template.after_a_kill()).wait().unwrap().success());
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let (mut old, mut new) = (0, 0);
    for kill in 0..KILLS {
        let folder = template.after_a_kill();
        let mut program = child(&folder);
        std::thread::sleep(Duration::from_micros(whole * kill / KILLS));
        program.kill().unwrap();
        program.wait().unwrap();
        match version(&folder.raw()) {
            3 => old += 1,
            8 => new += 1,
            other => panic!("version {other}"),
        }
        whole_after_all(&folder).unwrap();
    }
    assert!(old > 0, "no kill came before the end: {old} old, {new} new");
}

fn whole_after_all(folder: &Folder) -> Result<(), StoreError> {
    let store = folder.open().unwrap();
    assert!(store.quick_check()?);
    assert_eq!(count(&store), 9 + u64::from(MANY));
    assert_eq!(store.next_nonce()?, 5);
    Ok(())
}
