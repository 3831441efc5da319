//! What was received and what is on its way, and what stands of it: held in memory and brought in
//! step with the store by what changed there since. Another program may have changed it, so the
//! store alone says what is true.

use std::collections::HashMap;

use alloy_primitives::{Address, B256};
use parley_core::{MessageId, verification::Verification};
use parley_store::{Finality, Mark, OutgoingRow, ReceivedRow, Store, StoreError};
use serde_json::Value;
use whiteflag::situation::{Entry, Place, Situation, Tests};
use whiteflag::{Message, TransactionHash};

use crate::own;
use crate::receive::Levels;
use crate::shown::{self, Readable};

/// Everything that can stand on the map.
pub(crate) struct Board {
    own: Address,
    pub(crate) situation: Situation<Address>,
    items: HashMap<TransactionHash, Item>,
    pub(crate) finality: Finality,
    levels: Levels,
    /// Up to where it is in step with what was received, and with the outbox.
    received: Mark,
    changed: u64,
    /// Counts whatever is told otherwise than before.
    revision: u64,
    /// What own messages are called here.
    names: HashMap<MessageId, TransactionHash>,
}

/// What is shown of a message besides what it says.
pub(crate) struct Item {
    /// Whether its text is shown escaped.
    pub(crate) escaped: bool,
    pub(crate) raw: Vec<u8>,
    /// Of its block, or when it was queued.
    pub(crate) time: u64,
    /// Its block and how far that was recomputed; `None` for what is in none.
    block: Option<(u64, Verification)>,
}

impl Item {
    /// The height of its block; `None` for what is in none.
    pub(crate) fn height(&self) -> Option<u64> {
        self.block.map(|(height, _)| height)
    }
}

impl Board {
    /// Nothing so far.
    pub(crate) fn new(own: Address, tests: Tests) -> Self {
        Self {
            own,
            situation: Situation::new(tests),
            items: HashMap::new(),
            finality: Finality::default(),
            levels: Levels::default(),
            received: Mark::default(),
            changed: 0,
            revision: 0,
            names: HashMap::new(),
        }
    }

    /// What is shown of a message.
    pub(crate) fn item(&self, hash: &TransactionHash) -> Option<&Item> {
        self.items.get(hash)
    }

    /// What a message says, to whom only that matters: its octets, their reading, its time, and what it
    /// refers to.
    pub(crate) fn said(&self, hash: &TransactionHash) -> Option<impl std::hash::Hash> {
        let item = self.items.get(hash)?;
        let refers = self.situation.get(hash)?.message.reference.message;
        Some((item.raw.as_slice(), item.escaped, item.time, refers))
    }

    /// How far a message's block is verified; `None` for what is in none.
    pub(crate) fn level(&self, item: &Item) -> Option<Verification> {
        item.block
            .map(|(height, recomputed)| self.levels.level(height, recomputed))
    }

    /// What an own message is called here: its hash, or until it has one a stand-in.
    pub(crate) fn name(&self, id: MessageId) -> Option<TransactionHash> {
        self.names.get(&id).copied()
    }

    /// The standard's JSON form of a message; a reference to an own one without a hash reads `@ID`.
    pub(crate) fn json(&self, hash: &TransactionHash) -> Value {
        let Some(entry) = self.situation.get(hash) else {
            return Value::Null;
        };
        let mut json = entry.message.to_value();
        let referred = shown_name(&entry.message.reference.message);
        if referred.starts_with('@')
            && let Some(field) = json.pointer_mut("/MessageHeader/ReferencedMessage")
        {
            *field = Value::String(referred);
        }
        json
    }

    /// Takes over what changed in the store.
    pub(crate) fn follow(&mut self, store: &Store) -> Result<(), StoreError> {
        let (received, rows, left) = store.received_since(&self.received)?;
        if left {
            // A branch was left, which is rare: everything is read anew.
            *self = Self {
                revision: self.revision.saturating_add(1),
                ..Self::new(self.own, self.situation.tests())
            };
            return self.follow(store);
        }
        let (finality, levels) = (store.finality()?, Levels::read(store)?);
        if !rows.is_empty() || (finality, &levels) != (self.finality, &self.levels) {
            self.revision = self.revision.saturating_add(1);
        }
        for row in rows {
            self.receive(row);
        }
        self.received = received;
        self.finality = finality;
        self.levels = levels;
        self.follow_outbox(store)
    }

