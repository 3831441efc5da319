//! What is shown: everything received, and where the device is.

use parley_chain::address_text;
use parley_core::network::NetworkKind;
use parley_store::{Finality, ReceivedRow};
use parley_wire as wire;
use parley_wire::{Failure, Received, Standing, Status};
use whiteflag::Message;

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
    let message = Message::decode(&row.input);
    Received {
        transaction_hash: hex::encode(row.hash),
        block_number: row.block_number,
        block_hash: hex::encode(row.block_hash),
        block_time: row.block_time,
        originator: address_text(&row.originator),
        state: standing(Some(row.block_number), finality),
        verification: signals::verification(row.level),
        raw: hex::encode(&row.input),
        error: message.as_ref().err().map(ToString::to_string),
        message: message.ok().map(|message| message.to_value()),
    }
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
