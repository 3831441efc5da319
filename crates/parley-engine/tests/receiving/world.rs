//! Several endpoints, each with a chain and habits of its own, and a device that uses them. Time is
//! virtual. Nothing here judges what came out.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alloy_primitives::B256;
use parley_chain::{Carried, Carrier, Carrying, ReadFailure, Url};
use parley_engine::{Custom, Init, Lock, Outside, Parley, Synced, Until};
use parley_testkit::free_text;
use parley_testkit::strict::{Finality, Rules, Strict};
use parley_wire::{Health, Received, Settings, Verification};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The chain's id: that of no network with a name.
const CHAIN: u64 = 42_424;

/// Changes an answer: the question, what was answered to it.
pub(crate) type Habit = Arc<dyn Fn(&Value, &mut Value) + Send + Sync>;

/// An endpoint.
struct End {
    chain: Arc<Mutex<Strict>>,
    habit: Option<Habit>,
    up: bool,
    /// Milliseconds that it takes for whole blocks.
    slow_ms: u64,
    /// Every question that it was asked.
    asked: Vec<Value>,
}

/// Everything outside of the device.
#[derive(Clone)]
pub(crate) struct World {
    ends: Arc<Mutex<Vec<End>>>,
    rolls: Arc<AtomicU64>,
    now: u64,
}

impl World {
    /// So many endpoints of one chain.
    pub(crate) fn of(rules: Rules, ends: usize) -> Self {
        let now = rules.genesis_time + 1_000;
        let rules = Rules {
            chain_id: CHAIN,
            ..rules
        };
        let chain = Arc::new(Mutex::new(Strict::new(rules)));
        let end = || End {
            chain: Arc::clone(&chain),
            habit: None,
            up: true,
            slow_ms: 0,
            asked: Vec::new(),
        };
        Self {
            ends: Arc::new(Mutex::new((0..ends).map(|_| end()).collect())),
            rolls: Arc::default(),
            now,
        }
    }

    /// The chain of an endpoint.
    pub(crate) fn chain<T>(&self, end: usize, drive: impl FnOnce(&mut Strict) -> T) -> T {
        let chain = Arc::clone(&self.ends.lock().unwrap()[end].chain);
        let mut chain = chain.lock().unwrap();
        drive(&mut chain)
    }

    /// From now on an endpoint goes its own way.
    pub(crate) fn part(&self, end: usize) {
        let own = self.chain(end, |chain| chain.clone());
        self.ends.lock().unwrap()[end].chain = Arc::new(Mutex::new(own));
    }

    /// From now on an endpoint is on the branch of another one.
    pub(crate) fn join(&self, end: usize, other: usize) {
        let one = self.chain(other, |chain| chain.clone());
        self.chain(end, |chain| *chain = one);
    }

    /// The same habit for all of them.
    pub(crate) fn habits(&self, habit: Option<Habit>) {
        for end in self.ends.lock().unwrap().iter_mut() {
            end.habit.clone_from(&habit);
        }
    }

    /// So many blocks on the chain of each endpoint that went its own way.
    pub(crate) fn each_mines(&self, count: u64) {
        let ends = self.ends.lock().unwrap().len();
        for end in 0..ends {
            self.chain(end, |chain| chain.mine_n(count));
        }
    }

    pub(crate) fn habit(&self, end: usize, habit: Option<Habit>) {
        self.ends.lock().unwrap()[end].habit = habit;
    }

    pub(crate) fn up(&self, end: usize, up: bool) {
        self.ends.lock().unwrap()[end].up = up;
    }

    /// From now on whole blocks take so long.
    pub(crate) fn slow(&self, end: usize, ms: u64) {
        self.ends.lock().unwrap()[end].slow_ms = ms;
    }

    /// Every question that an endpoint was asked with this method.
    pub(crate) fn asked(&self, end: usize, method: &str) -> Vec<Value> {
        let ends = self.ends.lock().unwrap();
        let asked = ends[end].asked.iter();
        asked
            .filter(|call| call["method"] == method)
            .cloned()
            .collect()
    }

