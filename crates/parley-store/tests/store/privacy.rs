//! What lies in the folder tells nothing to who has only the data file, and the secrets are for
//! their owner alone.

use std::os::unix::fs::PermissionsExt;

use parley_store::{Secrets, SecretsError};

use crate::folder::{Folder, KEY, NOW, burst, queue};

const TEXT: &[u8] = b"WF1: the hospital moves to the old school at nightfall";
const DATABASE: [u8; 32] = [0xD1; 32];
const ACCOUNT: [u8; 32] = [0xA2; 32];

fn contains(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

fn mode(folder: &Folder) -> u32 {
    let file = std::fs::metadata(folder.path().join("secrets")).unwrap();
    file.permissions().mode() & 0o777
}

fn with_secrets() -> Folder {
    let folder = Folder::empty();
    Secrets::create(folder.path(), DATABASE, ACCOUNT).unwrap();
    folder
}

#[test]
fn no_file_contains_the_text_of_a_message_or_the_name_of_a_table() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, TEXT);
    burst(&mut store, &[(id, 1)]);
    store.set("language", "the old school").unwrap();
    let open = folder.files();
    assert!(open.contains_key("parley.db-wal"), "also while it is open");
    drop(store);
    let closed = folder.files();
    for octets in open.values().chain(closed.values()) {
        for part in [
            TEXT,
            b"SQLite format 3",
            b"outbox",
            b"convoy 3",
            b"old school",
            &KEY,
        ] {
            assert!(!contains(octets, part), "{}", String::from_utf8_lossy(part));
        }
    }
}

#[test]
fn the_same_message_in_two_folders_looks_different() {
    let folders = [(); 2].map(|()| {
        let (folder, mut store) = Folder::new();
        queue(&mut store, TEXT);
        drop(store);
        std::fs::read(folder.file()).unwrap()
    });
    let [first, second] = folders;
    assert_eq!(first.len(), second.len());
    let pages = first.chunks(4_096).zip(second.chunks(4_096));
    assert!(pages.into_iter().all(|(one, other)| one != other));
}

#[test]
fn the_secrets_come_back_as_they_were_kept() {
    let folder = with_secrets();
    let secrets = Secrets::load(folder.path()).unwrap();
    assert_eq!(secrets.database_key(), &DATABASE);
    assert_eq!(secrets.account(), &ACCOUNT);
}

#[test]
fn the_secrets_are_for_their_owner_alone_even_after_somebody_opened_them_up() {
    let folder = with_secrets();
    assert_eq!(mode(&folder), 0o600);
    let file = folder.path().join("secrets");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    Secrets::load(folder.path()).unwrap();
    assert_eq!(mode(&folder), 0o600);
}

#[test]
fn a_new_folder_for_secrets_is_its_owners_alone() {
    let folder = Folder::empty();
    let inner = folder.path().join("a/b");
    Secrets::create(&inner, DATABASE, ACCOUNT).unwrap();
    let mode = std::fs::metadata(&inner).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn secrets_are_never_written_over() {
    let folder = with_secrets();
    let before = folder.files()["secrets"].clone();
    let second = Secrets::create(folder.path(), [1; 32], [2; 32]);
    assert!(matches!(second, Err(SecretsError::Exists)));
    assert_eq!(folder.files()["secrets"], before);
}

#[test]
fn secrets_whose_keeping_was_cut_off_are_kept_the_next_time() {
    let folder = Folder::empty();
    std::fs::write(folder.path().join("secrets.new"), [b'p'; 200]).unwrap();
    assert!(matches!(
        Secrets::load(folder.path()),
        Err(SecretsError::Missing)
    ));
    Secrets::create(folder.path(), DATABASE, ACCOUNT).unwrap();
    assert_eq!(Secrets::load(folder.path()).unwrap().account(), &ACCOUNT);
    assert!(!folder.path().join("secrets.new").exists());
    assert_eq!(mode(&folder), 0o600);
}

#[test]
fn damaged_secrets_are_not_used_and_not_touched() {
    let folder = with_secrets();
    let whole = folder.files()["secrets"].clone();
    let mut other = whole.clone();
    other[0] ^= 1;
    let mut long = whole.clone();
    long.push(0);
    for octets in [&whole[..whole.len() - 1], &other, &long, b""] {
        std::fs::write(folder.path().join("secrets"), octets).unwrap();
        let refused = Secrets::load(folder.path());
        assert!(matches!(refused, Err(SecretsError::Damaged)));
        let made = Secrets::create(folder.path(), [1; 32], [2; 32]);
        assert!(matches!(made, Err(SecretsError::Exists)));
        assert_eq!(folder.files()["secrets"], octets);
    }
}

#[test]
fn what_was_cancelled_or_replaced_is_not_readable_with_the_key_either() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, TEXT);
    store.replace(id, b"WF1", None, false).unwrap();
    store.cancel(&[id], NOW).unwrap();
    drop(store);
    let plain = folder.path().join("plain.db");
    let conn = folder.raw();
    let attach = format!("ATTACH '{}' AS plain KEY ''", plain.display());
    conn.execute_batch(&attach).unwrap();
    conn.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))
        .unwrap();
    drop(conn);
    let octets = std::fs::read(plain).unwrap();
    assert!(contains(&octets, b"outbox"), "the copy is readable");
    assert!(!contains(&octets, b"nightfall"));
}
