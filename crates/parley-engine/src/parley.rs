//! The handle that every use case hangs on: the open store, the account, and what the loops know.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alloy_primitives::U256;
use parley_chain::Account;
use parley_core::endpoint::Lie;
use parley_core::fees::FeeQuote;
use parley_core::network::{NetworkKind, Preset, may_send, preset};
use parley_core::pace::Pace;
use parley_store::{FolderLock, Profile, Secrets, Store, StoreError};
use parley_wire::{Changed, Failure, Link, OfflineReason, Receive, Settings, View};
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;

use crate::board::Board;
use crate::failure;
use crate::outside::{Device, Outside};
use crate::pool::Pool;
use crate::receive::{Absent, Dispute, Rest, Search};
use crate::since::Told;

/// The most blocks in one request, and so in one commit.
const MOST_BLOCKS: u32 = 64;

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
    pub(crate) outside: Arc<dyn Outside>,
    board: Mutex<Board>,
    /// What the window has of the signals.
    pub(crate) told: Mutex<Told>,
    pool: Mutex<Pool>,
    pace: Mutex<Pace>,
    /// Blocks of this chain cannot be read whole by whatever endpoint gives them.
    unclear: AtomicBool,
    /// What could not be recomputed, and is asked for again.
    search: Mutex<Search>,
    /// Until when nobody is asked for opinions that nobody had.
    opinions: Mutex<Rest>,
    /// Missing blocks that nobody gave.
    absent: Mutex<Absent>,
    /// The endpoint that last counted what followed accounts sent.
    counted_by: Mutex<Option<String>>,
    /// Lies that the store was not told of so far.
    lies: Mutex<Vec<(String, Lie)>>,
    /// What the person chose, as read at the beginning of the round.
    chosen: Mutex<Settings>,
    seen: Mutex<Seen>,
    /// What pauses are counted from.
    started: Instant,
    changes: broadcast::Sender<Changed>,
    pub(crate) wake: Notify,
}

/// What the loops last saw of the world; it is not stored, because it is only true while it is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) link: Link,
    pub(crate) head: Option<u64>,
    /// The time of the newest block.
    pub(crate) head_time: Option<u64>,
    pub(crate) balance: Option<U256>,
    pub(crate) fees: Option<FeeQuote>,
    pub(crate) short_of_funds: bool,
    /// The account was used on another device, and that is not final yet.
    pub(crate) used_elsewhere: bool,
    /// When a message was last displaced by another device, seconds since 1970 UTC.
    pub(crate) displaced_at: Option<u64>,
    /// The account carries code (EIP-7702).
    pub(crate) has_code: bool,
    /// What is on the way offers less than blocks cost now, and may not offer more.
    pub(crate) held_by_price: bool,
    pub(crate) dispute: Dispute,
    /// The height of the newest block of which others said the same in this run.
    pub(crate) heard: Option<u64>,
}

/// The right to send and receive for a data folder; another program has to wait until it is dropped.
pub struct Lock {
    /// Held, not read.
    _folder: FolderLock,
}

impl Lock {
    pub(crate) fn of(folder: FolderLock) -> Self {
        Self { _folder: folder }
    }
}

impl Parley {
    /// Opens a data folder that was set up before, to look at it and to queue. Sending and receiving
    /// needs [`Parley::open_to_run`].
    ///
    /// # Errors
    /// In words: the folder is not set up, made by a newer version, damaged, or cannot be read.
    pub fn open(dir: &Path) -> Result<Self, Failure> {
        Self::open_in(dir, Arc::new(Device))
    }

    /// As [`Parley::open`], with time, chance and network from elsewhere.
    ///
    /// # Errors
    /// As [`Parley::open`].
    pub fn open_in(dir: &Path, outside: Arc<dyn Outside>) -> Result<Self, Failure> {
        let secrets = Self::secrets(dir)?;
        let store = Store::open(dir, secrets.database_key()).map_err(failure::open)?;
        let profile = store.profile().map_err(failure::store)?;
        let account = Account::from_secret(*secrets.account())
            .map_err(|error| failure::other(failure::sentence(&error)))?;
        let kind = NetworkKind::from_word(&profile.kind).ok_or_else(|| {
            failure::other("The kind of this network is unknown to this version.")
        })?;
        let preset = preset(&profile.network);
        let settings = crate::settings::read(&store).map_err(failure::store)?;
        let seen = Mutex::new(Seen::nothing());
        let inner = Inner {
            dir: dir.to_owned(),
            store: Mutex::new(store),
            account,
            board: Mutex::new(Board::new(profile.address, kind.tests())),
            told: Mutex::default(),
            outside,
            pool: Mutex::default(),
            pace: Mutex::new(Pace::new(MOST_BLOCKS)),
            unclear: AtomicBool::new(false),
            search: Mutex::default(),
            opinions: Mutex::default(),
            absent: Mutex::default(),
            counted_by: Mutex::default(),
            lies: Mutex::default(),
            chosen: Mutex::new(settings),
            started: Instant::now(),
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

    /// The secrets of a folder that was set up.
    pub(crate) fn secrets(dir: &Path) -> Result<Secrets, Failure> {
        if !dir.join("secrets").exists() {
            return Err(failure::bad_input(
                "This data folder is not set up yet. Run \"parleyctl init --network local\" with \
                 the same --data first.",
            ));
        }
        Secrets::load(dir).map_err(|error| failure::other(failure::sentence(&error)))
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
            Err(_) => Err(failure::broken_off()),
        }
    }

    /// Reads from the store at once: for what is asked before anything runs.
    pub(crate) fn read_store<T>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        read(&held(&self.inner.store)).map_err(failure::store)
    }

