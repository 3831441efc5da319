//! Own messages as a person looks through them: a page of the list, one message, what would go with
//! one. It changes nothing.

use parley_core::MessageId;
use parley_store::{OutgoingRow, Section, Store, StoreError};
use parley_wire as wire;
use parley_wire::{Failure, OutboxPage, OwnMessage, PageEnd};

use crate::parley::Parley;
use crate::state::View;

impl Parley {
    /// Up to `limit` own messages in the order of the list: after the end of another page, or the
    /// first ones.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn outbox_page(
        &self,
        after: Option<PageEnd>,
        limit: u32,
    ) -> Result<OutboxPage, Failure> {
        let (seen, kind, now) = (self.seen(), self.inner.kind, self.now());
        self.with_store(move |store| {
            let view = View::read(store, &seen, kind, now)?;
            let rows = store.own_page(after.map(place), limit)?;
            let whole = u32::try_from(rows.len()).is_ok_and(|found| found >= limit);
            let messages = rows.iter().map(|row| view.own(store, row));
            Ok(OutboxPage {
                messages: messages.collect::<Result<_, _>>()?,
                end: rows.last().filter(|_| whole).map(end),
                total: store.own_count()?,
            })
        })
        .await
    }

    /// An own message; `None` where there is none with this number.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn own_message(&self, id: u64) -> Result<Option<OwnMessage>, Failure> {
        let (seen, kind, now) = (self.seen(), self.inner.kind, self.now());
        self.with_store(move |store| {
            let view = View::read(store, &seen, kind, now)?;
            let row = store.own(MessageId(id))?;
            row.map(|row| view.own(store, &row)).transpose()
        })
        .await
    }

    /// How many messages are withdrawn with this one, because they refer to it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn dependents(&self, id: u64) -> Result<u64, Failure> {
        let all = self
            .with_store(move |store| with_dependents(store, MessageId(id)))
            .await?;
        Ok(all.len().saturating_sub(1) as u64)
    }
}

/// A message and all that refer to it, directly or through others.
pub(crate) fn with_dependents(store: &Store, id: MessageId) -> Result<Vec<MessageId>, StoreError> {
    let mut ids = vec![id];
    let mut next = 0;
    while let Some(of) = ids.get(next).copied() {
        ids.extend(store.dependents(of)?);
        next = next.saturating_add(1);
    }
    Ok(ids)
}

fn place(end: PageEnd) -> (Section, MessageId) {
    let section = match end.section {
        wire::Section::Undecided => Section::Undecided,
        wire::Section::Wanted => Section::Wanted,
        wire::Section::Withdrawn => Section::Withdrawn,
    };
    (section, MessageId(end.id))
}

fn end(row: &OutgoingRow) -> PageEnd {
    let section = match row.section() {
        Section::Undecided => wire::Section::Undecided,
        Section::Wanted => wire::Section::Wanted,
        Section::Withdrawn => wire::Section::Withdrawn,
    };
    PageEnd {
        section,
        id: row.id.0,
    }
}
