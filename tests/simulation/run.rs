//! One run: a world and a person from a seed, the real engine between them, everything that can happen
//! happening at random, and at last everything well again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parley_engine::{Custom, Init, Parley};
use parley_store::{Secrets, Store};
use parley_testkit::strict::{Reinclude, Seed, Signer};
use parley_wire::{Changed, Link, OfflineReason, Receive, Settings};
use tempfile::TempDir;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::laws::Laws;
use crate::outside::{Mortal, Sim};
use crate::person::Person;
use crate::world::{World, dialect};

/// The most that is offered for one gas, gwei, where a person set a limit.
pub(crate) const LIMIT_GWEI: u32 = 300;

/// What came of a run.
pub(crate) struct Outcome {
    pub(crate) trace: String,
    pub(crate) steps: u64,
    pub(crate) faults: Vec<String>,
}

/// One thread, one more for the data file, and time that passes when nobody works.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .max_blocking_threads(1)
        .build()
        .unwrap()
}

/// Runs a seed from its beginning to its end, in virtual time.
pub(crate) fn run(seed: u64) -> Outcome {
    runtime().block_on(async {
        let mut run = Run::new(seed).await;
        run.live().await;
        run.get_well().await;
        run.laws.in_the_end(&run.parley, &run.person).await;
        run.compare_with_a_fresh_device().await;
        let mut world = run.sim.world();
        Outcome {
            trace: std::mem::take(&mut world.trace),
            steps: run.steps,
            faults: std::mem::take(&mut world.faults),
        }
    })
}

pub(crate) struct Run {
    pub(crate) sim: Sim,
    pub(crate) chance: Seed,
    dir: PathBuf,
    pub(crate) parley: Parley,
    pub(crate) person: Person,
    pub(crate) laws: Laws,
    steps: u64,
    /// Before this step the chain goes wrong.
    wrong_at: Option<u64>,
    pub(crate) place: TempDir,
}

/// A folder in memory where there is one.
pub(crate) fn place() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    place.unwrap()
}

/// A data folder with the account of the world's device.
pub(crate) fn folder(place: &TempDir, name: &str, sim: &Sim) -> PathBuf {
    let device = sim.world().device;
    folder_of(place, name, sim, device)
}

/// A data folder with the account of this number.
pub(crate) fn folder_of(place: &TempDir, name: &str, sim: &Sim, account: u64) -> PathBuf {
    let dir = place.path().join(name);
    let ends = |world: &World| world.ends.iter().map(|end| end.url.clone()).collect();
    let rpc = ends(&sim.world());
    std::fs::create_dir_all(&dir).unwrap();
    Secrets::create(&dir, [7; 32], Signer::of(account).secret().0).unwrap();
    let custom = Custom {
        chain_id: crate::world::CHAIN,
        private: true,
    };
    let (network, custom) = match sim.world().link {
        None => ("exercise", Some(custom)),
        Some(_) => ("local", None),
    };
    let request = Init {
        network: network.to_owned(),
        custom,
        rpc,
        name: String::new(),
    };
    Parley::init(&dir, &request).unwrap();
    dir
}

pub(crate) fn open(dir: &std::path::Path, sim: &Sim) -> Parley {
    Parley::open_in(dir, Arc::new(sim.clone())).unwrap()
}

/// Listens for the alarm, for ever.
async fn listen(parley: &Parley, sim: &Sim) {
    let alarm = Link::Offline {
        reason: OfflineReason::Contradiction,
    };
    let mut changes = parley.changes();
    loop {
        let told = changes.recv().await;
        if told != Ok(Changed::Status) || parley.status().await.unwrap().link != alarm {
            continue;
        }
        let mut world = sim.world();
        world.note("the alarm");
        world.alarm = true;
    }
}

