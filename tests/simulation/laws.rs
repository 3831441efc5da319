//! What must hold all along, and what must have come true in the end. The chain and the store are
//! looked at for themselves, not through the engine.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::B256;
use parley_core::MessageId;
use parley_engine::Parley;
use parley_store::{Kind, OutgoingRow, Store};
use parley_wire::{OwnMessage, State};
use serde_json::Value;
use whiteflag::Message;

use crate::outside::Sim;
use crate::person::{Person, Promise};

const WINDOW: u64 = 16;
const GWEI: u128 = 1_000_000_000;
/// Questions in any ten seconds, at most.
const BUSY: usize = 400;

/// The laws, with what was seen so far.
pub(crate) struct Laws {
    sim: Sim,
    store: Store,
    limit: u128,
    before: BTreeMap<MessageId, OutgoingRow>,
    /// Messages that were called final, with their block.
    finals: BTreeMap<u64, (Option<String>, Option<u64>)>,
    /// Offers that were looked at.
    looked_at: BTreeSet<B256>,
}

impl Laws {
    pub(crate) fn new(sim: &Sim, store: Store, most_gwei: Option<u32>) -> Self {
        Self {
            sim: sim.clone(),
            store,
            limit: most_gwei.map_or(2_000 * GWEI, |gwei| u128::from(gwei) * GWEI),
            before: BTreeMap::new(),
            finals: BTreeMap::new(),
            looked_at: BTreeSet::new(),
        }
    }

    pub(crate) fn fault(&self, what: String) {
        self.sim.world().fault(what);
    }

    fn rows(&self) -> BTreeMap<MessageId, OutgoingRow> {
        let rows = self.store.own_from(None, 10_000).unwrap();
        rows.into_iter().map(|row| (row.id, row)).collect()
    }

    /// Holds at every moment.
    pub(crate) async fn all_along(&mut self, parley: &Parley) {
        let rows = self.rows();
        self.offers(&rows);
        for row in rows.values() {
            self.fees_and_nonces(row);
            self.replacements(row, &rows);
        }
        self.before = rows;
        let outbox = parley.outbox().await.unwrap();
        self.finality(&outbox);
        let states = outbox.iter().map(|own| (own.id, own.state, &own.reason));
        let states = format!("{:?}", states.collect::<Vec<_>>());
        self.sim.world().note(&states);
        if self.sim.world().busiest > BUSY {
            let busiest = self.sim.world().busiest;
            self.fault(format!("{busiest} questions in ten seconds"));
            self.sim.world().busiest = 0;
        }
        let mut world = self.sim.world();
        if world.alarm && !world.wrong {
            world.alarm = false;
            world.fault("an alarm, and nothing final was replaced".to_owned());
        }
    }

    /// The height up to which the device holds the chain as final.
    pub(crate) fn finalized(&self) -> Option<u64> {
        self.store.finality().unwrap().finalized
    }

    /// No page of the data file is damaged.
    pub(crate) fn file_is_whole(&self) {
        if !self.store.quick_check().unwrap() {
            self.fault("the file is damaged".to_owned());
        }
    }

    /// What was offered is exposed in the store, and not too far ahead of the chain.
    fn offers(&mut self, rows: &BTreeMap<MessageId, OutgoingRow>) {
        let (offered, highest) = {
            let world = self.sim.world();
            (world.offered.clone(), world.highest_nonce)
        };
        let variants = || rows.values().flat_map(|row| &row.variants);
        for (hash, raw) in &offered {
            if !self.looked_at.insert(*hash) {
                continue;
            }
            match variants().find(|variant| variant.hash == *hash) {
                Some(variant) if variant.raw != *raw => {
                    self.fault(format!("{hash} was offered otherwise than it is exposed"));
                }
                Some(variant) if variant.nonce >= highest + WINDOW => {
                    self.fault(format!(
                        "nonce {} is too far ahead of {highest}",
                        variant.nonce
                    ));
                }
                Some(_) => {}
                None => self.fault(format!("{hash} was offered and is not in the store")),
            }
        }
    }

