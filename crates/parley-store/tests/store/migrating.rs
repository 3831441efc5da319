//! The schema: what it is, and how a file gets from an older one to it.

use std::path::Path;

use parley_store::{OpenError, Store};
use rusqlite::Connection;

use crate::folder::{Folder, KEY, profile, queue};

const FIRST: &str = include_str!("../../migrations/0001_profile.sql");
const SECOND: &str = include_str!("../../migrations/0002_outbox.sql");
const THIRD: &str = include_str!("../../migrations/0003_chain.sql");

/// The version that this program makes.
const HEAD: u32 = 8;

/// A folder whose file is of the first version and has a profile.
fn first_version() -> Folder {
    let folder = Folder::empty();
    let conn = folder.raw();
    conn.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    conn.execute_batch(FIRST).unwrap();
    conn.execute_batch(
        "INSERT INTO profile (id, network, chain_id, kind, name, address)
             VALUES (1, 'local', 31337, 'exercise', 'convoy 3', zeroblob(20));
         INSERT INTO endpoint (turn, url) VALUES (0, 'http://a.example/');
         PRAGMA user_version = 1;",
    )
    .unwrap();
    folder
}

fn version(conn: &Connection) -> u32 {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

/// The schema as SQLite holds it, in the order of its names.
fn schema(conn: &Connection) -> String {
    let mut statement = conn
        .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        .unwrap();
    let parts = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    let parts: Vec<_> = parts.map(|part| part.unwrap() + ";\n").collect();
    parts.join("\n")
}

#[test]
fn a_new_file_has_the_schema_that_is_committed() {
    let (folder, store) = Folder::new();
    drop(store);
    let found = schema(&folder.raw());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema.sql");
    if std::env::var_os("PARLEY_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        found, committed,
        "PARLEY_BLESS=1 writes tests/schema.sql anew"
    );
}

#[test]
fn a_file_of_the_first_version_comes_up_to_date_and_keeps_its_rows() {
    let folder = first_version();
    let mut store = folder.open().unwrap();
    assert_eq!(store.profile().unwrap().name, "convoy 3");
    assert_eq!(store.profile().unwrap().rpc, ["http://a.example/"]);
    queue(&mut store, b"a");
    drop(store);
    let (fresh, store) = Folder::new();
    drop(store);
    let conn = folder.raw();
    assert_eq!(version(&conn), HEAD);
    assert_eq!(schema(&conn), schema(&fresh.raw()));
}

#[test]
fn bringing_a_file_up_to_date_twice_does_nothing_more() {
    let folder = first_version();
    drop(folder.open().unwrap());
    let mut before = folder.files();
    assert!(before.remove("parley.db.before-1").is_some());
    drop(folder.open().unwrap());
    assert!(
        folder.files() == before,
        "the copy is let go, and that is all"
    );
}

#[test]
fn a_step_that_fails_leaves_the_version_before_all_steps() {
    let folder = first_version();
    // The second script runs through, the third finds its last table taken.
    folder
        .raw()
        .execute_batch("CREATE TABLE sighting (x) STRICT")
        .unwrap_err();
    folder
        .raw()
        .execute_batch("CREATE TABLE sighting (x INTEGER) STRICT")
        .unwrap();
    let before = schema(&folder.raw());
    let refusal = folder.refusal();
    assert!(matches!(refusal, OpenError::Store(_)), "{refusal:?}");
    let conn = folder.raw();
    assert_eq!((version(&conn), schema(&conn)), (1, before));
}

#[test]
fn a_step_that_is_cut_off_leaves_the_version_before_it() {
    let folder = first_version();
    let conn = folder.raw();
    let before = schema(&conn);
    conn.execute_batch("PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN IMMEDIATE;")
        .unwrap();
    conn.execute_batch(SECOND).unwrap();
    conn.execute_batch(THIRD).unwrap();
    let killed = folder.after_a_kill();
    let raw = killed.raw();
    assert_eq!((version(&raw), schema(&raw)), (1, before));
    drop(raw);
    assert!(killed.open().unwrap().quick_check().unwrap());
}

#[test]
fn a_file_of_a_newer_version_is_refused_untouched() {
    let (folder, store) = Folder::new();
    drop(store);
    let conn = folder.raw();
    conn.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9;")
        .unwrap();
    drop(conn);
    let before = folder.files();
    let refusal = folder.refusal();
    assert!(
        matches!(refusal, OpenError::Newer { have: 9 }),
        "{refusal:?}"
    );
    let made = Store::create(folder.path(), &KEY, &profile());
    assert!(matches!(made, Err(OpenError::Newer { have: 9 })));
    assert!(folder.files() == before);
}

#[test]
fn a_newer_file_that_a_killed_program_left_is_not_tidied_up() {
    let (folder, _store) = Folder::new();
    folder
        .raw()
        .execute_batch("PRAGMA user_version = 9")
        .unwrap();
    let killed = folder.after_a_kill();
    let before = killed.files();
    let refusal = killed.refusal();
    assert!(
        matches!(refusal, OpenError::Newer { have: 9 }),
        "{refusal:?}"
    );
    assert!(killed.files() == before);
}
