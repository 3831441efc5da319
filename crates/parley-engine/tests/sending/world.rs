//! A strict node without a network, a clock that the test moves, and devices on them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alloy_primitives::{Address, B256};
use parley_chain::{Carried, Carrier, Carrying, Url};
use parley_engine::{Init, Lock, Outside, Parley, Synced, Until, Wrapping};
use parley_testkit::Stopwatch;
use parley_testkit::strict::{Rules, Sent, Strict};
use parley_wire::{Draft, Failure, OwnMessage};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Enough for whatever a test sends.
pub(crate) const PLENTY: u128 = 1_000_000_000_000_000_000_000;

/// What the device of the test finds outside.
#[derive(Clone)]
pub(crate) struct World {
    shared: Arc<Shared>,
}

struct Shared {
    node: Mutex<Strict>,
    /// What the second endpoint answers from, where it is another chain.
    second: Mutex<Option<Strict>>,
    clock: AtomicU64,
    rolls: AtomicU64,
    on_demand: AtomicBool,
    questions: AtomicU64,
    /// Microseconds that the node took.
    node_us: AtomicU64,
    /// Each raw transaction that was offered, as it was sent.
    offered: Mutex<Vec<String>>,
}

impl World {
    pub(crate) fn new(rules: Rules) -> Self {
        let shared = Shared {
            clock: AtomicU64::new(rules.genesis_time),
            node: Mutex::new(Strict::new(rules)),
            second: Mutex::default(),
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

    pub(crate) fn node<T>(&self, look: impl FnOnce(&mut Strict) -> T) -> T {
        look(&mut self.shared.node.lock().unwrap())
    }

    /// Puts each offer into a block at once, from now on.
    pub(crate) fn mine_on_demand(&self) {
        self.shared.on_demand.store(true, Ordering::Relaxed);
    }

    /// Seconds that the node took so far.
    pub(crate) fn node_seconds(&self) -> f64 {
        Duration::from_micros(self.shared.node_us.load(Ordering::Relaxed)).as_secs_f64()
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.shared.clock.fetch_add(seconds, Ordering::Relaxed);
        self.node(|node| node.advance_time(seconds));
    }

    /// From now on the second endpoint is on this chain, or again on that of the first.
    pub(crate) fn split(&self, second: Option<Strict>) {
        *self.shared.second.lock().unwrap() = second;
    }

    pub(crate) fn now(&self) -> u64 {
        self.shared.clock.load(Ordering::Relaxed)
    }

    /// How many bodies were sent so far.
    pub(crate) fn questions(&self) -> u64 {
        self.shared.questions.load(Ordering::Relaxed)
    }

    pub(crate) fn mine(&self, count: u64) {
        self.node(|node| node.mine_n(count));
    }

    /// Every different raw transaction that was offered, in the order of first offers.
    pub(crate) fn offered(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for raw in self.shared.offered.lock().unwrap().iter() {
            if !seen.contains(raw) {
                seen.push(raw.clone());
            }
        }
        seen
    }

    /// What the node answers to one question.
    pub(crate) fn ask(&self, method: &str, params: &Value) -> Value {
        let question = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let answer = self.node(|node| node.answer(question.to_string().as_bytes()));
        serde_json::from_slice::<Value>(&answer).unwrap()["result"].take()
    }

    /// maxFeePerGas and maxPriorityFeePerGas of a transaction that the node holds.
    pub(crate) fn fees(&self, hash: B256) -> (u128, u128) {
        let held = self.ask("eth_getTransactionByHash", &json!([hash]));
        let wei = |key: &str| {
            let digits = held[key].as_str().expect("the node holds it");
            u128::from_str_radix(digits.trim_start_matches("0x"), 16).unwrap()
        };
        (wei("maxFeePerGas"), wei("maxPriorityFeePerGas"))
    }

    /// A new device with so much wei.
    pub(crate) fn device(&self, wei: u128) -> Device {
        let dir = tempfile::tempdir().unwrap();
        set_up(&dir.path().join("data"));
        self.open(dir, wei)
    }

    pub(crate) fn open(&self, dir: TempDir, wei: u128) -> Device {
        let data = dir.path().join("data");
        let outside = Arc::new(self.clone());
        let (parley, lock) = Parley::open_to_run_in(&data, "a test", outside).unwrap();
        let device = Device { dir, parley, lock };
        let address = device.address();
        if wei > 0 {
            self.node(|node| node.fund(address, wei));
        }
        device
    }

    pub(crate) fn pool(&self, device: &Device) -> Vec<Sent> {
        self.node(|node| node.pool_of(device.address()))
    }

    pub(crate) fn chain(&self, device: &Device) -> Vec<Sent> {
        self.node(|node| node.transactions_of(device.address()))
    }
}

/// The two endpoints that a device may have.
pub(crate) const FIRST: &str = "http://node.example/";
pub(crate) const SECOND: &str = "http://second.example/";

pub(crate) fn set_up(data: &Path) {
    let request = Init {
        network: "local".to_owned(),
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
        self.shared.rolls.fetch_add(1, Ordering::Relaxed)
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
            self.shared.questions.fetch_add(1, Ordering::Relaxed);
            self.note(&body);
            let watch = Stopwatch::start();
            let second = &mut *self.shared.second.lock().unwrap();
            let answer = match second.as_mut().filter(|_| url.as_str() == SECOND) {
                Some(second) => second.answer(&body),
                None => self.node(|node| node.answer(&body)),
            };
            if self.shared.on_demand.load(Ordering::Relaxed) && is_offer(&body) {
                self.mine(1);
            }
            let spent = watch.elapsed().as_micros().try_into().unwrap();
            self.shared.node_us.fetch_add(spent, Ordering::Relaxed);
            Carried {
                sent: body.len() as u64,
                received: answer.len() as u64,
                body: Ok(answer),
                ms: 1,
            }
        })
    }
}

const OFFER: &str = "eth_sendRawTransaction";

fn is_offer(body: &[u8]) -> bool {
    body.windows(OFFER.len())
        .any(|part| part == OFFER.as_bytes())
}

impl World {
    fn note(&self, body: &[u8]) {
        if !is_offer(body) || self.shared.on_demand.load(Ordering::Relaxed) {
            return;
        }
        let body: Value = serde_json::from_slice(body).unwrap();
        let one = [body.clone()];
        let calls = body.as_array().map_or(&one[..], Vec::as_slice);
        let offers = calls.iter().filter(|call| call["method"] == OFFER);
        let raw = offers.map(|call| call["params"][0].as_str().unwrap().to_owned());
        self.shared.offered.lock().unwrap().extend(raw);
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
