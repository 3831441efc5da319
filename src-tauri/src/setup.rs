//! Wires the app at its start and lets it go at its end: data folder, engine loops, window.

use crate::navigation::is_own;
use crate::{news, tiles};
use parley_engine::{Init, Lock, Parley};
use parley_wire::{Code, Failure};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tauri::{AppHandle, Manager, WebviewWindowBuilder};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The label of the only window.
const WINDOW: &str = "main";

/// How long the loops may take to end when the window is closed. What they were doing is safe at
/// every moment; the time only lets an answer that is under way be kept.
const GRACE: Duration = Duration::from_secs(3);

/// What the commands work on: the open data folder, or why it could not be opened.
pub(crate) struct App {
    open: Result<Open, Failure>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// An open data folder. Nobody else can use it while the lock lives.
struct Open {
    parley: Parley,
    _lock: Lock,
}

impl App {
    /// The engine.
    ///
    /// # Errors
    /// Why the data folder could not be opened; every command then tells it to the page.
    pub(crate) fn parley(&self) -> Result<&Parley, Failure> {
        self.open
            .as_ref()
            .map(|open| &open.parley)
            .map_err(Clone::clone)
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
    let state = App {
        open: open(app),
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    if let Ok(parley) = state.parley() {
        let (loops, stop) = (parley.clone(), state.stop.clone());
        let run = state
            .tasks
            .track_future(async move { loops.run(stop).await });
        tauri::async_runtime::spawn(run);
        let news = news::forward(app.handle().clone(), WINDOW, parley.changes());
        tauri::async_runtime::spawn(news);
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

fn open(app: &tauri::App) -> Result<Open, Failure> {
    let folder = folder(app)?;
    if is_new(&folder) {
        Parley::init(&folder, &first_network())?;
    }
    let parley = Parley::open(&folder)?;
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

/// Whether nothing was ever kept in a folder. One with anything in it is left to the engine, which
/// opens it or says why not; nothing is made over it.
fn is_new(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_without_anything_in_it_is_set_up() {
        let place = tempfile::tempdir().unwrap();
        assert!(is_new(place.path()));
        assert!(is_new(&place.path().join("not made yet")));
        std::fs::write(place.path().join("anything"), "").unwrap();
        assert!(!is_new(place.path()));
    }
}
