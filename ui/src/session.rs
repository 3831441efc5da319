//! What the window knows and shows: the last answers of the engine, the open panel, the form.
//! Everything here can be read again after a restart, except what is being typed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire as wire;

use crate::form::Form;
use crate::i18n::Locale;
use crate::pins::{self, Pin};
use crate::place::Place;
use crate::{api, browser, draft, words};

/// The panel over the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// None.
    Closed,
    /// Writing a message.
    Compose,
    /// Looking at it once more before it is queued.
    Review,
    /// Own messages.
    Outbox,
    /// One signal, by its hash.
    Detail(String),
    /// All signals.
    List,
    /// What this is.
    About,
}

/// What is said to the person in passing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Nothing.
    None,
    /// A message is in the outbox.
    Queued,
    /// A change is saved.
    Saved,
    /// A message is withdrawn.
    Deleted,
    /// A request was refused, with the engine's sentences.
    Failed(String),
}

/// Shared by all screens.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// Where the device stands; `None` before the first answer.
    pub(crate) status: RwSignal<Option<wire::Status>>,
    /// Own messages.
    pub(crate) outbox: RwSignal<Vec<wire::OwnMessage>>,
    /// Signals.
    pub(crate) signals: RwSignal<Vec<wire::Signal>>,
    /// Seconds since 1970 UTC, every ten seconds anew.
    pub(crate) now: RwSignal<u64>,
    /// The open panel.
    pub(crate) panel: RwSignal<Panel>,
    /// What is being written.
    pub(crate) form: RwSignal<Form>,
    /// What is said in passing.
    pub(crate) notice: RwSignal<Notice>,
    /// Where the map should go.
    pub(crate) fly_to: RwSignal<Option<Place>>,
    /// Whether the map cannot be drawn here.
    pub(crate) without_map: RwSignal<bool>,
}

impl Session {
    /// An empty session that begins to fill itself.
    pub(crate) fn start() -> Self {
        let session = Self {
            status: RwSignal::new(None),
            outbox: RwSignal::new(Vec::new()),
            signals: RwSignal::new(Vec::new()),
            now: RwSignal::new(browser::now()),
            panel: RwSignal::new(Panel::Closed),
            form: RwSignal::new(Form::default()),
            notice: RwSignal::new(Notice::None),
            fly_to: RwSignal::new(None),
            without_map: RwSignal::new(false),
        };
        session.tick();
        spawn_local(async move {
            // Listen first: what changes while the first answers are on their way is read again.
            session.tell(api::listen(move |changed| session.read(changed)).await);
            for part in [wire::Changed::Status, wire::Changed::Outbox, wire::Changed::Signals] {
                session.read(part);
            }
        });
        session
    }

    /// The session of this window.
    pub(crate) fn current() -> Self {
        // `App` provides it before it draws any screen.
        use_context().unwrap_or_else(Self::start)
    }

    fn tick(self) {
        let timer = set_interval_with_handle(
            move || self.now.set(browser::now()),
            std::time::Duration::from_secs(10),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    }

    fn read(self, changed: wire::Changed) {
        spawn_local(async move {
            let answer = match changed {
                wire::Changed::Status => api::status().await.map(|new| self.status.set(Some(new))),
                wire::Changed::Outbox => api::outbox().await.map(|new| self.outbox.set(new)),
                wire::Changed::Signals => api::signals().await.map(|new| self.signals.set(new)),
            };
            self.now.set(browser::now());
            self.tell(answer);
        });
    }

    fn tell(self, answer: Result<(), wire::Failure>) {
        if let Err(failure) = answer {
            self.notice.set(Notice::Failed(failure.message));
        }
    }

    /// What the network of this window may be used for; before it is known, the strictest.
    pub(crate) fn kind(self) -> wire::NetworkKind {
        self.status.with(|status| {
            status.as_ref().map_or(wire::NetworkKind::Main, |status| status.network.kind)
        })
    }

    /// Begins a new message.
    pub(crate) fn compose(self, form: Form) {
        self.notice.set(Notice::None);
        self.form.set(form);
        self.panel.set(Panel::Compose);
    }

    /// Shows a form that needs no more writing for review.
    pub(crate) fn review(self, form: Form) {
        self.notice.set(Notice::None);
        self.form.set(form);
        self.panel.set(Panel::Review);
    }

    /// Shows one signal and brings the map to it.
    pub(crate) fn show(self, hash: String) {
        let place = self.signals.with_untracked(|signals| {
            let signal = signals.iter().find(|signal| signal.transaction_hash == hash)?;
            pins::place(&signal.message)
        });
        self.fly_to.set(place);
        self.panel.set(Panel::Detail(hash));
    }

    /// Queues or saves the reviewed message; the panel closes only once it is durable.
    pub(crate) fn confirm(self, message: serde_json::Value, busy: RwSignal<bool>) {
        let editing = self.form.with_untracked(|form| form.editing);
        busy.set(true);
        spawn_local(async move {
            let draft = wire::Draft { message };
            let answer = match editing {
                Some(id) => api::edit(id, &draft).await.map(|()| Notice::Saved),
                None => api::queue(&draft).await.map(|_| Notice::Queued),
            };
            busy.set(false);
            match answer {
                Ok(notice) => {
                    self.notice.set(notice);
                    self.panel.set(Panel::Outbox);
                    self.read(wire::Changed::Outbox);
                    self.read(wire::Changed::Signals);
                    self.read(wire::Changed::Status);
                }
                Err(failure) => self.notice.set(Notice::Failed(failure.message)),
            }
        });
    }

    /// Withdraws an own message, with those that refer to it.
    pub(crate) fn delete(self, id: u64, with_dependents: bool) {
        spawn_local(async move {
            let answer = api::delete(id, with_dependents).await;
            self.notice.set(answer.map_or_else(|f| Notice::Failed(f.message), |()| Notice::Deleted));
            self.read(wire::Changed::Outbox);
            self.read(wire::Changed::Signals);
            self.read(wire::Changed::Status);
        });
    }

    /// The pins of all signals that have a place.
    pub(crate) fn pins(self, locale: Locale) -> Vec<Pin> {
        let kind = self.kind();
        self.signals.with(|signals| {
            let label = |signal: &wire::Signal| words::message(locale, &signal.message);
            signals.iter().filter_map(|signal| pins::pin(signal, kind, label(signal))).collect()
        })
    }

    /// The pin of what is being written, while it is.
    pub(crate) fn preview(self, locale: Locale) -> Option<Pin> {
        if !matches!(self.panel.get(), Panel::Compose | Panel::Review) {
            return None;
        }
        self.form.with(|form| {
            let place = form.place.filter(|_| !form.without_position && !form.is_note())?;
            let (label, sign) = match &form.sign {
                Some(sign) => (words::sign(locale, sign), sign.clone()),
                None => (String::new(), crate::form::Sign { code: 'D', subject: "00".to_owned() }),
            };
            let message = draft::message(form, 0).ok();
            Some(pins::preview(&sign, place, message.as_ref(), label))
        })
    }
}
