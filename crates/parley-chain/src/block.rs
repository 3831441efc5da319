//! A block as an endpoint gives it, recomputed: header hash, transactions root, and for every
//! Whiteflag transaction its own hash and its signer. What contradicts itself is refused. What is of
//! a form that is not known here cannot be recomputed; that lowers the level that is reached.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{Header as ConsensusHeader, Transaction, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, U64, keccak256};
use parley_core::{chain::Header, endpoint::Lie, verification::Verification};
use serde::de::DeserializeSeed;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::failure::ReadFailure;
use crate::few::{AtMost, has_only};

/// What every Whiteflag message begins with.
const PREFIX: &[u8] = b"WF";
/// The end of the year 9999. No block's time is later, and no height above it: neither could be kept
/// or shown.
const MOST: u64 = 253_402_300_799;
/// Longer extra data (EIP-3675 allows no more) is another consensus' own. Its hash may leave parts of
/// them out, as that of QBFT leaves out the seals.
const MOST_EXTRA_DATA: usize = 32;

/// No block has more transactions: the largest answer that is taken holds some 50,000 usual ones. More
/// are nothing but brackets, made to fill the memory.
const MOST_TRANSACTIONS: usize = 65_536;

/// What a block is made of, and what nodes say beside it. A header with further keys is one of a
/// later fork or another chain.
const BLOCK_KEYS: [&str; 29] = [
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash",
    "blockAccessListHash",
    "slotNumber",
    "hash",
    "size",
    "totalDifficulty",
    "transactions",
    "uncles",
    "withdrawals",
];
/// The same for a transaction.
const TRANSACTION_KEYS: [&str; 26] = [
    "type",
    "chainId",
    "nonce",
    "gasPrice",
    "maxFeePerGas",
    "maxPriorityFeePerGas",
    "maxFeePerBlobGas",
    "gas",
    "to",
    "value",
    "input",
    "data",
    "accessList",
    "blobVersionedHashes",
    "authorizationList",
    "r",
    "s",
    "v",
    "yParity",
    "hash",
    "from",
    "blockHash",
    "blockNumber",
    "blockTimestamp",
    "transactionIndex",
    "creates",
];

/// A block whose Whiteflag transactions were recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its header.
    pub header: Header,
    /// How far it was recomputed.
    pub level: Verification,
    /// The Whiteflag transactions in it.
    pub messages: Vec<Found>,
    /// The transactions in it that the account asked for signed, messages or not.
    pub own: Vec<OwnUse>,
    /// How many transactions are of a form that is not known here.
    pub unreadable: u64,
}

/// A Whiteflag transaction; everything was recomputed from its own octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its hash.
    pub hash: B256,
    /// Who signed it.
    pub originator: Address,
    /// Its index in the block.
    pub index: u64,
    /// Its calldata.
    pub input: Vec<u8>,
}

/// A transaction that the own account signed: its nonce is used. Recomputed from its own octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnUse {
    /// The nonce.
    pub nonce: u64,
    /// The transaction's hash.
    pub hash: B256,
    /// Its index in the block.
    pub index: u64,
}

/// The newest header of an endpoint.
pub(crate) struct Newest {
    pub(crate) header: Header,
    pub(crate) looks_amsterdam: bool,
}

#[derive(Deserialize)]
struct First {
    number: U64,
    hash: B256,
}

#[derive(Deserialize)]
struct Claim {
    hash: B256,
}

#[derive(Deserialize)]
struct Contents<'a> {
    #[serde(borrow, deserialize_with = "not_too_many")]
    transactions: Vec<&'a RawValue>,
}

/// Who an endpoint says signed a transaction.
#[derive(Deserialize)]
struct Sender {
    from: Option<Address>,
}

/// A header and the hash that the endpoint names; `genuine` when that was recomputed.
struct Claimed {
    header: ConsensusHeader,
    hash: B256,
    genuine: bool,
}

/// The header in an answer, whatever its height; `None` for `null`.
pub(crate) fn header(json: &str) -> Result<Option<Header>, ReadFailure> {
    Ok(parse(json)?.as_ref().map(kept))
}

/// The hash that an endpoint names for the first block, not recomputed: that of a chain which began
/// under other rules has a form of its own.
pub(crate) fn claimed_first(json: &str) -> Result<B256, ReadFailure> {
    match from_json::<First>(json)? {
        First { number, hash } if number.is_zero() => Ok(hash),
        First { .. } => Err(ReadFailure::BadAnswer),
    }
}

/// The header of the newest block in an answer. Every chain has one.
pub(crate) fn newest(json: &str) -> Result<Newest, ReadFailure> {
    let claimed = parse(json)?.ok_or(ReadFailure::BadAnswer)?;
    let header = &claimed.header;
    Ok(Newest {
        header: kept(&claimed),
        looks_amsterdam: header.block_access_list_hash.is_some() || header.slot_number.is_some(),
    })
}

/// The header at this height in an answer; `None` for `null`.
pub(crate) fn header_at(json: &str, number: u64) -> Result<Option<Header>, ReadFailure> {
    Ok(parse_at(json, number)?.as_ref().map(kept))
}

