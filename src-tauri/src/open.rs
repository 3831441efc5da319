//! One open data folder: nobody else can use it while it is open, and its loops run until it ends.

use parley_engine::{Init, Lock, Parley};
use parley_wire::Failure;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the loops may take to end. What they were doing is safe at every moment; the time only
/// lets an answer that is under way be kept.
const GRACE: Duration = Duration::from_secs(3);

/// An open data folder.
pub(crate) struct Open {
    parley: Parley,
    folder: PathBuf,
    stop: CancellationToken,
    tasks: TaskTracker,
    _lock: Lock,
}

impl Open {
    /// Opens a folder and takes the right to send and receive for it. One that nothing was ever kept
    /// in is set up in this way first.
    ///
    /// # Errors
    /// Why it cannot be opened, or who has it.
    pub(crate) fn new(folder: &Path, first: &Init) -> Result<Self, Failure> {
        if Parley::needs_init(folder)? {
            Parley::init(folder, first)?;
        }
        let (parley, lock) = Parley::open_to_run(folder, "the window")?;
        Ok(Self {
            parley,
            folder: folder.to_owned(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            _lock: lock,
        })
    }

    /// The engine.
    pub(crate) fn parley(&self) -> Parley {
        self.parley.clone()
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts both loops.
    pub(crate) fn begin(&self) {
        let (loops, stop) = (self.parley.clone(), self.stop.clone());
        let run = self
            .tasks
            .track_future(async move { loops.run(stop).await });
        tauri::async_runtime::spawn(run);
    }

    /// Tells the loops to stop. What is given back ends with them.
    pub(crate) fn stop(&self) -> TaskTracker {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.clone()
    }
}

/// Waits for the end of loops that were told to stop, for [`GRACE`] at most.
pub(crate) async fn ended(tasks: TaskTracker) {
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("a loop did not end in time; what it had saved is safe");
    }
}
