//! Whatever happens to the chain and the outbox, and whichever answers are lost: who applies what it is
//! told has what is there, and is told of nothing that is as it was.

use std::collections::BTreeMap;

use alloy_primitives::B256;
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::verification::Verification;
use parley_store::{ChainChange, Kind, NewVariant, OwnUse, ScannedBlock, Seen, Store};
use parley_testkit::mine_field;
use parley_wire::Validity;
use proptest::prelude::*;
use whiteflag::Message;
use whiteflag::situation::Tests;

use super::*;
use crate::board::tests::{Branch, OWN, branch, change, new_message, open, text};
use crate::own;

const TELLER: Teller = Teller {
    own: OWN,
    now: 1_000,
};

/// What a window keeps of the answers.
#[derive(Default)]
struct Page {
    token: Option<u64>,
    signals: BTreeMap<String, Signal>,
}

impl Page {
    /// Takes an answer in. Whether there is more.
    fn take(&mut self, answer: SignalsSince) -> bool {
        if answer.anew {
            self.signals.clear();
        }
        for name in &answer.gone {
            self.signals.remove(name);
        }
        for mut signal in answer.changed {
            let same = signal.newest == signal.transaction_hash;
            assert_eq!(same, signal.original.is_null());
            if same {
                signal.original = signal.message.clone();
            }
            for part in &mut signal.parts {
                if part.original.is_null() {
                    part.original = part.message.clone();
                }
            }
            self.signals.insert(signal.transaction_hash.clone(), signal);
        }
        self.token = Some(answer.token);
        answer.more
    }

    /// In the order of the chain.
    fn in_order(&self) -> Vec<Signal> {
        let mut signals: Vec<_> = self.signals.values().cloned().collect();
        signals.sort_by_key(|signal| {
            let place = (signal.block_number.is_none(), signal.block_number);
            (place, signal.index, signal.transaction_hash.clone())
        });
        signals
    }
}

/// A window before a device.
struct World {
    store: Store,
    board: Board,
    told: Told,
    page: Page,
    salt: u8,
    _dir: tempfile::TempDir,
}

#[derive(Clone, Debug)]
enum Step {
    Chain(Branch),
    /// The next block holds every own message that was sealed and is in none.
    Mine,
    Queue {
        number: u8,
        refers: bool,
    },
    Edit(usize, u8),
    Cancel(usize),
    /// The first message that is not sealed gets its hash.
    Seal,
    /// Another endpoint names the newest block.
    Witness,
    Ask {
        most: usize,
        arrives: bool,
    },
    /// The page was loaded anew, or another engine's token comes.
    Stranger(Option<u64>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => branch().prop_map(Step::Chain),
        2 => Just(Step::Mine),
        3 => (0..3_u8, any::<bool>()).prop_map(|(number, refers)| Step::Queue { number, refers }),
        1 => (0..4_usize, 0..3_u8).prop_map(|(at, number)| Step::Edit(at, number)),
        1 => (0..4_usize).prop_map(Step::Cancel),
        2 => Just(Step::Seal),
        1 => Just(Step::Witness),
        4 => (1..4_usize, prop::bool::weighted(0.7))
            .prop_map(|(most, arrives)| Step::Ask { most, arrives }),
        1 => prop::option::of(Just(0)).prop_map(Step::Stranger),
    ]
}

impl World {
    fn new() -> Self {
        let (_dir, store) = open();
        Self {
            store,
            board: Board::new(OWN, Tests::Ignored),
            told: Told::default(),
            page: Page::default(),
            salt: 0,
            _dir,
        }
    }

    fn ask(&mut self, token: Option<u64>, most: usize) -> SignalsSince {
        self.board.follow(&self.store).unwrap();
        self.told.tell(&self.board, TELLER, token, most)
    }

    /// Asks until there is no more. How many signals and names were told.
    fn ask_for_all(&mut self, most: usize) -> usize {
        let mut told = 0;
        loop {
            let answer = self.ask(self.page.token, most);
            assert!(answer.changed.len() <= most);
            told += answer.changed.len() + answer.gone.len();
            if !self.page.take(answer) {
                return told;
            }
        }
    }

    fn take(&mut self, step: &Step) {
        self.salt += 1;
        match step {
            Step::Chain(branch) => {
                let change = change(&self.store, branch, self.salt);
                self.store.advance(&change).unwrap();
            }
            Step::Mine => self.mine(),
            Step::Queue { number, refers } => self.queue(*number, *refers),
            Step::Edit(at, number) => {
                if let Some(id) = self.open_message(*at) {
                    let _ = self.store.replace(id, &text(*number), None, false);
                }
            }
            Step::Cancel(at) => {
                if let Some(id) = self.open_message(*at) {
                    let _ = self.store.cancel(&[id], 6);
                }
            }
            Step::Seal => self.seal(),
            Step::Witness => {
                if let Some(tip) = self.store.tip().unwrap() {
                    let named = self.store.witness(tip.number, tip.hash, "another", 6);
                    named.unwrap();
                }
            }
            Step::Ask { most, arrives } => {
                let answer = self.ask(self.page.token, *most);
                if *arrives {
                    self.page.take(answer);
                }
            }
            Step::Stranger(token) => {
                let answer = self.ask(*token, 2);
                assert!(answer.anew);
                if token.is_none() {
                    self.page.take(answer);
                }
            }
        }
    }

    fn open_message(&self, at: usize) -> Option<MessageId> {
        let open = self.store.open_messages(10, 100).unwrap();
        open.get(at).map(|row| row.id)
    }

    fn queue(&mut self, number: u8, refers: bool) {
        let parent = self.open_message(0).filter(|_| refers);
        let number = if parent.is_some() { 1 } else { number };
        self.queue_octets(text(number), parent);
    }

