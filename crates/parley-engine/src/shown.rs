//! What is shown: everything received, what stands of it, and where the device is.

use alloy_primitives::{Address, B256};
use parley_chain::address_text;
use parley_core::network::NetworkKind;
use parley_core::situation::{self, Entry, Sequence};
use parley_core::verification::Verification as Level;
use parley_store::{Finality, OutgoingRow, ReceivedRow};
use parley_wire as wire;
use parley_wire::{Failure, Received, Signal, Standing, Status, Validity, Verification};
use whiteflag::{Message, TransactionHash};

use crate::parley::Parley;
use crate::{clock, own};

/// One message that can stand on the map: received, or own and on its way.
struct Item {
    entry: Entry,
    shown_hash: String,
    json: serde_json::Value,
    raw: Vec<u8>,
    time: u64,
    block: Option<u64>,
    state: Standing,
    verification: Verification,
}

impl Parley {
    /// Every Whiteflag transaction of the chain as it is held, own ones included, in its order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn inbox(&self) -> Result<Vec<Received>, Failure> {
        let (rows, finality) = self
            .with_store(|store| Ok((store.received()?, store.finality()?)))
            .await?;
        Ok(rows.iter().map(|row| received(row, finality)).collect())
    }

    /// Every original with what refers to it, own unsent ones last.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn signals(&self) -> Result<Vec<Signal>, Failure> {
        let (rows, outgoing, finality) = self
            .with_store(|store| Ok((store.received()?, store.outgoing()?, store.finality()?)))
            .await?;
        let mut items: Vec<Item> = rows.iter().filter_map(|row| item(row, finality)).collect();
        items.extend(unsent(&outgoing, self.inner.profile.address));
        let entries: Vec<Entry> = items.iter().map(|item| item.entry.clone()).collect();
        let sequences = situation::sequences(&entries, self.inner.kind);
        let own = self.inner.profile.address;
        let signals = sequences
            .iter()
            .filter_map(|sequence| signal(sequence, &items, self.inner.kind, own));
        Ok(signals.collect())
    }

    /// Where the device stands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn status(&self) -> Result<Status, Failure> {
        let (tip, outgoing) = self
            .with_store(|store| Ok((store.tip()?, store.outgoing()?)))
            .await?;
        let profile = &self.inner.profile;
        let seen = self.seen();
        let unsent = outgoing
            .iter()
            .filter(|row| !row.cancelled && !row.variants.iter().any(|v| v.position.is_some()));
        Ok(Status {
            network: wire::Network {
                name: profile.network.clone(),
                chain_id: profile.chain_id,
                kind: kind(self.inner.kind),
            },
            name: profile.name.clone(),
            address: address_text(&profile.address),
            link: seen.link,
            received_to: tip.map(|tip| wire::ReceivedTo {
                block: tip.number,
                time: tip.time,
            }),
            head: seen.head,
            unsent: unsent.count() as u64,
            balance: seen.balance.map(|balance| balance.to_string()),
            protected: false,
        })
    }
}

fn kind(kind: NetworkKind) -> wire::NetworkKind {
    match kind {
        NetworkKind::Exercise => wire::NetworkKind::Exercise,
        NetworkKind::Test => wire::NetworkKind::Test,
        NetworkKind::Main => wire::NetworkKind::Main,
    }
}

fn received(row: &ReceivedRow, finality: Finality) -> Received {
    let message = Message::decode(&row.input);
    Received {
        transaction_hash: hex::encode(row.hash),
        block_number: row.block_number,
        block_hash: hex::encode(row.block_hash),
        block_time: row.block_time,
        originator: address_text(&row.originator),
        state: standing(row.block_number, finality),
        verification: verification(row.level),
        raw: hex::encode(&row.input),
        error: message.as_ref().err().map(ToString::to_string),
        message: message.ok().map(|message| message.to_value()),
    }
}