impl Run {
    async fn new(seed: u64) -> Self {
        let sim = Sim::new(World::new(seed));
        let place = place();
        let dir = folder(&place, "device", &sim);
        let parley = open(&dir, &sim);
        let mut chance = Seed::new(seed ^ 0x0C0F_FEE0);
        let most_gwei = (chance.below(3) == 0).then_some(LIMIT_GWEI);
        let undo_seconds = [0, 10, 30][usize::try_from(chance.below(3)).unwrap()];
        // In one world of five the device receives nothing until everything gets well.
        let receive = match Seed::new(seed ^ 0xDA7A_5A7E).below(5) {
            0 => Receive::Nothing,
            _ => Receive::Everything,
        };
        let settings = Settings {
            receive,
            most_gwei,
            undo_seconds,
            ..Settings::default()
        };
        parley.choose(settings).await.unwrap();
        let store = Store::open(&dir, &[7; 32]).unwrap();
        Self {
            person: Person::new(&sim, seed),
            laws: Laws::new(&sim, store, most_gwei),
            sim,
            dir,
            parley,
            steps: 0,
            wrong_at: (seed % 4 == 1).then(|| chance.below(20)),
            chance,
            place,
        }
    }

    /// The program runs for a while; where it dies, it is started again.
    pub(crate) async fn pass(&mut self, time: Duration) {
        let until = Instant::now() + time;
        loop {
            let parley = self.parley.clone();
            let stop = CancellationToken::new();
            let program = Mortal::new(&self.sim, async move { parley.run(stop).await });
            let died = tokio::select! {
                biased;
                () = listen(&self.parley, &self.sim) => false,
                () = sleep_until(until) => false,
                () = program => true,
            };
            if !died {
                return;
            }
            self.start_again();
        }
    }

    fn start_again(&mut self) {
        self.sim.world().note("the program starts again");
        self.parley = open(&self.dir, &self.sim);
    }

    async fn live(&mut self) {
        let steps = 20 + self.chance.below(60);
        for _ in 0..steps {
            if self.wrong_at == Some(self.steps) {
                self.go_wrong().await;
            }
            self.steps += 1;
            let pause = 500 + self.chance.below(30_000);
            self.pass(Duration::from_millis(pause)).await;
            self.sim.world().chain.advance_time(pause / 1_000);
            self.happen().await;
            self.laws.all_along(&self.parley).await;
        }
    }

    /// Something happens.
    async fn happen(&mut self) {
        let what = self.chance.below(40);
        match what {
            0..=11 => self.mine(),
            12..=25 => self.person.act(&self.parley).await,
            26 | 27 => self.reorg(),
            28 => self.spike(),
            29 => self.sim.world().dies_in = Some(self.chance.below(60)),
            30 => {
                // The window is closed and opened again in the middle of whatever it did.
                self.start_again();
            }
            31 => self.clock(),
            32 | 33 => self.links(),
            34 => self.elsewhere(),
            35 => self.strangers(),
            36 | 37 => self.pools(),
            38 => self.sim.world().refresh(None),
            _ => self.another_client(),
        }
    }

    fn mine(&mut self) {
        let count = 1 + self.chance.below(3);
        let refresh = self.chance.below(2) == 0;
        let mut world = self.sim.world();
        let head = world.chain.mine_n(count);
        world.note(&format!("block {head}"));
        if refresh {
            world.refresh(None);
        }
    }

    fn reorg(&mut self) {
        let keep = Reinclude::draw(&mut self.chance);
        let wish = if self.chance.below(2) == 0 { 3 } else { 40 };
        let wish = 1 + self.chance.below(wish);
        let more = self.chance.below(3);
        let mut world = self.sim.world();
        let head = world.chain.head().number;
        let lowest = world.chain.finalized().unwrap_or(head.saturating_sub(40));
        let depth = wish.min(head - lowest);
        world.chain.reorg_to(depth, depth + more, keep);
        world.note(&format!("reorganised by {depth} and {more} more, {keep:?}"));
    }