/// The block in an answer; `None` for `null`. Transactions of other chains are no messages in it, and
/// none of `own`.
pub(crate) fn verified(
    json: &str,
    number: u64,
    chain_id: u64,
    own: Option<Address>,
) -> Result<Option<Block>, ReadFailure> {
    let Some(claimed) = parse_at(json, number)? else {
        return Ok(None);
    };
    let Contents { transactions } = from_json(json)?;
    let read = read_all(&transactions)?;
    let unreadable = read.iter().filter(|read| read.is_none()).count() as u64;
    // A Whiteflag message in a transaction of an unknown form cannot be given a hash or a signer:
    // it is not shown, but the block is not called verified either.
    let same_root = root(&read) == Some(claimed.header.transactions_root);
    let is_known = || {
        let mut all = transactions.iter();
        unreadable == 0 && all.all(|raw| has_only(raw.get(), &TRANSACTION_KEYS))
    };
    if claimed.genuine && !same_root && is_known() {
        return Err(ReadFailure::Lie(Lie::FalseTransactions));
    }
    let level = if claimed.genuine && same_root {
        Verification::Block
    } else {
        Verification::Signer
    };
    let mut block = Block {
        header: kept(&claimed),
        level,
        messages: Vec::new(),
        own: Vec::new(),
        unreadable,
    };
    for ((transaction, raw), index) in read.iter().zip(&transactions).zip(0_u64..) {
        if let Some(transaction) = transaction {
            block.take(transaction, raw.get(), index, chain_id, own);
        }
    }
    Ok(Some(block))
}

impl Block {
    /// Notes a transaction of this chain that is a Whiteflag message or of the own account, with its
    /// own hash and its signer; one without a valid signature is neither.
    fn take(
        &mut self,
        transaction: &TxEnvelope,
        json: &str,
        index: u64,
        chain_id: u64,
        own: Option<Address>,
    ) {
        // Signed content only, never what the JSON says beside it. A signature from before EIP-155 names
        // no chain and is valid on all of them, so on this one too.
        let elsewhere = transaction.chain_id().is_some_and(|id| id != chain_id);
        let input = transaction.input();
        let is_message = input.starts_with(PREFIX);
        if elsewhere || !(is_message || own.is_some_and(|own| may_be_of(json, own))) {
            return;
        }
        let Ok(signer) = transaction.recover_signer() else {
            return;
        };
        let hash = keccak256(transaction.encoded_2718());
        if own == Some(signer) {
            let nonce = transaction.nonce();
            self.own.push(OwnUse { nonce, hash, index });
        }
        if is_message {
            self.messages.push(Found {
                hash,
                originator: signer,
                index,
                input: input.to_vec(),
            });
        }
    }
}

/// Whether an account may have signed a transaction: only then is it worth to find out. Who names
/// another sender hides that a nonce was used, and no more than by leaving the transaction out.
fn may_be_of(json: &str, own: Address) -> bool {
    match serde_json::from_str(json) {
        Ok(Sender { from: Some(from) }) => from == own,
        Ok(Sender { from: None }) | Err(_) => true,
    }
}

fn not_too_many<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<&'de RawValue>, D::Error> {
    AtMost::new(MOST_TRANSACTIONS).deserialize(list)
}

fn from_json<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, ReadFailure> {
    serde_json::from_str(json).map_err(|_| ReadFailure::BadAnswer)
}

fn parse_at(json: &str, number: u64) -> Result<Option<Claimed>, ReadFailure> {
    match parse(json)? {
        Some(claimed) if claimed.header.number != number => Err(ReadFailure::Lie(Lie::FalseHeader)),
        other => Ok(other),
    }
}

/// A header whose hash is another one is a lie, unless it is of a form that is not known here: then
/// it may be this program that is too old to recompute it.
fn parse(json: &str) -> Result<Option<Claimed>, ReadFailure> {
    let Some(header) = from_json::<Option<ConsensusHeader>>(json)? else {
        return Ok(None);
    };
    let Claim { hash } = from_json(json)?;
    let genuine = header.hash_slow() == hash;
    if header.number > MOST || header.timestamp > MOST {
        return Err(ReadFailure::BadAnswer);
    }
    // The first block of a chain that began under other rules has a form of its own. Its hash is pinned,
    // and named by the block after it.
    if !genuine && header.number > 0 && is_known_form(json, &header) {
        return Err(ReadFailure::Lie(Lie::FalseHeader));
    }
    Ok(Some(Claimed {
        header,
        hash,
        genuine,
    }))
}

fn is_known_form(json: &str, header: &ConsensusHeader) -> bool {
    header.extra_data.len() <= MOST_EXTRA_DATA && has_only(json, &BLOCK_KEYS)
}

fn kept(claimed: &Claimed) -> Header {
    Header {
        number: claimed.header.number,
        hash: claimed.hash,
        parent: claimed.header.parent_hash,
        time: claimed.header.timestamp,
    }
}

/// The transactions of a block; `None` for one that is not of a known form.
fn read_all(transactions: &[&RawValue]) -> Result<Vec<Option<TxEnvelope>>, ReadFailure> {
    transactions.iter().map(|raw| read(raw.get())).collect()
}

/// Hashes alone would hide what is in the block, so what is no object is no answer. A transaction that
/// nobody signed is one that a chain makes itself, and in no known form.
fn read(json: &str) -> Result<Option<TxEnvelope>, ReadFailure> {
    if !json.starts_with('{') {
        return Err(ReadFailure::BadAnswer);
    }
    let transaction: Option<TxEnvelope> = serde_json::from_str(json).ok();
    Ok(transaction.filter(|read| !read.signature().r().is_zero()))
}

/// The root over all transactions; `None` when not all were read.
fn root(read: &[Option<TxEnvelope>]) -> Option<B256> {
    let encoded: Vec<Vec<u8>> = read
        .iter()
        .map(|transaction| transaction.as_ref().map(TxEnvelope::encoded_2718))
        .collect::<Option<_>>()?;
    Some(alloy_trie::root::ordered_trie_root_encoded(&encoded))
}

#[cfg(test)]
mod tests;
