//! A file and its model, side by side: each step is taken by both, then both tell everything.

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use parley_core::MessageId;
use parley_core::chain::Header;
use parley_core::delivery::Stop;
use parley_core::verification::Verification;
use parley_store::{
    ChainChange, Kind, NewMessage, NewVariant, OwnUse, Profile, ScannedBlock, Seen, Store,
};
use proptest::prop_assert_eq;
use tempfile::TempDir;

use crate::Step;
use crate::compare::{Tested, compare};
use crate::outbox::{Block, Message, Outbox, Sealing};

const KEY: [u8; 32] = [7; 32];
const BEGINS: u64 = 1_700_000_000;
const UNDO: u64 = 10;

/// An empty data file, made once.
pub(crate) struct Template(TempDir);

impl Template {
    pub(crate) fn new() -> Self {
        let dir = place();
        let profile = Profile {
            network: "local".to_owned(),
            chain_id: 31_337,
            kind: "exercise".to_owned(),
            name: String::new(),
            rpc: Vec::new(),
            address: Address::ZERO,
            genesis: None,
        };
        drop(Store::create(dir.path(), &KEY, &profile).unwrap());
        Self(dir)
    }
}

/// In memory, where there is such a place: nothing here is about the disk.
fn place() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    place.unwrap()
}

pub(crate) struct Device {
    dir: TempDir,
    store: Store,
    model: Outbox,
    now: u64,
    /// Counts hashes.
    named: u64,
    /// What was signed and not sealed so far.
    stale: Vec<(MessageId, NewVariant)>,
}

impl Device {
    pub(crate) fn new(template: &Template) -> Self {
        let dir = place();
        for entry in std::fs::read_dir(template.0.path()).unwrap() {
            let from = entry.unwrap().path();
            std::fs::copy(&from, dir.path().join(from.file_name().unwrap())).unwrap();
        }
        Self {
            store: Store::open(dir.path(), &KEY).unwrap(),
            dir,
            model: Outbox::default(),
            now: BEGINS,
            named: 0,
            stale: Vec::new(),
        }
    }

    pub(crate) fn take(&mut self, step: &Step) -> Tested {
        self.act(step)?;
        compare(&self.store, &self.model, self.now)
    }

    fn act(&mut self, step: &Step) -> Tested {
        match step {
            Step::Queue {
                count,
                parent,
                urgent,
                undo,
            } => return self.queue(*count, *parent, *urgent, *undo),
            Step::Burst(count) => return self.burst(*count),
            Step::Block(count, theirs) => self.block(*count, *theirs),
            Step::Reorg(depth) => return self.reorg(*depth),
            Step::Finalize(below) => self.finalize(*below),
            Step::Later => self.now += UNDO + 1,
            Step::Reopen => self.store = Store::open(self.dir.path(), &KEY).unwrap(),
            Step::RaiseNonce => {
                let count = self.model.final_count();
                self.store.raise_nonce(count).unwrap();
                self.model.next_nonce = self.model.next_nonce.max(count);
            }
            Step::Displace => {
                let gone = self.model.displaced();
                let ids: Vec<_> = gone.iter().copied().map(MessageId).collect();
                self.store.displace(&ids, self.now).unwrap();
                self.model.displace(&gone);
            }
            Step::Stale => {
                let stale = std::mem::take(&mut self.stale);
                return self.seal(&stale);
            }
            _ if self.model.messages.is_empty() => {}
            Step::Replace(id, parent, urgent) => return self.replace(*id, *parent, *urgent),
            Step::Raise(id) => return self.again(*id, Kind::Message),
            Step::Blank(id) => return self.again(*id, Kind::Blank),
            Step::Cancel(picks) => {
                let ids: Vec<u64> = picks.iter().map(|pick| self.pick(*pick)).collect();
                let there: Vec<_> = ids.iter().copied().map(MessageId).collect();
                let done = self.store.cancel(&there, self.now);
                prop_assert_eq!(said(done), self.model.cancel(&ids));
            }
            Step::Hurry(pick) => {
                let id = self.pick(*pick);
                prop_assert_eq!(said(self.store.hurry(MessageId(id))), self.model.hurry(id));
            }
            Step::Stop(pick) => {
                let id = self.pick(*pick);
                let done = self.store.stop(MessageId(id), Stop::Over);
                prop_assert_eq!(said(done), self.model.stop(id, Some(Stop::Over)));
            }
            Step::Resume(pick) => {
                let id = self.pick(*pick);
                prop_assert_eq!(
                    said(self.store.resume(MessageId(id))),
                    self.model.stop(id, None)
                );
            }
            Step::GiveUp(pick) => {
                let id = self.pick(*pick);
                let done = self.store.give_up(MessageId(id), self.now);
                prop_assert_eq!(said(done), self.model.give_up(id));
            }
            Step::Keep(pick) => {
                let id = self.pick(*pick);
                prop_assert_eq!(said(self.store.keep(MessageId(id))), self.model.keep(id));
            }
            Step::AskMore(pick) => {
                let id = self.pick(*pick);
                prop_assert_eq!(
                    said(self.store.ask_more(MessageId(id))),
                    self.model.ask_more(id)
                );
            }
        }
        Ok(())
    }

