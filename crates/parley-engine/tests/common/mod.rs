//! A strict node without a network, a clock that the test moves, and devices on them: what a device
//! finds outside of it, for the tests of this crate. It judges nothing.

#![allow(dead_code, reason = "each test uses its own part")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use alloy_primitives::{Address, B256, Bytes};
use parley_chain::{Carried, Carrier, Carrying, ReadFailure, Url};
use parley_engine::{Init, Lock, Outside, Parley, Synced, Until, Wrapping};
use parley_testkit::Stopwatch;
use parley_testkit::strict::{ETHER, Rules, Sent, Strict, offers};
use parley_wire::{Draft, Failure, OwnMessage};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Enough wei for whatever a test sends.
pub(crate) const PLENTY: u128 = 1_000 * ETHER;
/// The endpoint of each device, and one that may be added to it.
pub(crate) const FIRST: &str = "http://node.example/";
pub(crate) const SECOND: &str = "http://second.example/";

/// Changes the answer to one call.
type Retell = Box<dyn Fn(&Value, &mut Value) + Send>;

/// What the second endpoint is.
#[derive(Default)]
pub(crate) enum Second {
    /// Another way to the same node.
    #[default]
    Alike,
    /// One of another chain.
    Other(Box<Strict>),
    /// One that does not answer.
    Silent,
}

/// What the device of the test finds outside.
#[derive(Clone)]
pub(crate) struct World {
    shared: Arc<Shared>,
}

struct Shared {
    node: Mutex<Strict>,
    second: Mutex<Second>,
    retell: Mutex<Option<Retell>>,
    only_first: AtomicBool,
    clock: AtomicU64,
    rolls: AtomicU64,
    on_demand: AtomicBool,
    questions: AtomicU64,
    /// Microseconds that the node took.
    node_us: AtomicU64,
    /// Each raw transaction that was offered, as it was sent.
    offered: Mutex<Vec<Bytes>>,
}

impl World {
    pub(crate) fn new(rules: Rules) -> Self {
        let shared = Shared {
            clock: AtomicU64::new(rules.genesis_time),
            node: Mutex::new(Strict::new(rules)),
            second: Mutex::default(),
            retell: Mutex::default(),
            only_first: AtomicBool::new(false),
            rolls: AtomicU64::new(0),
            on_demand: AtomicBool::new(false),
            questions: AtomicU64::new(0),
            node_us: AtomicU64::new(0),
            offered: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn node(&self) -> MutexGuard<'_, Strict> {
        self.shared.node.lock().unwrap()
    }

    /// What the second endpoint is from now on.
    pub(crate) fn second(&self, second: Second) {
        *self.shared.second.lock().unwrap() = second;
    }

    /// From now on each answer is changed so.
    pub(crate) fn retell(&self, retell: impl Fn(&Value, &mut Value) + Send + 'static) {
        *self.shared.retell.lock().unwrap() = Some(Box::new(retell));
        self.shared.only_first.store(false, Relaxed);
    }

    /// From now on each answer of the first endpoint alone is changed so.
    pub(crate) fn first_retells(&self, retell: impl Fn(&Value, &mut Value) + Send + 'static) {
        self.retell(retell);
        self.shared.only_first.store(true, Relaxed);
    }

    /// Puts each offer into a block at once, from now on.
    pub(crate) fn mine_on_demand(&self) {
        self.shared.on_demand.store(true, Relaxed);
    }

    pub(crate) fn mine(&self, count: u64) {
        self.node().mine_n(count);
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.shared.clock.fetch_add(seconds, Relaxed);
        self.node().advance_time(seconds);
    }

    /// The device's clock is the node's, after blocks were made.
    pub(crate) fn catch_up(&self) {
        self.shared.clock.store(self.node().now(), Relaxed);
    }

    pub(crate) fn now(&self) -> u64 {
        self.shared.clock.load(Relaxed)
    }

    /// How many bodies were sent so far.
    pub(crate) fn questions(&self) -> u64 {
        self.shared.questions.load(Relaxed)
    }

    /// Seconds that the node took so far.
    pub(crate) fn node_seconds(&self) -> f64 {
        Duration::from_micros(self.shared.node_us.load(Relaxed)).as_secs_f64()
    }

    /// Every different raw transaction that was offered, in the order of first offers.
    pub(crate) fn offered(&self) -> Vec<Bytes> {
        let mut seen = Vec::new();
        for raw in self.shared.offered.lock().unwrap().iter() {
            if !seen.contains(raw) {
                seen.push(raw.clone());
            }
        }
        seen
    }

    /// What the node says of a transaction that it holds, in wei or gas.
    pub(crate) fn held(&self, hash: B256, key: &str) -> u128 {
        let held = self.node().ask("eth_getTransactionByHash", &json!([hash]));
        let digits = held[key].as_str().expect("the node holds it");
        u128::from_str_radix(digits.trim_start_matches("0x"), 16).unwrap()
    }

    /// A new device with so much wei, on the local network.
    pub(crate) fn device(&self, wei: u128) -> Device {
        self.device_on("local", wei)
    }

    pub(crate) fn device_on(&self, network: &str, wei: u128) -> Device {
        let dir = tempfile::tempdir().unwrap();
        set_up(&dir.path().join("data"), network);
        self.open(dir, wei)
    }

    pub(crate) fn open(&self, dir: TempDir, wei: u128) -> Device {
        let data = dir.path().join("data");
        let outside = Arc::new(self.clone());
        let (parley, lock) = Parley::open_to_run_in(&data, "a test", outside).unwrap();
        let device = Device { dir, parley, lock };
        if wei > 0 {
            self.node().fund(device.address(), wei);
        }
        device
    }

    pub(crate) fn pool(&self, device: &Device) -> Vec<Sent> {
        self.node().pool_of(device.address())
    }

    pub(crate) fn chain(&self, device: &Device) -> Vec<Sent> {
        self.node().transactions_of(device.address())
    }

    fn answer(&self, url: &Url, body: &[u8]) -> Result<Vec<u8>, ReadFailure> {
        let answer = match &mut *self.shared.second.lock().unwrap() {
            Second::Other(node) if url.as_str() == SECOND => node.answer(body),
            Second::Silent if url.as_str() == SECOND => return Err(ReadFailure::Unreachable),
            Second::Alike | Second::Other(_) | Second::Silent => self.node().answer(body),
        };
        let is_retold = url.as_str() == FIRST || !self.shared.only_first.load(Relaxed);
        Ok(match &*self.shared.retell.lock().unwrap() {
            Some(retell) if is_retold => retold(body, &answer, retell),
            Some(_) | None => answer,
        })
    }
}

/// An answer of which each part is changed.
fn retold(body: &[u8], answer: &[u8], retell: &Retell) -> Vec<u8> {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let mut told: Value = serde_json::from_slice(answer).unwrap();
    match (&asked, &mut told) {
        (Value::Array(asked), Value::Array(told)) => {
            asked
                .iter()
                .zip(told)
                .for_each(|(asked, told)| retell(asked, told));
        }
        (asked, told) => retell(asked, told),
    }
    serde_json::to_vec(&told).unwrap()
}

pub(crate) fn set_up(data: &Path, network: &str) {
    let request = Init {
        network: network.to_owned(),
        custom: None,
        rpc: vec![FIRST.to_owned()],
        name: String::new(),
    };
    Parley::init(data, &request).unwrap();
}

impl Outside for World {
    fn now(&self) -> u64 {
        World::now(self)
    }

