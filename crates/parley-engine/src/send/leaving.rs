//! Which messages are sealed next: those that may leave, each after what it refers to, no more than
//! there is room for. What waits for a person holds up what refers to it and nothing else.

use std::collections::HashSet;

use parley_core::MessageId;
use parley_core::delivery::Stop;
use parley_core::departure::{self, Candidate};
use parley_core::validity;
use parley_store::{OutgoingRow, Store, StoreError};
use parley_wire::{Changed, Failure};
use whiteflag::Message;

use crate::own;
use crate::parley::Parley;
use crate::state;

impl Parley {
    /// The messages that leave next, in the order of their nonces.
    pub(super) async fn leaving(&self, room: usize, now: u64) -> Result<Vec<OutgoingRow>, Failure> {
        let mut limit = room;
        loop {
            let most = u32::try_from(limit).unwrap_or(u32::MAX);
            let (rows, exposed) = self
                .with_store(move |store| {
                    let rows = store.open_messages(most, now)?;
                    let exposed = exposed_parents(store, &rows)?;
                    Ok((rows, exposed))
                })
                .await?;
            let whole = rows.len() < limit;
            let rows = self.without_those_that_are_over(rows, now).await?;
            let chosen = chosen(rows, &exposed, room, now);
            // Where many wait for one that a person holds back, others may leave behind them.
            if whole || chosen.len() == room {
                return Ok(chosen);
            }
            limit = limit.saturating_mul(2);
        }
    }

    /// A message of the window whose time ended before it could leave waits for a person.
    async fn without_those_that_are_over(
        &self,
        rows: Vec<OutgoingRow>,
        now: u64,
    ) -> Result<Vec<OutgoingRow>, Failure> {
        let is_over = |row: &OutgoingRow| {
            !row.insists
                && !is_held(row)
                && !state::in_undo_time(row.undo_until, now)
                && Message::decode(&row.wire).is_ok_and(|message| validity::ended(&message, now))
        };
        let (over, left): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_over);
        if over.is_empty() {
            return Ok(left);
        }
        self.with_store(move |store| {
            over.iter()
                .try_for_each(|row| store.stop(row.id, Stop::Over))
        })
        .await?;
        self.say(Changed::Outbox);
        self.say(Changed::Status);
        Ok(left)
    }
}

fn is_held(row: &OutgoingRow) -> bool {
    row.cancelled || row.stopped.is_some()
}

/// Parents whose hash is fixed.
fn exposed_parents(store: &Store, rows: &[OutgoingRow]) -> Result<HashSet<MessageId>, StoreError> {
    let mut exposed = HashSet::new();
    for parent in rows.iter().filter_map(|row| row.parent) {
        let row = store.own(parent)?;
        if row.as_ref().and_then(own::lasting_hash).is_some() {
            exposed.insert(parent);
        }
    }
    Ok(exposed)
}

fn chosen(
    rows: Vec<OutgoingRow>,
    exposed: &HashSet<MessageId>,
    room: usize,
    now: u64,
) -> Vec<OutgoingRow> {
    let candidates: Vec<Candidate> = rows
        .iter()
        .map(|row| Candidate {
            id: row.id,
            urgent: row.urgent,
            parent: row.parent,
            parent_exposed: row.parent.is_some_and(|parent| exposed.contains(&parent)),
            due: !state::in_undo_time(row.undo_until, now),
            held: is_held(row),
        })
        .collect();
    let leaving = departure::leaving(&candidates, room);
    let place = |row: &OutgoingRow| leaving.iter().position(|id| *id == row.id);
    let mut placed: Vec<_> = rows
        .into_iter()
        .filter_map(|row| Some((place(&row)?, row)))
        .collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u64, parent: Option<u64>) -> OutgoingRow {
        OutgoingRow {
            id: MessageId(id),
            wire: Vec::new(),
            parent: parent.map(MessageId),
            revision: 0,
            queued_at: 0,
            cancelled: false,
            stopped: None,
            urgent: false,
            undo_until: None,
            insists: false,
            giving_up_at: None,
            more_asked: false,
            repairs: None,
            refers: None,
            sealed: false,
            settled: None,
            changed: 0,
            variants: Vec::new(),
        }
    }

    fn ids(rows: Vec<OutgoingRow>, room: usize) -> Vec<u64> {
        let exposed = HashSet::from([MessageId(1)]);
        let chosen = chosen(rows, &exposed, room, 100);
        chosen.iter().map(|row| row.id.0).collect()
    }

    #[test]
    fn parents_count_for_the_room_too() {
        let rows = vec![row(2, None), row(9, Some(2)), row(3, None)];
        assert_eq!(ids(rows.clone(), 2), [2, 3]);
        assert_eq!(ids(rows, 16), [2, 3, 9]);
    }

    #[test]
    fn what_is_held_back_holds_what_refers_to_it() {
        let young = OutgoingRow {
            undo_until: Some(110),
            ..row(2, None)
        };
        let over = OutgoingRow {
            stopped: Some(Stop::Over),
            ..row(3, None)
        };
        let rows = vec![
            young,
            row(4, Some(2)),
            over,
            row(5, Some(3)),
            row(6, Some(1)),
        ];
        assert_eq!(ids(rows, 16), [6]);
    }
}
