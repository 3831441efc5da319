//! What the window knows and shows: the last answers of the engine, the open panel, the form.
//! Everything here can be read again after a restart, except what is being typed.

mod network;
mod outbox;
mod reading;

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire as wire;
use wire::{Changed, Failure};

pub(crate) use self::network::Change;
#[cfg(test)]
pub(crate) use self::outbox::tests;
pub(crate) use self::reading::{Answer, Reading, Taken};
use crate::form::{Form, Sign};
use crate::i18n::Locale;
use crate::pins::{self, Pin};
use crate::place::Place;
use crate::signals::{Signals, Told};
use crate::sites::{Site, Viewer};
use crate::{api, browser, draft, protocol, words};

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
    /// How the network is reached, and what is received from it.
    Network,
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
    /// Another network is open.
    Opened,
    /// A request was refused, with the engine's sentences.
    Failed(Failure),
}

/// Shared by all screens.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// Where the device stands; `None` before the first answer.
    pub(crate) status: Reading<Option<wire::Status>>,
    /// Own messages, as many as are shown; read while somebody looks at them.
    pub(crate) outbox: Reading<wire::OutboxPage>,
    /// Signals.
    pub(crate) signals: Reading<Signals>,
    /// How the network is reached; read while somebody looks at it.
    pub(crate) network: Reading<Option<wire::NetworkView>>,
    /// The networks that can be opened; read while somebody looks at them.
    pub(crate) networks: Reading<Vec<wire::NetworkChoice>>,
    /// When they may be read again, milliseconds since 1970 UTC.
    signals_due: StoredValue<f64>,
    /// How many own messages are shown.
    outbox_size: StoredValue<usize>,
    /// The hashes of own messages that were looked at before they had one.
    names: RwSignal<HashMap<String, String>>,
    /// Seconds since 1970 UTC, every ten seconds anew.
    pub(crate) now: RwSignal<u64>,
    /// The open panel.
    pub(crate) panel: RwSignal<Panel>,
    /// What is being written.
    pub(crate) form: RwSignal<Form>,
    /// Whether a message is being saved: until it is, nothing closes.
    pub(crate) busy: RwSignal<bool>,
    /// What is said in passing.
    pub(crate) notice: RwSignal<Notice>,
    /// Where the map should go, and how near.
    pub(crate) fly_to: RwSignal<Option<(Place, f64)>>,
    /// Whether the map cannot be drawn here.
    pub(crate) without_map: RwSignal<bool>,
}

