//! The handle that every use case hangs on: the open store, the account, and what the loops know.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::U256;
use parley_chain::Account;
use parley_core::network::{NetworkKind, Preset, preset};
use parley_store::{FolderLock, Profile, Secrets, Store, StoreError};
use parley_wire::{Changed, Failure, Link, OfflineReason, View};
use tokio::sync::{Notify, broadcast};

use crate::board::Board;
use crate::failure;

/// An open data folder. Clones share it.
#[derive(Clone)]
pub struct Parley {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    dir: PathBuf,
    store: Mutex<Store>,
    pub(crate) account: Account,
    pub(crate) profile: Profile,
    pub(crate) kind: NetworkKind,
    pub(crate) preset: Option<&'static Preset>,
    board: Mutex<Board>,
    seen: Mutex<Seen>,
    changes: broadcast::Sender<Changed>,
    pub(crate) wake: Notify,
}

/// What the loops last saw of the world; it is not stored, because it is only true while it is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) link: Link,
    pub(crate) head: Option<u64>,
    pub(crate) balance: Option<U256>,
    pub(crate) short_of_funds: bool,
    /// The account was used on another device, and that is not final yet.
    pub(crate) used_elsewhere: bool,
}

/// The right to send and receive for a data folder; another program has to wait until it is dropped.
pub struct Lock {
    /// Held, not read.
    _folder: FolderLock,
}

impl Parley {
    /// Opens a data folder that was set up before.
    ///
    /// # Errors
    /// In words: the folder is not set up, made by a newer version, damaged, or cannot be read.
    pub fn open(dir: &Path) -> Result<Self, Failure> {
        if !dir.join("secrets").exists() {
            return Err(failure::bad_input(
                "This data folder is not set up yet. Run \"parleyctl init --network local\" with \
                 the same --data first.",
            ));
        }
        let secrets =
            Secrets::load(dir).map_err(|error| failure::other(failure::sentence(&error)))?;
        let store = Store::open(dir, secrets.database_key()).map_err(failure::open)?;
        let profile = store.profile().map_err(failure::store)?;
        let account = Account::from_secret(*secrets.account())
            .map_err(|error| failure::other(failure::sentence(&error)))?;
        let kind = NetworkKind::from_word(&profile.kind).ok_or_else(|| {
            failure::other("The kind of this network is unknown to this version.")
        })?;
        let preset = preset(&profile.network);
        let seen = Mutex::new(Seen::nothing());
        let inner = Inner {
            dir: dir.to_owned(),
            store: Mutex::new(store),
            account,
            board: Mutex::new(Board::new(profile.address, kind.tests())),
            profile,
            kind,
            preset,
            seen,
            changes: broadcast::channel(64).0,
            wake: Notify::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Takes the right to send and receive for this folder.
    ///
    /// # Errors
    /// Another program has it; the words say which.
    pub fn lock(&self, holder: &str) -> Result<Lock, Failure> {
        FolderLock::take(&self.inner.dir, holder)
            .map(|folder| Lock { _folder: folder })
            .map_err(|locked| {
                failure::not_now(format!(
                    "This data folder is in use by {}. Nothing was changed. Close that program, or \
                 let it do the sending and receiving.",
                    locked.by
                ))
            })
    }

    /// Tells what changed, from now on.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.inner.changes.subscribe()
    }

    /// The part of the map that was last looked at.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn view(&self) -> Result<Option<View>, Failure> {
        let text = self.with_store(|store| store.setting("view")).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps the part of the map that is looked at.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn save_view(&self, view: View) -> Result<(), Failure> {
        let text = serde_json::to_string(&view)
            .map_err(|_| failure::bad_input("This part of the map cannot be kept."))?;
        self.with_store(move |store| store.set("view", &text)).await
    }

    /// Runs one piece of work on the store, off the async threads: a commit waits for the disk.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.with_store_as(failure::store, work).await
    }

    /// As [`Self::with_store`], for work that fails in its own way.
    pub(crate) async fn with_store_as<T: Send + 'static, E: Send + 'static>(
        &self,
        words: fn(E) -> Failure,
        work: impl FnOnce(&mut Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure> {
        let inner = Arc::clone(&self.inner);
        let job = tokio::task::spawn_blocking(move || {
            let mut store = inner.store.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut store)
        });
        match job.await {
            Ok(result) => result.map_err(words),
            Err(_) => Err(failure::other(
                "A piece of work broke off. Nothing half-done was kept.",
            )),
        }
    }

    /// Looks at what stands, in step with the store.
    pub(crate) async fn with_board<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Board) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let inner = Arc::clone(&self.inner);
        self.with_store(move |store| {
            let mut board = inner.board.lock().unwrap_or_else(PoisonError::into_inner);
            board.follow(store)?;
            Ok(look(&board))
        })
        .await
    }

    pub(crate) fn seen(&self) -> Seen {
        *self
            .inner
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known of the world, and says so where it matters.
    pub(crate) fn see(&self, change: impl FnOnce(&mut Seen)) {
        let (before, after) = {
            let mut seen = self
                .inner
                .seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let before = *seen;
            change(&mut seen);
            (before, *seen)
        };
        if before != after {
            self.say(Changed::Status);
        }
        let held_back = |seen: &Seen| (seen.link, seen.short_of_funds, seen.used_elsewhere);
        if held_back(&before) != held_back(&after) {
            self.say(Changed::Outbox);
        }
    }

    /// Nobody listening is not an error: the next one to look reads everything.
    pub(crate) fn say(&self, changed: Changed) {
        let _ = self.inner.changes.send(changed);
    }
}

impl Seen {
    fn nothing() -> Self {
        let link = Link::Offline {
            reason: OfflineReason::NotTried,
        };
        Self {
            link,
            head: None,
            balance: None,
            short_of_funds: false,
            used_elsewhere: false,
        }
    }
}
