//! Which queued messages leave next. It signs and sends nothing, and does not know why a message is
//! held: it only never lets a message leave before what it refers to.

use crate::MessageId;

/// A message that is not sealed, or sealed and not exposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its number; lower ones were queued earlier.
    pub id: MessageId,
    /// It goes before everything that is not: an emergency signal.
    pub urgent: bool,
    /// The own message that it refers to.
    pub parent: Option<MessageId>,
    /// A node may have seen that one, so that its hash is fixed.
    pub parent_exposed: bool,
    /// Its undo time is over.
    pub due: bool,
    /// It waits for a person or may not be sent here.
    pub held: bool,
}

/// The messages that leave next, in the order of their nonces, at most `room` of them.
///
/// Urgent ones come first, each after all unsent messages that it refers to, directly or through
/// others; the rest follows in the order of queueing. What refers to a message that cannot leave, or
/// that is neither among `rows` nor exposed, waits with it.
#[must_use]
pub fn leaving(rows: &[Candidate], room: usize) -> Vec<MessageId> {
    let mut queue = Queue::new(rows);
    let urgent = (0..queue.rows.len()).filter(|at| queue.is_urgent(*at));
    let urgent: Vec<usize> = urgent.collect();
    for at in urgent.into_iter().chain(0..queue.rows.len()) {
        if queue.leaving.len() >= room {
            break;
        }
        queue.admit(at);
    }
    queue.leaving.truncate(room);
    queue.leaving
}

/// What was found out about a message so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Leaves,
    Waits,
}

struct Queue<'a> {
    /// By id.
    rows: Vec<&'a Candidate>,
    fates: Vec<Fate>,
    leaving: Vec<MessageId>,
}

impl<'a> Queue<'a> {
    fn new(rows: &'a [Candidate]) -> Self {
        let mut rows: Vec<&Candidate> = rows.iter().collect();
        rows.sort_by_key(|row| row.id);
        Self {
            fates: vec![Fate::Open; rows.len()],
            rows,
            leaving: Vec::new(),
        }
    }

    fn is_urgent(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| row.urgent)
    }

    /// Lets a message leave after all that it refers to, or none of them. Every message is looked at
    /// once: what is found of one holds for all that refer to it.
    fn admit(&mut self, at: usize) {
        let mut chain = Vec::new();
        let mut next = Some(at);
        let fate = loop {
            let Some(at) = next else { break Fate::Leaves };
            match self.step(at) {
                Step::Known(fate) => break fate,
                Step::After(parent) => {
                    chain.push(at);
                    // Until the end is known, so that a ring of references ends too.
                    self.settle(at, Fate::Waits);
                    next = parent;
                }
            }
        };
        if fate == Fate::Leaves {
            for at in chain.into_iter().rev() {
                self.settle(at, Fate::Leaves);
                self.leaving.extend(self.rows.get(at).map(|row| row.id));
            }
        }
    }

    fn step(&self, at: usize) -> Step {
        let fate = self.fates.get(at).copied().unwrap_or(Fate::Waits);
        let Some(row) = self.rows.get(at).filter(|_| fate == Fate::Open) else {
            return Step::Known(fate);
        };
        if row.held || !row.due {
            return Step::Known(Fate::Waits);
        }
        let Some(parent) = row.parent.filter(|_| !row.parent_exposed) else {
            return Step::After(None);
        };
        match self.rows.binary_search_by_key(&parent, |row| row.id) {
            Ok(parent) => Step::After(Some(parent)),
            Err(_) => Step::Known(Fate::Waits),
        }
    }

    fn settle(&mut self, at: usize, fate: Fate) {
        if let Some(held) = self.fates.get_mut(at) {
            *held = fate;
        }
    }
}

