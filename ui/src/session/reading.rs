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

/// The longest rest between two answers, milliseconds.
const LONGEST_REST: f64 = 30_000.0;

/// When it may be asked again what took from `begun` to `ended` to be answered: most of the time is
/// left to the person. All three in milliseconds since 1970 UTC.
pub(super) fn due(begun: f64, ended: f64) -> f64 {
    ended + (3.0 * (ended - begun)).clamp(0.0, LONGEST_REST)
}

/// One part of what the engine knows.
pub(crate) struct Reading<T: 'static> {
    /// What was read last.
    pub(crate) value: RwSignal<T>,
    /// Whether that has happened.
    pub(crate) answer: RwSignal<Answer>,
    /// How often it was asked for.
    asked: StoredValue<u64>,
    /// The question whose answer is kept. Answers may come in another order: an older one never
    /// takes the place of a newer one.
    kept: StoredValue<u64>,
    /// Whether [`Reading::keep_up`] waits for an answer, and whether something changed since it asked.
    waiting: StoredValue<Option<bool>>,
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
            kept: StoredValue::new(0),
            waiting: StoredValue::new(None),
        }
    }

    /// Forgets what was read. An answer that is on its way is not kept either.
    pub(super) fn forget(self, value: T) {
        self.forget_with(|before| *before = value);
    }

    /// As [`Reading::forget`], for a value that forgets by itself.
    pub(super) fn forget_with(self, forget: impl FnOnce(&mut T)) {
        self.kept.set_value(self.asked.get_value());
        self.answer.set(Answer::Awaited);
        self.value.update(forget);
    }

    /// Asks because something changed. Where an answer is on its way already, it is asked once more
    /// after it, however often that happens: who answers slowly is not asked faster.
    pub(super) async fn keep_up<Q>(self, ask: impl Fn() -> Q) -> Result<(), Failure>
    where
        Q: Future<Output = Result<T, Failure>>,
    {
        self.keep_up_with(ask, replace).await
    }

    /// As [`Reading::keep_up`], with an answer that is taken in by what is there already. What is more
    /// than one answer holds is asked for at once.
    pub(super) async fn keep_up_with<Q, A>(
        self,
        ask: impl Fn() -> Q,
        take: impl Fn(&mut T, A) -> Taken,
    ) -> Result<(), Failure>
    where
        Q: Future<Output = Result<A, Failure>>,
    {
        if self.waiting.get_value().is_some() {
            self.waiting.set_value(Some(true));
            return Ok(());
        }
        loop {
            self.waiting.set_value(Some(false));
            let answer = self.ask(ask(), &take).await;
            let more = matches!(answer, Ok(true));
            if !more && self.waiting.get_value() != Some(true) {
                self.waiting.set_value(None);
                return answer.map(drop);
            }
        }
    }

    /// Asks, and keeps the answer unless a newer one is there already: what was so when it was asked is
    /// shown when this returns.
    pub(super) async fn read(
        self,
        ask: impl Future<Output = Result<T, Failure>>,
    ) -> Result<(), Failure> {
        self.ask(ask, replace).await.map(drop)
    }

    /// Whether there is more than this answer holds.
    async fn ask<A>(
        self,
        ask: impl Future<Output = Result<A, Failure>>,
        take: impl FnOnce(&mut T, A) -> Taken,
    ) -> Result<bool, Failure> {
        self.asked
            .update_value(|asked| *asked = asked.saturating_add(1));
        let turn = self.asked.get_value();
        let answer = ask.await;
        if self.kept.get_value() >= turn {
            return Ok(false);
        }
        self.kept.set_value(turn);
        let answer = answer.inspect_err(|_| self.answer.set(Answer::Failed))?;
        let mut more = false;
        self.value.maybe_update(|value| {
            let taken = take(value, answer);
            more = taken.more;
            taken.changed
        });
        if !more {
            self.answer.set(Answer::Here);
        }
        Ok(more)
    }
}

/// What came of an answer that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whether anything is another by it.
    pub(crate) changed: bool,
    /// Whether there is more to be told than it holds.
    pub(crate) more: bool,
}

