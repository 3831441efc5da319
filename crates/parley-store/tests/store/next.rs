//! What a sending round and a follower in memory ask: what may leave next, what is on the way, what
//! changed, how much there is; none of it reads what is settled.

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Counts, NewMessage, Outcome, Store};

use crate::chain::{append, block, seen, settle, switch, with};
use crate::folder::{Folder, NOW, burst, hash, ids, message, queue, queue_reply, row};

fn open(store: &Store, now: u64) -> Vec<MessageId> {
    ids(&store.open_messages(10, now).unwrap())
}

#[test]
fn urgent_messages_go_first_and_then_the_oldest() {
    let (_folder, mut store) = Folder::new();
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    let urgent = NewMessage {
        urgent: true,
        ..message(b"c")
    };
    let c = store.queue(&[urgent]).unwrap()[0];
    assert_eq!(open(&store, NOW), [c, a, b]);
    assert_eq!(ids(&store.open_messages(2, NOW).unwrap()), [c, a]);
    store.replace(c, b"d", None, false).unwrap();
    assert_eq!(open(&store, NOW), [a, b, c]);
}

#[test]
fn what_can_still_be_undone_is_not_open_unless_the_clock_jumped_back() {
    let (_folder, mut store) = Folder::new();
    let undo = NewMessage {
        undo_until: Some(NOW + 10),
        ..message(b"a")
    };
    let id = store.queue(&[undo]).unwrap()[0];
    assert!(open(&store, NOW).is_empty() && open(&store, NOW + 9).is_empty());
    assert_eq!(open(&store, NOW + 10), [id]);
    assert_eq!(open(&store, NOW - 111), [id], "the clock jumped back");
    assert!(open(&store, NOW - 110).is_empty());
    store.hurry(id).unwrap();
    assert_eq!(open(&store, NOW), [id]);
}

#[test]
fn what_is_referred_to_stands_before_beyond_the_limit() {
    let (_folder, mut store) = Folder::new();
    let first = queue(&mut store, b"a");
    let second = queue_reply(&mut store, b"b", first);
    let urgent = NewMessage {
        urgent: true,
        parent: Some(second),
        ..message(b"c")
    };
    let third = store.queue(&[urgent]).unwrap()[0];
    assert_eq!(
        ids(&store.open_messages(1, NOW).unwrap()),
        [first, second, third]
    );
    store.stop(second, Stop::Over).unwrap();
    let rows = store.open_messages(1, NOW).unwrap();
    assert_eq!(rows[1].stopped, Some(Stop::Over), "and say what holds them");
    burst(&mut store, &[(first, 1)]);
    assert_eq!(ids(&store.open_messages(1, NOW).unwrap()), [second, third]);
}

#[test]
fn a_stopped_message_goes_on_when_a_person_says_so() {
    let (_folder, mut store) = Folder::new();
    let modest = NewMessage {
        insists: false,
        ..message(b"a")
    };
    let id = store.queue(&[modest]).unwrap()[0];
    assert!(!row(&store, id).insists);
    for reason in [Stop::Over, Stop::Recovered] {
        store.stop(id, reason).unwrap();
        assert_eq!(row(&store, id).stopped, Some(reason));
        assert!(open(&store, NOW).is_empty());
        assert_eq!(store.counts().unwrap().waiting_for_person, 1);
    }
    store.resume(id).unwrap();
    assert!(row(&store, id).insists && row(&store, id).stopped.is_none());
    assert_eq!(open(&store, NOW), [id]);
}

#[test]
fn what_is_in_a_final_block_is_settled_and_on_the_way_no_longer() {
    let (_folder, mut store) = Folder::new();
    let (a, b, c) = (
        queue(&mut store, b"a"),
        queue(&mut store, b"b"),
        queue(&mut store, b"c"),
    );
    burst(&mut store, &[(b, 2), (a, 1)]);
    assert_eq!(
        ids(&store.in_no_block().unwrap()),
        [b, a],
        "in the order of nonces"
    );
    let found = with(block(1, 'a'), &[seen(2, 0)]);
    store.advance(&append(&[found, block(2, 'a')])).unwrap();
    assert_eq!(ids(&store.in_no_block().unwrap()), [a]);
    let counts = store.counts().unwrap();
    assert_eq!((counts.unsent, counts.open, counts.on_the_way), (2, 1, 2));
    store.advance(&settle(1, 1)).unwrap();
    assert!(store.is_any_on_the_way().unwrap());
    assert_eq!(row(&store, b).settled, Some(1));
    let more = crate::folder::signed(0, 9);
    assert!(store.seal_burst(&[(b, more)], NOW).unwrap().is_empty());
    let counts = Counts {
        unsent: 2,
        open: 1,
        on_the_way: 1,
        waiting_for_person: 0,
    };
    assert_eq!(store.counts().unwrap(), counts);
    assert_eq!(open(&store, NOW), [c]);
}

