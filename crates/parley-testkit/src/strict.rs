//! The strict node: an Ethereum node in one value, stricter than a development node and without any
//! will of its own. It has no clock, no thread and no chance: blocks, time, reorganisations and what
//! the pool forgets come from the test that drives it, so the same calls give the same answers, octet
//! for octet.
//!
//! # What it is for
//! A development node mines what geth would refuse, and speaks with one voice. This one takes a
//! transaction only as geth's pool does (nonces, slots, queue, replacement by 110 % of both fees, the
//! sum of what waits against the balance, gas by the rules of the fork, delegated accounts), refuses
//! in the words of five clients ([`Dialect`]), and answers from real blocks: headers with the hashes,
//! roots and links that they must have, so that whoever verifies them finds them right.
//!
//! # How to drive it
//! ```
//! use parley_testkit::strict::{Reinclude, Rules, Signer, Strict};
//!
//! let mut node = Strict::new(Rules::default());
//! node.fund(Signer::of(1).address(), 1_000_000_000_000_000_000);
//! node.write_as(7, b"WF");            // a stranger
//! node.mine_n(3);
//! node.reorg(2, Reinclude::All);      // two other blocks in place of the last two
//! let body = br#"{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}"#;
//! let answer = node.answer(body);
//! assert_eq!(answer, br#"{"jsonrpc":"2.0","id":1,"result":"0x3"}"#);
//! ```
//! [`Strict::answer`] is the whole of its JSON-RPC; [`StrictServer`] puts the same behind a port of
//! this machine, for programs.
//!
//! # What it does not do
//! It runs no code: a transaction costs what its octets cost and moves its value, and nothing creates a
//! contract. The history contract of EIP-2935 is played. State roots are made up.

mod accounts;
mod admission;
mod chain;
mod dialect;
mod fees;
mod gas;
mod http;
mod methods;
mod mining;
mod offered;
mod pool;
mod refusal;
mod rpc;
mod rules;
mod seed;
mod shape;
mod strangers;

use alloy_primitives::{Address, B256, Bytes, U256};

use chain::Chain;
use pool::Pool;

pub use dialect::Dialect;
pub use http::StrictServer;
pub use mining::Reinclude;
pub use rpc::offers;
pub use rules::{Finality, Fork, Limits, Rules};
pub use seed::Seed;
pub use strangers::Signer;

/// Wei.
pub const ETHER: u128 = 1_000_000_000_000_000_000;

/// The node.
#[derive(Clone, Debug)]
pub struct Strict {
    chain: Chain,
    pool: Pool,
    /// Unix time in seconds, as the driver has it.
    now: u64,
    /// How many transactions were offered.
    arrivals: u64,
    /// The height that was declared final by hand.
    finalized: Option<u64>,
}

/// The newest block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its height.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its Unix time in seconds.
    pub time: u64,
}

/// A transaction as the test looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its nonce.
    pub nonce: u64,
    /// Its hash.
    pub hash: B256,
    /// Its calldata.
    pub input: Vec<u8>,
}

/// A Whiteflag transaction in a block of the chain as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its hash.
    pub hash: B256,
    /// Who signed it.
    pub from: Address,
    /// Its calldata.
    pub input: Vec<u8>,
    /// Its block's height.
    pub height: u64,
    /// Its block's hash.
    pub block: B256,
}

