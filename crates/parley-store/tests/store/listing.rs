//! The list of own messages, page by page: what waits for a person first, what was withdrawn last.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Section, Store};

use crate::folder::{Folder, NOW, ids, queue};

/// The whole list in pages of so many.
fn listed(store: &Store, limit: u32) -> Vec<MessageId> {
    let mut all = Vec::new();
    let mut after: Option<(Section, MessageId)> = None;
    loop {
        let page = store.own_page(after, limit).unwrap();
        assert!(page.len() <= limit as usize);
        all.extend(ids(&page));
        match page.last() {
            Some(last) => after = Some((last.section(), last.id)),
            None => return all,
        }
    }
}

#[test]
fn each_message_stands_once_on_pages_of_any_size() {
    let (_folder, mut store) = Folder::new();
    let all: Vec<MessageId> = (0..7).map(|_| queue(&mut store, b"a")).collect();
    store.cancel(&[all[1], all[5]], NOW).unwrap();
    store.stop(all[0], Stop::Over).unwrap();
    store.stop(all[3], Stop::Recovered).unwrap();
    // What a person withdrew needs no decision any more.
    store.stop(all[2], Stop::Over).unwrap();
    store.cancel(&[all[2]], NOW).unwrap();
    let order = [3, 0, 6, 4, 5, 2, 1].map(|index: usize| all[index]);
    for limit in 1..9 {
        assert_eq!(listed(&store, limit), order, "{limit} at once");
    }
    assert_eq!(store.own_count().unwrap(), 7);
}

#[test]
fn a_page_goes_on_where_the_one_before_ended_whatever_moved_meanwhile() {
    let (_folder, mut store) = Folder::new();
    let all: Vec<MessageId> = (0..6).map(|_| queue(&mut store, b"a")).collect();
    let page = store.own_page(None, 2).unwrap();
    assert_eq!(ids(&page), [all[5], all[4]]);
    store.cancel(&[all[4]], NOW).unwrap();
    queue(&mut store, b"new");
    let rest = store
        .own_page(Some((page[1].section(), page[1].id)), 3)
        .unwrap();
    assert_eq!(ids(&rest), [all[3], all[2], all[1]]);
}
