//! The blocks of the strict node: real headers over real transactions, with the transactions root,
//! receipts root, parent link and hash that they must have. State root and block access list hash are
//! made up, because nobody can recompute them through JSON-RPC. It keeps no pool.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy_consensus::constants::EMPTY_WITHDRAWALS;
use alloy_consensus::proofs::{calculate_receipt_root, calculate_transaction_root};
use alloy_consensus::{
    Eip658Value, Header, Receipt, ReceiptEnvelope, ReceiptWithBloom, Transaction, TxType,
};
use alloy_eips::eip1559::{BaseFeeParams, calc_next_block_base_fee};
use alloy_primitives::{Address, B256, Bloom, Bytes, U256, b256, keccak256};

use super::accounts::Accounts;
use super::offered::Offered;
use super::rules::Rules;

/// Who makes the blocks and gets the tips.
pub(super) const MAKER: Address = Address::repeat_byte(0xB1);
/// EIP-7685: SHA-256 of nothing.
const NO_REQUESTS: B256 = b256!("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

/// A block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) header: Header,
    pub(super) hash: B256,
    pub(super) transactions: Vec<Arc<Offered>>,
    /// Gas that each of them used.
    pub(super) gas: Vec<u64>,
}

impl Block {
    pub(super) fn base_fee(&self) -> u64 {
        self.header.base_fee_per_gas.unwrap_or_default()
    }
}

/// The chain as it is now, and the blocks that were once in it.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) rules: Rules,
    pub(super) accounts: Accounts,
    codes: BTreeMap<Address, Bytes>,
    blocks: Vec<Block>,
    aside: BTreeMap<B256, Block>,
    places: BTreeMap<B256, (u64, usize)>,
    /// Grows with each reorganisation, so that no block is made twice.
    branch: u64,
    /// The next block's base fee, where the driver has set one.
    base_fee: Option<u64>,
}

/// A block in the making.
pub(super) struct Making {
    height: u64,
    base_fee: u64,
    amsterdam: bool,
    /// Gas that is left in it.
    left: u64,
    transactions: Vec<Arc<Offered>>,
    gas: Vec<u64>,
}

impl Chain {
    pub(super) fn new(rules: Rules) -> Self {
        let mut chain = Self {
            rules,
            accounts: Accounts::default(),
            codes: BTreeMap::new(),
            blocks: Vec::new(),
            aside: BTreeMap::new(),
            places: BTreeMap::new(),
            branch: 0,
            base_fee: Some(rules.base_fee),
        };
        let making = chain.begin();
        chain.finish(making, rules.genesis_time);
        chain
    }

    pub(super) fn head(&self) -> &Block {
        self.blocks.last().expect("block 0 is there from the start")
    }