enum Step {
    Known(Fate),
    /// It can leave once this one can.
    After(Option<usize>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(id: u64) -> Candidate {
        Candidate {
            id: MessageId(id),
            urgent: false,
            parent: None,
            parent_exposed: false,
            due: true,
            held: false,
        }
    }

    fn after(id: u64, parent: u64) -> Candidate {
        Candidate {
            parent: Some(MessageId(parent)),
            ..row(id)
        }
    }

    fn ids(rows: &[Candidate], room: usize) -> Vec<u64> {
        leaving(rows, room).iter().map(|id| id.0).collect()
    }

    #[test]
    fn messages_leave_in_the_order_of_queueing() {
        assert_eq!(ids(&[row(3), row(1), row(2)], 2), [1, 2]);
        assert_eq!(ids(&[row(1)], 0), [0; 0]);
    }

    #[test]
    fn an_urgent_message_takes_along_what_it_refers_to() {
        let urgent = Candidate {
            urgent: true,
            ..after(9, 5)
        };
        let rows = [row(1), row(2), after(5, 2), urgent];
        assert_eq!(ids(&rows, 16), [2, 5, 9, 1]);
        assert_eq!(ids(&rows, 2), [2, 5]);
    }

    #[test]
    fn what_refers_to_a_held_message_waits_with_it() {
        let held = Candidate {
            held: true,
            ..row(1)
        };
        let young = Candidate {
            due: false,
            ..row(4)
        };
        let rows = [held, after(2, 1), after(3, 2), young, after(5, 4), row(6)];
        assert_eq!(ids(&rows, 16), [6]);
    }

    #[test]
    fn a_parent_elsewhere_has_to_be_exposed() {
        let exposed = Candidate {
            parent_exposed: true,
            ..after(8, 1)
        };
        assert_eq!(ids(&[after(7, 1), exposed], 16), [8]);
    }

    #[test]
    fn a_ring_and_a_long_chain_end() {
        assert_eq!(ids(&[after(1, 2), after(2, 1), row(3)], 16), [3]);
        let mut rows: Vec<_> = (1..100_000).map(|id| after(id, id - 1)).collect();
        assert_eq!(ids(&rows, 16), [0; 0]);
        rows.push(row(0));
        assert_eq!(ids(&rows, 3), [0, 1, 2]);
    }

    fn rows() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (any::<u8>(), 0_u64..12, proptest::option::of(0_u64..12));
        proptest::collection::btree_map(0_u64..12, one, 0..12).prop_map(|rows| {
            let row = |(id, (bits, _, parent)): (u64, (u8, u64, Option<u64>))| Candidate {
                id: MessageId(id),
                urgent: bits & 3 == 0,
                parent: parent.map(MessageId),
                parent_exposed: bits & 12 == 0,
                due: bits & 48 != 0,
                held: bits & 192 == 0,
            };
            rows.into_iter().map(row).collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_leaves_before_what_it_refers_to(rows in rows(), room in 0_usize..14) {
            let leaving = leaving(&rows, room);
            prop_assert!(leaving.len() <= room);
            for (place, id) in leaving.iter().enumerate() {
                let row = rows.iter().find(|row| row.id == *id).unwrap();
                prop_assert!(row.due && !row.held);
                prop_assert!(!leaving[..place].contains(id), "each once");
                let parent = row.parent.filter(|_| !row.parent_exposed);
                prop_assert!(parent.is_none_or(|parent| leaving[..place].contains(&parent)));
            }
        }

        /// Room for fewer takes the first of them, and with room for all nothing that could leave
        /// stays behind.
        #[test]
        fn the_order_does_not_depend_on_the_room(rows in rows(), room in 0_usize..14) {
            let all = leaving(&rows, usize::MAX);
            prop_assert_eq!(&leaving(&rows, room)[..], &all[..room.min(all.len())]);
            for row in rows.iter().filter(|row| row.due && !row.held) {
                let free = row.parent.is_none_or(|parent| row.parent_exposed || all.contains(&parent));
                prop_assert_eq!(free, all.contains(&row.id));
            }
        }

        #[test]
        fn what_is_not_urgent_goes_before_an_urgent_one_only_if_that_needs_it(rows in rows()) {
            let all = leaving(&rows, usize::MAX);
            let find = |id: MessageId| rows.iter().find(|row| row.id == id).unwrap();
            let last_urgent = all.iter().rposition(|id| find(*id).urgent);
            let head = &all[..last_urgent.map_or(0, |place| place + 1)];
            for id in head {
                let mut needed = find(*id).urgent;
                needed |= head.iter().any(|other| find(*other).parent == Some(*id));
                prop_assert!(needed, "{:?} in {:?}", id, head);
            }
        }
    }
}
