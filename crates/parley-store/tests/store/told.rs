//! One endpoint's word about blocks: kept until it is taken back, and worth nothing beside the block.

use parley_store::Told;

use crate::folder::{Folder, NOW, burst, hash, newest, queue};

#[test]
fn what_is_told_of_a_block_is_kept_until_it_is_taken_back() {
    let (folder, mut store) = Folder::new();
    let [first, second] = [b"a", b"b"].map(|wire| queue(&mut store, wire));
    burst(&mut store, &[(first, 1), (second, 2)]);
    let places = [(hash(1), 7), (hash(2), 8)];
    store.tell("http://a/", NOW, &places).unwrap();
    store.tell("http://b/", NOW + 1, &[(hash(2), 9)]).unwrap();
    drop(store);
    let mut store = folder.open().unwrap();
    let told = |store: &parley_store::Store, id| newest(store, id).told;
    assert_eq!(told(&store, first), Some(Told { number: 7, at: NOW }));
    let newer = Told {
        number: 9,
        at: NOW + 1,
    };
    assert_eq!(told(&store, second), Some(newer));
    assert_eq!(newest(&store, first).position, None, "it proves nothing");
    store.untell_from(1).unwrap();
    assert!(told(&store, first).is_some());
    assert_eq!(told(&store, second), None);
}

#[test]
fn nothing_is_kept_of_what_was_not_sealed_here() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    let places = [(hash(1), 7), (hash(9), 7)];
    store.tell("http://a/", NOW, &places).unwrap_err();
    assert_eq!(newest(&store, id).told, None);
}
