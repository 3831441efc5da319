//! Encrypted messages, each with the message that carries its initialisation vector (specification
//! 5.2.4): queued in one commit, sent in one burst, and never parted, because one without the other
//! can be read by nobody. Keeps no secret and no plain text.

use parley_core::MessageId;
use parley_store::{NewMessage, OutgoingRow, Store, StoreError};
use parley_wire::{Draft, Failure};
use whiteflag::crypto::{
    Address, EncryptionKey, EncryptionMethod, InitialisationVector, Secret, VectorMessage, encrypt,
};
use whiteflag::{Body, DecodeError, Message, TransactionHash};

use crate::draft::{Ready, Wrapping, as_test};
use crate::failure;
use crate::parley::Parley;

/// A secret that was shared beforehand.
const METHOD: EncryptionMethod = EncryptionMethod::PreShared;

/// An encrypted message and its initialisation vector, checked.
pub struct ReadyPair {
    encrypted: Vec<u8>,
    vector: Ready,
    urgent: bool,
    /// Things that are allowed but probably not meant, as sentences.
    pub warnings: Vec<String>,
}

impl ReadyPair {
    fn rows(&self, at: u64) -> (NewMessage, NewMessage) {
        let vector = NewMessage {
            urgent: self.urgent,
            ..self.vector.row(at, None)
        };
        let encrypted = NewMessage {
            wire: self.encrypted.clone(),
            parent: None,
            ..vector.clone()
        };
        (encrypted, vector)
    }
}

impl Parley {
    /// Checks a message and encrypts it for those who share the secret (method 2). Keeps nothing.
    ///
    /// # Errors
    /// In words: what is wrong with it. It may not refer to an own message that has not left.
    pub async fn encrypt(
        &self,
        draft: &Draft,
        wrapping: Wrapping,
        secret: &Secret,
    ) -> Result<ReadyPair, Failure> {
        let (mut message, parent) = self.read(draft, wrapping)?;
        if let Some(parent) = parent {
            return Err(failure::bad_input(format!(
                "The message was not queued: an encrypted message cannot refer to own message {0} as \
                 @{0}, because what is encrypted is not changed any more. Wait until that one has \
                 left, and give its transaction hash.",
                parent.0
            )));
        }
        if message.encryption == METHOD.indicator() {
            message.encryption = b'0';
        }
        let ready = self.ready(message.clone(), None)?;
        self.check_reference(&ready, None).await?;
        let vector = fresh_vector()?;
        let key = EncryptionKey::derive(METHOD, secret, &self.own_address());
        let encrypted = encrypt(&message, &key, vector)
            .map_err(|error| failure::bad_input(format!("The message was not queued: {error}.")))?;
        Ok(ReadyPair {
            encrypted,
            vector: self.vector_message(vector, &message)?,
            urgent: ready.urgent,
            warnings: ready.warnings,
        })
    }

    /// Queues encrypted messages with their vectors, in their order and in one commit. The answer has
    /// the numbers of both.
    ///
    /// # Errors
    /// They could not be kept. Then none was.
    pub async fn queue_encrypted(&self, pairs: &[ReadyPair]) -> Result<Vec<(u64, u64)>, Failure> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let rows: Vec<_> = pairs.iter().map(|pair| pair.rows(now)).collect();
        let ids = self
            .with_store(move |store| store.queue_pairs(&rows))
            .await?;
        self.own_changed();
        Ok(ids
            .into_iter()
            .map(|(first, second)| (first.0, second.0))
            .collect())
    }

    fn own_address(&self) -> Address {
        Address::ethereum(self.inner.profile.address.0.0)
    }

    /// The message with the vector; a test message where the encrypted one is. Whose vector it is the
    /// commit says that gives both their numbers.
    fn vector_message(
        &self,
        vector: InitialisationVector,
        encrypted: &Message,
    ) -> Result<Ready, Failure> {
        let carries = VectorMessage {
            method: METHOD,
            vector,
            encrypted: TransactionHash::ZERO,
        };
        let mut message = carries.to_message();
        if matches!(encrypted.body, Body::Test(_)) {
            message.body = as_test(message.body);
        }
        self.ready(message, Some(MessageId(0)))
    }

    /// Refuses what must not happen to this message because it is one half of a pair.
    pub(crate) async fn refuse_for_pair(
        &self,
        id: u64,
        refused: fn(Part) -> Option<Failure>,
    ) -> Result<(), Failure> {
        let part = self
            .with_store(move |store| match store.own(MessageId(id))? {
                Some(row) => part(store, &row),
                None => Ok(Part::None),
            })
            .await?;
        refused(part).map_or(Ok(()), Err)
    }
}

