//! A node that speaks for a public network, and a device on it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alloy_consensus::Header;
use alloy_primitives::{Address, B256, U64};
use parley_chain::{Carried, Carrier, Carrying, Url};
use parley_core::network::{Preset, preset};
use parley_engine::{Init, Lock, Outside, Parley, Synced, Until};
use parley_testkit::strict::{Fork, Rules, Strict};
use parley_wire::{Draft, Link, OwnMessage};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Seconds.
pub(crate) const DAY: u64 = 24 * 60 * 60;
const PLENTY: u128 = 1_000_000_000_000_000_000_000;

#[derive(Clone)]
pub(crate) struct World {
    shared: Arc<Shared>,
}

struct Shared {
    preset: &'static Preset,
    node: Mutex<Strict>,
    /// What block 0 is said to be called.
    first: Mutex<B256>,
    /// What is said to lie at the checkpoint.
    checkpoint: Mutex<Option<Value>>,
    offers: AtomicU64,
    rolls: AtomicU64,
}

impl World {
    /// A node of the network of this name.
    pub(crate) fn of(network: &str) -> Self {
        let preset = preset(network).unwrap();
        let rules = Rules {
            chain_id: preset.chain_id,
            fork: Fork::Osaka,
            block_time: preset.block_seconds,
            ..Rules::default()
        };
        let shared = Shared {
            preset,
            node: Mutex::new(Strict::new(rules)),
            first: Mutex::new(preset.genesis.unwrap()),
            checkpoint: Mutex::default(),
            offers: AtomicU64::new(0),
            rolls: AtomicU64::new(0),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn node<T>(&self, look: impl FnOnce(&mut Strict) -> T) -> T {
        look(&mut self.shared.node.lock().unwrap())
    }

    pub(crate) fn mine_days(&self, days: u64) {
        let blocks = days * DAY / self.shared.preset.block_seconds + 10;
        self.node(|node| node.mine_n(blocks));
    }

    pub(crate) fn mine(&self) {
        self.node(|node| node.mine_n(1));
    }

    pub(crate) fn head(&self) -> u64 {
        self.node(|node| node.head().number)
    }

    pub(crate) fn fund(&self, address: Address) {
        self.node(|node| node.fund(address, PLENTY));
    }

    /// A stranger's free text in a block of its own; its hash.
    pub(crate) fn write_note(&self, text: &str) -> String {
        let octets = whiteflag::Message::from_json(&note(text).to_string())
            .unwrap()
            .plaintext();
        self.node(|node| {
            let hash = node.write_as(1, &octets);
            node.mine_n(1);
            hex(hash)
        })
    }

    pub(crate) fn tell_another_first_block(&self) {
        *self.shared.first.lock().unwrap() = B256::repeat_byte(7);
    }

    /// A header that is genuine in itself, and not the one that the network has there.
    pub(crate) fn tell_another_checkpoint(&self) {
        let (number, _) = self.shared.preset.checkpoint.unwrap();
        let header = Header {
            number,
            ..Header::default()
        };
        let mut told = serde_json::to_value(&header).unwrap();
        told["hash"] = json!(header.hash_slow());
        *self.shared.checkpoint.lock().unwrap() = Some(told);
    }

    pub(crate) fn offers(&self) -> u64 {
        self.shared.offers.load(Ordering::Relaxed)
    }

    pub(crate) fn device(&self, network: &str) -> Device {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let request = Init {
            network: network.to_owned(),
            custom: None,
            rpc: vec!["http://node.example/".to_owned()],
            name: String::new(),
        };
        Parley::init(&data, &request).unwrap();
        let outside = Arc::new(self.clone());
        let (parley, lock) = Parley::open_to_run_in(&data, "a test", outside).unwrap();
        Device {
            _dir: dir,
            parley,
            lock,
        }
    }

    fn answer(&self, body: &[u8]) -> Vec<u8> {
        let asked: Value = serde_json::from_slice(body).unwrap();
        let mut told: Value = serde_json::from_slice(&self.node(|node| node.answer(body))).unwrap();
        match (&asked, &mut told) {
            (Value::Array(asked), Value::Array(told)) => {
                asked
                    .iter()
                    .zip(told)
                    .for_each(|(asked, told)| self.retell(asked, told));
            }
            (asked, told) => self.retell(asked, told),
        }
        serde_json::to_vec(&told).unwrap()
    }

    /// The blocks that make a network the one it is.
    fn retell(&self, asked: &Value, told: &mut Value) {
        if asked["method"] == "eth_sendRawTransaction" {
            self.shared.offers.fetch_add(1, Ordering::Relaxed);
        }
        if asked["method"] != "eth_getBlockByNumber" {
            return;
        }
        let height = serde_json::from_value::<U64>(asked["params"][0].clone()).ok();
        let height = height.map(|height| height.to::<u64>());
        if height == Some(0) {
            told["result"]["hash"] = json!(*self.shared.first.lock().unwrap());
        }
        let checkpoint = self.shared.preset.checkpoint.map(|(number, _)| number);
        if height.is_some() && height == checkpoint {
            told["result"] = json!(*self.shared.checkpoint.lock().unwrap());
        }
    }
}

impl Carrier for World {
    fn carry<'a>(&'a self, _url: &'a Url, body: Vec<u8>) -> Carrying<'a> {
        Box::pin(async move {
            let answer = self.answer(&body);
            Carried {
                sent: body.len() as u64,
                received: answer.len() as u64,
                body: Ok(answer),
                ms: 1,
            }
        })
    }
}

impl Outside for World {
    fn now(&self) -> u64 {
        self.node(|node| node.now())
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

/// A device on the network.
pub(crate) struct Device {
    _dir: TempDir,
    pub(crate) parley: Parley,
    lock: Lock,
}

impl Device {
    pub(crate) async fn address(&self) -> Address {
        let status = self.parley.status().await.unwrap();
        status.address.parse().unwrap()
    }

    /// Sends and receives until nothing is left to do.
    pub(crate) async fn receive(&self) {
        let hour = Duration::from_secs(3_600);
        let synced = self.parley.sync(&self.lock, Until::Idle, hour).await;
        assert_eq!(synced.unwrap(), Synced::Done);
    }

    pub(crate) async fn fail_to_receive(&self) {
        let minute = Duration::from_secs(60);
        let synced = self.parley.sync(&self.lock, Until::Idle, minute).await;
        assert!(matches!(synced.unwrap(), Synced::Offline(_)));
    }

    pub(crate) async fn link(&self) -> Link {
        self.parley.status().await.unwrap().link
    }

    /// Queues a free text as the window does, without time for undoing.
    pub(crate) async fn queue_note(&self, text: &str) -> u64 {
        let id = self
            .parley
            .queue(Draft {
                message: note(text),
            })
            .await
            .unwrap();
        self.parley.send_now(id).await.unwrap();
        id
    }

    pub(crate) async fn own(&self, id: u64) -> OwnMessage {
        let all = self.parley.outbox().await.unwrap();
        all.into_iter().find(|own| own.id == id).unwrap()
    }
}

fn note(text: &str) -> Value {
    json!({
        "MessageHeader": {
            "Prefix": "WF", "Version": "1", "EncryptionIndicator": "0", "DuressIndicator": "0",
            "MessageCode": "F", "ReferenceIndicator": "0", "ReferencedMessage": "0".repeat(64),
        },
        "MessageBody": { "Text": text },
    })
}

fn hex(hash: B256) -> String {
    hash.to_string().trim_start_matches("0x").to_owned()
}
