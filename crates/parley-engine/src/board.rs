//! What was received and what is on its way, and what stands of it: held in memory and brought in
//! step with the store by what changed there since. Another program may have changed it, so the
//! store alone says what is true.

use std::collections::HashMap;

use alloy_primitives::{Address, B256};
use parley_core::{MessageId, verification::Verification};
use parley_store::{Finality, OutgoingRow, ReceivedRow, Store, StoreError};
use whiteflag::situation::{Entry, Place, Situation, Tests};
use whiteflag::{Message, TransactionHash};

use crate::own;
use crate::shown::{self, Readable};

/// Everything that can stand on the map.
pub(crate) struct Board {
    own: Address,
    pub(crate) situation: Situation<Address>,
    items: HashMap<TransactionHash, Item>,
    pub(crate) finality: Finality,
    /// The newest header up to which it is in step with the store.
    to: Option<(u64, B256)>,
    /// Own messages in no block, as they were put in.
    unsent: Vec<TransactionHash>,
    /// What own messages are called here.
    names: HashMap<MessageId, TransactionHash>,
}

/// What is shown of a message besides what it says.
pub(crate) struct Item {
    /// The hash as it is shown; for an own message without one `@` and its number.
    pub(crate) hash: String,
    /// The standard's JSON form.
    pub(crate) json: serde_json::Value,
    /// Whether its text is shown escaped.
    pub(crate) escaped: bool,
    pub(crate) raw: Vec<u8>,
    /// Of its block, or when it was queued.
    pub(crate) time: u64,
    /// Its block and how far that was verified; `None` for what is in none.
    pub(crate) block: Option<(u64, Verification)>,
}

impl Board {
    /// Nothing so far.
    pub(crate) fn new(own: Address, tests: Tests) -> Self {
        Self {
            own,
            situation: Situation::new(tests),
            items: HashMap::new(),
            finality: Finality::default(),
            to: None,
            unsent: Vec::new(),
            names: HashMap::new(),
        }
    }

    /// What is shown of a message.
    pub(crate) fn item(&self, hash: &TransactionHash) -> Option<&Item> {
        self.items.get(hash)
    }

    /// What an own message is called here: its hash, or until it has one a stand-in.
    pub(crate) fn name(&self, id: MessageId) -> Option<TransactionHash> {
        self.names.get(&id).copied()
    }

    /// Takes over what changed in the store.
    pub(crate) fn follow(&mut self, store: &Store) -> Result<(), StoreError> {
        for hash in std::mem::take(&mut self.unsent) {
            self.take(&hash);
        }
        self.follow_chain(store)?;
        self.finality = store.finality()?;
        self.follow_outbox(&store.outgoing()?);
        Ok(())
    }

    fn follow_chain(&mut self, store: &Store) -> Result<(), StoreError> {
        if let Some((number, hash)) = self.to
            && store.header(number)?.is_none_or(|held| held.hash != hash)
        {
            // The branch was left, which is rare: everything is read anew.
            *self = Self::new(self.own, self.situation.tests());
        }
        let from = self.to.map_or(0, |(number, _)| number.saturating_add(1));
        // The tip is read first: what comes after it is read again the next time.
        let tip = store.tip()?;
        for row in store.received_from(from)? {
            self.receive(row);
        }
        self.to = tip.map(|tip| (tip.number, tip.hash));
        Ok(())
    }

    fn take(&mut self, hash: &TransactionHash) {
        self.items.remove(hash);
        self.situation.remove(hash);
    }

    fn receive(&mut self, row: ReceivedRow) {
        let (message, escaped) = match shown::readable(&row.input) {
            Ok(Readable::AsItIs(message)) => (message, false),
            Ok(Readable::Escaped(message)) => (message, true),
            Err(_) => return,
        };
        let item = Item {
            hash: hex::encode(row.hash),
            json: message.to_value(),
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
    fn follow_outbox(&mut self, rows: &[OutgoingRow]) {
        self.names = rows.iter().map(|row| (row.id, own_name(row))).collect();
        let on_the_way = rows
            .iter()
            .filter(|row| !row.cancelled && row.variants.iter().all(|v| v.position.is_none()));
        for row in on_the_way {
            let Ok(mut message) = Message::decode(&row.wire) else {
                continue;
            };
            if let Some(parent) = row.parent.filter(|_| row.variants.is_empty()) {
                let Some(name) = self.name(parent) else {
                    continue;
                };
                message.reference.message = name;
            }
            let hash = own_name(row);
            let place = Place {
                block: u64::MAX,
                index: row.id.0,
            };
            self.put(hash, place, self.own, message, unsent(row));
            self.unsent.push(hash);
        }
    }

    fn put(
        &mut self,
        hash: TransactionHash,
        place: Place,
        originator: Address,
        message: Message,
        item: Item,
    ) {
        self.items.insert(hash, item);
        self.situation.insert(Entry {
            hash,
            place,
            originator,
            message,
        });
    }
}

fn unsent(row: &OutgoingRow) -> Item {
    let lead = own::leading(row);
    Item {
        hash: lead.map_or_else(|| format!("@{}", row.id.0), |lead| hex::encode(lead.hash)),
        json: own::message(row),
        escaped: false,
        raw: row.wire.clone(),
        time: row.queued_at,
        block: None,
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
mod tests;
