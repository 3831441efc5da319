//! What the person does about the network: endpoints, followed accounts, what is received, and which
//! network is open.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_wire::{Changed, Failure, OutboxPage, Settings};

use super::{Notice, Panel, Session};
use crate::form::Form;
use crate::signals::Signals;
use crate::{api, browser};

/// Something that the person did about the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Another endpoint, after the others.
    Add(String),
    /// One endpoint less.
    Remove(String),
    /// The endpoints in this order.
    Order(Vec<String>),
    /// An endpoint that lied is used again.
    Pardon(String),
    /// An account to follow.
    Follow(String),
    /// An account to follow no longer.
    Unfollow(String),
    /// Other settings.
    Choose(Settings),
}

impl Change {
    async fn make(self) -> Result<(), Failure> {
        match self {
            Self::Add(url) => api::add_endpoint(&url).await,
            Self::Remove(url) => api::remove_endpoint(&url).await,
            Self::Order(urls) => api::order_endpoints(&urls).await,
            Self::Pardon(url) => api::pardon_endpoint(&url).await,
            Self::Follow(account) => api::follow(&account).await,
            Self::Unfollow(account) => api::unfollow(&account).await,
            Self::Choose(settings) => api::choose(&settings).await,
        }
    }
}

impl Session {
    /// Begins to read what the screen about the network shows.
    pub(crate) fn look_at_network(self) {
        self.read(Changed::Network);
        spawn_local(async move { self.tell(self.networks.read(api::networks()).await) });
    }

    /// Endpoints answer all the time, so it is only read while somebody looks.
    pub(super) async fn read_network(self) -> Result<(), Failure> {
        if self.panel.get_untracked() != Panel::Network {
            return Ok(());
        }
        let view = async { api::network().await.map(Some) };
        self.network.read(view).await
    }

    /// What was chosen about the network; `None` before it was read.
    pub(crate) fn settings(self) -> Option<Settings> {
        let settings = |view: &parley_wire::NetworkView| view.settings.clone();
        self.network.value.with(|view| view.as_ref().map(settings))
    }

    /// Makes a change and reads what it did.
    ///
    /// # Errors
    /// Why the engine refuses it.
    pub(crate) async fn change(self, change: Change) -> Result<(), Failure> {
        self.notice.set(Notice::None);
        let answer = change.make().await;
        self.tell(self.read_network().await);
        answer
    }

    /// Makes a change that has no field of its own where a refusal could be told. The focus stays
    /// where it is, also where what has it moves.
    pub(crate) fn do_change(self, change: Change) {
        let focused = browser::focused();
        spawn_local(async move {
            let answer = self.change(change).await;
            browser::focus_again(focused, "#panel-title");
            self.tell(answer);
        });
    }

    /// Changes one of the settings and leaves the others.
    pub(crate) fn set(self, change: impl FnOnce(&mut Settings)) {
        let Some(mut settings) = untrack(|| self.settings()) else {
            return;
        };
        change(&mut settings);
        self.do_change(Change::Choose(settings));
    }

    /// Opens another network. What was being written was for the present one and goes; until the
    /// other one is open, nothing can be confirmed.
    pub(crate) fn switch(self, name: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.notice.set(Notice::None);
        spawn_local(async move {
            let answer = api::switch_network(&name).await;
            if answer.is_ok() {
                self.forget();
                browser::focus("#panel-title");
            }
            self.busy.set(false);
            self.notice
                .set(answer.map_or_else(Notice::Failed, |()| Notice::Opened));
            self.read_all();
            self.look_at_network();
        });
    }

    /// Nothing of one network is shown as another's.
    fn forget(self) {
        self.form.set(Form::default());
        self.fly_to.set(None);
        self.status.forget(None);
        self.outbox.forget(OutboxPage::default());
        self.names.update(HashMap::clear);
        self.signals.forget_with(Signals::forget);
        self.network.forget(None);
        self.networks.forget(Vec::new());
    }
}
