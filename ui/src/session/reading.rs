//! One part of what the engine knows, as it was read last.

use leptos::prelude::*;
use parley_wire::Failure;

/// Whether a part of what the engine knows has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Not yet.
    Awaited,
    /// It has.
    Here,
    /// The last attempt failed; what was read before it is still shown.
    Failed,
}

/// One part of what the engine knows.
pub(crate) struct Reading<T: 'static> {
    /// What was read last.
    pub(crate) value: RwSignal<T>,
    /// Whether that has happened.
    pub(crate) answer: RwSignal<Answer>,
    /// How often it was asked for. Answers may come in another order; only the newest counts.
    asked: StoredValue<u32>,
}

impl<T: 'static> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Reading<T> {}

impl<T: Send + Sync + 'static> Reading<T> {
    /// Nothing read yet.
    pub(super) fn new(value: T) -> Self {
        Self {
            value: RwSignal::new(value),
            answer: RwSignal::new(Answer::Awaited),
            asked: StoredValue::new(0),
        }
    }

    /// Forgets what was read. An answer that is on its way is not kept either.
    pub(super) fn forget(self, value: T) {
        self.asked
            .update_value(|asked| *asked = asked.wrapping_add(1));
        self.answer.set(Answer::Awaited);
        self.value.set(value);
    }

    /// Asks, and keeps the answer unless it was asked again meanwhile.
    pub(super) async fn read(
        self,
        ask: impl Future<Output = Result<T, Failure>>,
    ) -> Result<(), Failure> {
        self.asked
            .update_value(|asked| *asked = asked.wrapping_add(1));
        let turn = self.asked.get_value();
        let answer = ask.await;
        if self.asked.get_value() != turn {
            return Ok(());
        }
        self.answer.set(if answer.is_ok() {
            Answer::Here
        } else {
            Answer::Failed
        });
        self.value.set(answer?);
        Ok(())
    }
}
