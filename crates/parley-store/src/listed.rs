//! Own messages as a person looks through them: page by page, what waits for a decision first, what
//! was withdrawn last, the newest of each first. It changes nothing, and reads what it gives, no more.

use parley_core::MessageId;

use crate::{
    error::StoreError,
    open::Store,
    outgoing::{self, OutgoingRow},
};

/// Above every number that SQLite gives.
const BEYOND: u64 = u64::MAX >> 1;

/// In which part of the list a message stands; the parts in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// It goes on only when a person decides.
    Undecided,
    /// It was sent, or goes on by itself.
    Wanted,
    /// A person withdrew it.
    Withdrawn,
}

impl Section {
    const ALL: [Self; 3] = [Self::Undecided, Self::Wanted, Self::Withdrawn];

    /// Its rows, as [`OutgoingRow::section`] says. The few that wait are looked up, not looked for.
    fn rows(self) -> &'static str {
        match self {
            Self::Undecided => {
                "INDEXED BY outbox_stopped
                 WHERE stopped IS NOT NULL AND cancelled_at IS NULL AND settled IS NULL"
            }
            Self::Wanted => {
                "WHERE cancelled_at IS NULL AND (stopped IS NULL OR settled IS NOT NULL)"
            }
            Self::Withdrawn => "WHERE cancelled_at IS NOT NULL",
        }
    }
}

impl OutgoingRow {
    /// In which part of the list it stands.
    #[must_use]
    pub fn section(&self) -> Section {
        if self.cancelled {
            Section::Withdrawn
        } else if self.stopped.is_some() && self.settled.is_none() {
            Section::Undecided
        } else {
            Section::Wanted
        }
    }
}

impl Store {
    /// Up to `limit` own messages in the order of the list: after this one, which stood in that
    /// section, or the first ones.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn own_page(
        &self,
        after: Option<(Section, MessageId)>,
        limit: u32,
    ) -> Result<Vec<OutgoingRow>, StoreError> {
        let (begun, last) = after.unwrap_or((Section::Undecided, MessageId(BEYOND)));
        self.read(|conn| {
            let mut page = Vec::new();
            for section in Section::ALL.into_iter().filter(|one| *one >= begun) {
                let left = limit.saturating_sub(u32::try_from(page.len()).unwrap_or(limit));
                if left == 0 {
                    break;
                }
                let below = if section == begun { last.0 } else { BEYOND };
                let which = format!("{} AND id < ?1 ORDER BY id DESC LIMIT ?2", section.rows());
                page.extend(outgoing::rows(conn, &which, (below, left))?);
            }
            Ok(page)
        })
    }

    /// How many own messages there are, withdrawn ones too.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn own_count(&self) -> Result<u64, StoreError> {
        self.read(|conn| {
            conn.prepare_cached("SELECT count(*) FROM outbox")?
                .query_row([], |row| row.get(0))
        })
    }
}
