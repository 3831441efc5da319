//! A block as an endpoint gives it, recomputed: header hash, transactions root, and for every
//! Whiteflag transaction its own hash and its signer. What cannot be recomputed lowers the level
//! that is reached; what contradicts itself is refused.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{Header as ConsensusHeader, Transaction, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_primitives::{Address, B256, keccak256};
use parley_core::{chain::Header, verification::Verification};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::transport::ReadFailure;

/// What every Whiteflag message begins with.
const PREFIX: &[u8] = b"WF";

/// A block whose Whiteflag transactions were recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its header.
    pub header: Header,
    /// How far it was recomputed.
    pub level: Verification,
    /// The Whiteflag transactions in it.
    pub messages: Vec<Found>,
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

#[derive(Deserialize)]
struct Claim {
    hash: B256,
}

#[derive(Deserialize)]
struct Contents<'a> {
    #[serde(borrow)]
    transactions: Vec<&'a RawValue>,
}

/// The header in an answer; `None` for `null`.
pub(crate) fn header(json: &str, number: u64) -> Result<Option<Header>, ReadFailure> {
    let Some((header, _)) = parse_header(json, number)? else {
        return Ok(None);
    };
    Ok(Some(kept(&header, claimed_hash(json, &header))))
}

/// The block in an answer; `None` for `null`.
pub(crate) fn verified(json: &str, number: u64) -> Result<Option<Block>, ReadFailure> {
    let Some((header, genuine)) = parse_header(json, number)? else {
        return Ok(None);
    };
    let contents: Contents<'_> = serde_json::from_str(json).map_err(|_| ReadFailure::BadAnswer)?;
    let read: Vec<Option<TxEnvelope>> = contents
        .transactions
        .iter()
        .map(|raw| serde_json::from_str(raw.get()).ok())
        .collect();
    let unreadable = read
        .iter()
        .filter(|transaction| transaction.is_none())
        .count() as u64;
    // A Whiteflag message in a transaction of an unknown form cannot be given a hash or a signer:
    // it is not shown, but the block is not called verified either.
    let whole: Option<Vec<Vec<u8>>> = read
        .iter()
        .map(|tx| tx.as_ref().map(TxEnvelope::encoded_2718))
        .collect();
    let same_root = whole.is_some_and(|encoded| root(&encoded) == header.transactions_root);
    let level = if genuine && same_root {
        Verification::Block
    } else {
        Verification::Signer
    };
    let messages = read
        .iter()
        .zip(0_u64..)
        .filter_map(|(transaction, index)| found(transaction.as_ref()?, index))
        .collect();
    let hash = claimed_hash(json, &header);
    Ok(Some(Block {
        header: kept(&header, hash),
        level,
        messages,
        unreadable,
    }))
}

/// The parsed header and whether its hash is what the endpoint says.
fn parse_header(json: &str, number: u64) -> Result<Option<(ConsensusHeader, bool)>, ReadFailure> {
    let header: Option<ConsensusHeader> =
        serde_json::from_str(json).map_err(|_| ReadFailure::BadAnswer)?;
    let Some(header) = header else {
        return Ok(None);
    };
    if header.number != number {
        return Err(ReadFailure::BadAnswer);
    }
    let genuine = header.hash_slow() == claimed_hash(json, &header);
    Ok(Some((header, genuine)))
}

/// The hash that the endpoint names: a header of a later fork has fields that are not known here, so
/// that its hash cannot be recomputed. Then the level says so.
pub(crate) fn claimed_hash(json: &str, header: &ConsensusHeader) -> B256 {
    serde_json::from_str::<Claim>(json).map_or_else(|_| header.hash_slow(), |claim| claim.hash)
}

fn kept(header: &ConsensusHeader, hash: B256) -> Header {
    Header {
        number: header.number,
        hash,
        parent: header.parent_hash,
        time: header.timestamp,
    }
}

fn root(encoded: &[Vec<u8>]) -> B256 {
    alloy_trie::root::ordered_trie_root_encoded(encoded)
}

/// A Whiteflag transaction with its own hash and its signer; one without a valid signature is none.
fn found(transaction: &TxEnvelope, index: u64) -> Option<Found> {
    // The calldata that was signed, never what the JSON says beside it.
    let input = transaction.input();
    if !input.starts_with(PREFIX) {
        return None;
    }
    Some(Found {
        hash: keccak256(transaction.encoded_2718()),
        originator: transaction.recover_signer().ok()?,
        index,
        input: input.to_vec(),
    })
}