#[test]
fn a_message_found_in_a_block_that_was_final_before_is_settled_at_once() {
    let (_folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    burst(&mut store, &[(id, 1)]);
    store
        .advance(&append(&[block(8, 'a'), block(9, 'a')]))
        .unwrap();
    store.advance(&settle(9, 9)).unwrap();
    let found = with(block(7, 'a'), &[seen(1, 0)]);
    store.advance(&append(&[found])).unwrap();
    assert_eq!(row(&store, id).settled, Some(7));
}

#[test]
fn own_messages_are_read_in_parts() {
    let (_folder, mut store) = Folder::new();
    let all: Vec<_> = (0..5).map(|_| queue(&mut store, b"a")).collect();
    let first = store.own_from(None, 2).unwrap();
    assert_eq!(ids(&first), all[..2]);
    let rest = store.own_from(Some(first[1].id), 9).unwrap();
    assert_eq!(ids(&rest), all[2..]);
    assert_eq!(store.own(all[3]).unwrap().unwrap().id, all[3]);
    assert_eq!(store.own(MessageId(77)).unwrap(), None);
}

#[test]
fn direct_and_wanted_dependents_are_told() {
    let (_folder, mut store) = Folder::new();
    let parent = queue(&mut store, b"a");
    let child = queue_reply(&mut store, b"b", parent);
    let gone = queue_reply(&mut store, b"c", parent);
    queue_reply(&mut store, b"d", child);
    store.cancel(&[gone], NOW).unwrap();
    assert_eq!(store.dependents(parent).unwrap(), [child]);
}

/// A change of the store.
type Step = Box<dyn Fn(&mut Store)>;

/// What a follower hears of each step.
struct Follower {
    mark: u64,
}

impl Follower {
    fn hears(&mut self, store: &Store) -> Vec<MessageId> {
        let (mark, rows) = store.changed_since(self.mark).unwrap();
        self.mark = mark;
        assert!(store.changed_since(mark).unwrap().1.is_empty(), "only once");
        ids(&rows)
    }
}

#[test]
fn a_follower_hears_of_every_change_that_it_would_see() {
    let (_folder, mut store) = Folder::new();
    let mut follower = Follower { mark: 0 };
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    assert_eq!(follower.hears(&store), [a, b]);
    assert!(follower.hears(&store).is_empty());
    let found = with(block(1, 'a'), &[seen(1, 0)]);
    let steps: Vec<Step> = vec![
        Box::new(move |store| store.replace(a, b"x", None, true).unwrap()),
        Box::new(move |store| store.stop(a, Stop::Over).unwrap()),
        Box::new(move |store| store.resume(a).unwrap()),
        Box::new(move |store| {
            let revision = row(store, a).revision;
            let mut sealed = crate::folder::signed(0, 1);
            sealed.revision = revision;
            store.seal_burst(&[(a, sealed)], NOW).unwrap();
        }),
        Box::new(|store| {
            store
                .attempt(hash(1), "http://x/", NOW, &Outcome::Accepted)
                .unwrap()
        }),
        Box::new(move |store| {
            store
                .advance(&append(std::slice::from_ref(&found)))
                .unwrap()
        }),
        Box::new(|store| store.advance(&switch(1, &[])).unwrap()),
        Box::new(|store| store.advance(&append(&[block(1, 'a')])).unwrap()),
        Box::new(move |store| store.give_up(a, NOW).unwrap()),
        Box::new(move |store| store.keep(a).unwrap()),
        Box::new(|store| store.advance(&settle(1, 1)).unwrap()),
    ];
    for (number, step) in steps.iter().enumerate() {
        step(&mut store);
        assert_eq!(follower.hears(&store), [a], "step {number}");
    }
    store.cancel(&[b], NOW).unwrap();
    assert_eq!(follower.hears(&store), [b]);
}

#[test]
fn what_is_open_is_counted_through_every_change() {
    let (folder, mut store) = Folder::new();
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    let steps: Vec<(Step, u64)> = vec![
        (Box::new(|_| {}), 2),
        (Box::new(move |store| store.stop(a, Stop::Over).unwrap()), 1),
        (Box::new(move |store| store.stop(a, Stop::Over).unwrap()), 1),
        (
            Box::new(move |store| store.replace(a, b"x", None, true).unwrap()),
            2,
        ),
        (Box::new(move |store| burst(store, &[(b, 1)])), 1),
        (Box::new(move |store| store.displace(&[b], NOW).unwrap()), 2),
        (Box::new(move |store| store.cancel(&[a], NOW).unwrap()), 1),
        (Box::new(move |store| burst(store, &[(b, 2)])), 0),
    ];
    for (number, (step, open)) in steps.iter().enumerate() {
        step(&mut store);
        assert_eq!(store.counts().unwrap().open, *open, "step {number}");
    }
    drop(store);
    assert_eq!(folder.open().unwrap().counts().unwrap().open, 0);
}

#[test]
fn finding_what_is_next_never_reads_what_is_settled() {
    let (folder, store) = Folder::new();
    drop(store);
    let conn = folder.raw();
    let questions = [
        (
            "SELECT id FROM outbox WHERE sealed = 1 AND settled IS NULL",
            "outbox_on_the_way",
        ),
        (
            "SELECT id FROM outbox WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL
                 AND urgent = ?1 ORDER BY id LIMIT 9",
            "outbox_open",
        ),
        (
            "SELECT id FROM outbox WHERE changed > ?1 ORDER BY changed, id",
            "outbox_by_change",
        ),
        (
            "SELECT count(*) FROM outbox WHERE stopped IS NOT NULL AND cancelled_at IS NULL",
            "outbox_stopped",
        ),
        (
            "SELECT min(undo_until) FROM outbox
             WHERE sealed = 0 AND cancelled_at IS NULL AND stopped IS NULL AND undo_until > ?1",
            "outbox_undo",
        ),
    ];
    for (question, index) in questions {
        let plan: Vec<String> = conn
            .prepare(&format!("EXPLAIN QUERY PLAN {question}"))
            .unwrap()
            .query_map(
                rusqlite::params_from_iter(question.contains("?1").then_some(1)),
                |row| row.get("detail"),
            )
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan[0].contains(index), "{question}: {plan:?}");
        assert!(
            !plan.join(" ").contains("TEMP B-TREE"),
            "{question}: {plan:?}"
        );
    }
}