impl Session {
    /// An empty session that begins to fill itself.
    pub(crate) fn start() -> Self {
        let session = Self {
            status: Reading::new(None),
            outbox: Reading::new(wire::OutboxPage::default()),
            signals: Reading::new(Signals::new(nobody(), Locale::default())),
            network: Reading::new(None),
            networks: Reading::new(Vec::new()),
            signals_due: StoredValue::new(0.0),
            outbox_size: StoredValue::new(0),
            names: RwSignal::new(HashMap::new()),
            now: RwSignal::new(browser::now()),
            panel: RwSignal::new(Panel::Closed),
            form: RwSignal::new(Form::default()),
            busy: RwSignal::new(false),
            notice: RwSignal::new(Notice::None),
            fly_to: RwSignal::new(None),
            without_map: RwSignal::new(false),
        };
        session.tick();
        spawn_local(async move {
            // Listen first: what changes while the first answers are on their way is read again.
            session.tell(api::listen(move |changed| session.read(changed)).await);
            session.read_all();
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

    /// Reads everything again after it did not work.
    pub(crate) fn try_again(self) {
        self.notice.set(Notice::None);
        self.read_all();
    }

    fn read_all(self) {
        for part in [
            Changed::Status,
            Changed::Outbox,
            Changed::Signals,
            Changed::Network,
        ] {
            self.read(part);
        }
    }

    fn read(self, changed: Changed) {
        spawn_local(async move {
            let answer = match changed {
                Changed::Status => self.read_status().await,
                Changed::Outbox => self.read_own().await,
                Changed::Signals => {
                    let again = || self.signals_again();
                    self.signals.keep_up_with(again, Signals::take).await
                }
                Changed::Network => self.read_network().await,
            };
            self.now.set(browser::now());
            self.tell(answer);
        });
    }

    /// Reads what changed among the signals, after a rest where that takes long. The rest of an answer
    /// is read at once.
    async fn signals_again(self) -> Result<wire::SignalsSince<Told>, Failure> {
        let (token, halfway) = self
            .signals
            .value
            .with_untracked(|signals| (signals.token(), signals.is_halfway()));
        if !halfway {
            browser::rest_until(self.signals_due.get_value()).await;
        }
        let begun = browser::milliseconds();
        let signals = api::signals_since(token).await;
        if signals.is_err() {
            self.signals.value.maybe_update(Signals::cut_short);
        }
        let due = reading::due(begun, browser::milliseconds());
        self.signals_due.set_value(due);
        // Asked for later, so that a name that is new among the signals is known here.
        self.follow_name().await?;
        signals
    }

    /// Shows the signals in this language from now on, as they are seen now.
    pub(crate) fn look(self, viewer: &Viewer, locale: Locale) {
        let signals = self.signals.value;
        signals.maybe_update(|signals| signals.look(viewer, locale));
    }

    async fn read_status(self) -> Result<(), Failure> {
        let status = || async { api::status().await.map(Some) };
        self.status.keep_up(status).await
    }

    /// What is shown of own messages, wherever that is: in the list, in the details, as a number.
    async fn read_own(self) -> Result<(), Failure> {
        self.follow_name().await?;
        self.read_outbox().await?;
        self.read_status().await
    }

    fn tell(self, answer: Result<(), Failure>) {
        if let Err(failure) = answer {
            self.notice.set(Notice::Failed(failure));
        }
    }

    /// What the network of this window may be used for; before it is known, the strictest.
    pub(crate) fn kind(self) -> wire::NetworkKind {
        self.status.value.with(|status| {
            status
                .as_ref()
                .map_or(wire::NetworkKind::Main, |status| status.network.kind)
        })
    }

    /// Who looks, to the end of the minute: what is shown need not be thought through more often,
    /// and what begins now is valid now.
    pub(crate) fn viewer(self) -> Memo<Viewer> {
        Memo::new(move |_| self.viewer_now())
    }

    fn viewer_now(self) -> Viewer {
        let address = |status: &wire::Status| status.address.clone();
        Viewer {
            kind: self.kind(),
            now: self.now.get() / 60 * 60 + 59,
            address: self
                .status
                .value
                .with(|status| status.as_ref().map(address).unwrap_or_default()),
        }
    }

    /// The signal and site that a hash stands for, also where an own message has got another hash
    /// since.
    pub(crate) fn find(self, hash: &str, viewer: &Viewer) -> Option<(wire::Signal, Site)> {
        let newest = self.newest_hash(hash);
        self.signals.value.with(|signals| {
            // The signals may be read a little later than the name.
            let found = signals.find(&newest, viewer);
            found.or_else(|| signals.find(hash, viewer))
        })
    }

    /// The transaction hash of an own message that was named by its number before it had one.
    pub(crate) fn newest_hash(self, hash: &str) -> String {
        let newest = self.names.with(|names| names.get(hash).cloned());
        newest.unwrap_or_else(|| hash.to_owned())
    }

    /// Begins a new message, or goes on with the one that was begun and not finished.
    pub(crate) fn begin(self, place: Option<Place>) {
        if !self.form.with_untracked(Form::is_begun) {
            return self.compose(Form::at(place));
        }
        if place.is_some() {
            self.form.update(|form| form.place = place);
        }
        self.notice.set(Notice::None);
        self.panel.set(Panel::Compose);
    }

    /// Begins with a form.
    pub(crate) fn compose(self, form: Form) {
        self.notice.set(Notice::None);
        self.form.set(form);
        self.panel.set(Panel::Compose);
    }

    /// Begins an answer, or goes on with the one of the same kind that was not finished.
    pub(crate) fn answer(self, form: Form) {
        let same = self.form.with_untracked(|begun| {
            begun.editing.is_none() && begun.refers == form.refers && begun.code() == form.code()
        });
        if !same {
            self.form.set(form);
        }
        self.notice.set(Notice::None);
        self.panel.set(Panel::Compose);
    }

    /// Shows a form that needs no more writing for review.
    pub(crate) fn review(self, form: Form) {
        self.notice.set(Notice::None);
        self.form.set(form);
        self.panel.set(Panel::Review);
    }

    /// Closes the panel, unless a message is being saved.
    pub(crate) fn close(self) {
        if !self.busy.get_untracked() {
            self.panel.set(Panel::Closed);
        }
    }

    /// Opens a panel, unless a message is being saved.
    pub(crate) fn open(self, panel: Panel) {
        if !self.busy.get_untracked() {
            self.panel.set(panel);
        }
    }

    /// Shows one signal and brings the map to it.
    pub(crate) fn show(self, hash: String) {
        let found = untrack(|| self.find(&hash, &self.viewer_now()));
        if let Some((_, site)) = found
            && let Some(place) = site.place()
        {
            let reach = protocol::reach(&site.message);
            self.fly_to.set(Some((place, place.zoom(reach))));
        }
        self.open(Panel::Detail(hash));
    }

    /// Brings the map to what is being written, so near that all of it is seen.
    pub(crate) fn look_at_form(self) {
        let target = self.form.with_untracked(|form| {
            let place = form
                .place
                .filter(|_| !form.without_position && !form.is_note())?;
            Some((place, place.zoom(form.reach())))
        });
        if target.is_some() {
            self.fly_to.set(target);
        }
    }

    /// Takes a place that was chosen on the map: for the message that is being written, or for a new
    /// one. What repeats another message keeps that one's place.
    pub(crate) fn placed(self, place: Place) {
        let fixed = self.form.with_untracked(|form| form.repeats.is_some());
        match self.panel.get_untracked() {
            Panel::Compose => self.form.update(|form| form.place = Some(place)),
            Panel::Review if fixed || self.busy.get_untracked() => {}
            Panel::Review => {
                self.form.update(|form| form.place = Some(place));
                self.panel.set(Panel::Compose);
            }
            Panel::Closed
            | Panel::Outbox
            | Panel::Detail(_)
            | Panel::List
            | Panel::About
            | Panel::Network => self.begin(Some(place)),
        }
    }

    /// Takes a signal that was touched on the map, or that none was. While a message is being
    /// written a touch that misses must not take it away.
    pub(crate) fn touched(self, hash: Option<String>) {
        match (self.panel.get_untracked(), hash) {
            (Panel::Compose | Panel::Review, _) => {}
            (_, Some(hash)) => self.panel.set(Panel::Detail(hash)),
            (Panel::Detail(_), None) => self.panel.set(Panel::Closed),
            (Panel::Closed | Panel::Outbox | Panel::List | Panel::About | Panel::Network, None) => {
            }
        }
    }

    /// Queues or saves the reviewed message; the panel closes only once it is durable.
    pub(crate) fn confirm(self, message: serde_json::Value) {
        if self.busy.get_untracked() {
            return;
        }
        let editing = self.form.with_untracked(|form| form.editing);
        self.busy.set(true);
        self.notice.set(Notice::None);
        spawn_local(async move {
            let draft = wire::Draft { message };
            let answer = match editing {
                Some(id) => api::edit(id, &draft).await.map(|()| Notice::Saved),
                None => api::queue(&draft).await.map(|_| Notice::Queued),
            };
            self.busy.set(false);
            match answer {
                Ok(notice) => {
                    self.panel.set(Panel::Outbox);
                    self.form.set(Form::default());
                    self.notice.set(notice);
                    self.read_all();
                }
                Err(failure) => self.notice.set(Notice::Failed(failure)),
            }
        });
    }

    /// The person has read that a damaged data file was set aside.
    pub(crate) fn read_mended(self) {
        spawn_local(async move {
            self.tell(api::acknowledge_mended().await);
            self.read(Changed::Status);
        });
    }

    /// Withdraws an own message, with those that refer to it.
    pub(crate) fn delete(self, id: u64, with_dependents: bool) {
        spawn_local(async move {
            let answer = api::delete(id, with_dependents).await;
            self.notice
                .set(answer.map_or_else(Notice::Failed, |()| Notice::Deleted));
            self.read_all();
        });
    }

    /// Does what a person decided about an own message.
    pub(crate) fn decide(self, id: u64, action: wire::Action) {
        self.notice.set(Notice::None);
        spawn_local(async move {
            self.tell(api::decide(id, action).await);
            self.read_all();
        });
    }

    /// The pin of what is being written, while it is.
    pub(crate) fn preview(self, locale: Locale) -> Option<Pin> {
        if !matches!(self.panel.get(), Panel::Compose | Panel::Review) {
            return None;
        }
        self.form.with(|form| {
            let place = form
                .place
                .filter(|_| !form.without_position && !form.is_note())?;
            let (label, sign) = match &form.sign {
                Some(sign) => (words::sign(locale, sign), sign.clone()),
                None => (
                    String::new(),
                    Sign {
                        code: 'D',
                        subject: "00".to_owned(),
                    },
                ),
            };
            let message = draft::message(form, 0).ok();
            Some(pins::preview(&sign, place, message.as_ref(), label))
        })
    }
}

/// Who looks before anybody does.
fn nobody() -> Viewer {
    Viewer {
        kind: wire::NetworkKind::Main,
        now: 0,
        address: String::new(),
    }
}
