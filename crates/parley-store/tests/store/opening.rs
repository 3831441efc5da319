//! What is not a whole data file of ours is refused for the right reason, and not touched.

use std::os::unix::fs::PermissionsExt;

use parley_store::{OpenError, Store, StoreError};

use crate::folder::{Folder, KEY, all, message, profile, queue, row};

/// A folder with some messages in its file, all of it in the main file.
fn filled() -> Folder {
    let (folder, mut store) = Folder::new();
    let wire = vec![b'x'; 3_000];
    let many: Vec<_> = (0..40).map(|_| message(&wire)).collect();
    store.queue(&many).unwrap();
    drop(store);
    assert_eq!(folder.files().len(), 1, "closing leaves one file");
    folder
}

/// Overwrites the data file.
fn put(folder: &Folder, octets: &[u8]) {
    std::fs::write(folder.file(), octets).unwrap();
}

/// Asserts that the file does not open for this reason and is left as it was.
fn refused(folder: &Folder, right: impl Fn(&OpenError) -> bool) {
    let before = folder.files();
    let refusal = folder.refusal();
    assert!(right(&refusal), "{refusal:?}");
    assert!(folder.files() == before, "left byte for byte");
}

#[test]
fn a_missing_file_is_missing_and_is_not_made() {
    let folder = Folder::empty();
    refused(&folder, |why| matches!(why, OpenError::Missing));
    let nowhere = Store::open(&folder.path().join("nowhere"), &KEY);
    assert!(matches!(nowhere, Err(OpenError::Missing)));
    assert!(folder.files().is_empty());
}

#[test]
fn an_empty_file_is_one_that_was_never_finished() {
    let folder = Folder::empty();
    // SQLite itself may leave a single octet there.
    for begun in [b"".as_slice(), b"S"] {
        put(&folder, begun);
        refused(&folder, |why| matches!(why, OpenError::Missing));
    }
}

#[test]
fn garbage_does_not_open() {
    let folder = Folder::empty();
    let garbage: Vec<u8> = (0..20_000_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    for length in [2, 16, 100, 1_024, 4_096, 20_000] {
        put(&folder, &garbage[..length]);
        refused(&folder, |why| matches!(why, OpenError::WrongKey));
    }
}

#[test]
fn a_database_that_is_not_encrypted_does_not_open() {
    let folder = Folder::empty();
    let plain = rusqlite::Connection::open(folder.file()).unwrap();
    plain
        .execute_batch("CREATE TABLE outbox (id INTEGER PRIMARY KEY)")
        .unwrap();
    drop(plain);
    refused(&folder, |why| matches!(why, OpenError::WrongKey));
}

#[test]
fn another_key_does_not_open_the_file() {
    let folder = filled();
    let before = folder.files();
    let mut key = KEY;
    key[31] ^= 1;
    let refusal = Store::open(folder.path(), &key).err().unwrap();
    assert!(matches!(refusal, OpenError::WrongKey), "{refusal:?}");
    assert!(folder.files() == before);
    assert_eq!(all(&folder.open().unwrap()).len(), 40);
}

#[test]
fn another_key_does_not_touch_what_a_killed_program_left() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let killed = folder.after_a_kill();
    let before = killed.files();
    assert!(before.contains_key("parley.db-wal"));
    let refusal = Store::open(killed.path(), &[9; 32]).err().unwrap();
    assert!(matches!(refusal, OpenError::WrongKey), "{refusal:?}");
    assert!(killed.files() == before);
    assert_eq!(row(&killed.open().unwrap(), id).wire, b"a");
}

#[test]
fn a_file_that_was_cut_short_is_damaged() {
    let folder = filled();
    let whole = std::fs::read(folder.file()).unwrap();
    for pages in [1, 2, 5, 20] {
        put(&folder, &whole[..pages * 4_096]);
        refused(&folder, |why| matches!(why, OpenError::Damaged));
    }
    put(&folder, &whole[..1_000]);
    refused(&folder, |why| matches!(why, OpenError::WrongKey));
}

#[test]
fn a_damaged_first_page_looks_like_another_key() {
    let folder = filled();
    let mut octets = std::fs::read(folder.file()).unwrap();
    octets[2_000] ^= 1;
    put(&folder, &octets);
    refused(&folder, |why| matches!(why, OpenError::WrongKey));
}

#[test]
fn a_whole_file_passes_the_check_and_one_with_a_flipped_bit_or_a_cut_end_does_not() {
    let folder = filled();
    assert!(folder.open().unwrap().quick_check().unwrap());
    let whole = std::fs::read(folder.file()).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() - 2_000] ^= 1;
    for octets in [&flipped, &whole[..whole.len() - 1]] {
        put(&folder, octets);
        let store = folder.open().unwrap();
        let said = store.quick_check();
        assert!(
            matches!(said, Ok(false) | Err(StoreError::Damaged)),
            "{said:?}"
        );
        let read = store.own_from(None, u32::MAX);
        assert!(matches!(read, Err(StoreError::Damaged)), "{read:?}");
    }
}

#[test]
fn a_folder_gets_one_data_file_and_only_its_owner_may_read_it() {
    let (folder, store) = Folder::new();
    let second = Store::create(folder.path(), &KEY, &profile());
    assert!(matches!(second, Err(OpenError::Exists)));
    drop(store);
    let before = folder.files();
    let third = Store::create(folder.path(), &KEY, &profile());
    assert!(matches!(third, Err(OpenError::Exists)));
    assert!(folder.files() == before);
    let mode = std::fs::metadata(folder.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn making_a_file_that_was_cut_off_is_finished_the_next_time() {
    let folder = Folder::empty();
    let mut impossible = profile();
    impossible.chain_id = 0;
    Store::create(folder.path(), &KEY, &impossible).unwrap_err();
    assert!(matches!(folder.refusal(), OpenError::Missing));
    Store::create(folder.path(), &KEY, &profile()).unwrap();
    assert_eq!(folder.open().unwrap().profile().unwrap(), profile());
}
