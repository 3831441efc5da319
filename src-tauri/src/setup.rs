//! Wires the app at its start and lets it go at its end: data folder, engine loops, window.

use crate::folders::Folders;
use crate::navigation::is_own;
use crate::open::{Open, ended};
use crate::{news, tiles};
use parley_engine::{Init, Parley};
use parley_wire::{Code, Failure, Network};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::{AppHandle, Manager, WebviewWindowBuilder};
use tokio::sync::OnceCell;

/// The label of the only window.
pub(crate) const WINDOW: &str = "main";

/// What the commands work on: the data folder, once it could be opened.
pub(crate) struct App {
    pub(crate) handle: AppHandle,
    folders: Result<Folders, Failure>,
    open: Mutex<Option<Open>>,
    /// Held while another network is opened: one after another.
    pub(crate) switching: tokio::sync::Mutex<()>,
    /// The network of the folder that was there first, once it was asked for.
    pub(crate) root_network: OnceCell<Network>,
}

impl App {
    fn new(app: &tauri::App) -> Self {
        Self {
            handle: app.handle().clone(),
            folders: folder(app).map(Folders::new),
            open: Mutex::new(None),
            switching: tokio::sync::Mutex::new(()),
            root_network: OnceCell::new(),
        }
    }

    /// The engine. Where the folder could not be opened before, it is tried again: the program that
    /// had it may have ended.
    ///
    /// # Errors
    /// Why the data folder cannot be opened; every command then tells it to the page.
    pub(crate) fn parley(&self) -> Result<Parley, Failure> {
        let mut held = self.open();
        if let Some(open) = held.as_ref() {
            return Ok(open.parley());
        }
        let open = Open::new(&self.folders()?.last(), &first_network())?;
        let parley = open.parley();
        self.begin(&open);
        *held = Some(open);
        Ok(parley)
    }

    /// Where the data of each network lies.
    ///
    /// # Errors
    /// The system names no folder for it.
    pub(crate) fn folders(&self) -> Result<&Folders, Failure> {
        self.folders.as_ref().map_err(Clone::clone)
    }

    /// Whether this folder is the open one.
    pub(crate) fn is_open(&self, folder: &Path) -> bool {
        self.open()
            .as_ref()
            .is_some_and(|open| open.folder() == folder)
    }

    /// Opens another folder in place of the one that is open, whose loops stop; gives that one back
    /// to be let go.
    pub(crate) fn replace(&self, opened: Open) -> Option<Open> {
        let mut held = self.open();
        if let Some(before) = held.as_ref() {
            before.stop();
        }
        self.begin(&opened);
        held.replace(opened)
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts both loops, and the telling of what changed.
    fn begin(&self, open: &Open) {
        open.begin();
        let changes = open.parley().changes();
        let news = news::forward(self.handle.clone(), WINDOW, changes);
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

/// Stops the loops and waits for their end, but not for long.
pub(crate) fn shut_down(app: &AppHandle) {
    let Some(state) = app.try_state::<App>() else {
        return;
    };
    let stopped = state.open().as_ref().map(Open::stop);
    if let Some(tasks) = stopped {
        tauri::async_runtime::block_on(ended(tasks));
    }
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
        custom: None,
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