/// An answer that is whole.
fn replace<T>(value: &mut T, answer: T) -> Taken {
    *value = answer;
    Taken {
        changed: true,
        more: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::pin::pin;
    use std::rc::Rc;
    use std::task::{Context, Poll, Waker};

    /// Answers that come when the test says so; each question is counted.
    #[derive(Clone, Default)]
    struct Asked {
        questions: Rc<RefCell<u32>>,
        answer: Rc<RefCell<Option<u32>>>,
    }

    impl Asked {
        async fn ask(self) -> Result<u32, Failure> {
            *self.questions.borrow_mut() += 1;
            std::future::poll_fn(|_| match self.answer.borrow_mut().take() {
                Some(answer) => Poll::Ready(Ok(answer)),
                None => Poll::Pending,
            })
            .await
        }
    }

    #[test]
    fn what_changes_often_is_asked_for_once_more_and_no_oftener() {
        let owner = Owner::new();
        owner.set();
        let reading = Reading::new(0);
        let asked = Asked::default();
        let mut cx = Context::from_waker(Waker::noop());
        let ask = || asked.clone().ask();
        let mut first = pin!(reading.keep_up(ask));
        assert!(first.as_mut().poll(&mut cx).is_pending());
        for _ in 0..100 {
            assert!(pin!(reading.keep_up(ask)).poll(&mut cx).is_ready());
        }
        assert_eq!(*asked.questions.borrow(), 1);
        *asked.answer.borrow_mut() = Some(7);
        assert!(first.as_mut().poll(&mut cx).is_pending(), "asked once more");
        assert_eq!(
            (*asked.questions.borrow(), reading.value.get_untracked()),
            (2, 7)
        );
        *asked.answer.borrow_mut() = Some(8);
        assert!(first.as_mut().poll(&mut cx).is_ready());
        assert_eq!(
            (*asked.questions.borrow(), reading.value.get_untracked()),
            (2, 8)
        );
    }

    #[test]
    fn an_older_answer_is_kept_until_a_newer_one_is_there_and_not_after() {
        let owner = Owner::new();
        owner.set();
        let reading = Reading::new(0);
        let (old, new) = (Asked::default(), Asked::default());
        let mut cx = Context::from_waker(Waker::noop());
        for old_first in [true, false] {
            let mut older = pin!(reading.read(old.clone().ask()));
            assert!(older.as_mut().poll(&mut cx).is_pending());
            let mut newer = pin!(reading.read(new.clone().ask()));
            assert!(newer.as_mut().poll(&mut cx).is_pending());
            let base = if old_first { 10 } else { 20 };
            *old.answer.borrow_mut() = Some(base + 1);
            *new.answer.borrow_mut() = Some(base + 2);
            if old_first {
                assert!(older.as_mut().poll(&mut cx).is_ready());
                assert_eq!(reading.value.get_untracked(), base + 1);
            }
            assert!(newer.as_mut().poll(&mut cx).is_ready());
            if !old_first {
                assert!(older.as_mut().poll(&mut cx).is_ready());
            }
            assert_eq!(reading.value.get_untracked(), base + 2);
        }
        let mut late = pin!(reading.read(old.clone().ask()));
        assert!(late.as_mut().poll(&mut cx).is_pending());
        reading.forget(0);
        *old.answer.borrow_mut() = Some(9);
        assert!(late.as_mut().poll(&mut cx).is_ready());
        assert_eq!(
            reading.value.get_untracked(),
            0,
            "it was of another network"
        );
    }

    #[test]
    fn an_answer_in_pieces_is_shown_as_it_comes_and_asked_for_to_its_end() {
        let owner = Owner::new();
        owner.set();
        let reading = Reading::new(Vec::new());
        let asked = Asked::default();
        let mut cx = Context::from_waker(Waker::noop());
        let ask = || asked.clone().ask();
        let take = |value: &mut Vec<u32>, piece| {
            value.push(piece);
            Taken {
                changed: true,
                more: piece < 3,
            }
        };
        let mut all = pin!(reading.keep_up_with(ask, take));
        for piece in 1..=3 {
            assert!(all.as_mut().poll(&mut cx).is_pending());
            assert_eq!(reading.answer.get_untracked(), Answer::Awaited);
            *asked.answer.borrow_mut() = Some(piece);
        }
        assert!(all.as_mut().poll(&mut cx).is_ready());
        assert_eq!(reading.value.get_untracked(), [1, 2, 3]);
        assert_eq!(reading.answer.get_untracked(), Answer::Here);
    }

    #[test]
    fn what_takes_long_is_asked_less_often() {
        assert_eq!(due(1_000.0, 1_010.0), 1_040.0);
        assert_eq!(due(1_000.0, 100_000.0), 100_000.0 + LONGEST_REST);
        assert_eq!(due(1_000.0, 400.0), 400.0, "the clock went back");
    }

    #[test]
    fn what_changes_after_the_answer_is_asked_for_anew() {
        let owner = Owner::new();
        owner.set();
        let reading = Reading::new(0);
        let asked = Asked::default();
        let mut cx = Context::from_waker(Waker::noop());
        for turn in 1..=2 {
            *asked.answer.borrow_mut() = Some(turn);
            let done = pin!(reading.keep_up(|| asked.clone().ask())).poll(&mut cx);
            assert!(done.is_ready());
        }
        assert_eq!(
            (*asked.questions.borrow(), reading.value.get_untracked()),
            (2, 2)
        );
    }
}