    /// One of the messages.
    fn pick(&self, pick: u8) -> u64 {
        u64::from(pick) % self.model.messages.len() as u64 + 1
    }

    fn parent(&self, pick: Option<u8>) -> Option<u64> {
        pick.filter(|_| !self.model.messages.is_empty())
            .map(|pick| self.pick(pick))
    }

    fn name(&mut self) -> B256 {
        self.named += 1;
        B256::left_padding_from(&self.named.to_be_bytes())
    }

    fn queue(&mut self, count: u8, parent: Option<u8>, urgent: bool, undo: bool) -> Tested {
        let parent = self.parent(parent);
        let undo_until = undo.then_some(self.now + UNDO);
        let new = NewMessage {
            wire: b"a message".to_vec(),
            parent: parent.map(MessageId),
            at: self.now,
            urgent,
            undo_until,
            insists: false,
            repairs: None,
        };
        let message = Message {
            parent,
            urgent,
            undo_until,
            ..Message::default()
        };
        let done = self.store.queue(&vec![new; count.into()]);
        let wanted = self.model.queue(vec![message; count.into()]);
        prop_assert_eq!(said(done.map(drop)), wanted);
        Ok(())
    }

    fn replace(&mut self, id: u8, parent: Option<u8>, urgent: bool) -> Tested {
        let (id, parent) = (self.pick(id), self.parent(parent));
        let wire = b"another message";
        let done = self
            .store
            .replace(MessageId(id), wire, parent.map(MessageId), urgent);
        prop_assert_eq!(said(done), self.model.replace(id, parent, urgent));
        Ok(())
    }

    /// As the sending loop does: what may be sealed next, each after what it refers to, none that is
    /// held or refers to one that is. Every other time it comes too late, and is sealed in a later step.
    fn burst(&mut self, count: u8) -> Tested {
        let mut model = self.model.clone();
        let mut burst = Vec::new();
        for id in self.model.open(count.into(), self.now) {
            let hash = self.name();
            let new = self.signed(&model, id, Kind::Message, hash);
            if model.seal(&[sealing(MessageId(id), &new)]) == Ok(1) {
                burst.push((MessageId(id), new));
            }
        }
        if count == 5 {
            self.stale = burst;
            return Ok(());
        }
        self.seal(&burst)
    }

    /// One of the messages, whether it is its turn or not.
    fn again(&mut self, id: u8, kind: Kind) -> Tested {
        let (id, hash) = (self.pick(id), self.name());
        let new = self.signed(&self.model, id, kind, hash);
        self.seal(&[(MessageId(id), new)])
    }

    /// A transaction of a message, as the model would place it.
    fn signed(&self, model: &Outbox, id: u64, kind: Kind, hash: B256) -> NewVariant {
        let message = model.at(id);
        let parent = message.parent.and_then(|parent| model.at(parent).hash());
        let refers = if message.is_sealed() {
            message.refers
        } else {
            parent
        };
        NewVariant {
            kind,
            revision: message.revision,
            nonce: model.due(id),
            hash,
            raw: hash.to_vec(),
            wire: b"a message".to_vec(),
            refers,
            max_fee: 2,
            priority_fee: 1,
            gas_limit: 30_000,
            at: self.now,
        }
    }

