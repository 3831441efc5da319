//! A person and a script at the device: what they do by chance, and what they were told, which is what
//! must come true.

use std::collections::BTreeMap;

use parley_engine::{Parley, Wrapping};
use parley_testkit::strict::Seed;
use parley_testkit::{free_text, reference, sign};
use parley_wire::{Draft, Failure, Reason, State};
use serde_json::{Value, json};

use crate::outside::Sim;
use crate::world::BEGIN;

/// What was promised about an own message.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// What it says.
    pub(crate) body: Value,
    pub(crate) parent: Option<u64>,
    pub(crate) withdrawn: bool,
    pub(crate) given_up: bool,
}

/// The person.
pub(crate) struct Person {
    sim: Sim,
    chance: Seed,
    pub(crate) promises: BTreeMap<u64, Promise>,
    count: u64,
    /// The most messages that are written.
    most: usize,
}

impl Person {
    pub(crate) fn new(sim: &Sim, seed: u64) -> Self {
        let mut chance = Seed::new(seed ^ 0x00BE_AC0E);
        let most = 4 + usize::try_from(chance.below(30)).unwrap();
        Self {
            sim: sim.clone(),
            chance,
            promises: BTreeMap::new(),
            count: 0,
            most,
        }
    }

    /// Does one thing.
    pub(crate) async fn act(&mut self, parley: &Parley) {
        let roll = self.chance.below(20);
        let told = match roll {
            0..=6 if self.promises.len() < self.most => self.queue(parley).await,
            7 if self.promises.len() < self.most => self.script(parley).await,
            8..=10 => self.edit(parley).await,
            11 | 12 => self.delete(parley).await,
            13 => self.with_any("send now", |id| parley.send_now(id)).await,
            14 | 15 => {
                self.with_any("offer more", |id| parley.offer_more(id))
                    .await
            }
            16 => self.give_up(parley).await,
            17 => self.keep(parley).await,
            _ => Ok(()),
        };
        if let Err(failure) = told {
            self.note(&format!("told: {failure}"));
        }
    }

    fn note(&self, what: &str) {
        self.sim.world().note(what);
    }

    fn any(&mut self) -> Option<u64> {
        let ids: Vec<u64> = self.promises.keys().copied().collect();
        // The newest are the most interesting.
        let from = ids.len().saturating_sub(6);
        let among = &ids[if self.chance.below(4) == 0 { 0 } else { from }..];
        let at = self.chance.below(among.len().max(1) as u64);
        among.get(usize::try_from(at).unwrap()).copied()
    }

    /// A message that nobody wrote before; some refer to own ones, some are urgent, some end soon.
    fn draft(&mut self, below: u64) -> (Draft, Option<u64>) {
        self.count += 1;
        let number = u16::try_from(self.count).unwrap();
        let kind = self.chance.below(10);
        let parent = self.any().filter(|id| *id < below && kind < 4);
        let place = ("+36.20210", "+037.13430");
        let mut message = match kind {
            9 => free_text(&format!("text {number}")),
            8 => sign("E11", place, "11", (number, 0, 0)),
            _ => sign("D21", place, "21", (number, 0, 0)),
        };
        if kind == 7 {
            let begins = time(BEGIN + self.chance.below(1_200));
            message["MessageBody"]["DateTime"] = json!(begins);
            message["MessageBody"]["Duration"] = json!("P00D00H05M");
        }
        if let Some(parent) = parent {
            message = reference(&message, 2, &format!("@{parent}"));
        }
        (Draft { message }, parent)
    }

    fn promised(&mut self, id: u64, draft: &Draft, parent: Option<u64>) {
        let promise = Promise {
            body: draft.message["MessageBody"].clone(),
            parent,
            withdrawn: false,
            given_up: false,
        };
        self.note(&format!("saved {id}: {}", draft.message));
        self.promises.insert(id, promise);
    }

    async fn queue(&mut self, parley: &Parley) -> Result<(), Failure> {
        let (draft, parent) = self.draft(u64::MAX);
        let id = parley.queue(draft.clone()).await?;
        self.promised(id, &draft, parent);
        Ok(())
    }

    async fn script(&mut self, parley: &Parley) -> Result<(), Failure> {
        let count = 1 + self.chance.below(20);
        let drafts: Vec<_> = (0..count).map(|_| self.draft(u64::MAX)).collect();
        let mut checked = Vec::new();
        for (draft, _) in &drafts {
            checked.push(parley.check(draft, Wrapping::WhereNeeded)?);
        }
        let answers = parley.queue_checked(&checked).await?;
        for ((draft, parent), answer) in drafts.iter().zip(answers) {
            match answer {
                Ok(id) => self.promised(id, draft, *parent),
                Err(failure) => self.note(&format!("told: {failure}")),
            }
        }
        Ok(())
    }

    async fn edit(&mut self, parley: &Parley) -> Result<(), Failure> {
        let Some(id) = self.any() else { return Ok(()) };
        let (draft, parent) = self.draft(id);
        self.note(&format!("edit {id}"));
        parley.edit(id, draft.clone()).await?;
        self.promised(id, &draft, parent);
        Ok(())
    }

    async fn delete(&mut self, parley: &Parley) -> Result<(), Failure> {
        let Some(id) = self.any() else { return Ok(()) };
        let with = self.chance.below(2) == 0;
        self.note(&format!("delete {id}, with dependents: {with}"));
        parley.delete(id, with).await?;
        self.withdraw(id);
        Ok(())
    }

    fn withdraw(&mut self, id: u64) {
        let children = self
            .promises
            .iter()
            .filter(|(_, one)| one.parent == Some(id));
        let children: Vec<u64> = children.map(|(id, _)| *id).collect();
        if let Some(promise) = self.promises.get_mut(&id) {
            promise.withdrawn = true;
        }
        children.into_iter().for_each(|child| self.withdraw(child));
    }

    async fn give_up(&mut self, parley: &Parley) -> Result<(), Failure> {
        let Some(id) = self.any() else { return Ok(()) };
        self.note(&format!("give up {id}"));
        parley.give_up(id).await?;
        self.promises.get_mut(&id).unwrap().given_up = true;
        Ok(())
    }

    async fn keep(&mut self, parley: &Parley) -> Result<(), Failure> {
        let Some(id) = self.any() else { return Ok(()) };
        self.note(&format!("keep {id}"));
        parley.keep(id).await?;
        self.promises.get_mut(&id).unwrap().given_up = false;
        Ok(())
    }

    async fn with_any<T: Future<Output = Result<(), Failure>>>(
        &mut self,
        what: &str,
        act: impl FnOnce(u64) -> T,
    ) -> Result<(), Failure> {
        let Some(id) = self.any() else { return Ok(()) };
        self.note(&format!("{what} {id}"));
        act(id).await
    }

    /// Decides about everything that waits for a person.
    pub(crate) async fn decide(&mut self, parley: &Parley) {
        for own in parley.outbox().await.unwrap() {
            if own.state != State::Waiting || own.reason != Reason::Over {
                continue;
            }
            if self.chance.below(2) == 0 && parley.delete(own.id, true).await.is_ok() {
                self.note(&format!("drops {}", own.id));
                self.withdraw(own.id);
            } else {
                self.note(&format!("sends {} anyway", own.id));
                parley.send_anyway(own.id).await.unwrap();
            }
        }
    }
}

/// A time of the day on which a run begins, as the standard writes it.
fn time(at: u64) -> String {
    let of_day = at % 86_400;
    let (hours, minutes) = (of_day / 3_600, of_day / 60 % 60);
    format!("2026-11-22T{hours:02}:{minutes:02}:{:02}Z", of_day % 60)
}