    /// How often an endpoint was asked for a whole block.
    pub(crate) fn whole_blocks(&self, end: usize) -> usize {
        let asked = self.asked(end, "eth_getBlockByNumber");
        asked
            .iter()
            .filter(|call| call["params"][1] == true)
            .count()
    }

    /// A stranger's text in a block of its own on the chain of an endpoint.
    pub(crate) fn write(&self, end: usize, text: &str) -> B256 {
        let message = whiteflag::Message::from_json(&free_text(text).to_string()).unwrap();
        self.chain(end, |chain| {
            let hash = chain.write_as(1, &message.plaintext());
            chain.mine();
            hash
        })
    }

    pub(crate) fn device(&self) -> Device {
        let dir = tempfile::tempdir().unwrap();
        let ends = self.ends.lock().unwrap().len();
        let init = Init {
            network: "exercise".to_owned(),
            custom: Some(Custom {
                chain_id: CHAIN,
                private: true,
            }),
            rpc: (0..ends).map(url).collect(),
            name: String::new(),
        };
        Parley::init(&dir.path().join("data"), &init).unwrap();
        self.open(dir)
    }

    pub(crate) fn open(&self, dir: TempDir) -> Device {
        let data = dir.path().join("data");
        let outside = Arc::new(self.clone());
        let (parley, lock) = Parley::open_to_run_in(&data, "a test", outside).unwrap();
        Device { dir, parley, lock }
    }

    fn answer(&self, end: usize, body: &[u8]) -> Option<Vec<u8>> {
        let asked: Value = serde_json::from_slice(body).unwrap();
        let one = [asked.clone()];
        let calls = asked.as_array().map_or(&one[..], Vec::as_slice);
        let (chain, habit) = {
            let mut ends = self.ends.lock().unwrap();
            let end = &mut ends[end];
            end.asked.extend_from_slice(calls);
            if !end.up {
                return None;
            }
            (Arc::clone(&end.chain), end.habit.clone())
        };
        let mut told: Value = serde_json::from_slice(&chain.lock().unwrap().answer(body)).unwrap();
        if let Some(habit) = habit {
            if let Some(all) = told.as_array_mut() {
                for (call, told) in calls.iter().zip(all) {
                    habit(call, &mut told["result"]);
                }
            } else {
                habit(&asked, &mut told["result"]);
            }
        }
        Some(serde_json::to_vec(&told).unwrap())
    }
}

pub(crate) fn url(end: usize) -> String {
    format!("http://end-{end}.example/")
}

impl Carrier for World {
    fn carry<'a>(&'a self, url: &'a Url, body: Vec<u8>) -> Carrying<'a> {
        Box::pin(async move {
            let host = url.host_str().unwrap();
            let digits: String = host.chars().filter(char::is_ascii_digit).collect();
            let end: usize = digits.parse().unwrap();
            let whole = body.windows(5).any(|part| part == b",true");
            let slow_ms = self.ends.lock().unwrap()[end].slow_ms;
            if whole && slow_ms > 0 {
                tokio::time::sleep(Duration::from_millis(slow_ms)).await;
            }
            let answer = self.answer(end, &body);
            Carried {
                sent: body.len() as u64,
                received: answer.as_ref().map_or(0, Vec::len) as u64,
                body: answer.ok_or(ReadFailure::Unreachable),
                ms: 1,
            }
        })
    }
}

impl Outside for World {
    fn now(&self) -> u64 {
        self.now
    }

    fn roll(&self) -> u64 {
        self.rolls.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed)
    }

    fn carrier(&self, _proxy: Option<&str>) -> Option<Arc<dyn Carrier>> {
        Some(Arc::new(self.clone()))
    }

    fn room(&self, _dir: &Path) -> Option<u64> {
        None
    }
}

/// A device that sends nothing.
pub(crate) struct Device {
    dir: TempDir,
    pub(crate) parley: Parley,
    lock: Lock,
}

impl Device {
    /// The program ends and begins again.
    pub(crate) fn restarted(self, world: &World) -> Self {
        let Self { dir, parley, lock } = self;
        drop((parley, lock));
        world.open(dir)
    }