    fn fees_and_nonces(&self, row: &OutgoingRow) {
        let live = row.variants.iter().filter(|variant| !variant.displaced);
        let nonces: BTreeSet<u64> = live.map(|variant| variant.nonce).collect();
        if nonces.len() > 1 {
            self.fault(format!("message {:?} has the nonces {nonces:?}", row.id));
        }
        if row.cancelled && row.giving_up_at.is_none() && !nonces.is_empty() {
            self.fault(format!("message {:?} was withdrawn and signed", row.id));
        }
        for variant in &row.variants {
            if variant.max_fee > self.limit || variant.priority_fee > variant.max_fee {
                self.fault(format!("{} offers {}", variant.hash, variant.max_fee));
            }
        }
    }

    /// No other fee while a message that holds the hash had left.
    fn replacements(&self, row: &OutgoingRow, rows: &BTreeMap<MessageId, OutgoingRow>) {
        let Some(before) = self.before.get(&row.id) else {
            return;
        };
        let live = |row: &OutgoingRow| row.variants.iter().filter(|v| !v.displaced).count();
        if live(before) == 0 || live(row) <= live(before) {
            return;
        }
        let left_before =
            |child: &&OutgoingRow| self.before.get(&child.id).is_some_and(|c| live(c) > 0);
        let mut children = rows
            .values()
            .filter(|child| child.parent == Some(row.id) && live(child) > 0);
        if let Some(child) = children.find(left_before) {
            self.fault(format!(
                "{:?} got another fee, and {:?} refers to it",
                row.id, child.id
            ));
        }
    }

    /// What was called final stays so.
    fn finality(&mut self, outbox: &[OwnMessage]) {
        for own in outbox {
            let now = (own.transaction_hash.clone(), own.block_number);
            if let Some(then) = self.finals.get(&own.id) {
                // One whose reference was repaired stays where it is.
                let stays = matches!(own.state, State::Final | State::Stopped);
                if !stays || *then != now {
                    let state = own.state;
                    self.fault(format!(
                        "message {} was final in {then:?}, is {state:?} in {now:?}",
                        own.id
                    ));
                }
            } else if own.state == State::Final {
                self.finals.insert(own.id, now);
            }
        }
    }

    /// Whether the chain has every nonce that was given away, and nothing waits.
    pub(crate) fn is_all_in_blocks(&self) -> bool {
        let counts = self.store.counts().unwrap();
        counts.open == 0 && counts.unsent == 0 && counts.waiting_for_person == 0
    }

    /// Holds in the end.
    pub(crate) async fn in_the_end(&mut self, parley: &Parley, person: &Person) {
        self.file_is_whole();
        let rows = self.rows();
        let blocks = self.sim.world().blocks();
        let chain = Chain::of(&blocks);
        let address = self.sim.world().address();
        let (used, next) = (
            self.sim.world().chain.nonce_of(address),
            self.store.next_nonce().unwrap(),
        );
        if used < next {
            self.fault(format!("nonces from {used} to {next} are left out"));
        }
        let outbox = parley.outbox().await.unwrap();
        for (id, promise) in &person.promises {
            let own = outbox.iter().find(|own| own.id == *id);
            match (rows.get(&MessageId(*id)), own) {
                (Some(row), Some(own)) => self.kept(row, own, promise, &chain, &rows),
                _ => self.fault(format!("message {id} is lost")),
            }
        }
        for (hash, called) in self
            .finals
            .values()
            .filter_map(|(hash, block)| Some((hash.clone()?, *block)))
        {
            if chain.places.get(&hash) != called.as_ref() {
                self.fault(format!("{hash} was called final in {called:?}"));
            }
        }
        self.received(parley).await;
    }

