//! When a file has to be looked through: after an unclean end, and once a day.

use parley_store::free_room;

use crate::folder::{Folder, NOW, queue};

const DAY: u64 = 24 * 60 * 60;

#[test]
fn a_check_is_due_once_a_day_whatever_the_clock_does() {
    let (folder, mut store) = Folder::new();
    assert!(store.check_due(NOW).unwrap(), "never checked");
    assert!(store.check(NOW).unwrap());
    drop(store);
    let store = folder.open().unwrap();
    assert!(!store.check_due(NOW).unwrap() && !store.check_due(NOW + DAY).unwrap());
    assert!(store.check_due(NOW + DAY + 1).unwrap());
    assert!(
        store.check_due(NOW - DAY - 1).unwrap(),
        "the clock jumped back"
    );
}

#[test]
fn a_check_is_due_after_a_program_was_killed_until_one_has_passed() {
    let (folder, mut store) = Folder::new();
    assert!(store.check(NOW).unwrap());
    queue(&mut store, b"a");
    let killed = folder.after_a_kill();
    drop(killed.open().unwrap());
    let mut store = killed.open().unwrap();
    assert!(
        store.check_due(NOW).unwrap(),
        "a short program in between changes nothing"
    );
    assert!(store.check(NOW).unwrap());
    assert!(!store.check_due(NOW).unwrap());
}

#[test]
fn a_damaged_file_does_not_pass_and_the_check_stays_due() {
    let (folder, mut store) = Folder::new();
    for _ in 0..50 {
        queue(&mut store, &[7; 3_000]);
    }
    drop(store);
    let mut octets = std::fs::read(folder.file()).unwrap();
    let at = octets.len() - 2_000;
    octets[at] ^= 1;
    std::fs::write(folder.file(), octets).unwrap();
    let mut store = folder.open().unwrap();
    assert!(!store.check(NOW).unwrap());
    drop(store);
    let store = folder.open().unwrap();
    assert!(store.check_due(NOW).unwrap());
}

#[test]
fn the_room_that_is_left_is_told_for_a_folder_that_is_there() {
    let folder = Folder::empty();
    assert!(free_room(folder.path()).is_some_and(|octets| octets > 0));
    assert_eq!(free_room(&folder.path().join("nowhere")), None);
}
