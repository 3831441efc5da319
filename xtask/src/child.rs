//! Programs that stay while a task runs. Each is stopped, with everything it
//! started itself, when its guard goes or the person presses Ctrl-C; by
//! process group, never by name.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::clock::Stopwatch;

/// How long a program may take to stop by itself, to write its files.
const GRACE: Duration = Duration::from_secs(10);
/// How often a waiting loop looks again.
pub(crate) const LOOK: Duration = Duration::from_millis(50);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C, SIGTERM and SIGHUP end the task in order instead of at
/// once, so that the guards run.
pub(crate) fn catch_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .context("could not listen for Ctrl-C")
}

/// Fails if the person asked to stop.
pub(crate) fn check_interrupted() -> Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        bail!("stopped on request");
    }
    Ok(())
}

/// A running program in a process group of its own.
pub(crate) struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts it. `name` is for messages.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        Ok(Self { name, child })
    }

    /// The program itself, for its pipes and its id.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Fails if it has ended already.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended: {status}", self.name),
            None => Ok(()),
        }
    }

    /// Waits until it ends by itself, or the person asks to stop.
    pub(crate) fn wait(&mut self) -> Result<Option<ExitStatus>> {
        while check_interrupted().is_ok() {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            std::thread::sleep(LOOK);
        }
        Ok(None)
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // An error means that the group is gone, which is what was wanted.
        let _ = group.map(|group| kill_process_group(group, signal));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Also when the program itself has ended: what it started may not have.
        self.signal(Signal::TERM);
        let watch = Stopwatch::start();
        while matches!(self.child.try_wait(), Ok(None)) && watch.elapsed() < GRACE {
            std::thread::sleep(LOOK);
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

/// A port of this machine that nothing listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// True if nothing listens on this port of this machine.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
