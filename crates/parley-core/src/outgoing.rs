//! What can be queued: a message that breaks no rule, fits into a transaction that nodes pass on,
//! and may be sent where it is meant to go.

use whiteflag::{Body, Checked, Finding, Message, MessageCode, TransactionHash};

use crate::MessageId;
use crate::network::NetworkKind;

/// The most octets of a message: nodes pass on no transaction above 128 KiB, and the rest of one
/// takes less than 1 KiB.
pub const MOST_OCTETS: usize = 127 * 1024;

/// A message that can be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    octets: Vec<u8>,
    parent: Option<MessageId>,
}

/// Why a message cannot be queued. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It breaks rules of the protocol.
    #[error("The message breaks a rule of Whiteflag, so it was not queued: {}.", list(.0))]
    Findings(Vec<Finding>),
    /// It says that it is encrypted.
    #[error(
        "The message says that it is encrypted, but it is plain text, so it was not queued. Set \
         EncryptionIndicator to 0 to send it for everyone to read."
    )]
    NotEncrypted,
    /// It is longer than a transaction can carry.
    #[error(
        "The message is too long for one transaction ({octets} octets, {MOST_OCTETS} are the \
         most), so it was not queued. Split it and send the rest as additions."
    )]
    TooLong {
        /// Its length.
        octets: usize,
    },
    /// Only test messages may leave on a test network.
    #[error(
        "This is a public test network, where only test messages (T) may be sent, so the message \
         was not queued. Wrap it in a test message: \
         parleyctl does that with --wrap."
    )]
    OnlyTests,
    /// No test message may leave on a main network.
    #[error(
        "On this network signals count, so a test message (T) cannot be sent here and was not \
         queued. Use a test network for tests."
    )]
    NoTests,
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// In the place of a parent's hash while that is not known: any other hash than zeros, which a
/// reference may not have.
const UNKNOWN: TransactionHash = TransactionHash::new([0xFF; 32]);

impl Outgoing {
    /// Checks a message. With a `parent`, whatever hash it refers to is replaced by that of the
    /// parent once it is known.
    ///
    /// # Errors
    /// Why it cannot be queued.
    pub fn new(
        mut message: Message,
        parent: Option<MessageId>,
        kind: NetworkKind,
    ) -> Result<Self, Unfit> {
        refuse_by_kind(&message, kind)?;
        if message.encryption != b'0' {
            return Err(Unfit::NotEncrypted);
        }
        if parent.is_some() {
            message.reference.message = UNKNOWN;
        }
        let checked = Checked::new(message).map_err(Unfit::Findings)?;
        let octets = match parent {
            None => checked.message().plaintext(),
            Some(_) => with_reference(checked.message(), TransactionHash::ZERO).plaintext(),
        };
        if octets.len() > MOST_OCTETS {
            return Err(Unfit::TooLong {
                octets: octets.len(),
            });
        }
        Ok(Self { octets, parent })
    }

    /// The Whiteflag octets; zeros where the hash of a parent belongs.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The own message it refers to, when that is not sealed yet.
    #[must_use]
    pub fn parent(&self) -> Option<MessageId> {
        self.parent
    }
}

/// The same message referring to this hash.
#[must_use]
pub fn with_reference(message: &Message, hash: TransactionHash) -> Message {
    let mut message = message.clone();
    message.reference.message = hash;
    message
}

fn refuse_by_kind(message: &Message, kind: NetworkKind) -> Result<(), Unfit> {
    let is_test = matches!(message.body, Body::Test(_));
    debug_assert_eq!(is_test, message.code() == MessageCode::Test);
    match kind {
        NetworkKind::Test if !is_test => Err(Unfit::OnlyTests),
        NetworkKind::Main if is_test => Err(Unfit::NoTests),
        NetworkKind::Exercise | NetworkKind::Test | NetworkKind::Main => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whiteflag::{Content, Reference, ReferenceIndicator, Text};

    fn note(indicator: ReferenceIndicator, text: &str) -> Message {
        Message {
            encryption: b'0',
            duress: false,
            reference: Reference {
                indicator,
                message: TransactionHash::ZERO,
            },
            body: Body::Plain(Content::FreeText(Text::new(text).unwrap())),
        }
    }

    #[test]
    fn a_parent_stands_for_its_hash() {
        let message = note(ReferenceIndicator::Add, "more");
        let parent = Some(MessageId(4));
        assert!(Outgoing::new(message.clone(), None, NetworkKind::Exercise).is_err());
        let outgoing = Outgoing::new(message.clone(), parent, NetworkKind::Exercise).unwrap();
        assert_eq!(outgoing.octets(), message.encode().unwrap());
    }

    #[test]
    fn a_text_that_no_node_passes_on_is_refused() {
        let long = note(ReferenceIndicator::Original, &"x".repeat(MOST_OCTETS));
        let unfit = Outgoing::new(long, None, NetworkKind::Exercise).unwrap_err();
        assert!(matches!(unfit, Unfit::TooLong { .. }));
    }

    #[test]
    fn the_longest_message_can_be_read_from_its_own_json() {
        let shortest = note(ReferenceIndicator::Original, "x");
        let more = MOST_OCTETS - shortest.plaintext().len();
        // Each is six characters in JSON.
        let text = "\u{1}".repeat(more) + "x";
        let longest = note(ReferenceIndicator::Original, &text);
        let outgoing = Outgoing::new(longest.clone(), None, NetworkKind::Exercise).unwrap();
        assert_eq!(outgoing.octets().len(), MOST_OCTETS);
        assert!(Message::from_json(&longest.to_json()) == Ok(longest));
    }

    #[test]
    fn plain_text_never_goes_out_as_if_encrypted() {
        let mut message = note(ReferenceIndicator::Original, "x");
        message.encryption = b'1';
        let unfit = Outgoing::new(message, None, NetworkKind::Exercise).unwrap_err();
        assert_eq!(unfit, Unfit::NotEncrypted);
    }

    #[test]
    fn tests_and_the_real_thing_do_not_mix() {
        let plain = note(ReferenceIndicator::Original, "x");
        let Body::Plain(content) = plain.body.clone() else {
            panic!("plain")
        };
        let test = Message {
            body: Body::Test(content),
            ..plain.clone()
        };
        assert_eq!(
            Outgoing::new(test, None, NetworkKind::Main),
            Err(Unfit::NoTests)
        );
        assert_eq!(
            Outgoing::new(plain, None, NetworkKind::Test),
            Err(Unfit::OnlyTests)
        );
    }
}
