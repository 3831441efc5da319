//! Messages and the links between them, in constant time for each change. A target that was not
//! received has a place here as long as something refers to it. Judges nothing.

use std::collections::HashMap;

use super::Entry;
use crate::{ReferenceIndicator, TransactionHash};

/// The place of a message in the graph; it stays the same as long as the message is there.
pub(super) type Slot = usize;

/// One message, or one that others refer to.
struct Node<A> {
    hash: TransactionHash,
    entry: Option<Entry<A>>,
    /// What it refers to.
    target: Option<Slot>,
    /// The newest of those that refer to it; they are chained by `next` and `previous`.
    first: Option<Slot>,
    next: Option<Slot>,
    previous: Option<Slot>,
}

/// All messages, found by hash.
pub(super) struct Graph<A> {
    slots: HashMap<TransactionHash, Slot>,
    nodes: Vec<Node<A>>,
    free: Vec<Slot>,
}

impl<A> Default for Graph<A> {
    fn default() -> Self {
        Self {
            slots: HashMap::new(),
            nodes: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<A> Graph<A> {
    /// Makes room for so many messages more.
    pub(super) fn reserve(&mut self, additional: usize) {
        self.slots.reserve(additional);
        self.nodes.reserve(additional);
    }

    /// Puts a message in; what it replaces comes back.
    pub(super) fn insert(&mut self, entry: Entry<A>) -> Option<Entry<A>> {
        let slot = self.slot_for(entry.hash);
        let before = self.take(slot);
        let reference = entry.message.reference;
        if reference.indicator != ReferenceIndicator::Original && reference.message != entry.hash {
            let target = self.slot_for(reference.message);
            self.link(slot, target);
        }
        if let Some(node) = self.nodes.get_mut(slot) {
            node.entry = Some(entry);
        }
        before
    }

    /// Takes a message out.
    pub(super) fn remove(&mut self, hash: &TransactionHash) -> Option<Entry<A>> {
        let slot = self.find(hash)?;
        let entry = self.take(slot);
        self.drop_if_empty(slot);
        entry
    }

    pub(super) fn find(&self, hash: &TransactionHash) -> Option<Slot> {
        self.slots.get(hash).copied()
    }

    pub(super) fn entry(&self, slot: Slot) -> Option<&Entry<A>> {
        self.nodes.get(slot)?.entry.as_ref()
    }

    /// What the message at `slot` refers to.
    pub(super) fn target(&self, slot: Slot) -> Option<Slot> {
        self.nodes.get(slot)?.target
    }

    /// All that refer to the message at `slot`, in no particular order.
    pub(super) fn referring(&self, slot: Slot) -> impl Iterator<Item = Slot> {
        let first = self.nodes.get(slot).and_then(|node| node.first);
        std::iter::successors(first, |slot| self.nodes.get(*slot)?.next)
    }

    /// Every message, in no particular order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Slot, &Entry<A>)> {
        let numbered = self.nodes.iter().enumerate();
        numbered.filter_map(|(slot, node)| Some((slot, node.entry.as_ref()?)))
    }

    fn slot_for(&mut self, hash: TransactionHash) -> Slot {
        let (nodes, free) = (&mut self.nodes, &mut self.free);
        *self.slots.entry(hash).or_insert_with(|| {
            let node = Node {
                hash,
                entry: None,
                target: None,
                first: None,
                next: None,
                previous: None,
            };
            if let Some((slot, place)) = free
                .pop()
                .and_then(|slot| Some((slot, nodes.get_mut(slot)?)))
            {
                *place = node;
                return slot;
            }
            nodes.push(node);
            nodes.len().saturating_sub(1)
        })
    }

    /// Takes the message out of its place, which stays.
    fn take(&mut self, slot: Slot) -> Option<Entry<A>> {
        let entry = self.nodes.get_mut(slot)?.entry.take();
        self.unlink(slot);
        entry
    }

    fn link(&mut self, slot: Slot, target: Slot) {
        let about = self.nodes.get_mut(target);
        let newest = about.and_then(|node| node.first.replace(slot));
        if let Some(node) = newest.and_then(|newest| self.nodes.get_mut(newest)) {
            node.previous = Some(slot);
        }
        if let Some(node) = self.nodes.get_mut(slot) {
            (node.target, node.next, node.previous) = (Some(target), newest, None);
        }
    }

    fn unlink(&mut self, slot: Slot) {
        let Some(node) = self.nodes.get_mut(slot) else {
            return;
        };
        let (next, previous) = (node.next.take(), node.previous.take());
        let Some(target) = node.target.take() else {
            return;
        };
        if let Some(next) = next.and_then(|next| self.nodes.get_mut(next)) {
            next.previous = previous;
        }
        match previous {
            Some(previous) => {
                if let Some(previous) = self.nodes.get_mut(previous) {
                    previous.next = next;
                }
            }
            None => {
                if let Some(target) = self.nodes.get_mut(target) {
                    target.first = next;
                }
            }
        }
        self.drop_if_empty(target);
    }

    /// Forgets a place that holds no message and that nothing refers to.
    fn drop_if_empty(&mut self, slot: Slot) {
        let Some(node) = self.nodes.get(slot) else {
            return;
        };
        if node.entry.is_none() && node.first.is_none() && self.slots.remove(&node.hash).is_some() {
            self.free.push(slot);
        }
    }
}
