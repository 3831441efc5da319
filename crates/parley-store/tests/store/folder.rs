//! A data folder for one test, looked at from outside too: its files as octets, and its database
//! through a connection that knows none of the store's rules.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

use alloy_primitives::{Address, B256};
use parley_core::MessageId;
use parley_store::{Kind, NewMessage, NewVariant, OpenError, OutgoingRow, Profile, Store, Variant};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

pub(crate) const KEY: [u8; 32] = [0x5A; 32];
pub(crate) const NOW: u64 = 1_700_000_000;

pub(crate) struct Folder {
    dir: TempDir,
}

impl Folder {
    /// A folder that does not hold anything yet.
    pub(crate) fn empty() -> Folder {
        // Connections beside the store do not wait for each other's first time; see first_open.rs.
        static STARTED: Once = Once::new();
        STARTED.call_once(|| drop(Connection::open_in_memory()));
        Folder {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with a new data file.
    pub(crate) fn new() -> (Folder, Store) {
        let folder = Folder::empty();
        let store = Store::create(folder.path(), &KEY, &profile()).unwrap();
        (folder, store)
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.path().join("parley.db")
    }

    pub(crate) fn open(&self) -> Result<Store, OpenError> {
        Store::open(self.path(), &KEY)
    }

    /// Why the file does not open.
    pub(crate) fn refusal(&self) -> OpenError {
        self.open().err().unwrap()
    }

    /// A connection beside the store, with its key but without its rules.
    pub(crate) fn raw(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let conn = Connection::open_with_flags(self.file(), flags).unwrap();
        conn.execute_batch(&key_pragma()).unwrap();
        conn
    }

    /// What SQLite says when it refuses a statement.
    pub(crate) fn objection(&self, sql: &str) -> String {
        let conn = self.raw();
        conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        conn.execute_batch(sql).unwrap_err().to_string()
    }

    /// Every file and its octets, except a log without entries and its index.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        std::fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (name(&path), std::fs::read(&path).unwrap()))
            .filter(|(name, octets)| {
                !(name.ends_with("-shm") || name.ends_with("-wal") && octets.is_empty())
            })
            .collect()
    }

    /// What is left in the folder if the program is killed now: nothing is closed or tidied up.
    pub(crate) fn after_a_kill(&self) -> Folder {
        let copy = Folder::empty();
        for (name, octets) in self.files() {
            std::fs::write(copy.path().join(name), octets).unwrap();
        }
        copy
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn key_pragma() -> String {
    let mut pragma = String::from("PRAGMA key = \"x'");
    for octet in KEY {
        write!(pragma, "{octet:02x}").unwrap();
    }
    pragma + "'\";"
}

pub(crate) fn profile() -> Profile {
    Profile {
        network: "local".to_owned(),
        chain_id: 31_337,
        kind: "exercise".to_owned(),
        name: "convoy 3".to_owned(),
        rpc: vec![
            "http://b.example/".to_owned(),
            "http://a.example/".to_owned(),
        ],
        address: Address::repeat_byte(0xAD),
        genesis: None,
    }
}

/// A message with these octets.
pub(crate) fn message(wire: &[u8]) -> NewMessage {
    NewMessage {
        wire: wire.to_vec(),
        parent: None,
        at: NOW,
        urgent: false,
        undo_until: None,
        insists: true,
        repairs: None,
    }
}

pub(crate) fn reply(wire: &[u8], parent: MessageId) -> NewMessage {
    NewMessage {
        parent: Some(parent),
        ..message(wire)
    }
}

/// Queues one message.
pub(crate) fn queue(store: &mut Store, wire: &[u8]) -> MessageId {
    store.queue(&[message(wire)]).unwrap()[0]
}

/// Queues one message that refers to another.
pub(crate) fn queue_reply(store: &mut Store, wire: &[u8], parent: MessageId) -> MessageId {
    store.queue(&[reply(wire, parent)]).unwrap()[0]
}

pub(crate) fn hash(tag: u8) -> B256 {
    B256::repeat_byte(tag)
}

/// A signed transaction; another tag is another hash.
pub(crate) fn signed(nonce: u64, tag: u8) -> NewVariant {
    NewVariant {
        kind: Kind::Message,
        refers: None,
        revision: 0,
        nonce,
        hash: hash(tag),
        raw: vec![2, tag],
        wire: b"WF1 final".to_vec(),
        max_fee: 2_000_000_000,
        priority_fee: 1_000_000,
        gas_limit: 23_000,
        at: NOW + 1,
    }
}

/// The next transaction of a message, as a burst takes it.
pub(crate) fn next(store: &Store, id: MessageId, after: u64, tag: u8) -> (MessageId, NewVariant) {
    (id, signed(store.next_nonce().unwrap() + after, tag))
}

/// Seals messages at the next nonces and lets them leave, all in one commit.
pub(crate) fn burst(store: &mut Store, messages: &[(MessageId, u8)]) {
    let burst: Vec<_> = (0..)
        .zip(messages)
        .map(|(after, (id, tag))| next(store, *id, after, *tag))
        .collect();
    let kept = store.seal_burst(&burst, NOW + 2).unwrap();
    assert_eq!(kept.len(), burst.len());
}

/// The numbers of rows.
pub(crate) fn ids(rows: &[OutgoingRow]) -> Vec<MessageId> {
    rows.iter().map(|row| row.id).collect()
}

/// Every own message.
pub(crate) fn all(store: &Store) -> Vec<OutgoingRow> {
    store.own_from(None, u32::MAX).unwrap()
}

/// The row of a message.
pub(crate) fn row(store: &Store, id: MessageId) -> OutgoingRow {
    store.own(id).unwrap().unwrap()
}

/// The newest transaction of a message.
pub(crate) fn newest(store: &Store, id: MessageId) -> Variant {
    row(store, id).variants.pop().unwrap()
}
