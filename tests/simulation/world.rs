//! The world around one device, made from a seed: a chain, the endpoints in front of it, the links to
//! them, and a complete record of what was asked and answered. It knows no message.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io::Write as _;

use alloy_primitives::{Address, B256, hex, keccak256};
use parley_testkit::strict::{self, Dialect, Finality, Fork, Rules, Seed, Signer, Strict};
use parley_testkit::{Link, Outcome};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::lie::{LIES, Lie};

/// The chain's id: that of no public network.
pub(crate) const CHAIN: u64 = 42_424;
/// That of the local network.
const LOCAL: u64 = 31_337;
/// Unix time at which a run begins: 2026-11-22 09:00 UTC.
pub(crate) const BEGIN: u64 = 1_795_338_000;

/// Where an endpoint has its answers from.
enum Source {
    /// From the chain as it is.
    True,
    /// From a copy that is brought up to date now and then.
    Stale(Box<Strict>),
    /// From the chain, and then it lies.
    Lying(Lie),
}

/// An endpoint and the link to it.
pub(crate) struct End {
    pub(crate) url: String,
    source: Source,
    pub(crate) up: bool,
    pub(crate) loss: u64,
    latency_ms: u64,
}

/// What becomes of an exchange, drawn before it begins.
pub(crate) struct Fate {
    pub(crate) up: bool,
    pub(crate) there_ms: u64,
    pub(crate) back_ms: u64,
    pub(crate) lost_before: bool,
    pub(crate) lost_after: bool,
}