    /// As long as it is the same, everything that is told but by the time is the same.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    fn receive(&mut self, row: ReceivedRow) {
        let (message, escaped) = match shown::readable(&row.input) {
            Ok(Readable::AsItIs(message)) => (message, false),
            Ok(Readable::Escaped(message)) => (message, true),
            Err(_) => return,
        };
        let item = Item {
            escaped,
            raw: row.input,
            time: row.block_time,
            block: Some((row.block_number, row.level)),
        };
        let place = Place {
            block: row.block_number,
            index: row.index,
        };
        self.put(name(row.hash), place, row.originator, message, item);
    }

    /// Own messages that are in no block: on the map at once, after everything that is in one.
    fn follow_outbox(&mut self, store: &Store) -> Result<(), StoreError> {
        let (changed, mut rows) = store.changed_since(self.changed)?;
        // Whatever changed last, what a message refers to is named before it.
        rows.sort_by_key(|row| row.id);
        if !rows.is_empty() {
            self.revision = self.revision.saturating_add(1);
        }
        for row in &rows {
            let renamed = self.follow_own(row);
            if renamed {
                // What refers to it by the old name refers to it by the new one.
                for child in store.dependents(row.id)? {
                    store.own(child)?.iter().for_each(|row| {
                        self.follow_own(row);
                    });
                }
            }
        }
        self.changed = changed;
        Ok(())
    }

    /// Whether it is called otherwise than before.
    fn follow_own(&mut self, row: &OutgoingRow) -> bool {
        let called = own_name(row);
        let before = self.names.insert(row.id, called);
        if let Some(before) = before
            && self
                .items
                .get(&before)
                .is_some_and(|item| item.block.is_none())
        {
            self.items.remove(&before);
            self.situation.remove(&before);
        }
        let received = self.items.contains_key(&called);
        if !row.cancelled && !received && !own::is_given_up(row) {
            self.put_unsent(row, called);
        }
        before.is_some_and(|before| before != called)
    }

    fn put_unsent(&mut self, row: &OutgoingRow, called: TransactionHash) {
        let Ok(mut message) = Message::decode(&row.wire) else {
            return;
        };
        if let Some(parent) = row.parent.filter(|_| !row.sealed) {
            let Some(name) = self.name(parent) else {
                return;
            };
            message.reference.message = name;
        }
        let place = Place {
            block: u64::MAX,
            index: row.id.0,
        };
        let item = Item {
            escaped: false,
            raw: row.wire.clone(),
            time: row.queued_at,
            block: None,
        };
        self.put(called, place, self.own, message, item);
    }

    fn put(
        &mut self,
        hash: TransactionHash,
        place: Place,
        originator: Address,
        message: Message,
        item: Item,
    ) {
        if self.items.insert(hash, item).is_some() {
            self.situation.remove(&hash);
        }
        self.situation.insert(Entry {
            hash,
            place,
            originator,
            message,
        });
    }
}

/// A hash as it is shown; for an own message without one `@` and its number.
pub(crate) fn shown_name(hash: &TransactionHash) -> String {
    let octets = hash.as_bytes();
    let (head, tail) = octets.split_at(24);
    let number = tail.try_into().map_or(0, u64::from_be_bytes);
    if number != 0 && head.iter().all(|octet| *octet == 0) {
        format!("@{number}")
    } else {
        hex::encode(octets)
    }
}

/// The hash of an own message, or for one without a hash a stand-in that no hash function gives.
fn own_name(row: &OutgoingRow) -> TransactionHash {
    if let Some(lead) = own::leading(row) {
        return name(lead.hash);
    }
    let mut stand_in = [0; 32];
    let (_, tail) = stand_in.split_at_mut(24);
    tail.copy_from_slice(&row.id.0.to_be_bytes());
    TransactionHash::new(stand_in)
}

fn name(hash: B256) -> TransactionHash {
    TransactionHash::new(hash.0)
}

#[cfg(test)]
pub(crate) mod tests;