    fn seal(&mut self, burst: &[(MessageId, NewVariant)]) -> Tested {
        let done = self.store.seal_burst(burst, self.now);
        let burst: Vec<_> = burst.iter().map(|(id, new)| sealing(*id, new)).collect();
        prop_assert_eq!(said(done.map(|kept| kept.len())), self.model.seal(&burst));
        Ok(())
    }

    fn block(&mut self, count: u8, theirs: u8) {
        let number = self.model.chain.len() as u64 + 1;
        let parent = self
            .model
            .chain
            .last()
            .map_or(B256::ZERO, |block| block.hash);
        let first: usize = self.model.chain.iter().map(|block| block.own.len()).sum();
        let mut block = Block {
            hash: self.name(),
            own: Vec::new(),
        };
        let (mut messages, mut own) = (Vec::new(), Vec::new());
        for index in 0..u64::from(count) {
            let nonce = first as u64 + index;
            let mine = self.mine_at(nonce, theirs);
            let (hash, kind) = match mine.filter(|_| theirs >> index & 1 == 0) {
                Some(mine) => mine,
                None if theirs >> index & 1 == 1 => (self.name(), Kind::Blank),
                None => break,
            };
            block.own.push(hash);
            own.push(OwnUse { nonce, hash, index });
            if kind == Kind::Message {
                messages.push(Seen {
                    hash,
                    index,
                    originator: Address::ZERO,
                    input: b"a message".to_vec(),
                });
            }
        }
        let scanned = ScannedBlock {
            header: Header {
                number,
                hash: block.hash,
                parent,
                time: self.now,
            },
            level: Verification::Block,
            messages,
            own,
            unreadable: 0,
        };
        self.model.chain.push(block);
        self.advance(ChainChange {
            blocks: vec![scanned],
            ..ChainChange::default()
        });
    }

    /// One of the own transactions at a nonce.
    fn mine_at(&self, nonce: u64, which: u8) -> Option<(B256, Kind)> {
        let all = self
            .model
            .messages
            .iter()
            .flat_map(|message| &message.signed);
        let there: Vec<_> = all
            .filter(|signed| signed.nonce == nonce && !signed.displaced)
            .collect();
        let signed = there.get(usize::from(which) % there.len().max(1))?;
        Some((signed.hash, signed.kind))
    }

    fn advance(&mut self, change: ChainChange) {
        self.store.advance(&change).unwrap();
        self.model.settle();
    }

    fn reorg(&mut self, depth: u8) -> Tested {
        let left = self.model.chain.len().saturating_sub(depth.into());
        let change = ChainChange {
            drop_from: Some(left as u64 + 1),
            ..ChainChange::default()
        };
        let done = self.store.advance(&change);
        if left < self.model.finalized {
            let last = self.model.finalized;
            prop_assert_eq!(said(done), Err(format!("Conflict(Final({last}))")));
        } else {
            prop_assert_eq!(said(done), Ok(()));
            self.model.chain.truncate(left);
        }
        Ok(())
    }

    fn finalize(&mut self, below: u8) {
        let height = self.model.chain.len().saturating_sub(below.into());
        if height == 0 {
            return;
        }
        self.model.finalized = self.model.finalized.max(height);
        self.advance(ChainChange {
            finalized: Some(height as u64),
            ..ChainChange::default()
        });
    }
}

fn sealing(id: MessageId, new: &NewVariant) -> Sealing {
    Sealing {
        id: id.0,
        kind: new.kind,
        revision: new.revision,
        nonce: new.nonce,
        hash: new.hash,
        refers: new.refers,
    }
}

fn said<T, E: std::fmt::Debug>(done: Result<T, E>) -> Result<T, String> {
    done.map_err(|why| format!("{why:?}"))
}
