//! The outbox as plain data: what each of the store's promises means, told without SQL. It is written
//! from the documentation of the store's functions, so that both can be held against each other.

use alloy_primitives::B256;
use parley_core::delivery::Stop;
use parley_store::Kind;

/// A signed transaction.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) kind: Kind,
    pub(crate) nonce: u64,
    pub(crate) hash: B256,
    pub(crate) displaced: bool,
}

/// What is to be kept of a transaction that was just signed.
pub(crate) struct Sealing {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    pub(crate) revision: u64,
    pub(crate) nonce: u64,
    pub(crate) hash: B256,
    pub(crate) refers: Option<B256>,
}

/// A message; its number is its place in the list, from 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) parent: Option<u64>,
    pub(crate) revision: u64,
    pub(crate) urgent: bool,
    pub(crate) undo_until: Option<u64>,
    pub(crate) stopped: Option<Stop>,
    pub(crate) cancelled: bool,
    pub(crate) giving_up: bool,
    pub(crate) more_asked: bool,
    pub(crate) refers: Option<B256>,
    pub(crate) signed: Vec<Signed>,
    pub(crate) settled: Option<u64>,
}

impl Message {
    fn live(&self) -> impl Iterator<Item = &Signed> {
        self.signed.iter().filter(|signed| !signed.displaced)
    }

    pub(crate) fn is_sealed(&self) -> bool {
        self.live().next().is_some()
    }

    pub(crate) fn nonce(&self) -> Option<u64> {
        self.live().next().map(|signed| signed.nonce)
    }

    /// Its hash, as what refers to it has it.
    pub(crate) fn hash(&self) -> Option<B256> {
        self.live().last().map(|signed| signed.hash)
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.is_sealed() && !self.cancelled && self.stopped.is_none()
    }
}

/// A block, and the transactions of the account in it, in the order of their nonces.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) hash: B256,
    pub(crate) own: Vec<B256>,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) messages: Vec<Message>,
    pub(crate) next_nonce: u64,
    /// Block 1 and those after it.
    pub(crate) chain: Vec<Block>,
    pub(crate) finalized: usize,
}

/// Nothing, or why nothing was changed, in the words of `Debug`.
pub(crate) type Outcome = Result<(), String>;

fn refuse(why: &str) -> Outcome {
    Err(why.to_owned())
}

impl Outbox {
    pub(crate) fn at(&self, id: u64) -> &Message {
        &self.messages[usize::try_from(id).unwrap() - 1]
    }

    fn at_mut(&mut self, id: u64) -> &mut Message {
        &mut self.messages[usize::try_from(id).unwrap() - 1]
    }

    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = u64> + use<> {
        1..=self.messages.len() as u64
    }

    /// What is wanted and refers to it, oldest first.
    pub(crate) fn dependents(&self, id: u64) -> impl Iterator<Item = u64> {
        self.ids().filter(move |other| {
            let other = self.at(*other);
            other.parent == Some(id) && !other.cancelled
        })
    }

    /// What holds its hash and may have left.
    fn quoted_by(&self, id: u64) -> Option<u64> {
        self.ids()
            .find(|other| self.at(*other).parent == Some(id) && self.at(*other).is_sealed())
    }

    pub(crate) fn queue(&mut self, new: Vec<Message>) -> Outcome {
        for message in &new {
            if let Some(parent) = message.parent
                && (self.at(parent).cancelled || self.at(parent).giving_up)
            {
                return Err(format!("Conflict(Cancelled(MessageId({parent})))"));
            }
        }
        self.messages.extend(new);
        Ok(())
    }

    pub(crate) fn replace(&mut self, id: u64, parent: Option<u64>, urgent: bool) -> Outcome {
        self.editable(id)?;
        if let Some(parent) = parent {
            if parent >= id {
                return refuse("Unknown");
            }
            if self.at(parent).cancelled || self.at(parent).giving_up {
                return refuse("Cancelled");
            }
        }
        let message = self.at_mut(id);
        (message.parent, message.urgent) = (parent, urgent);
        (message.refers, message.stopped) = (None, None);
        message.revision += 1;
        Ok(())
    }

    fn editable(&self, id: u64) -> Outcome {
        match self.at(id) {
            message if message.cancelled => refuse("Cancelled"),
            message if message.is_sealed() => refuse("Sealed"),
            _ => Ok(()),
        }
    }

    pub(crate) fn cancel(&mut self, ids: &[u64]) -> Outcome {
        ids.iter().try_for_each(|id| self.editable(*id))?;
        let before = self.clone();
        for id in ids {
            self.at_mut(*id).cancelled = true;
        }
        match ids.iter().find_map(|id| self.dependents(*id).next()) {
            None => Ok(()),
            Some(needed) => {
                *self = before;
                Err(format!("NeededBy(MessageId({needed}))"))
            }
        }
    }

    pub(crate) fn hurry(&mut self, id: u64) -> Outcome {
        if self.at(id).cancelled {
            return refuse("Cancelled");
        }
        self.at_mut(id).undo_until = None;
        Ok(())
    }

    /// Stops it, or lets it go on.
    pub(crate) fn stop(&mut self, id: u64, reason: Option<Stop>) -> Outcome {
        if self.at(id).cancelled {
            return Err(format!("Conflict(Cancelled(MessageId({id})))"));
        }
        self.at_mut(id).stopped = reason;
        Ok(())
    }

