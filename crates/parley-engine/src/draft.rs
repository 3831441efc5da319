//! From what a person or a script wrote to what can be queued. The rules are those of `whiteflag`
//! and `parley-core`; here they are only put one after the other.

use parley_core::network::NetworkKind;
use parley_core::{MessageId, outgoing::Outgoing};
use parley_store::NewMessage;
use parley_wire::{Draft, Failure};
use whiteflag::{Body, JsonError, Message, MessageCode, Validity};

use crate::{failure, parley::Parley};

/// A validity that begins further away than this, seconds, is probably a slip.
const FAR: i64 = 366 * 24 * 60 * 60;

/// A message that was checked and can be queued, and what is strange about it.
pub struct Ready {
    pub(crate) outgoing: Outgoing,
    /// It calls for help, and goes before everything that did not leave yet.
    pub(crate) urgent: bool,
    /// Things that are allowed but probably not meant, as sentences.
    pub warnings: Vec<String>,
}

/// Whether a message that says something for real is made a test message (T) first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// Never: it is sent as it was written, or refused.
    Never,
    /// Always.
    Always,
    /// On public test networks, where nothing else may be sent.
    WhereNeeded,
}

impl Wrapping {
    fn applies(self, kind: NetworkKind) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::WhereNeeded => kind == NetworkKind::Test,
        }
    }
}

/// A test message of the same content.
pub(crate) fn as_test(body: Body) -> Body {
    let (Body::Plain(content) | Body::Test(content)) = body;
    Body::Test(content)
}

impl Ready {
    /// The row to keep. A person at a window has a while to change their mind, and is asked when the
    /// time of a message is over before it could leave; a script meant what it said.
    pub(crate) fn row(&self, at: u64, undo_seconds: Option<u32>) -> NewMessage {
        NewMessage {
            wire: self.outgoing.octets().to_vec(),
            parent: self.outgoing.parent(),
            at,
            urgent: self.urgent,
            undo_until: undo_seconds
                .filter(|seconds| *seconds > 0)
                .map(|seconds| at.saturating_add(seconds.into())),
            insists: undo_seconds.is_none(),
            repairs: None,
        }
    }
}

impl Parley {
    /// Checks a message. Changes nothing.
    ///
    /// # Errors
    /// In words: what is wrong with it.
    pub fn check(&self, draft: &Draft, wrapping: Wrapping) -> Result<Ready, Failure> {
        let (message, parent) = self.read(draft, wrapping)?;
        let mut ready = self.ready(message.clone(), parent)?;
        if message.duress {
            ready.warnings.push(
                "The duress bit of this message is set, and everyone can read it because the \
                 message is not encrypted."
                    .into(),
            );
        }
        Ok(ready)
    }

    /// What was written, and the own message that it refers to.
    pub(crate) fn read(
        &self,
        draft: &Draft,
        wrapping: Wrapping,
    ) -> Result<(Message, Option<MessageId>), Failure> {
        let (mut message, parent) = Message::from_json_with_parent(&draft.message)
            .map_err(|error| failure::bad_input(not_queued(&error)))?;
        if wrapping.applies(self.inner.kind) {
            message.body = as_test(message.body);
        }
        Ok((message, parent.map(MessageId)))
    }

    /// Checks what was read.
    pub(crate) fn ready(
        &self,
        message: Message,
        parent: Option<MessageId>,
    ) -> Result<Ready, Failure> {
        let warnings = warnings(&message, self.now());
        let urgent = is_urgent(&message);
        let outgoing = Outgoing::new(message, parent, self.inner.kind)
            .map_err(|unfit| failure::bad_input(unfit.to_string()))?;
        Ok(Ready {
            outgoing,
            urgent,
            warnings,
        })
    }
}

/// A text in plain letters, the way it is usual for its script: an offer, which a person reads and
/// takes over or not. `None` where a character of it has no such letters.
#[must_use]
pub fn plain_text(text: &str) -> Option<String> {
    whiteflag::transliterate(text)
}

/// What is wrong, and what could be sent in place of a text that cannot.
fn not_queued(error: &JsonError) -> String {
    let refused = format!("The message was not queued: {error}.");
    match error.offered() {
        Some(plain) => format!("{refused} In plain letters: {plain}"),
        None => refused,
    }
}

/// An emergency signal (E), for real or as a test.
fn is_urgent(message: &Message) -> bool {
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    content.code() == MessageCode::Emergency
}

fn warnings(message: &Message, now: u64) -> Vec<String> {
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    let mut found = Vec::new();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    if let Some(validity) = content.sign().and_then(Validity::of) {
        if validity.until.is_some_and(|until| until <= now) {
            found.push(
                "The time of this message is over already. It is queued all the same.".into(),
            );
        }
        if validity.from.saturating_sub(now) > FAR {
            found.push(
                "The time of this message begins more than a year from now. It is queued all the \
                 same."
                    .into(),
            );
        }
    }
    found
}
