//! A data folder belongs to one network and one account for ever; what a person chose can change.

use parley_store::{Conflict, StoreError};

use crate::folder::{Folder, hash, profile};

#[test]
fn the_profile_comes_back_as_it_was_given() {
    let (folder, store) = Folder::new();
    assert_eq!(store.profile().unwrap(), profile());
    drop(store);
    assert_eq!(folder.open().unwrap().profile().unwrap(), profile());
}

#[test]
fn the_first_block_is_pinned_once() {
    let (folder, mut store) = Folder::new();
    store.pin_genesis(hash(1)).unwrap();
    store.pin_genesis(hash(1)).unwrap();
    let other = store.pin_genesis(hash(2)).unwrap_err();
    assert!(matches!(
        other,
        StoreError::Conflict(Conflict::OtherGenesis)
    ));
    drop(store);
    let store = folder.open().unwrap();
    assert_eq!(store.profile().unwrap().genesis, Some(hash(1)));
}

#[test]
fn the_database_itself_keeps_network_account_and_first_block() {
    let (folder, mut store) = Folder::new();
    store.pin_genesis(hash(1)).unwrap();
    for change in [
        "network = 'main'",
        "chain_id = 1",
        "kind = 'main'",
        "address = zeroblob(20)",
    ] {
        let said = folder.objection(&format!("UPDATE profile SET {change}"));
        assert!(said.contains("for ever"), "{change}: {said}");
    }
    for change in ["genesis = NULL", "genesis = zeroblob(32)"] {
        let said = folder.objection(&format!("UPDATE profile SET {change}"));
        assert!(said.contains("pinned once"), "{change}: {said}");
    }
    assert_eq!(store.profile().unwrap().chain_id, 31_337);
}

#[test]
fn a_setting_is_what_was_last_chosen() {
    let (folder, mut store) = Folder::new();
    assert_eq!(store.setting("language").unwrap(), None);
    store.set("language", "uk").unwrap();
    store.set("language", "ar").unwrap();
    store.set("theme", "").unwrap();
    drop(store);
    let store = folder.open().unwrap();
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("ar"));
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some(""));
}
