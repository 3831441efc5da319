//! A damaged file is set aside and never deleted; what can be read of it is carried over.

use alloy_primitives::Address;
use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_store::{Followed, OpenError, Salvaged, Store, set_aside};

use crate::folder::{
    Folder, KEY, NOW, all, burst, hash, message, profile, queue, queue_reply, row,
};

const PAGE: usize = 4_096;
const FOLLOWED: Address = Address::repeat_byte(3);

/// A folder with many messages, the first two of them sent, and its file's octets.
fn many() -> (Folder, Vec<u8>) {
    let (folder, mut store) = Folder::new();
    let (a, b) = (queue(&mut store, b"a"), queue(&mut store, b"b"));
    burst(&mut store, &[(a, 1), (b, 2)]);
    queue_reply(&mut store, b"c", b);
    let wire = vec![7; 500];
    store.queue(&vec![message(&wire); 200]).unwrap();
    store.set("view", "{}").unwrap();
    store.add_endpoint("http://c.example/").unwrap();
    store.follow(FOLLOWED, NOW).unwrap();
    store.looked_at(FOLLOWED, 20, 3).unwrap();
    drop(store);
    let octets = std::fs::read(folder.file()).unwrap();
    (folder, octets)
}

fn mend(folder: &Folder) -> (Store, Salvaged) {
    Store::mend(folder.path(), &KEY, NOW).unwrap()
}

/// Flips an octet in one page of the file.
fn damage(folder: &Folder, octets: &[u8], page: usize) {
    let mut damaged = octets.to_vec();
    damaged[page * PAGE + 2_000] ^= 1;
    std::fs::write(folder.file(), damaged).unwrap();
}

