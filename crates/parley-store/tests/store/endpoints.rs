//! Where the network is reached: the person's order, what was counted, and who lied.

use parley_store::{EndpointRow, EndpointTraffic, Store};

use crate::folder::Folder;

const A: &str = "http://a.example/";
const B: &str = "http://b.example/";
const C: &str = "http://c.example/";

fn urls(store: &Store) -> Vec<String> {
    let found = store.endpoints().unwrap();
    let urls: Vec<_> = found.into_iter().map(|endpoint| endpoint.url).collect();
    assert_eq!(urls, store.profile().unwrap().rpc, "both tell the same");
    urls
}

fn of(store: &Store, url: &str) -> EndpointRow {
    let all = store.endpoints().unwrap();
    all.into_iter()
        .find(|endpoint| endpoint.url == url)
        .unwrap()
}

#[test]
fn endpoints_are_added_ordered_and_removed() {
    let (folder, mut store) = Folder::new();
    assert_eq!(urls(&store), [B, A]);
    store.add_endpoint(C).unwrap();
    store.add_endpoint(A).unwrap();
    assert_eq!(urls(&store), [B, A, C]);
    store.order_endpoints(&[C, A]).unwrap();
    assert_eq!(urls(&store), [C, A, B]);
    store.remove_endpoint(A).unwrap();
    drop(store);
    let mut store = folder.open().unwrap();
    assert_eq!(urls(&store), [C, B]);
    store.remove_endpoint(C).unwrap();
    store.remove_endpoint(B).unwrap();
    assert!(urls(&store).is_empty(), "also the last one");
}

#[test]
fn what_was_sent_and_received_is_counted_for_each() {
    let (_folder, mut store) = Folder::new();
    let traffic = |url: &str, sent, received| EndpointTraffic {
        url: url.to_owned(),
        sent,
        received,
    };
    let both = [traffic(A, 100, 2_000), traffic(B, 5, 0)];
    store.count_traffic(&both, 77).unwrap();
    store.count_traffic(&[traffic(A, 1, 0)], 78).unwrap();
    let counted = of(&store, A);
    assert_eq!((counted.sent, counted.received), (101, 2_000));
    assert_eq!(counted.answered_at, Some(77), "nothing came since");
    assert_eq!((of(&store, B).sent, of(&store, B).answered_at), (5, None));
}

#[test]
fn a_liar_is_remembered_for_its_first_lie_until_it_is_pardoned() {
    let (folder, mut store) = Folder::new();
    store.demote(A, "forged-reply", 5).unwrap();
    store.demote(A, "outvoted", 9).unwrap();
    drop(store);
    let mut store = folder.open().unwrap();
    let lie = Some(("forged-reply".to_owned(), 5));
    assert_eq!(of(&store, A).demoted, lie);
    store.demote(B, "", 5).unwrap_err();
    store.pardon(A).unwrap();
    assert_eq!(of(&store, A).demoted, None);
}