/// Everything outside of the device.
pub(crate) struct World {
    pub(crate) chance: Seed,
    pub(crate) rolls: Seed,
    pub(crate) chain: Strict,
    pub(crate) ends: Vec<End>,
    /// The one link to everything, in worlds where that matters.
    pub(crate) link: Option<Link>,
    pub(crate) device: u64,
    /// How far the device's clock is off, seconds.
    pub(crate) clock_off: i64,
    /// After so many more questions to the outside the program dies.
    pub(crate) dies_in: Option<u64>,
    /// The program runs: only then can it die.
    pub(crate) running: bool,
    pub(crate) died: bool,
    /// Blocks are replaced that were final.
    pub(crate) wrong: bool,
    /// The device has raised its alarm.
    pub(crate) alarm: bool,
    /// Every transaction that was offered: its octets, and its place among the first offers.
    pub(crate) offered: BTreeMap<B256, Vec<u8>>,
    /// The most transactions that any endpoint ever said the account to have in blocks.
    pub(crate) highest_nonce: u64,
    /// When the newest questions were asked.
    asked_ms: VecDeque<u64>,
    /// The most questions in any ten seconds.
    pub(crate) busiest: usize,
    began: Instant,
    pub(crate) trace: String,
    /// What was found wrong at the moment it happened.
    pub(crate) faults: Vec<String>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(seed, CHAIN)
    }

    fn of(seed: u64, chain_id: u64) -> Self {
        let mut chance = Seed::new(seed);
        let finality = match chance.below(5) {
            0 => Finality::None,
            1 => Finality::Depth {
                safe: 4,
                finalized: 12,
            },
            2 => Finality::Depth {
                safe: 8,
                finalized: 24,
            },
            _ => Finality::Depth {
                safe: 32,
                finalized: 64,
            },
        };
        let fork = match chance.below(3) {
            0 => Fork::Osaka,
            1 => Fork::Amsterdam,
            _ => Fork::AmsterdamFrom(10 + chance.below(40)),
        };
        let rules = Rules {
            chain_id,
            fork,
            dialect: dialect(&mut chance),
            genesis_time: BEGIN - 600,
            finality,
            seed,
            ..Rules::default()
        };
        let mut chain = Strict::new(rules);
        chain.mine_n(1 + chance.below(20));
        let device = 1_000_000 + seed;
        let mut world = Self {
            rolls: Seed::new(seed ^ 0x0000_5EED),
            chain,
            ends: Vec::new(),
            link: None,
            device,
            clock_off: 0,
            dies_in: None,
            running: false,
            died: false,
            wrong: false,
            alarm: false,
            offered: BTreeMap::new(),
            highest_nonce: 0,
            asked_ms: VecDeque::new(),
            busiest: 0,
            began: Instant::now(),
            trace: String::new(),
            faults: Vec::new(),
            chance,
        };
        let wei = [3_000_000_000_000_000, 1_000_000_000_000_000_000];
        let rich = usize::from(world.chance.below(4) > 0);
        world.chain.fund(world.address(), wei[rich]);
        world.make_ends();
        world
    }

    /// A world of the local network with one true endpoint and an account that can pay.
    pub(crate) fn simple(seed: u64) -> Self {
        let mut world = Self::of(seed, LOCAL);
        world.ends.truncate(1);
        world.ends[0].source = Source::True;
        let address = world.address();
        world.chain.fund(address, 1_000_000_000_000_000_000);
        world
    }

    fn make_ends(&mut self) {
        let count = 1 + self.chance.below(3);
        let truth = self.chance.below(count);
        let mut lied = false;
        for number in 0..count {
            let kind = if number == truth {
                0
            } else {
                self.chance.below(3)
            };
            let source = match kind {
                1 => Source::Stale(Box::new(self.chain.clone())),
                2 if !lied => {
                    lied = true;
                    let at = usize::try_from(self.chance.below(LIES.len() as u64)).unwrap();
                    Source::Lying(LIES[at])
                }
                _ => Source::True,
            };
            self.ends.push(End {
                url: format!("http://endpoint-{number}/"),
                source,
                up: true,
                loss: [0, 0, 10, 40][usize::try_from(self.chance.below(4)).unwrap()],
                latency_ms: 5 + self.chance.below(600),
            });
        }
    }

    /// The device's account.
    pub(crate) fn address(&self) -> Address {
        Signer::of(self.device).address()
    }

    /// Milliseconds since the run began.
    pub(crate) fn ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap()
    }

    /// The device's clock.
    pub(crate) fn now(&self) -> u64 {
        (BEGIN + self.ms() / 1_000).saturating_add_signed(self.clock_off)
    }

    /// Writes down what happened.
    pub(crate) fn note(&mut self, what: &str) {
        let ms = self.ms();
        writeln!(self.trace, "{ms} {what}").unwrap();
    }

    pub(crate) fn fault(&mut self, what: String) {
        self.note(&what);
        self.faults.push(what);
    }

    /// Brings one copy up to date, or changes what client it is.
    pub(crate) fn refresh(&mut self, with: Option<Dialect>) {
        let chain = self.chain.clone();
        for end in &mut self.ends {
            if let Source::Stale(copy) = &mut end.source {
                **copy = chain.clone();
                with.into_iter().for_each(|with| copy.set_dialect(with));
            }
        }
    }

    pub(crate) fn end(&self, url: &str) -> usize {
        self.ends.iter().position(|end| end.url == url).unwrap()
    }

    /// What becomes of an exchange with an endpoint that begins now.
    pub(crate) fn fate(&mut self, end: usize) -> Fate {
        let now = self.ms();
        self.asked_ms.push_back(now);
        while self.asked_ms.front().is_some_and(|at| at + 10_000 < now) {
            self.asked_ms.pop_front();
        }
        self.busiest = self.busiest.max(self.asked_ms.len());
        let (up, loss, latency) = {
            let end = &self.ends[end];
            (end.up, end.loss, end.latency_ms)
        };
        let draw = self.chance.below(100);
        Fate {
            up,
            there_ms: 1 + self.chance.below(latency + 1),
            back_ms: 1 + self.chance.below(latency + 1),
            lost_before: draw < loss / 2,
            lost_after: (loss / 2..loss).contains(&draw),
        }
    }

    /// What an endpoint answers to one body.
    pub(crate) fn answer(&mut self, end: usize, body: &[u8]) -> Vec<u8> {
        let offered = strict::offers(body);
        let offers = !offered.is_empty();
        let told = self.chain.nonce_of(self.address());
        self.highest_nonce = self.highest_nonce.max(told);
        let forwards = self.chance.below(2) == 0;
        for raw in offered {
            self.offered.insert(keccak256(&raw), raw.to_vec());
        }
        match &mut self.ends[end].source {
            Source::True => self.chain.answer(body),
            Source::Stale(copy) => {
                if forwards && offers {
                    self.chain.answer(body);
                }
                copy.answer(body)
            }
            Source::Lying(lie) => {
                let lie = *lie;
                if lie == Lie::Nonce {
                    self.highest_nonce = self.highest_nonce.max(told + 3);
                }
                self.lie(lie, &serde_json::from_slice(body).unwrap())
            }
        }
    }

    fn lie(&mut self, lie: Lie, asked: &Value) -> Vec<u8> {
        let said = match asked {
            Value::Array(calls) => {
                let all = calls.iter().map(|call| self.lie_once(lie, call));
                Value::Array(all.collect())
            }
            call => self.lie_once(lie, call),
        };
        said.to_string().into_bytes()
    }

    fn lie_once(&mut self, lie: Lie, call: &Value) -> Value {
        let method = call["method"].as_str().unwrap_or_default();
        if lie.swallows(method) {
            let raw = hex::decode(call["params"][0].as_str().unwrap()).unwrap();
            return json!({ "jsonrpc": "2.0", "id": call["id"], "result": keccak256(raw) });
        }
        let asked = lie.question(call).to_string();
        let mut said: Value = serde_json::from_slice(&self.chain.answer(asked.as_bytes())).unwrap();
        if let Some(result) = said.get_mut("result") {
            lie.tell(method, result);
        }
        said
    }

    /// What comes of one exchange over the link, and when. Sizes are those that travel: bodies are
    /// packed, heads are those of a connection that is warm.
    pub(crate) fn over_link(&mut self, body: &[u8]) -> (Passage, u64) {
        let now = self.ms();
        let mut after = self.chain.clone();
        let answer = after.answer(body);
        let (sent, received) = (body.len() as u64 + WARM_HEAD, packed(&answer) + WARM_HEAD);
        let Some(link) = self.link.as_mut() else {
            return (Passage::Lost, 0);
        };
        if link.conditions().up_until(now).is_none() {
            return (Passage::Lost, 0);
        }
        let outcome = link.carry(now, sent, received);
        let asked = said_briefly(body);
        self.note(&format!(
            "{asked}: {sent} there, {received} back, {outcome:?}"
        ));
        if outcome != Outcome::LostBefore {
            self.chain = after;
        }
        match outcome {
            Outcome::Arrives { at_ms } => (
                Passage::Arrives {
                    answer,
                    at_ms,
                    received,
                },
                sent,
            ),
            Outcome::LostBefore | Outcome::LostAfter => (Passage::Lost, sent),
        }
    }

    /// Every block of the chain as it is, with whole transactions.
    pub(crate) fn blocks(&mut self) -> Vec<Value> {
        let head = self.chain.head().number;
        let block = |number: u64| {
            let params = json!([format!("0x{number:x}"), true]);
            self.chain.ask("eth_getBlockByNumber", &params)
        };
        (0..=head).map(block).collect()
    }

    /// Whether an endpoint answers from a copy.
    pub(crate) fn has_copies(&self) -> bool {
        let mut sources = self.ends.iter().map(|end| &end.source);
        sources.any(|source| matches!(source, Source::Stale(_)))
    }

    /// Every link is good for now, and the program lives.
    pub(crate) fn calm(&mut self) {
        for end in &mut self.ends {
            (end.up, end.loss, end.latency_ms) = (true, 0, 20);
        }
        self.dies_in = None;
        self.refresh(None);
    }

    /// Everything gets well again.
    pub(crate) fn heal(&mut self) {
        self.calm();
        self.clock_off = 0;
        let address = self.address();
        self.chain.fund(address, 10_000_000_000_000_000_000);
    }
}

pub(crate) fn dialect(chance: &mut Seed) -> Dialect {
    Dialect::ALL[usize::try_from(chance.below(5)).unwrap()]
}

/// The methods of a request, each with how often it is there.
fn said_briefly(body: &[u8]) -> String {
    let asked: Value = serde_json::from_slice(body).unwrap();
    let one = [asked.clone()];
    let mut methods = BTreeMap::<&str, usize>::new();
    for call in asked.as_array().map_or(&one[..], Vec::as_slice) {
        *methods
            .entry(call["method"].as_str().unwrap_or_default())
            .or_default() += 1;
    }
    let named = methods
        .iter()
        .map(|(method, times)| format!("{method} {times}"));
    named.collect::<Vec<_>>().join(", ")
}

/// The head of a request or an answer where the ones before it were alike (HPACK).
const WARM_HEAD: u64 = 60;

/// What came of an exchange over a link.
pub(crate) enum Passage {
    Arrives {
        answer: Vec<u8>,
        at_ms: u64,
        received: u64,
    },
    Lost,
}

/// Octets of a body as it travels.
fn packed(body: &[u8]) -> u64 {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap().len() as u64
}
