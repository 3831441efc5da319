//! Answers to a signal: which there are and how each begins. A reference that has to repeat what
//! it refers to takes that over unchanged.

use parley_wire::Signal;
use serde_json::Value;

use crate::form::{Form, Refers, Sign, field};
use crate::protocol;

/// A way to answer a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A reference of the same type, by its indicator: recall, update, confirm…
    Same(u8),
    /// A text that adds to it.
    Text,
    /// A link that adds to it.
    Link,
}

impl Reply {
    /// The indicator on the wire.
    pub(crate) fn indicator(self) -> u8 {
        match self {
            Self::Same(indicator) => indicator,
            Self::Text | Self::Link => 3,
        }
    }

    /// Whether the person writes something before the review.
    pub(crate) fn is_written(self) -> bool {
        matches!(self, Self::Text | Self::Link | Self::Same(2))
    }
}

/// The answers that the reference rules allow to a signal, in the order of their buttons.
pub(crate) fn allowed(signal: &Signal) -> Vec<Reply> {
    let code = field(&signal.message["MessageHeader"], "MessageCode");
    let same = protocol::reply_indicators(&code, signal.own);
    let mut replies: Vec<Reply> = [6, 7, 8, 9, 2, 4, 1]
        .into_iter()
        .filter(|indicator| same.contains(indicator))
        .map(Reply::Same)
        .collect();
    // Adding is for the account that sent the signal (specification 4.2.1.3).
    if signal.own && code != "T" {
        replies.extend([Reply::Text, Reply::Link]);
    }
    replies
}

/// The form that an answer begins with.
pub(crate) fn form(signal: &Signal, reply: Reply) -> Form {
    let (target, referred) = target(signal, reply);
    let refers = Some(Refers { indicator: reply.indicator(), target });
    let note = |code| Some(Sign { code, subject: String::new() });
    match reply {
        Reply::Text => Form { refers, sign: note('F'), ..Form::default() },
        Reply::Link => Form { refers, sign: note('R'), ..Form::default() },
        Reply::Same(2) => Form { refers, ..Form::of_message(&referred) },
        Reply::Same(_) => {
            let repeats = Some(referred["MessageBody"].clone());
            Form { refers, repeats, ..Form::of_message(&referred) }
        }
    }
}

/// What an answer refers to, with its message. Recalling, ending, updating and adding are about
/// the original; an opinion is about what is valid now, which may be an update.
fn target(signal: &Signal, reply: Reply) -> (String, Value) {
    let update = signal.references.iter().rev().find(|reference| reference.indicator == "2");
    match (update, reply.indicator()) {
        (Some(update), 6..=9) => (update.transaction_hash.clone(), update.message.clone()),
        (Some(_), 1 | 4) => {
            let original = protocol::decode(&signal.raw);
            (signal.transaction_hash.clone(), original.unwrap_or_else(|| signal.message.clone()))
        }
        _ => (signal.transaction_hash.clone(), signal.message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::signal;
    use parley_wire::Reference;
    use serde_json::json;

    #[test]
    fn a_confirmation_repeats_what_it_confirms() {
        let signal = signal("D", "21");
        let form = form(&signal, Reply::Same(6));
        assert_eq!(form.repeats.as_ref(), Some(&signal.message["MessageBody"]));
        let refers = form.refers.expect("a reference");
        assert_eq!((refers.indicator, refers.target), (6, signal.transaction_hash));
    }

    #[test]
    fn an_opinion_is_about_the_newest_update() {
        let mut signal = signal("D", "21");
        let mut updated = signal.message.clone();
        updated["MessageBody"]["Duration"] = json!("P09D00H00M");
        signal.references.push(Reference {
            transaction_hash: "b".repeat(64),
            indicator: "2".to_owned(),
            originator: signal.originator.clone(),
            time: 1,
            message: updated.clone(),
        });
        let form = form(&signal, Reply::Same(6));
        assert_eq!(form.repeats.as_ref(), Some(&updated["MessageBody"]));
        assert_eq!(form.refers.expect("a reference").target, "b".repeat(64));
    }

    #[test]
    fn an_update_opens_with_what_is_valid_now_and_can_be_changed() {
        let form = form(&signal("D", "21"), Reply::Same(2));
        assert_eq!(form.repeats, None);
        assert_eq!(form.sign, Sign::from_key("D21"));
        assert!(form.place.is_some());
    }

    #[test]
    fn others_confirm_and_only_the_sender_takes_back() {
        let mut signal = signal("D", "21");
        let others = allowed(&signal);
        assert!(others.contains(&Reply::Same(6)) && !others.contains(&Reply::Same(1)));
        signal.own = true;
        let own = allowed(&signal);
        assert!(own.contains(&Reply::Same(1)) && own.contains(&Reply::Text));
        assert!(!own.contains(&Reply::Same(6)));
    }
}