impl Strict {
    /// A node with block 0 and nothing else.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            chain: Chain::new(rules),
            pool: Pool::new(rules.pool),
            now: rules.genesis_time,
            arrivals: 0,
            finalized: None,
        }
    }

    /// Gives an account wei, as if it had had them from block 0 on.
    pub fn fund(&mut self, address: Address, wei: u128) {
        self.chain.accounts.endow(address, U256::from(wei));
    }

    /// Gives an account code, or takes it away: a delegation (EIP-7702) is `0xef0100` and an address.
    pub fn set_code(&mut self, address: Address, code: Bytes) {
        self.chain.set_code(address, code);
    }

    /// Sets the base fee of the next block, in wei per gas. It moves on from there by EIP-1559.
    pub fn set_base_fee(&mut self, wei: u64) {
        self.chain.set_base_fee(wei);
    }

    /// The clock goes on by so many seconds; what has waited for its turn too long is dropped.
    pub fn advance_time(&mut self, seconds: u64) {
        self.now += seconds;
        self.pool.expire(&self.chain, self.now);
    }

    /// Changes the client, from the next answer on.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.chain.rules.dialect = dialect;
    }

    /// Changes which blocks are safe and final.
    pub fn set_finality(&mut self, finality: Finality) {
        self.chain.rules.finality = finality;
    }

    /// Declares the blocks up to this height safe and final, and leaves finality to the driver.
    pub fn finalize(&mut self, height: u64) {
        self.set_finality(Finality::Manual);
        self.finalized = Some(height);
    }

    /// The pool forgets one transaction. Whether it had it.
    pub fn drop_from_pool(&mut self, hash: B256) -> bool {
        self.pool.remove(hash).is_some()
    }

    /// The pool holds a transaction from now on and never gives it its turn, nor what comes after it: a
    /// development node does so when it takes one in just while it makes the block with the one before.
    pub fn mislay(&mut self, hash: B256) {
        self.pool.mislay(hash);
    }

    /// The pool forgets everything, as after a restart.
    pub fn forget_pool(&mut self) {
        self.pool.clear();
    }

    /// The newest block.
    #[must_use]
    pub fn head(&self) -> Head {
        let block = self.chain.head();
        Head {
            number: block.header.number,
            hash: block.hash,
            time: block.header.timestamp,
        }
    }

    /// The driver's time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Wei per gas of the next block.
    #[must_use]
    pub fn next_base_fee(&self) -> u64 {
        self.chain.next_base_fee()
    }

    /// An account's nonce after the newest block.
    #[must_use]
    pub fn nonce_of(&self, address: Address) -> u64 {
        self.chain.accounts.now(address).nonce
    }

    /// An account's wei after the newest block.
    #[must_use]
    pub fn balance_of(&self, address: Address) -> U256 {
        self.chain.accounts.now(address).balance
    }

    /// What an account sent that is in blocks now, in their order.
    #[must_use]
    pub fn transactions_of(&self, address: Address) -> Vec<Sent> {
        let blocks = self.chain.blocks().iter();
        let all = blocks.flat_map(|block| &block.transactions);
        let sent = all.filter(|transaction| transaction.from == address);
        sent.map(|transaction| seen(transaction)).collect()
    }

    /// Every transaction in blocks now whose calldata begins as a Whiteflag message does, in the
    /// chain's order.
    #[must_use]
    pub fn whiteflag(&self) -> Vec<Placed> {
        let mut found = Vec::new();
        for block in self.chain.blocks() {
            let messages = block.transactions.iter();
            let messages = messages.filter(|one| one.input().starts_with(b"WF"));
            found.extend(messages.map(|one| Placed {
                hash: one.hash,
                from: one.from,
                input: one.input().to_vec(),
                height: block.header.number,
                block: block.hash,
            }));
        }
        found
    }

    /// What waits of an account, by nonce.
    #[must_use]
    pub fn pool_of(&self, address: Address) -> Vec<Sent> {
        let waiting = self.pool.of(address);
        waiting.map(|transaction| seen(transaction)).collect()
    }

    /// The height up to which blocks are safe.
    #[must_use]
    pub fn safe(&self) -> Option<u64> {
        let height = self.chain.height();
        match self.chain.rules.finality {
            Finality::Depth { safe, .. } => height.checked_sub(safe),
            Finality::Manual => self.finalized.map(|finalized| finalized.min(height)),
            Finality::None => None,
        }
    }

    /// The height up to which blocks are final.
    #[must_use]
    pub fn finalized(&self) -> Option<u64> {
        let height = self.chain.height();
        match self.chain.rules.finality {
            Finality::Depth { finalized, .. } => height.checked_sub(finalized),
            Finality::Manual | Finality::None => self.safe(),
        }
    }
}

fn seen(transaction: &offered::Offered) -> Sent {
    Sent {
        nonce: transaction.nonce(),
        hash: transaction.hash,
        input: transaction.input().to_vec(),
    }
}
