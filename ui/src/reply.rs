//! Answers to a signal: which there are and how each begins. A reference that has to repeat what
//! it refers to takes that over unchanged.

use serde_json::Value;

use crate::form::{Form, Refers, Sign};
use crate::sites::Site;
use crate::{pins, protocol};

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

    /// What the button of this answer is called in the page: `6`, `text`, `link`.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Same(indicator) => indicator.to_string(),
            Self::Text => "text".to_owned(),
            Self::Link => "link".to_owned(),
        }
    }
}

/// The answers that the reference rules allow to a signal, in the order of their buttons.
pub(crate) fn allowed(site: &Site) -> Vec<Reply> {
    let code = site.sign().map(|sign| sign.code);
    let same = protocol::reply_indicators(&code.map(String::from).unwrap_or_default(), site.own);
    // What has not left the device is changed and deleted in the outbox, not recalled.
    let recallable = !site.hash.starts_with('@');
    let mut replies: Vec<Reply> = [6, 7, 8, 9, 2, 4, 1]
        .into_iter()
        .filter(|indicator| same.contains(indicator))
        .filter(|indicator| recallable || !matches!(indicator, 1 | 2 | 4))
        // Nobody can repeat what must not be sent. Its sender can still take it back.
        .filter(|indicator| !site.escaped || !matches!(indicator, 6..=9))
        .map(Reply::Same)
        .collect();
    // Adding is for the account that sent the signal (specification 4.2.1.3), and to what says
    // something by itself.
    if site.own && !matches!(code, None | Some('A' | 'K' | 'T')) {
        replies.push(Reply::Text);
        // A message takes one addition of a type, and a link cannot go on with another one.
        replies.extend(site.ends.link.is_none().then_some(Reply::Link));
    }
    replies
}

/// The form that an answer begins with.
pub(crate) fn form(site: &Site, reply: Reply) -> Form {
    let (target, referred) = target(site, reply);
    let refers = Some(Refers {
        indicator: reply.indicator(),
        target: target.to_owned(),
    });
    let note = |code| {
        Some(Sign {
            code,
            subject: String::new(),
        })
    };
    match reply {
        Reply::Text => Form {
            refers,
            sign: note('F'),
            goes_on: site.ends.text.is_some(),
            ..Form::default()
        },
        Reply::Link => Form {
            refers,
            sign: note('R'),
            ..Form::default()
        },
        Reply::Same(2) => Form {
            refers,
            ..Form::of_message(referred)
        },
        Reply::Same(_) => {
            let repeats = Some(pins::meant(referred).1.clone());
            Form {
                refers,
                repeats,
                ..Form::of_message(referred)
            }
        }
    }
}

/// What an answer refers to, with its message. Recalling, ending, updating and adding are about
/// the original; an opinion is about what is valid now, which may be an update.
///
/// A second text goes on where the first one ends: a message takes one addition of a type
/// (specification 5.4.1.2).
fn target(site: &Site, reply: Reply) -> (&str, &Value) {
    match reply {
        Reply::Same(6..=9) => (&site.newest, &site.message),
        Reply::Same(1 | 4) => (&site.hash, &site.original),
        Reply::Text => (site.ends.text.as_ref().unwrap_or(&site.hash), &site.message),
        Reply::Same(_) | Reply::Link => (&site.hash, &site.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::tests::{signal, viewer};
    use crate::sites;
    use parley_wire::Signal;
    use serde_json::json;

    fn site(signal: &Signal) -> Site {
        sites::of(signal, &viewer()).swap_remove(0)
    }

    fn updated() -> Signal {
        let mut signal = signal("D", "21");
        signal.newest = "b".repeat(64);
        signal.message["MessageBody"]["Duration"] = json!("P09D00H00M");
        signal
    }

    #[test]
    fn a_second_text_goes_on_with_the_first() {
        let mut site = site(&signal("D", "21"));
        let target = |site: &Site| form(site, Reply::Text).refers.map(|refers| refers.target);
        assert_eq!(target(&site), Some("a".repeat(64)));
        site.ends.text = Some("@7".to_owned());
        assert_eq!(target(&site), Some("@7".to_owned()));
        assert!(form(&site, Reply::Text).goes_on);
        site.own = true;
        assert!(allowed(&site).contains(&Reply::Link));
        site.ends.link = Some("@8".to_owned());
        assert!(
            !allowed(&site).contains(&Reply::Link),
            "a link does not go on"
        );
    }

    #[test]
    fn a_confirmation_repeats_what_it_confirms() {
        let signal = signal("D", "21");
        let form = form(&site(&signal), Reply::Same(6));
        assert_eq!(form.repeats.as_ref(), Some(&signal.message["MessageBody"]));
        let refers = form.refers.expect("a reference");
        assert_eq!(
            (refers.indicator, refers.target),
            (6, signal.transaction_hash)
        );
    }

    #[test]
    fn an_opinion_is_about_the_newest_update() {
        let signal = updated();
        let form = form(&site(&signal), Reply::Same(6));
        assert_eq!(form.repeats.as_ref(), Some(&signal.message["MessageBody"]));
        assert_eq!(form.refers.expect("a reference").target, "b".repeat(64));
    }

    #[test]
    fn a_recall_and_an_end_repeat_the_original() {
        for indicator in [1, 4] {
            let form = form(&site(&updated()), Reply::Same(indicator));
            let repeated = form.repeats.expect("it repeats");
            assert_eq!(repeated["Duration"], "P07D00H00M");
            assert_eq!(form.refers.expect("a reference").target, "a".repeat(64));
        }
    }

    #[test]
    fn an_update_opens_with_what_is_valid_now_and_can_be_changed() {
        let form = form(&site(&signal("D", "21")), Reply::Same(2));
        assert_eq!(form.repeats, None);
        assert_eq!(form.sign, Sign::from_key("D21"));
        assert!(form.place.is_some());
    }

    #[test]
    fn others_confirm_and_only_the_sender_takes_back() {
        let mut signal = signal("D", "21");
        let others = allowed(&site(&signal));
        assert!(others.contains(&Reply::Same(6)) && !others.contains(&Reply::Same(1)));
        signal.own = true;
        let own = allowed(&site(&signal));
        assert!(own.contains(&Reply::Same(1)) && own.contains(&Reply::Text));
        assert!(!own.contains(&Reply::Same(6)));
    }

    #[test]
    fn what_breaks_the_standard_by_its_letters_is_taken_back_but_not_repeated() {
        let mut signal = signal("A", "");
        let others = [Reply::Same(6), Reply::Same(7)];
        assert_eq!(allowed(&site(&signal)), others);
        signal.escaped = true;
        assert_eq!(allowed(&site(&signal)), []);
        signal.own = true;
        assert!(allowed(&site(&signal)).contains(&Reply::Same(1)));
    }

    #[test]
    fn what_has_not_left_the_device_is_not_recalled() {
        let mut signal = signal("D", "21");
        signal.own = true;
        signal.transaction_hash = "@7".to_owned();
        assert_eq!(allowed(&site(&signal)), [Reply::Text, Reply::Link]);
    }

    #[test]
    fn a_test_message_is_answered_as_the_one_inside_it() {
        let mut signal = signal("D", "21");
        let body = signal.message["MessageBody"].take();
        signal.message["MessageHeader"]["MessageCode"] = json!("T");
        signal.message["MessageBody"] =
            json!({ "PseudoMessageCode": "D", "PseudoMessageBody": body });
        assert!(allowed(&site(&signal)).contains(&Reply::Same(6)));
        let form = form(&site(&signal), Reply::Same(6));
        assert_eq!(form.repeats, Some(body));
    }
}