    /// What was promised about one message is so.
    fn kept(
        &self,
        row: &OutgoingRow,
        own: &OwnMessage,
        promise: &Promise,
        chain: &Chain,
        rows: &BTreeMap<MessageId, OutgoingRow>,
    ) {
        let id = row.id;
        let there = |kind: Kind| {
            let of_kind = row.variants.iter().filter(move |v| v.kind == kind);
            of_kind
                .filter(|v| chain.places.contains_key(&digits(v.hash)))
                .count()
        };
        let (says, blank) = (there(Kind::Message), there(Kind::Blank));
        let repairs = rows
            .values()
            .filter(|other| other.repairs == Some(id))
            .count();
        let texts = chain
            .bodies
            .iter()
            .filter(|body| **body == promise.body)
            .count();
        if promise.withdrawn {
            if texts > 0 || own.state != State::Cancelled {
                self.fault(format!(
                    "message {id:?} was withdrawn and is {:?}, {texts} times on the chain",
                    own.state
                ));
            }
            return;
        }
        let done = match own.state {
            State::Final => says == 1 && blank == 0,
            State::Stopped => says == 1 && repairs == 1,
            State::Cancelled => promise.given_up && says == 0,
            _ => false,
        };
        if !done {
            let what = (own.state, &own.reason, says, blank, repairs);
            self.fault(format!("message {id:?} ends as {what:?}"));
        }
        if texts > repairs + 1 {
            self.fault(format!("message {id:?} is {texts} times on the chain"));
        }
        if says == 1 && texts == 0 {
            self.fault(format!("message {id:?} says something else on the chain"));
        }
        if let (1, 0, Some(parent)) = (says, repairs, row.parent) {
            self.points_right(row, &rows[&parent], chain);
        }
    }

    /// The reference on the chain is the hash of the parent there.
    fn points_right(&self, row: &OutgoingRow, parent: &OutgoingRow, chain: &Chain) {
        let Some(refers) = row.refers else {
            return self.fault(format!("message {:?} refers to nothing", row.id));
        };
        let says = parent.variants.iter().filter(|v| v.kind == Kind::Message);
        let landed = says
            .map(|v| v.hash)
            .find(|hash| chain.places.contains_key(&digits(*hash)));
        if landed != Some(refers) {
            self.fault(format!(
                "message {:?} refers to {refers}, its parent is {landed:?}",
                row.id
            ));
        }
    }

    /// A device tells what the chain has, all of it and nothing else, and that it has every block.
    pub(crate) async fn received(&self, parley: &Parley) {
        let inbox = parley.inbox().await.unwrap().into_iter();
        let told = inbox.map(|one| (one.transaction_hash, one.block_number, one.block_hash));
        let told: BTreeSet<_> = told.collect();
        let (placed, head) = {
            let world = self.sim.world();
            (world.chain.whiteflag(), world.chain.head().number)
        };
        let placed = placed.into_iter();
        let truth = placed.map(|one| (digits(one.hash), one.height, digits(one.block)));
        let truth: BTreeSet<_> = truth.collect();
        if told != truth {
            let missing: Vec<_> = truth.difference(&told).collect();
            let invented: Vec<_> = told.difference(&truth).collect();
            self.fault(format!("missing: {missing:?}, invented: {invented:?}"));
        }
        let coverage = parley.network().await.unwrap().coverage;
        let mut next = 0;
        for stretch in &coverage.stretches {
            next = if stretch.first == next {
                stretch.last + 1
            } else {
                0
            };
        }
        let whole = (coverage.start, coverage.head) == (Some(0), Some(head));
        if !whole || coverage.missing > 0 || next != head + 1 {
            self.fault(format!("of {head} blocks not all are there: {coverage:?}"));
        }
    }
}

/// What is on the chain in the end.
struct Chain {
    /// The block of each transaction.
    places: BTreeMap<String, u64>,
    /// What Whiteflag messages say, whoever sent them.
    bodies: Vec<Value>,
}

impl Chain {
    fn of(blocks: &[Value]) -> Self {
        let mut chain = Self {
            places: BTreeMap::new(),
            bodies: Vec::new(),
        };
        for (number, block) in blocks.iter().enumerate() {
            for transaction in block["transactions"].as_array().unwrap() {
                let hash = transaction["hash"].as_str().unwrap()[2..].to_owned();
                let input =
                    alloy_primitives::hex::decode(transaction["input"].as_str().unwrap()).unwrap();
                chain.places.insert(hash, number as u64);
                if let Ok(message) = Message::decode(&input) {
                    chain.bodies.push(message.to_value()["MessageBody"].take());
                }
            }
        }
        chain
    }
}

fn digits(hash: B256) -> String {
    alloy_primitives::hex::encode(hash)
}
