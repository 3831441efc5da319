//! Own messages as far as somebody looks at them: the first page, further ones as they are asked for,
//! and all of these again when something changes. The rest of thousands is never here.

use leptos::prelude::*;
use parley_wire::{Failure, OutboxPage};

use super::{Panel, Session};
use crate::api;

/// How many messages are shown at first, and more with each request.
const PAGE: usize = 50;
/// How many are read at once at most; as the border has it.
const AT_ONCE: usize = 200;

/// A page with the next one behind it. What moved from one to the other meanwhile stands once.
fn joined(mut shown: OutboxPage, next: OutboxPage) -> OutboxPage {
    let known: Vec<u64> = shown.messages.iter().map(|message| message.id).collect();
    let new = next.messages.into_iter();
    shown
        .messages
        .extend(new.filter(|message| !known.contains(&message.id)));
    OutboxPage {
        messages: shown.messages,
        end: next.end,
        total: next.total,
    }
}

/// The number of an own message that is named by it.
pub(super) fn number(name: &str) -> Option<u64> {
    name.strip_prefix('@')?.parse().ok()
}

impl Session {
    /// Begins to show own messages, from the first one on.
    pub(crate) fn look_at_outbox(self) {
        self.outbox_size.set_value(PAGE);
        self.read(parley_wire::Changed::Outbox);
    }

    /// Shows more of them.
    pub(crate) async fn show_more_messages(self) {
        let shown = self.outbox.value.with_untracked(|page| page.messages.len());
        self.outbox_size.set_value(shown.saturating_add(PAGE));
        self.tell(self.outbox.read(self.outbox_shown()).await);
    }

    /// Reads what is shown, while somebody looks.
    pub(super) async fn read_outbox(self) -> Result<(), Failure> {
        if self.panel.get_untracked() != Panel::Outbox {
            return Ok(());
        }
        self.outbox.keep_up(move || self.outbox_shown()).await
    }

    async fn outbox_shown(self) -> Result<OutboxPage, Failure> {
        let wanted = |shown: usize| {
            self.outbox_size
                .get_value()
                .saturating_sub(shown)
                .min(AT_ONCE)
        };
        let mut shown = api::outbox(None, wanted(0)).await?;
        while let Some(end) = shown.end
            && wanted(shown.messages.len()) > 0
        {
            let next = api::outbox(Some(end), wanted(shown.messages.len())).await?;
            shown = joined(shown, next);
        }
        Ok(shown)
    }

    /// Follows the signal that is looked at to its hash, once it has one.
    pub(super) async fn follow_name(self) -> Result<(), Failure> {
        let looked_at = match self.panel.get_untracked() {
            Panel::Detail(name) => number(&name).map(|id| (id, name)),
            Panel::Closed
            | Panel::Compose
            | Panel::Review
            | Panel::Outbox
            | Panel::List
            | Panel::About
            | Panel::Network => None,
        };
        let Some((id, name)) = looked_at else {
            return Ok(());
        };
        let own = api::own_message(id).await?;
        if let Some(hash) = own.and_then(|own| own.transaction_hash) {
            self.names.update(|names| {
                names.insert(name, hash);
            });
        }
        Ok(())
    }

    /// Own messages that are in no block yet, and that nobody withdrew.
    pub(crate) fn unsent(self) -> u64 {
        let unsent = |status: &parley_wire::Status| status.unsent.saturating_add(status.undecided);
        self.status
            .value
            .with(|status| status.as_ref().map_or(0, unsent))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use parley_wire::{Next, OwnMessage, PageEnd, Reason, Section, State};

    pub(crate) fn own(id: u64) -> OwnMessage {
        OwnMessage {
            id,
            state: State::Queued,
            reason: Reason::ItsTurn,
            next: Next::Soon,
            transaction_hash: None,
            block_number: None,
            queued_at: 0,
            editable: true,
            urgent: false,
            undo_until: None,
            repaired_by: None,
            actions: Vec::new(),
            dependents: Vec::new(),
            message: serde_json::Value::Null,
        }
    }

    fn page(ids: &[u64], end: Option<u64>, total: u64) -> OutboxPage {
        OutboxPage {
            messages: ids.iter().map(|id| own(*id)).collect(),
            end: end.map(|id| PageEnd {
                section: Section::Wanted,
                id,
            }),
            total,
        }
    }

    #[test]
    fn what_moved_to_the_next_page_meanwhile_stands_once() {
        let both = joined(page(&[4, 3], Some(3), 4), page(&[2, 4, 1], None, 5));
        let ids: Vec<u64> = both.messages.iter().map(|own| own.id).collect();
        assert_eq!(ids, [4, 3, 2, 1]);
        assert_eq!((both.end, both.total), (None, 5));
    }

    #[test]
    fn only_a_stand_in_is_a_number() {
        assert_eq!(number("@12"), Some(12));
        assert_eq!(number("12"), None);
        assert_eq!(number("@"), None);
    }
}
