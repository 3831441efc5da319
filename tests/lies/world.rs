//! Three endpoints in front of one strict node, and a device that uses them. The node's blocks are
//! made when a test says so. Nothing here judges what came out.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use alloy_primitives::{Address, B256};
use parley_chain::{Carrier, Deadline, Http, HttpSettings};
use parley_engine::{Init, Lock, Outside, Parley, Synced, Until};
use parley_testkit::strict::{ETHER, Finality, Rules, Sent, Strict, StrictServer};
use parley_testkit::{Proxy, free_text};
use parley_wire::{Draft, Endpoint, Failure, Health, OwnMessage, Received};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a step may take on a machine that is busy; only a broken test waits for it.
pub(crate) const LIMIT: Duration = Duration::from_secs(15);

/// Time that stands still, chance from a counter, and connections that are given up early.
struct Still {
    rolls: AtomicU64,
}

impl Outside for Still {
    fn now(&self) -> u64 {
        Rules::default().genesis_time + 1_000
    }

    fn roll(&self) -> u64 {
        self.rolls.fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed)
    }

    fn carrier(&self, _: Option<&str>) -> Option<Arc<dyn Carrier>> {
        let deadline = Deadline {
            connect: Duration::from_secs(2),
            total: Duration::from_secs(3),
        };
        let settings = HttpSettings {
            deadline,
            ..HttpSettings::default()
        };
        Some(Arc::new(Http::new(&settings).ok()?))
    }

    fn room(&self, _: &Path) -> Option<u64> {
        None
    }
}

/// A node, three endpoints, and a device.
pub(crate) struct World {
    pub(crate) proxies: [Proxy; 3],
    server: StrictServer,
    runtime: Runtime,
    parley: Parley,
    lock: Lock,
    own: Address,
    strangers: BTreeSet<B256>,
    next_stranger: u64,
    _folder: TempDir,
}

impl World {
    /// A chain on which strangers have written, and a device that has asked nobody so far.
    pub(crate) fn new() -> Self {
        let rules = Rules {
            finality: Finality::Depth {
                safe: 2,
                finalized: 4,
            },
            ..Rules::default()
        };
        let server = StrictServer::of(Strict::new(rules));
        let proxies = [(); 3].map(|()| Proxy::before(&server.url()));
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("data");
        let init = Init {
            network: "local".to_owned(),
            custom: None,
            rpc: proxies.iter().map(Proxy::url).collect(),
            name: String::new(),
        };
        Parley::init(&dir, &init).unwrap();
        let outside = Arc::new(Still {
            rolls: AtomicU64::new(1),
        });
        let (parley, lock) = Parley::open_to_run_in(&dir, "a test", outside).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let status = runtime.block_on(parley.status()).unwrap();
        let mut world = Self {
            proxies,
            server,
            runtime,
            parley,
            lock,
            own: status.address.parse().unwrap(),
            strangers: BTreeSet::new(),
            next_stranger: 1,
            _folder: folder,
        };
        world.node(|node| node.fund(world.own, ETHER));
        for height in 1..=3 {
            world.stranger_writes();
            world.node(|node| {
                node.add_noise(height, 2);
                node.mine();
            });
        }
        world.mine(5);
        world
    }

    pub(crate) fn node<T>(&self, drive: impl FnOnce(&mut Strict) -> T) -> T {
        drive(&mut self.server.node())
    }

    pub(crate) fn mine(&self, blocks: u64) {
        self.node(|node| node.mine_n(blocks));
    }

    /// A stranger's message waits for the next block.
    pub(crate) fn stranger_writes(&mut self) {
        let number = self.next_stranger;
        self.next_stranger += 1;
        let text = free_text(&format!("from the stranger {number}"));
        let octets = whiteflag::Message::from_json(&text.to_string()).unwrap();
        let hash = self.node(|node| node.write_as(number, &octets.plaintext()));
        self.strangers.insert(hash);
    }

    /// Queues an own message.
    pub(crate) fn write(&self, text: &str) -> u64 {
        let draft = Draft {
            message: free_text(text),
        };
        let id = self.runtime.block_on(self.parley.queue(draft)).unwrap();
        // Nobody changes their mind in a test.
        let _ = self.runtime.block_on(self.parley.send_now(id));
        id
    }

    pub(crate) fn sync_for(&self, until: Until, limit: Duration) -> Result<Synced, Failure> {
        let synced = self.parley.sync(&self.lock, until, limit);
        self.runtime.block_on(synced)
    }

    pub(crate) fn inbox(&self) -> Vec<Received> {
        self.runtime.block_on(self.parley.inbox()).unwrap()
    }

    pub(crate) fn outbox(&self) -> Vec<OwnMessage> {
        self.runtime.block_on(self.parley.outbox()).unwrap()
    }

    pub(crate) fn is_disputed(&self) -> bool {
        self.runtime
            .block_on(self.parley.status())
            .unwrap()
            .disputed
    }

    pub(crate) fn endpoints(&self) -> Vec<Endpoint> {
        self.runtime
            .block_on(self.parley.network())
            .unwrap()
            .endpoints
    }

    /// What the endpoint at a place was found to lie about.
    pub(crate) fn lie_of(&self, place: usize) -> Option<String> {
        match &self.endpoints()[place].health {
            Health::Demoted { lie } => Some(lie.clone()),
            Health::NotTried | Health::Good | Health::Failing { .. } => None,
        }
    }

    /// What the device's account has in blocks.
    pub(crate) fn own_on_chain(&self) -> Vec<Sent> {
        self.node(|node| node.transactions_of(self.own))
    }

    /// The hashes of all messages in blocks, in hexadecimal digits.
    pub(crate) fn truth(&self) -> BTreeSet<String> {
        let own = self.own_on_chain();
        let own = own.iter().map(|sent| sent.hash);
        let all = own.chain(self.strangers.iter().copied());
        all.map(|hash| format!("{hash:x}")).collect()
    }

    /// The hash of the node's block at a height, in hexadecimal digits.
    pub(crate) fn block_of(&self, number: u64) -> Option<String> {
        let question = serde_json::json!({
            "jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber",
            "params": [format!("{number:#x}"), false],
        });
        let answer = self.node(|node| node.answer(question.to_string().as_bytes()));
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let hash = answer["result"]["hash"].as_str()?;
        Some(hash.trim_start_matches("0x").to_owned())
    }

    /// How many HTTP requests were made, in all.
    pub(crate) fn requests(&self) -> u64 {
        self.proxies.iter().map(|proxy| proxy.seen().requests).sum()
    }
}

/// The hashes of what is shown.
pub(crate) fn hashes(shown: &[Received]) -> BTreeSet<String> {
    shown
        .iter()
        .map(|one| one.transaction_hash.clone())
        .collect()
}
