//! Messages and the links between them, in constant time for each change. A target that was not
//! received has a place here as long as something refers to it. Judges nothing.

use std::hash::{BuildHasher, RandomState};
use std::mem;

use hashbrown::HashTable;

use super::Entry;
use crate::{ReferenceIndicator, TransactionHash};

/// The place of a message in the graph; it stays the same as long as the message is there.
pub(super) type Slot = u32;
/// No place: four billion messages are more than fit.
const NONE: Slot = Slot::MAX;

/// One message, or one that others refer to.
struct Node<A> {
    held: Held<A>,
    /// What it refers to.
    target: Slot,
    /// The newest of those that refer to it; they are chained by `next` and `previous`.
    first: Slot,
    next: Slot,
    previous: Slot,
}

enum Held<A> {
    /// It was received.
    Entry(Entry<A>),
    /// Others refer to it.
    Name(TransactionHash),
}

impl<A> Node<A> {
    const fn hash(&self) -> &TransactionHash {
        match &self.held {
            Held::Entry(entry) => &entry.hash,
            Held::Name(hash) => hash,
        }
    }

    const fn entry(&self) -> Option<&Entry<A>> {
        match &self.held {
            Held::Entry(entry) => Some(entry),
            Held::Name(_) => None,
        }
    }
}

/// All messages, found by hash. The hashes are chosen by strangers, so they are hashed with a key.
pub(super) struct Graph<A> {
    slots: HashTable<Slot>,
    key: RandomState,
    nodes: Vec<Node<A>>,
    free: Vec<Slot>,
}