    pub(super) fn height(&self) -> u64 {
        self.blocks.len() as u64 - 1
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(super) fn at(&self, height: u64) -> Option<&Block> {
        self.blocks.get(usize::try_from(height).ok()?)
    }

    /// Also a block that was replaced: nodes keep such for a while.
    pub(super) fn by_hash(&self, hash: B256) -> Option<&Block> {
        let found = self.blocks.iter().rev().find(|block| block.hash == hash);
        found.or_else(|| self.aside.get(&hash))
    }

    /// The block that holds a transaction, and its place there.
    pub(super) fn place(&self, transaction: B256) -> Option<(&Block, usize)> {
        let (height, index) = self.places.get(&transaction)?;
        self.at(*height).map(|block| (block, *index))
    }

    pub(super) fn code(&self, address: Address) -> Bytes {
        self.codes.get(&address).cloned().unwrap_or_default()
    }

    pub(super) fn set_code(&mut self, address: Address, code: Bytes) {
        self.codes.insert(address, code);
    }

    /// The rules that the pool goes by: those of the newest block.
    pub(super) fn is_amsterdam(&self) -> bool {
        self.rules.fork.is_amsterdam(self.height())
    }

    /// Wei per gas of the block that comes next (EIP-1559).
    pub(super) fn next_base_fee(&self) -> u64 {
        self.base_fee.unwrap_or_else(|| {
            let head = self.head();
            let header = &head.header;
            let params = BaseFeeParams::ethereum();
            calc_next_block_base_fee(header.gas_used, header.gas_limit, head.base_fee(), params)
        })
    }

    pub(super) fn set_base_fee(&mut self, wei: u64) {
        self.base_fee = Some(wei);
    }

    /// Drops the newest blocks and gives back their transactions in their order. Block 0 stays.
    pub(super) fn rewind(&mut self, depth: u64) -> Vec<Arc<Offered>> {
        let height = self.height().saturating_sub(depth);
        let kept = usize::try_from(height).expect("a height that is in memory") + 1;
        let dropped = self.blocks.split_off(kept);
        self.accounts.rewind(height);
        self.branch += 1;
        let mut transactions = Vec::new();
        for block in dropped {
            for transaction in &block.transactions {
                self.places.remove(&transaction.hash);
            }
            transactions.extend(block.transactions.iter().cloned());
            self.aside.insert(block.hash, block);
        }
        transactions
    }

    /// Begins the next block.
    pub(super) fn begin(&mut self) -> Making {
        let height = self.blocks.len() as u64;
        let base_fee = match self.base_fee.take() {
            Some(wei) => wei,
            None => self.next_base_fee(),
        };
        Making {
            height,
            base_fee,
            amsterdam: self.rules.fork.is_amsterdam(height),
            left: self.rules.block_gas,
            transactions: Vec::new(),
            gas: Vec::new(),
        }
    }

    /// Puts a transaction into the block, unless it may not or cannot be there now.
    pub(super) fn include(&mut self, making: &mut Making, transaction: &Arc<Offered>) -> bool {
        let least = transaction.needs(making.amsterdam).least();
        let sender = self.accounts.now(transaction.from);
        let fits = transaction.gas() <= making.left && least <= transaction.gas();
        let pays = sender.balance >= transaction.cost();
        let tip = transaction.tip(making.base_fee);
        let Some(tip) = tip.filter(|_| fits && pays && sender.nonce == transaction.nonce()) else {
            return false;
        };
        self.pay(making, transaction, least, tip);
        making.left -= least;
        making.gas.push(least);
        making.transactions.push(Arc::clone(transaction));
        true
    }

    fn pay(&mut self, making: &Making, transaction: &Offered, gas: u64, tip: u128) {
        let (height, value) = (making.height, transaction.envelope.value());
        let gas = U256::from(gas);
        let price = U256::from(making.base_fee) + U256::from(tip);
        self.accounts.change(transaction.from, height, |account| {
            account.nonce += 1;
            account.balance -= gas * price + value;
        });
        let accounts = &mut self.accounts;
        accounts.change(transaction.to, height, |account| account.balance += value);
        accounts.change(MAKER, height, |account| {
            account.balance += gas * U256::from(tip);
        });
    }

    /// Ends the block. Gives its hash.
    pub(super) fn finish(&mut self, making: Making, time: u64) -> B256 {
        let header = self.header(&making, time);
        let hash = header.hash_slow();
        for (index, transaction) in making.transactions.iter().enumerate() {
            self.places.insert(transaction.hash, (making.height, index));
        }
        self.blocks.push(Block {
            header,
            hash,
            transactions: making.transactions,
            gas: making.gas,
        });
        hash
    }

    fn header(&self, making: &Making, time: u64) -> Header {
        let parent = self.blocks.last();
        let mark = self.mark(making.height);
        let envelopes: Vec<_> = making.transactions.iter().map(|t| &t.envelope).collect();
        let amsterdam = making.amsterdam;
        let slot = time.saturating_sub(self.rules.genesis_time) / self.rules.block_time.max(1);
        Header {
            parent_hash: parent.map(|block| block.hash).unwrap_or_default(),
            beneficiary: MAKER,
            state_root: keccak256([mark, B256::ZERO].concat()),
            transactions_root: calculate_transaction_root(&envelopes),
            receipts_root: calculate_receipt_root(&receipts(making)),
            number: making.height,
            gas_limit: self.rules.block_gas,
            gas_used: making.gas.iter().sum(),
            timestamp: time,
            extra_data: Bytes::copy_from_slice(&mark[..8]),
            mix_hash: mark,
            base_fee_per_gas: Some(making.base_fee),
            withdrawals_root: Some(EMPTY_WITHDRAWALS),
            blob_gas_used: Some(0),
            excess_blob_gas: Some(0),
            parent_beacon_block_root: Some(mark),
            requests_hash: Some(NO_REQUESTS),
            block_access_list_hash: amsterdam.then(|| keccak256(mark)),
            slot_number: amsterdam.then_some(slot),
            ..Header::default()
        }
    }

    /// What tells this block from any other at its height.
    fn mark(&self, height: u64) -> B256 {
        let parts = [self.rules.seed, self.branch, height];
        keccak256(parts.map(u64::to_be_bytes).concat())
    }
}

/// Every transaction succeeds and writes no log.
fn receipts(making: &Making) -> Vec<ReceiptEnvelope> {
    let mut cumulative_gas_used = 0;
    let mut receipt = |(transaction, gas): (&Arc<Offered>, &u64)| {
        cumulative_gas_used += gas;
        let receipt = ReceiptWithBloom {
            receipt: Receipt {
                status: Eip658Value::Eip658(true),
                cumulative_gas_used,
                logs: Vec::new(),
            },
            logs_bloom: Bloom::ZERO,
        };
        match transaction.envelope.tx_type() {
            TxType::Legacy => ReceiptEnvelope::Legacy(receipt),
            TxType::Eip2930 => ReceiptEnvelope::Eip2930(receipt),
            TxType::Eip1559 | TxType::Eip4844 | TxType::Eip7702 => {
                ReceiptEnvelope::Eip1559(receipt)
            }
        }
    };
    let both = making.transactions.iter().zip(&making.gas);
    both.map(&mut receipt).collect()
}