#[test]
fn a_file_that_is_whole_after_all_is_carried_over_whole() {
    let (folder, octets) = many();
    let before = all(&folder.open().unwrap());
    let (store, salvaged) = mend(&folder);
    assert_eq!(
        salvaged,
        Salvaged {
            messages: 203,
            whole: true
        }
    );
    let after = all(&store);
    let told = |rows: &[parley_store::OutgoingRow]| {
        rows.iter()
            .map(|row| {
                (
                    row.id,
                    row.wire.clone(),
                    row.parent,
                    row.variants.clone(),
                    row.stopped,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&after), told(&before));
    assert_eq!(store.next_nonce().unwrap(), 2);
    assert_eq!(store.setting("view").unwrap().as_deref(), Some("{}"));
    assert_eq!(store.profile().unwrap().rpc.len(), 3);
    let followed = Followed {
        account: FOLLOWED,
        since: NOW,
        looked_to: Some(20),
        count: Some(3),
    };
    assert_eq!(store.followed().unwrap(), [followed]);
    let aside = folder.path().join(format!("parley.db.damaged-{NOW}"));
    assert_eq!(std::fs::read(aside).unwrap(), octets, "byte for byte");
}

#[test]
fn whatever_page_is_damaged_no_transaction_that_may_have_left_is_called_unsent() {
    let (folder, octets) = many();
    let mut lost = 0;
    for page in 1..octets.len() / PAGE {
        let copy = folder.after_a_kill();
        damage(&copy, &octets, page);
        let (store, salvaged) = match Store::mend(copy.path(), &KEY, NOW) {
            Ok(mended) => mended,
            Err(OpenError::BeyondMending) => continue,
            Err(other) => panic!("page {page}: {other:?}"),
        };
        assert!(store.quick_check().unwrap());
        for (id, nonce) in [(1, 0), (2, 1)] {
            let Some(own) = store.own(MessageId(id)).unwrap() else {
                assert!(!salvaged.whole, "page {page}");
                continue;
            };
            match own.variants.first() {
                Some(sent) => assert_eq!((sent.nonce, sent.hash), (nonce, hash(id as u8))),
                None => assert!(
                    own.cancelled || own.stopped == Some(Stop::Recovered),
                    "page {page}"
                ),
            }
        }
        if !salvaged.whole {
            lost += 1;
            assert!(
                store.open_messages(300, NOW).unwrap().is_empty(),
                "page {page}"
            );
        }
    }
    assert!(lost > 3, "some pages hold messages");
}

#[test]
fn what_could_be_read_keeps_its_number_and_a_person_lets_it_go_on() {
    let (folder, octets) = many();
    let last = octets.len() / PAGE - 1;
    // The pages of the newest messages are the last ones.
    let (mut store, salvaged) = (1..last)
        .rev()
        .find_map(|page| {
            let copy = folder.after_a_kill();
            damage(&copy, &octets, page);
            let (store, salvaged) = Store::mend(copy.path(), &KEY, NOW).ok()?;
            (salvaged.messages < 203 && salvaged.messages > 150).then_some((store, salvaged))
        })
        .unwrap();
    assert!(!salvaged.whole);
    let rows = store.own_from(None, 300).unwrap();
    let cancelled = rows.iter().filter(|row| row.cancelled).count() as u64;
    assert_eq!(salvaged.messages + cancelled, 203);
    let child = MessageId(3);
    assert_eq!(row(&store, child).wire, b"c");
    assert_eq!(row(&store, child).stopped, Some(Stop::Recovered));
    store.resume(child).unwrap();
    assert_eq!(store.open_messages(9, NOW).unwrap()[0].id, child);
}

#[test]
fn followed_accounts_are_carried_over_on_both_sides_of_the_damage() {
    let (folder, store) = Folder::new();
    drop(store);
    // The account of each is its number in twenty digits.
    let many = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400)
                INSERT INTO followed (address, since)
                SELECT CAST(printf('%020d', n) AS BLOB), n FROM n";
    folder.raw().execute_batch(many).unwrap();
    let octets = std::fs::read(folder.file()).unwrap();
    let kept = (1..octets.len() / PAGE).rev().find_map(|page| {
        let copy = folder.after_a_kill();
        damage(&copy, &octets, page);
        let (store, salvaged) = Store::mend(copy.path(), &KEY, NOW).ok()?;
        let kept = store.followed().unwrap();
        let part = !salvaged.whole && (1..400).contains(&kept.len());
        let since = || kept.iter().map(|one| one.since);
        (part && since().min() == Some(1) && since().max() == Some(400)).then_some(kept.len())
    });
    assert!(kept.is_some_and(|kept| kept > 200), "{kept:?}");
}

#[test]
fn a_file_whose_first_page_is_damaged_is_left_alone() {
    let (folder, octets) = many();
    damage(&folder, &octets, 0);
    let before = folder.files();
    let refused = Store::mend(folder.path(), &KEY, NOW).unwrap_err();
    assert!(matches!(refused, OpenError::WrongKey), "{refused:?}");
    assert!(folder.files() == before);
}

#[test]
fn setting_aside_overwrites_nothing_and_takes_the_log_along() {
    let (folder, mut store) = Folder::new();
    queue(&mut store, b"a");
    let killed = folder.after_a_kill();
    let log = killed.files()["parley.db-wal"].clone();
    let first = set_aside(killed.path(), NOW).unwrap();
    drop(Store::create(killed.path(), &KEY, &profile()).unwrap());
    let second = set_aside(killed.path(), NOW).unwrap();
    assert_ne!(first, second);
    let files = killed.files();
    assert_eq!(files[&format!("parley.db.damaged-{NOW}-wal")], log);
    assert!(!files.contains_key("parley.db"));
    assert!(matches!(killed.refusal(), OpenError::Missing));
}

#[test]
fn a_kill_between_the_names_is_finished_by_the_next_open() {
    let (folder, mut store) = Folder::new();
    let id = queue(&mut store, b"a");
    let killed = folder.after_a_kill();
    let path = |name: &str| killed.path().join(name);
    // The file has its new name, its log not yet, and the new file is whole.
    let (other, new) = Folder::new();
    drop(new);
    std::fs::copy(other.file(), path("parley.db.mended")).unwrap();
    std::fs::rename(killed.file(), path("parley.db.damaged-5")).unwrap();
    drop(killed.open().unwrap());
    assert!(path("parley.db.damaged-5-wal").exists());
    std::fs::rename(path("parley.db.damaged-5"), killed.file()).unwrap();
    std::fs::rename(path("parley.db.damaged-5-wal"), path("parley.db-wal")).unwrap();
    assert_eq!(
        row(&killed.open().unwrap(), id).wire,
        b"a",
        "nothing of it was lost"
    );
}