    fn spike(&mut self) {
        let mut world = self.sim.world();
        let fee = world
            .chain
            .next_base_fee()
            .saturating_mul(20)
            .min(2_000_000_000_000);
        world.chain.set_base_fee(fee);
        world.chain.mine();
        world.note(&format!("base fee {fee}"));
    }

    fn clock(&mut self) {
        let off = self.chance.below(630_000_000);
        let off = i64::try_from(off).unwrap() - 315_000_000;
        let back = self.chance.below(2) == 0;
        let mut world = self.sim.world();
        world.clock_off = if back { 0 } else { off };
        let off = world.clock_off;
        world.note(&format!("the clock is off by {off}"));
    }

    fn links(&mut self) {
        let heals = self.chance.below(2) == 0;
        let roll = self.chance.number();
        let mut world = self.sim.world();
        let count = world.ends.len() as u64;
        let at = usize::try_from(roll % count).unwrap();
        world.ends[at].up = heals || !world.ends[at].up;
        world.ends[at].loss = if heals {
            0
        } else {
            [0, 30, 60][usize::try_from(roll / 64 % 3).unwrap()]
        };
        let (up, loss) = (world.ends[at].up, world.ends[at].loss);
        world.note(&format!("endpoint {at}: up {up}, loss {loss}"));
    }

    /// The account is used on another device.
    fn elsewhere(&mut self) {
        let rare = self.chance.below(2) == 0;
        let number = self.chance.number();
        let mut world = self.sim.world();
        if rare {
            world.chain.forget_pool();
        }
        let device = world.device;
        let message = parley_testkit::free_text(&format!("elsewhere {number}"));
        let message = whiteflag::Message::from_json_with_parent(&message)
            .unwrap()
            .0;
        world.chain.write_as(device, &message.plaintext());
        world.note("the account is used elsewhere");
        world.chain.mine();
    }

    fn strangers(&mut self) {
        let (who, number) = (self.chance.below(4), self.chance.number());
        let mut world = self.sim.world();
        let message = parley_testkit::free_text(&format!("stranger {number}"));
        let message = whiteflag::Message::from_json_with_parent(&message)
            .unwrap()
            .0;
        world.chain.write_as(who, &message.plaintext());
        world.chain.write_as(who, b"WF1 and no message");
        world.chain.add_noise(number, 5);
        world.note("strangers write");
    }

    fn pools(&mut self) {
        let one = self.chance.below(2) == 0;
        let mut world = self.sim.world();
        let address = world.address();
        let first = world.chain.pool_of(address).first().map(|sent| sent.hash);
        match first.filter(|_| one) {
            Some(hash) => drop(world.chain.drop_from_pool(hash)),
            None => world.chain.forget_pool(),
        }
        world.note("the pool forgets");
    }

    fn another_client(&mut self) {
        let dialect = dialect(&mut self.chance);
        let mut world = self.sim.world();
        world.chain.set_dialect(dialect);
        world.chain.forget_pool();
        world.refresh(Some(dialect));
        world.note(&format!("now it is {dialect:?}"));
    }

    /// The world is well, time passes, and what was promised has to come true.
    async fn get_well(&mut self) {
        self.sim.world().heal();
        let settings = Settings {
            receive: Receive::Everything,
            ..self.parley.settings().await.unwrap()
        };
        self.parley.choose(settings).await.unwrap();
        self.sim.world().note("the world is well again");
        for round in 0..150 {
            if round % 5 == 0 {
                self.parley.network_changed();
                self.person.decide(&self.parley).await;
            }
            self.sim.world().chain.advance_time(13);
            self.pass(Duration::from_secs(13)).await;
            if self.laws.is_all_in_blocks() && round > 3 {
                break;
            }
            self.mine();
            self.laws.all_along(&self.parley).await;
        }
        // Blocks enough to make everything final, and time to see it.
        for _ in 0..2 {
            self.sim.world().chain.mine_n(70);
            self.sim.world().refresh(None);
            self.pass(Duration::from_secs(45)).await;
            self.laws.all_along(&self.parley).await;
        }
    }
}
