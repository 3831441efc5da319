//! Programs that stay while something runs. Each is stopped, with everything it started itself,
//! when its guard goes; by process group, never by name.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::clock::Stopwatch;

/// How long a program may take to stop by itself, to write its files.
const GRACE: Duration = Duration::from_secs(10);
/// How often a waiting loop looks again.
pub const LOOK: Duration = Duration::from_millis(20);

/// A running program in a process group of its own.
pub struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts it. `name` is for messages.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        Ok(Self { name, child })
    }

    /// The program itself, for its pipes and its id.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Fails if it has ended already.
    ///
    /// # Errors
    /// It has.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended: {status}", self.name),
            None => Ok(()),
        }
    }

    /// Waits until it ends by itself, or `stop` says so: then `None`.
    ///
    /// # Errors
    /// The system does not say how it is.
    pub fn wait(&mut self, stop: impl Fn() -> bool) -> Result<Option<ExitStatus>> {
        while !stop() {
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

/// Kills one process at once, as the system does when memory runs out, and waits until it is gone.
///
/// # Errors
/// There is no such process, or it does not go.
pub fn kill_at_once(number: u32) -> Result<()> {
    let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
    kill_process(pid.context("no number of a process")?, Signal::KILL)?;
    let watch = Stopwatch::start();
    while is_alive(number) {
        if watch.elapsed() > GRACE {
            bail!("process {number} does not go");
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Whether a process runs; one that ended and was not asked for does not.
fn is_alive(number: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// A port of this machine that nothing listens on.
///
/// # Errors
/// There is none.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Whether nothing listens on this port of this machine.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