    pub(crate) async fn choose(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.parley.settings().await.unwrap();
        change(&mut settings);
        self.parley.choose(settings).await.unwrap();
    }

    /// Receives until all is there.
    pub(crate) async fn receive(&self) {
        let synced = self
            .parley
            .sync(&self.lock, Until::Idle, Duration::from_secs(600));
        assert_eq!(synced.await.unwrap(), Synced::Done);
    }

    /// Runs for so many seconds.
    pub(crate) async fn run(&self, seconds: u64) {
        let time = Duration::from_secs(seconds);
        let _ = self.parley.sync(&self.lock, Until::Forever, time).await;
    }

    /// What is shown: each message's hash with its level.
    pub(crate) async fn shown(&self) -> Vec<(B256, Verification)> {
        let shown = self.inbox().await;
        let row = |one: &Received| (one.transaction_hash.parse().unwrap(), one.verification);
        shown.iter().map(row).collect()
    }

    pub(crate) async fn inbox(&self) -> Vec<Received> {
        self.parley.inbox().await.unwrap()
    }

    /// Stretches of received blocks: first, last, level.
    pub(crate) async fn stretches(&self) -> Vec<(u64, u64, Verification)> {
        let view = self.parley.network().await.unwrap();
        let stretches = view.coverage.stretches.iter();
        stretches
            .map(|one| (one.first, one.last, one.level))
            .collect()
    }

    pub(crate) async fn missing(&self) -> u64 {
        self.parley.network().await.unwrap().coverage.missing
    }

    /// What an endpoint was found to lie about.
    pub(crate) async fn lie_of(&self, end: usize) -> Option<String> {
        let view = self.parley.network().await.unwrap();
        let found = view.endpoints.into_iter().find(|one| one.url == url(end));
        match found.unwrap().health {
            Health::Demoted { lie } => Some(lie),
            Health::NotTried | Health::Good | Health::Failing { .. } => None,
        }
    }

    pub(crate) async fn is_disputed(&self) -> bool {
        self.parley.status().await.unwrap().disputed
    }
}

/// A message that is shown, with a second opinion.
pub(crate) fn witnessed(hash: B256) -> (B256, Verification) {
    (hash, Verification::Witnessed)
}

/// A chain whose blocks are final soon.
pub(crate) fn soon_final() -> Rules {
    Rules {
        finality: Finality::Depth {
            safe: 2,
            finalized: 4,
        },
        ..Rules::default()
    }
}

/// A chain that calls blocks final only where a test does.
pub(crate) fn by_hand() -> Rules {
    Rules {
        finality: Finality::Manual,
        ..Rules::default()
    }
}

/// Blocks from a height on have one more transaction, of a form that nobody knows.
pub(crate) fn unknown_type_from(height: u64) -> Habit {
    in_blocks(height, |block| {
        if let Some(all) = block["transactions"].as_array_mut() {
            all.push(json!({ "type": "0x7f", "hash": B256::ZERO }));
        }
    })
}

/// One block alone has such a transaction.
pub(crate) fn unreadable_at(height: u64) -> Habit {
    let unreadable = unknown_type_from(height);
    Arc::new(move |call, told| {
        if call["params"][0] == format!("{height:#x}") {
            unreadable(call, told);
        }
    })
}

/// One habit after the other.
pub(crate) fn both(one: Habit, two: Habit) -> Habit {
    Arc::new(move |call, told| {
        one(call, told);
        two(call, told);
    })
}

/// Headers from a height on have a field that nobody knows, and do not say what their hash says.
pub(crate) fn unknown_field_from(height: u64) -> Habit {
    in_blocks(height, |block| {
        block["shardRoot"] = json!(B256::ZERO);
        block["gasUsed"] = json!("0x1");
    })
}

/// Changes the blocks from a height on.
pub(crate) fn in_blocks(height: u64, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Habit {
    Arc::new(move |call, told| {
        if call["method"] == "eth_getBlockByNumber" && number(&told["number"]) >= Some(height) {
            change(told);
        }
    })
}

pub(crate) fn number(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.trim_start_matches("0x"), 16).ok()
}
