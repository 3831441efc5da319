//! What is shown: everything received, and where the device is.

use parley_chain::address_text;
use parley_core::network::NetworkKind;
use parley_store::{Finality, ReceivedRow};
use parley_wire as wire;
use parley_wire::{Failure, Received, Standing, Status};
use whiteflag::{DecodeError, Message};

use crate::parley::Parley;
use crate::signals;

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
    let (message, shown, error) = match readable(&row.input) {
        Ok(Readable::AsItIs(message)) => (Some(message), None, None),
        Ok(Readable::Escaped(message)) => (None, Some(message), Some(DecodeError::Character)),
        Err(error) => (None, None, Some(error)),
    };
    let read = message.as_ref().or(shown.as_ref());
    Received {
        transaction_hash: hex::encode(row.hash),
        block_number: row.block_number,
        block_hash: hex::encode(row.block_hash),
        block_time: row.block_time,
        originator: address_text(&row.originator),
        state: standing(Some(row.block_number), finality),
        verification: signals::verification(row.level),
        raw: hex::encode(&row.input),
        error: error.as_ref().map(ToString::to_string),
        findings: read.map_or_else(Vec::new, findings),
        message: message.map(|message| message.to_value()),
        shown: shown.map(|message| message.to_value()),
    }
}

fn findings(message: &Message) -> Vec<String> {
    let mut found = message.check();
    found.dedup_by_key(|finding| finding.rule);
    let names = found.iter().map(|finding| finding.rule.name().to_owned());
    names.collect()
}

/// A received message that can be shown.
pub(crate) enum Readable {
    /// It says what its octets say.
    AsItIs(Message),
    /// Its text holds characters that Whiteflag does not allow: they are escaped. Somebody may ask
    /// for help in such a text, so it is shown; it is never encoded again.
    Escaped(Message),
}

/// Reads what was received, so far as it can be shown.
pub(crate) fn readable(octets: &[u8]) -> Result<Readable, DecodeError> {
    let read = Message::decode(octets);
    if read == Err(DecodeError::Character) {
        return Message::decode_to_show(octets).map(Readable::Escaped);
    }
    read.map(Readable::AsItIs)
}

/// How settled the block at this height is; `None` for what is in none.
pub(crate) fn standing(block: Option<u64>, finality: Finality) -> Standing {
    let Some(block) = block else {
        return Standing::Unsent;
    };
    if finality.finalized.is_some_and(|height| block <= height) {
        Standing::Final
    } else if finality.safe.is_some_and(|height| block <= height) {
        Standing::Safe
    } else {
        Standing::InBlock
    }
}