fn fresh_vector() -> Result<InitialisationVector, Failure> {
    let mut octets = [0; 16];
    getrandom::fill(&mut octets).map_err(|_| {
        failure::other(
            "The system gives no random numbers, so nothing can be encrypted. Nothing was queued.",
        )
    })?;
    Ok(InitialisationVector::new(octets))
}

/// Which half of a pair a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// None.
    None,
    /// What is encrypted.
    Encrypted,
    /// The vector of this own message.
    Vector(MessageId),
}

/// Which half of a pair this message is.
pub(crate) fn part(store: &Store, row: &OutgoingRow) -> Result<Part, StoreError> {
    if is_encrypted(&row.wire) {
        return Ok(Part::Encrypted);
    }
    let Some(parent) = row.parent.filter(|_| is_vector(&row.wire)) else {
        return Ok(Part::None);
    };
    let of = store.own(parent)?;
    let of = of.filter(|of| is_encrypted(&of.wire) && !of.cancelled);
    Ok(of.map_or(Part::None, |of| Part::Vector(of.id)))
}

/// Whether these octets are those of a message that nobody reads without a key.
pub(crate) fn is_encrypted(wire: &[u8]) -> bool {
    matches!(Message::decode(wire), Err(DecodeError::Encrypted))
}

fn is_vector(wire: &[u8]) -> bool {
    let Ok(mut message) = Message::decode(wire) else {
        return false;
    };
    let (Body::Plain(content) | Body::Test(content)) = message.body;
    message.body = Body::Plain(content);
    VectorMessage::of(&message).is_some()
}

/// The vectors of an encrypted message that are wanted and not sealed.
pub(crate) fn vectors_of(store: &Store, id: MessageId) -> Result<Vec<MessageId>, StoreError> {
    let Some(row) = store.own(id)? else {
        return Ok(Vec::new());
    };
    Ok(unsealed_vectors(store, &row)?
        .iter()
        .map(|row| row.id)
        .collect())
}

fn unsealed_vectors(store: &Store, row: &OutgoingRow) -> Result<Vec<OutgoingRow>, StoreError> {
    let mut found = Vec::new();
    if !is_encrypted(&row.wire) {
        return Ok(found);
    }
    for id in store.dependents(row.id)? {
        let own = store.own(id)?;
        found.extend(own.filter(|own| is_vector(&own.wire) && !own.sealed));
    }
    Ok(found)
}

/// What is to be sealed, each vector right after what it belongs to, and no more than there is room
/// for.
pub(crate) fn with_vectors(
    store: &Store,
    rows: Vec<OutgoingRow>,
    room: usize,
) -> Result<Vec<OutgoingRow>, StoreError> {
    let mut ordered: Vec<OutgoingRow> = Vec::with_capacity(rows.len());
    for row in rows {
        if ordered.iter().any(|placed| placed.id == row.id) {
            continue;
        }
        let vectors = unsealed_vectors(store, &row)?;
        ordered.push(row);
        ordered.extend(vectors.into_iter().filter(|row| row.stopped.is_none()));
    }
    ordered.truncate(room);
    Ok(ordered)
}

/// Why one half is not changed.
pub(crate) fn edit_refused(part: Part) -> Option<Failure> {
    (part != Part::None).then(|| {
        failure::bad_input(
            "An encrypted message cannot be changed. Nothing was changed. Delete it and write \
             another one.",
        )
    })
}

/// Why a vector is not taken away.
pub(crate) fn parting_refused(part: Part) -> Option<Failure> {
    let Part::Vector(of) = part else { return None };
    Some(failure::bad_input(format!(
        "Nobody could read own message {0} without this one, so nothing was changed. Delete own \
         message {0} together with what refers to it.",
        of.0
    )))
}
