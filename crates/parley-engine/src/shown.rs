//! What is shown: everything received, and where the device is.

use parley_chain::address_text;
use parley_core::fees;
use parley_core::network::NetworkKind;
use parley_core::validity::{self, Clock};
use parley_store::{Finality, ReceivedRow};
use parley_wire as wire;
use parley_wire::{Failure, Received, Standing, Status};
use whiteflag::{DecodeError, Message};

use crate::parley::{Parley, Seen};
use crate::receive::{Levels, is_disputed};
use crate::{network, settings, signals};

/// With less room than this, octets, saving may soon fail.
const LEAST_ROOM: u64 = 32 * 1024 * 1024;

impl Parley {
    /// Every Whiteflag transaction of the chain as it is held, own ones included, in its order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn inbox(&self) -> Result<Vec<Received>, Failure> {
        let (rows, finality, levels) = self
            .with_store(|store| Ok((store.received()?, store.finality()?, Levels::read(store)?)))
            .await?;
        let shown = rows.iter().map(|row| received(row, finality, &levels));
        Ok(shown.collect())
    }

    /// Where the device stands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn status(&self) -> Result<Status, Failure> {
        let seen = self.seen();
        let head = seen.head;
        let (tip, counts, missing, settings, disputed) = self
            .with_store(move |store| {
                let missing = network::missing(store, head)?;
                Ok((
                    store.tip()?,
                    store.counts()?,
                    missing,
                    settings::read(store)?,
                    is_disputed(store)?,
                ))
            })
            .await?;
        let profile = &self.inner.profile;
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
            unsent: counts.unsent,
            balance: seen.balance.map(|balance| balance.to_string()),
            protected: false,
            affordable: affordable(&seen, &settings),
            clock_off: self.clock_off(&seen),
            disputed,
            missing,
            receive: settings.receive,
            undecided: counts.waiting_for_person,
            low_room: self.is_low_on_room(),
            mended: self.mended().await?,
        })
    }

    /// How far this device's clock is ahead of the newest block, where one of the two must be wrong.
    fn clock_off(&self, seen: &Seen) -> Option<i64> {
        let seconds = self.inner.preset.map_or(0, |preset| preset.block_seconds);
        match validity::clock(self.now(), seen.head_time, seconds) {
            Clock::Off { seconds } => Some(seconds),
            Clock::Agrees | Clock::Unknown => None,
        }
    }

    fn is_low_on_room(&self) -> bool {
        let room = self.inner.outside.room(self.dir());
        room.is_some_and(|octets| octets < LEAST_ROOM)
    }
}

/// For about how many messages the account can pay, where a node has said what they cost.
fn affordable(seen: &Seen, settings: &wire::Settings) -> Option<u64> {
    let quote = seen.fees?;
    let offer = fees::offer(&quote, &settings::cap(settings));
    Some(fees::affordable(seen.balance?, &quote, &offer))
}

fn kind(kind: NetworkKind) -> wire::NetworkKind {
    match kind {
        NetworkKind::Exercise => wire::NetworkKind::Exercise,
        NetworkKind::Test => wire::NetworkKind::Test,
        NetworkKind::Main => wire::NetworkKind::Main,
    }
}

fn received(row: &ReceivedRow, finality: Finality, levels: &Levels) -> Received {
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
        verification: signals::verification(levels.level(row.block_number, row.level)),
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