    fn queue_octets(&mut self, wire: Vec<u8>, parent: Option<MessageId>) {
        self.store.queue(&[new_message(wire, parent)]).unwrap();
    }

    fn seal(&mut self) {
        let Some(row) = self.store.open_messages(1, 100).unwrap().pop() else {
            return;
        };
        let parent = row.parent.map(|id| self.store.own(id).unwrap().unwrap());
        let refers = parent.map(|parent| own::leading(&parent).unwrap().hash);
        let mut message = Message::decode(&row.wire).unwrap();
        if let Some(refers) = refers {
            message.reference.message = TransactionHash::new(refers.0);
        }
        let sealed = NewVariant {
            kind: Kind::Message,
            revision: row.revision,
            nonce: self.store.next_nonce().unwrap(),
            hash: B256::repeat_byte(100 + u8::try_from(row.id.0).unwrap()),
            raw: vec![self.salt],
            wire: message.encode().unwrap(),
            refers,
            max_fee: 1,
            priority_fee: 1,
            gas_limit: 1,
            at: 6,
        };
        self.store.seal_burst(&[(row.id, sealed)], 6).unwrap();
    }

    fn mine(&mut self) {
        let waiting = self.store.in_no_block().unwrap();
        let sealed = waiting.iter().filter(|row| row.sealed).zip(0..);
        let (mut messages, mut own) = (Vec::new(), Vec::new());
        for (row, index) in sealed {
            let lead = own::leading(row).unwrap();
            messages.push(Seen {
                hash: lead.hash,
                index,
                originator: OWN,
                input: row.wire.clone(),
            });
            own.push(OwnUse {
                nonce: lead.nonce,
                hash: lead.hash,
                index,
            });
        }
        let tip = self.store.tip().unwrap();
        let number = tip.map_or(0, |tip| tip.number + 1);
        let mut hash = [self.salt; 32];
        hash[0] = u8::try_from(number).unwrap();
        let block = ScannedBlock {
            header: Header {
                number,
                hash: B256::from(hash),
                parent: tip.map_or(B256::ZERO, |tip| tip.hash),
                time: 1_000 + number,
            },
            level: Verification::Block,
            messages,
            own,
            unreadable: 0,
        };
        let next = ChainChange {
            drop_from: None,
            blocks: vec![block],
            apart: false,
            safe: Some(number),
            finalized: None,
        };
        self.store.advance(&next).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn who_applies_what_it_is_told_has_what_is_there(
        steps in prop::collection::vec(step(), 1..24),
        most in 1..4_usize,
    ) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        world.ask_for_all(most);
        let there = TELLER.all(&world.board);
        prop_assert_eq!(world.page.in_order(), there);
        world.told.forget_what_is_left();
        prop_assert_eq!(world.ask_for_all(most), 0, "nothing changed");
        world.told.forget_what_is_left();
        world.board = Board::new(OWN, Tests::Ignored);
        prop_assert_eq!(world.ask_for_all(most), 0, "it was only read anew");
    }
}

impl Told {
    /// So that everything is compared again.
    fn forget_what_is_left(&mut self) {
        if let Some(last) = &mut self.answered {
            last.left.revision = u64::MAX;
        }
    }
}

fn three_signals() -> World {
    let mut world = World::new();
    for _ in 0..3 {
        world.queue(0, false);
    }
    world
}

#[test]
fn a_long_answer_comes_in_pieces_and_a_lost_piece_is_told_again() {
    let mut world = three_signals();
    let first = world.ask(None, 2);
    assert!(first.anew && first.more);
    assert_eq!(first.changed.len(), 2);
    let token = Some(first.token);
    let lost = world.ask(token, 2);
    assert!(!lost.anew && !lost.more);
    assert_eq!(lost.changed.len(), 1);
    let again = world.ask(token, 2);
    assert_eq!((again.anew, &again.changed), (false, &lost.changed));
    let nothing = world.ask(Some(again.token), 2);
    assert_eq!((nothing.anew, nothing.changed.len()), (false, 0));
    let stale = world.ask(token, 2);
    assert!(stale.anew, "nobody knows any more what that was");
}

#[test]
fn only_what_changed_is_told_and_what_is_gone() {
    let mut world = three_signals();
    world.ask_for_all(9);
    world.seal();
    let answer = world.ask(world.page.token, 9);
    let [changed] = answer.changed.as_slice() else {
        panic!("one got its hash");
    };
    assert_eq!(changed.transaction_hash, hex::encode([101; 32]));
    assert_eq!(answer.gone, ["@1"]);
}

#[test]
fn all_that_is_gone_is_told_at_once() {
    let mut world = three_signals();
    world.ask_for_all(9);
    world.seal();
    world.seal();
    let answer = world.ask(world.page.token, 1);
    assert_eq!(answer.gone.len(), 2);
    assert!(answer.more);
}

#[test]
fn time_alone_changes_nothing() {
    let mut world = World::new();
    let mut sign = mine_field(400);
    sign["MessageBody"]["Duration"] = "P07D00H00M".into();
    let sign = Message::from_json(&sign.to_string()).unwrap();
    world.queue_octets(sign.encode().unwrap(), None);
    world.ask_for_all(9);
    let later = Teller {
        now: i64::MAX,
        ..TELLER
    };
    let [before] = TELLER.all(&world.board).try_into().unwrap();
    let [after] = later.all(&world.board).try_into().unwrap();
    assert_eq!(before.validity, Validity::Future);
    assert_eq!(after.validity, Validity::Expired);
    let answer = world.told.tell(&world.board, later, world.page.token, 9);
    assert_eq!(answer.changed, []);
}