    fn roll(&self) -> u64 {
        self.shared.rolls.fetch_add(1, Relaxed)
    }

    fn carrier(&self, _proxy: Option<&str>) -> Option<Arc<dyn Carrier>> {
        Some(Arc::new(self.clone()))
    }

    fn room(&self, _dir: &Path) -> Option<u64> {
        None
    }
}

impl Carrier for World {
    fn carry<'a>(&'a self, url: &'a Url, body: Vec<u8>) -> Carrying<'a> {
        Box::pin(async move {
            self.shared.questions.fetch_add(1, Relaxed);
            let offered = offers(&body);
            let watch = Stopwatch::start();
            let answer = self.answer(url, &body);
            if self.shared.on_demand.load(Relaxed) && !offered.is_empty() {
                self.mine(1);
            } else {
                self.shared.offered.lock().unwrap().extend(offered);
            }
            let spent = watch.elapsed().as_micros().try_into().unwrap();
            self.shared.node_us.fetch_add(spent, Relaxed);
            Carried {
                sent: body.len() as u64,
                received: answer.as_ref().map_or(0, |answer| answer.len() as u64),
                body: answer,
                ms: 1,
            }
        })
    }
}

/// A device.
pub(crate) struct Device {
    pub(crate) dir: TempDir,
    pub(crate) parley: Parley,
    lock: Lock,
}

impl Device {
    pub(crate) fn address(&self) -> Address {
        let data = self.dir.path().join("data");
        let secrets = parley_store::Secrets::load(&data).unwrap();
        parley_chain::Account::from_secret(*secrets.account())
            .unwrap()
            .address()
    }

    /// Queues as a script does.
    pub(crate) async fn send(&self, message: &Value) -> u64 {
        self.send_all(std::slice::from_ref(message)).await[0]
    }

    pub(crate) async fn send_all(&self, messages: &[Value]) -> Vec<u64> {
        let ready = messages.iter().map(|message| {
            let draft = draft(message);
            self.parley.check(&draft, Wrapping::Never).unwrap()
        });
        let ready: Vec<_> = ready.collect();
        let kept = self.parley.queue_checked(&ready).await.unwrap();
        kept.into_iter().map(Result::unwrap).collect()
    }

    /// Queues as a person at a window does.
    pub(crate) async fn write(&self, message: &Value) -> Result<u64, Failure> {
        self.parley.queue(draft(message)).await
    }

    /// Both loops for three seconds of the runtime's time, or until all is done.
    pub(crate) async fn sync(&self) -> Synced {
        self.sync_for(3).await
    }

    pub(crate) async fn sync_for(&self, seconds: u64) -> Synced {
        let time = Duration::from_secs(seconds);
        let synced = self.parley.sync(&self.lock, Until::Idle, time).await;
        synced.unwrap()
    }

    pub(crate) async fn own(&self, id: u64) -> OwnMessage {
        let all = self.parley.outbox().await.unwrap();
        all.into_iter().find(|own| own.id == id).unwrap()
    }
}

pub(crate) fn draft(message: &Value) -> Draft {
    Draft {
        message: message.clone(),
    }
}

/// The texts of what an account sent, in order.
pub(crate) fn texts(sent: &[Sent]) -> Vec<String> {
    let read = sent.iter().filter_map(|one| {
        let message = whiteflag::Message::decode(&one.input).ok()?;
        let text = &message.to_value()["MessageBody"]["Text"];
        Some(text.as_str()?.to_owned())
    });
    read.collect()
}
