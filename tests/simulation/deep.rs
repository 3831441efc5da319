//! The chain goes wrong: blocks that this device holds as final are replaced, which no sound chain does,
//! and some time later it is the chain that it was. Meanwhile the device has to raise its alarm and to
//! hold on to what it has.

use std::time::Duration;

use parley_testkit::strict::{Reinclude, Strict};
use parley_wire::{Health, Link, Received, Standing};

use crate::run::Run;

/// So many blocks make any world's chain final at its beginning.
const ENOUGH: u64 = 70;

impl Run {
    /// Replaces final blocks, and after a while puts the right ones back.
    pub(crate) async fn go_wrong(&mut self) {
        self.sim.world().calm();
        let Some(height) = self.below_final().await else {
            return;
        };
        let (before, right) = (self.settled().await, self.sim.world().chain.clone());
        let everywhere = self.replace_above(height);
        for _ in 0..3 {
            self.parley.network_changed();
            self.pass(Duration::from_secs(20)).await;
            self.person.act(&self.parley).await;
            self.laws.all_along(&self.parley).await;
        }
        // Where an endpoint is left that has the old blocks, that one is believed.
        if everywhere && !self.sim.world().alarm {
            self.laws
                .fault(format!("no alarm about what is replaced above {height}"));
        }
        self.laws.file_is_whole();
        let after = self.settled().await;
        if !before.iter().all(|one| after.contains(one)) {
            self.laws.fault("what was final was let go".to_owned());
        }
        self.put_back(right).await;
    }

    /// A height below what the device holds as final, once it holds anything.
    async fn below_final(&mut self) -> Option<u64> {
        for _ in 0..2 {
            self.parley.network_changed();
            self.pass(Duration::from_secs(60)).await;
            self.laws.all_along(&self.parley).await;
            if let Some(finalized) = self.laws.finalized().filter(|height| *height > 0) {
                return Some(self.chance.below(finalized));
            }
            let mut world = self.sim.world();
            world.chain.mine_n(ENOUGH);
            world.refresh(None);
        }
        None
    }

    /// Replaces every block above a height. Whether no endpoint is left that has the old ones.
    fn replace_above(&mut self, height: u64) -> bool {
        let keep = Reinclude::draw(&mut self.chance);
        let more = self.chance.below(4);
        let everywhere = self.chance.below(3) > 0;
        let mut world = self.sim.world();
        let depth = world.chain.head().number - height;
        world
            .chain
            .reorg_to(depth, (depth + more).saturating_sub(1).max(1), keep);
        world.wrong = true;
        if everywhere {
            world.refresh(None);
        }
        world.note(&format!(
            "final blocks are replaced, {depth} above {height}, {keep:?}"
        ));
        everywhere || !world.has_copies()
    }

    /// The chain is again what it was, and a person pardons whoever seemed to lie.
    async fn put_back(&mut self, mut right: Strict) {
        {
            let mut world = self.sim.world();
            let late = world.chain.now().saturating_sub(right.now());
            right.advance_time(late);
            right.mine();
            world.chain = right;
            world.refresh(None);
            world.note("the right blocks are back");
        }
        for end in self.parley.network().await.unwrap().endpoints {
            if matches!(end.health, Health::Demoted { .. }) {
                self.parley.pardon_endpoint(&end.url).await.unwrap();
            }
        }
        self.parley.network_changed();
        self.pass(Duration::from_secs(60)).await;
        let link = self.parley.status().await.unwrap().link;
        if link != Link::Online {
            self.laws
                .fault(format!("it is {link:?} though all is well again"));
        }
        let mut world = self.sim.world();
        (world.wrong, world.alarm) = (false, false);
    }

    /// What is received and called final, but for how well it was verified.
    async fn settled(&self) -> Vec<(String, String, u64)> {
        let inbox = self.parley.inbox().await.unwrap().into_iter();
        let settled = inbox.filter(|one| one.state == Standing::Final);
        let place = |one: Received| (one.transaction_hash, one.block_hash, one.block_number);
        settled.map(place).collect()
    }
}