    pub(crate) fn give_up(&mut self, id: u64) -> Outcome {
        match self.at(id) {
            message if message.cancelled => return refuse("Cancelled"),
            message if !message.is_sealed() => return refuse("NotSealed"),
            message if message.settled.is_some() => return refuse("Settled"),
            _ => {}
        }
        if let Some(needed) = self.dependents(id).next() {
            return Err(format!("NeededBy(MessageId({needed}))"));
        }
        self.at_mut(id).giving_up = true;
        Ok(())
    }

    pub(crate) fn keep(&mut self, id: u64) -> Outcome {
        if self.at(id).cancelled {
            return refuse("Cancelled");
        }
        if self.at(id).live().any(|signed| signed.kind == Kind::Blank) {
            return refuse("GivenUp");
        }
        self.at_mut(id).giving_up = false;
        Ok(())
    }

    pub(crate) fn ask_more(&mut self, id: u64) -> Outcome {
        if self.at(id).cancelled {
            return refuse("Cancelled");
        }
        if self.at(id).settled.is_some() {
            return refuse("Settled");
        }
        if !self.at(id).is_sealed() {
            return refuse("NotSealed");
        }
        if let Some(by) = self.quoted_by(id) {
            return Err(format!("Quoted(MessageId({by}))"));
        }
        self.at_mut(id).more_asked = true;
        Ok(())
    }

    /// What may be sealed next, each after what it refers to.
    pub(crate) fn open(&self, limit: usize, now: u64) -> Vec<u64> {
        let due = |id: &u64| {
            let message = self.at(*id);
            message.is_open() && message.undo_until.is_none_or(|until| until <= now)
        };
        let of = |urgent: bool| {
            self.ids()
                .filter(due)
                .filter(move |id| self.at(*id).urgent == urgent)
        };
        let mut ordered = Vec::new();
        for id in of(true).chain(of(false)).take(limit) {
            let mut line = vec![id];
            while let Some(parent) = line.last().and_then(|id| self.at(*id).parent)
                && !self.at(parent).is_sealed()
            {
                line.push(parent);
            }
            for id in line.into_iter().rev() {
                if !ordered.contains(&id) {
                    ordered.push(id);
                }
            }
        }
        ordered
    }

    /// Seals and exposes these, until one is not wanted any more. How many.
    pub(crate) fn seal(&mut self, burst: &[Sealing]) -> Result<usize, String> {
        let before = self.clone();
        for (count, sealing) in burst.iter().enumerate() {
            let message = self.at(sealing.id);
            let asked = message.giving_up || sealing.kind == Kind::Message;
            let stands = !message.cancelled && message.stopped.is_none() && asked;
            if !stands || message.settled.is_some() || message.revision != sealing.revision {
                return Ok(count);
            }
            if let Err(why) = self.sign(sealing) {
                *self = before;
                return Err(why);
            }
        }
        Ok(burst.len())
    }

    /// The nonce that a message's next transaction has.
    pub(crate) fn due(&self, id: u64) -> u64 {
        self.at(id).nonce().unwrap_or(self.next_nonce)
    }

    fn sign(&mut self, sealing: &Sealing) -> Outcome {
        let (id, due) = (sealing.id, self.due(sealing.id));
        if sealing.nonce != due {
            return Err(format!("Conflict(WrongNonce {{ due: {due} }})"));
        }
        if self.at(id).is_sealed() {
            if let Some(by) = self.quoted_by(id) {
                return Err(format!("Conflict(DependentExposed(MessageId({by})))"));
            }
            self.at_mut(id).more_asked = false;
        } else {
            if let Some(parent) = self.at(id).parent.filter(|id| !self.at(*id).is_sealed()) {
                return Err(format!("Conflict(ParentNotExposed(MessageId({parent})))"));
            }
            self.at_mut(id).refers = sealing.refers;
            self.next_nonce += 1;
        }
        self.at_mut(id).signed.push(Signed {
            kind: sealing.kind,
            nonce: due,
            hash: sealing.hash,
            displaced: false,
        });
        Ok(())
    }

    /// The block that holds a transaction.
    pub(crate) fn place(&self, hash: B256) -> Option<u64> {
        let at = self
            .chain
            .iter()
            .position(|block| block.own.contains(&hash));
        at.map(|at| at as u64 + 1)
    }

    /// A block holds one of its transactions.
    pub(crate) fn is_placed(&self, message: &Message) -> bool {
        let mut signed = message.signed.iter();
        signed.any(|signed| self.place(signed.hash).is_some())
    }

    /// How many transactions of the account final blocks hold.
    pub(crate) fn final_count(&self) -> u64 {
        let settled = self.chain.iter().take(self.finalized);
        settled.map(|block| block.own.len() as u64).sum()
    }

    /// Whose nonce another device has used for ever.
    pub(crate) fn displaced(&self) -> Vec<u64> {
        let gone = |id: &u64| {
            let message = self.at(*id);
            let used = message
                .nonce()
                .is_some_and(|nonce| nonce < self.final_count());
            used && message.settled.is_none()
        };
        self.ids().filter(gone).collect()
    }

    pub(crate) fn displace(&mut self, ids: &[u64]) {
        for id in ids {
            let message = self.at_mut(*id);
            for signed in &mut message.signed {
                signed.displaced = true;
            }
            message.cancelled |= message.giving_up;
        }
    }

    /// What a final block holds is settled.
    pub(crate) fn settle(&mut self) {
        for id in self.ids() {
            let places = self
                .at(id)
                .signed
                .iter()
                .filter_map(|signed| self.place(signed.hash));
            let place = places.min().filter(|place| *place <= self.finalized as u64);
            if self.at(id).settled.is_none() {
                self.at_mut(id).settled = place;
            }
        }
    }
}
