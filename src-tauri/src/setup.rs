//! Wires the app at its start and lets it go at its end: data folder, engine loops, window.

use crate::navigation::is_own;
use crate::{news, tiles};
use parley_engine::{Init, Lock, Parley};
use parley_wire::{Code, Failure};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager, WebviewWindowBuilder};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The label of the only window.
const WINDOW: &str = "main";

/// How long the loops may take to end when the window is closed. What they were doing is safe at
/// every moment; the time only lets an answer that is under way be kept.
const GRACE: Duration = Duration::from_secs(3);

/// What the commands work on: the data folder, once it could be opened.
pub(crate) struct App {
    handle: AppHandle,
    folder: Result<PathBuf, Failure>,
    open: Mutex<Option<Open>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// An open data folder. Nobody else can use it while the lock lives.
struct Open {
    parley: Parley,
    _lock: Lock,
}

impl App {
    fn new(app: &tauri::App) -> Self {
        Self {
            handle: app.handle().clone(),
            folder: folder(app),
            open: Mutex::new(None),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    /// The engine. Where the folder could not be opened before, it is tried again: the program that
    /// had it may have ended.
    ///
    /// # Errors
    /// Why the data folder cannot be opened; every command then tells it to the page.
    pub(crate) fn parley(&self) -> Result<Parley, Failure> {
        let mut held = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = held.as_ref() {
            return Ok(open.parley.clone());
        }
        let open = open(self.folder.as_deref().map_err(Clone::clone)?)?;
        let parley = open.parley.clone();
        *held = Some(open);
        self.begin(&parley);
        Ok(parley)
    }

    /// Starts both loops, and the telling of what changed.
    fn begin(&self, parley: &Parley) {
        let (loops, stop) = (parley.clone(), self.stop.clone());
        let run = self
            .tasks
            .track_future(async move { loops.run(stop).await });
        tauri::async_runtime::spawn(run);
        let news = news::forward(self.handle.clone(), WINDOW, parley.changes());
        tauri::async_runtime::spawn(news);
    }
}

/// Writes the log to standard error, at the level that `RUST_LOG` asks for, else from warnings up.
pub(crate) fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// Opens the data folder, starts the loops and shows the window.
///
/// # Errors
/// The basemap in the program is broken, or the window cannot be made.
pub(crate) fn wire(app: &mut tauri::App) -> Result<(), Box<dyn std::error::Error>> {
    tiles::manage(app)?;
    let state = App::new(app);
    if let Err(failure) = state.parley() {
        // The page asks again, and tells the person.
        tracing::warn!(%failure, "the data folder could not be opened");
    }
    app.manage(state);
    show(app)
}

/// Stops the loops and waits for their end, for [`GRACE`] at most.
pub(crate) fn shut_down(app: &AppHandle) {
    let Some(state) = app.try_state::<App>() else {
        return;
    };
    state.stop.cancel();
    state.tasks.close();
    let ended = async { tokio::time::timeout(GRACE, state.tasks.wait()).await };
    if tauri::async_runtime::block_on(ended).is_err() {
        tracing::warn!("a loop did not end in time; what it had saved is safe");
    }
}

fn open(folder: &Path) -> Result<Open, Failure> {
    if Parley::needs_init(folder)? {
        Parley::init(folder, &first_network())?;
    }
    let parley = Parley::open(folder)?;
    let lock = parley.lock("the window")?;
    Ok(Open {
        parley,
        _lock: lock,
    })
}

/// Where everything of this device lies: `PARLEY_DATA`, else the platform's data folder.
fn folder(app: &tauri::App) -> Result<PathBuf, Failure> {
    if let Some(named) = std::env::var_os("PARLEY_DATA") {
        return Ok(PathBuf::from(named));
    }
    platform_folder(app).ok_or_else(|| Failure {
        code: Code::Other,
        message: "This system names no folder for the data of programs. Nothing was opened. \
                  Name one in the variable PARLEY_DATA and start Parley again."
            .to_owned(),
    })
}

/// The folder that `parleyctl` uses too.
#[cfg(desktop)]
fn platform_folder(_: &tauri::App) -> Option<PathBuf> {
    let platform = directories::ProjectDirs::from("org", "Parley", "Parley")?;
    Some(platform.data_dir().to_owned())
}

/// The app's own, which the system lets no other app read.
#[cfg(mobile)]
fn platform_folder(app: &tauri::App) -> Option<PathBuf> {
    app.path().app_data_dir().ok()
}

/// What a device that was never set up gets: the exercise network on its own port, where nothing
/// can do harm.
fn first_network() -> Init {
    Init {
        network: "local".to_owned(),
        rpc: vec!["http://127.0.0.1:8545".to_owned()],
        name: String::new(),
    }
}

/// Makes the window of `tauri.conf.json`, which can go nowhere and open nothing.
fn show(app: &tauri::App) -> Result<(), Box<dyn std::error::Error>> {
    let windows = &app.config().app.windows;
    let config = windows.iter().find(|window| window.label == WINDOW);
    let config = config.ok_or("the configuration has no main window")?;
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_own)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .build()?;
    Ok(())
}