impl<A> Default for Graph<A> {
    fn default() -> Self {
        Self {
            slots: HashTable::new(),
            key: RandomState::new(),
            nodes: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<A> Graph<A> {
    /// Makes room for so many messages more.
    pub(super) fn reserve(&mut self, additional: usize) {
        let (nodes, key) = (&self.nodes, &self.key);
        let again = |slot: &Slot| key.hash_one(name(nodes, *slot));
        self.slots.reserve(additional, again);
        self.nodes.reserve(additional);
    }

    /// Puts a message in; what it replaces comes back.
    pub(super) fn insert(&mut self, entry: Entry<A>) -> Option<Entry<A>> {
        let reference = entry.message.reference;
        let refers =
            reference.indicator != ReferenceIndicator::Original && reference.message != entry.hash;
        let (slot, before) = self.put(entry);
        if before.is_some() {
            self.unlink(slot);
        }
        if refers {
            let target = self.slot_for(reference.message);
            self.link(slot, target);
        }
        before
    }

    /// Takes a message out.
    pub(super) fn remove(&mut self, hash: &TransactionHash) -> Option<Entry<A>> {
        let slot = self.find(hash)?;
        let held = &mut self.node_mut(slot)?.held;
        let entry = match mem::replace(held, Held::Name(*hash)) {
            Held::Entry(entry) => Some(entry),
            Held::Name(_) => None,
        };
        self.unlink(slot);
        self.drop_if_empty(slot);
        entry
    }

    pub(super) fn find(&self, hash: &TransactionHash) -> Option<Slot> {
        let same = |slot: &Slot| name(&self.nodes, *slot) == hash;
        self.slots.find(self.key.hash_one(hash), same).copied()
    }

    pub(super) fn entry(&self, slot: Slot) -> Option<&Entry<A>> {
        self.node(slot)?.entry()
    }

    /// What the message at `slot` refers to.
    pub(super) fn target(&self, slot: Slot) -> Option<Slot> {
        self.node(slot).and_then(|node| some(node.target))
    }

    /// All that refer to the message at `slot`, in no particular order.
    pub(super) fn referring(&self, slot: Slot) -> impl Iterator<Item = Slot> {
        let first = self.node(slot).and_then(|node| some(node.first));
        std::iter::successors(first, |slot| some(self.node(*slot)?.next))
    }

    /// Every message, in no particular order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Slot, &Entry<A>)> {
        let numbered = (0..).zip(&self.nodes);
        numbered.filter_map(|(slot, node)| Some((slot, node.entry()?)))
    }

    fn node(&self, slot: Slot) -> Option<&Node<A>> {
        self.nodes.get(slot as usize)
    }

    fn node_mut(&mut self, slot: Slot) -> Option<&mut Node<A>> {
        self.nodes.get_mut(slot as usize)
    }

    /// The place of a message, which is put there; what was there before comes back.
    fn put(&mut self, entry: Entry<A>) -> (Slot, Option<Entry<A>>) {
        let Some(slot) = self.find(&entry.hash) else {
            return (self.add(Held::Entry(entry)), None);
        };
        let Some(node) = self.node_mut(slot) else {
            return (slot, None);
        };
        match mem::replace(&mut node.held, Held::Entry(entry)) {
            Held::Entry(before) => (slot, Some(before)),
            Held::Name(_) => (slot, None),
        }
    }

    fn slot_for(&mut self, hash: TransactionHash) -> Slot {
        let found = self.find(&hash);
        found.unwrap_or_else(|| self.add(Held::Name(hash)))
    }

    /// A new place for what has none.
    fn add(&mut self, held: Held<A>) -> Slot {
        let node = Node {
            held,
            target: NONE,
            first: NONE,
            next: NONE,
            previous: NONE,
        };
        let hash = self.key.hash_one(node.hash());
        let free = self.free.pop();
        let slot = match free.and_then(|slot| Some((slot, self.node_mut(slot)?))) {
            Some((slot, place)) => {
                *place = node;
                slot
            }
            None => {
                let slot = Slot::try_from(self.nodes.len()).unwrap_or(NONE);
                self.nodes.push(node);
                slot
            }
        };
        let (nodes, key) = (&self.nodes, &self.key);
        self.slots
            .insert_unique(hash, slot, |slot| key.hash_one(name(nodes, *slot)));
        slot
    }

    fn link(&mut self, slot: Slot, target: Slot) {
        let about = self.node_mut(target);
        let newest = about.map_or(NONE, |node| mem::replace(&mut node.first, slot));
        if let Some(node) = self.node_mut(newest) {
            node.previous = slot;
        }
        if let Some(node) = self.node_mut(slot) {
            (node.target, node.next, node.previous) = (target, newest, NONE);
        }
    }

    fn unlink(&mut self, slot: Slot) {
        let Some(node) = self.node_mut(slot) else {
            return;
        };
        let target = mem::replace(&mut node.target, NONE);
        let next = mem::replace(&mut node.next, NONE);
        let previous = mem::replace(&mut node.previous, NONE);
        if let Some(next) = self.node_mut(next) {
            next.previous = previous;
        }
        if let Some(previous) = self.node_mut(previous) {
            previous.next = next;
        } else if let Some(target) = self.node_mut(target) {
            target.first = next;
        }
        self.drop_if_empty(target);
    }

    /// Forgets a place that holds no message and that nothing refers to.
    fn drop_if_empty(&mut self, slot: Slot) {
        let Some(node) = self.node(slot) else {
            return;
        };
        let Held::Name(name) = &node.held else {
            return;
        };
        if node.first != NONE {
            return;
        }
        let hash = self.key.hash_one(name);
        if let Ok(found) = self.slots.find_entry(hash, |other| *other == slot) {
            found.remove();
            self.free.push(slot);
        }
    }
}

/// The hash of the message at a place.
fn name<A>(nodes: &[Node<A>], slot: Slot) -> &TransactionHash {
    nodes
        .get(slot as usize)
        .map_or(&TransactionHash::ZERO, Node::hash)
}

fn some(slot: Slot) -> Option<Slot> {
    (slot != NONE).then_some(slot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;
    use crate::situation::Place;

    fn entry(number: u8, about: u8) -> Entry<()> {
        let target = TransactionHash::new([about; 32]);
        let text = format!("WF100F3{target}more");
        Entry {
            hash: TransactionHash::new([number; 32]),
            place: Place { block: 0, index: 0 },
            originator: (),
            message: Message::from_flat(&text).unwrap(),
        }
    }

    #[test]
    fn a_place_is_forgotten_once_nothing_is_there_and_nothing_refers_to_it_and_is_used_again() {
        let mut graph = Graph::default();
        for round in 0..3 {
            for number in 1..=9 {
                graph.insert(entry(number, 20 + number % 2));
            }
            assert_eq!(graph.slots.len(), 11, "with two that only have names");
            for number in 1..=9 {
                assert!(graph.remove(&TransactionHash::new([number; 32])).is_some());
            }
            assert_eq!(graph.slots.len(), 0, "round {round}");
        }
        assert_eq!(graph.nodes.len(), 11);
    }
}