    /// Looks at what stands, in step with the store.
    pub(crate) async fn with_board<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Board) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let inner = Arc::clone(&self.inner);
        let job = tokio::task::spawn_blocking(move || {
            // The store is held only while it is read: to tell thousands of signals takes a while, in
            // which messages are saved and sent.
            let mut board = inner.board.lock().unwrap_or_else(PoisonError::into_inner);
            board.follow(&held(&inner.store))?;
            Ok(look(&board))
        });
        match job.await {
            Ok(result) => result.map_err(failure::store),
            Err(_) => Err(failure::broken_off()),
        }
    }

    /// Seconds since 1970 UTC, by the device's clock.
    pub(crate) fn now(&self) -> u64 {
        self.inner.outside.now()
    }

    /// Milliseconds since the start, which no change of the clock touches.
    pub(crate) fn ms(&self) -> u64 {
        u64::try_from(self.inner.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.inner.dir
    }

    pub(crate) fn seen(&self) -> Seen {
        *held(&self.inner.seen)
    }

    /// What the person chose, as it was at the beginning of the round.
    pub(crate) fn chosen(&self) -> Settings {
        held(&self.inner.chosen).clone()
    }

    pub(crate) fn choose_for_round(&self, settings: Settings) {
        *held(&self.inner.chosen) = settings;
    }

    /// Whether only the least is asked of endpoints.
    pub(crate) fn is_thrifty(&self) -> bool {
        self.chosen().receive == Receive::Nothing
    }

    /// Whether anything may leave on this network. Until the keys are protected, nothing does where
    /// signals count.
    pub(crate) fn may_send(&self) -> bool {
        may_send(self.inner.kind, self.inner.kind == NetworkKind::Test, false)
    }

    pub(crate) fn pool(&self) -> MutexGuard<'_, Pool> {
        held(&self.inner.pool)
    }

    pub(crate) fn lock_pace(&self) -> MutexGuard<'_, Pace> {
        held(&self.inner.pace)
    }

    pub(crate) fn nobody_reads_all(&self) -> bool {
        self.inner.unclear.load(Relaxed)
    }

    pub(crate) fn give_up_reading_all(&self) {
        self.inner.unclear.store(true, Relaxed);
    }

    /// Somebody gives blocks whole after all.
    pub(crate) fn read_all_again(&self) {
        self.inner.unclear.store(false, Relaxed);
    }

    pub(crate) fn search(&self) -> MutexGuard<'_, Search> {
        held(&self.inner.search)
    }

    pub(crate) fn opinions(&self) -> MutexGuard<'_, Rest> {
        held(&self.inner.opinions)
    }

    pub(crate) fn absent(&self) -> MutexGuard<'_, Absent> {
        held(&self.inner.absent)
    }

    /// There may be somebody else to ask: nothing has to wait because nobody could help.
    pub(crate) fn ask_anew(&self) {
        *self.search() = Search::default();
        *self.opinions() = Rest::default();
        *self.absent() = Absent::default();
    }

    /// Who last counted what followed accounts sent.
    pub(crate) fn counted_by(&self) -> MutexGuard<'_, Option<String>> {
        held(&self.inner.counted_by)
    }

    pub(crate) fn lies(&self) -> MutexGuard<'_, Vec<(String, Lie)>> {
        held(&self.inner.lies)
    }

    /// Changes what is known of the world, and says so where it matters.
    pub(crate) fn see(&self, change: impl FnOnce(&mut Seen)) {
        let (before, after) = {
            let mut seen = held(&self.inner.seen);
            let before = *seen;
            change(&mut seen);
            (before, *seen)
        };
        if before != after {
            self.say(Changed::Status);
        }
        let held_back = |seen: &Seen| {
            let account = (seen.short_of_funds, seen.used_elsewhere, seen.has_code);
            (seen.link, account, seen.held_by_price)
        };
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
            head_time: None,
            balance: None,
            fees: None,
            short_of_funds: false,
            used_elsewhere: false,
            displaced_at: None,
            has_code: false,
            held_by_price: false,
            dispute: Dispute::default(),
            heard: None,
        }
    }

    /// The endpoint contradicted final blocks when it was last looked at.
    pub(crate) fn is_contradicted(&self) -> bool {
        let reason = OfflineReason::Contradiction;
        self.link == Link::Offline { reason }
    }
}

/// A value that several threads use. One that panicked while it held it left it whole.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