fn item(row: &ReceivedRow, finality: Finality) -> Option<Item> {
    let message = Message::decode(&row.input).ok()?;
    Some(Item {
        json: message.to_value(),
        entry: Entry {
            hash: hash(row.hash),
            originator: row.originator,
            message,
        },
        shown_hash: hex::encode(row.hash),
        raw: row.input.clone(),
        time: row.block_time,
        block: Some(row.block_number),
        state: standing(row.block_number, finality),
        verification: verification(row.level),
    })
}

/// Own messages that are in no block: on the map at once, marked as unsent.
fn unsent(rows: &[OutgoingRow], originator: Address) -> Vec<Item> {
    let on_the_way = rows
        .iter()
        .filter(|row| !row.cancelled && row.variants.iter().all(|v| v.position.is_none()));
    on_the_way
        .filter_map(|row| {
            let mut message = Message::decode(&row.wire).ok()?;
            if let Some(parent) = row.parent.filter(|_| row.variants.is_empty()) {
                let parent = rows.iter().find(|other| other.id == parent)?;
                message.reference.message = hash_or_number(parent);
            }
            let lead = own::leading(row);
            Some(Item {
                json: own::message(row),
                entry: Entry {
                    hash: hash_or_number(row),
                    originator,
                    message,
                },
                shown_hash: lead
                    .map_or_else(|| format!("@{}", row.id.0), |lead| hex::encode(lead.hash)),
                raw: row.wire.clone(),
                time: row.queued_at,
                block: None,
                state: Standing::Unsent,
                verification: Verification::Own,
            })
        })
        .collect()
}

/// The hash of an own message, or for one without a hash a stand-in that no hash function gives.
fn hash_or_number(row: &OutgoingRow) -> TransactionHash {
    if let Some(lead) = own::leading(row) {
        return hash(lead.hash);
    }
    let mut stand_in = [0; 32];
    let (_, tail) = stand_in.split_at_mut(24);
    tail.copy_from_slice(&row.id.0.to_be_bytes());
    TransactionHash::new(stand_in)
}

fn signal(sequence: &Sequence, items: &[Item], kind: NetworkKind, own: Address) -> Option<Signal> {
    let original = items.get(sequence.original)?;
    let current = items.get(sequence.current)?;
    let content = situation::effective(&current.entry.message, kind)?;
    let now = i64::try_from(clock::now()).unwrap_or(i64::MAX);
    let references = sequence.references.iter().filter_map(|at| items.get(*at));
    Some(Signal {
        transaction_hash: original.shown_hash.clone(),
        validity: validity(situation::standing(content, sequence.discontinued, now)),
        message: current.json.clone(),
        references: references.map(reference).collect(),
        originator: address_text(&original.entry.originator),
        own: original.entry.originator == own,
        time: original.time,
        block_number: original.block,
        state: original.state,
        verification: original.verification,
        raw: hex::encode(&original.raw),
    })
}

fn reference(item: &Item) -> wire::Reference {
    wire::Reference {
        transaction_hash: item.shown_hash.clone(),
        indicator: item.entry.message.reference.indicator.digit().to_string(),
        originator: address_text(&item.entry.originator),
        time: item.time,
        message: item.json.clone(),
    }
}

fn validity(standing: situation::Standing) -> Validity {
    match standing {
        situation::Standing::Future => Validity::Future,
        situation::Standing::Current => Validity::Current,
        situation::Standing::Expired => Validity::Expired,
        situation::Standing::Discontinued => Validity::Discontinued,
        situation::Standing::Unclear => Validity::Unclear,
    }
}

fn standing(block: u64, finality: Finality) -> Standing {
    if finality.finalized.is_some_and(|height| block <= height) {
        Standing::Final
    } else if finality.safe.is_some_and(|height| block <= height) {
        Standing::Safe
    } else {
        Standing::InBlock
    }
}

fn verification(level: Level) -> Verification {
    match level {
        Level::Signer => Verification::Signer,
        Level::Block => Verification::Block,
    }
}

fn hash(hash: B256) -> TransactionHash {
    TransactionHash::new(hash.0)
}
